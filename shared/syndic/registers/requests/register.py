"""The register of requests: what is asked of it, and its verbs over the entries that every register has."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import Field

from syndic.models import Instant, Noun
from syndic.ports import AuditTrail, EventBus, Store
from syndic.registers.entries import open_entry
from syndic.registers.register import Register
from syndic.registers.requests.evidence import request_evidence
from syndic.registers.requests.models import (
    IdentityCheck,
    PersonRequest,
    PersonRequestState,
    PersonRight,
    Reference,
    RequestChannel,
    Words,
)
from syndic.registers.requests.rules import check_received, clock_of, steps
from syndic.registers.requests.wording import refuse_addresses

REQUESTS: Final = Register(
    "requests", "request", PersonRequest,
    words=lambda one: {"right": (one.right.value,)},
    evidence=request_evidence,
    steps=steps,
    plain=frozenset({"reference", "erasures"}),
)  # fmt: skip


class NewRequest(Noun):
    """A request that came."""

    right: PersonRight
    reference: Reference = Field(description="a pseudonym of the person or the case; never a name, address or number")
    channel: RequestChannel
    received_at: Instant | None = Field(default=None, description="left out: now. The clock runs from it")
    owner: str = Field(min_length=3, max_length=254, description="the address of whoever answers it")
    model_ids: tuple[str, ...] = Field(default=(), max_length=20)
    identity: IdentityCheck = IdentityCheck.NOT_CHECKED
    decision: str = Field(default="", max_length=200, description="row id of the decision it is about, if there is one")
    note: Words = ""


def receive_request(
    new: NewRequest, *, store: Store, audit: AuditTrail, bus: EventBus, actor: str, now: datetime
) -> PersonRequest:
    """Record a request; its clock runs from the day it came, not from the day it is recorded."""
    received_at = new.received_at or now
    check_received(received_at, now)
    refuse_addresses(texts_of(new))
    identity = {} if new.identity is IdentityCheck.NOT_CHECKED else {"identity_at": now}
    state = PersonRequestState.IDENTITY_ASKED if new.identity is IdentityCheck.ASKED else PersonRequestState.RECEIVED
    title = f"{new.right.value.replace('_', ' ').capitalize()}: {new.reference}"
    clocks = (clock_of(new.right, received_at),)

    def make(own: dict[str, Any]) -> PersonRequest:
        values = new.model_dump() | identity | {"received_at": received_at}
        return PersonRequest(**own, **values, title=title, state=state, clocks=clocks)

    return open_entry(REQUESTS, new.model_dump(), make, store=store, audit=audit, bus=bus, actor=actor, now=now)


def texts_of(one: NewRequest | PersonRequest) -> Mapping[str, str]:
    """What people wrote of a request, by field."""
    texts = {"reference": one.reference, "decision": one.decision, "note": one.note}
    if isinstance(one, PersonRequest):
        texts |= {"extension": one.extension, "reopened_because": one.reopened_because}
        if one.answer is not None:
            texts |= {"reason": one.answer.reason, "late_because": one.answer.late_because}
    return texts
