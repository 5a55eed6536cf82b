"""A baseline as bytes: versioned, hashed, at most 16 KB for a numeric column.

The layout is ``SYNDIC-BASELINE`` and the format's version in the first line, the SHA-256 of the rest in the second,
then MessagePack. Numbers of a column are laid out byte plane by byte plane, which deflates well: neighbouring edges
share their leading bytes.
"""

from __future__ import annotations

import hashlib
import math
import zlib
from collections.abc import Mapping
from typing import Any, Final

import msgspec
import numpy as np
from numpy.typing import NDArray

from syndic.drift.baseline.model import (
    Baseline,
    CategoricalBaseline,
    ColumnBaseline,
    Grouping,
    NumericBaseline,
    Reconstruction,
)
from syndic.drift.baseline.own_windows import OwnWindows
from syndic.errors import InvalidInputError
from syndic.models import ColumnRole, Intake
from syndic.ports import Key, Record
from syndic.record_versions import FIELD, Schema, Upgraded

FORMAT: Final = 2
"""The newest format. A baseline without times or groups is written as format 1, which says all of it."""

_MAGIC: Final = b"SYNDIC-BASELINE "
_SEASONS: Final = b"SYNDIC-SEASONS 1\n"
_PLANES_LIMIT: Final = 64 * 1024 * 1024


def to_bytes(baseline: Baseline) -> bytes:
    """The baseline as bytes; the same baseline gives the same bytes."""
    document = {
        "rows": baseline.rows,
        "columns": {name: _column_document(column) for name, column in sorted(baseline.columns.items())},
        "roles": {name: role.value for name, role in sorted(baseline.roles.items())},
        "sampled_every": baseline.sampled_every,
        "reconstruction": _reconstruction_document(baseline.reconstruction),
        "notes": list(baseline.notes),
        **(
            {}
            if baseline.intake is None
            else {"intake": baseline.intake.model_dump(mode="json", exclude_defaults=True)}
        ),
    }
    version = 1
    if baseline.windows is not None or baseline.grouping is not None:
        version = FORMAT
        document |= {
            "windows": _windows_document(baseline.windows),
            "grouping": _grouping_document(baseline.grouping),
        }
    content = msgspec.msgpack.encode(document)
    digest = hashlib.sha256(content).hexdigest().encode()
    return _MAGIC + str(version).encode() + b"\n" + digest + b"\n" + content


def from_bytes(data: bytes, *, where: str = "baseline") -> Baseline:
    """Read a baseline. Raises `InvalidInputError` when it is of another version, cut short or changed."""
    head, _, rest = data.partition(b"\n")
    if not head.startswith(_MAGIC):
        raise InvalidInputError("this is not a baseline summary", where=where)
    version = head[len(_MAGIC) :].decode("ascii", "replace")
    if version not in _READ:
        raise InvalidInputError(f"the summary has format {version}, this program reads up to {FORMAT}", where=where)
    digest, _, content = rest.partition(b"\n")
    if hashlib.sha256(content).hexdigest().encode() != digest:
        raise InvalidInputError("the summary is cut short or was changed: its hash does not hold", where=where)
    stored = Record(Key("baseline", where), {**msgspec.msgpack.decode(content), FIELD: int(version)})
    document = _SCHEMA.read(stored).body
    return Baseline(
        rows=document["rows"],
        columns={name: _read_column(column) for name, column in document["columns"].items()},
        roles={name: ColumnRole(role) for name, role in document["roles"].items()},
        sampled_every=document["sampled_every"],
        reconstruction=_read_reconstruction(document["reconstruction"]),
        notes=tuple(document["notes"]),
        intake=Intake.model_validate(document["intake"]) if "intake" in document else None,
        windows=_read_windows(document["windows"]),
        grouping=_read_grouping(document["grouping"]),
    )


def _without_times(document: dict[str, Any]) -> Upgraded:
    """Format 1 knew neither times nor groups."""
    return Upgraded({**document, "windows": None, "grouping": None})


_SCHEMA: Final = Schema("baseline summary", (_without_times,))
_READ: Final = frozenset(str(version) for version in range(1, _SCHEMA.version + 1))


def summaries_to_bytes(baseline: Baseline, season: str, parts: Mapping[str, Baseline]) -> bytes:
    """A baseline and the summaries of the parts of its season in one file; without parts as `to_bytes`."""
    if not parts:
        return to_bytes(baseline)
    document = {
        "baseline": to_bytes(baseline),
        "season": season,
        "parts": {key: to_bytes(part) for key, part in sorted(parts.items())},
    }
    return _SEASONS + msgspec.msgpack.encode(document)


def summaries_from_bytes(data: bytes, *, where: str = "baseline") -> tuple[Baseline, str, dict[str, Baseline]]:
    """The baseline, its season and the parts of `summaries_to_bytes`. Raises as `from_bytes` does."""
    if not data.startswith(_SEASONS):
        return from_bytes(data, where=where), "none", {}
    try:
        document = msgspec.msgpack.decode(data[len(_SEASONS) :])
    except msgspec.MsgspecError as error:
        raise InvalidInputError("the summary is cut short or was changed", where=where) from error
    parts = {key: from_bytes(part, where=f"{where}: {key}") for key, part in document["parts"].items()}
    return from_bytes(document["baseline"], where=where), document["season"], parts


def format_of(data: bytes) -> int:
    """The format of a summary's bytes, which `to_bytes` made."""
    return int(data[len(_MAGIC) : data.index(b"\n")])


def is_summary(head: bytes) -> bool:
    """Whether a file that begins like this is a stored baseline."""
    return head.startswith((_MAGIC, _SEASONS))


