"""Requests of persons: clocks by calendar months, extensions, refusals, and what the register shows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from syndic.adapters.memory import MemoryAudit, MemoryBus, MemoryStore
from syndic.assessment import ORGANISATION
from syndic.errors import ConflictError, InvalidInputError
from syndic.models import EvidenceStatus
from syndic.records import list_evidence
from syndic.registers.clocks import ClockState, state_of
from syndic.registers.requests.evidence import request_evidence
from syndic.registers.requests.models import (
    IdentityCheck,
    PersonRequest,
    PersonRequestState,
    PersonRight,
    RefusalGround,
    RequestAnswer,
    RequestOutcome,
)
from syndic.registers.requests.register import NewRequest, receive_request
from syndic.registers.requests.rules import clock_of, extend, identify, reopen, respond, steps, withdraw
from syndic.registers.requests.wording import refuse_addresses, warnings_of

CAME = datetime(2026, 1, 31, 10, tzinfo=UTC)


def request(right: PersonRight = PersonRight.ACCESS, came: datetime = CAME, **update: object) -> PersonRequest:
    made = PersonRequest(
        id="r1", title="Access: p-1", owner="dora@example.org", opened_by="dora", opened_at=came, changed_by="dora",
        changed_at=came, right=right, reference="p-1", channel="email", received_at=came,
        clocks=(clock_of(right, came),),
    )  # fmt: skip
    return made.model_copy(update=update)


def answer(at: datetime, outcome: RequestOutcome = RequestOutcome.GRANTED, **more: object) -> RequestAnswer:
    return RequestAnswer.model_validate({"outcome": outcome, "at": at, "recorded_by": "dora", **more})


REFUSED = {"ground": RefusalGround.EXCEPTION, "reason": "kept by law", "told_of_remedies": True}


@pytest.mark.parametrize(
    ("came", "due"),
    [
        (CAME, datetime(2026, 2, 28, 10, tzinfo=UTC)),
        (datetime(2028, 1, 31, 10, tzinfo=UTC), datetime(2028, 2, 29, 10, tzinfo=UTC)),
        (datetime(2026, 2, 15, 23, 59, tzinfo=UTC), datetime(2026, 3, 15, 23, 59, tzinfo=UTC)),
        (datetime(2026, 12, 31, tzinfo=UTC), datetime(2027, 1, 31, tzinfo=UTC)),
    ],
)
def test_the_clock_runs_a_calendar_month_from_receipt(came: datetime, due: datetime) -> None:
    clock = clock_of(PersonRight.ACCESS, came)
    assert clock.title == "Answer the request (access)"
    assert (clock.due, clock.by_law) == (due, True)
    assert state_of(clock, due) is not ClockState.LATE
    assert state_of(clock, due + timedelta(seconds=1)) is ClockState.LATE


def test_where_a_law_names_no_period_the_clock_says_so() -> None:
    assert not clock_of(PersonRight.EXPLANATION, CAME).by_law
    with pytest.raises(ConflictError, match="no extension"):
        extend(request(PersonRight.EXPLANATION), "complex", told_at=CAME, now=CAME)


def test_an_extension_is_told_within_the_first_month_and_once() -> None:
    told = datetime(2026, 2, 27, tzinfo=UTC)
    longer = extend(request(), "many requests", told_at=told, now=told)
    assert longer.clocks[0].due == datetime(2026, 4, 28, 10, tzinfo=UTC)
    assert extend(longer, "many requests", told_at=told, now=told + timedelta(days=1)) == longer
    with pytest.raises(ConflictError, match="once"):
        extend(longer, "more", told_at=told, now=told)
    late = datetime(2026, 3, 1, tzinfo=UTC)
    with pytest.raises(ConflictError, match="over"):
        extend(request(), "many requests", told_at=late, now=late)
    recorded_later = extend(request(), "many requests", told_at=told, now=late)
    assert recorded_later.extended_at == told
    for wrong in (CAME - timedelta(days=1), late + timedelta(days=1)):
        with pytest.raises(InvalidInputError, match="told_at"):
            extend(request(), "many requests", told_at=wrong, now=late)


def test_a_refusal_is_owed_within_one_month_whatever_was_extended() -> None:
    told, then = datetime(2026, 2, 20, tzinfo=UTC), datetime(2026, 3, 20, tzinfo=UTC)
    longer = extend(request(), "many requests", told_at=told, now=told)
    granted = respond(longer, answer(then), now=then)
    assert state_of(granted.clocks[0], then) is ClockState.MET
    with pytest.raises(InvalidInputError, match="late_because"):
        respond(longer, answer(then, RequestOutcome.REFUSED, **REFUSED), now=then)
    refused = respond(longer, answer(then, RequestOutcome.REFUSED, late_because="found late", **REFUSED), now=then)
    assert state_of(refused.clocks[0], then) is ClockState.MET_LATE


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ground": None}, "reason"),
        ({"reason": " "}, "reason"),
        ({"told_of_remedies": False}, "told_of_remedies"),
    ],
)
@pytest.mark.parametrize("outcome", [RequestOutcome.REFUSED, RequestOutcome.PARTLY])
def test_a_refusal_says_why_and_where_one_can_complain(
    outcome: RequestOutcome, change: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInputError, match=field):
        respond(request(), answer(CAME, outcome, **{**REFUSED, **change}), now=CAME)


def test_nothing_is_given_to_whom_nobody_knows() -> None:
    asked = identify(request(), IdentityCheck.ASKED, at=CAME)
    assert (asked.state, asked.clocks) == (PersonRequestState.IDENTITY_ASKED, request().clocks), "the clock runs on"
    with pytest.raises(ConflictError, match="who asks"):
        respond(asked, answer(CAME), now=CAME)
    known = identify(asked, IdentityCheck.CONFIRMED, at=CAME)
    with pytest.raises(InvalidInputError, match="ground"):
        respond(
            known, answer(CAME, RequestOutcome.REFUSED, **{**REFUSED, "ground": RefusalGround.NOT_IDENTIFIED}), now=CAME
        )
    assert respond(known, answer(CAME), now=CAME).state is PersonRequestState.ANSWERED


def test_what_is_closed_stays_closed_and_said_twice_is_once() -> None:
    done = respond(request(), answer(CAME), now=CAME)
    assert respond(done, answer(CAME), now=CAME + timedelta(days=1)) == done
    for verb in (
        lambda: respond(done, answer(CAME, sha256="0" * 64), now=CAME),
        lambda: withdraw(done, "not any more", now=CAME),
        lambda: identify(done, IdentityCheck.CONFIRMED, at=CAME),
    ):
        with pytest.raises(ConflictError):
            verb()
    back = withdraw(request(), "not any more", now=CAME)
    assert state_of(back.clocks[0], CAME + timedelta(days=99)) is ClockState.STOPPED
    assert [one.name for one in steps(back, CAME)] == ["reopen"]


def test_next_steps_are_those_that_may_be_done() -> None:
    assert [one.name for one in steps(request(), CAME)] == ["identity", "answer", "extend", "withdraw"]
    after = datetime(2026, 3, 9, tzinfo=UTC)
    known = identify(request(), IdentityCheck.NOT_NEEDED, at=CAME)
    assert [one.name for one in steps(known, after)] == ["answer", "withdraw"]


def test_evidence_tells_late_ones_by_right_and_for_a_year() -> None:
    now = datetime(2026, 3, 9, tzinfo=UTC)
    late, other = request(), request(PersonRight.ERASURE, came=now, id="r2")
    found = {one.kind: one for one in request_evidence(ORGANISATION, [late, other], now)}
    assert found["requests.access"].status is EvidenceStatus.FAILING
    assert found["requests.erasure"].status is EvidenceStatus.PASSING
    assert found["requests.handled"].facts["missed"] == ["r1"]
    done = respond(late, answer(now, late_because="holidays"), now=now)
    for days, status in ((0, EvidenceStatus.FAILING), (364, EvidenceStatus.FAILING), (366, EvidenceStatus.PASSING)):
        found = {one.kind: one for one in request_evidence(ORGANISATION, [done], now + timedelta(days=days))}
        assert found["requests.access"].status is status
    none = request_evidence(ORGANISATION, [], now)
    assert all("does not show that there was none" in one.summary for one in none)


def test_evidence_lapses_when_the_next_clock_ends() -> None:
    now = datetime(2026, 2, 27, tzinfo=UTC)
    found = {one.kind: one for one in request_evidence(ORGANISATION, [request()], now)}
    assert found["requests.access"].expires_at == request().clocks[0].due


def test_an_explanation_that_is_late_is_its_models_own_fault() -> None:
    now = datetime(2026, 3, 9, tzinfo=UTC)
    of_one = request(PersonRight.EXPLANATION, model_ids=("credit",))
    (own,) = request_evidence("credit", [of_one], now)
    assert (own.kind, own.status) == ("requests.explanation", EvidenceStatus.FAILING)
    whole = {one.kind: one for one in request_evidence(ORGANISATION, [of_one], now)}
    assert whole["requests.explanation"].status is EvidenceStatus.PASSING


@pytest.mark.parametrize("text", ["from olga@example.org", "<a.b@c.example>"])
def test_addresses_are_refused(text: str) -> None:
    with pytest.raises(InvalidInputError, match="note"):
        refuse_addresses({"note": text})


@pytest.mark.parametrize(
    ("text", "warned"),
    [
        ("DE89 3704 0044 0532 0130 00", True),
        ("call +49 170 1234567", True),
        ("number 123-45-6789", True),
        ("Frau Schmidt asks", True),
        ("wants a copy of 3 decisions of 2026-03-04", False),
        ("case r-2026/17", False),
    ],
)
def test_what_looks_like_a_person_is_warned_of(text: str, *, warned: bool) -> None:
    assert bool(list(warnings_of({"note": text}))) is warned


def test_receiving_is_once_runs_from_receipt_and_keeps_no_address() -> None:
    store, audit, bus = MemoryStore(), MemoryAudit(), MemoryBus()
    now = CAME + timedelta(days=3)
    common = {"store": store, "audit": audit, "bus": bus, "actor": "dora", "now": now}
    new = NewRequest(
        right=PersonRight.ACCESS, reference="p-1", channel="email", received_at=CAME, owner="dora@example.org"
    )
    one = receive_request(new, **common)
    assert receive_request(new, **common) == one
    assert one.clocks[0].due == datetime(2026, 2, 28, 10, tzinfo=UTC)
    assert audit.actions == ["request.opened"]
    assert {item.kind for item in list_evidence(store, ORGANISATION)} >= {"requests.access", "requests.handled"}
    with pytest.raises(InvalidInputError, match="received_at"):
        receive_request(new.model_copy(update={"received_at": now + timedelta(days=1)}), **common)
    with pytest.raises(InvalidInputError, match="note"):
        receive_request(new.model_copy(update={"note": "olga@example.org"}), **common)


def test_what_was_answered_is_opened_again_and_what_was_sent_stays() -> None:
    sent = respond(request(), answer(CAME + timedelta(days=5)), now=CAME + timedelta(days=5))
    again = reopen(sent, "the copy lacked a page")
    assert (again.state, again.answer, again.earlier_answers) == (PersonRequestState.IN_PROGRESS, None, (sent.answer,))
    assert (again.closed_at, again.clocks) == (None, (clock_of(PersonRight.ACCESS, CAME),))  # runs on from receipt
    assert reopen(again, "the copy lacked a page") == again
    assert "answer" in [one.name for one in steps(again, CAME)]
    later = datetime(2026, 3, 2, tzinfo=UTC)
    with pytest.raises(InvalidInputError, match="late_because"):
        respond(again, answer(later), now=later)
    whole = respond(again, answer(later, late_because="a page was lost"), now=later)
    assert (whole.answer is not None, whole.earlier_answers) == (True, (sent.answer,))


def test_an_extension_that_was_told_in_time_still_holds_after_opening_again() -> None:
    told_at = CAME + timedelta(days=9)
    longer = extend(request(), "many records", told_at=told_at, now=told_at)
    sent = respond(longer, answer(told_at), now=told_at)
    assert reopen(sent, "a page is missing").clocks == longer.clocks
    back = withdraw(request(), "not any more", now=CAME)
    assert state_of(reopen(back, "asked for all the same").clocks[0], CAME) is ClockState.RUNNING


def test_a_late_answer_stays_late_whatever_is_done_with_the_request_since() -> None:
    late = datetime(2026, 3, 9, tzinfo=UTC)
    sent = respond(request(), answer(late, late_because="holidays"), now=late)
    for after in (reopen(sent, "again"), withdraw(reopen(sent, "again"), "settled by telephone", now=late)):
        found = {one.kind: one for one in request_evidence(ORGANISATION, [after], late)}["requests.access"]
        assert (found.status, found.facts["answered_late"]) == (EvidenceStatus.FAILING, 1)


def test_answers_are_kept_up_to_a_number() -> None:
    one = request()
    for _ in range(10):
        one = reopen(respond(one, answer(CAME), now=CAME), "again")
    with pytest.raises(ConflictError, match="as a new request"):
        reopen(respond(one, answer(CAME), now=CAME), "again")
