"""Changes of a version at the same moment are all kept; a retired model is read, not changed; imports complete."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from syndic.errors import ConflictError
from syndic.models import ComplianceStatus, RiskDecision, RiskLevel
from syndic.ports import Key, Record
from syndic.registry.approvals.requests import choose_policy, decide, request_approval
from syndic.registry.models import Artefact, ModelVersion, Stage, TrainingData
from syndic.registry.promotion.promote import waive
from syndic.registry.sync.importer import ForeignVersion, import_models
from syndic.registry.versions.change_version import change_version, describe_version
from syndic.registry.versions.queries import get_version
from syndic.registry.versions.versions import add_version, change_status, decide_risk
from tests.unit.registry.case import NOW, Registry, vote


class Overtaken:
    """A store in which something else happens once, just after a version was read for changing."""

    def __init__(self, registry: Registry, meanwhile: Callable[[], object]) -> None:
        self._store, self._meanwhile = registry.store, meanwhile

    def __getattr__(self, name: str) -> Any:
        return getattr(self._store, name)

    def get(self, key: Key) -> Record | None:
        found = self._store.get(key)
        if key.sort.startswith("version.") and self._meanwhile is not None:
            meanwhile, self._meanwhile = self._meanwhile, None
            meanwhile()
        return found


def common(registry: Registry, **more: Any) -> dict[str, Any]:
    return {"store": registry.store, "audit": registry.audit, "actor": "ann", "now": NOW, **more}


def measure(registry: Registry, name: str, **more: Any) -> ModelVersion:
    return change_version(
        registry.model.id, "1", lambda one: one.model_copy(update={"metrics": {**one.metrics, name: 0.5}}),
        **common(registry, **more),
    )  # fmt: skip


def described(registry: Registry, **fields: Any) -> ModelVersion:
    return ModelVersion(model_id=registry.model.id, version="1", created_at=NOW, created_by="dan", **fields)


def test_two_measurements_at_the_same_moment_are_both_kept():
    registry = Registry()
    registry.version("1", metrics={})
    overtaken = Overtaken(registry, lambda: measure(registry, "recall"))
    assert measure(registry, "precision", store=overtaken).metrics == {"recall": 0.5, "precision": 0.5}
    changes = [entry for entry in registry.audit.entries if entry.action == "version.changed"]
    assert len(changes) == 2


def test_a_waiver_and_a_measurement_at_the_same_moment_are_both_kept():
    registry = Registry()
    registry.version("1", metrics={})
    overtaken = Overtaken(registry, lambda: measure(registry, "recall"))
    changed = waive(
        registry.model.id, "1", "evidence:bias.run", reason="nobody is judged", **common(registry, store=overtaken)
    )
    assert (changed.metrics, [one.condition for one in changed.waivers]) == ({"recall": 0.5}, ["evidence:bias.run"])


def test_a_description_keeps_waivers_made_meanwhile_and_where_the_version_came_from():
    registry = Registry()
    registry.version("1", source="mlflow http://t")
    give = {"reason": "nobody is judged", **common(registry)}
    overtaken = Overtaken(registry, lambda: waive(registry.model.id, "1", "evidence:bias.run", **give))
    changed = describe_version(described(registry, framework="sklearn"), **common(registry, store=overtaken))
    assert (changed.source, changed.framework, changed.created_by) == ("mlflow http://t", "sklearn", "ann")
    assert [one.condition for one in changed.waivers] == ["evidence:bias.run"]


def test_a_version_described_again_keeps_what_is_not_said():
    registry = Registry()
    registry.version("1", metrics={"auc": 0.9}, framework="sklearn", metadata={"team": "risk"})
    changed = describe_version(described(registry, commit="abc123"), **common(registry))
    assert (changed.metrics, changed.framework, changed.commit) == ({"auc": 0.9}, "sklearn", "abc123")
    cleared = describe_version(described(registry, metrics={}, framework=None), **common(registry))
    assert (cleared.metrics, cleared.framework, cleared.commit) == ({}, None, "abc123")


RISK = RiskDecision(level=RiskLevel.MINIMAL, reason="on second thoughts", decided_by="cora", decided_at=NOW)
CHANGES: dict[str, Callable[[Registry], object]] = {
    "version": lambda it: it.version("2"),
    "description": lambda it: describe_version(described(it), **common(it)),
    "metrics": lambda it: measure(it, "recall"),
    "waiver": lambda it: waive(it.model.id, "1", "evidence:bias.run", reason="nobody is judged", **common(it)),
    "policy": lambda it: choose_policy(it.model.id, "basic", **common(it)),
    "request": lambda it: request_approval(it.model.id, "1", Stage.PRODUCTION, **common(it)),
    "vote": lambda it: decide(
        it.model.id, "000001", vote("bob", "ml_engineer"), held_roles=["ml_engineer"], store=it.store, audit=it.audit,
        now=NOW,
    ),
    "risk": lambda it: decide_risk(it.model.id, RISK, store=it.store, audit=it.audit, now=NOW),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_nothing_of_a_retired_model_changes(what: str):
    registry = Registry()
    registry.version("1")
    request_approval(registry.model.id, "1", Stage.PRODUCTION, **common(registry))
    change_status(registry.model.id, ComplianceStatus.RETIRED, reason="replaced", **common(registry))
    entries = len(registry.audit.entries)
    with pytest.raises(ConflictError, match="is retired: it can be read, not changed"):
        CHANGES[what](registry)
    assert len(registry.audit.entries) == entries


class Elsewhere:
    """Another registry with one version."""

    name = "mlflow http://t"

    def __init__(self, **fields: Any) -> None:
        self._version = ForeignVersion(model="Scoring", version="1", created_at=NOW, **fields)

    def versions(self) -> Iterator[ForeignVersion]:
        yield self._version


def test_what_people_completed_stays_when_the_version_is_imported_again():
    registry = Registry()
    first = import_models(Elsewhere(metrics={"auc": 0.9}, params={"C": "1"}), **common(registry))
    (model_id,) = first.models
    completed = get_version(registry.store, model_id, "1").model_copy(
        update={
            "training": TrainingData(dataset_sha256="a" * 64, rows=10, features=2),
            "metrics": {"auc": 0.9, "recall": 0.8},
            "commit": "c0ffee",
            "artefacts": (Artefact(name="evaluation.json", location="s3://b/e.json"),),
            "metadata": {"evaluation_data": {"rows": 3}, "tags": {}},
        }
    )
    add_version(completed, **common(registry))
    asked = request_approval(model_id, "1", Stage.PRODUCTION, **common(registry))

    again = import_models(Elsewhere(metrics={"auc": 0.9}, params={"C": "1"}), **common(registry))
    kept = get_version(registry.store, model_id, "1")
    assert kept.content_sha256 == asked.version_sha256, "the approval still holds"
    assert kept.metadata["evaluation_data"] == {"rows": 3}
    assert import_models(Elsewhere(metrics={"auc": 0.9}, params={"C": "1"}), **common(registry)).unchanged == 1
    assert again.unsound == ()

    changed = import_models(
        Elsewhere(metrics={"auc": 0.7}, params={"C": "2"}, run_tags={"data_rows": "20"}), **common(registry)
    )
    assert changed.changed == ("Scoring version 1",)
    kept = get_version(registry.store, model_id, "1")
    assert (kept.metrics, kept.hyperparameters) == ({"auc": 0.7, "recall": 0.8}, {"C": "2"})
    assert kept.training == TrainingData(dataset_sha256="a" * 64, rows=20, features=2)
