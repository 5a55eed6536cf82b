"""What the demonstration says while it works, and how it says what is wrong."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager


class DemoError(Exception):
    """The demonstration cannot go on. The message is one sentence that says what to do."""


@contextmanager
def step(name: str) -> Iterator[None]:
    """Print a step's name, and its seconds when it is done."""
    print(f"  {name:<58}", end="", flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print(" stopped", flush=True)
        raise
    print(f" {time.monotonic() - start:5.1f} s", flush=True)


def say(text: str = "") -> None:
    """Print a line at once."""
    print(text, flush=True)


def complain(text: str) -> None:
    """Print a line to stderr."""
    print(text, file=sys.stderr, flush=True)
