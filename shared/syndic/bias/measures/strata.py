"""Selection compared within strata, so that a mix of strata does not pass for a difference (Simpson's paradox)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from syndic.bias.counting.tensor import ABSENT, CountTensor
from syndic.bias.measures.families import Family
from syndic.bias.measures.rates import Measured
from syndic.bias.policy.model import JOIN, BiasPolicy, Comparison, Metric
from syndic.statistics.resampling import draws, percentiles
from syndic.statistics.special import normal_quantile
from syndic.statistics.stratified import conditional_disparity, mantel_haenszel

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
    half = normal_quantile(0.95) * spread
    return Measured(value, value - half, value + half, p, None, ("", "mantel_haenszel_sato"))


def _reference(table: Counts, family: Family, i: int) -> Counts:
    if family.comparison is Comparison.REST:
        everybody: Counts = table[family.known].sum(axis=0)
        return everybody - table[i] if family.known[i] else everybody
    if family.reference is None or family.reference == i:
        return np.zeros_like(table[i])
    chosen: Counts = table[family.reference]
    return chosen


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
