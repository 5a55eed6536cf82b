"""Long, generated checks: `make test` takes a share of their cases, always the same, and `make proof` takes all."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Final, TypeVar

ALL: Final = os.environ.get("SYNDIC_PROOF") == "1"

Case = TypeVar("Case")


def share(cases: Sequence[Case], one_in: int, *, of: int = 0) -> list[Case]:
    """One case in so many, with the first and the last; all of them under ``SYNDIC_PROOF=1``.

    Args:
        cases: What a generator, a seed or a place to fail at gives.
        one_in: How many cases stand for one.
        of: Another number takes another share: tests that are alike look at different cases.
    """
    if ALL or len(cases) <= one_in:
        return list(cases)
    places = {0, len(cases) - 1, *range(of % one_in, len(cases), one_in)}
    return [cases[place] for place in sorted(places)]
