"""Where a deployment's data collector writes. Pure.

https://learn.microsoft.com/azure/machine-learning/concept-data-collection
"""

from __future__ import annotations

import logging
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

from syndic.models import CaptureConfig, CaptureFormat

_log = logging.getLogger(__name__)

_PATH: Final = re.compile(r"azureml://(?:subscriptions/.+/)?datastores/(?P<datastore>[\w-]+)/paths/(?P<folder>.*)")


@dataclass(frozen=True, slots=True)
class Collected:
    """The collection that shows where a deployment's traffic is collected. `share` is 0 to 1."""

    endpoint: str
    deployment: str
    collection: str
    enabled: bool
    share: float
    data_id: str | None


@dataclass(frozen=True, slots=True)
class Datastore:
    """A container of a storage account, by its address."""

    address: str

    @classmethod
    def read(cls, found: Any) -> Self | None:
        """A datastore as Azure ML describes it; None for one that is no blob container."""
        said = found["properties"]
        container = said.get("containerName") or said.get("filesystem")
        if not container or not said.get("accountName"):
            return None
        endpoint, account = said.get("endpoint") or "core.windows.net", said["accountName"]
        if endpoint.startswith("127.0.0.1:"):  # the emulator names the account in the path
            return cls(f"http://{endpoint}/{account}/{container}")
        return cls(f"https://{account}.blob.{endpoint}/{container}")


def collected_by(endpoint: Any, deployments: Sequence[Any]) -> Collected | None:
    """What is collected by the deployment with the most traffic among those that have a collector; None: nothing is.

    All deployments of an endpoint write below one root unless their collections were given other places; then only
    the busiest deployment's place is followed, since a model has one.
    """
    traffic = endpoint["properties"].get("traffic") or {}
    busiest = sorted(deployments, key=lambda one: (-float(traffic.get(one["name"], 0)), str(one["name"])))
    for deployment in busiest:
        collections = (deployment["properties"].get("dataCollector") or {}).get("collections") or {}
        for name in ("model_inputs", "request", *sorted(collections)):
            if name in collections:
                said = collections[name]
                rate = said.get("samplingRate")
                return Collected(
                    endpoint=endpoint["name"],
                    deployment=deployment["name"],
                    collection=name,
                    enabled=str(said.get("dataCollectionMode", "")).lower() == "enabled",
                    share=1.0 if rate is None else float(rate),
                    data_id=said.get("dataId"),
                )
    return None


def path_in(uri: str) -> tuple[str, str]:
    """Datastore and folder of an address such as ``azureml://datastores/name/paths/folder``. Raises ValueError."""
    found = _PATH.fullmatch(uri)
    if found is None:
        raise ValueError(f"{uri[:200]} names no path in a datastore")
    return found["datastore"], found["folder"].strip("/")


def capture_of(collected: Collected, datastore: Datastore | None, folder: str) -> CaptureConfig | None:
    """The capture below a folder, which ends with the collection's own path when it was given for the collection.

    None when the traffic is collected where Syndic does not read.
    """
    if collected.data_id is not None:
        own = f"{collected.endpoint}/{collected.deployment}/{collected.collection}"
        if not f"/{folder}".endswith(f"/{own}"):
            _log.warning("collector path not understood", extra={"endpoint": collected.endpoint, "folder": folder})
            return None
        folder = folder.removesuffix(own).strip("/")
    if datastore is None:
        _log.warning("collector writes to no blob container", extra={"endpoint": collected.endpoint})
        return None
    return CaptureConfig(
        enabled=collected.enabled,
        format=CaptureFormat.AZURE_COLLECTOR,
        uri="/".join(part for part in (datastore.address, folder) if part),
        sampling_percent=100 * min(1.0, max(0.0, collected.share)),
    )
