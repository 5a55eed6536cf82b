"""The register of AI systems: its rules, what is missing of an entry, and what it shows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from pydantic import JsonValue

from syndic.canonical import sha256_of
from syndic.errors import ConflictError, InvalidInputError
from syndic.models import Evidence, EvidenceStatus, RegisteredModel
from syndic.registers.models import Step, end_of_day, midnight_after
from syndic.registers.register import Register
from syndic.registers.systems.models import LifeState, OperatorRole, SystemEntry, SystemOrigin
from syndic.substance import is_placeholder, says_something

KIND: Final = "inventory.entry"
SUPPLIED: Final = frozenset({SystemOrigin.BOUGHT_SOFTWARE, SystemOrigin.GENERAL_PURPOSE_MODEL})

_STEPS: Final[Mapping[str, tuple[str, ...]]] = {
    LifeState.IDEA: (LifeState.PILOT, LifeState.IN_USE, LifeState.RETIRED),
    LifeState.PILOT: (LifeState.IDEA, LifeState.IN_USE, LifeState.RETIRED),
    LifeState.IN_USE: (LifeState.PILOT, LifeState.RETIRED),
    LifeState.RETIRED: (),  # stays readable for ever
}


def moved(entry: SystemEntry, state: LifeState, now: datetime) -> SystemEntry:
    """The entry in another state of its life. Raises `ConflictError` for a step that there is not."""
    if entry.state == state:
        return entry
    if state not in _STEPS[entry.state]:
        raise ConflictError(f"a system that is {entry.state} does not become {state.value}")
    return entry.model_copy(update={"state": state.value, "closed_at": now if state is LifeState.RETIRED else None})


def changed(values: Mapping[str, Any]) -> Callable[[SystemEntry], SystemEntry]:
    """A rule that gives fields of an entry other values. What is retired is not changed."""

    def rule(entry: SystemEntry) -> SystemEntry:
        after = entry.model_copy(update=dict(values))
        if after != entry and entry.closed_at is not None:
            raise ConflictError("the system is retired: it can be read, not changed")
        return after

    return rule


def reviewed(entry: SystemEntry, *, next_review: date, actor: str, now: datetime) -> SystemEntry:
    """The entry as looked at today, and when it is looked at next."""
    if entry.closed_at is not None:
        raise ConflictError("the system is retired: nothing is reviewed any more")
    if next_review <= now.date():
        raise InvalidInputError(f"{next_review.isoformat()} is not after today", where="next_review")
    update = {"review_due": next_review, "reviewed_at": now.date(), "reviewed_by": actor}
    return entry.model_copy(update=update)


def missing_of(entry: SystemEntry, model: RegisteredModel, answers: Mapping[str, JsonValue] | None) -> tuple[str, ...]:
    """What is still to be said of a system, each with what it is for; empty when nothing is.

    Args:
        entry: In the inventory.
        model: Its registered model.
        answers: The facts of the questionnaire on the AI Act; None when it was not answered.
    """
    purpose = model.intended_purpose
    found = [
        (not purpose or not says_something(purpose), "intended_purpose: what it is used for, in words"),
        (not entry.roles, "roles: what the organisation is for it (provider, deployer, ...)"),
        (
            entry.origin in SUPPLIED and entry.vendor_id is None
            and (not entry.supplier.strip() or is_placeholder(entry.supplier)),
            "supplier: who supplies it",
        ),
        (not entry.data_categories, "data_categories: what kinds of data go in"),
        (not entry.countries, "countries: where it is used"),
        (entry.review_due is None, "review_due: when somebody looks at it again"),
        (model.served_version is None, "version: without it no signature or document can be about a version"),
        (answers is None, "classification: the questionnaire ai_act is not answered, so no duty is known to apply"),
        (model.risk is None, "risk: nobody has decided on the risk level"),
    ]  # fmt: skip
    return tuple(text for holds, text in found if holds)


def differences_of(entry: SystemEntry, answers: Mapping[str, JsonValue] | None) -> tuple[str, ...]:
    """Where the inventory and the answers to the questionnaire say different things on the organisation's role.

    Who becomes provider by Art. 25 is one by the answers without having said so here; that is told too.
    """
    if answers is None:
        return ()
    said = set(entry.roles)
    return tuple(
        f"{role.value}: the inventory says {'yes' if role in said else 'no'}, the questionnaire "
        f"{'yes' if answers[role.value] else 'no'}"
        for role in OperatorRole
        if role.value in answers and bool(answers[role.value]) is not (role in said)
    )


def _shown(model_id: str, entries: Sequence[SystemEntry], now: datetime) -> tuple[Evidence, ...]:
    entry = next((one for one in entries if one.model_ids == (model_id,)), None)
    if entry is None:
        return ()
    facts: dict[str, JsonValue] = {
        "life_state": entry.state,
        "origin": entry.origin.value,
        "roles": [role.value for role in entry.roles],
        "supplier_named": entry.vendor_id is not None or bool(entry.supplier.strip()),
        "data_categories": [one.value for one in entry.data_categories],
        "countries": list(entry.countries),
        "review_due": entry.review_due.isoformat() if entry.review_due else None,
    }
    until = midnight_after(entry.review_due) if entry.review_due and entry.closed_at is None else None
    shown = Evidence(
        kind=KIND, model_id=model_id, status=EvidenceStatus.PASSING,
        summary=f"in the inventory: {entry.state}, {entry.origin.value.replace('_', ' ')}", facts=facts,
        source=f"system/{entry.id}", sha256=sha256_of(facts), produced_at=now, expires_at=until,
    )  # fmt: skip
    return (shown,)


def _steps(entry: SystemEntry, _now: datetime) -> tuple[Step, ...]:
    if entry.closed_at is not None:
        return ()
    states = " or ".join(_STEPS[entry.state])
    due = end_of_day(entry.review_due) if entry.review_due else None
    return (
        Step(name="change", title=f"Say more of it, or move it on: {states}", asks=("state",)),
        Step(name="review", title="Review it", asks=("next_review",), due=due),
    )


SYSTEMS: Final = Register(
    "systems", "system", SystemEntry, evidence=_shown, steps=_steps,
    words=lambda one: {"origin": (one.origin.value,), "vendor": (one.vendor_id,) if one.vendor_id else ()},
    plain=frozenset({"origin", "roles", "data_categories", "countries", "vendor_id"}),
)  # fmt: skip
