"""What may be done with an incident, as functions from one state of it to the next. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from syndic.canonical import sha256_of
from syndic.errors import ConflictError, InvalidInputError
from syndic.registers.clocks import OPEN_STATES, ClockState, state_of
from syndic.registers.incidents.models import (
    MOST_MEASURES,
    MOST_REPORTS,
    BreachRisk,
    CausalLink,
    Incident,
    IncidentAssessment,
    IncidentMeasure,
    IncidentRecipient,
    IncidentReport,
    IncidentRole,
    IncidentState,
    ReportingLimit,
    ReportStage,
)
from syndic.registers.incidents.obligations import BREACH, LINKED, REPORT, answers, clocks_of, risk_undecided
from syndic.registers.models import Step
from syndic.substance import in_a_sentence, says_something

SKEW: Final = timedelta(minutes=5)
_OTHERS: Final = frozenset({
    IncidentRecipient.IMPORTER, IncidentRecipient.DISTRIBUTOR, IncidentRecipient.NOTIFIED_BODY,
})  # fmt: skip


def settled(incident: Incident, now: datetime) -> Incident:
    """The incident with the clocks and the state that follow from what is known of it."""
    for name, moment in (("occurred_at", incident.occurred_at), ("aware_at", incident.aware_at)):
        if moment is not None and moment > now + SKEW:
            raise InvalidInputError("is in the future", where=name)
    if incident.occurred_at is not None and incident.aware_at < incident.occurred_at:
        raise InvalidInputError("nobody can be aware of an incident before it occurred", where="aware_at")
    clocks = clocks_of(incident, now)
    decided = incident.assessment
    if incident.closed_at is not None:
        state = IncidentState.CLOSED
    elif decided.serious is None or _breach_undecided(incident):
        state = IncidentState.ASSESSING
    elif any(state_of(one, now) in OPEN_STATES for one in clocks):
        state = IncidentState.REPORTABLE
    else:
        state = IncidentState.INVESTIGATING
    return incident.model_copy(update={"clocks": clocks, "state": state})


def assessed(incident: Incident, decided: IncidentAssessment, now: datetime) -> Incident:
    """The incident by another assessment. Raises `InvalidInputError` for one without its reasons or against itself."""
    _open(incident)
    _check_serious(decided)
    _check_breach(decided)
    moment = decided.causal_link_at
    if decided.causal_link in LINKED and moment is None:
        raise InvalidInputError("say since when the link is suspected or established", where="causal_link_at")
    moments = {name: getattr(decided, name) for name in ("causal_link_at", "breach_aware_at", "risk_aware_at")}
    for name, at in moments.items():
        if at is not None and at > now + SKEW:
            raise InvalidInputError("is in the future", where=name)
    if set(decided.also_inform) - _OTHERS:
        raise InvalidInputError("names importer and distributor only, and the notified body", where="also_inform")
    return settled(incident.model_copy(update={"assessment": decided}), now)


def reported(incident: Incident, given: dict[str, Any], *, by: str, now: datetime) -> Incident:
    """The incident with one more report. The same report given again changes nothing.

    Raises `InvalidInputError` for a moment that cannot be, or when a report that is late says no reason.
    """
    _open(incident)
    identity = sha256_of([incident.id, {name: _plain(value) for name, value in sorted(given.items())}])[:12]
    if any(one.id == identity for one in incident.reports):
        return incident
    if len(incident.reports) >= MOST_REPORTS:
        raise ConflictError(f"{MOST_REPORTS} reports are on record: no more are kept")
    report = IncidentReport(id=identity, recorded_by=by, **given)
    if report.sent_at > now + SKEW:
        raise InvalidInputError("is in the future", where="sent_at")
    if report.sent_at < incident.aware_at:
        raise InvalidInputError("is before the organisation became aware", where="sent_at")
    for clock in incident.clocks:
        first = state_of(clock, now) in OPEN_STATES and report.recipient in answers(clock.name, incident)
        if first and clock.by_law and report.sent_at > clock.due and not says_something(report.late_because):
            raise InvalidInputError(
                in_a_sentence(f"it was due on {clock.due:%Y-%m-%d %H:%M} UTC: say why it is late"), where="late_because"
            )
    if report.stage is ReportStage.FINAL and not says_something(incident.root_cause):
        raise InvalidInputError("a final report states the cause: record it first", where="root_cause")
    return settled(incident.model_copy(update={"reports": (*incident.reports, report)}), now)


def with_measure(incident: Incident, given: dict[str, Any], now: datetime) -> Incident:
    """The incident with one more measure; the same given again changes nothing."""
    _open(incident)
    identity = sha256_of([incident.id, {name: _plain(value) for name, value in sorted(given.items())}])[:12]
    if any(one.id == identity for one in incident.measures):
        return incident
    if len(incident.measures) >= MOST_MEASURES:
        raise ConflictError(f"{MOST_MEASURES} measures are on record: no more are kept")
    return settled(
        incident.model_copy(update={"measures": (*incident.measures, IncidentMeasure(id=identity, **given))}), now
    )


def with_changed_measure(incident: Incident, identity: str, update: dict[str, Any], now: datetime) -> Incident:
    """The incident with a measure done, dropped with a reason, or of another owner or day."""
    _open(incident)
    if identity not in {one.id for one in incident.measures}:
        raise InvalidInputError(f"there is no measure {identity!r}", where="measure_id")
    if "dropped_because" in update and not says_something(update["dropped_because"]):
        raise InvalidInputError(in_a_sentence("say why it is not done"), where="dropped_because")
    values = {name: value for name, value in update.items() if name != "done"}

    def changed(measure: IncidentMeasure) -> IncidentMeasure:
        if "done" not in update:
            return measure.model_copy(update=values)
        done_at = (measure.done_at or now) if update["done"] else None
        return measure.model_copy(update={**values, "done_at": done_at})

    measures = tuple(changed(one) if one.id == identity else one for one in incident.measures)
    return settled(incident.model_copy(update={"measures": measures}), now)


def closed(incident: Incident, *, conclusion: str, now: datetime) -> Incident:
    """The incident closed. Raises `ConflictError` with all that is still open."""
    if incident.closed_at is not None and incident.conclusion == conclusion:
        return incident
    _open(incident)
    if not says_something(conclusion):
        raise InvalidInputError(in_a_sentence("say what was found and what follows from it"), where="conclusion")
    left = list(what_is_open(incident, now))
    if left:
        raise ConflictError(f"it cannot be closed yet: {'; '.join(left)}")
    return settled(incident.model_copy(update={"conclusion": conclusion, "closed_at": now}), now)


def reopened(incident: Incident, now: datetime) -> Incident:
    """The incident open again."""
    return settled(incident.model_copy(update={"closed_at": None}), now)


def what_is_open(incident: Incident, now: datetime) -> Iterator[str]:
    """What has to be decided or done before an incident can be closed, each as a sentence's part."""
    yield from _undecided(incident)
    for clock in incident.clocks:
        if state_of(clock, now) in OPEN_STATES:
            yield f"owed by {clock.due:%Y-%m-%d %H:%M} UTC: {clock.title}"
    if awaits_complete_report(incident):
        yield "the complete report is missing (AI Act Art. 73(5), GDPR Art. 33(4))"
    if not says_something(incident.root_cause):
        yield "the root cause is not recorded"
    for measure in incident.measures:
        if measure.is_open:
            yield f"measure {measure.title!r} is neither done nor given up"


