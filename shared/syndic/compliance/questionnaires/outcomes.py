"""What follows from a questionnaire."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from pydantic import JsonValue

from syndic.models import Noun


class Outcome(Noun):
    """What follows from answers: facts for the rules, reasons for people, contradictions to resolve."""

    facts: dict[str, JsonValue]
    summary: str
    reasons: tuple[str, ...]
    contradictions: tuple[str, ...] = ()
    failing: bool = False


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """The answers it takes and what follows from them."""

    title: str
    answers: type[Noun]
    classify: Callable[[Any, date], Outcome]


def named(checks: Iterable[tuple[bool, str]]) -> tuple[str, ...]:
    """The texts of the checks that hold."""
    return tuple(text for holds, text in checks if holds)
