"""From counts to slices: where a target changes more than in all other rows, or where error is more frequent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from syndic.drift.baseline.model import Floats, Ints
from syndic.drift.models.slices import Slice, Slices
from syndic.drift.slices.count import Place, SliceCounts
from syndic.drift.slices.plan import ERROR, Plan
from syndic.drift.slices.scores import RANK, SPREAD, Score, scores_of
from syndic.statistics.multiplicity import benjamini_hochberg
from syndic.statistics.special import normal_quantile, two_sided_normal

MOST: Final = 10
FALSE_SHARE: Final = 0.01
"""False discovery rate of the slices that are listed."""

FEWEST_ROWS: Final = 50
SMALLEST: Final = 0.05
"""Difference of ranks (0 to 1) or of shares from which a slice is worth a line."""

_FEWEST_OF_A_KIND: Final = 10.0  # rows that a share is expected of, or without it, on each side
_CONCENTRATED: Final = 2.0  # times the change of the other rows: of a change of all, ranks at the ends show less
_LARGEST: Final = 0.5  # of the rows: what most rows do is no slice
_OUTSIDE: Final = 0.05  # of the intervals of what was selected
_SURE: Final = 4.0  # standard errors
_CLEARER: Final = 1.5  # standard errors that a second condition must make a slice clearer by


@dataclass(frozen=True, slots=True, eq=False)
class _Compared:
    """The comparisons of one table and one score, by part. Arrays of the same length."""

    place: Place
    what: str
    parts: NDArray[np.int64]
    z: Floats
    inside: Floats
    outside: Floats
    error: Floats
    adjusted: Floats = field(default_factory=lambda: np.ones(0))


def find_slices(
    plan: Plan, now: SliceCounts, before: SliceCounts | None = None, *, design: Mapping[str, float] | None = None
) -> Slices:
    """The slices in which drift (with `before`) or error concentrates.

    `design` says of a target how many rows count as one, because they are of one person or session.

    For a target of numbers the mean rank and the mean distance from the middle rank in the baseline are compared, for
    texts the share of each frequent value; error is compared within the window. What is tested is whether the change
    inside a slice is that of all other rows. Slices that say the same of a target are told once: of those that share a
    column the clearest.

    Source: Benjamini & Hochberg, JRSS B 57, 1995, for the selection; Benjamini & Yekutieli, JASA 100, 2005, for
    intervals of what was selected; Anscombe, Biometrika 35, 1948, for the transformation of shares.
    """
    alike = design or {}
    compared = [
        _thinned(one, alike.get(place[2], 1.0)) for place in now.tables for one in _compare(place, plan, now, before)
    ]
    z = np.concatenate([one.z for one in compared]) if compared else np.zeros(0)
    adjusted = _adjusted(compared, z)
    chosen = int((adjusted <= FALSE_SHARE).sum())
    reach = normal_quantile(1.0 - _OUTSIDE * max(1, chosen) / max(1, len(z)))
    candidates: list[tuple[float, Slice]] = []
    start = 0
    for tested in compared:
        one = replace(tested, adjusted=adjusted[start : start + len(tested.z)])
        start += len(tested.z)
        candidates += [
            (abs(float(one.z[place])), _slice(one, place, plan, (now, before), reach))
            for place in np.flatnonzero(one.adjusted <= FALSE_SHARE).tolist()
            if _matters(one, place)
        ]
    return Slices(
        slices=tuple(_distinct(candidates)),
        looked_at=len(z),
        columns=tuple(cut.name for cut in plan.conditions),
        targets=tuple(sorted({place[2] for place in now.tables})),
        left_out=plan.left_out,
    )


def _compare(place: Place, plan: Plan, now: SliceCounts, before: SliceCounts | None) -> Iterator[_Compared]:
    sides = [now.tables[place]] if place[2] == ERROR or before is None else [now.tables[place], before.tables[place]]
    if place[2] != ERROR and before is None:
        return
    usable = _named(place, plan)
    rows = sides[0].sum(axis=1)
    usable &= rows <= _LARGEST * rows.sum()
    moved = False
    for score in scores_of(place[2], plan):
        moments = [_moments(side, score) for side in sides]
        if score.what == RANK:
            moved = _all_moved(moments)
        if score.what == SPREAD and moved:
            continue
        enough = usable.copy()
        for inside, outside in moments:
            enough &= (inside.rows >= FEWEST_ROWS) & (outside.rows >= FEWEST_ROWS)
            if score.is_share:
                share = (inside.mean * inside.rows + outside.mean * outside.rows) / np.maximum(
                    1.0, inside.rows + outside.rows
                )
                enough &= inside.rows * np.minimum(share, 1.0 - share) >= _FEWEST_OF_A_KIND
        parts = np.flatnonzero(enough)
        if not len(parts):
            continue
        change, rest = (_change([pair[place] for pair in moments], parts) for place in (0, 1))
        four = [one for pair in moments for one in pair]
        variance = np.maximum(sum(one.variance[parts] / one.rows[parts] for one in four), 1e-12)
        z = _steady(moments, parts) if score.is_share else _normal((change - rest) / np.sqrt(variance), four, parts)
        yield _Compared(place, score.what, parts, z, change, rest, np.sqrt(variance))


def _adjusted(compared: Sequence[_Compared], z: Floats) -> Floats:
    """Adjusted within each target, and for their number: a target that moved in all slices loosens no other's."""
    p = np.array([two_sided_normal(float(value)) for value in np.abs(z)])
    of = (
        np.repeat([one.place[2] for one in compared], [len(one.z) for one in compared])
        if compared
        else np.zeros(0, str)
    )
    found, targets = np.ones(len(p)), set(of.tolist())
    for target in targets:
        some = of == target
        found[some] = np.minimum(1.0, len(targets) * np.array(benjamini_hochberg(p[some].tolist())))
    return found