def _undecided(incident: Incident) -> Iterator[str]:
    if incident.assessment.serious is None:
        yield "whether it is a serious incident is not decided"
    elif risk_undecided(incident):
        yield "whether the system presents a risk (AI Act Art. 79(1)) is not decided"
    if _breach_undecided(incident):
        yield "whether personal data were breached is not decided"


def awaits_complete_report(incident: Incident) -> bool:
    """Whether an authority had a first report (AI Act Art. 73, GDPR Art. 33) that no complete one has followed."""
    return any(
        clock.name in {REPORT, BREACH}
        and clock.met_at is not None
        and not any(
            one.stage is ReportStage.FINAL and one.recipient in answers(clock.name, incident)
            for one in incident.reports
        )
        for clock in incident.clocks
    )


def steps_of(incident: Incident, now: datetime) -> Sequence[Step]:
    """What may be done with an incident as it stands, what is due first before."""
    if incident.closed_at is not None:
        return (Step(name="reopen", title="Open it again", asks=("reason",)),)
    undecided = incident.state is IncidentState.ASSESSING
    steps = [Step(name="assess", title="Decide what it is" if undecided else "Assess it anew")]
    for clock in sorted(incident.clocks, key=lambda one: one.due):
        if state_of(clock, now) in OPEN_STATES:
            why = ("late_because",) if state_of(clock, now) is ClockState.LATE else ()
            asks = ("recipient", "stage", "sent_at", *why)
            steps.append(Step(name="report", title=clock.title, asks=asks, due=clock.due))
    if awaits_complete_report(incident):
        steps.append(Step(name="report", title="Send the complete report", asks=("recipient", "stage", "sent_at")))
    steps.append(Step(name="measure", title="Record a measure", asks=("kind", "title", "owner", "due")))
    if not list(what_is_open(incident, now)):
        steps.append(Step(name="close", title="Close it", asks=("conclusion",)))
    return steps


