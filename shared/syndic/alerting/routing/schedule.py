"""When a group is told: after the wait of a new group, then at the ends of intervals, as by Alertmanager. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from syndic.alerting.models import Alert, Delivery, Said
from syndic.alerting.routing.tree import Node


@dataclass(frozen=True, slots=True)
class News:
    """What a group has to say. `due`: since when at the latest it may be said."""

    new: tuple[str, ...]  # alerts not told, worse than told, or begun anew
    over: tuple[str, ...]  # told, and no longer in trouble
    repeat: bool
    noticed: datetime

    @property
    def any(self) -> bool:
        """Whether there is anything."""
        return bool(self.new or self.over or self.repeat)


def news_of(
    firing: Sequence[Alert], standing: frozenset[str], state: Delivery, node: Node, now: datetime, *, resolves: bool
) -> News:
    """What there is to say to a group's receiver.

    Args:
        firing: Alerts of the group that are to be told: in trouble, and neither acknowledged, silenced nor inhibited.
        standing: Ids of all its alerts that are in trouble.
        state: What it was told.
        node: Its route.
        now: The time of the run.
        resolves: Whether the receiver is told that alerts are over.
    """
    new = tuple(one.id for one in firing if _is_new(one, state.told))
    over = tuple(sorted(state.told.keys() - standing)) if resolves else ()
    repeat = (
        node.repeat_interval > timedelta()
        and state.told_at is not None
        and any(one.id in state.told for one in firing)
        and now - state.told_at >= node.repeat_interval
    )
    return News(new, over, repeat, state.noticed or now)


def due_at(news: News, state: Delivery, node: Node) -> datetime:
    """From when on it may be said: at the end of the group's first wait, or of the interval in which it was noticed."""
    noticed = news.noticed
    if state.anchor is None:
        return noticed + node.group_wait
    if noticed <= state.anchor or node.group_interval <= timedelta():
        return max(noticed, state.anchor)
    return state.anchor + ceil((noticed - state.anchor) / node.group_interval) * node.group_interval


def _is_new(alert: Alert, told: Mapping[str, Said]) -> bool:
    said = told.get(alert.id)
    return said is None or alert.severity.rank > said.severity.rank or alert.first_seen > said.first_seen
