"""Records a store with the code of commit be4e8ea. Run in a checkout of it, with its environment:

PYTHONPATH=.:shared python record_be4e8ea.py | gzip -9 > be4e8ea.json.gz
"""

import json
import sys
from collections.abc import Callable
from typing import Any

from syndic.alerting.alerts import list_alerts, receive_findings
from syndic.alerting.store import load
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.errors import UnavailableError
from syndic.models import Evidence, EvidenceStatus, FindingsChanged, Severity
from syndic.records import put_evidence
from syndic.registry.deployments.controller import advance_deployments
from tests.edges.access import test_api_access as access
from tests.edges.deploying import DEPLOYMENT_WORLDS
from tests.edges.world import MODEL, NOW, WORLDS


class Dead:
    """A trail that does not answer."""

    def append(self, *_: object) -> None:
        raise UnavailableError("the store did not answer")


def dump(world: Any) -> list[Any]:
    kept = sorted(world.store._kept.items(), key=lambda pair: (pair[0].partition, pair[0].sort))
    return [
        [key.partition, key.sort, json.loads(one.body), [[at.partition, at.sort] for at in one.listings]]
        for key, one in kept
    ]


def left(call: Callable[[], object]) -> None:
    try:
        call()
    except UnavailableError:
        return
    raise AssertionError("it was told")


checked = WORLDS["checked"]()
access.filler(checked)

alerted = WORLDS["alerted"]()
record, _ = load(alerted.store, list_alerts(alerted.store).alerts[0].id)
other = record.latest.model_copy(update={"id": "finding-2", "subject": "sex", "severity": Severity.HIGH})
left(lambda: receive_findings(FindingsChanged(findings=(other,)), store=alerted.store, audit=Dead(), now=NOW))

judged = WORLDS["governed"]()
drift = Evidence(
    kind="drift.run", model_id=MODEL, status=EvidenceStatus.FAILING, summary="drift", source="r", sha256="0" * 64,
    produced_at=NOW,
)  # fmt: skip
put_evidence(judged.store, drift)
left(lambda: evaluate_model(MODEL, store=judged.store, audit=Dead(), bus=judged.bus, now=NOW))

watched = DEPLOYMENT_WORLDS["watched"]()
report = advance_deployments(
    store=watched.store, traffic=watched.traffic, metrics=watched.endpoint_metrics, audit=Dead(), bus=watched.bus,
    now=watched.moment,
)  # fmt: skip
assert report.unavailable, report

worlds = {"checked": checked, "alerted": alerted, "judged": judged, "watched": watched}
dumped = {name: dump(world) for name, world in worlds.items()}
json.dump(dumped, sys.stdout, separators=(",", ":"), sort_keys=True)
