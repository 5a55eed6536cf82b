"""`TrafficShifter` on SageMaker's real-time endpoints.

Two variants side by side are an endpoint configuration with weights. Shares change by
UpdateEndpointWeightsAndCapacities, which takes seconds. Variants come and go by UpdateEndpoint, during which SageMaker
keeps the old fleet until the new one is healthy. Its deployment guardrails only take updates that keep the variant's
name, so they guard a change of that kind alone (strategy direct). Nothing here waits: the caller looks again later.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from syndic.adapters.aws.errors import code_of, translate, translated
from syndic.errors import ConflictError, NotFoundError
from syndic.traffic import ServedTraffic, ServedVariant, VariantChange

if TYPE_CHECKING:
    from mypy_boto3_sagemaker import SageMakerClient

_ABSENT: Final = frozenset({"ValidationException", "ResourceNotFound", "ResourceNotFoundException"})
_BROKEN: Final = frozenset({"Failed", "UpdateRollbackFailed", "OutOfService", "Deleting"})
_COPIED: Final = (
    "DataCaptureConfig", "KmsKeyId", "AsyncInferenceConfig", "ExplainerConfig", "ExecutionRoleArn", "VpcConfig",
    "EnableNetworkIsolation",
)  # fmt: skip
"""What a new configuration takes over from the old one: without DataCaptureConfig monitoring would go blind."""

_GUARDED: Final[Any] = {
    "BlueGreenUpdatePolicy": {
        "TrafficRoutingConfiguration": {"Type": "ALL_AT_ONCE", "WaitIntervalInSeconds": 0},
        "TerminationWaitInSeconds": 300,
        "MaximumExecutionTimeoutInSeconds": 7200,
    }
}


class SageMakerTraffic:
    """Moves the traffic of endpoints of the client's account and region.

    Args:
        client: A SageMaker client.
    """

    def __init__(self, client: SageMakerClient) -> None:
        self._client = client

    def describe(self, endpoint: str) -> ServedTraffic:
        """The endpoint's configuration and the share of each variant."""
        found = self._found(f"describe endpoint {endpoint}", "describe_endpoint", EndpointName=endpoint)
        status, failure = found["EndpointStatus"], found.get("FailureReason") or None
        if status in _BROKEN:
            raise ConflictError(f"SageMaker says that endpoint {endpoint} is {status}: {failure or 'no reason given'}")
        return ServedTraffic(
            endpoint=endpoint,
            resource_id=found["EndpointArn"],
            configuration=found["EndpointConfigName"],
            ready=status == "InService",
            variants=tuple(
                ServedVariant(one["VariantName"], float(one.get("CurrentWeight", 0.0)))
                for one in found.get("ProductionVariants", [])
            ),
            failure=failure,
        )

    def begin(self, change: VariantChange) -> None:
        """A configuration with both variants; the new one has as many instances as the old one and weight 0."""
        if self._has(change, change.both_configuration):
            return
        base = self._configuration(change.old_configuration)
        old = _variant(base, change)
        variants = [
            {**old, "InitialVariantWeight": 100.0},
            {**self._new(old, change), "InitialVariantWeight": 0.0},
        ]
        self._update(change, self._configure(change.both_configuration, base, variants))

    def weigh(self, change: VariantChange, *, percent: int) -> None:
        """Set both weights, of 100 in all."""
        weights = {change.old_variant: 100.0 - percent, change.new_variant: float(percent)}
        seen = self.describe(change.endpoint)
        if {one.name: one.weight for one in seen.variants} == weights:
            return
        with translated(f"set weights of endpoint {change.endpoint}"):
            self._client.update_endpoint_weights_and_capacities(
                EndpointName=change.endpoint,
                DesiredWeightsAndCapacities=[
                    {"VariantName": name, "DesiredWeight": weight} for name, weight in weights.items()
                ],
            )

    def finish(self, change: VariantChange) -> None:
        """A configuration with the new variant alone."""
        if self._has(change, change.new_configuration):
            return
        base = self._configuration(change.old_configuration)
        new = {**self._new(_variant(base, change), change), "InitialVariantWeight": 1.0}
        self._update(change, self._configure(change.new_configuration, base, [new]))

    def restore(self, change: VariantChange) -> None:
        """The configuration that was there before; it was never deleted."""
        if not self._has(change, change.old_configuration):
            self._update(change, change.old_configuration)

    def _has(self, change: VariantChange, configuration: str) -> bool:
        return self.describe(change.endpoint).configuration == configuration

    def _new(self, old: dict[str, Any], change: VariantChange) -> dict[str, Any]:
        """The new variant: as the old one, on as many instances as that has now."""
        found = self._found(f"describe endpoint {change.endpoint}", "describe_endpoint", EndpointName=change.endpoint)
        running = {one["VariantName"]: one.get("CurrentInstanceCount") for one in found.get("ProductionVariants", [])}
        new = {**old, "VariantName": change.new_variant, "ModelName": change.model_name}
        if "InitialInstanceCount" in old:
            new["InitialInstanceCount"] = running.get(change.old_variant) or old["InitialInstanceCount"]
        return new

    def _configuration(self, name: str) -> dict[str, Any]:
        what = f"describe endpoint configuration {name}"
        return self._found(what, "describe_endpoint_config", EndpointConfigName=name)

    def _configure(self, name: str, base: dict[str, Any], variants: list[dict[str, Any]]) -> str:
        """Create a configuration, or find that an earlier try created it."""
        try:
            present = self._configuration(name)["ProductionVariants"]
        except NotFoundError:
            copied: Any = {key: base[key] for key in _COPIED if base.get(key)}
            production: Any = variants
            with translated(f"create endpoint configuration {name}"):
                self._client.create_endpoint_config(EndpointConfigName=name, ProductionVariants=production, **copied)
            return name
        if [(one["VariantName"], one.get("ModelName")) for one in present] != [
            (one["VariantName"], one["ModelName"]) for one in variants
        ]:
            raise ConflictError(f"there is another endpoint configuration called {name}")
        return name

    def _update(self, change: VariantChange, configuration: str) -> None:
        """Ask for a configuration. Instance counts stay as scaling has set them; weights are the configuration's."""
        guard: Any = {"DeploymentConfig": _GUARDED} if change.new_variant == change.old_variant else {}
        with translated(f"update endpoint {change.endpoint} to {configuration}"):
            self._client.update_endpoint(
                EndpointName=change.endpoint,
                EndpointConfigName=configuration,
                RetainAllVariantProperties=True,
                ExcludeRetainedVariantProperties=[{"VariantPropertyType": "DesiredWeight"}],
                **guard,
            )

    def _found(self, what: str, operation: str, **name: str) -> dict[str, Any]:
        try:
            return dict(getattr(self._client, operation)(**name))
        except ClientError as error:
            if code_of(error) in _ABSENT:
                raise NotFoundError(str(translate(error, what))) from error
            raise translate(error, what) from error
        except BotoCoreError as error:
            raise translate(error, what) from error


def _variant(base: dict[str, Any], change: VariantChange) -> dict[str, Any]:
    """The old variant as it was configured. Raises `ConflictError` for endpoints that cannot be moved this way."""
    name = base["EndpointConfigName"]
    if base.get("ShadowProductionVariants"):
        raise ConflictError(f"endpoint configuration {name} has a shadow variant: end the shadow test first")
    for one in base["ProductionVariants"]:
        if one["VariantName"] == change.old_variant:
            if not one.get("ModelName"):
                raise ConflictError(f"variant {change.old_variant} serves inference components, not one model")
            return dict(one)
    raise ConflictError(f"endpoint configuration {name} has no variant {change.old_variant}")
