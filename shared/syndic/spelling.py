"""Names that a file or a request does not have: refused, with the nearest one that it has.

A setting that is misspelt and then ignored is the quietest of faults: the default stays in force and nobody is told.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, Final, get_args

from pydantic import BaseModel, ValidationError

from syndic.errors import InvalidInputError

_LISTED: Final = 12
_UNKNOWN: Final = "extra_forbidden"


def unknown_name(name: object, known: Iterable[object], *, what: str = "setting") -> str:
    """The sentence that refuses a name: with the nearest known one, else with all of them when they are few."""
    there = sorted({str(one) for one in known})
    said = f"there is no {what} {str(name)!r}"
    near = get_close_matches(str(name).lower(), [one.lower() for one in there], n=1)
    if near:
        return f"{said}; did you mean {next(one for one in there if one.lower() == near[0])!r}?"
    return (
        f"{said}; known are: {', '.join(there[:_LISTED])}{', ...' if len(there) > _LISTED else ''}" if there else said
    )


def refuse_unknown(
    given: Mapping[Any, Any], known: Iterable[str], *, where: str, shown: str = "", what: str = "setting"
) -> None:
    """Raise `InvalidInputError` for the first key that is not known.

    Args:
        given: What was written.
        known: The names there are.
        where: The file.
        shown: The place in it that the keys are in, such as ``drift_detection.monitoring``.
        what: What a key is.
    """
    names = frozenset(known)
    for name in given:
        if name not in names:
            place = f"{shown}.{name}" if shown else str(name)
            raise InvalidInputError(unknown_name(name, names, what=what), where=f"{where}: {place}")


def first_problem(error: ValidationError, kind: type[BaseModel]) -> tuple[str, str]:
    """The place and the sentence of what is wrong, a misspelt name before what is missing for it.

    Args:
        error: What `kind` raised.
        kind: The model that was validated.
    """
    problems = error.errors(include_url=False)
    first = next((one for one in problems if one["type"] == _UNKNOWN), problems[0])
    return ".".join(str(part) for part in first["loc"]), message(first, kind)


def message(problem: Mapping[str, Any], kind: type[BaseModel], *, what: str = "setting") -> str:
    """The sentence of one problem that pydantic lists, in our words where it is a name that there is not."""
    if problem["type"] == _UNKNOWN:
        return unknown_name(problem["loc"][-1], _names_at(kind, problem["loc"][:-1]), what=what)
    return str(problem["msg"]).removeprefix("Value error, ")


def refusal(error: ValidationError, kind: type[BaseModel], *, where: str) -> InvalidInputError:
    """The error to raise for what a file holds: its name, the place in it, and the sentence."""
    place, sentence = first_problem(error, kind)
    return InvalidInputError(sentence, where=f"{where}: {place}" if place else where)


def _names_at(kind: type[BaseModel], path: Iterable[str | int]) -> frozenset[str | int]:
    """The fields of the models that lie at a path of fields, keys and places."""
    here: tuple[type[BaseModel], ...] = (kind,)
    for part in path:
        inner = [fields[part] for fields in map(_fields_of, here) if part in fields]
        if inner:  # else a key of a mapping, a place in a list, or the tag of a union
            here = tuple(model for annotation in inner for model in _models_in(annotation)) or here
    return frozenset(name for model in here for name in _fields_of(model))


def _fields_of(model: type[BaseModel]) -> dict[str | int, Any]:
    """What the fields of a model are called outside, and what they hold."""
    return {field.alias or name: field.annotation for name, field in model.model_fields.items()}


def _models_in(annotation: Any) -> Iterable[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models_in(inner)
