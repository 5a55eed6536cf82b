"""Options that say when rows were predicted and which of them belong together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

if TYPE_CHECKING:
    from syndic.drift.policy.model import Season

F = TypeVar("F", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Times:
    """What says when rows were predicted and which belong together, and the season that is compared."""

    time_column: str | None = None
    season: str = "auto"
    group_column: str | None = None

    @property
    def wanted(self) -> Season:
        """The season that is asked for."""
        from syndic.drift.policy.model import Season

        return Season(self.season)


WITHOUT_TIMES: Final = Times()


def time_options(function: F) -> F:
    """``--time-column``, ``--season`` and ``--group-column``: see `Times`."""
    for option in (
        click.option(
            "--group-column",
            metavar="COL",
            help="Column that says which rows are of one person or session: rows that are alike count as fewer.",
        ),
        click.option(
            "--season",
            type=click.Choice(["auto", "none", "hour", "weekday", "weekday_hour"]),
            default="auto",
            show_default=True,
            help="Compare like with like; auto: the season that the baseline's own hours or days show.",
        ),
        click.option(
            "--time-column",
            metavar="COL",
            help="Column with the time of each row, ISO 8601 or seconds since 1970: limits are learnt from the "
            "baseline's own hours or days.",
        ),
    ):
        function = option(function)
    return function
