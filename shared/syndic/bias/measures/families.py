"""Families of groups that are compared with each other: each attribute, each declared combination.

All families are laid end to end, so that everything is measured in one go.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from syndic.bias.counting.tensor import CountTensor
from syndic.bias.measures.rates import confusion
from syndic.bias.policy.model import JOIN, UNKNOWN, BiasPolicy, Comparison, ProtectedAttribute
from syndic.windows.cells.vocabulary import find_value

Counts = NDArray[np.int64]

REST = "rest"


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """The groups of one attribute or combination.

    Attributes:
        attributes: Their names.
        groups: The groups' names, those of a combination joined.
        counts: ``[group, label, decision]``.
        known: Whether each group's attributes are all known.
        comparison: What the groups are compared with.
        reference: Place of the reference group; None with the rest, or when there is none.
        missing_reference: Why there is no reference, when there should be.
    """

    attributes: tuple[str, ...]
    groups: tuple[str, ...]
    counts: Counts
    known: NDArray[np.bool_]
    comparison: Comparison
    reference: int | None
    missing_reference: str | None = None

    @property
    def name(self) -> str:
        """The attributes' names, joined."""
        return JOIN.join(self.attributes)

    @property
    def reference_counts(self) -> Counts:
        """For each group the rows it is compared with; zeros where it is compared with nothing."""
        if self.comparison is Comparison.REST:
            everybody = self.counts[self.known].sum(axis=0)
            return np.where(self.known[:, None, None], everybody - self.counts, everybody)
        if self.reference is None:
            return np.zeros_like(self.counts)
        found = np.broadcast_to(self.counts[self.reference], self.counts.shape).copy()
        found[self.reference] = 0
        return found

    @property
    def compared(self) -> NDArray[np.bool_]:
        """Which groups are compared and belong to the correction: known ones, the reference excepted."""
        found = self.known.copy()
        if self.comparison is Comparison.REST:
            return found
        if self.reference is None:
            return np.zeros_like(found)
        found[self.reference] = False
        return found

    @property
    def tests(self) -> int:
        """Size of the family of tests that a correction answers for (see `syndic.statistics.multiplicity.holm`)."""
        known = int(self.known.sum())
        return known * (known - 1) // 2 if self.comparison is Comparison.BEST_OFF else int(self.compared.sum())


def families(tensor: CountTensor, policy: BiasPolicy) -> tuple[Family, ...]:
    """The family of each protected attribute, then of each combination."""
    single = [_family(tensor, (attribute,), policy) for attribute in policy.protected_attributes]
    by_name = {attribute.name: attribute for attribute in policy.protected_attributes}
    crossed = [_family(tensor, tuple(by_name[name] for name in names), policy) for names in combinations(policy)]
    return (*single, *crossed)


def combinations(policy: BiasPolicy) -> tuple[tuple[str, ...], ...]:
    """The combinations that the policy asks for: declared ones, or all pairs."""
    if not policy.intersectional:
        return ()
    if policy.combinations is not None:
        return policy.combinations
    return tuple(itertools.combinations([attribute.name for attribute in policy.protected_attributes], 2))


def _family(tensor: CountTensor, attributes: Sequence[ProtectedAttribute], policy: BiasPolicy) -> Family:
    part = tensor.over([attribute.name for attribute in attributes])
    names = part.names()
    groups = tuple(JOIN.join(name) for name in names)
    known = np.array([UNKNOWN not in name for name in names], bool)
    comparison, wanted = _comparison(attributes, part.levels)
    reference, reason = None, None
    if comparison is Comparison.NAMED:
        reference = groups.index(wanted) if wanted in groups else None
        reason = None if reference is not None else f"the reference group {wanted!r} has no rows"
        if reference is not None and not known[reference]:
            reference, reason = None, "rows whose protected attribute is not known are no reference"
    elif comparison is Comparison.BEST_OFF:
        reference = _best_off(part.counts, known, policy)
        reason = None if reference is not None else "no group is large enough to be the reference"
    return Family(
        tuple(attribute.name for attribute in attributes), groups, part.counts, known, comparison, reference, reason
    )


def _comparison(attributes: Sequence[ProtectedAttribute], levels: Sequence[Sequence[str]]) -> tuple[Comparison, str]:
    """One attribute's own; of a combination the combined reference when all name one, else the best-off cell."""
    kinds = {attribute.comparison for attribute in attributes}
    if kinds == {Comparison.NAMED}:
        named = [attribute.reference_group or "" for attribute in attributes]
        found = [find_value(name, groups) or name for name, groups in zip(named, levels, strict=True)]
        return Comparison.NAMED, JOIN.join(found)
    if kinds == {Comparison.REST}:
        return Comparison.REST, REST
    return Comparison.BEST_OFF, ""


def _best_off(counts: Counts, known: NDArray[np.bool_], policy: BiasPolicy) -> int | None:
    """The known group with the highest selection rate among those large enough to be rated; ties: the larger one."""
    cells = confusion(counts)
    total = cells.rows.sum()
    able = known & (cells.rows >= policy.minimum_group_size)
    if policy.minimum_share is not None:
        able &= cells.rows >= policy.minimum_share * total
    if not able.any():
        return None
    with np.errstate(invalid="ignore", divide="ignore"):
        rate = np.where(able, cells.selected / cells.rows, -1.0)
    return int(np.lexsort((cells.rows, rate))[-1])
