"""What is slow to make is made once, also when several processes run the tests."""

from __future__ import annotations

import fcntl
from collections.abc import Callable
from pathlib import Path

import pytest


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """The folder of that name, which `make` fills when it is the first to ask for it in this run.

    Whoever changes what is in it takes a copy.
    """
    base = factory.getbasetemp()
    shared = (base.parent if base.name.startswith("popen-") else base) / name
    with shared.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.is_dir():
            making = factory.mktemp(f"making-{name}") / name
            making.mkdir()
            make(making)
            making.rename(shared)
    return shared
