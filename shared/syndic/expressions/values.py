"""The values of `syndic.expressions.evaluate`: operators and functions on JSON values, times, durations, as CEL has."""

from __future__ import annotations

import math
import operator
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from syndic.errors import NoAnswerError

MAX_ITEMS: Final = 10_000
_WHOLE: Final = 2**63


def kind(value: Any) -> str:
    """The name of a value's type, for messages."""
    names = {bool: "a truth value", int: "a number", float: "a number", str: "text", type(None): "null", list: "a list"}
    return names.get(type(value), "a map" if isinstance(value, Mapping) else "a " + type(value).__name__)


def truth(value: Any) -> bool:
    """The value when it is true or false."""
    if not isinstance(value, bool):
        raise NoAnswerError(f"{kind(value)} stands where true or false is needed")
    return value


def text(value: Any, method: str) -> str:
    """The value when it is text."""
    if not isinstance(value, str):
        raise NoAnswerError(f".{method}() needs text, not {kind(value)}")
    return value


def member(source: Any, name: str, path: str | None) -> Any:
    """A member of a map."""
    if not isinstance(source, Mapping):
        raise NoAnswerError(f"{path or name} cannot be read: {kind(source)} has no members")
    if name not in source:
        raise NoAnswerError(f"the evidence does not state {path or name}")
    value = source[name]
    if isinstance(value, float) and not math.isfinite(value):
        raise NoAnswerError(f"{path or name} is {value}, which is no number to judge by")
    return value


def has(source: Any, name: str) -> bool:
    """Whether a map has a member."""
    if not isinstance(source, Mapping):
        raise NoAnswerError(f"has() cannot look for {name}: {kind(source)} has no members")
    return name in source


def item(source: Any, index: Any, path: str | None) -> Any:
    """An element of a list or map."""
    if isinstance(source, list):
        if isinstance(index, bool) or not isinstance(index, int) or not 0 <= index < len(source):
            raise NoAnswerError(f"there is no element {index!r} in a list of {len(source)}")
        return source[index]
    if not isinstance(index, str):
        raise NoAnswerError(f"{kind(source)} cannot be read at {index!r}")
    return member(source, index, path)


def elements(source: Any, macro: str) -> list[Any]:
    """What a macro goes over: the elements of a list or the keys of a map."""
    if not isinstance(source, list | Mapping):
        raise NoAnswerError(f".{macro}() needs a list or a map, not {kind(source)}")
    if len(source) > MAX_ITEMS:
        raise NoAnswerError(f".{macro}() goes over {len(source)} elements; the limit is {MAX_ITEMS}")
    return list(source)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: float) -> float:
    if isinstance(value, int) and not -_WHOLE <= value < _WHOLE:
        raise NoAnswerError("a whole number leaves the 64-bit range")
    if not math.isfinite(value):
        raise NoAnswerError("a number is not finite")
    return value


def equal(left: Any, right: Any) -> bool:
    """Equality. Values of different types are not equal; true is not 1."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(equal, left, right))
    if isinstance(left, Mapping) and isinstance(right, Mapping):
        return left.keys() == right.keys() and all(equal(left[key], right[key]) for key in left)
    return bool(left == right)


def contained(value: Any, container: Any) -> bool:
    """Whether a list has an element, or a map a key."""
    if isinstance(container, list):
        return any(equal(value, element) for element in container)
    if isinstance(container, Mapping):
        return value in container
    raise NoAnswerError(f"in needs a list or a map, not {kind(container)}")


def _ordered(compare: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    def apply(left: Any, right: Any) -> bool:
        comparable = (_is_number(left) and _is_number(right)) or (
            type(left) is type(right) and isinstance(left, str | datetime | timedelta)
        )
        if not comparable:
            raise NoAnswerError(f"{kind(left)} cannot be compared with {kind(right)}")
        if _is_number(left) and not (math.isfinite(left) and math.isfinite(right)):
            raise NoAnswerError("a number is not finite")
        return compare(left, right)

    return apply


_PAIRS: Final = {
    "addition_add": {(str, str), (datetime, timedelta), (timedelta, datetime), (timedelta, timedelta)},
    "addition_sub": {(datetime, datetime), (datetime, timedelta), (timedelta, timedelta)},
    "multiplication_mul": set[tuple[type, type]](),
}


def _arithmetic(name: str, apply: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
    def calculate(left: Any, right: Any) -> Any:
        if _is_number(left) and _is_number(right):
            return _number(apply(left, right))
        if (type(left), type(right)) in _PAIRS[name]:
            try:
                return apply(left, right)
            except OverflowError as error:
                raise NoAnswerError("a time leaves the calendar") from error
        raise NoAnswerError(f"{kind(left)} and {kind(right)} cannot be combined")

    return calculate


OPERATORS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "relation_eq": equal,
    "relation_ne": lambda left, right: not equal(left, right),
    "relation_in": contained,
    "relation_lt": _ordered(operator.lt),
    "relation_le": _ordered(operator.le),
    "relation_gt": _ordered(operator.gt),
    "relation_ge": _ordered(operator.ge),
    "addition_add": _arithmetic("addition_add", operator.add),
    "addition_sub": _arithmetic("addition_sub", operator.sub),
    "multiplication_mul": _arithmetic("multiplication_mul", operator.mul),
}


def negation(value: Any) -> bool:
    """The CEL operator ``!``."""
    return not truth(value)


def minus(value: Any) -> Any:
    """The CEL operator ``-`` before a number."""
    if not _is_number(value):
        raise NoAnswerError(f"- stands before {kind(value)}")
    return _number(-value)


def _size(value: Any) -> int:
    if not isinstance(value, str | list | Mapping):
        raise NoAnswerError(f"size() needs text, a list or a map, not {kind(value)}")
    return len(value)


def _timestamp(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise NoAnswerError(f"timestamp() needs a time with zone such as 2026-01-31T00:00:00Z, not {value!r:.40}")
    return moment.astimezone(UTC)


_UNITS: Final = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3}
_DURATION: Final = re.compile(r"-?(?:\d{1,9}(?:\.\d{1,9})?(?:h|ms|m|s))+")


def _duration(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if not isinstance(value, str) or not _DURATION.fullmatch(value):
        raise NoAnswerError(f"duration() needs hours, minutes or seconds such as 720h, not {value!r:.40}")
    seconds = sum(float(amount) * _UNITS[unit] for amount, unit in re.findall(r"(\d+(?:\.\d+)?)(h|ms|m|s)", value))
    return timedelta(seconds=-seconds if value.startswith("-") else seconds)


FUNCTIONS: Final[dict[str, Callable[[Any], Any]]] = {"size": _size, "timestamp": _timestamp, "duration": _duration}
