"""What is left of windows when their reports are gone: counts and moments that add up, whatever is added first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import reduce

from pydantic import Field

from syndic.checks.history.keys import Level
from syndic.models import Finite, Noun, Severity, TimeWindow


class Spread(Noun):
    """Values of a measure over windows: how many, their sum, the least and the greatest."""

    n: int = Field(ge=1, description="windows that have a value")
    total: Finite = Field(description="sum of the values; divided by n it is their mean")
    least: Finite
    most: Finite

    @property
    def mean(self) -> float:
        """The mean of the windows' values."""
        return self.total / self.n


class SeriesSummary(Noun):
    """One column, metric or group over the windows of a period."""

    verdicts: dict[str, int] = Field(default_factory=dict, description="windows by verdict")
    flagged: int = Field(default=0, description="windows in which it was beyond what the policy allows")
    counts: dict[str, int] = Field(default_factory=dict, description="rows by what they are, over all windows")
    measures: dict[str, Spread] = Field(default_factory=dict)


class PeriodSummary(Noun):
    """The results of one check in a day or month, summed up. No report of its windows is needed to read it."""

    level: Level
    period: TimeWindow
    windows: int = Field(ge=1, description="windows that were judged in it")
    first: TimeWindow
    last: TimeWindow
    rows: int = Field(ge=0, description="rows of all windows")
    verdicts: dict[str, int] = Field(description="windows by verdict")
    severity: Severity | None = Field(description="the worst of any window; null: the check gives windows none")
    series: dict[str, SeriesSummary] = Field(
        default_factory=dict, description="by column, metric or group, as the check names them"
    )


def spread(value: float | None) -> Spread | None:
    """One window's value."""
    return None if value is None else Spread(n=1, total=value, least=value, most=value)


def series_of(
    *,
    verdict: str | None = None,
    flagged: bool = False,
    counts: Mapping[str, int] | None = None,
    measures: Mapping[str, float | None] | None = None,
) -> SeriesSummary:
    """One window's part of a series."""
    known = {name: one for name, value in (measures or {}).items() if (one := spread(value)) is not None}
    return SeriesSummary(
        verdicts={} if verdict is None else {verdict: 1},
        flagged=int(flagged),
        counts=dict(counts or {}),
        measures=known,
    )


def window_of_its_own(
    window: TimeWindow,
    *,
    rows: int,
    verdict: str,
    severity: Severity | None,
    series: Mapping[str, SeriesSummary],
) -> PeriodSummary:
    """One window, ready to be added to others."""
    return PeriodSummary(
        level=Level.DAY, period=window, windows=1, first=window, last=window, rows=rows,
        verdicts={verdict: 1}, severity=severity, series=dict(series),
    )  # fmt: skip


def summed_up(parts: Iterable[PeriodSummary], level: Level, period: TimeWindow) -> PeriodSummary:
    """The summary of a period of at least one part. The parts share no window."""
    whole = reduce(_both, sorted(parts, key=lambda part: part.first.key))
    return whole.model_copy(update={"level": level, "period": period})


def _both(one: PeriodSummary, other: PeriodSummary) -> PeriodSummary:
    names = dict.fromkeys((*one.series, *other.series))
    return one.model_copy(
        update={
            "windows": one.windows + other.windows,
            "first": min(one.first, other.first, key=lambda window: window.key),
            "last": max(one.last, other.last, key=lambda window: window.key),
            "rows": one.rows + other.rows,
            "verdicts": _added(one.verdicts, other.verdicts),
            "severity": max(
                (severity for severity in (one.severity, other.severity) if severity is not None),
                key=lambda severity: severity.rank,
                default=None,
            ),
            "series": {name: _series(one.series.get(name), other.series.get(name)) for name in names},
        }
    )


def _series(one: SeriesSummary | None, other: SeriesSummary | None) -> SeriesSummary:
    if one is None or other is None:
        return one or other or SeriesSummary()
    names = dict.fromkeys((*one.measures, *other.measures))
    return SeriesSummary(
        verdicts=_added(one.verdicts, other.verdicts),
        flagged=one.flagged + other.flagged,
        counts=_added(one.counts, other.counts),
        measures={name: _spread(one.measures.get(name), other.measures.get(name)) for name in names},
    )


def _spread(one: Spread | None, other: Spread | None) -> Spread:
    if one is None or other is None:
        known = one or other
        assert known is not None  # noqa: S101 - the name is in one of them
        return known
    return Spread(
        n=one.n + other.n,
        total=one.total + other.total,
        least=min(one.least, other.least),
        most=max(one.most, other.most),
    )


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in dict.fromkeys((*one, *other))}
