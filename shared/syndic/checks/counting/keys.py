"""Where runs of large windows keep their records. docs/keys.md lists them."""

from __future__ import annotations

from typing import Final

from syndic.ports import Key

OPEN: Final = "maps"
"""The partition of runs that are not over."""

LEFT: Final = "left."
"""Sort prefix of the parts that are left to count."""


def open_key(run: str) -> Key:
    """Key by which a run that is not over is found."""
    return Key(OPEN, run)


def run_partition(run: str) -> str:
    """The partition of a run: its state, a row for each part that is left, and who finishes it."""
    return f"map.{run}"


def run_key(run: str) -> Key:
    """Key of the state of a run."""
    return Key(run_partition(run), "run")


def left_key(run: str, part: int) -> Key:
    """Key of a part that is left to count."""
    return Key(run_partition(run), f"{LEFT}{part:08d}")


def finisher_key(run: str) -> Key:
    """Key of the claim to finish a run."""
    return Key(run_partition(run), "finisher")
