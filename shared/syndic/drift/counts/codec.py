"""Counts as bytes, from a worker to the step that merges them."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Any, Final

import msgspec

from syndic.drift.baseline.codec import pack, unpack
from syndic.drift.counts.model import CategoricalCounts, ColumnCounts, Counts, ErrorSums, NumericCounts
from syndic.errors import InvalidInputError
from syndic.models import ColumnKind, Intake

FORMAT: Final = 3
_MAGIC: Final = b"SYNDIC-COUNTS %d\n" % FORMAT
_NUMBERS: Final = ("present", "missing", "infinite", "low", "high", "under", "over", "repeats", "unlike")
_SUMS: Final = ("total", "squares", "tail_below", "tail_above")


def counts_to_bytes(counts: Counts) -> bytes:
    """The counts as bytes."""
    document = {
        "rows": counts.rows,
        "columns": {name: _column_document(column) for name, column in counts.columns.items()},
        "other_kinds": {name: kind.value for name, kind in counts.other_kinds.items()},
        "new": {name: kind.value for name, kind in counts.new.items()},
        "intake": counts.intake.model_dump(mode="json"),
        "errors": None if counts.errors is None else _errors_document(counts.errors),
        "groups": [counts.groups[0], str(counts.groups[1])],
    }
    content = msgspec.msgpack.encode(document)
    return _MAGIC + zlib.crc32(content).to_bytes(4, "big") + content


def counts_from_bytes(data: bytes, *, where: str = "counts") -> Counts:
    """Read counts. Raises `InvalidInputError` when they are cut short or of another version."""
    content = data[len(_MAGIC) + 4 :]
    if not data.startswith(_MAGIC):
        raise InvalidInputError("these are not counts of a version that this program reads", where=where)
    if zlib.crc32(content).to_bytes(4, "big") != data[len(_MAGIC) : len(_MAGIC) + 4]:
        raise InvalidInputError("the counts are cut short or were changed", where=where)
    document = msgspec.msgpack.decode(content)
    errors = document["errors"]
    grouped = document.get("groups", (0, 0))
    return Counts(
        rows=document["rows"],
        columns={name: _read_column(column) for name, column in document["columns"].items()},
        other_kinds={name: ColumnKind(kind) for name, kind in document["other_kinds"].items()},
        new={name: ColumnKind(kind) for name, kind in document["new"].items()},
        intake=Intake.model_validate(document["intake"]),
        errors=None if errors is None else ErrorSums(errors["rows"], int(errors["total"]), int(errors["squares"])),
        groups=(int(grouped[0]), int(grouped[1])),
    )


def _column_document(column: ColumnCounts) -> dict[str, Any]:
    if isinstance(column, CategoricalCounts):
        return {
            "counts": pack(column.counts),
            "unlisted": column.unlisted,
            "missing": column.missing,
            "examples": dict(column.examples),
            "unlike": column.unlike,
            "repeats": column.repeats,
        }
    return {
        "at_or_below": pack(column.at_or_below),
        "below": pack(column.below),
        **{name: getattr(column, name) for name in _NUMBERS},
        # Sums of fixed-point numbers outgrow 64 bits.
        **{name: str(getattr(column, name)) for name in _SUMS},
    }


def _read_column(document: Mapping[str, Any]) -> ColumnCounts:
    if "counts" in document:
        rest = {name: document[name] for name in ("unlisted", "missing", "examples", "unlike", "repeats")}
        return CategoricalCounts(counts=unpack(document["counts"]), **rest)
    return NumericCounts(
        at_or_below=unpack(document["at_or_below"]),
        below=unpack(document["below"]),
        **{name: document[name] for name in _NUMBERS},
        **{name: int(document[name]) for name in _SUMS},
    )


def _errors_document(errors: ErrorSums) -> dict[str, Any]:
    return {"rows": errors.rows, "total": str(errors.total), "squares": str(errors.squares)}
