"""Nouns of traffic that is sent to the API."""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints, field_validator, model_validator

from syndic.models import Finite, Moment, Noun
from syndic.models.capture_lines import LONGEST_ID, is_row_id

MOST_ROWS: Final = 5000
MOST_COLUMNS: Final = 2000
LARGEST_UPLOAD: Final = 2 * 1024**3
"""Bytes: what a reader inflates at most."""


def _names_a_row(text: str) -> str:
    if not is_row_id(text):
        raise ValueError(f"an id has 1 to {LONGEST_ID} visible characters")
    return text


RowId = Annotated[str, StringConstraints(min_length=1, max_length=LONGEST_ID), AfterValidator(_names_a_row)]
VersionName = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$")]
Value = str | bool | int | Finite | None
Column = Annotated[str, StringConstraints(min_length=1, max_length=256)]
Values = Annotated[dict[Column, Value], Field(min_length=1, max_length=MOST_COLUMNS)]


class CapturedRow(Noun):
    """One call of a model: what it was asked and what it answered."""

    inputs: Values | None = Field(default=None, description="by the names of the capture schema")
    outputs: Values | None = Field(default=None, description="by the names of the capture schema")
    id: RowId | None = Field(default=None, description="names the row: labels refer to it; left out: made up")
    at: Moment | None = Field(default=None, description="when it was answered; left out: now")

    @model_validator(mode="after")
    def _a_side(self) -> CapturedRow:
        if self.inputs is None and self.outputs is None:
            raise ValueError("a row has inputs, outputs or both")
        return self


class NewCaptures(Noun):
    """Rows of a model's traffic."""

    rows: tuple[CapturedRow, ...] = Field(min_length=1, max_length=MOST_ROWS)
    version: VersionName | None = Field(default=None, description="that answered; left out: as it was")
    sampling_percent: Finite | None = Field(
        default=None, gt=0, le=100, description="how much of the traffic is sent; left out: as it was, at first all"
    )

    @field_validator("rows")
    @classmethod
    def _ids_once(cls, rows: tuple[CapturedRow, ...]) -> tuple[CapturedRow, ...]:
        seen: set[str] = set()
        for place, row in enumerate(rows):
            if row.id is not None and row.id in seen:
                raise ValueError(f"row {place} has the id of a row before it: each row of a window has its own")
            seen.add(row.id or "")
        return rows


class NewLabel(Noun):
    """The outcome of one row."""

    id: RowId = Field(description="of the row")
    label: Value


class NewLabels(Noun):
    """Outcomes that became known."""

    labels: tuple[NewLabel, ...] = Field(min_length=1, max_length=MOST_ROWS)
    label_delay_days: int | None = Field(
        default=None, ge=0, le=999, description="how late outcomes may come: so far back windows are judged again"
    )


class NewUpload(Noun):
    """A file that is too large for a request."""

    kind: Literal["captures", "baseline"] = Field(description="traffic in the format of captures, or a table")
    bytes: int = Field(ge=1, le=LARGEST_UPLOAD, description="its size, as it is sent")
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$", description="of its bytes; names it, so that twice is once")
    suffix: Literal["jsonl", "jsonl.gz", "csv", "parquet"] = Field(
        default="jsonl", description="jsonl and jsonl.gz for captures, any for a baseline"
    )
    hour: Moment | None = Field(default=None, description="captures: the hour in which its rows were answered")
    version: VersionName | None = Field(default=None, description="captures: that answered; left out: as it was")

    @model_validator(mode="after")
    def _fits(self) -> NewUpload:
        if self.kind == "captures" and not self.suffix.startswith("jsonl"):
            raise ValueError("captures are sent as jsonl or jsonl.gz")
        if (self.kind == "captures") is (self.hour is None):
            raise ValueError("captures have an hour, a baseline has none")
        return self


class CapturesKept(Noun):
    """What was kept. Checks follow by schedule, once the window is complete."""

    model_id: str
    version: str | None = Field(description="that is known to answer")
    rows: int
    hours: tuple[Moment, ...] = Field(description="in which the rows were answered")


class LabelsKept(Noun):
    """What was kept. Windows that it concerns are judged again by schedule."""

    model_id: str
    labels: int
    label_delay_days: int


class Upload(Noun):
    """Where to send a file: by PUT, with these headers and nothing that says who asks."""

    url: str
    headers: dict[str, str]
    uri: str = Field(description="of the file once it is sent, such as for a baseline")
    seconds: int = Field(description="for which the address holds")
