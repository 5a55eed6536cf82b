"""Where an alert stands, from what was seen and what people did: what holds, and what is over. Pure."""

from __future__ import annotations

from datetime import datetime

from syndic.alerting.models import Alert, AlertRecord, AlertState, Snooze, Standing
from syndic.models import Severity


def state_of(record: AlertRecord, now: datetime) -> AlertState:
    """Where an alert stands at a time."""
    if record.severity is Severity.NONE or _resolution(record) is not None:
        return AlertState.RESOLVED
    if _snooze(record, now) is not None:
        return AlertState.SNOOZED
    if _holds(record.acknowledgement, record):
        return AlertState.ACKNOWLEDGED
    return AlertState.OPEN


def derive(record: AlertRecord, now: datetime) -> Alert:
    """The alert as it stands at a time."""
    lead, state = record.lead, state_of(record, now)
    resolution, snooze = _resolution(record), _snooze(record, now)
    seen = record.acknowledgement if state is AlertState.ACKNOWLEDGED else None
    standing = {AlertState.RESOLVED: resolution, AlertState.SNOOZED: snooze}.get(state, seen)
    return Alert(
        id=record.id,
        model_id=lead.model_id,
        model_name=lead.model_name,
        owner=lead.owner,
        concern=lead.concern,
        state=state,
        severity=Severity.NONE if state is AlertState.RESOLVED else record.severity,
        recovering=record.recovering,
        worst=record.worst,
        subject_key=lead.subject_key,
        subject=lead.subject,
        measure=lead.measure,
        title=lead.title,
        reason=lead.reason,
        remedy=lead.remedy,
        value=lead.value,
        threshold=lead.threshold,
        report_id=lead.report_id,
        first_seen=record.first_seen,
        last_seen=record.last_seen,
        windows=record.windows,
        windows_seen=record.windows_seen,
        history=record.history,
        members=record.members,
        findings=record.findings,
        acknowledged_by=seen.by if seen else None,
        acknowledged_at=seen.at if seen else None,
        note=standing.note if standing else "",
        snoozed_until=snooze.until if snooze and state is AlertState.SNOOZED else None,
        snoozed_by=snooze.by if snooze and state is AlertState.SNOOZED else None,
        resolved_by=resolution.by if resolution and record.severity is not Severity.NONE else None,
        assignee=record.assignment.to if record.assignment else None,
        actions=record.actions,
        notified_at=record.notice.at if record.notice else None,
        notice_unconfirmed=record.notice is not None and not record.notice.confirmed,
        opened_at=record.opened_at,
    )


def is_pending(record: AlertRecord, now: datetime) -> bool:
    """Whether the owner has still to be told: the alert is open, and new, back or worse than what they were told."""
    if state_of(record, now) is not AlertState.OPEN:
        return False
    notice = record.notice
    return notice is None or record.first_seen > notice.first_seen or record.severity.rank > notice.severity.rank


def _resolution(record: AlertRecord) -> Standing | None:
    """A person's word that it is over; newer data that show the trouble open it again."""
    found = record.resolution
    if found is None or not _holds(found, record) or found.seen_until < record.last_seen:
        return None
    return found


def _snooze(record: AlertRecord, now: datetime) -> Snooze | None:
    found = record.snooze
    return found if found is not None and _holds(found, record) and now < found.until else None


def _holds(standing: Standing | None, record: AlertRecord) -> bool:
    """Whether what a person did is about the present episode, and it has not become worse since."""
    if standing is None or record.severity.rank > standing.severity.rank:
        return False
    return standing.seen_until > record.first_seen or standing.seen_until >= record.last_seen
