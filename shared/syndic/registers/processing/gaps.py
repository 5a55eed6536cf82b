"""What a record of processing does not say, by Art. 30 GDPR and the articles that the basis rests on. Pure.

Form is judged, not content: a field that holds "tbd" says nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from syndic.registers.processing.models import LegalBasis, Processing, ProcessingContents, ProcessingRole, RecordGap
from syndic.substance import is_placeholder, says_something

GDPR: Final = "Regulation (EU) 2016/679, Art. "
_SAID: Final = "says nothing yet"


def gaps_of(processing: Processing, answers: Sequence[Mapping[str, Any]] = ()) -> tuple[RecordGap, ...]:
    """What is missing, and what contradicts.

    Args:
        processing: The record.
        answers: Facts of the questionnaire ``processing`` of the models it is about, as far as they were answered.
    """
    contents = processing.contents
    found = [*_of_role(processing.role, contents), *_of_both(contents)]
    if processing.role is ProcessingRole.CONTROLLER:
        found += [*_of_basis(contents), *_against(contents, answers)]
    return tuple(RecordGap(field=field, what=what, legal_basis=f"{GDPR}{basis}") for field, what, basis in found)


Found = tuple[str, str, str]


def _of_role(role: ProcessingRole, it: ProcessingContents) -> Iterator[Found]:
    asked: tuple[tuple[bool, str, str, str], ...]
    if role is ProcessingRole.PROCESSOR:
        asked = (
            (_names(it.controller), "controller", f"name and contact details of the processor: {_SAID}", "30(2)(a)"),
            (bool(it.on_behalf_of), "on_behalf_of", "the controllers on whose behalf it is done", "30(2)(a)"),
            (says_something(it.operations), "operations", f"categories of processing: {_SAID}", "30(2)(b)"),
        )
    else:
        asked = (
            (_names(it.controller), "controller", f"name and contact details of the controller: {_SAID}", "30(1)(a)"),
            (says_something(it.purposes), "purposes", f"purposes: {_SAID}", "30(1)(b)"),
            (bool(it.data_subjects), "data_subjects", "categories of data subjects", "30(1)(c)"),
            (bool(it.data_categories), "data_categories", "categories of personal data", "30(1)(c)"),
            (bool(it.recipients) or it.no_recipients, "recipients", "categories of recipients, or that there are none",
             "30(1)(d)"),
            (says_something(it.retention), "retention", f"time limits for erasure: {_SAID}", "30(1)(f)"),
        )  # fmt: skip
    yield from ((field, what, basis) for there, field, what, basis in asked if not there)


def _of_both(it: ProcessingContents) -> Iterator[Found]:
    if not it.transfers and not it.no_transfers:
        yield "transfers", "transfers to third countries with their safeguards, or that there are none", "30(1)(e)"
    if it.transfers and it.no_transfers:
        yield "transfers", "transfers are listed, and it is said that there are none", "30(1)(e)"
    if it.recipients and it.no_recipients:
        yield "recipients", "recipients are listed, and it is said that there are none", "30(1)(d)"
    if not says_something(it.security):
        yield "security", f"measures of security in general: {_SAID}", "30(1)(g)"


def _of_basis(it: ProcessingContents) -> Iterator[Found]:
    if it.legal_basis is None:
        yield "legal_basis", "the basis", "6(1), 5(2)"
    elif not says_something(it.basis_note):
        yield "basis_note", f"why the basis holds: {_SAID}", "6(1), 5(2)"
    yield from _of_special(it)
    if it.legal_basis is LegalBasis.CONSENT or it.special_condition == "a":
        for field, what in (("consent_obtained", "how consent is obtained and shown"),
                            ("consent_withdrawn", "how it is withdrawn and what is done then")):  # fmt: skip
            if not says_something(getattr(it, field)):
                yield field, f"{what}: {_SAID}", "7(1), 7(3)"


def _of_special(it: ProcessingContents) -> Iterator[Found]:
    if it.special_categories is None:
        yield "special_categories", "whether special categories are processed", "9(1)"
    elif not it.special_categories:
        if it.special_condition is not None:
            yield "special_condition", "a condition for special categories, of which none are processed", "9(2)"
    elif it.special_condition is None:
        yield "special_condition", "the condition on which special categories are processed", "9(2)"
    elif not says_something(it.special_note):
        yield "special_note", f"why the condition holds: {_SAID}", "9(2)"


def _against(it: ProcessingContents, answers: Sequence[Mapping[str, Any]]) -> Iterator[Found]:
    """What the questionnaire of a model says otherwise."""
    for facts in answers:
        basis = facts.get("basis")
        if it.legal_basis is not None and basis is not None and basis != it.legal_basis.value:
            yield "legal_basis", f"the questionnaire of a model says {basis}, the record {it.legal_basis.value}", "6(1)"
        special = facts.get("special_categories")
        if it.special_categories is False and special is True:
            yield "special_categories", "the questionnaire of a model says that there are special categories", "9(1)"
        condition = facts.get("special_condition")
        if it.special_condition is not None and condition is not None and condition != it.special_condition:
            said = f"the questionnaire of a model says 9(2)({condition}), the record 9(2)({it.special_condition})"
            yield "special_condition", said, "9(2)"


def _names(text: str) -> bool:
    return bool(text.strip()) and not is_placeholder(text)
