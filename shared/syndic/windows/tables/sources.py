"""A table's bytes, from memory or a file, and what kind of table they are."""

from __future__ import annotations

import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import BinaryIO, cast

from syndic.errors import InvalidInputError
from syndic.windows.formats.table import FORMATS
from syndic.windows.parsing.lines import LineReader, inflated
from syndic.windows.rejected import Reason

_BLOCK = 1024 * 1024
_ARRAY = re.compile(rb"\[\s*[{\[\]]")
_JSON_NAMES = (".jsonl", ".jsonl.gz", ".ndjson", ".ndjson.gz", ".json", ".json.gz")
_CAPTURE_MARKS = tuple(one.mark for one in FORMATS.values())


class TableForm(Enum):
    """How a table is written."""

    CSV = "csv"
    PARQUET = "parquet"
    CAPTURE = "capture"
    JSON = "json"


@dataclass(frozen=True, slots=True)
class TableSource:
    """Bytes that can be read more than once, and the name that messages give them."""

    data: bytes | Path
    name: str

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The bytes as they are. Raises `InvalidInputError` when the file cannot be read."""
        if isinstance(self.data, bytes):
            yield io.BytesIO(self.data)
            return
        try:
            file = self.data.open("rb")
        except FileNotFoundError:
            raise InvalidInputError("there is no such file", where=self.name) from None
        except OSError as error:
            raise InvalidInputError(f"the file cannot be read: {error.strerror}", where=self.name) from error
        with file:
            try:
                yield file
            except io.UnsupportedOperation as error:
                problem = "this is a pipe, and a table is read twice: save it as a file"
                raise InvalidInputError(problem, where=self.name) from error

    @contextmanager
    def inflated(self) -> Iterator[BinaryIO]:
        """The bytes, inflated when they are gzip. Raises `InvalidInputError` when they are damaged."""
        with self.opened() as file:
            packed = file.read(2) == b"\x1f\x8b"
            file.seek(0)
            if not packed:
                yield file
                return
            try:
                with gzip.open(file) as unpacked:
                    yield cast("BinaryIO", unpacked)
            except (EOFError, zlib.error, gzip.BadGzipFile) as error:
                raise InvalidInputError("the compressed file is damaged or incomplete", where=self.name) from error

    def blocks(self) -> Iterator[bytes]:
        """The bytes as they are, in blocks."""
        with self.opened() as file:
            while block := file.read(_BLOCK):
                yield block

    def form(self) -> TableForm:
        """How the table is written, by its first bytes. Raises `InvalidInputError` when there are none."""
        with self.opened() as file:
            start = file.read(4)
            file.seek(0)
            if start == b"PAR1":
                return TableForm.PARQUET
            try:
                start = next((piece for piece in inflated(iter(lambda: file.read(4096), b"")) if piece.strip()), b"")
            except (EOFError, zlib.error):
                raise InvalidInputError("the compressed file is damaged or incomplete", where=self.name) from None
        if not start.strip():
            raise InvalidInputError("the file is empty", where=self.name)
        lowered = self.name.lower()
        if lowered.endswith((".parquet", ".pq")):
            raise InvalidInputError("the file is not Parquet, although its name says so", where=self.name)
        first = start.removeprefix(b"\xef\xbb\xbf").lstrip()
        if _ARRAY.match(first):
            return TableForm.JSON
        if first.startswith(b"{") or lowered.endswith(_JSON_NAMES):
            return TableForm.CAPTURE if self._captured() else TableForm.JSON
        return TableForm.CSV

    def _captured(self) -> bool:
        """Whether any line is a capture record of either cloud, or tries to be one."""

        def ignore(line: int, offset: int, reason: Reason, detail: str) -> None:
            """Faults are told when the file is read."""

        for chunk in LineReader(self.blocks(), reject=ignore).chunks():
            if any(mark in chunk.data for mark in _CAPTURE_MARKS):
                return True
        return False
