"""Parquet files. pyarrow is imported only here, and only when such a file is read."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syndic.errors import InvalidInputError
from syndic.models import ColumnKind
from syndic.windows.cells.cell import level_text
from syndic.windows.tables.columns_read import NESTED, ColumnsRead, Wanted
from syndic.windows.tables.file_marks import settle_by_file
from syndic.windows.tables.raw_texts import RawTexts
from syndic.windows.tables.sources import TableSource

_BATCH = 65_536
_SECONDS = {"s": 1.0, "ms": 1e-3, "us": 1e-6, "ns": 1e-9}  # durations by their unit
_MOST_VALUES = 400_000_000  # of all columns: 3.2 GB of numbers, which half a megabyte of Parquet can stand for
_INDEX = "__index_level_"  # how pandas names an index without a name


def read_parquet(source: TableSource, wanted: Wanted) -> ColumnsRead:
    """The columns of a Parquet file.

    Numbers, decimals and durations (in seconds) are numeric; truths, dates, times and binary are categorical. Text is
    categorical too, unless its values are numbers written for people. Lists, structs and maps are set aside.

    Args:
        source: The file.
        wanted: What is known of the columns, whatever their type in the file.

    Raises:
        InvalidInputError: The file is damaged or has no rows. Single columns that cannot be read are `refused`.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 (heavy, and in no Lambda layer)
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError:
        raise InvalidInputError("Parquet files need pyarrow, which is not installed here", where=source.name) from None
    columns: dict[str, _ParquetColumn] = {}
    found = ColumnsRead()
    rows = 0
    try:
        with source.opened() as opened, pq.ParquetFile(opened) as file:
            _check_names(file.schema_arrow.names, source)
            rows = file.metadata.num_rows
            for field in file.schema_arrow:
                if _is_nested(field.type, pa):
                    found.set_aside[field.name] = NESTED
                elif not field.name.startswith(_INDEX):
                    columns[field.name] = _ParquetColumn(field, wanted, source, pa)
            _check_size(rows, len(columns), source)
            for batch in file.iter_batches(_BATCH, columns=list(columns)):
                for name, column in columns.items():
                    column.add(batch.column(batch.schema.get_field_index(name)))
    except (pa.ArrowException, OSError) as error:
        sentence = str(error).splitlines()[0][:200]
        raise InvalidInputError(f"the file is not readable Parquet: {sentence}", where=source.name) from error
    if not rows or not (columns or found.set_aside):
        raise InvalidInputError("the file has no rows", where=source.name)
    for column in columns.values():
        column.finish(found)
    settle_by_file(found, wanted)
    return found


def _is_nested(kind: Any, pa: Any) -> bool:
    return bool(pa.types.is_nested(kind)) and not pa.types.is_dictionary(kind)


def _check_names(names: list[str], source: TableSource) -> None:
    for place, name in enumerate(names):
        if name in names[:place]:
            raise InvalidInputError("two columns have this name", where=source.name, column=repr(name))


def _check_size(rows: int, columns: int, source: TableSource) -> None:
    if rows * columns > _MOST_VALUES:
        problem = f"{rows:,} rows of {columns} columns do not fit in memory (at most {_MOST_VALUES:,} values)"
        raise InvalidInputError(f"{problem}: choose columns, or a sample of the rows", where=source.name)


class _ParquetColumn:
    """One column, batch after batch."""

    def __init__(self, field: Any, wanted: Wanted, source: TableSource, pa: Any) -> None:
        self._name, self._wanted, self._source, self._pa = field.name, wanted, source, pa
        self._arrays: list[NDArray[Any]] = []
        self._texts = RawTexts()
        kind, types = wanted.kinds.get(field.name), pa.types
        value_type = field.type.value_type if types.is_dictionary(field.type) else field.type
        value_type = getattr(value_type, "storage_type", value_type)  # of an extension such as UUIDs
        self._seconds = _SECONDS.get(value_type.unit, 0.0) if types.is_duration(value_type) else 0.0
        number_typed = (
            types.is_integer(value_type)
            or types.is_floating(value_type)
            or types.is_decimal(value_type)
            or types.is_null(value_type)
            or bool(self._seconds)
            or (types.is_boolean(value_type) and kind is ColumnKind.NUMERIC)
        )
        self._numeric = number_typed and kind is not ColumnKind.CATEGORICAL
        # Text that the file does not call a number is one only when it is declared, or written for people.
        self._text_typed = bool(types.is_string(value_type) or types.is_large_string(value_type))

    def add(self, values: Any) -> None:
        """Add a batch's values."""
        pa = self._pa
        values = getattr(values, "storage", values)
        if pa.types.is_timestamp(values.type):
            values = values.cast(pa.timestamp(values.type.unit))  # in UTC, as text without the zone
        if pa.types.is_temporal(values.type) and not self._seconds:
            values = values.cast(pa.string())  # Python's own dates end with the year 9999
        if self._numeric:
            if pa.types.is_dictionary(values.type):
                values = values.dictionary_decode()
            if self._seconds:
                values = values.cast(pa.int64())
            if any(check(values.type) for check in (pa.types.is_decimal, pa.types.is_float32, pa.types.is_float16)):
                # As written, and not as widened: 39.4 of 32 bits is 39.4, as in other files, not 39.400001525878906.
                values = values.cast(pa.string())
            floats = values.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)
            self._arrays.append(np.array(floats, dtype=np.float64) * (self._seconds or 1.0))
            return
        encoded = values if pa.types.is_dictionary(values.type) else values.dictionary_encode()
        places = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.intp)
        self._texts.add_coded([_text(value) for value in encoded.dictionary.to_pylist()], places)

    def finish(self, found: ColumnsRead) -> None:
        """Put the whole column among those found."""
        if self._numeric:
            found.columns[self._name] = np.concatenate(self._arrays)
            return
        kinds = self._wanted.kinds
        if not self._text_typed and self._name not in kinds:
            kinds = {**kinds, self._name: ColumnKind.CATEGORICAL}
        self._texts.finish(self._name, replace(self._wanted, kinds=kinds), found, self._fault, typed=True)

    def _fault(self, row: int, reason: str) -> InvalidInputError:
        return InvalidInputError(f"{reason}, in row {row + 1}", where=self._source.name, column=repr(self._name))


def _text(value: Any) -> str | None:
    """A value of any Arrow type as text, None when it is missing."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, float):
        return None if math.isnan(value) else level_text(value)
    return str(value)
