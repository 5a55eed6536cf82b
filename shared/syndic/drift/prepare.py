"""What a window is compared by, before a row of it is read: the policy, the baseline, the season, its counter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from syndic.canonical import sha256_of
from syndic.checks.counting.window_files import WindowFiles
from syndic.drift.baseline.model import Baseline
from syndic.drift.baseline.own_windows import DAY
from syndic.drift.baseline.seasonal import season_key
from syndic.drift.count_window import DriftCounter
from syndic.drift.counts.codec import FORMAT
from syndic.drift.models import BaselineInfo, SlicedInfo
from syndic.drift.policy.kept import get_policy
from syndic.drift.policy.model import DriftPolicy, Season
from syndic.drift.report.build import inputs_hash
from syndic.drift.report.queries import find_baseline
from syndic.drift.set_baseline import load_baseline, load_slices
from syndic.drift.slices.of_windows import UNSET
from syndic.errors import InvalidInputError
from syndic.models import RegisteredModel, TimeWindow
from syndic.ports import Archive, CaptureReader, Store

WITHOUT_TIMES: Final = (
    "the baseline has no times, so how much an hour or a day usually varies is not known and may ring: set it from "
    "captured traffic, or from a table with a time column, and limits and the season are learnt from it"
)


@dataclass(frozen=True, slots=True)
class Prepared:
    """All that a check of one window depends on besides its files."""

    model: RegisteredModel
    window: TimeWindow
    policy: DriftPolicy
    info: BaselineInfo | None
    baseline_sha256: str
    obstacle: str | None
    season: Season = Season.NONE
    warnings: tuple[str, ...] = ()

    @property
    def sliced(self) -> SlicedInfo | None:
        """The baseline's counts by slices, where the policy asks for slices and they were counted."""
        return self.info.slices if self.policy.slices and self.info is not None else None

    def inputs_sha256(self, files: WindowFiles) -> str:
        """The hash of all that a report of these files depends on: labels too, where they say what was wrong."""
        if self.sliced is None:
            return inputs_hash(files.objects, self.baseline_sha256, self.policy)
        return sha256_of(
            [inputs_hash((*files.objects, *files.labels), self.baseline_sha256, self.policy), self.sliced.sha256]
        )


def prepare(model: RegisteredModel, window: TimeWindow, *, store: Store) -> Prepared:
    """Look up a model's policy, and the baseline that a window of it is compared with."""
    policy = get_policy(model.id, store=store)
    info = find_baseline(model.id, store=store)
    obstacle = None
    if model.endpoint is None or model.endpoint.capture is None:
        obstacle = "the model's traffic is not captured"
    elif model.capture_schema is None:
        obstacle = "the columns of the model's traffic are not described (capture schema)"
    elif info is None:
        obstacle = "no baseline is set for this model"
    digest, season, warnings = _baseline_for(info, policy, window)
    if policy.slices and info is not None and info.slices is None:
        warnings = (*warnings, UNSET)
    return Prepared(model, window, policy, info, digest, obstacle, season, warnings)


def counter_of(prepared: Prepared, baseline: Baseline, *, archive: Archive) -> DriftCounter:
    """The counter of a window that can be compared."""
    schema = prepared.model.capture_schema
    if schema is None:
        raise InvalidInputError("the model has no capture schema yet", where=f"model {prepared.model.id}")
    multivariate = prepared.policy.multivariate
    known = prepared.sliced
    if known is None:
        basis = sha256_of([FORMAT, prepared.baseline_sha256, multivariate])
        return DriftCounter(schema, baseline, basis=basis, multivariate=multivariate)
    before = load_slices(prepared.model.id, known, archive=archive)
    basis = sha256_of([FORMAT, prepared.baseline_sha256, multivariate, known.sha256])
    return DriftCounter(schema, baseline, basis=basis, multivariate=multivariate, slices=before.emptied())


def make_counter(
    model: RegisteredModel,
    window: TimeWindow,
    *,
    store: Store,
    archive: Archive,
    captures: CaptureReader,  # noqa: ARG001 - every check's counter is made of the same collaborators
) -> DriftCounter | None:
    """The counter of a window; None where it cannot be compared with anything."""
    prepared = prepare(model, window, store=store)
    if prepared.obstacle is not None:
        return None
    return counter_of(prepared, load_baseline(model.id, prepared.baseline_sha256, archive=archive), archive=archive)


def _baseline_for(
    info: BaselineInfo | None, policy: DriftPolicy, window: TimeWindow
) -> tuple[str, Season, tuple[str, ...]]:
    """Which summary a window is compared with, of which season it is a part, and what is to be said about it."""
    if info is None:
        return "", Season.NONE, ()
    if window.job is not None:  # a whole population at once: no hour or day of anything
        return info.sha256, Season.NONE, ()
    without = () if info.own_windows is not None or _long(window) else (WITHOUT_TIMES,)
    season = info.season if policy.season is Season.AUTO else policy.season
    if season is Season.NONE:
        return info.sha256, Season.NONE, without
    key = season_key(window, season)
    if key is None:
        said = f"the window is longer than a part of the season ({season.value}): whole baseline"
        return info.sha256, Season.NONE, (said, *without)
    if info.season is not season or key not in info.seasons:
        said = f"the baseline has no part for {season.value} {key}: compared with the whole"
        return info.sha256, Season.NONE, (said, *without)
    return info.seasons[key], season, without


def _long(window: TimeWindow) -> bool:
    """Whether a window is longer than a day: few baselines hold enough such windows to learn from."""
    return (window.end - window.start).total_seconds() > 3600 * DAY
