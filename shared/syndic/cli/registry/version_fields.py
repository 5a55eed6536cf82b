"""A version's fields from a file and options, in the shape that the API takes."""

from __future__ import annotations

import math
import re
from typing import Any

from syndic.errors import InvalidInputError

_SHA256 = re.compile("[0-9a-f]{64}")


def version_fields(
    version: str,
    fields: dict[str, Any],
    *,
    metrics: tuple[str, ...] = (),
    artefacts: tuple[str, ...] = (),
    dataset_sha256: str | None = None,
    rows: int | None = None,
    features: int | None = None,
    **others: Any,
) -> dict[str, Any]:
    """What describes a version; options go over a file's fields, metrics and artefacts beside the file's.

    Raises:
        InvalidInputError: An option that is not ``NAME=VALUE``, a metric that is no number, or a file's field of
            another shape.
    """
    if dataset_sha256 is not None and not _SHA256.fullmatch(dataset_sha256):
        raise InvalidInputError(
            "expected the 64 hexadecimal digits that `sha256sum FILE` prints", where="--dataset-sha256"
        )
    training = {"dataset_sha256": dataset_sha256, "rows": rows, "features": features}
    said = {name: value for name, value in others.items() if value is not None}
    made = {**fields, **said, "version": version}
    measured = {name: _number(text, name) for name, text in map(_pair, metrics)}
    if measured:
        made["metrics"] = {**_held(fields, "metrics", dict), **measured}
    if artefacts:
        given = [{"name": name, "location": location} for name, location in map(_pair, artefacts)]
        names = {one["name"] for one in given}
        kept = [
            one for one in _held(fields, "artefacts", list) if isinstance(one, dict) and one.get("name") not in names
        ]
        made["artefacts"] = [*kept, *given]
    known = {name: value for name, value in training.items() if value is not None}
    if known:
        made["training"] = {**_held(fields, "training", dict), **known}
    return made


def _held(fields: dict[str, Any], name: str, kind: type[Any]) -> Any:
    value = fields.get(name) or kind()
    if not isinstance(value, kind):
        raise InvalidInputError("has another shape than the options that add to it", where=name)
    return value


def _pair(text: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise InvalidInputError("expected NAME=VALUE", where=text)
    return name, value


def _number(text: str, name: str) -> float:
    try:
        number = float(text)
    except ValueError:
        raise InvalidInputError(f"{text!r} is not a number", where=f"--metric {name}") from None
    if not math.isfinite(number):
        raise InvalidInputError(f"{text!r} is not a finite number", where=f"--metric {name}")
    return number
