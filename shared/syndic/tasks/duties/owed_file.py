"""What of the law a model meets and what not, why, by when and who: one file of its evidence package, for people.

It is put together here, for it takes from compliance, the registry and the registers, which do not know each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

from syndic.assessment import FrameworkStatus, Remediation, RemediationStatus, RequirementState, State
from syndic.ports import Store
from syndic.registers.across import Held
from syndic.registers.listing import standing
from syndic.registers.markdown import plain, table
from syndic.registers.models import Entry
from syndic.registers.register import Register
from syndic.registry.audits import GovernanceCounts, audit_model
from syndic.reports.models import ModelSection, ReportContent

OWED: Final = (State.NOT_MET, State.INSUFFICIENT_EVIDENCE, State.EXPIRED, State.ATTESTATION_DUE)
"""States in which something is owed, the worst first."""

Entries = list[tuple[Register[Any], Entry]]
"""Entries on a model, each with its register."""


def owed_files(content: ReportContent, held: Mapping[str, Held], store: Store) -> Mapping[str, bytes]:
    """For each model of a report the file that says what is met, what is not, why, by when and who."""
    return {
        f"models/{section.model.id}/what-is-owed.md": _file(
            section, _in_packages(held[section.model.id]), store, content.as_of
        ).encode()
        for section in content.sections
    }


def _file(section: ModelSection, entries: Entries, store: Store, as_of: datetime) -> str:
    model = section.model
    counts = audit_model(store, model.id, now=as_of).counts
    parts = [
        f"# What is met and what is owed: {plain(model.name)}",
        _head(section, as_of),
        "## In numbers",
        table(("framework", "met", "in force and applicable", "owed", "not in force yet"), _numbers(section.statuses)),
        _registry(counts),
        table(("register", "open", "late", "closed"), _registers(entries, as_of)),
        "## Owed",
        *_table(("what", "state", "why", "by when", "who", "what to do"), _owed(section)),
        "## Not in force yet",
        *_table(("what", "from", "would stand today"), _later(section.statuses)),
        "## On the registers",
        *_table(("entry", "what", "state", "next", "due", "who"), _open(entries, as_of)),
        "## Met",
        *_table(("what", "title", "holds until"), _met(section.statuses)),
    ]
    return "\n\n".join(parts) + "\n"


def _head(section: ModelSection, as_of: datetime) -> str:
    model = section.model
    return (
        f"As of {as_of:%Y-%m-%d %H:%M} UTC, version {plain(model.served_version or 'unknown')}, owner "
        f"{plain(model.owner or 'nobody')}. A state says what the evidence on record supports; the judgements are in "
        "`statuses/`, and what they rest on is in `evidence/` and `registers/`."
    )


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> list[str]:
    found = list(rows)
    return [table(head, found)] if found else ["None."]


def _numbers(statuses: tuple[FrameworkStatus, ...]) -> Iterator[tuple[str, ...]]:
    for status in statuses:
        if status.requirements:
            counts, owed = status.counts, sum(status.counts[one] for one in OWED)
            met, later = counts[State.MET], counts[State.NOT_YET_IN_FORCE]
            yield (status.framework_title, str(met), str(met + owed), str(owed), str(later))


def _registry(counts: GovernanceCounts) -> str:
    words = {True: "complete", False: "not complete"}
    return (
        f"Requests for approval: {counts.approvals}, of which {counts.approved} approved and {counts.pending} pending. "
        f"Deployments: {counts.deployments}, the newest: {counts.latest_deployment or 'none'}. Model card: "
        f"{words[counts.model_card]}; data sheet: {words[counts.data_sheet]}."
    )


def _in_packages(held: Held) -> Entries:
    return [(register, one) for register, entries in held if register.in_packages for one in entries]


def _registers(entries: Entries, as_of: datetime) -> list[tuple[str, ...]]:
    found: dict[str, list[int]] = {}
    for register, entry in entries:
        numbers = found.setdefault(register.name.replace("_", " "), [0, 0, 0])
        numbers[2 if entry.closed_at is not None else 0] += 1
        numbers[1] += any(one.state.value == "late" for one in standing(register, entry, as_of).clocks)
    return [(name, *map(str, numbers)) for name, numbers in found.items()]


def _open(entries: Entries, as_of: datetime) -> Iterator[tuple[str, ...]]:
    for register, entry in entries:
        if entry.closed_at is None:
            stands = standing(register, entry, as_of)
            clock = min(
                (one for one in stands.clocks if one.state.value in _RUN), key=lambda one: one.due, default=None
            )
            steps = [one.title for one in stands.next_steps]
            due = (
                "" if clock is None else f"{clock.due:%Y-%m-%d} ({clock.state.value.replace('_', ' ')}): {clock.title}"
            )
            named = f"{register.kind} {entry.id}"
            yield (named, entry.title, str(entry.state).replace("_", " "), steps[0] if steps else "", due, entry.owner)


_RUN: Final = frozenset({"running", "due_soon", "late"})


def _each(statuses: tuple[FrameworkStatus, ...], *states: State) -> Iterator[tuple[FrameworkStatus, RequirementState]]:
    for state in states:
        for status in statuses:
            yield from ((status, one) for one in status.requirements if one.state is state)


def _owed(section: ModelSection) -> Iterator[tuple[str, ...]]:
    work = {
        (one.framework_id, one.requirement_id): one
        for one in section.remediations
        if one.status is not RemediationStatus.CLOSED
    }
    for status, one in _each(section.statuses, *OWED):
        remedied = work.get((status.framework_id, one.requirement_id))
        yield (
            f"{one.requirement_id} {one.title}", one.state.word, one.reason, _when(one, remedied),
            _who(one, remedied, section.model.owner), one.remedy,
        )  # fmt: skip


def _when(one: RequirementState, remedied: Remediation | None) -> str:
    """The day that somebody set for it, the period of the law, and since when it is owed."""
    said = [f"{remedied.due} (set for it)"] if remedied is not None else []
    if one.deadline:
        said.append(one.deadline)
    since = f"owed since {one.applies_from}" if one.applies_from is not None else "owed now"
    return "; ".join([*said, since])


def _who(one: RequirementState, remedied: Remediation | None, owner: str | None) -> str:
    """Who works on it, in which roles somebody has to sign, else the model's owner."""
    roles = sorted({part.role for part in one.parts if part.role is not None and part.state in OWED})
    signs = f"{', '.join(roles)} (signs)" if roles else None
    works = remedied.owner if remedied is not None else owner or "nobody owns the model"
    only = signs is not None and all(part.role is not None for part in one.parts if part.state in OWED)
    return signs if only and signs and remedied is None else "; ".join(filter(None, (works, signs)))


def _later(statuses: tuple[FrameworkStatus, ...]) -> Iterator[tuple[str, ...]]:
    rows = sorted(_each(statuses, State.NOT_YET_IN_FORCE), key=lambda it: it[1].applies_from or date.max)
    for _, one in rows:
        yield f"{one.requirement_id} {one.title}", str(one.applies_from or ""), one.if_in_force.word


def _met(statuses: tuple[FrameworkStatus, ...]) -> Iterator[tuple[str, ...]]:
    for _, one in _each(statuses, State.MET):
        yield one.requirement_id, one.title, f"{one.changes_at:%Y-%m-%d}" if one.changes_at else "evidence changes"
