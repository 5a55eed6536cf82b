"""Which groups of alerts reach whom now, by the routing: each alert down the tree, grouped, muted, escalated. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from syndic.alerting.models import Alert, AlertState, Receiver
from syndic.alerting.models.routing import OWNERS, Routing, Silence, TimeInterval
from syndic.alerting.routing.escalation import is_due
from syndic.alerting.routing.matchers import Labels
from syndic.alerting.routing.muting import Muting, is_quiet_time
from syndic.alerting.routing.tree import Node
from syndic.canonical import sha256_of
from syndic.models import RegisteredModel, Severity

NOBODY: Final = Severity.MEDIUM
"""From this severity on it is a trouble of its own when an alert reaches nobody."""


@dataclass(slots=True)
class Group:
    """Alerts that one receiver is told of in one message.

    `alerts` are all that are in trouble; `firing` those to be told: not acknowledged, snoozed, silenced or inhibited.
    """

    key: str
    receiver: str
    node: Node
    labels: dict[str, str]
    quiet: bool = False
    alerts: list[Alert] = field(default_factory=list)
    firing: list[Alert] = field(default_factory=list)


@dataclass(slots=True)
class Dispatch:
    """Where alerts go now."""

    groups: dict[str, Group] = field(default_factory=dict)
    owners: set[str] = field(default_factory=set)  # ids of alerts that their owners are to be told of now
    unreached: list[Alert] = field(default_factory=list)  # alerts that reach nobody
    silenced: int = 0
    inhibited: int = 0


def labels_of(alert: Alert, model: RegisteredModel | None) -> dict[str, str]:
    """An alert's labels, by which it is matched and grouped. Tags of the model are ``tag_<name>``."""
    labels = {
        "model": alert.model_id,
        "model_name": alert.model_name,
        "owner": alert.owner or "",
        "concern": alert.concern.value,
        "severity": alert.severity.value,
        "subject": alert.subject,
        "measure": alert.measure or "",
        "assignee": alert.assignee or "",
    }
    return labels if model is None else {**model_labels(model), **labels}


def model_labels(model: RegisteredModel) -> dict[str, str]:
    """What is matched of a model."""
    labels = {f"tag_{_word(name)}": value for name, value in model.tags.items()}
    own = {"model": model.id, "model_name": model.name, "owner": model.owner or ""}
    return labels | own | {"cloud": model.cloud.value, "domain": model.domain or "", "stages": ",".join(model.stages)}


def dispatch(
    standing: Sequence[tuple[Alert, Labels]],
    *,
    routing: Routing,
    root: Node,
    silences: Sequence[Silence],
    receivers: Mapping[str, Receiver],
    takes: Callable[[Receiver, Alert], bool],
    now: datetime,
) -> Dispatch:
    """Where alerts in trouble go.

    Args:
        standing: Every alert in trouble, with its labels.
        routing: For its inhibit rules and intervals.
        root: Its tree.
        silences: Those that are kept; whether each is in force is looked at here.
        receivers: Who can be told, by name.
        takes: Whether a receiver's own conditions let an alert through.
        now: The time.
    """
    in_force = [one for one in silences if one.starts_at <= now < one.ends_at]
    muting = Muting(in_force, routing.inhibit_rules, [labels for _, labels in standing])
    walk = _Walk(receivers, takes, {one.name: one for one in routing.time_intervals}, now)
    for alert, labels in standing:
        silenced, inhibited = muting.silenced(labels), muting.inhibited(labels)
        walk.found.silenced += silenced
        walk.found.inhibited += inhibited and not silenced
        tell = alert.state is AlertState.OPEN and not silenced and not inhibited
        # Each node is asked, also after one that reaches somebody.
        reached = [walk.reaches(node, alert, labels, tell=tell) for node in root.reached(labels)]
        if not any(reached) and alert.severity.rank >= NOBODY.rank:
            walk.found.unreached.append(alert)
    return walk.found


class _Walk:
    """Puts alerts into the groups of the nodes that they reach."""

    def __init__(
        self,
        receivers: Mapping[str, Receiver],
        takes: Callable[[Receiver, Alert], bool],
        intervals: Mapping[str, TimeInterval],
        now: datetime,
    ) -> None:
        self._receivers, self._takes, self._intervals, self._now = receivers, takes, intervals, now
        self.found = Dispatch()

    def reaches(self, node: Node, alert: Alert, labels: Labels, *, tell: bool) -> bool:
        """Put an alert into its group at a node, and into those of its chain. False: nobody is there."""
        reached = self._put(node, alert, labels, tell=tell)
        for number, step in enumerate(node.escalate):
            due = is_due(step, alert.opened_at, self._intervals, self._now)
            further = replace(
                node, id=f"{node.id}.{number}", receiver=step.receiver, group_wait=timedelta(), escalate=()
            )
            reached = self._put(further, alert, labels, tell=tell and due) or reached
        return reached

    def _put(self, node: Node, alert: Alert, labels: Labels, *, tell: bool) -> bool:
        quiet = is_quiet_time(node, self._intervals, self._now)
        if node.receiver == OWNERS:
            if tell and not quiet:
                self.found.owners.add(alert.id)
            return True
        there = self._receivers.get(node.receiver)
        if there is None or not self._takes(there, alert):
            return False
        by = {name: labels.get(name, "") for name in node.group_by}
        key = f"{node.receiver}.{sha256_of([node.id, by])[:20]}"
        group = self.found.groups.setdefault(key, Group(key, node.receiver, node, by, quiet))
        group.alerts.append(alert)
        if tell:
            group.firing.append(alert)
        return True


def _word(name: str) -> str:
    """A tag's name as a label's: other signs become underscores."""
    return "".join(sign if sign.isascii() and (sign.isalnum() or sign == "_") else "_" for sign in name)[:59]
