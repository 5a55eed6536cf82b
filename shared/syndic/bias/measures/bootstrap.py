"""The bootstrap from counts: drawing the count tensor anew is drawing the rows anew, at the cost of its cells.

A multinomial draw of the tensor has exactly the distribution of the tensor of n rows drawn with replacement, so its
cost does not grow with the rows.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from syndic.bias.counting.tensor import CountTensor
from syndic.bias.measures.families import Family
from syndic.bias.measures.rates import PLACES, POINT_METRICS, Measured, Measures, point_estimates
from syndic.bias.policy.model import JOIN, BiasPolicy, Comparison, Metric
from syndic.statistics.resampling import draws, percentiles

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

CHUNK_VALUES = 1 << 18
"""Drawn counts held at a time: bounds the memory whatever the number of cells."""


def replicate(
    tensor: CountTensor, found: Sequence[Family], replicates: int, rng: np.random.Generator
) -> tuple[Floats, Floats]:
    """All rates and point metrics of all groups in every replicate: ``[rate | metric, group, replicate]``.

    References stay the ones that the data chose.
    """
    belongs = _membership(tensor, found)
    compared = _reference_membership(belongs, found)
    groups = len(belongs)
    rates = np.empty((len(PLACES), groups, replicates))
    gaps = np.empty((len(POINT_METRICS), groups, replicates))
    size = max(1, min(replicates, CHUNK_VALUES // max(1, 9 * max(groups, len(tensor.cells)))))
    for start in range(0, replicates, size):
        end = min(start + size, replicates)
        drawn = draws(tensor.counts, end - start, rng).astype(np.float64)
        # [replicate, cell, 9] -> [9, cell * ...]: sums over cells as one product of matrices.
        flat = drawn.reshape(end - start, -1, 9).transpose(1, 0, 2).reshape(len(tensor.cells), -1)
        counts = (belongs @ flat).reshape(groups, end - start, 3, 3)
        reference = (compared @ flat).reshape(groups, end - start, 3, 3)
        rates[:, :, start:end], gaps[:, :, start:end] = point_estimates(counts, reference)  # type: ignore[arg-type]
    return rates, gaps


def _membership(tensor: CountTensor, found: Sequence[Family]) -> Floats:
    """Which cells are in which group: ``[group, cell]`` of 0 and 1, families laid end to end."""
    names = tensor.names()
    blocks = []
    for family in found:
        axes = [tensor.axes.index(attribute) for attribute in family.attributes]
        position = {group: place for place, group in enumerate(family.groups)}
        block = np.zeros((len(family.groups), len(names)))
        for cell, name in enumerate(names):
            place = position.get(JOIN.join(name[axis] for axis in axes))
            if place is not None:
                block[place, cell] = 1
        blocks.append(block)
    return np.concatenate(blocks)


def _reference_membership(belongs: Floats, found: Sequence[Family]) -> Floats:
    """The cells that each group is compared with."""
    compared = np.zeros_like(belongs)
    start = 0
    for family in found:
        part = belongs[start : start + len(family.groups)]
        if family.comparison is Comparison.REST:
            everybody = part[family.known].sum(axis=0)
            compared[start : start + len(part)] = np.where(family.known[:, None], everybody - part, everybody)
        elif family.reference is not None:
            compared[start : start + len(part)] = part[family.reference]
            compared[start + family.reference] = 0
        start += len(part)
    return compared


def with_bootstrap(measures: Measures, tensor: CountTensor, found: Sequence[Family], policy: BiasPolicy) -> Measures:
    """The same estimates and p-values with percentile intervals, where enough replicates define them."""
    rates, gaps = replicate(tensor, found, policy.replicates, np.random.default_rng(policy.seed))
    low, high = percentiles(rates)
    gap_low, gap_high = percentiles(gaps)
    new_rates = dict(measures.rates)
    for name, place in PLACES.items():
        new_rates[name] = _replaced(measures.rates[name], low[place], high[place])
    new_gaps: Mapping[Metric, Measured] = {
        **measures.disparities,
        **{
            metric: _replaced(measures.disparities[metric], gap_low[place], gap_high[place])
            for place, metric in enumerate(POINT_METRICS)
        },
    }
    return replace(measures, rates=new_rates, disparities=new_gaps)


def _replaced(measured: Measured, low: Floats, high: Floats) -> Measured:
    usable = ~np.isnan(low)
    return replace(
        measured,
        low=np.where(usable, low, measured.low),
        high=np.where(usable, high, measured.high),
        special=usable,
        methods=("bootstrap_percentile", measured.methods[1]),
    )