def _thinned(one: _Compared, design: float) -> _Compared:
    """What it says when so many rows count as one: Rao and Scott's first-order correction."""
    if design <= 1.0:
        return one
    return replace(one, z=one.z / design**0.5, error=one.error * design**0.5)


def _change(sides: Sequence[_Moments], parts: NDArray[np.intp]) -> Floats:
    """The mean now less that of before, where there is one."""
    means = [side.mean[parts] for side in sides]
    return means[0] if len(means) == 1 else means[0] - means[1]


def _all_moved(moments: Sequence[tuple[_Moments, _Moments]]) -> bool:
    """Whether the rows as a whole moved: then they are farther from the middle too, and unequally so."""
    if len(moments) < 2:
        return False
    (now, rest), (before, earlier) = moments
    if not len(now.mean):
        return False
    whole = [
        (a.mean[0] * a.rows[0] + b.mean[0] * b.rows[0], a.rows[0] + b.rows[0])
        for a, b in ((now, rest), (before, earlier))
    ]
    means = [total / max(1.0, rows) for total, rows in whole]
    error = sum(
        max(float(side.variance[0]), 0.05) / max(1.0, rows)
        for side, (_, rows) in zip((rest, earlier), whole, strict=True)
    )
    return bool(abs(means[0] - means[1]) > max(SMALLEST, _SURE * error**0.5))


@dataclass(frozen=True, slots=True, eq=False)
class _Moments:
    rows: Floats
    mean: Floats
    variance: Floats


def _moments(table: Ints, score: Score) -> tuple[_Moments, _Moments]:
    """Of each part, and of all rows that are not in it."""
    counted = np.isfinite(score.values)
    values, rows = score.values[counted], table[:, counted].astype(np.float64)
    sums = np.column_stack((rows.sum(axis=1), rows @ values, rows @ values**2))
    return _of_sums(sums), _of_sums(sums.sum(axis=0) - sums)


def _of_sums(sums: Floats) -> _Moments:
    rows = np.maximum(sums[:, 0], 1.0)
    mean = sums[:, 1] / rows
    return _Moments(sums[:, 0], mean, np.maximum(0.0, sums[:, 2] / rows - mean**2))


