"""Drafts of what is sent about an incident: the fields that a law asks for, as far as they are known. Pure.

AI Act Art. 73 lists no fields, and the Commission's template under Art. 73(7) was a draft of 26 September 2025 when it
was last looked for; the sections here follow what the article needs to be applied, not that form. GDPR Art. 33(3) lists
its fields. What is not on record is marked as unknown: a draft says what is still to be found out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from pydantic import Field

from syndic.models import Moment, Noun
from syndic.registers.clocks import OPEN_STATES, state_of
from syndic.registers.incidents.models import Incident, IncidentRecipient, PreservedModel, ReportStage
from syndic.registers.incidents.obligations import answers
from syndic.registers.markdown import plain, table

UNKNOWN = "unknown"


class DraftField(Noun):
    """One field of a draft. `value` None: not on record."""

    name: str
    title: str
    value: str | None
    asked_by: str = Field(description="the provision that asks for it, or why it is here")


class IncidentDraft(Noun):
    """What would be sent, and what is not known of it yet."""

    incident_id: str
    recipient: IncidentRecipient
    stage: ReportStage
    made_at: Moment
    due: Moment | None = Field(description="the end of the clock that this report would stop; null: none runs")
    fields: tuple[DraftField, ...]
    unknown: tuple[str, ...] = Field(description="titles of the fields that are not on record")
    notice: str = (
        "A draft from what is on record, no official form. Check it, complete it, and record that it was sent."
    )


def draft_of(
    incident: Incident, recipient: IncidentRecipient, stage: ReportStage, *, names: Mapping[str, str], now: datetime
) -> IncidentDraft:
    """The draft for a recipient. `names`: of models by id, as people know them."""
    breach = recipient in {
        IncidentRecipient.DATA_PROTECTION_AUTHORITY, IncidentRecipient.CONTROLLER, IncidentRecipient.AFFECTED_PERSONS,
    }  # fmt: skip
    fields = tuple(_breach(incident, recipient, names) if breach else _ai_act(incident, names))
    open_clocks = [
        one.due
        for one in incident.clocks
        if recipient in answers(one.name, incident) and state_of(one, now) in OPEN_STATES
    ]
    return IncidentDraft(
        incident_id=incident.id, recipient=recipient, stage=stage, made_at=now, due=min(open_clocks, default=None),
        fields=fields, unknown=tuple(one.title for one in fields if one.value is None),
    )  # fmt: skip


def _ai_act(incident: Incident, names: Mapping[str, str]) -> Iterator[DraftField]:
    decided, link = incident.assessment, incident.assessment.causal_link
    yield _field("reporter", "Who reports, in which role", ", ".join(incident.roles), "Art. 73(1), 26(5)")
    yield _field("contact", "Contact", incident.owner, "for questions of the authority")
    yield _field("systems", "System", _systems(incident, names), "Art. 73(1)")
    yield _field("versions", "Version served then", _versions(incident), "Art. 73(6)")
    yield _field("states", "Member States where it occurred", ", ".join(incident.member_states), "Art. 73(1)")
    yield _field("occurred_at", "When it occurred", _time(incident.occurred_at), "Art. 73(1)")
    yield _field("aware_at", "When the organisation became aware", _time(incident.aware_at), "Art. 73(2)-(4)")
    yield _field("awareness", "By what it became aware", incident.awareness, "Art. 73(2)-(4)")
    harms = [one.value.replace("_", " ") for one in decided.harms] + (["widespread"] if decided.widespread else [])
    yield _field("harm", "Kind of serious incident", ", ".join(harms), "Art. 3(49), 73(3)-(4)")
    yield _field("description", "What happened", incident.description, "Art. 73(1)")
    persons = None if incident.affected_persons is None else str(incident.affected_persons)
    yield _field("persons", "Persons affected", persons, "Art. 73(2): severity")
    known = None if link.value == UNKNOWN else f"{link.value}, since {_time(decided.causal_link_at) or UNKNOWN}"
    yield _field("causal_link", "Causal link with the system", known, "Art. 73(2), (4)")
    yield _field("root_cause", "Cause, as far as investigated", incident.root_cause, "Art. 73(6)")
    yield _field("risk", "Risk assessment of the incident", decided.serious_reason, "Art. 73(6)")
    yield _field("measures", "Corrective action", _measures(incident), "Art. 73(6), 20")
    yield _field("preserved", "State preserved", _preserved(incident), "Art. 73(6)")
    yield _field("others", "Who else was told", _told(incident), "Art. 26(5), 73(7)")


def _breach(incident: Incident, recipient: IncidentRecipient, names: Mapping[str, str]) -> Iterator[DraftField]:
    decided = incident.assessment
    article = "Art. 34(2)" if recipient is IncidentRecipient.AFFECTED_PERSONS else "Art. 33(3)"
    aware = decided.breach_aware_at or incident.aware_at
    yield _field("aware_at", "When the organisation became aware", _time(aware), "Art. 33(1)")
    yield _field("nature", "Nature of the breach", incident.description, f"{article}(a)")
    yield _field("systems", "Systems concerned", _systems(incident, names), f"{article}(a)")
    persons = None if incident.affected_persons is None else str(incident.affected_persons)
    yield _field("persons", "Number of persons, about", persons, "Art. 33(3)(a)")
    yield _field("categories", "Categories of persons and records, number of records", None, "Art. 33(3)(a)")
    yield _field("contact", "Data protection officer or other contact", incident.owner, f"{article}(b)")
    risk = (
        None if decided.breach_risk.value == UNKNOWN else f"{decided.breach_risk.value}. {decided.breach_risk_reason}"
    )
    yield _field("consequences", "Likely consequences", risk, f"{article}(c)")
    yield _field("measures", "Measures taken or proposed", _measures(incident), f"{article}(d)")
    late = next((one.late_because for one in incident.reports if one.late_because), None)
    yield _field("delay", "Reasons for a delay over 72 hours", late, "Art. 33(1), where it is late")


def _field(name: str, title: str, value: str | None, asked_by: str) -> DraftField:
    return DraftField(name=name, title=title, value=value.strip() or None if value else None, asked_by=asked_by)


def _systems(incident: Incident, names: Mapping[str, str]) -> str:
    return "; ".join(f"{names.get(one, one)} ({one})" for one in incident.model_ids)


def _versions(incident: Incident) -> str:
    kept: tuple[PreservedModel, ...] = incident.preserved.models if incident.preserved else ()
    return "; ".join(f"{one.model_id}: {one.version or 'not known'}" for one in kept)


def _measures(incident: Incident) -> str:
    def state(done_at: datetime | None, dropped: str) -> str:
        return f"done {_time(done_at)}" if done_at else f"given up: {dropped}" if dropped else "planned"

    return "; ".join(
        f"{one.kind.value}: {one.title}, by {one.due.isoformat()} ({state(one.done_at, one.dropped_because)})"
        for one in incident.measures
    )


def _preserved(incident: Incident) -> str:
    kept = incident.preserved
    if kept is None or not kept.models:
        return ""
    findings = sum(len(one.evidence) for one in kept.models)
    trail = f"; audit checkpoint of {kept.trail.size} entries, root {kept.trail.root}" if kept.trail else ""
    return f"versions, configuration and policies by SHA-256, {findings} pieces of evidence, at {_time(kept.at)}{trail}"


def _told(incident: Incident) -> str:
    return "; ".join(
        f"{one.recipient.value.replace('_', ' ')} on {_time(one.sent_at)} ({one.stage.value.replace('_', ' ')})"
        for one in incident.reports
    )


def _time(at: datetime | None) -> str | None:
    return None if at is None else f"{at:%Y-%m-%d %H:%M} UTC"


def as_markdown(draft: IncidentDraft) -> str:
    """A draft as a page of Markdown; what is not on record is marked."""
    to, stage = draft.recipient.value.replace("_", " "), draft.stage.value.replace("_", " ")
    due = f"Due {_time(draft.due)}." if draft.due else "No clock waits for it."
    rows = [(one.title, one.value or "[unknown: to be found out]", one.asked_by) for one in draft.fields]
    missing = f"Not known yet: {', '.join(draft.unknown)}." if draft.unknown else "Every field is filled in."
    return "\n\n".join(
        [
            f"# Incident {draft.incident_id}: {stage} report to the {to}",
            f"Draft of {_time(draft.made_at)}. {due} {plain(missing)}",
            table(("Field", "On record", "Asked by"), rows),
            draft.notice + "\n",
        ]
    )
