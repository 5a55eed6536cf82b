"""Dates to come: when requirements enter into force and when what they rest on runs out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta

from syndic.assessment import Deadline, FrameworkStatus, State


def upcoming(statuses: Iterable[FrameworkStatus], *, now: datetime, within: timedelta) -> tuple[Deadline, ...]:
    """Entries into force and expiries in the time to come, by date. Each expiring thing is named once."""
    found: dict[tuple[str, str, str], Deadline] = {}
    for status in statuses:
        for item in status.requirements:
            if item.state is State.NOT_APPLICABLE:
                continue
            if item.applies_from is not None:
                on = datetime.combine(item.applies_from, time.min, UTC)
                what = f"{item.title} applies; ready today: {item.if_in_force.word}"
                found[status.framework_id, item.requirement_id, "applies"] = Deadline(
                    framework_id=status.framework_id,
                    requirement_id=item.requirement_id,
                    title=item.title,
                    on=on,
                    kind="applies",
                    what=what,
                )
            for reference in item.evidence:
                if reference.expires_at is not None:
                    found.setdefault(
                        (reference.model_id, reference.kind, "expires"),
                        Deadline(
                            framework_id=status.framework_id,
                            requirement_id=item.requirement_id,
                            title=item.title,
                            on=reference.expires_at,
                            kind="expires",
                            what=f"{reference.kind} runs out",
                        ),
                    )
    return tuple(
        sorted(
            (item for item in found.values() if now <= item.on <= now + within),
            key=lambda item: (item.on, item.framework_id, item.requirement_id, item.kind),
        )
    )