def _normal(t: Floats, four: Sequence[_Moments], parts: NDArray[np.intp]) -> Floats:
    """The z that is as improbable as a difference of means of few rows: Wallace 1959, with Satterthwaite's degrees."""
    each = [one.variance[parts] / one.rows[parts] for one in four]
    spent = sum(part**2 / (one.rows[parts] - 1.0) for part, one in zip(each, four, strict=True))
    degrees = sum(each) ** 2 / np.maximum(spent, 1e-300)
    z: Floats = np.sign(t) * (8 * degrees + 1) / (8 * degrees + 3) * np.sqrt(degrees * np.log1p(t**2 / degrees))
    return z


def _steady(moments: Sequence[tuple[_Moments, _Moments]], parts: NDArray[np.intp]) -> Floats:
    """The z of shares by their arcsines, whose variance does not depend on the share: few rows of a kind ring else."""
    total, variance = np.zeros(len(parts)), np.zeros(len(parts))
    for sign, (inside, outside) in zip((1.0, -1.0), moments, strict=False):
        for side, one in ((1.0, inside), (-1.0, outside)):
            rows = one.rows[parts]
            share = (one.mean[parts] * rows + 0.375) / (rows + 0.75)
            total += sign * side * np.arcsin(np.sqrt(np.clip(share, 0.0, 1.0)))
            variance += 0.25 / (rows + 0.5)
    z: Floats = total / np.sqrt(variance)
    return z


def _named(place: Place, plan: Plan) -> NDArray[np.bool_]:
    """Which parts of a table are conditions: not those of what belongs to none."""
    cuts = {cut.name: cut for cut in plan.conditions}
    first = np.append(np.ones(cuts[place[0]].size, np.bool_), [False])
    if not place[1]:
        return first
    second = np.append(np.ones(cuts[place[1]].size, np.bool_), [False])
    return np.outer(first, second).ravel()


def _matters(one: _Compared, place: int) -> bool:
    """Whether the change is larger inside, and the difference worth a line."""
    inside, outside = float(one.inside[place]), float(one.outside[place])
    return abs(inside) >= _CONCENTRATED * abs(outside) and abs(inside - outside) >= SMALLEST


def _slice(
    one: _Compared, place: int, plan: Plan, sides: tuple[SliceCounts, SliceCounts | None], reach: float
) -> Slice:
    part = int(one.parts[place])
    effect, error = float(one.inside[place] - one.outside[place]), float(one.error[place])
    now, before = sides
    rows = now.tables[one.place].sum(axis=1)
    earlier = None if before is None or one.place[2] == ERROR else before.tables[one.place].sum(axis=1)
    return Slice(
        conditions=_words(one.place, part, plan),
        target=one.place[2],
        what=one.what,
        rows=int(rows[part]),
        share=float(rows[part] / rows.sum()),
        share_before=None if earlier is None else float(earlier[part] / earlier.sum()),
        inside=float(one.inside[place]),
        outside=float(one.outside[place]),
        effect=effect,
        low=effect - reach * error,
        high=effect + reach * error,
        p_adjusted=float(one.adjusted[place]),
    )


def _words(place: Place, part: int, plan: Plan) -> tuple[str, ...]:
    cuts = {cut.name: cut for cut in plan.conditions}
    if not place[1]:
        return (cuts[place[0]].words[part],)
    first, second = divmod(part, cuts[place[1]].size + 1)
    return cuts[place[0]].words[first], cuts[place[1]].words[second]


def _distinct(candidates: Sequence[tuple[float, Slice]]) -> Iterator[Slice]:
    """The clearest first, and none that shares a condition with one already told of the same target.

    A slice of two conditions is told only where it is clearer than that of one of them by more than chance makes some.
    """
    told: dict[str, set[str]] = {}
    listed = 0
    alone = {(one.target, one.what, *one.conditions): z for z, one in candidates if len(one.conditions) == 1}
    clearer = [
        (z, one)
        for z, one in candidates
        if len(one.conditions) == 1
        or all(z > alone.get((one.target, one.what, said), -_CLEARER) + _CLEARER for said in one.conditions)
    ]
    for _, one in sorted(clearer, key=lambda found: (-found[0], found[1].conditions)):
        known = told.setdefault(one.target, set())
        if listed < MOST and not known & set(one.conditions):
            known |= set(one.conditions)
            listed += 1
            yield one
