"""Endpoints whose traffic can be moved, in memory. Changes take as many looks as the test says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from syndic.errors import ConflictError, NotFoundError
from syndic.models import TimeWindow
from syndic.traffic import ServedTraffic, ServedVariant, VariantChange, VariantNumbers


@dataclass
class MemoryEndpoint:
    """An endpoint and the configurations it has had."""

    traffic: ServedTraffic
    configurations: dict[str, tuple[ServedVariant, ...]] = field(default_factory=dict)
    busy: int = 0


class MemoryTraffic:
    """Moves traffic at once, or after `takes` looks. `calls` lists what was really changed.

    Set `refuse` to an error and every change raises it; `fails` makes changes of the configuration end where they
    began, with a failure, as clouds do that cannot start the new variant.
    """

    def __init__(self, *, takes: int = 0) -> None:
        self.endpoints: dict[str, MemoryEndpoint] = {}
        self.calls: list[str] = []
        self.takes = takes
        self.refuse: Exception | None = None
        self.fails: str | None = None

    def serve(self, endpoint: str, *, resource_id: str) -> None:
        """Add an endpoint that serves one variant, ``main``, with the configuration ``first``."""
        variants = (ServedVariant("main", 1.0),)
        traffic = ServedTraffic(endpoint, resource_id, "first", ready=True, variants=variants)
        self.endpoints[endpoint] = MemoryEndpoint(traffic, {"first": variants})

    def describe(self, endpoint: str) -> ServedTraffic:
        """The endpoint; each look brings a change under way nearer to its end."""
        found = self._find(endpoint)
        if found.busy:
            found.busy -= 1
            return replace(found.traffic, ready=False)
        return found.traffic

    def begin(self, change: VariantChange) -> None:
        """Serve both."""
        old = ServedVariant(change.old_variant, 100.0)
        new = ServedVariant(change.new_variant, 0.0)
        self._configure(change.endpoint, change.both_configuration, (old, new))

    def weigh(self, change: VariantChange, *, percent: int) -> None:
        """Set both weights."""
        found = self._ready(change.endpoint)
        names = {one.name for one in found.traffic.variants}
        if not {change.old_variant, change.new_variant} <= names:
            raise ConflictError(f"endpoint {change.endpoint} does not serve both variants")
        weights = {change.old_variant: 100.0 - percent, change.new_variant: float(percent)}
        variants = tuple(replace(one, weight=weights[one.name]) for one in found.traffic.variants)
        if variants == found.traffic.variants:
            return
        found.traffic, found.busy = replace(found.traffic, variants=variants), self.takes
        self.calls.append(f"weigh {percent}")

    def finish(self, change: VariantChange) -> None:
        """Serve the new one."""
        new = ServedVariant(change.new_variant, 1.0)
        self._configure(change.endpoint, change.new_configuration, (new,))

    def restore(self, change: VariantChange) -> None:
        """Serve the old configuration."""
        found = self._find(change.endpoint)
        if change.old_configuration not in found.configurations:
            raise NotFoundError(f"there is no configuration {change.old_configuration}")
        self._configure(change.endpoint, change.old_configuration, found.configurations[change.old_configuration])

    def _configure(self, endpoint: str, name: str, variants: tuple[ServedVariant, ...]) -> None:
        found = self._ready(endpoint)
        found.configurations.setdefault(name, variants)
        if found.traffic.configuration == name:
            return
        self.calls.append(f"configure {name.rpartition('-')[2]}")
        found.busy = self.takes
        if self.fails is not None:
            found.traffic = replace(found.traffic, failure=self.fails)
            return
        found.traffic = replace(found.traffic, configuration=name, variants=variants, failure=None)

    def _ready(self, endpoint: str) -> MemoryEndpoint:
        if self.refuse is not None:
            raise self.refuse
        found = self._find(endpoint)
        if found.busy:
            raise ConflictError(f"endpoint {endpoint} is being changed")
        return found

    def _find(self, endpoint: str) -> MemoryEndpoint:
        if endpoint not in self.endpoints:
            raise NotFoundError(f"there is no endpoint {endpoint}")
        return self.endpoints[endpoint]


class MemoryEndpointMetrics:
    """Answers with what `numbers` gives for a variant and span; nothing was measured until a test says so."""

    def __init__(self) -> None:
        self.numbers: Callable[[str, TimeWindow], VariantNumbers] = lambda _variant, _window: VariantNumbers(
            None, None, None
        )
        self.asked: list[tuple[str, TimeWindow]] = []

    def read(self, endpoint: str, variant: str, window: TimeWindow) -> VariantNumbers:  # noqa: ARG002
        """The numbers that the test set."""
        self.asked.append((variant, window))
        return self.numbers(variant, window)
