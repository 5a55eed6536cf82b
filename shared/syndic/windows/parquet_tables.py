"""Parquet files. pyarrow is imported only here, and only when such a file is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from syndic.errors import InvalidInputError
from syndic.models import ColumnKind
from syndic.windows.cells import Factorizer, number
from syndic.windows.rejected import UnusableError
from syndic.windows.sources import TableSource
from syndic.windows.window import Column

_BATCH = 65_536
_INDEX = "__index_level_"  # how pandas names an index without a name


def read_parquet(source: TableSource, kinds: Mapping[str, ColumnKind]) -> dict[str, Column]:
    """The columns of a Parquet file: numbers and decimals are numeric; texts, truths, dates and times categorical.

    Args:
        source: The file.
        kinds: Columns whose kind is known, whatever their type in the file.

    Raises:
        InvalidInputError: The file is damaged, a column holds lists or objects, or text where a number is expected.
    """
    try:
        import pyarrow as pa  # noqa: PLC0415 (heavy, and in no Lambda layer)
        import pyarrow.parquet as pq  # noqa: PLC0415
    except ImportError:
        raise InvalidInputError("Parquet files need pyarrow, which is not installed here", where=source.name) from None
    columns: dict[str, _ParquetColumn] = {}
    try:
        with source.opened() as opened, pq.ParquetFile(opened) as file:
            _check_names(file.schema_arrow.names, source)
            for field in file.schema_arrow:
                if not field.name.startswith(_INDEX):
                    columns[field.name] = _ParquetColumn(field, kinds.get(field.name), source, pa)
            for batch in file.iter_batches(_BATCH, columns=list(columns)):
                for name, column in columns.items():
                    column.add(batch.column(batch.schema.get_field_index(name)))
    except (pa.ArrowException, OSError) as error:
        sentence = str(error).splitlines()[0][:200]
        raise InvalidInputError(f"the file is not readable Parquet: {sentence}", where=source.name) from error
    if not columns or not any(column.arrays for column in columns.values()):
        raise InvalidInputError("the file has no rows", where=source.name)
    return {name: column.finished() for name, column in columns.items()}


def _check_names(names: list[str], source: TableSource) -> None:
    for place, name in enumerate(names):
        if name in names[:place]:
            raise InvalidInputError("two columns have this name", where=source.name, column=repr(name))


class _ParquetColumn:
    """One column, batch after batch."""

    def __init__(self, field: Any, kind: ColumnKind | None, source: TableSource, pa: Any) -> None:
        self._name, self._source, self._pa = field.name, source, pa
        self.arrays: list[NDArray[Any]] = []
        self._levels = Factorizer()
        self._rows = 0
        types = pa.types
        if types.is_nested(field.type) and not types.is_dictionary(field.type):
            raise InvalidInputError(
                "a column of lists or objects cannot be measured", where=source.name, column=repr(field.name)
            )
        self._number_typed = (
            types.is_integer(field.type)
            or types.is_floating(field.type)
            or types.is_decimal(field.type)
            or types.is_null(field.type)
        )
        self._numeric = self._number_typed if kind is None else kind is ColumnKind.NUMERIC

    def add(self, values: Any) -> None:
        """Add a batch's values."""
        if self._numeric and self._number_typed:
            floats = values.cast(self._pa.float64(), safe=False)
            self.arrays.append(np.array(floats.to_numpy(zero_copy_only=False), dtype=np.float64))
        else:
            encoded = values if self._pa.types.is_dictionary(values.type) else values.dictionary_encode()
            places = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False).astype(np.intp)
            self.arrays.append(self._looked_up([_cell(value) for value in encoded.dictionary.to_pylist()], places))
        self._rows += len(values)

    def _looked_up(self, cells: list[Any], places: NDArray[np.intp]) -> NDArray[Any]:
        if not self._numeric:
            return np.append(self._levels.codes([str(cell) if cell is not None else None for cell in cells]), -1)[
                places
            ].astype(np.int32)
        numbers = np.full(len(cells) + 1, np.nan)
        for place, cell in enumerate(cells):
            try:
                numbers[place] = number(cell)
            except UnusableError:
                row = self._rows + int(np.flatnonzero(places == place)[0]) + 1
                raise InvalidInputError(
                    f"text where a number is expected, in row {row}", where=self._source.name, column=repr(self._name)
                ) from None
        return numbers[places]

    def finished(self) -> Column:
        """The whole column."""
        array = np.concatenate(self.arrays)
        return array if self._numeric else self._levels.categories(array)


def _cell(value: Any) -> Any:
    """A value of any Arrow type as a number, a truth, a text or None."""
    if value is None or isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)