def sha256_of_baseline(data: bytes) -> str:
    """The hash that a baseline is known by."""
    return hashlib.sha256(data).hexdigest()


def column_bytes(column: ColumnBaseline) -> int:
    """How many bytes a column takes in the stored summary."""
    return len(msgspec.msgpack.encode(_column_document(column)))


def pack(values: NDArray[Any]) -> bytes:
    """An array as deflated byte planes, with its type in front."""
    if values.dtype.kind == "i":
        values = values.astype(np.min_scalar_type(int(values.max(initial=0))))  # counts are never negative
    values = np.ascontiguousarray(values, values.dtype.newbyteorder("<"))
    planes = values.view(np.uint8).reshape(-1, values.dtype.itemsize).T.copy()
    return values.dtype.str[1:].encode() + zlib.compress(planes.tobytes(), 9)


def unpack(data: bytes) -> NDArray[Any]:
    """The array that `pack` was given."""
    dtype = np.dtype("<" + data[:2].decode())
    inflater = zlib.decompressobj()
    planes = np.frombuffer(inflater.decompress(data[2:], _PLANES_LIMIT), np.uint8)
    values = planes.reshape(dtype.itemsize, -1).T.copy().view(dtype).reshape(-1)
    return values if dtype.kind == "f" else values.astype(np.int64)


def _column_document(column: ColumnBaseline) -> dict[str, Any]:
    if isinstance(column, CategoricalBaseline):
        return {
            "levels": list(column.levels),
            "counts": pack(column.counts),
            "other": column.other,
            "distinct": column.distinct,
            "missing": column.missing,
            **({"declared": True} if column.declared else {}),
        }
    ties = column.at_or_below - column.below
    gaps = column.below - np.concatenate(([0], column.at_or_below[:-1]))
    numbers = ("present", "missing", "infinite", "mean", "std", "low", "high", "tail_below", "tail_above", "distinct")
    return {
        "edges": pack(column.edges),
        "ties": pack(ties),
        "gaps": pack(gaps),
        **{name: getattr(column, name) for name in numbers},
        "integer_like": column.integer_like,
        "exact": column.exact,
        **({"declared": True} if column.declared else {}),
    }


def _read_column(document: Mapping[str, Any]) -> ColumnBaseline:
    if "levels" in document:
        rest = {name: document[name] for name in ("other", "distinct", "missing")}
        rest["declared"] = document.get("declared", False)
        return CategoricalBaseline(levels=tuple(document["levels"]), counts=unpack(document["counts"]), **rest)
    ties, gaps = unpack(document["ties"]), unpack(document["gaps"])
    at_or_below = np.cumsum(ties + gaps)
    rest = {name: value for name, value in document.items() if name not in {"edges", "ties", "gaps"}}
    return NumericBaseline(edges=unpack(document["edges"]), at_or_below=at_or_below, below=at_or_below - ties, **rest)


def _windows_document(windows: OwnWindows | None) -> dict[str, Any] | None:
    if windows is None:
        return None
    gaps = np.diff(windows.starts, prepend=windows.starts[:1])
    return {
        "hours": windows.hours,
        "first": int(windows.starts[0]),
        "gaps": pack(gaps),
        "rows": pack(windows.rows),
        # Cell by cell: neighbouring windows have like counts.
        "cells": {name: [table.shape[1], pack(table.T.reshape(-1))] for name, table in sorted(windows.cells.items())},
        "errors": None if windows.errors is None else pack(windows.errors.reshape(-1)),
    }


def _read_windows(document: Mapping[str, Any] | None) -> OwnWindows | None:
    if document is None:
        return None
    errors = document["errors"]
    return OwnWindows(
        hours=document["hours"],
        starts=document["first"] + np.cumsum(unpack(document["gaps"])),
        rows=unpack(document["rows"]),
        cells={name: unpack(data).reshape(width, -1).T for name, (width, data) in document["cells"].items()},
        errors=None if errors is None else unpack(errors).reshape(-1, 2),
    )


def _grouping_document(grouping: Grouping | None) -> dict[str, Any] | None:
    if grouping is None:
        return None
    return {
        "column": grouping.column,
        "groups": grouping.groups,
        "size": grouping.size,
        "likeness": dict(sorted(grouping.likeness.items())),
        "covariances": {name: pack(table.reshape(-1)) for name, table in sorted(grouping.covariances.items())},
    }


def _read_grouping(document: Mapping[str, Any] | None) -> Grouping | None:
    if document is None:
        return None
    found = {name: unpack(data) for name, data in document["covariances"].items()}
    return Grouping(
        document["column"],
        document["groups"],
        document["size"],
        dict(document["likeness"]),
        {name: table.reshape(math.isqrt(len(table)), -1) for name, table in found.items()},
    )


def _reconstruction_document(reconstruction: Reconstruction | None) -> dict[str, Any] | None:
    if reconstruction is None:
        return None
    return {
        "columns": list(reconstruction.columns),
        "components": pack(reconstruction.components.reshape(-1)),
        "error_mean": reconstruction.error_mean,
        "error_std": reconstruction.error_std,
        "rows": reconstruction.rows,
    }


def _read_reconstruction(document: Mapping[str, Any] | None) -> Reconstruction | None:
    if document is None:
        return None
    columns = tuple(document["columns"])
    return Reconstruction(
        columns=columns,
        components=unpack(document["components"]).reshape(len(columns), -1),
        error_mean=document["error_mean"],
        error_std=document["error_std"],
        rows=document["rows"],
    )
