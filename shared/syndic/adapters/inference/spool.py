"""A durable queue in a folder, for a server of one's own: what was answered survives the process and the network.

Records are lines of files. Whoever has to wait for a record waits until its line is on the disk; many that wait at once
wait for one flush. A file is closed after a second and handed on; it is removed once all of it was taken. Files of a
process that died are handed on by the next one: a line that was cut was waited for by nobody.
"""

from __future__ import annotations

import fcntl
import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Final
from uuid import uuid4

from syndic.adapters.inference.offering import Offering
from syndic.errors import SyndicError, UnavailableError

log = logging.getLogger(__name__)

ROLL: Final = 1.0
"""Seconds after which a file is closed."""

CHUNK: Final = 200_000
"""Bytes of records that are handed on at once."""

AGAIN: Final = 60.0
"""Seconds after which a file is handed on again that was refused."""

OPEN: Final = ".open"
READY: Final = ".ready"


class Spool:
    """Keeps records on disk and hands them on. Follows `syndic.ports.InferenceLog`.

    Args:
        folder: Where the files lie; may be shared by the processes of one machine.
        ship: Hands records on for good; raises `SyndicError` when they have to be handed on again.
        roll: Seconds after which a file is closed.
    """

    def __init__(self, folder: Path, *, ship: Callable[[Sequence[bytes]], None], roll: float = ROLL) -> None:
        self._folder, self._ship, self._roll = folder, ship, roll
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Condition()
        self._file: IO[bytes] | None = None
        self._path: Path | None = None
        self._written = self._synced = 0
        self._syncing = False
        self._offered = Offering(self._append_all, oldest=0.75)
        self._refused: dict[str, float] = {}  # until when, by a file's name
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="syndic-spool", daemon=True)
        self._thread.start()

    def take(self, model_id: str, record: bytes) -> None:  # noqa: ARG002 - the record says it
        """Keep a record; returns once it is on the disk."""
        with self._lock:
            mine = self._append(record)
            while self._synced < mine:
                if self._syncing:
                    self._lock.wait()
                    continue
                self._sync()

    def offer(self, model_id: str, record: bytes) -> None:  # noqa: ARG002
        """Keep a record without waiting."""
        self._offered.offer(record)

    def flush(self) -> None:
        """Write what was offered; a file that is not closed yet is handed on later."""
        self._offered.flush()

    def close(self) -> None:
        """Write what waits, close the file and hand on what can be handed on."""
        self._offered.flush()
        self._stopped.set()
        self._thread.join()
        self._roll_over()
        self._hand_on()

    def _append_all(self, records: Sequence[bytes]) -> None:
        with self._lock:
            for record in records:
                self._append(record)
            if self._file is not None:
                with _written():
                    self._file.flush()

    def _append(self, record: bytes) -> int:
        with _written():
            if self._file is None:
                self._path = self._folder / f"{time.time_ns()}-{uuid4().hex}{OPEN}"
                self._file = self._path.open("ab")
                fcntl.flock(self._file, fcntl.LOCK_EX)
            self._file.write(record + b"\n")
        self._written += 1
        return self._written

    def _sync(self) -> None:
        """Bring to the disk what was written so far; the lock is free meanwhile, so that others may write."""
        file, upto = self._file, self._written
        if file is None:
            self._synced = self._written
            return
        self._syncing = True
        try:
            with _written():
                file.flush()
                self._lock.release()
                try:
                    os.fsync(file.fileno())
                finally:
                    self._lock.acquire()
            self._synced = max(self._synced, upto)
        finally:
            self._syncing = False
            self._lock.notify_all()

    def _run(self) -> None:
        while not self._stopped.wait(self._roll):
            try:
                self._roll_over()
                self._hand_on()
            except (OSError, SyndicError):  # a disk may be full for a while: what waits is handed on after that
                log.exception("spool cannot be read or written")

    def _roll_over(self) -> None:
        with self._lock:
            while self._syncing:
                self._lock.wait()
            if self._file is None or self._path is None:
                return
            self._sync()
            ready = self._path.with_suffix(READY)
            self._path.rename(ready)
            self._file.close()
            self._file = self._path = None

    def _hand_on(self) -> None:
        for path in self._left_behind():
            path.rename(path.with_suffix(READY))
        now = time.monotonic()
        for path in sorted(self._folder.glob(f"*{READY}")):
            if self._refused.get(path.name, now) > now:
                continue
            with path.open("rb") as file:
                try:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                except OSError:  # another process hands it on
                    continue
                if not path.exists():
                    continue
                try:
                    for chunk in chunks(file.read()):
                        self._ship(chunk)
                except UnavailableError as error:
                    log.warning("records wait in the spool", extra={"file": path.name, "reason": str(error)})
                    return
                except SyndicError as error:  # this file's fault, or a key's: the others do not wait for it
                    log.error("records were refused and wait", extra={"file": path.name, "reason": str(error)})  # noqa: TRY400
                    self._refused[path.name] = now + AGAIN
                    continue
                with suppress(FileNotFoundError):
                    path.unlink()
                self._refused.pop(path.name, None)

    def _left_behind(self) -> Iterator[Path]:
        """Files whose process is gone: nobody holds their lock."""
        for path in sorted(self._folder.glob(f"*{OPEN}")):
            if path == self._path:
                continue
            try:
                with path.open("rb") as file:
                    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    yield path
            except OSError:
                continue


@contextmanager
def _written() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnavailableError(f"the spool cannot be written ({error.strerror})") from None


def chunks(data: bytes) -> Iterator[list[bytes]]:
    """The records of a file in parts that a request takes. The end of a file that was cut off is none."""
    lines = data.split(b"\n")[:-1]
    part: list[bytes] = []
    size = 0
    for line in lines:
        if not line:
            continue
        if part and size + len(line) > CHUNK:
            yield part
            part, size = [], 0
        part.append(line)
        size += len(line) + 1
    if part:
        yield part
