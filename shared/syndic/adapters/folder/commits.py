"""Changing several files as one: a lock between processes, and a record of the change that a crash cannot halve.

New content is written beside the store first. Then one file, ``.commit``, names every move and removal; from the moment
it stands the change is made, and whoever takes the lock after a crash finishes it.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from syndic.errors import UnavailableError

LOCK: Final = ".lock"
COMMIT: Final = ".commit"
STAGED: Final = ".staged"


@contextmanager
def locked(folder: Path, *, exclusive: bool) -> Iterator[None]:
    """Hold the store's lock: together with other readers, or alone. It ends with the process at the latest."""
    if sys.platform == "win32":
        raise UnavailableError("a store in a folder needs POSIX file locks, which Windows has not")
    import fcntl  # noqa: PLC0415 - there is none on Windows

    descriptor = os.open(folder / LOCK, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH)
        yield
    finally:
        os.close(descriptor)


def is_unfinished(folder: Path) -> bool:
    """Whether a change was decided and not made to its end."""
    return (folder / COMMIT).exists()


def change(folder: Path, files: Mapping[str, bytes | None]) -> None:
    """Write these files, named relative to the folder, and remove those that are None. All or none; lock held alone."""
    staged = folder / STAGED
    staged.mkdir(exist_ok=True)
    moves: list[list[str]] = []
    removals = [name for name, content in files.items() if content is None]
    for name, content in files.items():
        if content is not None:
            source = f"{STAGED}/{len(moves)}"
            _write(folder / source, content)
            moves.append([source, name])
    if len(files) > 1:
        _write(staged / "commit", json.dumps({"moves": moves, "removals": removals}).encode())
        (staged / "commit").replace(folder / COMMIT)
        _sync(folder)
    _apply(folder, moves, removals)


def finish(folder: Path) -> None:
    """Finish what a process that died had decided. Lock held alone."""
    if is_unfinished(folder):
        decided = json.loads((folder / COMMIT).read_bytes())
        _apply(folder, decided["moves"], decided["removals"])


def _apply(folder: Path, moves: list[list[str]], removals: list[str]) -> None:
    """Every step may have been made before."""
    touched = set()
    for source, name in moves:
        target = folder / name
        touched |= _made(target.parent)
        try:
            (folder / source).replace(target)
        except FileNotFoundError:
            continue  # moved before the crash
    for name in removals:
        (folder / name).unlink(missing_ok=True)
        touched.add((folder / name).parent)
    for place in touched:
        if place.exists():
            _sync(place)
    (folder / COMMIT).unlink(missing_ok=True)


def _made(place: Path) -> set[Path]:
    """Make a folder if it is not there; returns the folders whose entries are new."""
    if place.is_dir():
        return {place}
    place.mkdir(parents=True, exist_ok=True)
    return {place, place.parent, place.parent.parent}


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync(place: Path) -> None:
    """Have a folder's entries on disk."""
    descriptor = os.open(place, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
