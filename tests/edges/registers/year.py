"""A year of a credit scoring model: its people, its clock, and the place where it is played."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol

from syndic.alerting.models import Alert, AlertState
from syndic.assessment import RequirementState, State
from syndic.canonical import sha256_of
from syndic.compliance.definitions.load import built_in
from tests.edges.registers.inventoried import WORDS

FIRST: Final = datetime(2027, 6, 1, 6, tzinfo=UTC)
DAY: Final = timedelta(days=1)
SECOND: Final = 1 / 86400

SIGN: Final = {"compliance officer": "compliance_officer", "model owner": "model_owner", "risk owner": "risk_owner"}


class Place(Protocol):
    """Where a year is played: the handlers in this process, or the deployed stack, each with a clock that is moved."""

    model: str
    margin: float  # how long before a moment, in days, a question has to be asked to be answered before it
    lag: float  # how long after its hour, in days, what belongs to a day is done: the first day takes its time

    def move(self, moment: datetime) -> None:
        """Move the clock on to a moment; one that has passed stays passed."""

    def now(self) -> datetime:
        """What the clock says."""

    def ask(self, method: str, path: str, body: Any, *, person: str) -> tuple[int, Any]:
        """A request to the API in the name of a person; its status, and what was answered."""

    def daily(self) -> None:
        """What the schedules do in a day: the endpoint is looked at, and the law by all that is on record."""

    def renew(self) -> None:
        """Of a day on which nothing turns, at least what the duties rest on."""

    def tell(self) -> None:
        """What the schedule of alerting does: what is due is looked at."""

    def judged(self) -> Iterable[RequirementState]:
        """How the duties of the model stand."""

    def alerts(self, identities: Collection[str]) -> dict[str, Alert]:
        """Those of these alerts that there are, by id."""

    def serve(self, version: str) -> None:
        """Let the endpoint serve a version."""

    def was_promoted(self, version: str) -> None:
        """Write down that a version was in production before anybody looked."""

    def traffic(self, factor: float) -> None:
        """Yesterday's traffic, with every amount times `factor`, and the check of it."""

    def package(self, *, person: str) -> bytes:
        """The evidence package of the model, as a person exports it."""


class Year:
    """Its people, its clock, and what is owed."""

    def __init__(self, place: Place, requirements: Collection[str]) -> None:
        self.place, self.requirements = place, tuple(requirements)
        self.raised: dict[str, list[tuple[float, str]]] = {}

    @property
    def model(self) -> str:
        return self.place.model

    def follow(self, about: str) -> str:
        self.raised[about] = []
        return about.partition("-")[2]

    def at(self, day: float) -> None:
        """Move to a moment of the year: the morning of a day, its evening, or exactly where something turns."""
        later = {0.0: 1.0, 0.5: 1.1}.get(day % 1, 0.0) if day > 0 else 0.0  # evenings look back on what mornings did
        self.place.move(FIRST + (day + later * self.place.lag) * DAY)

    def ask(self, method: str, path: str, body: Any = None, *, person: str = "model_owner", status: int = 0) -> Any:
        found, answer = self.place.ask(method, path, body, person=person)
        assert found in ({status} if status else {200, 201, 202}), f"{method} {path}: {found} {answer}"
        return answer

    def date(self, day: int) -> str:
        return (FIRST + day * DAY).date().isoformat()

    def states(self) -> dict[str, RequirementState]:
        """How the duties of the table stand now, by what is on record."""
        return {one.requirement_id: one for one in self.place.judged()}

    def look(self, day: int) -> None:
        """What is raised in the morning and in the evening, by what it is about: kept when it changes."""
        for hour in (0.0, 0.5):
            self.at(day + hour)
            self.place.tell()
            there = self.place.alerts([f"{about}.compliance" for about in self.raised])
            for about, seen in self.raised.items():
                found = there.get(f"{about}.compliance")
                now = found.severity.value if found is not None and found.state is AlertState.OPEN else "none"
                if now != (seen[-1][1] if seen else "none"):
                    seen.append((day + hour, now))

    def passes(self, *, whole: bool) -> None:
        """A day's schedules; where nothing turns, only the part of them that renews what the table rests on."""
        (self.place.daily if whole else self.place.renew)()

    def sign(self, *requirement_ids: str) -> None:
        """Record the documents and have the statements signed that requirements still wait for."""
        done: set[tuple[str, str | None]] = set()
        for requirement_id in requirement_ids:
            for part in self.states()[requirement_id].parts:
                if part.topic is None or part.state is State.MET or part.part == "check":
                    continue
                if (part.topic, part.role) not in done:
                    done.add((part.topic, part.role))
                    self._settle(requirement_id, part.part, part.topic, part.role)

    def _settle(self, requirement_id: str, part: str, topic: str, role: str | None) -> None:
        known = (one for compiled in built_in().values() for one in compiled.framework.requirements)
        found = next(one for one in known if one.id == requirement_id)
        need = found.attestation if part == "attestation" else found.document
        assert need is not None
        base = "/compliance" if need.scope == "organisation" else f"/models/{self.model}"
        if part == "attestation":
            body = {"topic": topic, "role": role, "decision": "affirmed"}
            self.ask("POST", f"{base}/attestations", body, person=SIGN[str(role)])
        elif topic not in {"ai_literacy_record", "conformity_assessment"}:  # the registers show those
            self.document(topic, base)

    def document(self, topic: str, base: str | None = None) -> None:
        base, dated = base or f"/models/{self.model}", self.place.now().date().isoformat()
        body = {
            "topic": topic,
            "title": WORDS,
            "location": f"https://docs.example.org/{topic}",
            "sha256": sha256_of(topic),
        }
        person = "model_owner" if "/models/" in base else "compliance_officer"
        self.ask("POST", f"{base}/documents", {**body, "dated": dated}, person=person)

    def alert(self, about: str, concern: str = "compliance") -> Alert | None:
        return self.place.alerts([f"{about}.{concern}"]).get(f"{about}.{concern}")
