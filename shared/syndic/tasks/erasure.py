"""Erasure of captured rows: does a step of the erasure that each queued message names."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from syndic.audit.erasure.contents import list_holds
from syndic.erasure.work import go_on
from syndic.models import ErasureStepRequested
from syndic.tasks.clouds import ErasingClouds
from syndic.tasks.messages import read_message

LONGEST: Final = timedelta(seconds=180)
"""After which a step leaves the rest to the next message; the function has 300 seconds."""


def take(body: str, clouds: ErasingClouds) -> None:
    """A message of the erasure queue."""
    request = read_message(body, ErasureStepRequested)
    until = clouds.now() + LONGEST
    held = frozenset(one.subject for one in list_holds(clouds.store))
    erasure = go_on(
        request.erasure_id, held=held, store=clouds.store, captures=clouds.captures, eraser=lambda: clouds.eraser,
        archive=clouds.archive, audit=clouds.audit, bus=clouds.bus, now=clouds.now(),
        over=lambda: clouds.now() >= until,
    )  # fmt: skip
    clouds.count("ErasureSteps", state=erasure.state.value)
