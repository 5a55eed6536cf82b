"""Tensors of the Open Inference protocol, version 2: flat or nested data, one tensor a feature or one for all."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from syndic.errors import InvalidInputError
from syndic.gateway.rows import Rows, named_well, of_named, of_placed

INTEGERS: Final = frozenset({f"{sign}INT{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64)})
DATATYPES: Final = frozenset({"BOOL", "FP16", "FP32", "FP64", "BYTES", *INTEGERS})


def is_tensors(value: Any) -> bool:
    """Whether a body's ``inputs`` are tensors."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(isinstance(one, dict) and {"name", "shape", "datatype"} <= one.keys() for one in value)
    )


def read_tensors(tensors: list[dict[str, Any]]) -> Rows:
    """Rows of tensors: a matrix alone gives rows by place, several tensors give one feature each.

    Raises `InvalidInputError` where the data does not fill the shape, or a tensor has more than one value a row beside
    others.
    """
    names = [one["name"] for one in tensors]
    if not all(isinstance(name, str) and name for name in names) or len(set(names)) < len(names):
        raise InvalidInputError("each tensor has a name of its own", where="inputs")
    named_well(names, "inputs")
    read = {str(one["name"]): _read(one) for one in tensors}
    (first_name, (shape, values)), *others = read.items()
    if not others and len(shape) == 2 and shape[1] != 1:
        width = shape[1]
        return of_placed([values[start : start + width] for start in range(0, len(values), width)], "inputs")
    counts = sorted({shape[0] for shape, _ in read.values()})
    if len(counts) > 1:
        some = ", ".join(map(str, counts[:10]))
        raise InvalidInputError(f"tensors of different numbers of rows: {some}", where="inputs")
    for name, (one, _) in read.items():
        if math.prod(one[1:]) != 1:
            raise InvalidInputError("one value a row is expected beside other tensors", where=f"inputs.{name}")
    columns = [values for _, values in read.values()]
    if not others and not columns[0]:
        raise InvalidInputError("there is no row to predict for", where=f"inputs.{first_name}")
    return of_named([dict(zip(read, row, strict=True)) for row in zip(*columns, strict=True)], "inputs")


def _read(tensor: Mapping[str, Any]) -> tuple[list[int], list[Any]]:
    where = f"inputs.{tensor['name']}"
    shape, datatype = tensor["shape"], tensor["datatype"]
    if "data" not in tensor:
        raise InvalidInputError("data is missing; the binary extension is not read here", where=where)
    if not isinstance(shape, list) or not shape or not all(type(one) is int and one >= 0 for one in shape):
        raise InvalidInputError("a list of whole numbers is expected", where=f"{where}.shape")
    if not isinstance(datatype, str) or datatype not in DATATYPES:
        raise InvalidInputError(f"one of {', '.join(sorted(DATATYPES))} is expected", where=f"{where}.datatype")
    flat = _flat(tensor["data"], shape, where)
    for place, value in enumerate(flat):
        if value is not None and not _is_of(datatype, value):
            raise InvalidInputError(f"{type(value).__name__} is no {datatype}", where=f"{where}.data[{place}]")
    return shape, flat


def _flat(data: Any, shape: list[int], where: str) -> list[Any]:
    """The values in the order of rows. Nested lists have to be nested as the shape says."""
    if not isinstance(data, list):
        raise InvalidInputError("a list is expected", where=f"{where}.data")
    flat = data
    if any(isinstance(one, list) for one in data):
        for size in shape[1:]:
            if not all(isinstance(one, list) and len(one) == size for one in flat):
                raise InvalidInputError(f"its lists are not nested as {shape}", where=f"{where}.data")
            flat = [value for one in flat for value in one]
        if len(data) != shape[0]:
            raise InvalidInputError(f"{len(data)} rows for a shape of {shape}", where=f"{where}.data")
    if len(flat) != math.prod(shape):
        raise InvalidInputError(f"{len(flat)} values for a shape of {shape}", where=f"{where}.data")
    return flat


def _is_of(datatype: str, value: Any) -> bool:
    if datatype == "BYTES":
        return isinstance(value, str)
    if datatype == "BOOL":
        return isinstance(value, bool) or (type(value) is int and value in {0, 1})
    if datatype in INTEGERS:
        return type(value) is int
    return type(value) in {int, float}
