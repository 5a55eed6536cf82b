"""One value of a request: the types that a signature names, the rules over them, and what may come along.

A problem is said without the value, which may be what must not be logged.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from syndic.gateway.models import FeatureRule
from syndic.gateway.rows import Value
from syndic.models import Noun

LONGEST_TEXT: Final = 10_000
"""Characters of one value."""

SMALL: Final = 100_000
"""Bytes in the log up to which no row is looked at more closely."""

LARGEST_ID: Final = 256
"""Characters of a row's id."""

LARGEST_FLOAT: Final = 3.4028234663852886e38
"""Of 32 bits: what is larger would reach the model as infinity."""


class FeatureType(StrEnum):
    """Types of MLflow's signatures, as far as JSON can carry them."""

    DOUBLE = "double"
    FLOAT = "float"
    LONG = "long"
    INTEGER = "integer"
    BOOLEAN = "boolean"
    STRING = "string"
    DATETIME = "datetime"


NUMBERS: Final = frozenset({FeatureType.DOUBLE, FeatureType.FLOAT, FeatureType.LONG, FeatureType.INTEGER})
WIDTH: Final = {FeatureType.LONG: 63, FeatureType.INTEGER: 31}
"""Bits of whole numbers beside the sign."""

LARGEST: Final = {FeatureType.FLOAT: LARGEST_FLOAT}


class Feature(Noun):
    """One input of a version."""

    name: str
    type: FeatureType
    required: bool = True


def type_problem(value: Value, feature: Feature) -> str | None:  # noqa: PLR0911 - one return for each kind of problem
    """What keeps a value from being of a feature's type; None: nothing."""
    if value is None:
        return "is missing" if feature.required else None
    if feature.type is FeatureType.BOOLEAN:
        return None if isinstance(value, bool) else f"true or false is expected, not {_kind(value)}"
    if feature.type in NUMBERS:
        return _number_problem(value, feature.type)
    if not isinstance(value, str):
        return f"a text is expected, not {_kind(value)}"
    if len(value) > LONGEST_TEXT:
        return f"the text is longer than {LONGEST_TEXT} characters"
    if feature.type is FeatureType.DATETIME and not _is_moment(value):
        return "a date or a time of ISO 8601 is expected"
    return None


def typed(value: Value, feature: Feature) -> Value:
    """A value that has no problem, as its feature's type."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return value
    return int(value) if feature.type in WIDTH else float(value)


def rule_problem(value: Value, rule: FeatureRule, categories: frozenset[str]) -> str | None:
    """What a rule, whose categories are given as a set, says against a value; None: nothing."""
    if categories and not _names(value) & categories:
        return "is none of the categories that the model was trained on"
    if isinstance(value, int | float) and not isinstance(value, bool):
        if rule.minimum is not None and value < rule.minimum:
            return f"is under {rule.minimum:g}"
        if rule.maximum is not None and value > rule.maximum:
            return f"is over {rule.maximum:g}"
    return None


def along_problem(value: Value) -> str | None:
    """What keeps a value that comes along from being logged as it is; None: nothing."""
    if isinstance(value, str):
        return f"the text is longer than {LONGEST_TEXT} characters" if len(value) > LONGEST_TEXT else None
    if isinstance(value, int | float) and not _is_finite(value):
        return "a finite number is expected, and not too large a one"
    return None


def id_problem(value: Value) -> str | None:
    """What keeps a value from naming a row; None: nothing."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return "a text or a whole number is expected"
    if isinstance(value, int) and not _is_finite(value):
        return "a finite number is expected, and not too large a one"
    text = str(value)
    if not 0 < len(text) <= LARGEST_ID or not text.isprintable() or text.isspace():
        return f"an id has 1 to {LARGEST_ID} visible characters"
    return None


def of_text(value: Value, feature: Feature) -> Value:
    """A cell of CSV as its feature's type; left as it is where it is none, so that the type is refused."""
    if not isinstance(value, str):
        return value
    if feature.type is FeatureType.BOOLEAN:
        return {"true": True, "false": False}.get(value.lower(), value)
    if feature.type not in NUMBERS or "_" in value or not value.isascii():
        return value
    # Whole numbers as such: as a float one of 64 bits would come out as a neighbour of itself.
    reads: tuple[Callable[[str], float], ...] = (int, float) if feature.type in WIDTH else (float,)
    for read in reads:
        try:
            number = read(value)
        except ValueError:
            continue
        return value if math.isnan(number) else number
    return value


def logged_size(row: Mapping[str, Value]) -> int:
    """Bytes of a row in the log: JSON in a line of JSON in a message of JSON. Of a small row an upper bound."""
    bound = sum(_bound(name) + _bound(value) for name, value in row.items())
    if bound <= SMALL:
        return bound
    text: Any = dict(row)
    for _ in range(3):
        text = json.dumps(text, ensure_ascii=False)
    return len(text.encode())


def _bound(value: Value) -> int:
    # A quote or a control character takes up to nine bytes once it was escaped three times.
    return 9 * len(value) + 20 if isinstance(value, str) else 320 if isinstance(value, int) else 40


def _number_problem(value: Value, kind: FeatureType) -> str | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return f"a number is expected, not {_kind(value)}"
    if not _is_finite(value) or abs(value) > LARGEST.get(kind, sys.float_info.max):
        return "a finite number is expected, and not too large a one"
    bits = WIDTH.get(kind)
    if bits is not None and (int(value) != value or not -(2**bits) <= value < 2**bits):
        return f"a whole number of {bits + 1} bits is expected"
    return None


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(float(value))
    except OverflowError:
        return False


def _is_moment(text: str) -> bool:
    try:
        return datetime.fromisoformat(text) is not None
    except ValueError:
        return False


def _names(value: Value) -> frozenset[str]:
    """How a category may be written that a value is: 1.0 is 1 too, true is true as JSON has it."""
    if isinstance(value, bool):
        return frozenset({str(value), str(value).lower()})
    if isinstance(value, float) and value.is_integer():
        return frozenset({str(value), str(int(value))})
    return frozenset({str(value)})


def _kind(value: Value) -> str:
    return "true or false" if isinstance(value, bool) else "a text" if isinstance(value, str) else "a number"
