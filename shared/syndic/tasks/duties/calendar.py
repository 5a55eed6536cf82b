"""The sign-off calendar: what is due of whom, over signatures, documents, remediations and all registers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Final, Literal

from pydantic import Field

from syndic.assessment import ORGANISATION, Remediation, RemediationStatus
from syndic.compliance.catalogue import active_frameworks
from syndic.compliance.keys import REMEDIATIONS
from syndic.models import Evidence, Moment, Noun, RegisteredModel
from syndic.ports import Store
from syndic.records import find_model, iterate, list_evidence, list_models
from syndic.registers.across import due_everywhere
from syndic.registers.listing import standing
from syndic.registers.models import end_of_day

MOST: Final = 1000
MOST_MODELS: Final = 500
OVERDUE: Final = timedelta(days=400)
"""What lapsed longer ago is history, not work."""
_LAPSES: Final = frozenset({"attestation", "document"})


class Due(Noun):
    """One thing that is due."""

    on: Moment
    what: str
    who: str | None = Field(description="an address or a user name; null: nobody is named")
    kind: Literal["signature", "document", "remediation", "register"]
    register_name: str | None = Field(default=None, description="of an entry: its register")
    link: str = Field(description="where it is done, as a path of the API")
    model_id: str | None = None
    overdue: bool


class Calendar(Noun):
    """What is due, the first first."""

    until: Moment
    due: tuple[Due, ...]
    whole: bool = Field(default=True, description="false: there is more than is shown")


def calendar_of(
    store: Store, *, now: datetime, ahead: timedelta, owner: str | None = None, model_id: str | None = None
) -> Calendar:
    """What is due up to a time, and what is overdue, of everybody or of one person.

    Args:
        store: Records.
        now: The time.
        ahead: How far ahead is looked.
        owner: Only what this person owes, by user name or address.
        model_id: Only what is about this model.
    """
    until = now + ahead
    found: list[Due] = []
    model = None if model_id is None else find_model(store, model_id)
    listed = list(islice(list_models(store), MOST_MODELS + 1)) if model_id is None else [model] if model else []
    whole = len(listed) <= MOST_MODELS
    wanted = None if owner is None else owner.strip().casefold()
    for one in _all(store, now, until, model_id, listed[:MOST_MODELS]):
        if wanted is not None and (one.who or "").casefold() != wanted:
            continue
        if model_id is not None and one.model_id not in {model_id, None}:
            continue
        if len(found) == MOST:
            whole = False
            break
        found.append(one)
    return Calendar(until=until, due=tuple(sorted(found, key=lambda it: (it.on, it.what, it.link))), whole=whole)


def _all(
    store: Store, now: datetime, until: datetime, model_id: str | None, models: Sequence[RegisteredModel]
) -> Iterator[Due]:
    yield from _registers(store, now, until, model_id)
    yield from _remediations(store, now, until)
    valid = _valid_days(store)
    yield from _evidence(store, ORGANISATION, None, valid=valid, now=now, until=until)
    for one in models:
        yield from _evidence(store, one.id, one.owner, valid=valid, now=now, until=until)


def _valid_days(store: Store) -> dict[str, int]:
    """For how many days a document on a topic counts, by the active framework that lets it count the shortest."""
    found: dict[str, int] = {}
    for compiled in active_frameworks(store).values():
        for requirement in compiled.framework.requirements:
            need = requirement.document
            if need is not None and need.valid_days is not None:
                found[need.topic] = min(need.valid_days, found.get(need.topic, need.valid_days))
    return found


def _registers(store: Store, now: datetime, until: datetime, model_id: str | None) -> Iterator[Due]:
    for register, entries in due_everywhere(store, until=until):
        for entry in entries:
            if model_id is not None and model_id not in entry.model_ids:
                continue
            for clock in standing(register, entry, now).clocks:
                if clock.seconds_left != 0 and clock.due <= until:
                    yield Due(
                        on=clock.due, what=f"{entry.title}: {clock.title}", who=entry.owner, kind="register",
                        register_name=register.name, link=f"{register.name}/{entry.id}",
                        model_id=entry.model_ids[0] if len(entry.model_ids) == 1 else model_id,
                        overdue=clock.due < now,
                    )  # fmt: skip


def _remediations(store: Store, now: datetime, until: datetime) -> Iterator[Due]:
    for record in iterate(store, REMEDIATIONS):
        one = Remediation.model_validate(record.body)
        on = end_of_day(one.due)
        if one.status is RemediationStatus.CLOSED or on > until:
            continue
        yield Due(
            on=on, what=f"{one.requirement_id}: {one.title}", who=one.owner, kind="remediation",
            link=f"models/{one.model_id}/remediations/{one.id}", model_id=one.model_id, overdue=on < now,
        )  # fmt: skip


def _evidence(
    store: Store, about: str, owner: str | None, *, valid: Mapping[str, int], now: datetime, until: datetime
) -> Iterator[Due]:
    """Signatures that lapse, of whoever signed; documents that are due for review, of whoever recorded them."""
    for one in list_evidence(store, about):
        kind, _, topic = one.kind.partition(".")
        ends = one.expires_at
        if kind == "document" and ends is None and topic in valid:
            ends = one.produced_at + timedelta(days=valid[topic])
        if ends is None or kind not in _LAPSES or not now - OVERDUE < ends <= until:
            continue
        model, signed = None if about == ORGANISATION else about, kind == "attestation"
        yield Due(
            on=ends, what=f"{'Sign' if signed else 'Review'}: {topic.replace('_', ' ')}", who=_who(one, owner),
            kind="signature" if signed else "document", link=_link(model, signed=signed), model_id=model,
            overdue=ends < now,
        )  # fmt: skip


def _who(one: Evidence, owner: str | None) -> str | None:
    named = one.facts.get("signer") or one.facts.get("recorded_by")
    return named if isinstance(named, str) else owner


def _link(model_id: str | None, *, signed: bool) -> str:
    what = "attestations" if signed else "documents"
    return f"compliance/{what}" if model_id is None else f"models/{model_id}/{what}"
