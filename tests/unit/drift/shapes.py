"""Pairs of samples of many shapes, for tests that compare with independent definitions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

SHAPES = ("normal", "heavy", "integers", "few", "zeros", "bimodal", "constant", "prices", "huge", "tiny")


@dataclass(frozen=True)
class Pair:
    """Two samples, NaN being missing."""

    before: NDArray[np.float64]
    after: NDArray[np.float64]
    shape: str
    seed: int


def sample(shape: str, size: int, shift: float, random: np.random.Generator) -> NDArray[np.float64]:
    drawn = {
        "normal": lambda: random.normal(shift, 1.0, size),
        "heavy": lambda: random.lognormal(shift, 2.0, size),
        "integers": lambda: random.poisson(5.0 + shift, size).astype(float),
        "few": lambda: (random.random(size) < 0.3 + 0.1 * shift).astype(float),
        "zeros": lambda: np.where(random.random(size) < 0.6, 0.0, random.exponential(1.0 + shift, size)),
        "bimodal": lambda: random.normal(np.where(random.random(size) < 0.5, -4.0, 4.0 + shift), 1.0),
        "constant": lambda: np.full(size, 3.0),
        "prices": lambda: np.round(random.gamma(2.0, 10.0 * (1 + shift), size), 1),
        "huge": lambda: random.normal(shift, 1.0, size) * 1e12 + 1e15,
        "tiny": lambda: random.normal(shift, 1.0, size) * 1e-12,
    }[shape]()
    return np.asarray(drawn, np.float64)


@st.composite
def pairs(draw: st.DrawFn, *, largest: int = 2500) -> Pair:
    shape = draw(st.sampled_from(SHAPES))
    seed = draw(st.integers(0, 2**32 - 1))
    random = np.random.default_rng(seed)
    sizes = draw(st.tuples(st.integers(4, largest), st.integers(4, largest)))
    shift = draw(st.sampled_from([0.0, 0.0, 0.05, 0.5, 3.0]))
    gone = draw(st.sampled_from([0.0, 0.0, 0.1, 0.9]))
    before, after = sample(shape, sizes[0], 0.0, random), sample(shape, sizes[1], shift, random)
    for values in (before, after):
        values[random.random(len(values)) < gone] = np.nan
    return Pair(before, after, shape, seed)
