"""What may be done with a vendor: pure functions from an entry to the next one."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from syndic.canonical import sha256_of
from syndic.errors import ConflictError, InvalidInputError, NotFoundError
from syndic.models import to_json
from syndic.registers.vendors.models import AgreementFacts, Vendor, VendorAgreement, VendorAnswer, VendorState
from syndic.registers.vendors.questions import check_answers, questions
from syndic.substance import is_placeholder

OF_NOTHING: Final = hashlib.sha256(b"").hexdigest()


def changed(vendor: Vendor, values: Mapping[str, Any], now: datetime) -> Vendor:
    """The vendor with other values; `ended` closes it. Raises `ConflictError` for one that has ended."""
    update = dict(values)
    if "state" in update:
        ended = update["state"] == VendorState.ENDED
        update["closed_at"] = (vendor.closed_at or now) if ended else None
    after = vendor.model_copy(update=update)
    if after != vendor:
        _require_open(vendor)
    return after


def depending(vendor: Vendor, model_id: str) -> Vendor:
    """The vendor with a model among those that depend on it."""
    if model_id in vendor.model_ids:
        return vendor
    _require_open(vendor)
    return vendor.model_copy(update={"model_ids": (*vendor.model_ids, model_id)})


def not_depending(vendor: Vendor, model_id: str) -> Vendor:
    """The vendor without a model."""
    return vendor.model_copy(update={"model_ids": tuple(one for one in vendor.model_ids if one != model_id)})


def with_agreement(vendor: Vendor, facts: AgreementFacts, *, actor: str, now: datetime) -> Vendor:
    """The vendor with an agreement on record; the same one again is on record once.

    Raises `InvalidInputError` for a placeholder, the hash of nothing, or a signature on a day to come.
    """
    if is_placeholder(facts.title):
        raise InvalidInputError("say what the agreement is called; a placeholder names none", where="title")
    if facts.sha256 == OF_NOTHING:
        raise InvalidInputError("this is the SHA-256 of an empty file, which is no agreement", where="sha256")
    if facts.signed_on > now.date():
        raise InvalidInputError(f"{facts.signed_on.isoformat()} is in the future", where="signed_on")
    identity = sha256_of([vendor.id, to_json(facts)])[:12]
    if any(one.id == identity for one in vendor.agreements):
        return vendor
    _require_open(vendor)
    made = VendorAgreement(**dict(facts), id=identity, recorded_by=actor, recorded_at=now)
    return vendor.model_copy(update={"agreements": (*vendor.agreements, made)})


def without_agreement(vendor: Vendor, agreement_id: str, *, on: date, because: str) -> Vendor:
    """The vendor with an agreement that holds no longer from a day on, before its own end. Raises `NotFoundError`."""
    found = next((one for one in vendor.agreements if one.id == agreement_id), None)
    if found is None:
        raise NotFoundError(f"{vendor.title} has no agreement {agreement_id!r}")
    if found.ended_on is not None:
        if (found.ended_on, found.ended_because) != (on, because):
            raise ConflictError(f"it was ended on {found.ended_on.isoformat()}")
        return vendor
    if on < found.signed_on:
        raise InvalidInputError(f"is before it was signed on {found.signed_on.isoformat()}", where="ended_on")
    ended = found.model_copy(update={"ended_on": on, "ended_because": because})
    kept = tuple(ended if one.id == agreement_id else one for one in vendor.agreements)
    return vendor.model_copy(update={"agreements": kept})


def answered(vendor: Vendor, answers: Mapping[str, VendorAnswer], *, actor: str, now: datetime) -> Vendor:
    """The vendor with the questionnaire answered: all its answers at once, good for the time that the file says."""
    check_answers(answers)
    _require_open(vendor)
    asked = questions()
    same = vendor.answers == dict(answers) and vendor.questions_version == asked.version
    if same and vendor.answered_at is not None and vendor.answered_at.date() == now.date():
        return vendor
    due = now.date() + timedelta(days=asked.valid_days)
    update = {"answers": dict(answers), "questions_version": asked.version, "answered_by": actor, "answered_at": now}
    return vendor.model_copy(update={**update, "answers_due": due})


def reviewed(vendor: Vendor, *, next_review: date, actor: str, now: datetime) -> Vendor:
    """The vendor as looked at today, and when it is looked at next."""
    _require_open(vendor)
    if next_review <= now.date():
        raise InvalidInputError(f"{next_review.isoformat()} is not after today", where="next_review")
    update = {"review_due": next_review, "reviewed_at": now.date(), "reviewed_by": actor}
    return vendor.model_copy(update=update)


def _require_open(vendor: Vendor) -> None:
    if vendor.closed_at is not None:
        raise ConflictError("the relation with this vendor has ended: it can be read, not changed")
