"""What is said of a whole family of groups: its verdict, who is worst off, and how far apart the extremes are."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from syndic.bias.measures.families import REST, Family
from syndic.bias.measures.rates import Floats, confusion
from syndic.bias.models import AttributeBias, Estimate, GroupBias, Verdict, WorstOff
from syndic.bias.policy.model import Comparison, Metric
from syndic.bias.verdict.severity import gravity, worst
from syndic.statistics.proportions import ratio


def number(value: float) -> float | None:
    """A finite number, or None."""
    return float(value) if math.isfinite(value) else None


def summarise(
    family: Family, groups: dict[str, GroupBias], selection: NDArray[np.bool_] | None, caveat: str | None
) -> AttributeBias:
    """The report on a family from those on its groups.

    Args:
        family: The family.
        groups: Its groups, by name.
        selection: Which groups' selection rates are judged; None when there are no selections.
        caveat: A note on the attribute's data.
    """
    verdict = worst([group.verdict for group in groups.values()])
    telling = [name for name, group in groups.items() if group.verdict is verdict]
    telling.sort(key=lambda name: -gravity(groups[name]))  # the gravest is told; it is stable for equal ones
    reason = f"{telling[0]}: {groups[telling[0]].reason}" if telling else "there are no rows with this attribute"
    if verdict is Verdict.NOT_ASSESSABLE:
        reason = _why_not_assessable(family, groups) or reason
    elif len(telling) > 1:
        reason += f" (and {len(telling) - 1} more)"
    reference = REST if family.comparison is Comparison.REST else None
    if family.reference is not None:
        reference = family.groups[family.reference]
    return AttributeBias(
        attributes=family.attributes,
        comparison=family.comparison,
        reference=reference,
        groups=groups,
        worst_off=_worst_off(groups, reference),
        gap=None if selection is None else _gap(family, selection),
        verdict=verdict,
        reason=reason,
        caveat=caveat,
    )


def _why_not_assessable(family: Family, groups: Mapping[str, GroupBias]) -> str | None:
    if family.missing_reference:
        return family.missing_reference
    others = [name for i, name in enumerate(family.groups) if family.known[i] and i != family.reference]
    if not others:
        return "fewer than two known groups have rows"
    return f"{others[0]}: {groups[others[0]].reason}"


def _unrated(group: GroupBias) -> bool:
    ratio = group.judgements.get(Metric.DISPARATE_IMPACT.value)
    return ratio is not None and ratio.verdict is Verdict.NOT_ASSESSABLE


def _worst_off(groups: Mapping[str, GroupBias], reference: str | None) -> WorstOff | None:
    """The lowest ratio among judged groups; the reference itself when every judged group is better off."""
    found = [
        (group.disparate_impact.value, name)
        for name, group in groups.items()
        if group.disparate_impact.value is not None
        and group.disparate_impact.p_adjusted is not None
        and not _unrated(group)
    ]
    if not found or reference is None:
        return None
    value, name = min(found)
    if value >= 1 and reference in groups:
        best, best_name = max(found)
        if best <= 1:
            return None
        return WorstOff(group=reference, metric=Metric.DISPARATE_IMPACT, value=1 / best, compared_with=best_name)
    if value >= 1:
        return None
    return WorstOff(group=name, metric=Metric.DISPARATE_IMPACT, value=value, compared_with=reference)


def _gap(family: Family, judged: NDArray[np.bool_]) -> Estimate | None:
    """Lowest over highest selection rate of the judged groups, its interval corrected for all their pairs."""
    able = judged.copy()
    if family.reference is not None and able.any():
        able[family.reference] = True
    if able.sum() < 2:
        return None
    cells = confusion(family.counts)
    places = np.flatnonzero(able)
    rate: Floats = cells.selected[places] / cells.rows[places]
    low_at, high_at = places[int(np.argmin(rate))], places[int(np.argmax(rate))]
    pairs = int(able.sum()) * (int(able.sum()) - 1) / 2
    low, high, _ = ratio(
        (cells.selected[[low_at]], cells.rows[[low_at]]),
        (cells.selected[[high_at]], cells.rows[[high_at]]),
        confidence=1 - 0.05 / pairs,
    )
    if not cells.selected[high_at]:
        return Estimate(reason="undefined: nobody was selected in any group (0/0)")
    return Estimate(
        value=float(np.min(rate) / np.max(rate)),
        low=number(low[0]),
        high=number(high[0]),
        method="simultaneous over all pairs",
    )
