"""What moving an endpoint's traffic to another version asks of a cloud."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from syndic.models import TimeWindow


@dataclass(frozen=True, slots=True)
class ServedVariant:
    """One variant behind an endpoint and its weight, 0 or more, on any scale."""

    name: str
    weight: float


@dataclass(frozen=True, slots=True)
class ServedTraffic:
    """How an endpoint shares out its traffic now.

    `ready` is False while the cloud is still working on the last change; then nothing may be asked of the endpoint.
    `failure` is the cloud's reason when its last change failed.
    """

    endpoint: str
    resource_id: str
    configuration: str
    ready: bool
    variants: tuple[ServedVariant, ...]
    failure: str | None = None

    def share(self, variant: str) -> float:
        """The share of traffic that a variant gets, 0 to 1; 0 when it is not there."""
        whole = sum(one.weight for one in self.variants)
        held = sum(one.weight for one in self.variants if one.name == variant)
        return held / whole if whole > 0 else 0.0


@dataclass(frozen=True, slots=True)
class VariantChange:
    """A new variant that takes over an endpoint from an old one. All names are fixed before the first call.

    A new variant of the old one's name replaces it at once: `finish` and `restore` are all that can be asked then.
    """

    endpoint: str
    old_configuration: str
    old_variant: str
    new_variant: str
    model_name: str  # what the cloud calls the model that the new variant serves
    both_configuration: str
    new_configuration: str
    shadows: bool = False  # whether the new variant gets copies before it gets any traffic


class TrafficShifter(Protocol):
    """Moves an endpoint's traffic from one variant to another.

    Every change only asks: `describe` tells when it is done. Asking again for what is there, or is being done, changes
    nothing, so a caller that died in between simply asks again.
    """

    def describe(self, endpoint: str) -> ServedTraffic:
        """The endpoint as it is now.

        Raises `NotFoundError`, and `ConflictError` when the cloud says that it is broken for good.
        """

    def begin(self, change: VariantChange) -> None:
        """Serve the new variant beside the old one, which keeps all traffic."""

    def weigh(self, change: VariantChange, *, percent: int) -> None:
        """Give the new variant `percent` of the traffic and the old one the rest; both must be served."""

    def finish(self, change: VariantChange) -> None:
        """Serve the new variant only."""

    def restore(self, change: VariantChange) -> None:
        """Serve the old configuration again."""


@dataclass(frozen=True, slots=True)
class LatencyPoint:
    """How long a variant took in one minute, in milliseconds, and over how many invocations."""

    at: datetime
    invocations: int
    p50: float | None
    p95: float | None


@dataclass(frozen=True, slots=True)
class VariantNumbers:
    """What a variant did in a span. None: the cloud has no such number, which is not the same as zero."""

    invocations: int | None
    errors_5xx: int | None
    errors_4xx: int | None
    latency: tuple[LatencyPoint, ...] = ()


class EndpointMetrics(Protocol):
    """What the cloud measured of an endpoint's variants."""

    def read(self, endpoint: str, variant: str, window: TimeWindow) -> VariantNumbers:
        """The numbers of a variant in a span of whole minutes."""
