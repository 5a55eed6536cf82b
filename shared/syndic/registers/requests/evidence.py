"""What the register shows: whether requests on record were answered in time, by right. Pure.

That none is on record shows no more than that. Requirements that rest on these kinds keep their signature, which says
that each request was recorded. A late answer stays a finding for a year.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final

from pydantic import JsonValue

from syndic.assessment import ORGANISATION
from syndic.canonical import sha256_of
from syndic.models import Evidence, EvidenceStatus
from syndic.registers.clocks import ClockState, next_due, state_of
from syndic.registers.requests.models import (
    PersonRequest,
    PersonRequestState,
    PersonRight,
    RequestAnswer,
    RequestOutcome,
)

PERIOD: Final = timedelta(days=365)
VALID_FOR: Final = timedelta(days=7)
EXPLANATION: Final = "requests.explanation"
OF_THE_CONTROLLER: Final[dict[str, tuple[PersonRight, ...]]] = {
    "requests.access": (PersonRight.ACCESS,),
    "requests.rectification": (PersonRight.RECTIFICATION,),
    "requests.erasure": (PersonRight.ERASURE,),
    "requests.restriction": (PersonRight.RESTRICTION,),
    "requests.portability": (PersonRight.PORTABILITY,),
    "requests.objection": (PersonRight.OBJECTION,),
    "requests.automated": (PersonRight.HUMAN_INTERVENTION,),
    "requests.consent": (PersonRight.CONSENT_WITHDRAWAL,),
    "requests.handled": tuple(PersonRight),
}
"""The controller answers for all its processing alike, so these are about the organisation."""


def request_evidence(model_id: str, requests: Sequence[PersonRequest], now: datetime) -> tuple[Evidence, ...]:
    """What the requests of the organisation show, or the requests for an explanation of a model's decisions."""
    if model_id != ORGANISATION:
        return (_shown(EXPLANATION, (PersonRight.EXPLANATION,), model_id, requests, now),)
    without = [one for one in requests if not one.model_ids]
    kinds = (_shown(kind, rights, model_id, requests, now) for kind, rights in OF_THE_CONTROLLER.items())
    return (*kinds, _shown(EXPLANATION, (PersonRight.EXPLANATION,), model_id, without, now))


def _shown(
    kind: str, rights: Sequence[PersonRight], model_id: str, requests: Sequence[PersonRequest], now: datetime
) -> Evidence:
    own = [one for one in requests if one.right in rights]
    still = [one for one in own if one.closed_at is None]
    late = [one for one in still if any(state_of(clock, now) is ClockState.LATE for clock in one.clocks)]
    done = [one for one in own if one.state is PersonRequestState.ANSWERED and one.answer is not None]
    missed = [
        one
        for one in done
        if any(
            state_of(clock, now) is ClockState.MET_LATE and clock.met_at is not None and clock.met_at > now - PERIOD
            for clock in one.clocks
        )
    ]
    before = [one for one in own if one not in missed and any(_was_late(it, now) for it in one.earlier_answers)]
    missed += before  # opened again, or taken back since: it was answered late all the same
    facts: dict[str, JsonValue] = {
        "recorded": len(own),
        "open": len(still),
        "late": len(late),
        "answered": len(done),
        "answered_late": len(missed),
        "refused": sum(one.answer is not None and one.answer.outcome is RequestOutcome.REFUSED for one in done),
        "missed": list[JsonValue](sorted({one.id for one in (*late, *missed)})[:20]),
        # by whatever right: who asks about a model is a person whose data it processes
        **({} if model_id == ORGANISATION else {"of_this_model": len(requests)}),
    }
    said = (
        f"{len(own)} requests on record: {len(still)} open, {len(late)} of them late; {len(missed)} were answered late "
        "in a year"
        if own
        else "no such request is on record, which does not show that there was none"
    )
    until = next_due(clock for one in still for clock in one.clocks)
    ends = until if until is not None and now < until < now + VALID_FOR else now + VALID_FOR
    return Evidence(
        kind=kind, model_id=model_id, status=EvidenceStatus.FAILING if late or missed else EvidenceStatus.PASSING,
        summary=said, facts=facts, source=f"requests/{model_id}", sha256=sha256_of(facts), produced_at=now,
        expires_at=ends,
    )  # fmt: skip


def _was_late(answer: RequestAnswer, now: datetime) -> bool:
    """Whether an answer that another one followed came late, within the last year: a late one says why."""
    return bool(answer.late_because) and answer.at > now - PERIOD
