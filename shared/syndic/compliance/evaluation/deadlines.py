"""Dates to come: when requirements enter into force and when what they rest on runs out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from pydantic import Field

from syndic.assessment import Deadline, FrameworkStatus, State
from syndic.models import Moment, Noun


class LegalDate(Noun):
    """A date to come at a model: when requirements of a framework enter into force, or when a thing runs out."""

    model_id: str
    model_name: str
    owner: str | None = None
    framework_id: str
    framework_title: str
    kind: Literal["applies", "expires"]
    on: Moment
    what: str
    requirements: tuple[str, ...] = Field(description="that it is about, by id")


def legal_dates(statuses: Iterable[FrameworkStatus], *, now: datetime, within: timedelta) -> tuple[LegalDate, ...]:
    """The dates of models, the next first. What enters into force on one day, of one framework, is told once."""
    found: list[LegalDate] = []
    for status in statuses:
        together: dict[tuple[str, datetime, str], list[str]] = {}
        for one in upcoming([status], now=now, within=within):
            what = "applies" if one.kind == "applies" else one.what
            together.setdefault((one.kind, one.on, what), []).append(one.requirement_id)
        for (kind, on, what), ids in together.items():
            many = f"{len(ids)} requirements apply" if len(ids) > 1 else "a requirement applies"
            found.append(
                LegalDate(
                    model_id=status.model_id, model_name=status.model_name, owner=status.owner,
                    framework_id=status.framework_id, framework_title=status.framework_title,
                    kind="applies" if kind == "applies" else "expires", on=on,
                    what=many if kind == "applies" else what, requirements=tuple(ids),
                )
            )  # fmt: skip
    return tuple(sorted(found, key=lambda it: (it.on, it.model_id, it.framework_id, it.what)))


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
