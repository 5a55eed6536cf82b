"""Selection compared within strata, so that a mix of strata does not pass for a difference (Simpson's paradox)."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from syndic.bias.counting.tensor import ABSENT, CountTensor
from syndic.bias.measures.bootstrap import draws, percentiles
from syndic.bias.measures.families import Family
from syndic.bias.measures.intervals import quantile
from syndic.bias.measures.rates import Measured
from syndic.bias.policy.model import JOIN, BiasPolicy, Comparison, Metric

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


def strata_extras(
    tensor: CountTensor, found: Sequence[Family], policy: BiasPolicy
) -> Mapping[str, Mapping[Metric, Measured]]:
    """The two conditional disparities of each group of each family.

    Args:
        tensor: Its last axis is the stratifier.
        found: The families.
        policy: For the bootstrap's replicates and seed.
    """
    extra = {}
    for family in found:
        table = stratified(tensor, family)
        extra[family.name] = {
            Metric.CONDITIONAL_PARITY: _parity(table, family),
            Metric.CONDITIONAL_DISPARITY: _disparity(table, policy),
        }
    return extra


def stratified(tensor: CountTensor, family: Family) -> Counts:
    """Decisions by group, stratum and decision: ``[group, stratum, 2]``."""
    part = tensor.over([*family.attributes, tensor.axes[-1]])
    position = {group: place for place, group in enumerate(family.groups)}
    table = np.zeros((len(family.groups), max(1, len(part.levels[-1])), 2), np.int64)
    for names, cell, counts in zip(part.names(), part.cells.tolist(), part.counts, strict=True):
        place = position.get(JOIN.join(names[:-1]))
        if place is not None:
            table[place, cell[-1]] += counts[:, :ABSENT].sum(axis=0)
    return table


def _parity(table: Counts, family: Family) -> Measured:
    """Mantel and Haenszel's common difference of selection rates, with Sato's variance (1989) and the CMH test."""
    results = [mantel_haenszel(table[i], _reference(table, family, i)) for i in range(len(table))]
    value, spread, p = (np.array(column) for column in zip(*results, strict=True))
    half = quantile(0.95) * spread
    return Measured(value, value - half, value + half, p, None, ("", "mantel_haenszel_sato"))


def _reference(table: Counts, family: Family, i: int) -> Counts:
    if family.comparison is Comparison.REST:
        everybody: Counts = table[family.known].sum(axis=0)
        return everybody - table[i] if family.known[i] else everybody
    if family.reference is None or family.reference == i:
        return np.zeros_like(table[i])
    chosen: Counts = table[family.reference]
    return chosen


def mantel_haenszel(group: Counts, reference: Counts) -> tuple[float, float, float]:
    """Common risk difference over strata, its standard error, and the Cochran-Mantel-Haenszel p-value.

    Args:
        group: ``[stratum, (refused, selected)]``.
        reference: Likewise. Strata where one side has no row tell nothing and drop out; NaN when all do.
    """
    n1, n0 = group.sum(axis=1).astype(float), reference.sum(axis=1).astype(float)
    used = (n1 > 0) & (n0 > 0)
    if not used.any():
        return math.nan, math.nan, math.nan
    a, c = group[used, 1].astype(float), reference[used, 1].astype(float)
    n1, n0 = n1[used], n0[used]
    total = n1 + n0
    weight = float((n1 * n0 / total).sum())
    value = float(((a * n0 - c * n1) / total).sum() / weight)
    p_part = float(((n1**2 * c - n0**2 * a + n1 * n0 * (n0 - n1) / 2) / total**2).sum())
    q_part = float(((a * (n0 - c) + c * (n1 - a)) / (2 * total)).sum())
    spread = math.sqrt(max(0.0, value * p_part + q_part)) / weight
    selected = a + c
    variance = float((n1 * n0 * selected * (total - selected) / (total**2 * np.maximum(total - 1, 1))).sum())
    excess = float((a - n1 * selected / total).sum())
    return value, spread, 1.0 if variance == 0 else math.erfc(abs(excess) / math.sqrt(2 * variance))


def _disparity(table: Counts, policy: BiasPolicy) -> Measured:
    """Conditional demographic disparity (Wachter, Mittelstadt and Russell 2021), as SageMaker Clarify defines it.

    In each stratum: the group's share of the refused minus its share of the selected; averaged with the strata's
    sizes. Above zero the group is worse off. Strata with nobody refused or nobody selected drop out.
    """
    value = conditional_disparity(table)
    rng = np.random.default_rng(policy.seed)
    size = max(1, min(policy.replicates, (1 << 20) // max(1, table.size)))
    pieces = [
        conditional_disparity(draws(table, min(size, policy.replicates - start), rng))
        for start in range(0, policy.replicates, size)
    ]
    low, high = percentiles(np.concatenate(pieces).T)
    everybody = table.sum(axis=0)
    p = np.array([mantel_haenszel(part, everybody - part)[2] for part in table])
    return Measured(value, low, high, p, None, ("", "bootstrap_percentile"))


def conditional_disparity(table: Counts) -> Floats:
    """The definition, for tables ``[..., group, stratum, decision]``; the result is ``[..., group]``."""
    totals = table.sum(axis=-3)
    usable = (totals > 0).all(axis=-1)
    sizes = np.where(usable, totals.sum(axis=-1), 0)
    with np.errstate(invalid="ignore", divide="ignore"):
        shares = table / totals[..., None, :, :]
        gap = np.where(usable[..., None, :], shares[..., 0] - shares[..., 1], 0.0)
        return np.asarray((gap * sizes[..., None, :]).sum(axis=-1) / sizes.sum(axis=-1)[..., None])
