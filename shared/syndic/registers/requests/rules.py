"""What may be done with a request, and its clock. Pure.

GDPR, Regulation (EU) 2016/679, Art. 12(3): action on requests under Art. 15 to 22 is told without undue delay and in
any event within one month of receipt; the period may be extended by two further months where necessary, of which the
person is told within the first month, with the reasons. Art. 12(4): that nothing is done, and why, is told within one
month too, which no extension changes, with the possibility of a complaint and of a judicial remedy. Art. 12(6): with
reasonable doubts about who asks, more may be asked for; the text gives no time for it, so the clock runs on.

AI Act, Regulation (EU) 2024/1689, Art. 86, and GDPR Art. 7(3) name no period: there a month is Syndic's own measure,
and the clock says so (`by_law` is false).
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from syndic.changes import AGAIN
from syndic.errors import ConflictError, InvalidInputError
from syndic.registers.clocks import Clock, Period, end_of, extended, met, moved, start_clock, stopped
from syndic.registers.models import Step
from syndic.registers.requests.models import (
    MOST_ANSWERS,
    IdentityCheck,
    PersonRequest,
    PersonRequestState,
    PersonRight,
    RefusalGround,
    RequestAnswer,
    RequestOutcome,
)

CLOCK: Final = "answer"
MONTH: Final = Period(months=1)
TWO_MORE: Final = Period(months=2)
BASES: Final[dict[PersonRight, str]] = {
    PersonRight.ACCESS: "Regulation (EU) 2016/679, Art. 12(3), 15",
    PersonRight.RECTIFICATION: "Regulation (EU) 2016/679, Art. 12(3), 16",
    PersonRight.ERASURE: "Regulation (EU) 2016/679, Art. 12(3), 17",
    PersonRight.RESTRICTION: "Regulation (EU) 2016/679, Art. 12(3), 18",
    PersonRight.PORTABILITY: "Regulation (EU) 2016/679, Art. 12(3), 20",
    PersonRight.OBJECTION: "Regulation (EU) 2016/679, Art. 12(3), 21",
    PersonRight.HUMAN_INTERVENTION: "Regulation (EU) 2016/679, Art. 12(3), 22(3)",
    PersonRight.CONSENT_WITHDRAWAL: "Regulation (EU) 2016/679, Art. 7(3), which names no period",
    PersonRight.EXPLANATION: "Regulation (EU) 2024/1689, Art. 86, which names no period",
}
NO_PERIOD: Final = frozenset({PersonRight.CONSENT_WITHDRAWAL, PersonRight.EXPLANATION})
OPEN: Final = frozenset(
    {PersonRequestState.RECEIVED, PersonRequestState.IDENTITY_ASKED, PersonRequestState.IN_PROGRESS}
)


def clock_of(right: PersonRight, received_at: datetime) -> Clock:
    """The clock of a request from the day it came."""
    title = f"Answer the request ({right.value.replace('_', ' ')})"
    clock = start_clock(
        CLOCK, title, MONTH, legal_basis=BASES[right], started_at=received_at, from_what="receipt of the request"
    )
    return clock.model_copy(update={"by_law": right not in NO_PERIOD})


def check_received(received_at: datetime, now: datetime) -> None:
    """Raise `InvalidInputError` for a request that came in the future."""
    if received_at > now:
        raise InvalidInputError("is in the future", where="received_at")


def identify(request: PersonRequest, identity: IdentityCheck, *, at: datetime) -> PersonRequest:
    """Say whether it is known who asks. The clock runs on."""
    _require_open(request)
    if request.identity is identity:
        return request
    if identity is IdentityCheck.NOT_CHECKED:
        raise InvalidInputError("say what was found: asked, confirmed, not_needed or failed", where="identity")
    state = {IdentityCheck.ASKED: PersonRequestState.IDENTITY_ASKED, IdentityCheck.FAILED: request.state}
    update = {"identity": identity, "identity_at": at, "state": state.get(identity, PersonRequestState.IN_PROGRESS)}
    return request.model_copy(update=update)


def extend(request: PersonRequest, reason: str, *, told_at: datetime, now: datetime) -> PersonRequest:
    """Take two further months, as the person was told within the first, with the reasons (Art. 12(3))."""
    _require_open(request)
    if request.right in NO_PERIOD:
        raise ConflictError(f"{BASES[request.right]}: there is no extension")
    if request.extended_at is not None:
        if (request.extension, request.extended_at) == (reason, told_at):
            return request
        raise ConflictError("the period was extended before; it can be extended once")
    _require_between(request, told_at, now, where="told_at")
    clocks = tuple(extended(one, TWO_MORE, because=reason, now=told_at) for one in request.clocks)
    return request.model_copy(update={"clocks": clocks, "extension": reason, "extended_at": told_at})


def respond(request: PersonRequest, answer: RequestAnswer, *, now: datetime) -> PersonRequest:
    """Record what was answered. A refusal has a ground and a reason, and says where one can complain (Art. 12(4))."""
    if request.state is PersonRequestState.ANSWERED and request.answer is not None:
        same = request.answer.model_copy(update={"recorded_by": answer.recorded_by, "at": answer.at})
        if same == answer and (answer.at == request.answer.at or now - request.changed_at < AGAIN):
            return request
        raise ConflictError("the request was answered; what was sent stays as it is. Open it again to answer anew")
    _require_open(request)
    _check_answer(request, answer, now)
    clocks = request.clocks
    if answer.outcome is RequestOutcome.REFUSED:  # the extension is for what is done, not for saying that nothing is
        clocks = tuple(moved(one, one.started_at) for one in clocks)
    if any(answer.at > one.due for one in clocks) and not answer.late_because:
        raise InvalidInputError("the answer came after its period: say why", where="late_because")
    return request.model_copy(
        update={
            "state": PersonRequestState.ANSWERED,
            "answer": answer,
            "clocks": tuple(met(one, answer.at) for one in clocks),
            "closed_at": now,
        }
    )


def withdraw(request: PersonRequest, reason: str, *, now: datetime) -> PersonRequest:
    """The person took the request back."""
    if request.state is PersonRequestState.WITHDRAWN:
        return request
    _require_open(request)
    clocks = tuple(stopped(one, because=reason, at=now) for one in request.clocks)
    return request.model_copy(update={"state": PersonRequestState.WITHDRAWN, "clocks": clocks, "closed_at": now})


def reopen(request: PersonRequest, reason: str) -> PersonRequest:
    """Open again what was answered or taken back. What was sent stays on record; the clock runs on from receipt.

    Art. 12(3) is about the request, not about a first answer to it: what is still owed is owed since then.
    """
    if request.state in OPEN:
        return request
    if len(request.earlier_answers) >= MOST_ANSWERS:
        raise ConflictError(f"{MOST_ANSWERS} answers are on record: record what else is asked for as a new request")
    clock = clock_of(request.right, request.received_at)
    told = request.extended_at
    clocks = (clock if told is None else extended(clock, TWO_MORE, because=request.extension, now=told),)
    kept = request.earlier_answers if request.answer is None else (*request.earlier_answers, request.answer)
    state = PersonRequestState.IN_PROGRESS
    return request.model_copy(
        update={
            "state": state,
            "answer": None,
            "earlier_answers": kept,
            "clocks": clocks,
            "closed_at": None,
            "reopened_because": reason,
        }
    )


def steps(request: PersonRequest, now: datetime) -> tuple[Step, ...]:
    """What may be done next."""
    if request.state not in OPEN:
        return (Step(name="reopen", title="Open it again", asks=("reason",)),)
    due = request.clocks[0].due if request.clocks else None
    found = [Step(name="answer", title="Record the answer", asks=("outcome", "at"), due=due)]
    if request.identity in {IdentityCheck.NOT_CHECKED, IdentityCheck.ASKED}:
        found.insert(0, Step(name="identity", title="Say whether it is known who asks", asks=("identity",)))
    first = end_of(request.received_at, MONTH)
    if request.right not in NO_PERIOD and request.extended_at is None and now <= first:
        found.append(Step(name="extend", title="Take two further months", asks=("reason", "told_at"), due=first))
    return (*found, Step(name="withdraw", title="Record that it was taken back", asks=("reason",)))


def _check_answer(request: PersonRequest, answer: RequestAnswer, now: datetime) -> None:
    _require_between(request, answer.at, now, where="at")
    if answer.outcome is RequestOutcome.GRANTED:
        if request.identity in {IdentityCheck.ASKED, IdentityCheck.FAILED}:
            raise ConflictError("it is not known who asks: confirm the identity, or refuse")
        return
    if answer.ground is None or not answer.reason.strip():
        raise InvalidInputError("a refusal, also of a part, has a ground and the reason that was told", where="reason")
    if not answer.told_of_remedies:
        raise InvalidInputError(
            "the person has to be told of the complaint to an authority and of the judicial remedy (Art. 12(4))",
            where="told_of_remedies",
        )
    if answer.ground is RefusalGround.NOT_IDENTIFIED and request.identity in {
        IdentityCheck.CONFIRMED,
        IdentityCheck.NOT_NEEDED,
    }:
        raise InvalidInputError("the identity is on record as known", where="ground")


def _require_between(request: PersonRequest, at: datetime, now: datetime, *, where: str) -> None:
    if at < request.received_at:
        raise InvalidInputError(
            f"is before {request.received_at:%Y-%m-%d %H:%M} UTC, when the request came", where=where
        )
    if at > now:
        raise InvalidInputError(f"is in the future: it is {now:%Y-%m-%d %H:%M} UTC", where=where)


def _require_open(request: PersonRequest) -> None:
    if request.state not in OPEN:
        raise ConflictError(f"the request is {request.state.value}")
