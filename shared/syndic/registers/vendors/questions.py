"""The due-diligence questionnaire as data, and what answers leave open or raise."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Final

import yaml
from pydantic import Field

from syndic.errors import InvalidInputError
from syndic.models import Noun
from syndic.registers.vendors.models import QuestionId, VendorAnswer, VendorReply

NOTED: Final = VendorReply.NOT_APPLICABLE


class VendorQuestion(Noun):
    """One question: what is asked, why, and which answer raises no concern."""

    id: QuestionId
    asks: str = Field(min_length=10)
    because: str = Field(min_length=10)
    wanted: VendorReply


class Questions(Noun):
    """A version of the questionnaire."""

    version: str
    valid_days: int = Field(ge=1, le=3660)
    questions: tuple[VendorQuestion, ...] = Field(min_length=1)


class VendorFindings(Noun):
    """What the answers come to. There is no score."""

    open: tuple[str, ...] = Field(default=(), description="questions without an answer, by id")
    concerns: tuple[str, ...] = Field(default=(), description="questions whose answer is not the wanted one, by id")


@cache
def questions() -> Questions:
    """The questionnaire shipped with Syndic."""
    text = resources.files(__package__).joinpath("questions.yaml").read_text("utf-8")
    return Questions.model_validate(yaml.safe_load(text))


def check_answers(answers: Mapping[str, VendorAnswer]) -> None:
    """Raise `InvalidInputError` for a question that is not asked, or "not applicable" without a word why."""
    known = {one.id for one in questions().questions}
    for name, given in answers.items():
        if name not in known:
            raise InvalidInputError(f"there is no question {name!r}", where=f"answers.{name}")
        if given.answer is NOTED and not given.note.strip():
            raise InvalidInputError("say why it does not apply", where=f"answers.{name}.note")


def findings(answers: Mapping[str, VendorAnswer]) -> VendorFindings:
    """What is open and what raises a concern."""
    asked = questions().questions
    return VendorFindings(
        open=tuple(one.id for one in asked if one.id not in answers),
        concerns=tuple(
            one.id for one in asked if one.id in answers and answers[one.id].answer not in {one.wanted, NOTED}
        ),
    )
