"""Shares that are tested on their own, because the distribution as a whole can hide them.

A new name for a category, infinite values, or a twentieth of the rows ten deviations away hardly move deciles or
chi-square over many values. Each such share has an exact test and an effect size of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from syndic.drift.baseline.model import EDGES, CategoricalBaseline, Floats, NumericBaseline
from syndic.drift.counts.model import CategoricalCounts, NumericCounts
from syndic.drift.measures.bands import Banded, Values, dominated
from syndic.drift.measures.novelty import none_replaced, unlisted
from syndic.drift.measures.shares import Share, same_share
from syndic.drift.measures.tails import heaviest_tail
from syndic.drift.measures.turnover import newcomer, stopped
from syndic.statistics.two_sample import psi_null_point

SHOWN_EXAMPLES: Final = 5
_NAMED = 3
_OFTEN: Final = 5  # rows from which one new value is looked at on its own
_ONE_SIDED: Final = frozenset({"tail", "new", "newcomer", "stopped"})
_MOST_RARE: Final = 0.8  # of all values: where most are rare, that some more are says nothing of its own


@dataclass(frozen=True, slots=True)
class Sign:
    """A share before and now, and the p of the test that it did not change, or of a tail that it did not grow.

    `what` says which values in words that go after "are", `side` which tail: -1 below, 1 above, 0 none. `design` rows
    count as one.
    """

    what: str
    share: Share
    p: float
    side: int = 0
    design: float = 1.0

    @property
    def psi(self) -> float:
        """PSI of two bins: the values of the share, and all others."""
        return self.share.psi

    @property
    def null_point(self) -> float:
        """95 % of its PSI values are under it when nothing changed."""
        return self.design * psi_null_point(self.share.baseline_rows, self.share.current_rows, 2)


def number_signs(
    known: NumericBaseline, current: NumericCounts, values: Values, whole: Banded | None, *, few: bool
) -> dict[str, Sign]:
    """The signs of a numeric column, by the name of their test.

    `values` are those at the edges; `whole` holds them in bins where these are all, and `few` says that they are few
    enough to be compared one by one, so that those out in a tail are among them or new.
    """
    signs: dict[str, Sign] = {}
    infinite = Share(known.infinite, known.present, current.infinite, current.present)
    p = same_share(infinite)
    if p is not None:
        signs["infinite"] = Sign("infinite", infinite, p)
    if whole is not None:
        signs |= _rare(whole, complete=True, examples=()) | _new(values, examples=()) | _stopped(values, known.edges)
    if known.exact:
        signs |= _unusual(values, lambda place: f"{known.edges[place]:.6g}")
    tail = None if few else heaviest_tail(known, current)
    if tail is not None:
        side, end = ("above", "largest") if tail.upper else ("below", "smallest")
        of = f", the {end} of the baseline" if tail.outermost else ""
        signs["tail"] = Sign(f"{side} {tail.bound:.6g}{of}", tail.share, tail.p, 1 if tail.upper else -1)
    return signs


def category_signs(
    known: CategoricalBaseline, current: CategoricalCounts, values: Values, binned: Banded
) -> dict[str, Sign]:
    """The signs of a categorical column: the share of values that are rare or new, new, or not the usual one."""
    examples = examples_of(current)
    signs = _rare(binned, complete=known.complete, examples=examples) | _new(values, examples=examples)
    signs |= _newcomer(values, current) | _stopped(values, known.levels)
    if known.levels:
        signs |= _unusual(values, lambda place: repr(known.levels[place]))
    return signs


def missing_sign(share: Share) -> dict[str, Sign]:
    """The share of missing values, which a distribution over many bins hides as it does infinite ones."""
    p = same_share(share)
    return {} if p is None else {"missing": Sign("missing", share, p)}


def of_groups(signs: dict[str, Sign], design: float) -> dict[str, Sign]:
    """The signs where `design` rows count as one: tested as shares of that many fewer rows.

    The one-sided tests, whose p falls about exponentially with the rows, have its root of that degree.
    """
    if design <= 1.0:
        return signs
    found = {}
    for test, sign in signs.items():
        fewer = sign.p ** (1.0 / design) if test in _ONE_SIDED else same_share(sign.share.thinned(design))
        found[test] = replace(sign, p=1.0 if fewer is None else fewer, design=design)
    return found


def examples_of(current: CategoricalCounts) -> tuple[str, ...]:
    """Some values that the baseline does not list, the most frequent first."""
    frequent = sorted(current.examples.items(), key=lambda item: (-item[1], item[0]))[:SHOWN_EXAMPLES]
    return tuple(level for level, _ in frequent)


def kept_whole(known: NumericBaseline) -> bool:
    """Whether every value of the baseline is an edge, with the exact number of its rows."""
    return known.exact and 0 < known.distinct == len(known.edges) <= EDGES


def largest_tie(known: NumericBaseline) -> float:
    """The largest share of present values that are one and the same."""
    return float(np.max(known.at_or_below - known.below, initial=0)) / max(1, known.present)


def _unusual(values: Values, named: Callable[[int], str]) -> dict[str, Sign]:
    share = dominated(values)
    p = None if share is None else same_share(share)
    if share is None or p is None:
        return {}
    usual = named(int(np.argmax(values.baseline + values.current)))
    return {"unusual": Sign(f"not {usual}", share, p)}


def _rare(values: Banded, *, complete: bool, examples: tuple[str, ...]) -> dict[str, Sign]:
    share = values.rare
    rows = share.baseline_rows + share.current_rows
    p = same_share(share)
    if p is None or share.rows > _MOST_RARE * rows:
        return {}
    new = complete and share.baseline == 0
    what = "new to the baseline" if new else "new or rare"
    return {"rare": Sign(what + _such_as(examples), share, p)}


def _new(values: Values, *, examples: tuple[str, ...]) -> dict[str, Sign]:
    """More rows with values that the baseline does not list than its own rare values let expect."""
    share, p = unlisted(values), none_replaced(values)
    if p is None or share.now <= share.before:
        return {}
    return {"new": Sign("ones that no other row of the baseline has" + _such_as(examples), share, p)}


def _newcomer(values: Values, current: CategoricalCounts) -> dict[str, Sign]:
    """One new value that many rows have."""
    found = newcomer(values, current.examples)
    if found is None or found.share.current < _OFTEN:
        return {}
    return {"newcomer": Sign(f"{found.value!r}, which the baseline does not list", found.share, found.p)}


def _stopped(values: Values, names: Sequence[str] | Floats) -> dict[str, Sign]:
    """Values of the baseline that no row has any more."""
    found = stopped(values)
    if found is None:
        return {}
    said = [names[place] for place in found.places[:_NAMED]]
    listed = ", ".join(repr(name) if isinstance(name, str) else f"{name:.6g}" for name in said)
    return {"stopped": Sign(f"ones that the window has no more, such as {listed}", found.share, found.p)}


def _such_as(examples: tuple[str, ...]) -> str:
    return f", such as {', '.join(map(repr, examples[:_NAMED]))}" if examples else ""
