"""Standard output and error as every command meets them: closed, full, or with a reader that has left.

A verdict must not hang on who reads it. A command whose reader leaves (``syndic gate ... | head -1``) goes on without
one and ends with the code of what it found. Output that a disk does not take is an error: something was to be kept.
"""

from __future__ import annotations

import errno
import io
import os
import select
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, TextIO

# Windows says "invalid argument" of a pipe without a reader.
_LEFT: Final = frozenset({errno.EPIPE, errno.ESHUTDOWN} | ({errno.EINVAL} if sys.platform == "win32" else set()))


def open_standard_streams() -> None:
    """Give a process that was started with closed standard streams empty ones.

    Else the next file that is opened would get their number, and what is meant for people would be written into it.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # takes the lowest free number, which is this one
    if sys.stdout is None:
        sys.stdout = _text(io.FileIO(1, "w", closefd=False))
    if sys.stderr is None:
        sys.stderr = _text(io.FileIO(2, "w", closefd=False))


@contextmanager
def lasting_streams() -> Iterator[None]:
    """While it lasts a reader that leaves is no error, and what could not be written once is not tried again."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = _lasting(sys.stdout), _lasting(sys.stderr)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def _lasting(stream: TextIO) -> TextIO:
    """The same stream on an `_Outlet`, unless it is a terminal or no file of this process."""
    try:
        number = stream.fileno()
    except (OSError, ValueError, AttributeError):
        return stream  # text held in memory, as in tests
    if not isinstance(stream, io.TextIOWrapper) or stream.isatty():
        return stream
    stream.flush()
    return _text(_Outlet(number, "w", closefd=False), encoding=stream.encoding, errors=stream.errors)


def _text(raw: io.FileIO, encoding: str = "utf-8", errors: str | None = "backslashreplace") -> TextIO:
    return io.TextIOWrapper(io.BufferedWriter(raw), encoding=encoding, errors=errors, write_through=False)


class _Outlet(io.FileIO):
    """A file descriptor that is written to until it takes no more: then everything goes nowhere."""

    dead = False

    def write(self, data: object, /) -> int:
        """Write, or drop. Raises `OSError` once, when it is not for a reader that has left."""
        size = memoryview(data).nbytes  # type: ignore[arg-type]
        if self.dead:
            return size
        try:
            written = super().write(data)  # type: ignore[arg-type]
            while written is None:  # a pipe that does not wait, and is full
                select.select([], [self.fileno()], [])
                written = super().write(data)  # type: ignore[arg-type]
        except OSError as error:
            self.dead = True
            if error.errno in _LEFT:
                return size
            raise
        return written
