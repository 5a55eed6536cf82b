"""What a gateway model's variants did, a minute at a time, as deployments watch it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final

from pydantic import Field

from syndic.gateway.inference_record import Compared, saturated
from syndic.gateway.keys import numbers_partition, numbers_start
from syndic.gateway.shares import model_of
from syndic.models import Moment, Noun, TimeWindow
from syndic.ports import Store
from syndic.records import iterate
from syndic.traffic import LatencyPoint, VariantNumbers

STEP: Final = 1.05
"""Width of a bin of latencies: a percentile read off them is at most 2.5 % wrong."""

LEAST: Final = 0.05
"""Milliseconds of the first bin's end."""


class MinuteNumbers(Noun):
    """The requests of one variant in one minute, as far as one batch told them."""

    model_id: str
    variant: str
    minute: Moment
    batch: str
    invocations: int = Field(ge=0)
    errors_5xx: int = Field(ge=0)
    errors_4xx: int = Field(ge=0)
    latency: dict[str, int] = Field(default_factory=dict, description="bin -> requests that were answered")
    shadow: bool = Field(default=False, description="whether they are of copies, whose answers nobody got")
    compared: Compared | None = Field(default=None, description="of a shadow: how far it agrees with what was answered")


def added(parts: Iterable[Compared]) -> Compared | None:
    """Comparisons of several batches as one; None of none."""
    held = list(parts)
    if not held:
        return None
    bins: dict[str, dict[str, int]] = {"given": {}, "own": {}}
    for one in held:
        for name, counts in bins.items():
            for place, count in getattr(one, name).items():
                counts[place] = counts.get(place, 0) + count
    return Compared(
        rows=sum(one.rows for one in held), agreed=sum(one.agreed for one in held),
        difference=saturated(sum(one.difference for one in held)), **bins,
    )  # fmt: skip


def latency_bin(milliseconds: float) -> int:
    """The bin of a latency: bin n holds those over ``LEAST * STEP**(n-1)`` and up to ``LEAST * STEP**n``."""
    return 0 if milliseconds <= LEAST else math.ceil(math.log(milliseconds / LEAST) / math.log(STEP))


def latency_of(place: int) -> float:
    """The latency that stands for a bin: its geometric middle, in milliseconds."""
    return LEAST * math.pow(STEP, place - 0.5)


class GatewayMetrics:
    """Numbers of gateway models. Follows `syndic.traffic.EndpointMetrics`."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def read(self, endpoint: str, variant: str, window: TimeWindow) -> VariantNumbers:
        """The numbers of a variant in a span of whole minutes."""
        model_id = model_of(endpoint)
        minutes: dict[datetime, list[MinuteNumbers]] = {}
        start, end = numbers_start(window.start), numbers_start(window.end)
        for record in iterate(self._store, numbers_partition(model_id), start=start, end=end):
            numbers = MinuteNumbers.model_validate(record.body)
            if numbers.variant == variant:
                minutes.setdefault(numbers.minute, []).append(numbers)
        every = [one for held in minutes.values() for one in held]
        return VariantNumbers(
            invocations=sum(one.invocations for one in every),
            errors_5xx=sum(one.errors_5xx for one in every),
            errors_4xx=sum(one.errors_4xx for one in every),
            latency=tuple(_point(minute, held) for minute, held in sorted(minutes.items())),
        )


def _point(minute: datetime, held: list[MinuteNumbers]) -> LatencyPoint:
    bins: dict[int, int] = {}
    for one in held:
        for place, count in one.latency.items():
            bins[int(place)] = bins.get(int(place), 0) + count
    return LatencyPoint(minute, sum(one.invocations for one in held), _percentile(bins, 0.5), _percentile(bins, 0.95))


def _percentile(bins: Mapping[int, int], share: float) -> float | None:
    whole = sum(bins.values())
    if not whole:
        return None
    left = math.ceil(share * whole)
    for place in sorted(bins):
        left -= bins[place]
        if left <= 0:
            return latency_of(place)
    return None
