"""JSON in which no name stands twice: every parser keeps the last value and says nothing of the others."""

from __future__ import annotations

import json
import re
from typing import Any

from syndic.errors import InvalidInputError


class RepeatedNameError(ValueError):
    """A name stands twice in one object. `name` is that name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"{name!r} is given twice in one object")
        self.name = name


def parse_json(text: str | bytes) -> Any:
    """What `json.loads` gives. Raises `RepeatedNameError` too, a `ValueError` as its other errors are."""
    return json.loads(text, object_pairs_hook=each_name_once)


def load_json(data: bytes | str, *, where: str) -> Any:
    """The one value of a file. Raises `InvalidInputError` that names the file, and the line where it is known."""
    try:
        text = data if isinstance(data, str) else data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InvalidInputError("not UTF-8 text", where=where) from None
    try:
        return parse_json(text)
    except RepeatedNameError as error:
        raise InvalidInputError(str(error), where=where, line=_second_line(text, error.name)) from None
    except json.JSONDecodeError as error:
        raise InvalidInputError(f"not JSON: {error.msg}", where=where, line=error.lineno) from error
    except ValueError:  # of a whole number whose digits nobody can have meant
        raise InvalidInputError("not JSON: a number has too many digits", where=where) from None
    except RecursionError:
        raise InvalidInputError("the JSON is nested too deeply", where=where) from None


def each_name_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object, for `json.loads`. Raises `RepeatedNameError`: of two values nobody knows which was meant."""
    found = dict(pairs)
    if len(found) < len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise RepeatedNameError(name)
            seen.add(name)
    return found


def _second_line(text: str, name: str) -> int | None:
    """The line of a name's second place, where it has two and no more."""
    places = [found.start() for found in re.finditer(rf"{re.escape(json.dumps(name))}\s*:", text)]
    return text.count("\n", 0, places[1]) + 1 if len(places) == 2 else None


def names_in(value: Any) -> int:
    """The number of names in a value and all that it holds."""
    if isinstance(value, dict):
        held: Any = value.values()
        return len(value) + sum(names_in(one) for one in held if type(one) in {dict, list})
    return sum(names_in(one) for one in value if type(one) in {dict, list}) if isinstance(value, list) else 0