def _check_serious(decided: IncidentAssessment) -> None:
    counted = bool(decided.harms) or decided.widespread
    if decided.serious and not counted:
        raise InvalidInputError("a serious incident has a harm of AI Act Art. 3(49), or is widespread", where="harms")
    if decided.serious is False:
        if not says_something(decided.serious_reason):
            raise InvalidInputError(in_a_sentence("say why it is not a serious incident"), where="serious_reason")
        if counted and decided.causal_link is not CausalLink.EXCLUDED:
            raise InvalidInputError(
                "with such a harm it is no serious incident only when the system did not lead to it: "
                "causal_link excluded", where="serious",
            )  # fmt: skip
    if decided.serious and decided.causal_link is CausalLink.EXCLUDED:
        raise InvalidInputError("what the system did not lead to is no serious incident of it", where="causal_link")
    if decided.limit is not ReportingLimit.NONE and not says_something(decided.limit_reason):
        raise InvalidInputError(in_a_sentence("say by which law the provider reports elsewhere"), where="limit_reason")
    if len(set(decided.harms)) != len(decided.harms):
        raise InvalidInputError("names a harm twice", where="harms")


def _check_breach(decided: IncidentAssessment) -> None:
    if decided.personal_data_breach is False and not says_something(decided.breach_reason):
        raise InvalidInputError(in_a_sentence("say why no personal data were breached"), where="breach_reason")
    if decided.breach_risk is not BreachRisk.UNKNOWN and not decided.personal_data_breach:
        raise InvalidInputError("is about a breach: decide personal_data_breach first", where="breach_risk")
    if decided.breach_risk is BreachRisk.UNLIKELY and not says_something(decided.breach_risk_reason):
        raise InvalidInputError(
            in_a_sentence("say why a risk is unlikely (GDPR Art. 33(1), (5))"), where="breach_risk_reason"
        )
    if decided.persons_exempt and not says_something(decided.persons_exempt):
        raise InvalidInputError(
            in_a_sentence("say which point of GDPR Art. 34(3) holds, and why"), where="persons_exempt"
        )


def _breach_undecided(incident: Incident) -> bool:
    return IncidentRole.CONTROLLER in incident.roles and incident.assessment.personal_data_breach is None


def _open(incident: Incident) -> None:
    if incident.closed_at is not None:
        raise ConflictError(f"the incident was closed on {incident.closed_at:%Y-%m-%d}: open it again first")


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
