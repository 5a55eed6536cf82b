"""What may be done with a risk, as functions from one state of it to the next. Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from syndic.canonical import sha256_of
from syndic.errors import ConflictError, InvalidInputError, NotAllowedError
from syndic.registers.models import Step
from syndic.registers.risks.models import (
    MOST_CONTROLS,
    ResidualDecision,
    ResidualDecisionKind,
    Risk,
    RiskControl,
    RiskImpact,
    RiskLevels,
    RiskLikelihood,
    RiskRating,
    RiskReview,
    RiskState,
)
from syndic.substance import in_a_sentence, says_something

LONGEST: Final = timedelta(days=366)
"""For which a decision holds at most."""
GRAVE: Final = frozenset({RiskRating.HIGH, RiskRating.CRITICAL})
DECIDERS: Final = frozenset({"risk owner", "compliance officer"})
"""Roles that may decide on a residual risk that is high or critical; on others its owner may as well."""
OWNER: Final = "owner"


def settled(risk: Risk) -> Risk:
    """The risk with the state that follows from what is known of it."""
    if risk.closed_at is not None:
        state = RiskState.CLOSED
    elif risk.inherent is None or risk.residual is None:
        state = RiskState.IDENTIFIED
    elif risk.decision is None:
        state = RiskState.ASSESSED
    else:
        state = RiskState.ACCEPTED if risk.decision.kind is ResidualDecisionKind.ACCEPT else RiskState.TREATED
    return risk.model_copy(update={"state": state})


def assessed(risk: Risk, inherent: RiskLevels, residual: RiskLevels | None) -> Risk:
    """The risk by other levels. A decision that was made on others falls away.

    Raises `InvalidInputError` when more is left of it than was there, or less although no control is in place.
    """
    _open(risk)
    for where, levels in (("inherent", inherent), ("residual", residual)):
        if levels is not None and not says_something(levels.reason):
            raise InvalidInputError(in_a_sentence("say why likelihood and impact are seen so"), where=f"{where}.reason")
    if residual is not None:
        before, after = _ranks(inherent), _ranks(residual)
        if after[0] > before[0] or after[1] > before[1]:
            raise InvalidInputError(
                "what is left of a risk is not more than the risk without controls", where="residual"
            )
        if after != before and not any(one.done_at is not None for one in risk.controls):
            raise InvalidInputError("is less than the inherent risk, though no control is in place", where="residual")
    changed = (risk.inherent, risk.residual) != (inherent, residual)
    decision = None if changed else risk.decision
    return settled(risk.model_copy(update={"inherent": inherent, "residual": residual, "decision": decision}))


def decided(
    risk: Risk, kind: ResidualDecisionKind, *, role: str, by: str, roles: Collection[str], owns: bool, reason: str,
    expires: date, now: datetime,
) -> Risk:  # fmt: skip
    """The risk with a decision on what is left of it.

    Args:
        risk: The risk.
        kind: What is decided.
        role: The role in which it is: one that the person holds, or ``owner``.
        by: Who decides.
        roles: The roles that the person holds.
        owns: Whether the person owns the risk.
        reason: Why.
        expires: Until when it holds, at most 366 days.
        now: The time.

    Raises `NotAllowedError` for a role that the person does not hold or that may not decide on a risk as grave.
    """
    _open(risk)
    if risk.residual is None:
        raise ConflictError("nothing is known of the residual risk: assess it first")
    if role not in roles and not (role == OWNER and owns):
        raise NotAllowedError(f"only somebody in the role {role!r} decides in it")
    if risk.residual.rating in GRAVE and role not in DECIDERS:
        raise NotAllowedError(f"on a {risk.residual.rating} residual risk decides: {', '.join(sorted(DECIDERS))}")
    if role != OWNER and role not in DECIDERS:
        raise NotAllowedError(f"on a residual risk decides: its owner, {', '.join(sorted(DECIDERS))}")
    if not says_something(reason):
        raise InvalidInputError(in_a_sentence("say why"), where="reason")
    if not now.date() < expires <= (now + LONGEST).date():
        raise InvalidInputError(f"is a day to come, at most {LONGEST.days} days ahead", where="expires")
    if kind is ResidualDecisionKind.ACCEPT and (waits := [one.title for one in risk.controls if one.is_open]):
        raise ConflictError(f"controls are not in place on which it rests: {', '.join(waits[:3])}")
    if kind is ResidualDecisionKind.TREAT and not any(one.is_open for one in risk.controls):
        raise ConflictError("it is to be treated, but no control is planned: record one first")
    made = ResidualDecision(
        kind=kind, role=role, by=by, at=now, reason=reason, expires=expires, levels=risk.residual
    )  # fmt: skip
    same = risk.decision is not None and risk.decision.model_copy(update={"at": now}) == made
    return risk if same else settled(risk.model_copy(update={"decision": made}))


def reviewed(risk: Risk, *, note: str, by: str, now: datetime) -> Risk:
    """The risk looked at again: the next review is due a period later."""
    _open(risk)
    if not says_something(note):
        raise InvalidInputError(in_a_sentence("say what was looked at and what was found"), where="note")
    known = risk.last_review
    if known is not None and (known.by, known.note) == (by, note) and now - known.at < timedelta(hours=1):
        return risk
    due = (now + timedelta(days=risk.review_every_days)).date()
    review = RiskReview(by=by, at=now, note=note)
    return settled(risk.model_copy(update={"last_review": review, "review_due": due}))


def with_control(risk: Risk, given: dict[str, Any]) -> Risk:
    """The risk with one more control; the same given again changes nothing."""
    _open(risk)
    written = {name: str(value) for name, value in sorted(given.items())}
    identity = sha256_of([risk.id, written])[:12]
    if any(one.id == identity for one in risk.controls):
        return risk
    if len(risk.controls) >= MOST_CONTROLS:
        raise ConflictError(f"{MOST_CONTROLS} controls are on record: no more are kept")
    return settled(risk.model_copy(update={"controls": (*risk.controls, RiskControl(id=identity, **given))}))


def with_changed_control(risk: Risk, identity: str, update: dict[str, Any], now: datetime) -> Risk:
    """The risk with a control in place, given up with a reason, or of another owner or day.

    A control that is no longer in place takes the decision with it that rested on it.
    """
    _open(risk)
    before = next((one for one in risk.controls if one.id == identity), None)
    if before is None:
        raise InvalidInputError(f"there is no control {identity!r}", where="control_id")
    if "dropped_because" in update and not says_something(update["dropped_because"]):
        raise InvalidInputError(in_a_sentence("say why it is given up"), where="dropped_because")
    values = {name: value for name, value in update.items() if name != "done"}
    if "done" in update:
        values["done_at"] = (before.done_at or now) if update["done"] else None
    after = before.model_copy(update=values)
    lost = before.done_at is not None and (after.done_at is None or bool(after.dropped_because))
    controls = tuple(after if one.id == identity else one for one in risk.controls)
    fallen = {"decision": None, "residual": None} if lost else {}
    return settled(risk.model_copy(update={"controls": controls, **fallen}))


def closed(risk: Risk, *, conclusion: str, now: datetime) -> Risk:
    """The risk closed: it does not exist any more. An accepted risk stays open, for it is still there."""
    if risk.closed_at is not None and risk.conclusion == conclusion:
        return risk
    _open(risk)
    if not says_something(conclusion):
        raise InvalidInputError(in_a_sentence("say why the risk does not exist any more"), where="conclusion")
    return settled(risk.model_copy(update={"closed_at": now, "conclusion": conclusion}))


def reopened(risk: Risk) -> Risk:
    """The risk open again; what was decided of it has to be decided anew."""
    if risk.closed_at is None:
        return risk
    return settled(risk.model_copy(update={"closed_at": None, "decision": None}))


def steps_of(risk: Risk, now: datetime) -> Sequence[Step]:
    """What may be done with a risk as it stands."""
    return tuple(_steps(risk, now))


def _steps(risk: Risk, now: datetime) -> Iterator[Step]:
    if risk.closed_at is not None:
        yield Step(name="reopen", title="Open it again", asks=("reason",))
        return
    if risk.state is RiskState.IDENTIFIED:
        yield Step(name="assess", title="Assess likelihood and impact", asks=("inherent", "residual"))
    else:
        again = risk.decision is not None and risk.decision.expires < now.date()
        title = "Decide on it again: the decision has run out" if again else "Decide on what is left of it"
        yield Step(name="decide", title=title, asks=("kind", "role", "reason", "expires"))
        yield Step(name="assess", title="Assess it anew", asks=("inherent", "residual"))
    yield Step(name="control", title="Record a control", asks=("kind", "title", "owner", "due"))
    yield Step(name="review", title="Record that it was looked at again", asks=("note",))
    yield Step(name="close", title="It does not exist any more", asks=("conclusion",))


def _ranks(levels: RiskLevels) -> tuple[int, int]:
    return list(RiskLikelihood).index(levels.likelihood), list(RiskImpact).index(levels.impact)


def _open(risk: Risk) -> None:
    if risk.closed_at is not None:
        raise ConflictError(f"the risk was closed on {risk.closed_at:%Y-%m-%d}: open it again first")
