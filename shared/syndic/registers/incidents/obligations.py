"""Who has to be told of an incident, by when, and by which law: the clocks that follow from what is known. Pure.

AI Act, Regulation (EU) 2024/1689 (the articles were not amended by Regulation (EU) 2026/1744):

- Art. 73(2): the provider reports immediately after it has established a causal link or its reasonable likelihood, and
  in any event not later than 15 days after the provider or, where applicable, the deployer becomes aware. So the period
  runs from awareness; the link, once known, makes the report due at once.
- Art. 73(3): a widespread infringement, or Art. 3(49)(b): immediately, not later than two days after awareness.
- Art. 73(4): death: immediately after the relationship is established or suspected, not later than 10 days after
  awareness.
- Art. 73(5): an initial, incomplete report is in time; a complete one follows, for which the Act names no period.
- Art. 73(9), (10): some providers notify only infringements of fundamental rights (Art. 3(49)(c)), of medical devices
  to the authority that the Member State chose for that. The limit is on serious incidents: a widespread infringement
  stays owed.
- Art. 26(5): the deployer informs immediately first the provider, then importer or distributor and the authority; when
  the provider cannot be reached, Art. 73 applies mutatis mutandis. The Act names no period.
- Art. 26(5), first subparagraph, second sentence: also what is no serious incident is told, to provider or distributor
  and the authority, without undue delay, when the use may present a risk (Art. 79(1)); the use is suspended.
- Art. 20(2): the provider who becomes aware that the system presents a risk (Art. 79(1)) informs the authority, and
  the notified body that issued a certificate, immediately. The Act names no period. It is owed once somebody decided
  that there is such a risk: before that nobody is aware of it.
- Art. 75(1a): the AI Office in place of the authority, where it is competent.

GDPR, Regulation (EU) 2016/679: Art. 33(1) 72 hours from awareness unless a risk is unlikely, later with reasons; Art.
33(2) the processor tells the controller without undue delay; Art. 34 the persons at a high risk, without undue delay.

What is not decided is owed for the time being: an undecided incident runs as if it were serious, and as if it were a
breach, and of a breach whose risk nobody judged the persons are owed word too. Where a law says "immediately" or
"without undue delay" and no period, a clock runs by Syndic's own measure and says so (`by_law` is false).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Final

from syndic.registers.clocks import Clock, Period, met, start_clock, stopped
from syndic.registers.incidents.models import (
    BreachRisk,
    CausalLink,
    Incident,
    IncidentRecipient,
    IncidentRole,
    ReportingLimit,
    SeriousHarm,
)

REPORT: Final = "ai_act_report"
INFORM_PROVIDER: Final = "ai_act_inform_provider"
INFORM_AUTHORITY: Final = "ai_act_inform_authority"
RISK: Final = "ai_act_risk_authority"
RISK_BODY: Final = "ai_act_risk_notified_body"
BREACH: Final = "gdpr_authority"
CONTROLLER: Final = "gdpr_controller"
PERSONS: Final = "gdpr_persons"
AT_ONCE: Final = Period(hours=24)
"""Syndic's own measure where a law says immediately; no law names it."""
TO_PERSONS: Final = Period(hours=72)
"""The same where the persons are told without undue delay: as long as the authority's period."""

_AUTHORITY: Final = {ReportingLimit.MEDICAL_DEVICE: "authority chosen for medical devices (Art. 73(10))"}
_PROVISIONAL: Final = "Decide whether it is a serious incident, and if so "
LINKED: Final = frozenset({CausalLink.SUSPECTED, CausalLink.LIKELY, CausalLink.ESTABLISHED})

ANSWERS: Final[dict[str, frozenset[IncidentRecipient]]] = {
    REPORT: frozenset({IncidentRecipient.MARKET_SURVEILLANCE_AUTHORITY, IncidentRecipient.AI_OFFICE}),
    INFORM_PROVIDER: frozenset({IncidentRecipient.PROVIDER}),
    INFORM_AUTHORITY: frozenset({IncidentRecipient.MARKET_SURVEILLANCE_AUTHORITY, IncidentRecipient.AI_OFFICE}),
    "ai_act_inform_importer": frozenset({IncidentRecipient.IMPORTER}),
    "ai_act_inform_distributor": frozenset({IncidentRecipient.DISTRIBUTOR}),
    RISK: frozenset({IncidentRecipient.MARKET_SURVEILLANCE_AUTHORITY, IncidentRecipient.AI_OFFICE}),
    RISK_BODY: frozenset({IncidentRecipient.NOTIFIED_BODY}),
    BREACH: frozenset({IncidentRecipient.DATA_PROTECTION_AUTHORITY}),
    CONTROLLER: frozenset({IncidentRecipient.CONTROLLER}),
    PERSONS: frozenset({IncidentRecipient.AFFECTED_PERSONS}),
}
"""Whose being told ends a clock."""


