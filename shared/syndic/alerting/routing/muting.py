"""What is not told though it reaches somebody: silenced, inhibited, or not at this time. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from syndic.alerting.models.routing import InhibitRule, Silence, TimeInterval
from syndic.alerting.routing.intervals import holds
from syndic.alerting.routing.matchers import Labels, all_hold
from syndic.alerting.routing.tree import Node, read_all


class Muting:
    """Answers whether an alert is silenced or inhibited among others.

    Args:
        silences: Those in force.
        rules: Inhibit rules.
        standing: Labels of every alert that is in trouble, whether it is told or not: each may be a source.
    """

    def __init__(self, silences: Sequence[Silence], rules: Sequence[InhibitRule], standing: Sequence[Labels]) -> None:
        self._silences = [read_all(one.matchers, where="matchers") for one in silences]
        self._rules = []
        for rule in rules:
            source = read_all(rule.source_matchers, where="source_matchers")
            target = read_all(rule.target_matchers, where="target_matchers")
            sources: dict[tuple[str, ...], bool] = {}
            for labels in standing:
                if all_hold(source, labels):
                    place = _equal(rule, labels)
                    # An alert on both sides inhibits none that is on both sides, or each would inhibit itself.
                    sources[place] = sources.get(place, False) or not all_hold(target, labels)
            self._rules.append((rule, source, target, sources))

    def silenced(self, labels: Labels) -> bool:
        """Whether a silence in force matches."""
        return any(all_hold(matchers, labels) for matchers in self._silences)

    def inhibited(self, labels: Labels) -> bool:
        """Whether another alert stands that makes this one not worth telling."""
        for rule, source, target, sources in self._rules:
            if not all_hold(target, labels):
                continue
            only_source = sources.get(_equal(rule, labels))
            if only_source or (only_source is False and not all_hold(source, labels)):
                return True
        return False


def is_quiet_time(node: Node, intervals: Mapping[str, TimeInterval], moment: datetime) -> bool:
    """Whether a route tells nothing at a moment: in a muted interval, or in none of the active ones."""
    if any(holds(intervals[name], moment) for name in node.mute):
        return True
    return bool(node.active) and not any(holds(intervals[name], moment) for name in node.active)


def _equal(rule: InhibitRule, labels: Labels) -> tuple[str, ...]:
    return tuple(labels.get(name, "") for name in rule.equal)
