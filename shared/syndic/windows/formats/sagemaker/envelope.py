"""The record of one call as SageMaker writes it, and as much of it as is read.

The format: https://docs.aws.amazon.com/sagemaker/latest/dg/model-monitor-data-capture-endpoint.html
"""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

_ENCODINGS: Final = ("CSV", "JSON", "BASE64")


class Payload(msgspec.Struct, gc=False):
    """One side of a call as text."""

    data: str
    encoding: Literal["CSV", "JSON", "BASE64"]


class Sides(msgspec.Struct, gc=False):
    """What was asked and what was answered."""

    endpointInput: Payload | None = None  # noqa: N815 (AWS's names)
    endpointOutput: Payload | None = None  # noqa: N815


class Metadata(msgspec.Struct, gc=False):
    """Ids and time of a call."""

    eventId: str | None = None  # noqa: N815
    inferenceId: str | None = None  # noqa: N815
    inferenceTime: str | None = None  # noqa: N815


class Record(msgspec.Struct, gc=False):
    """A call."""

    captureData: Sides  # noqa: N815
    eventMetadata: Metadata = msgspec.field(default_factory=Metadata)  # noqa: N815


class AnyPayload(msgspec.Struct, gc=False):
    """A payload that may be of any shape: one side that cannot be read does not take the other with it."""

    data: Any = None
    encoding: Any = None

    def __post_init__(self) -> None:
        if not isinstance(self.data, str) or self.encoding not in _ENCODINGS:
            self.data, self.encoding = "", "NONE"


class AnySides(msgspec.Struct, gc=False):
    """Sides of which each may be of any shape."""

    endpointInput: AnyPayload | None = None  # noqa: N815
    endpointOutput: AnyPayload | None = None  # noqa: N815


class AnyRecord(msgspec.Struct, gc=False):
    """A call of which a side may be of any shape."""

    captureData: AnySides  # noqa: N815
    eventMetadata: Metadata = msgspec.field(default_factory=Metadata)  # noqa: N815


class TypedPayload(msgspec.Struct, gc=False):
    """What a side says of its content."""

    observedContentType: str | None = None  # noqa: N815


class TypedSides(msgspec.Struct, gc=False):
    """Both sides."""

    endpointInput: TypedPayload | None = None  # noqa: N815
    endpointOutput: TypedPayload | None = None  # noqa: N815


class TypedRecord(msgspec.Struct, gc=False):
    """A call, of which the content types alone are read."""

    captureData: TypedSides  # noqa: N815


ABSENT: Final = Payload("", "JSON")
"""Stands for a side that was not captured where plain CSV is looked for."""

RECORDS: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(Record)
ANY_RECORDS: Final[msgspec.json.Decoder[Any]] = msgspec.json.Decoder(AnyRecord)
TYPED: Final = msgspec.json.Decoder(TypedRecord)
"""Content types are read only where base64 makes them matter."""
