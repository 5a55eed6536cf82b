"""Progress on a terminal, and silence in a log."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click


@contextmanager
def progress(words: str, seconds: float) -> Iterator[Callable[..., bool]]:
    """Gives what is asked before each wait: whether there is time left. It may be told how much is done, 0 to 1."""
    end, stream = time.monotonic() + seconds, sys.stderr
    shown = stream.isatty()

    def left(done: float | None = None, step: str = "") -> bool:
        if shown:
            share = "" if done is None else f" {done:4.0%}"
            click.echo(f"\r\x1b[K{words}{share} {step}", file=stream, nl=False)
        return time.monotonic() < end

    yield left
    if shown:
        click.echo("\r\x1b[K", file=stream, nl=False)
