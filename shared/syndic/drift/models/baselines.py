"""The nouns of a baseline: where it comes from, and what it holds."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from syndic.drift.policy.model import Season
from syndic.models import ColumnKind, Moment, Noun, TimeWindow


class BaselineSource(Noun):
    """Where a baseline comes from: exactly one of a table, a captured window, a batch job or Model Monitor's files."""

    uri: str | None = Field(default=None, description="a CSV, Parquet or capture file in the model's cloud")
    window: TimeWindow | None = Field(default=None, description="captured traffic of that time")
    job: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9](-*[A-Za-z0-9]){0,62}$",
        description="the rows of a batch job of the model",
        exclude_if=lambda job: job is None,
    )
    statistics_uri: str | None = Field(default=None, description="statistics.json of SageMaker Model Monitor")
    constraints_uri: str | None = Field(default=None, description="its constraints.json, if there is one")
    season: Season = Field(
        default=Season.AUTO,
        description="also keep one summary for each part of the season; auto: the one that the rows' own hours or days "
        "show, if any",
    )
    time_column: str | None = Field(
        default=None,
        min_length=1,
        max_length=256,
        description="column of a table that says when each row was predicted; captured rows have times",
    )
    group_column: str | None = Field(
        default=None,
        min_length=1,
        max_length=256,
        description="column that says which rows are of one person or session, and so alike",
    )

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if sum(given is not None for given in (self.uri, self.window, self.job, self.statistics_uri)) != 1:
            msg = "a baseline comes from exactly one of uri, window, job and statistics_uri"
            raise ValueError(msg)
        if self.constraints_uri is not None and self.statistics_uri is None:
            msg = "constraints_uri belongs to statistics_uri"
            raise ValueError(msg)
        if self.time_column is not None and self.uri is None:
            msg = "time_column belongs to uri: captured rows have times, and statistics have none"
            raise ValueError(msg)
        if self.group_column is not None and self.statistics_uri is not None:
            msg = "group_column needs rows: statistics have none"
            raise ValueError(msg)
        if self.season not in {Season.AUTO, Season.NONE} and self.uri is not None and self.time_column is None:
            msg = "a season needs times: name the time_column"
            raise ValueError(msg)
        return self


class OwnWindowsInfo(Noun):
    """The hours or days of the baseline that limits are learnt from."""

    hours: int = Field(description="length of a window")
    windows: int


class SlicedInfo(Noun):
    """A baseline's counts by slices, which windows are compared with where the policy asks for slices."""

    sha256: str
    bytes: int
    columns: tuple[str, ...] = Field(description="columns that conditions are taken of")
    targets: tuple[str, ...] = Field(description="columns whose change is compared in and out of slices")


class BaselineInfo(Noun):
    """The baseline a model is compared with: where it came from and what it holds. No row of it is kept."""

    sha256: str
    version: int = Field(description="counts the baselines that were set for the model")
    format: int = Field(description="version of the summary's format")
    rows: int
    columns: dict[str, ColumnKind]
    source: str
    origin: str = Field(description="table, capture, rows, or model_monitor")
    name: str = Field(description="of the summary in the archive")
    bytes: int
    sampled_every: int = Field(default=1, description="1: every row; k: every k-th row of a larger source")
    season: Season = Season.NONE
    seasons: dict[str, str] = Field(default_factory=dict, description="part of the season -> summary in the archive")
    own_windows: OwnWindowsInfo | None = Field(default=None, description="null: its rows have no times")
    group_column: str | None = Field(
        default=None, description="column that says which rows are of one person or session"
    )
    slices: SlicedInfo | None = Field(default=None, description="null: the policy did not ask for slices then")
    window: TimeWindow | None = None
    notes: tuple[str, ...] = ()
    set_at: Moment
    set_by: str