def clocks_of(incident: Incident, now: datetime) -> tuple[Clock, ...]:
    """The clocks of an incident as it is known, with what was reported; what stopped one before keeps its moment."""
    before = {one.name: one for one in incident.clocks}
    return tuple(
        _as_told(clock, not_owed, before.get(clock.name), incident, now) for clock, not_owed in _owed(incident)
    )


def _as_told(clock: Clock, not_owed: str | None, before: Clock | None, incident: Incident, now: datetime) -> Clock:
    told = [one.sent_at for one in incident.reports if one.recipient in answers(clock.name, incident)]
    if told:
        return met(clock, min(told))
    if not_owed is None:
        return clock
    since = before.stopped_at if before is not None and before.stopped_at is not None else now
    return stopped(clock, because=not_owed, at=since)


def answers(name: str, incident: Incident) -> frozenset[IncidentRecipient]:
    """The AI Office answers only where it is competent, and then it alone."""
    found = ANSWERS[name]
    if IncidentRecipient.AI_OFFICE not in found:
        return found
    office = incident.assessment.ai_office_competent
    return frozenset({IncidentRecipient.AI_OFFICE if office else IncidentRecipient.MARKET_SURVEILLANCE_AUTHORITY})


def _owed(incident: Incident) -> Iterator[tuple[Clock, str | None]]:
    """Each clock with the reason why it is not owed, if it is not."""
    roles, decided = set(incident.roles), incident.assessment
    unreached = IncidentRole.DEPLOYER in roles and IncidentRole.PROVIDER not in roles and decided.provider_unreachable
    if IncidentRole.PROVIDER in roles or unreached:
        yield _report(incident, "Art. 26(5) with " if unreached else ""), _no_report(incident)
    if IncidentRole.PROVIDER in roles and decided.presents_risk:
        yield from _risk(incident)
    if IncidentRole.DEPLOYER in roles and IncidentRole.PROVIDER not in roles:
        yield from _deployer(incident)
    if IncidentRole.CONTROLLER in roles:
        yield from _breach(incident)
    if IncidentRole.PROCESSOR in roles:
        clock = _without_period(
            CONTROLLER, "Notify the controller of the breach", "GDPR Art. 33(2)", _breach_aware(incident)
        )
        yield clock, _no_breach(incident)


def _report(incident: Incident, via: str) -> Clock:
    decided, aware = incident.assessment, incident.aware_at
    linked = decided.causal_link_at if decided.causal_link in LINKED else None
    at_once: datetime | None = linked
    if decided.widespread or SeriousHarm.INFRASTRUCTURE in decided.harms:
        days, paragraph, at_once = 2, "73(3)", aware
    elif SeriousHarm.DEATH in decided.harms:
        days, paragraph = 10, "73(4)"
    else:
        days, paragraph = 15, "73(2)"
        if decided.causal_link is CausalLink.SUSPECTED:  # 73(2) asks for a reasonable likelihood
            at_once = None
    recipient = (
        "AI Office" if decided.ai_office_competent else _AUTHORITY.get(decided.limit, "market surveillance authority")
    )
    clock = start_clock(
        REPORT, _title(incident, f"report it to the {recipient}"), Period(days=days),
        legal_basis=f"AI Act {via}Art. {paragraph}", started_at=aware, from_what="awareness of the incident",
    )  # fmt: skip
    return clock.model_copy(update={"at_once_since": None if at_once is None else max(at_once, aware)})


def _no_report(incident: Incident) -> str | None:
    decided = incident.assessment
    if decided.high_risk is False:
        return "No high-risk system is concerned (AI Act Art. 73(1))."
    if decided.serious is False:
        return f"Not a serious incident: {decided.serious_reason}"
    if (
        decided.serious
        and decided.limit is not ReportingLimit.NONE
        and not decided.widespread
        and SeriousHarm.FUNDAMENTAL_RIGHTS not in decided.harms
    ):
        paragraph = "73(9)" if decided.limit is ReportingLimit.EQUIVALENT_REPORTING else "73(10)"
        return (
            f"Only infringements of fundamental rights are notified (AI Act Art. {paragraph}): {decided.limit_reason}"
        )
    return None


def _risk(incident: Incident) -> Iterator[tuple[Clock, str | None]]:
    """What a provider owes on a risk under Art. 79(1), whether it is a serious incident too or not."""
    decided = incident.assessment
    nothing = "No high-risk system is concerned (AI Act Art. 20(2))." if decided.high_risk is False else None
    whom = "AI Office" if decided.ai_office_competent else "market surveillance authority"
    told, aware = [(RISK, whom)], decided.risk_aware_at or incident.aware_at
    if IncidentRecipient.NOTIFIED_BODY in decided.also_inform:
        told.append((RISK_BODY, "notified body that issued the certificate"))
    for name, recipient in told:
        title = f"Inform the {recipient} of the risk, the non-compliance and the corrective action"
        yield _without_period(name, title, "AI Act Art. 20(2)", max(aware, incident.aware_at)), nothing


