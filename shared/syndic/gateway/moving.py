"""Traffic and numbers of every endpoint: the gateway's where it serves, else the cloud's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from syndic.errors import NotFoundError
from syndic.gateway.numbers import GatewayMetrics
from syndic.gateway.shares import GatewayTraffic
from syndic.gateway.state import settings_of, standing_in
from syndic.models import TimeWindow
from syndic.ports import Store
from syndic.registry.deployments.models import GATEWAY
from syndic.registry.models import Stage
from syndic.registry.promotion.promote import read_stages
from syndic.traffic import EndpointMetrics, ServedTraffic, TrafficShifter, VariantChange, VariantNumbers


class EveryTraffic:
    """Moves the traffic of gateway models by a record, of all others by the cloud. Follows `TrafficShifter`."""

    def __init__(self, cloud: TrafficShifter, store: Store, *, clock: Callable[[], datetime]) -> None:
        def serving(model_id: str) -> tuple[str, datetime]:
            stage = Stage(settings_of(store, model_id).settings.stage)
            standing = standing_in(read_stages(store, model_id), stage)
            if standing is None:
                raise NotFoundError(f"no version of {model_id} is in {stage}: promote the first one by hand")
            return standing.version, standing.since

        self._cloud, self._gateway = cloud, GatewayTraffic(store, serving=serving, clock=clock)

    def describe(self, endpoint: str) -> ServedTraffic:
        """The endpoint as it is now."""
        return self._of(endpoint).describe(endpoint)

    def begin(self, change: VariantChange) -> None:
        """Serve the new variant beside the old one."""
        self._of(change.endpoint).begin(change)

    def weigh(self, change: VariantChange, *, percent: int) -> None:
        """Share the traffic out."""
        self._of(change.endpoint).weigh(change, percent=percent)

    def finish(self, change: VariantChange) -> None:
        """Serve the new variant only."""
        self._of(change.endpoint).finish(change)

    def restore(self, change: VariantChange) -> None:
        """Serve the old configuration again."""
        self._of(change.endpoint).restore(change)

    def _of(self, endpoint: str) -> TrafficShifter:
        return self._gateway if endpoint.startswith(GATEWAY) else self._cloud


class EveryMetrics:
    """Numbers of gateway models from their log, of all others from the cloud. Follows `EndpointMetrics`."""

    def __init__(self, cloud: EndpointMetrics, store: Store) -> None:
        self._cloud, self._gateway = cloud, GatewayMetrics(store)

    def read(self, endpoint: str, variant: str, window: TimeWindow) -> VariantNumbers:
        """The numbers of a variant in a span of whole minutes."""
        source = self._gateway if endpoint.startswith(GATEWAY) else self._cloud
        return source.read(endpoint, variant, window)
