"""The tree of routes: which of them an alert reaches, as Alertmanager decides it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Final

from syndic.alerting.models.routing import OWNERS, Escalation, Route, Routing
from syndic.alerting.routing.intervals import check_interval
from syndic.alerting.routing.matchers import Labels, Matcher, all_hold, read_matcher
from syndic.canonical import sha256_of
from syndic.errors import InvalidInputError

GROUP_WAIT: Final = timedelta(seconds=30)
GROUP_INTERVAL: Final = timedelta(minutes=5)
REPEAT_INTERVAL: Final = timedelta(hours=4)
"""Alertmanager's defaults."""

DEEPEST: Final = 10


@dataclass(frozen=True, slots=True)
class Node:
    """A route with all that it inherits."""

    id: str  # the same while its matchers and those above it are
    receiver: str
    matchers: tuple[Matcher, ...]
    goes_on: bool
    group_by: tuple[str, ...]
    group_wait: timedelta
    group_interval: timedelta
    repeat_interval: timedelta  # zero: never
    mute: tuple[str, ...]
    active: tuple[str, ...]
    escalate: tuple[Escalation, ...]
    children: tuple[Node, ...] = field(default=())

    def reached(self, labels: Labels) -> Iterator[Node]:
        """What an alert reaches: of the children the first that matches, and more where one goes on; else this."""
        if not all_hold(self.matchers, labels):
            return
        found = False
        for child in self.children:
            nodes = list(child.reached(labels))
            yield from nodes
            found = found or bool(nodes)
            if nodes and not child.goes_on:
                break
        if not found:
            yield self

    def every(self) -> Iterator[Node]:
        """This node and all below it."""
        yield self
        for child in self.children:
            yield from child.every()


def compile_routing(routing: Routing, receivers: frozenset[str] | None, *, where: str = "") -> Node:
    """The tree, checked. Receivers None: they are not looked at, as when one was removed since it was set.

    Raises `InvalidInputError` that names the field: of an unknown receiver or interval, a wrong matcher, a repetition
    more often than messages, a tree too deep.
    """
    names = [one.name for one in routing.time_intervals]
    for number, one in enumerate(routing.time_intervals):
        at = f"{where}time_intervals[{number}]"
        if names.index(one.name) != number:
            raise InvalidInputError(f"there are two intervals {one.name}", where=f"{at}.name")
        check_interval(one, where=at)
    for number, rule in enumerate(routing.inhibit_rules):
        for name in ("source_matchers", "target_matchers"):
            read_all(getattr(rule, name), where=f"{where}inhibit_rules[{number}].{name}")
    root = routing.route
    at = f"{where}route"
    if root.receiver is None:
        raise InvalidInputError("the root names a receiver", where=f"{at}.receiver")
    for name in ("matchers", "goes_on", "mute_time_intervals", "active_time_intervals"):
        if getattr(root, name):
            raise InvalidInputError(
                "has no meaning at the root", where=f"{at}.{'continue' if name == 'goes_on' else name}"
            )
    known = None if receivers is None else receivers | {OWNERS}
    return _node(root, None, at, frozenset(names), known, depth=1)


def named_in(route: Route) -> set[str]:
    """The receivers that a route, or one below it, names."""
    found = {one.receiver for one in route.escalate} | ({route.receiver} if route.receiver else set())
    return found.union(*(named_in(one) for one in route.routes))


def read_all(texts: tuple[str, ...], *, where: str) -> tuple[Matcher, ...]:
    """Read matchers, each named by its place when it is wrong."""
    return tuple(read_matcher(text, where=f"{where}[{number}]") for number, text in enumerate(texts))


def _node(
    route: Route,
    parent: Node | None,
    where: str,
    intervals: frozenset[str],
    receivers: frozenset[str] | None,
    *,
    depth: int,
) -> Node:
    if depth > DEEPEST:
        raise InvalidInputError(f"the tree is deeper than {DEEPEST} routes", where=where)
    _check_names(route, where, intervals, receivers)
    wait = _first(route.group_wait, parent.group_wait if parent else GROUP_WAIT)
    interval = _first(route.group_interval, parent.group_interval if parent else GROUP_INTERVAL)
    repeat = _first(route.repeat_interval, parent.repeat_interval if parent else REPEAT_INTERVAL)
    if timedelta() < repeat < interval:
        said = "is shorter than group_interval, at whose ends alone it is looked at"
        raise InvalidInputError(said, where=f"{where}.repeat_interval")
    group_by = route.group_by if route.group_by is not None else parent.group_by if parent else ()
    receiver = route.receiver or (parent.receiver if parent else OWNERS)
    node = Node(
        id=sha256_of([parent.id if parent else "", sorted(route.matchers), receiver])[:16],
        receiver=receiver,
        matchers=read_all(route.matchers, where=f"{where}.matchers"),
        goes_on=route.goes_on,
        group_by=tuple(sorted(set(group_by))),
        group_wait=wait,
        group_interval=interval,
        repeat_interval=repeat,
        mute=route.mute_time_intervals,
        active=route.active_time_intervals,
        escalate=route.escalate,
    )
    children = tuple(
        _node(child, node, f"{where}.routes[{number}]", intervals, receivers, depth=depth + 1)
        for number, child in enumerate(route.routes)
    )
    return replace(node, children=children)


def _first(own: timedelta | None, otherwise: timedelta) -> timedelta:
    return otherwise if own is None else own


def _check_names(route: Route, where: str, intervals: frozenset[str], receivers: frozenset[str] | None) -> None:
    for name in ("mute_time_intervals", "active_time_intervals"):
        for one in getattr(route, name):
            if one not in intervals:
                raise InvalidInputError(f"there is no interval {one}", where=f"{where}.{name}")
    for number, step in enumerate(route.escalate):
        if step.within is not None and step.within not in intervals:
            raise InvalidInputError(f"there is no interval {step.within}", where=f"{where}.escalate[{number}].within")
    told = [(f"{where}.receiver", route.receiver)] if route.receiver else []
    told += [(f"{where}.escalate[{number}].receiver", one.receiver) for number, one in enumerate(route.escalate)]
    for at, receiver in told:
        if receivers is not None and receiver not in receivers:
            raise InvalidInputError(f"there is no receiver {receiver}", where=at)
