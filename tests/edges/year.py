"""A year of a credit scoring model: its people, its clock, and what happens on which day."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from functions.alerting.handler import handler as alerting
from functions.api.access import PREFIX
from functions.api.handler import handler
from functions.compliance.handler import handler as daily
from functions.discovery.handler import handler as discovery
from functions.drift.handler import handler as drift
from syndic.alerting.alerts import get_alert
from syndic.alerting.models import AlertState
from syndic.assessment import ORGANISATION, State
from syndic.canonical import sha256_of
from syndic.compliance.definitions.load import Compiled, built_in
from syndic.compliance.people.handling import record_handling
from syndic.compliance.rules.judge import Facts, evaluate, subject_of
from syndic.errors import NotFoundError
from syndic.models import EndpointVariant, to_json
from syndic.records import get_model, list_evidence
from syndic.tasks.erasure_record import record_erasures
from syndic.tasks.registers import record_organisation, record_registers, watch_registers
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request, queue_batch
from tests.edges.inventoried import WORDS
from tests.edges.world import ENDPOINT, MODEL, World, capture_lines

FIRST: Final = datetime(2027, 6, 1, 6, tzinfo=UTC)
DAY: Final = timedelta(days=1)

SIGN: Final = {"compliance officer": "compliance_officer", "model owner": "model_owner", "risk owner": "risk_owner"}
GDPR_TERMS: Final = [
    "subject_matter", "instructions", "confidentiality", "security", "sub_processors", "rights_of_persons",
    "help_with_duties", "deletion_or_return", "audits",
]  # fmt: skip


def trimmed(ids: set[str]) -> dict[str, Compiled]:
    """The frameworks that come with Syndic, with these requirements alone: so that each day of a year is quick."""
    found = {}
    for name, compiled in built_in().items():
        kept = tuple(one for one in compiled.framework.requirements if one.id in ids)
        if kept:
            found[name] = replace(compiled, framework=compiled.framework.model_copy(update={"requirements": kept}))
    return found


class Year:
    """The world, its people and its clock."""

    def __init__(self, world: World, requirements: Collection[str]) -> None:
        self.world, self.laws, self.requirements = world, trimmed(set(requirements)), tuple(requirements)
        self.context = Context()
        self.raised: dict[str, list[tuple[float, str]]] = {}

    def follow(self, about: str) -> str:
        self.raised[about] = []
        return about.partition("-")[2]

    def at(self, day: float) -> None:
        self.world.moment = FIRST + day * DAY

    def ask(self, method: str, path: str, body: Any = None, *, person: str = "model_owner", status: int = 0) -> Any:
        sent = None if body is None else json.dumps(body)
        headers = {"Content-Type": "application/json"}
        request = api_request(method, PREFIX + path, body=sent, person=person, headers=headers)
        answer = handler(request, self.context)
        wanted = {status} if status else {200, 201, 202}
        assert answer["statusCode"] in wanted, f"{method} {path}: {answer['body']}"
        return json.loads(answer["body"])

    def date(self, day: int) -> str:
        return (FIRST + day * DAY).date().isoformat()

    def states(self) -> dict[str, Any]:
        """How the duties of the table stand now, by what is on record."""
        store, now = self.world.store, self.world.now()
        facts = Facts(*({one.kind: one for one in list_evidence(store, it)} for it in (MODEL, ORGANISATION)))
        subject = subject_of(get_model(store, MODEL))
        judged = (evaluate(compiled, subject, facts, now=now) for compiled in self.laws.values())
        return {one.requirement_id: one for status in judged for one in status.requirements}

    def daily(self) -> None:
        """What the schedules do in a day: the endpoint is looked at, and the law by all that is on record."""
        discovery({"type": "discovery.scheduled"}, self.context)
        daily({"type": "compliance.scheduled"}, self.context)
        while waiting := self.world.bus.of("DailyStepRequested"):
            self.world.bus.published.clear()
            daily(queue_batch([to_json(waiting[0])]), self.context)
        self.world.bus.published.clear()

    def look(self, day: int) -> None:
        """What is raised in the morning and in the evening, by what it is about: kept when it changes."""
        for hour in (0.0, 0.5):
            self.at(day + hour)
            watch_registers(self.world)
            for about, seen in self.raised.items():
                found = self.alert(about)
                now = found.severity.value if found is not None and found.state is AlertState.OPEN else "none"
                if now != (seen[-1][1] if seen else "none"):
                    seen.append((day + hour, now))

    def passes(self, *, whole: bool) -> None:
        """A day's schedules; where nothing turns, only the part of them that renews what the table rests on."""
        watch_registers(self.world)
        if whole:
            return self.daily()
        record_organisation(self.world)
        model = get_model(self.world.store, MODEL)
        record_registers(self.world, models=[model])
        record_erasures(self.world, models=[model])
        record_handling(store=self.world.store, now=self.world.now(), models=[model])
        return None

    def sign(self, *requirement_ids: str) -> None:
        """Record the documents and have the statements signed that requirements still wait for."""
        for requirement_id in requirement_ids:
            self._sign(requirement_id)

    def _sign(self, requirement_id: str) -> None:
        for part in self.states()[requirement_id].parts:
            if part.topic is None or part.state is State.MET or part.part == "check":
                continue
            found = next(
                one
                for compiled in built_in().values()
                for one in compiled.framework.requirements
                if one.id == requirement_id
            )
            need = found.attestation if part.part == "attestation" else found.document
            assert need is not None
            base = "/compliance" if need.scope == "organisation" else f"/models/{MODEL}"
            if part.part == "attestation":
                body = {"topic": part.topic, "role": part.role, "decision": "affirmed"}
                self.ask("POST", f"{base}/attestations", body, person=SIGN[str(part.role)])
            elif part.topic not in {"ai_literacy_record", "conformity_assessment"}:  # the registers show those
                self.document(part.topic, base)

    def document(self, topic: str, base: str = f"/models/{MODEL}") -> None:
        dated = self.world.now().date().isoformat()
        body = {
            "topic": topic,
            "title": WORDS,
            "location": f"https://docs.example.org/{topic}",
            "sha256": sha256_of(topic),
        }
        person = "model_owner" if "/models/" in base else "compliance_officer"
        self.ask("POST", f"{base}/documents", {**body, "dated": dated}, person=person)

    def alert(self, about: str, concern: str = "compliance") -> Any:
        try:
            return get_alert(self.world.store, f"{about}.{concern}", self.world.now())
        except NotFoundError:
            return None

    def traffic(self, factor: float) -> None:
        """A day of traffic, and the check of it."""
        start = self.world.now().replace(hour=0) - DAY
        endpoint = self.world.source.listed[0]
        self.world.captures.capture(
            endpoint, start + timedelta(hours=9), b"".join(capture_lines(start, factor)), modified=start
        )
        window = {"start": start.isoformat(), "end": (start + DAY).isoformat()}
        asked = {"type": "CheckRequested", "check": "drift", "model_id": MODEL, "window": window}
        self.world.bus.published.clear()
        assert drift(queue_batch([asked]), self.context) == {"batchItemFailures": []}
        found = [to_json(one) for one in self.world.bus.of("FindingsChanged")]
        assert not found or alerting(queue_batch(found), self.context) == {"batchItemFailures": []}

    def serve(self, version: str) -> None:
        variant = EndpointVariant(name="main", model_name="credit", model_version=version, weight=1.0)
        self.world.source.listed[:] = [ENDPOINT.model_copy(update={"variants": (variant,)})]
        discovery({"type": "discovery.scheduled"}, self.context)
