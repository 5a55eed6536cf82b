"""Whether what runs is what a plan says. Pure: the same plan, schedules, runs and time give the same answer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Final

from pydantic import JsonValue

from syndic.canonical import sha256_of
from syndic.models import to_json
from syndic.registers.monitoring.models import (
    LENGTHS,
    Monitored,
    MonitoringPlan,
    PlanDifference,
    PlannedCheck,
    PlanSeen,
    PlanStatements,
)
from syndic.substance import says_something

WINDOWS: Final = 2
"""A check is overdue when this many windows could have been checked since the last one and none was."""

NOT_COMPARED: Final = frozenset({"model_id", "checks"})


def digest_of(content: Monitored, statements: PlanStatements) -> str:
    """The SHA-256 of a plan in canonical form."""
    return sha256_of({"content": to_json(content), "statements": to_json(statements)})


def differences(planned: Monitored, now: Monitored) -> tuple[PlanDifference, ...]:
    """What is not as planned, field by field; of a check its policy, and whether it runs."""
    before, after = to_json(planned), to_json(now)
    found = [
        PlanDifference(field=name, planned=before[name], now=after[name])
        for name in Monitored.model_fields
        if name not in NOT_COMPARED and before[name] != after[name]
    ]
    found += _of_checks(planned, now)
    return tuple(found)


def _of_checks(planned: Monitored, now: Monitored) -> Iterator[PlanDifference]:
    present = {one.check: one for one in now.checks}
    for check in planned.checks:
        other = present.get(check.check)
        if other is None or check.runs is not other.runs:
            said: JsonValue = "not there" if other is None else _says(other)
            yield PlanDifference(field=f"checks.{check.check}", planned=_says(check), now=said)
        elif check.policy_sha256 != other.policy_sha256:
            names = [name for name in sorted({*check.rules, *other.rules})
                     if check.rules.get(name) != other.rules.get(name)]  # fmt: skip
            yield PlanDifference(
                field=f"checks.{check.check}.policy",
                planned={name: check.rules.get(name) for name in names},
                now={name: other.rules.get(name) for name in names},
            )


def _says(check: PlannedCheck) -> JsonValue:
    return "runs" if check.runs else f"does not run: {check.why_not}"


def overdue(plan: MonitoringPlan, last_runs: Mapping[str, datetime], now: datetime) -> tuple[str, ...]:
    """The planned checks that did not run in time, each with what was planned and since when nothing ran.

    Args:
        plan: What is planned; it is held to it from its approval on.
        last_runs: Of each check the end of the newest window that it answered, whatever the answer.
        now: The time.
    """
    content = plan.content
    found = []
    for check in content.checks:
        if not check.runs:
            continue
        held_from = plan.approved_at or now
        since = max(last_runs.get(check.check, held_from), held_from)
        allowed = LENGTHS[content.window] * WINDOWS + content.lateness
        if check.check == "performance":
            allowed += timedelta(days=content.label_delay_days)
        if now - since > allowed:
            found.append(f"{check.check}: planned for every {content.window.value}, none since {since:%Y-%m-%d %H:%M}")
    return tuple(found)


def seen_now(plan: MonitoringPlan, running: Monitored, last_runs: Mapping[str, datetime], now: datetime) -> PlanSeen:
    """What is seen of a plan now, in few words."""
    late = overdue(plan, last_runs, now)
    return PlanSeen(
        overdue=late,
        overdue_since=(plan.seen.overdue_since or now.date() - timedelta(days=1)) if late else None,
        differences=tuple(one.field for one in differences(plan.content, running)),
    )


def missing_of(content: Monitored, statements: PlanStatements) -> tuple[str, ...]:
    """What keeps a plan from being one: no check runs, nobody is told, or Art. 72 asks for what nobody wrote."""
    found = [
        (not any(one.runs for one in content.checks), "checks: none runs by itself, so that nothing is monitored"),
        (not content.told, "told: an alert reaches nobody"),
        (content.owner is None, "owner: nobody answers for the model"),
        (not content.purpose, "purpose: the model's record does not say what it is for"),
        *(
            (not says_something(getattr(statements, name)), f"statements.{name}: {field.description}")
            for name, field in PlanStatements.model_fields.items()
        ),
    ]
    return tuple(text for holds, text in found if holds)
