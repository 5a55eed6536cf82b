"""One run of telling: what is in trouble goes down the tree of routes, to owners and to receivers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from syndic.alerting.chat.messages import update_all
from syndic.alerting.keys import recipient_word, state_partition
from syndic.alerting.models import Alert, AlertState, DeliveryReport, DigestReport, Receiver
from syndic.alerting.receivers import list_receivers
from syndic.alerting.routing.dispatch import Dispatch, dispatch, labels_of
from syndic.alerting.routing.kept import get_routing, list_silences
from syndic.alerting.routing.matchers import Labels
from syndic.alerting.routing.tree import Node, compile_routing
from syndic.alerting.store import read_alert
from syndic.alerting.telling.deliveries import Post
from syndic.alerting.telling.digests import send_digests
from syndic.alerting.troubles.standing import derive
from syndic.models import RegisteredModel
from syndic.ports import AuditTrail, Channels, Notifier, Store
from syndic.records import iterate, model_key

STANDING = (AlertState.OPEN, AlertState.ACKNOWLEDGED, AlertState.SNOOZED)
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class Told:
    """What a run did: for receivers, for owners, and what it kept quiet. None: there is no such way."""

    receivers: DeliveryReport
    owners: DigestReport | None
    unreached: tuple[Alert, ...]
    silenced: int
    inhibited: int


def tell_everybody(
    *,
    store: Store,
    channels: Channels | None,
    notifier: Notifier | None,
    audit: AuditTrail,
    dashboard_url: str | None,
    fallback: str | None,
    now: datetime,
    only: Callable[[Alert], bool] | None = None,
) -> Told:
    """Tell receivers and owners what the routing lets them be told now.

    Args:
        store: Alerts, receivers, routing, silences, and what was told.
        channels: Reaches receivers; None where there are none.
        notifier: Mails owners; None where no sender is configured.
        audit: Is told of each message.
        dashboard_url: For links; None leaves them out.
        fallback: The address for alerts of models without an owner whom mail can reach.
        now: The time of the run.
        only: Of which alerts receivers are told from here; None: of all.
    """
    receivers = {one.name: one for one in list_receivers(store)}
    found, root = route_now(store, receivers, now, only)
    post = None
    if channels is not None:
        post = Post(receivers, store=store, channels=channels, audit=audit, dashboard_url=dashboard_url, now=now)
    delivered = post.send(found.groups) if post is not None else DeliveryReport()
    if channels is not None:
        update_all(receivers=receivers, store=store, channels=channels, now=now)
    mailed = None
    if notifier is not None:
        mailed = send_digests(
            store=store, notifier=notifier, audit=audit, dashboard_url=dashboard_url, now=now, fallback=fallback,
            ready=found.owners.__contains__, interval=root.group_interval,
        )  # fmt: skip
    return Told(delivered, mailed, tuple(found.unreached), found.silenced, found.inhibited)


def route_now(
    store: Store, receivers: dict[str, Receiver], now: datetime, only: Callable[[Alert], bool] | None = None
) -> tuple[Dispatch, Node]:
    """Where every alert in trouble, or only some of them, goes now, by the routing in force."""
    kept = get_routing(store, receivers=receivers).routing
    root = compile_routing(kept, None)  # a receiver that was removed since is one that nobody reaches
    found = dispatch(
        with_labels(store, [one for one in standing_alerts(store, now) if only is None or only(one)]),
        routing=kept,
        root=root,
        silences=list_silences(store, now),
        receivers=receivers,
        takes=takes,
        now=now,
    )
    return found, root


def standing_alerts(store: Store, now: datetime) -> Iterator[Alert]:
    """Every alert in trouble, acknowledged and snoozed ones included."""
    for state in STANDING:
        for record in iterate(store, state_partition(state)):
            alert = derive(read_alert(record), now)
            if alert.state is not AlertState.RESOLVED:
                yield alert


def with_labels(store: Store, alerts: Sequence[Alert]) -> list[tuple[Alert, Labels]]:
    """Alerts with their labels, those of their models' tags, cloud and domain included."""
    models: dict[str, RegisteredModel] = {}
    wanted = sorted({one.model_id for one in alerts})
    for at in range(0, len(wanted), AT_ONCE):
        keys = [model_key(one) for one in wanted[at : at + AT_ONCE]]
        for key, record in store.get_many(keys).items():
            models[key.sort] = RegisteredModel.model_validate(record.body)
    return [(one, labels_of(one, models.get(one.model_id))) for one in alerts]


def takes(receiver: Receiver, alert: Alert) -> bool:
    """Whether a receiver's own conditions let an alert through: its least severity, its owners."""
    if alert.severity.rank < receiver.severity.rank:
        return False
    return not receiver.owners or recipient_word(alert.owner) in {recipient_word(one) for one in receiver.owners}
