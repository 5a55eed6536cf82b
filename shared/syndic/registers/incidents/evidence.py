"""What the incident register shows: per model and for the organisation, by the law that wants people told. Pure.

That no incident is on record shows no more than that: nothing here looks for incidents. Requirements that rest on these
kinds therefore keep their signature, which says that each incident was recorded.

A deadline that was missed stays a finding for a year after it was met late; a person can assess it meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Final

from pydantic import JsonValue

from syndic.canonical import sha256_of
from syndic.models import Evidence, EvidenceStatus
from syndic.registers.clocks import OPEN_STATES, Clock, ClockState, next_due, state_of
from syndic.registers.incidents.models import Incident
from syndic.registers.incidents.obligations import (
    BREACH,
    CONTROLLER,
    INFORM_AUTHORITY,
    INFORM_PROVIDER,
    PERSONS,
    REPORT,
    RISK,
    RISK_BODY,
    risk_undecided,
)

REPORTING: Final = "incidents.reporting"
INFORMING: Final = "incidents.informing"
BREACHES: Final = "incidents.breaches"
RISKS: Final = "incidents.risks"
HANDLED: Final = "incidents.handled"
LAWS: Final[dict[str, tuple[str, ...]]] = {
    REPORTING: (REPORT,),
    INFORMING: (INFORM_PROVIDER, INFORM_AUTHORITY, "ai_act_inform_importer", "ai_act_inform_distributor"),
    BREACHES: (BREACH, CONTROLLER, PERSONS),
    RISKS: (RISK, RISK_BODY),
}
PERIOD: Final = timedelta(days=365)
JUDGED_WITHIN: Final = timedelta(days=1)  # of a risk: Syndic's own measure, as of informing immediately
VALID_FOR: Final = timedelta(days=7)
MOST_NAMED: Final = 20
LONG_AGO: Final = datetime(1970, 1, 1, tzinfo=UTC)  # of no incident: no signature is older


def incident_evidence(model_id: str, incidents: Sequence[Incident], now: datetime) -> tuple[Evidence, ...]:
    """What the incidents of a model, or of the organisation, show at a time: a kind for each law, one for handling."""
    found = [_by_law(kind, clocks, model_id, incidents, now) for kind, clocks in LAWS.items()]
    return (*found, _handled(model_id, incidents, now))


def _by_law(kind: str, names: Sequence[str], model_id: str, incidents: Sequence[Incident], now: datetime) -> Evidence:
    clocks = [(one.id, clock) for one in incidents for clock in one.clocks if clock.name in names]
    owed = [clock for _, clock in clocks if state_of(clock, now) in OPEN_STATES]
    late = [one for one in clocks if state_of(one[1], now) is ClockState.LATE]
    undecided = {one.id for one in incidents if not _is_decided(kind, one)}
    missed = [one for one in clocks if _was_missed(one[1], now)]
    named: list[JsonValue] = [f"{identity} {clock.name}" for identity, clock in sorted((*late, *missed), key=_order)]
    facts: dict[str, JsonValue] = {
        "recorded": len({identity for identity, _ in clocks}),
        "owed": len(owed),
        "late": len(late),
        "late_by_law": sum(clock.by_law for identity, clock in late if identity not in undecided),
        "late_undecided": sum(identity in undecided for identity, _ in late),
        "met_late": len(missed),
        **_named(named),
    }
    if kind == BREACHES:
        facts["persons_late"] = sum(clock.name == PERSONS for _, clock in late)
        facts["persons_met_late"] = sum(clock.name == PERSONS for _, clock in missed)
        facts["controller_late"] = sum(clock.name == CONTROLLER for _, clock in late)
        facts["controller_met_late"] = sum(clock.name == CONTROLLER for _, clock in missed)
    waiting = [one for one in incidents if risk_undecided(one)] if kind == RISKS else []
    overdue = [one.id for one in waiting if one.aware_at + JUDGED_WITHIN <= now]
    if kind == RISKS:
        facts["undecided"] = len(overdue)
        facts |= _named([*sorted(f"{one} risk undecided" for one in overdue), *named])
    if overdue:
        said = f"of {len(overdue)} incidents nobody decided within a day whether the system presents a risk"
    elif not clocks:
        said = "no incident is on record for which this is owed, which does not show that there was none"
    else:
        said = (
            f"{facts['recorded']} incidents on record: {len(owed)} reports are owed, {len(late)} of them late; "
            f"{len(missed)} were sent late in a year"
        )
    status = EvidenceStatus.FAILING if late or missed or overdue else EvidenceStatus.PASSING
    judged = [one.aware_at + JUDGED_WITHIN for one in waiting if one.id not in overdue]
    due = next_due(clock for _, clock in clocks)
    until = min([*judged, *([] if due is None else [due])], default=None)
    return _evidence(kind, model_id, status, said, facts, now=now, until=until)


def _is_decided(kind: str, incident: Incident) -> bool:
    """Whether it is decided that the law concerns an incident: what is late without that is not judged, not broken."""
    decided = incident.assessment
    if kind == INFORMING and decided.serious is False:
        return decided.presents_risk is not None
    return (decided.personal_data_breach if kind == BREACHES else decided.serious) is not None


def _was_missed(clock: Clock, now: datetime) -> bool:
    late = state_of(clock, now) is ClockState.MET_LATE
    return late and clock.met_at is not None and clock.met_at > now - PERIOD


def _named(missed: list[JsonValue]) -> dict[str, JsonValue]:
    """The first twenty by name, and of more a hash of all: who assessed twenty has not assessed the next one."""
    return {"missed": missed[:MOST_NAMED]} | ({"missed_sha256": sha256_of(missed)} if len(missed) > MOST_NAMED else {})


def _order(one: tuple[str, Clock]) -> tuple[str, str]:
    return one[0], one[1].name


def _handled(model_id: str, incidents: Sequence[Incident], now: datetime) -> Evidence:
    still = [one for one in incidents if one.closed_at is None]
    overdue = [item for one in still for item in one.measures if item.is_open and item.due < now.date()]
    late = [one for one in still if any(state_of(clock, now) is ClockState.LATE for clock in one.clocks)]
    facts: dict[str, JsonValue] = {
        "recorded": len(incidents), "open": len(still), "closed": len(incidents) - len(still),
        "with_something_late": len(late), "measures_overdue": len(overdue),
        "roles": [*sorted({role.value for one in incidents for role in one.roles})],
        "made_at": max((one.aware_at for one in incidents), default=LONG_AGO).isoformat(),
    }  # fmt: skip
    said = (
        f"{len(incidents)} incidents on record, {len(still)} open, {len(late)} of them with something late; "
        f"{len(overdue)} measures overdue"
        if incidents
        else "no incident is on record, which does not show that there was none"
    )
    until = next_due(clock for one in still for clock in one.clocks)
    status = EvidenceStatus.FAILING if late or overdue else EvidenceStatus.PASSING
    return _evidence(HANDLED, model_id, status, said, facts, now=now, until=until)


def _evidence(
    kind: str, model_id: str, status: EvidenceStatus, said: str, facts: dict[str, JsonValue], *, now: datetime,
    until: datetime | None,
) -> Evidence:  # fmt: skip
    """Good for a week at most, and no longer than until the next clock ends: then it has to be looked at again."""
    ends = now + VALID_FOR
    if until is not None and now < until < ends:
        ends = until
    return Evidence(
        kind=kind, model_id=model_id, status=status, summary=said, facts=facts, source=f"incidents/{model_id}",
        sha256=sha256_of(facts), produced_at=now, expires_at=ends,
    )  # fmt: skip
