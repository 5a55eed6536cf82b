"""The files of Azure ML's data collector: where they lie, and the CloudEvents they hold.

https://learn.microsoft.com/azure/machine-learning/how-to-collect-production-data
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

TYPE_PREFIX: Final = "azureml.inference."
JSON: Final = "application/json"


class RollingRate(StrEnum):
    """How long one folder of files lasts. The collector's own names."""

    MINUTE = "Minute"
    HOUR = "Hour"
    DAY = "Day"
    MONTH = "Month"
    YEAR = "Year"


_FOLDERS: Final = {
    RollingRate.MINUTE: "%Y/%m/%d/%H/%M",
    RollingRate.HOUR: "%Y/%m/%d/%H",
    RollingRate.DAY: "%Y/%m/%d",
    RollingRate.MONTH: "%Y/%m",
    RollingRate.YEAR: "%Y",
}


@dataclass(frozen=True, slots=True)
class Deployed:
    """The deployment whose traffic is collected, and how its files are named."""

    endpoint: str
    deployment: str = "blue"
    instance: str = "instance-0"
    workspace: str = "/workspaces/demo"
    rate: RollingRate = RollingRate.HOUR

    @property
    def source(self) -> str:
        """The CloudEvents source."""
        return f"{self.workspace}/onlineEndpoints/{self.endpoint}/deployments/{self.deployment}"

    def folder(self, collection: str, at: datetime) -> str:
        """``<endpoint>/<deployment>/<collection>/yyyy/MM/dd/HH``, as deep as the rolling rate goes."""
        span = at.astimezone(UTC).strftime(_FOLDERS[self.rate])
        return f"{self.endpoint}/{self.deployment}/{collection}/{span}"

    def file(self, collection: str, at: datetime) -> str:
        """The file that holds what this instance logged at a time."""
        return f"{self.folder(collection, at)}/{self.instance}.jsonl"


@dataclass(frozen=True, slots=True)
class Logged:
    """What was logged once.

    Attributes:
        event_id: The CloudEvents id.
        collection: Such as ``model_inputs``.
        at: When (aware); files keep whole seconds.
        data: The JSON value, or text when `content_type` is not JSON.
        size: The length of the payload in bytes.
        correlation: The id that the sides of a call share.
        attributes: Further CloudEvents attributes, such as ``agent``.
    """

    event_id: str
    collection: str
    at: datetime
    data: Any
    size: int
    correlation: str | None = None
    content_type: str = JSON
    attributes: Mapping[str, str] = field(default_factory=dict)


def envelope(logged: Logged, source: str) -> dict[str, Any]:
    """One CloudEvent of the data collector: the shape of everything that is written here as its traffic."""
    call = {} if logged.correlation is None else dict.fromkeys(("correlationid", "xrequestid"), logged.correlation)
    return {
        "specversion": "1.0",
        "id": logged.event_id,
        "source": source,
        "type": f"{TYPE_PREFIX}{logged.collection}",
        "datacontenttype": logged.content_type,
        "time": whole_second(logged.at),
        "data": logged.data,
        "contentrange": f"bytes 0-{logged.size - 1}/{logged.size}",
        **call,
        **logged.attributes,
    }


def line(event: Mapping[str, Any]) -> bytes:
    """An event as one line of a file."""
    text = json.dumps(event, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode() + b"\n"


def whole_second(moment: datetime) -> str:
    """RFC 3339 in UTC, without fractions."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
