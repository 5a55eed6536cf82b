"""From what a backend answered to decisions. What is no score is no decision: the request fails, and says why."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pydantic import JsonValue

from syndic.errors import UnavailableError
from syndic.gateway.models import GatewaySettings


class BackendFailedError(UnavailableError):
    """The model's service did not answer, or not with what its settings say."""

    code = "backend_failed"


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer for one row: the value as it was given, and of a classification what it decides."""

    value: float
    probability: float | None
    prediction: int | float
    label: str | None


def decide(answers: Sequence[JsonValue], settings: GatewaySettings, *, rows: int) -> list[Decision]:
    """Decide by the scores of a backend.

    Args:
        answers: One answer a row: a number, a list of numbers, or an object.
        settings: Say where in an answer the score is, and from where on it is the positive class.
        rows: Rows that were asked for.

    Raises:
        BackendFailedError: Another number of answers, or one that has no score.
    """
    if len(answers) != rows:
        raise BackendFailedError(f"the backend gave {len(answers)} answers for {rows} rows")
    return [_decide(_score(answer, settings.output, place), settings, place) for place, answer in enumerate(answers)]


def _score(answer: JsonValue, output: str | int, place: int) -> float:
    found: JsonValue = answer
    if isinstance(answer, Mapping):
        if str(output) not in answer:
            raise BackendFailedError(f"answer {place} has no {output}; it has {', '.join(sorted(answer)[:10])}")
        found = answer[str(output)]
    elif isinstance(answer, list):
        if isinstance(output, int) and -len(answer) <= output < len(answer):
            found = answer[output]
        elif len(answer) == 1:
            found = answer[0]
        else:
            raise BackendFailedError(f"answer {place} has {len(answer)} values: say by output which is the score")
    if isinstance(found, bool) or not isinstance(found, int | float):
        raise BackendFailedError(f"the score of answer {place} is no number")
    try:
        score = float(found)
    except OverflowError:
        score = math.inf
    if not math.isfinite(score):
        raise BackendFailedError(f"the score of answer {place} is no finite number")
    return score


def _decide(score: float, settings: GatewaySettings, place: int) -> Decision:
    if settings.task == "regression":
        return Decision(score, None, score, None)
    if not 0 <= score <= 1:
        raise BackendFailedError(f"the score of answer {place} is {score:g}; a probability is from 0 to 1")
    positive = score >= settings.threshold
    return Decision(score, score, int(positive), settings.positive_class if positive else settings.negative_class)
