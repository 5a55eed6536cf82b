"""What the schedules do with all registers: alerts before a date, and what the entries show to compliance each day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any, Final

from syndic.alerting.alerts import receive_findings
from syndic.assessment import ORGANISATION
from syndic.models import Concern, Evidence, EvidenceChanged, Finding, FindingsChanged, RegisteredModel, Severity
from syndic.ports import Record
from syndic.records import list_models, renew_evidence
from syndic.registers.across import LISTED, due_everywhere, shown_of
from syndic.registers.clocks import ClockStanding, ClockState
from syndic.registers.keys import watch_key
from syndic.registers.listing import evidence_of, standing
from syndic.registers.models import Entry
from syndic.registers.register import Register
from syndic.registers.table import REGISTERS
from syndic.tasks.clouds import Clouds

AHEAD: Final = timedelta(days=95)
"""So far ahead entries are looked at: no clock of a register is due soon earlier, unless it is owed at once."""
RENEWED: Final = timedelta(days=3)
URGENT: Final = frozenset({ClockState.LATE, ClockState.DUE_SOON})


def watch_registers(clouds: Clouds) -> int:
    """Raise what is due soon or late in any register, and end what is not any more; returns the number of findings.

    Each entry is an alert of its own, about ``<kind>-<id>`` in place of a model, so that its own owner is told.
    """
    kept = clouds.store.get_many([LISTED.mark, *(watch_key(register.name) for register in REGISTERS)])
    due = due_everywhere(clouds.store, until=clouds.now() + AHEAD, read=kept)
    return sum(_watch(register, entries, kept.get(watch_key(register.name)), clouds) for register, entries in due)


def record_registers(clouds: Clouds, models: Iterable[RegisteredModel] | None = None) -> int:
    """Keep what the registers show of each model, or of those given; returns how much evidence was written."""
    read = clouds.store.get_many([LISTED.mark])
    return sum(
        _renew(shown_of(one.id, clouds.store, now=clouds.now(), read=read), clouds)
        for one in (list_models(clouds.store) if models is None else models)
    )


def record_organisation(clouds: Clouds) -> int:
    """Keep what the registers show of the organisation."""
    return _renew(shown_of(ORGANISATION, clouds.store, now=clouds.now()), clouds)


def _watch(register: Register[Any], due: Iterable[Entry], mark: Record | None, clouds: Clouds) -> int:
    now = clouds.now()
    urgent: dict[str, tuple[Entry, ClockStanding]] = {}
    for entry in due:
        found = standing(register, entry, now)
        worst = next((one for one in found.clocks if one.state in URGENT and one.state is found.worst), None)
        if worst is not None:
            urgent[entry.id] = (entry, worst)
    before: dict[str, str] = dict(mark.body["raised"]) if mark else {}
    raised = {
        identity: f"{clock.name} {clock.state.value} {register.severity(clock).value}"
        for identity, (_, clock) in urgent.items()
    }
    if raised == before:
        return 0
    findings = [
        _finding(register, identity, clouds, urgent.get(identity))
        for identity in sorted(raised.keys() | before.keys())
        if raised.get(identity) != before.get(identity)
    ]
    receive_findings(FindingsChanged(findings=tuple(findings)), store=clouds.store, audit=clouds.audit, now=now)
    for entry, _ in urgent.values():
        if raised[entry.id] != before.get(entry.id):
            _tell_compliance(register, entry, clouds)
    clouds.store.put(Record(watch_key(register.name), {"raised": raised}), expect=mark.etag if mark else None)
    return len(findings)


def _tell_compliance(register: Register[Any], entry: Entry, clouds: Clouds) -> None:
    """A date that passes changes what the entries show, though nobody changed one."""
    for model_id in (*entry.model_ids, ORGANISATION):
        shown = evidence_of(register, clouds.store, model_id, now=clouds.now())
        kinds = renew_evidence(clouds.store, shown, every=timedelta(days=3650))
        if kinds:
            clouds.bus.publish([EvidenceChanged(model_id=model_id, kinds=tuple(kinds))])


def _renew(shown: Iterable[Evidence], clouds: Clouds) -> int:
    return len(renew_evidence(clouds.store, shown, every=RENEWED))


def _finding(
    register: Register[Any], identity: str, clouds: Clouds, urgent: tuple[Entry, ClockStanding] | None
) -> Finding:
    about = f"{register.kind}-{identity}"
    if urgent is None:
        severity, owner, reason = Severity.NONE, None, "nothing of it is due soon any more"
        title, remedy = f"{register.kind} {identity}: well again", "Nothing needs to be done."
    else:
        entry, clock = urgent
        severity, owner = register.severity(clock), entry.owner
        late = clock.state is ClockState.LATE
        title = f"{register.kind} {identity}: {clock.title}"
        when = f"{clock.due:%Y-%m-%d %H:%M} UTC"
        reason = f"it was due on {when}" if late else f"it is due on {when}" + (", and owed at once" * clock.at_once)
        remedy = f"Open the {register.kind} (/{register.name}/{identity}) and do what is owed, or record why it is not."
    return Finding(
        id=f"register.{register.name}.{identity}.{clouds.now():%Y%m%dT%H%M%S}",
        model_id=about,
        model_name=f"{register.kind} {identity}",
        owner=owner or clouds.settings.mail_fallback,
        concern=Concern.COMPLIANCE,
        subject=identity,
        measure="due",
        severity=severity,
        title=title,
        reason=reason,
        remedy=remedy,
        found_at=clouds.now(),
    )