def risk_undecided(incident: Incident) -> bool:
    """Whether a provider has still to decide if the system presents a risk; a serious incident is reported anyway."""
    decided = incident.assessment
    return (
        IncidentRole.PROVIDER in incident.roles
        and decided.high_risk is not False
        and decided.serious is not True
        and decided.presents_risk is None
    )


def _deployer(incident: Incident) -> Iterator[tuple[Clock, str | None]]:
    decided = incident.assessment
    at_once = decided.serious is True
    nothing: str | None = None
    if decided.high_risk is False:
        nothing = "No high-risk system is concerned (AI Act Art. 26(5))."
    elif decided.serious is False and decided.presents_risk is False:
        nothing = f"Neither a serious incident nor a risk: {decided.serious_reason}"
    unreached = "The provider could not be reached: Art. 73 applies." if decided.provider_unreachable else None
    yield (
        _without_period(
            INFORM_PROVIDER,
            _title(incident, "inform the provider"),
            "AI Act Art. 26(5)",
            incident.aware_at,
            at_once=at_once,
        ),
        nothing or unreached,
    )
    if decided.provider_unreachable and decided.serious is not False:
        return  # the report under Art. 73 takes the place of this information
    suppliers = (one for one in decided.also_inform if one is not IncidentRecipient.NOTIFIED_BODY)
    for recipient in (IncidentRecipient.MARKET_SURVEILLANCE_AUTHORITY, *suppliers):
        authority = recipient is IncidentRecipient.MARKET_SURVEILLANCE_AUTHORITY
        name = INFORM_AUTHORITY if authority else f"ai_act_inform_{recipient.value}"
        whom = "AI Office" if authority and decided.ai_office_competent else recipient.value.replace("_", " ")
        title = _title(incident, f"inform the {whom} after the provider")
        yield _without_period(name, title, "AI Act Art. 26(5)", incident.aware_at, at_once=at_once), nothing


def _breach(incident: Incident) -> Iterator[tuple[Clock, str | None]]:
    decided, aware = incident.assessment, _breach_aware(incident)
    what = "notify the data protection authority"
    undecided = decided.personal_data_breach is None
    yield (
        start_clock(
            BREACH, f"Decide whether it is a breach, and if so {what}" if undecided else what.capitalize(),
            Period(hours=72), legal_basis="GDPR Art. 33(1)", started_at=aware, from_what="awareness of the breach",
        ),
        _no_breach(incident) or _unlikely(incident),
    )  # fmt: skip
    if decided.personal_data_breach and decided.breach_risk in {BreachRisk.HIGH, BreachRisk.UNKNOWN}:
        exempt = f"The persons need not be told (GDPR Art. 34(3)): {decided.persons_exempt}"
        tell = "Tell the persons concerned"
        if decided.breach_risk is BreachRisk.UNKNOWN:
            tell = f"Decide whether the risk to persons is high, and if so {tell[:1].lower()}{tell[1:]}"
        clock = _without_period(PERSONS, tell, "GDPR Art. 34(1)", aware, period=TO_PERSONS)
        yield clock, exempt if decided.persons_exempt else None


def _no_breach(incident: Incident) -> str | None:
    if incident.assessment.personal_data_breach is False:
        return f"Not a breach of personal data: {incident.assessment.breach_reason}"
    return None


def _unlikely(incident: Incident) -> str | None:
    decided = incident.assessment
    if decided.personal_data_breach and decided.breach_risk is BreachRisk.UNLIKELY:
        return f"A risk to persons is unlikely (GDPR Art. 33(1)): {decided.breach_risk_reason}"
    return None


def _breach_aware(incident: Incident) -> datetime:
    return incident.assessment.breach_aware_at or incident.aware_at


def _title(incident: Incident, what: str) -> str:
    decided = incident.assessment
    if decided.serious is False and decided.presents_risk is None:
        return f"Decide whether the use presents a risk (AI Act Art. 79(1)), and if so {what}"
    return _PROVISIONAL + what if incident.assessment.serious is None else what[:1].upper() + what[1:]


def _without_period(
    name: str, title: str, law: str, aware: datetime, *, at_once: bool = False, period: Period = AT_ONCE
) -> Clock:
    """A clock of Syndic's own measure, where the law says immediately or without undue delay."""
    clock = start_clock(
        name, title, period, legal_basis=f"{law}, which names no period: {period.words} are Syndic's own measure",
        started_at=aware, from_what="awareness of the incident",
    )  # fmt: skip
    return clock.model_copy(update={"by_law": False, "at_once_since": aware if at_once else None})
