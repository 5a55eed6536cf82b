"""Where models run and are registered, and how their traffic is moved."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Final

from functions import aws_clients
from functions.wiring.clients import CLIENT
from functions.wiring.records import Records
from syndic.adapters.aws import CloudWatchEndpointMetrics, SageMakerSource, SageMakerTraffic
from syndic.captures.endpoint import ToldModels
from syndic.ports import ModelSource
from syndic.traffic import EndpointMetrics, TrafficShifter

if TYPE_CHECKING:
    from syndic.adapters.aws.sagemaker.packages import SageMakerPackages
    from syndic.registry.sync.writeback import ApprovingRegistry


class RunningModels(Records):
    """Sources, registries, traffic."""

    @property
    def sources(self) -> Sequence[ModelSource]:
        """Every source of the table. An organisation's accounts are asked for until they are told."""
        return tuple(source for make in SOURCES.values() for source in make(self))

    def sagemaker(self) -> Sequence[ModelSource]:
        """SageMaker of the function's own account and region, then that of each member."""
        return (self._sagemaker, *(self._members.sources() if self._members else ()))

    @cached_property
    def _sagemaker(self) -> ModelSource:
        client = aws_clients.client("sagemaker", config=CLIENT)
        return SageMakerSource(client, account=self._account, region=client.meta.region_name)

    def told(self) -> Sequence[ModelSource]:
        """Models whose traffic is sent to the API."""
        return (ToldModels(self.store),)

    @property
    def registries(self) -> Sequence[ApprovingRegistry]:
        """SageMaker's model registry, and with an Azure half those of which the mirror brought something by now."""
        if self.settings.azure_storage_account is None:
            return (self._packages,)
        from syndic.registry.sync.foreign import relayed_registries  # noqa: PLC0415 - for two functions only

        return (self._packages, *relayed_registries(self.store))

    @cached_property
    def _packages(self) -> SageMakerPackages:
        """The model registry of the function's own account and region."""
        from syndic.adapters.aws.sagemaker.packages import SageMakerPackages  # noqa: PLC0415 - the registry comes with it

        client = aws_clients.client("sagemaker", config=CLIENT)
        return SageMakerPackages(client, account=self._account, region=client.meta.region_name)

    @cached_property
    def traffic(self) -> TrafficShifter:
        """SageMaker's endpoints of the function's own account and region, and models that the gateway serves."""
        from syndic.gateway.moving import EveryTraffic  # noqa: PLC0415 - most functions never move traffic

        return EveryTraffic(
            SageMakerTraffic(aws_clients.client("sagemaker", config=CLIENT)), self.store, clock=self.now
        )

    @cached_property
    def endpoint_metrics(self) -> EndpointMetrics:
        """CloudWatch, and the log of the gateway."""
        from syndic.gateway.moving import EveryMetrics  # noqa: PLC0415 - as above

        return EveryMetrics(CloudWatchEndpointMetrics(aws_clients.client("cloudwatch", config=CLIENT)), self.store)


SOURCES: Final[Mapping[str, Callable[[RunningModels], Sequence[ModelSource]]]] = {
    "sagemaker": RunningModels.sagemaker,
    "captures": RunningModels.told,
}
"""Where models run. A new one is a folder of adapters and a line here."""
