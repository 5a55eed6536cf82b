"""What a shadow's answers are worth: how far they agree with those that were given, over a span of time."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from syndic.errors import NotFoundError
from syndic.gateway.keys import numbers_partition, numbers_start
from syndic.gateway.numbers import MinuteNumbers, added
from syndic.gateway.shadow import BINS
from syndic.gateway.shares import read_shares
from syndic.models import Finite, Moment, Noun, TimeWindow
from syndic.ports import Store
from syndic.records import iterate
from syndic.statistics.binomial import clopper_pearson


class Agreement(Noun):
    """The share of rows with the same decision, and where it may well lie (95 %, Clopper and Pearson)."""

    share: Finite
    lower: Finite
    upper: Finite


class ShadowComparison(Noun):
    """A shadow beside what answered, on the same rows."""

    model_id: str
    variant: str
    version: str | None = Field(description="None once no deployment names it any more")
    active: bool = Field(description="whether it gets copies now")
    start: Moment
    end: Moment
    copies: int = Field(ge=0, description="requests that it was asked")
    failed: int = Field(ge=0, description="of them not answered by its backend")
    refused: int = Field(ge=0, description="of them not taken by its signature")
    rows: int = Field(ge=0, description="that both answered")
    agreement: Agreement | None = Field(description="None: nothing was compared")
    mean_difference: Finite | None = Field(
        description="mean absolute difference of scores, or of a regression's values"
    )
    scores_given: tuple[int, ...] = Field(
        description="rows by twentieths of the score that was given; empty: no scores"
    )
    scores_shadow: tuple[int, ...] = Field(description="the same of the shadow's scores")
    distance: Finite | None = Field(
        description="of the two distributions: half the sum of absolute differences (total variation), 0 equal, 1 apart"
    )


def compare_shadow(
    store: Store, model_id: str, *, start: datetime, end: datetime, variant: str | None = None
) -> ShadowComparison:
    """How far a model's shadow agrees with what answered.

    Args:
        store: Records.
        model_id: The model.
        start: Whole minutes from here on.
        end: Up to here.
        variant: Another one than the shadow of now: one that was a shadow in the span.

    Raises:
        NotFoundError: No version gets copies, or none did in the span.
    """
    shares = read_shares(store, model_id)
    held = [] if shares is None else [*shares.variants, *shares.before]
    active = next((one for one in (shares.variants if shares else ()) if one.shadow), None)
    span = TimeWindow(start=start, end=end)
    every = [
        one
        for record in iterate(
            store, numbers_partition(model_id), start=numbers_start(span.start), end=numbers_start(span.end)
        )
        if (one := MinuteNumbers.model_validate(record.body)).shadow
    ]
    wanted = variant or (active.name if active else None) or (every[-1].variant if every else None)
    if wanted is None:
        raise NotFoundError(f"no version of {model_id} got copies in this span")
    mine = [one for one in every if one.variant == wanted]
    if not mine and (active is None or active.name != wanted):
        raise NotFoundError(f"{wanted} got no copies of {model_id} in this span")
    whole = added(one.compared for one in mine if one.compared is not None)
    given, own = (_bins(whole.given), _bins(whole.own)) if whole is not None else ((), ())
    limits = clopper_pearson(whole.agreed, whole.rows) if whole is not None and whole.rows else None
    return ShadowComparison(
        model_id=model_id,
        variant=wanted,
        version=next((one.version for one in held if one.name == wanted), None),
        active=active is not None and active.name == wanted,
        start=span.start,
        end=span.end,
        copies=sum(one.invocations for one in mine),
        failed=sum(one.errors_5xx for one in mine),
        refused=sum(one.errors_4xx for one in mine),
        rows=whole.rows if whole is not None else 0,
        agreement=Agreement(share=whole.agreed / whole.rows, lower=limits.low, upper=limits.high)
        if whole is not None and limits is not None
        else None,
        mean_difference=whole.difference / whole.rows if whole is not None and whole.rows else None,
        scores_given=given,
        scores_shadow=own,
        distance=_distance(given, own),
    )


def _bins(counts: dict[str, int]) -> tuple[int, ...]:
    return tuple(counts.get(str(place), 0) for place in range(BINS)) if counts else ()


def _distance(one: tuple[int, ...], other: tuple[int, ...]) -> float | None:
    if not sum(one) or not sum(other):
        return None
    pairs = zip(one, other, strict=True)
    return sum(abs(mine / sum(one) - theirs / sum(other)) for mine, theirs in pairs) / 2
