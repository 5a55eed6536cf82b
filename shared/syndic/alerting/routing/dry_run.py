"""What a routing would have told in the past days, from the alerts on record. Nothing is sent, nothing is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Final

from syndic.alerting.models import Alert, AlertState, Delivery, Receiver, Said
from syndic.alerting.models.routing import OWNERS, Routing, RoutingDryRun, WouldTell
from syndic.alerting.routing.dispatch import Group, dispatch
from syndic.alerting.routing.matchers import Labels
from syndic.alerting.routing.phases import Phase
from syndic.alerting.routing.schedule import due_at, news_of
from syndic.alerting.routing.tree import Node
from syndic.models import Severity

LOOKED_BACK: Final = timedelta(days=30)
TICK: Final = timedelta(minutes=5)
MOST_TURNS: Final = 20_000


def would_tell(
    alerts: Sequence[tuple[Alert, Labels, Sequence[Phase]]],
    *,
    routing: Routing,
    root: Node,
    receivers: Mapping[str, Receiver],
    takes: Callable[[Receiver, Alert], bool],
    now: datetime,
) -> RoutingDryRun:
    """Play the last 30 days: at each change of an alert and at each time when a group is due, what would be told.

    Acknowledgements, snoozes and silences of that time are left out: it is what would have been told had nobody looked.
    Owners are counted as one receiver; their mails are counted by owner and moment.

    Args:
        alerts: Alerts, their labels, and how bad each was from when on by the time of its findings' arrival.
        routing: What is tried.
        root: Its tree.
        receivers: Who could be told, by name.
        takes: Whether a receiver's own conditions let an alert through.
        now: The end of the days looked at.
    """
    start = now - LOOKED_BACK
    states: dict[str, Delivery] = {}
    told: Counter[str] = Counter()
    messages: Counter[str] = Counter()
    mailed: dict[str, Said] = {}
    reached: set[str] = set()
    turns = sorted({phase.since for _, _, phases in alerts for phase in phases if start <= phase.since <= now})
    pending = list(reversed(turns))
    for _ in range(MOST_TURNS):
        if not pending:
            break
        moment = pending.pop()
        standing = list(_standing(alerts, moment))
        found = dispatch(
            standing, routing=routing, root=root, silences=(), receivers=receivers, takes=takes, now=moment
        )
        later: list[datetime] = []
        for key in sorted({*found.groups, *states}):
            group = found.groups.get(key)
            if group is None:
                del states[key]
                continue
            sent, at = _tell(group, states, moment)
            later += [at] if at is not None and moment < at <= now else []
            if sent:
                messages[group.receiver] += 1
                told[group.receiver] += len(sent)
                reached |= sent
        by_mail = _mail(standing, found.owners, mailed)
        messages[OWNERS] += len({alert.owner for alert in by_mail})
        told[OWNERS] += len(by_mail)
        reached |= {alert.id for alert in by_mail}
        pending = sorted({*pending, *later}, reverse=True)
    raised = {
        alert.id for alert, _, phases in alerts if any(start <= one.since <= now for one in phases if one.severity.rank)
    }
    names = [name for name in (OWNERS, *receivers) if messages[name]]
    return RoutingDryRun(
        since=start,
        until=now,
        receivers=tuple(WouldTell(receiver=name, messages=messages[name], alerts=told[name]) for name in names),
        alerts=len(raised),
        untold=len(raised - reached),
    )


def _standing(
    alerts: Sequence[tuple[Alert, Labels, Sequence[Phase]]], moment: datetime
) -> Iterator[tuple[Alert, Labels]]:
    """The alerts as they stood at a moment."""
    for alert, labels, phases in alerts:
        past = [one for one in phases if one.since <= moment]
        if not past or past[-1].severity is Severity.NONE:
            continue
        opened = past[-1].since
        for one in reversed(past):
            if one.severity is Severity.NONE:
                break
            opened = one.since
        then = {"severity": past[-1].severity, "state": AlertState.OPEN, "first_seen": opened, "opened_at": opened}
        yield alert.model_copy(update=then), {**labels, "severity": past[-1].severity.value}


def _tell(group: Group, states: dict[str, Delivery], moment: datetime) -> tuple[set[str], datetime | None]:
    """What a group's receiver is told at a moment, and when something is due next."""
    state = states.get(group.key) or Delivery(receiver=group.receiver, anchor=moment + group.node.group_wait)
    standing = frozenset(one.id for one in group.alerts)
    news = news_of(group.firing, standing, state, group.node, moment, resolves=False)
    repeat = group.node.repeat_interval
    if not news.any:
        states[group.key] = state
        after = state.told_at + repeat if state.told_at and repeat else None
        return set(), after
    due = due_at(news, state, group.node)
    if moment < due or group.quiet:
        states[group.key] = state.model_copy(update={"noticed": state.noticed or moment})
        return set(), max(due, moment + TICK)
    said = {one.id: Said(severity=one.severity, first_seen=one.first_seen) for one in group.firing}
    states[group.key] = Delivery(
        receiver=group.receiver, told={**state.told, **said}, told_at=moment, anchor=state.anchor
    )
    new = set(news.new) or set(said)
    return new, moment + repeat if repeat else None


def _mail(standing: Sequence[tuple[Alert, Labels]], owners: set[str], mailed: dict[str, Said]) -> list[Alert]:
    """Alerts that owners are mailed of: new, worse or back."""
    found = []
    for alert, _ in standing:
        said = mailed.get(alert.id)
        is_new = said is None or alert.severity.rank > said.severity.rank or alert.first_seen > said.first_seen
        if alert.id in owners and is_new and alert.severity.rank >= Severity.MEDIUM.rank:
            mailed[alert.id] = Said(severity=alert.severity, first_seen=alert.first_seen)
            found.append(alert)
    return found
