"""Where a deployment's data collector writes. Pure.

https://learn.microsoft.com/azure/machine-learning/concept-data-collection
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Self

from syndic.models import CaptureConfig, CaptureFormat

_log = logging.getLogger(__name__)

_WORKSPACE: Final = (
    r"subscriptions/(?P<subscription>[^/]+)/resourceGroups/(?P<group>[^/]+)/"
    r"(?:providers/Microsoft\.MachineLearningServices/)?workspaces/(?P<workspace>[^/]+)/"
)
_PATH: Final = re.compile(
    rf"azureml://(?:{_WORKSPACE})?datastores/(?P<datastore>[\w-]+)/paths/(?P<folder>.*)", re.IGNORECASE
)
_DATA: Final = re.compile(
    rf"(?:azureml:)?/{_WORKSPACE}data/(?P<name>\w[\w.-]*)/versions/(?P<version>\w[\w.-]*)", re.IGNORECASE
)


_NAMED: Final = frozenset({"model_inputs", "model_outputs", "request", "response"})


@dataclass(frozen=True, slots=True)
class Collected:
    """The collection that shows where a deployment's traffic is collected.

    `share` is that of the requests to the endpoint, 0 to 1. `inputs` and `outputs` say whether what was asked and what
    was answered is collected; None: not known, as of a collection whose name says neither.
    """

    endpoint: str
    deployment: str
    collection: str
    enabled: bool
    share: float
    data_id: str | None
    inputs: bool | None = None
    outputs: bool | None = None


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
    """What is collected by the deployment with the most traffic among those that collect; None: none has a collector.

    All deployments of an endpoint write below one root unless their collections were given other places; then only
    the place of one is followed, since a model has one: the inputs' of the busiest deployment. A collection that is
    switched off is named only when all are, so that "off" is never said of an endpoint that collects. What goes to
    deployments that collect nothing is no part of the share.
    """
    traffic = {name: float(part) for name, part in (endpoint["properties"].get("traffic") or {}).items()}
    busiest = sorted(deployments, key=lambda one: (-traffic.get(one["name"], 0.0), str(one["name"])))
    found = [one for deployment in busiest for one in _collections(endpoint, deployment)]
    on = [one for one in found if one.enabled]
    if not on:
        return found[0] if found else None
    names = [one.collection.lower() for one in on if one.deployment == on[0].deployment]
    return replace(
        on[0],
        share=_share(on, traffic),
        inputs=_holds(names, ("input", "request")),
        outputs=_holds(names, ("output", "response")),
    )


def _holds(names: Sequence[str], words: tuple[str, str]) -> bool | None:
    """Whether a collection is named for a side of the traffic; None where none is, and one has a name of its own."""
    if any(word in name for name in names for word in words):
        return True
    return None if any(name not in _NAMED for name in names) else False


def _share(on: Sequence[Collected], traffic: Mapping[str, float]) -> float:
    """The share of the endpoint's requests that is collected; where no traffic is laid down, that of the collection."""
    each: dict[str, float] = {}
    for one in on:
        each.setdefault(one.deployment, one.share)  # that of its inputs comes first
    whole = sum(traffic.values())
    return sum(part * each.get(name, 0.0) for name, part in traffic.items()) / whole if whole else on[0].share


def _collections(endpoint: Any, deployment: Any) -> Iterator[Collected]:
    """The collections of a deployment, that of its inputs first."""
    collections = (deployment["properties"].get("dataCollector") or {}).get("collections") or {}
    for name in sorted(collections, key=lambda name: (name != "model_inputs", name != "request", name)):
        said = collections[name]
        rate = said.get("samplingRate")
        yield Collected(
            endpoint=endpoint["name"],
            deployment=deployment["name"],
            collection=name,
            enabled=str(said.get("dataCollectionMode", "")).lower() == "enabled",
            share=1.0 if rate is None else float(rate),
            data_id=said.get("dataId"),
        )


def data_asset(data_id: str, *, scope: str) -> tuple[str, str] | None:
    """Name and version of the data asset that an id names; None when it is not one of this workspace.

    Ids are typed by people. What is not exactly an id is not asked for, so that the identity's token stays here.
    """
    found = _DATA.fullmatch(data_id)
    if found is None or not _is_here(found, scope):
        _log.warning("collector names no data asset of its workspace", extra={"data_id": data_id[:300]})
        return None
    return found["name"], found["version"]


def path_in(uri: str, *, scope: str) -> tuple[str, str] | None:
    """Datastore and folder of an address such as ``azureml://datastores/name/paths/folder``.

    None when it is no such address, or one in another workspace: a datastore of the same name here is another one.
    """
    found = _PATH.fullmatch(uri)
    if found is None or not (found["workspace"] is None or _is_here(found, scope)):
        _log.warning("collector path is in no datastore of its workspace", extra={"uri": uri[:300]})
        return None
    return found["datastore"], found["folder"].strip("/")


def _is_here(found: re.Match[str], scope: str) -> bool:
    named = "/".join((found["subscription"], found["group"], found["workspace"]))
    return named.lower() == scope.lower()  # the control plane does not tell capitals from small letters


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
        inputs=collected.inputs,
        outputs=collected.outputs,
    )
