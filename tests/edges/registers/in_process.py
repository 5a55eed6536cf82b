"""A place for a year: the real handlers on the ports in memory, with a clock that is set."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from functions.alerting.handler import handler as alerting
from functions.api.access.authorization import PREFIX
from functions.api.handler import handler
from functions.compliance.handler import handler as daily
from functions.discovery.handler import handler as discovery
from functions.drift.handler import handler as drift
from functions.reports.handler import handler as reports
from syndic.alerting.alerts import get_alert
from syndic.alerting.models import Alert
from syndic.assessment import ORGANISATION, RequirementState
from syndic.compliance.definitions.load import Compiled, built_in
from syndic.compliance.people.handling import record_handling
from syndic.compliance.rules.judge import Facts, evaluate, subject_of
from syndic.errors import NotFoundError
from syndic.models import EndpointVariant, to_json
from syndic.records import get_model, list_evidence
from syndic.reports.jobs import report_file
from syndic.tasks.duties.dates import record_organisation, record_registers, watch_registers
from syndic.tasks.duties.erasure_record import record_erasures
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request, queue_batch
from tests.edges.registers.credit_story import in_production
from tests.edges.world import ENDPOINT, MODEL, World, capture_lines


def trimmed(ids: set[str]) -> dict[str, Compiled]:
    """The frameworks that come with Syndic, with these requirements alone: so that each day of a year is quick."""
    found = {}
    for name, compiled in built_in().items():
        kept = tuple(one for one in compiled.framework.requirements if one.id in ids)
        if kept:
            found[name] = replace(compiled, framework=compiled.framework.model_copy(update={"requirements": kept}))
    return found


class InProcess:
    """The world in memory; of the law, the duties that are asked for."""

    model, margin, lag = MODEL, 1 / 86400, 0.0

    def __init__(self, world: World, requirements: Iterable[str]) -> None:
        self.world, self.laws, self.context = world, trimmed(set(requirements)), Context()

    def move(self, moment: datetime) -> None:
        self.world.moment = moment

    def now(self) -> datetime:
        return self.world.now()

    def ask(self, method: str, path: str, body: Any, *, person: str) -> tuple[int, Any]:
        sent = None if body is None else json.dumps(body)
        headers = {"Content-Type": "application/json"}
        answer = handler(api_request(method, PREFIX + path, body=sent, person=person, headers=headers), self.context)
        return answer["statusCode"], json.loads(answer["body"])

    def daily(self) -> None:
        discovery({"type": "discovery.scheduled"}, self.context)
        daily({"type": "compliance.scheduled"}, self.context)
        while waiting := self.world.bus.of("DailyStepRequested"):
            self.world.bus.published.clear()
            daily(queue_batch([to_json(waiting[0])]), self.context)
        self.world.bus.published.clear()

    def renew(self) -> None:
        model = get_model(self.world.store, MODEL)
        record_organisation(self.world)
        record_registers(self.world, models=[model])
        record_erasures(self.world, models=[model])
        record_handling(store=self.world.store, now=self.world.now(), models=[model])

    def tell(self) -> None:
        watch_registers(self.world)

    def judged(self) -> Iterable[RequirementState]:
        store, now = self.world.store, self.world.now()
        facts = Facts(*({one.kind: one for one in list_evidence(store, it)} for it in (MODEL, ORGANISATION)))
        subject = subject_of(get_model(store, MODEL))
        for compiled in self.laws.values():
            yield from evaluate(compiled, subject, facts, now=now).requirements

    def alerts(self, identities: Collection[str]) -> dict[str, Alert]:
        found = {}
        for identity in identities:
            with suppress(NotFoundError):
                found[identity] = get_alert(self.world.store, identity, self.world.now())
        return found

    def serve(self, version: str) -> None:
        variant = EndpointVariant(name="main", model_name="credit", model_version=version, weight=1.0)
        self.world.source.listed[:] = [ENDPOINT.model_copy(update={"variants": (variant,)})]
        discovery({"type": "discovery.scheduled"}, self.context)

    def was_promoted(self, version: str) -> None:
        self.world.store.put(in_production(MODEL, version))

    def traffic(self, factor: float) -> None:
        start = self.world.now().replace(hour=0) - timedelta(days=1)
        endpoint = self.world.source.listed[0]
        self.world.captures.capture(
            endpoint, start + timedelta(hours=9), b"".join(capture_lines(start, factor)), modified=start
        )
        window = {"start": start.isoformat(), "end": (start + timedelta(days=1)).isoformat()}
        asked = {"type": "CheckRequested", "check": "drift", "model_id": MODEL, "window": window}
        self.world.bus.published.clear()
        assert drift(queue_batch([asked]), self.context) == {"batchItemFailures": []}
        found = [to_json(one) for one in self.world.bus.of("FindingsChanged")]
        assert not found or alerting(queue_batch(found), self.context) == {"batchItemFailures": []}

    def package(self, *, person: str) -> bytes:
        status, job = self.ask(
            "POST", "/compliance/reports", {"model_ids": [MODEL], "format": "evidence"}, person=person
        )
        assert status == 202, job
        asked = to_json(self.world.bus.of("ReportRequested")[-1])
        assert reports(queue_batch([asked]), self.context) == {"batchItemFailures": []}
        return report_file(job["id"], store=self.world.store, archive=self.world.archive)
