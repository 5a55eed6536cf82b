"""Trying out, on the past 30 days: routings, receivers and silences on alerts, rules on what is on record of models."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from syndic.alerting.keys import ALL, alert_id
from syndic.alerting.models import Alert, Receiver, SubjectRecord
from syndic.alerting.models.routing import (
    OWNERS,
    ReceiverDryRun,
    Routing,
    RoutingDryRun,
    SilenceDryRun,
    SilenceSettings,
    WouldTell,
)
from syndic.alerting.models.rules import AlertRule, RulePast, RuleTrial
from syndic.alerting.receivers import destination_of, list_receivers
from syndic.alerting.routing.dispatch import Dispatch, dispatch
from syndic.alerting.routing.dry_run import LOOKED_BACK, would_tell
from syndic.alerting.routing.kept import check_silence, compiled, get_routing, list_silences
from syndic.alerting.routing.labels import check_labels
from syndic.alerting.routing.matchers import Labels, all_hold
from syndic.alerting.routing.phases import Phase, phases_of
from syndic.alerting.routing.tree import compile_routing, named_in
from syndic.alerting.rules import judge
from syndic.alerting.rules.replay import Past, kinds_read, reads_alerts, replay
from syndic.alerting.store import read_alert, subjects_of
from syndic.alerting.telling.run import standing_alerts, takes, with_labels
from syndic.alerting.troubles.episodes import derive_episode
from syndic.alerting.troubles.standing import derive
from syndic.alerting.troubles.subjects import take
from syndic.models import Concern, RegisteredModel, Severity
from syndic.ports import Channels, Store
from syndic.records import get_model, iterate, list_models

SHOWN: Final = 100
CONCERNS: Final = tuple(one for one in Concern if one is not Concern.ALERTING)
"""Whose alerts a rule can read: those that rules raise are not among them."""


def try_routing(routing: Routing | None, *, store: Store, now: datetime) -> RoutingDryRun:
    """What a routing, or the one in force, would have told in the past 30 days. Nothing is sent or written.

    Raises `InvalidInputError` that names the field of a routing that is wrong.
    """
    wanted = routing or get_routing(store).routing
    root = compiled(store, wanted)
    if routing is not None:
        check_labels(routing)
    receivers = {one.name: one for one in list_receivers(store)}
    return would_tell(_recent(store, now), routing=wanted, root=root, receivers=receivers, takes=takes, now=now)


def try_receiver(receiver: Receiver, *, channels: Channels, store: Store, now: datetime) -> ReceiverDryRun:
    """What a receiver would have been told in the past 30 days, were it set so. Nothing is sent or written.

    Raises `InvalidInputError` that names the field of a receiver that is wrong.
    """
    channels.check(destination_of(receiver))
    kept = get_routing(store, also=receiver.name)
    root = compile_routing(kept.routing, None)
    receivers = {one.name: one for one in list_receivers(store)} | {receiver.name: receiver}
    found = would_tell(_recent(store, now), routing=kept.routing, root=root, receivers=receivers, takes=takes, now=now)
    told = next((one for one in found.receivers if one.receiver == receiver.name), None)
    return ReceiverDryRun(
        since=found.since,
        until=found.until,
        messages=told.messages if told else 0,
        alerts=told.alerts if told else 0,
        named=receiver.name in named_in(kept.routing.route),
    )


def try_silence(settings: SilenceSettings, *, store: Store, now: datetime) -> SilenceDryRun:
    """What a silence with these matchers would have kept quiet in the past 30 days. Nothing is written.

    Raises `InvalidInputError` that names the field of a silence that is wrong.
    """
    matchers = check_silence(settings, now)
    routing = get_routing(store).routing
    root = compile_routing(routing, None)
    receivers = {one.name: one for one in list_receivers(store)}
    every = _recent(store, now)
    left = [one for one in every if not all_hold(matchers, one[1])]
    whole, rest = (
        would_tell(some, routing=routing, root=root, receivers=receivers, takes=takes, now=now)
        for some in (every, left)
    )
    still = {one.receiver: one for one in rest.receivers}
    spared = []
    for one in whole.receivers:
        other = still.get(one.receiver)
        messages = one.messages - (other.messages if other else 0)
        alerts = one.alerts - (other.alerts if other else 0)
        if messages > 0 or alerts > 0:
            spared.append(WouldTell(receiver=one.receiver, messages=max(0, messages), alerts=max(0, alerts)))
    standing = with_labels(store, list(standing_alerts(store, now)))
    return SilenceDryRun(
        since=whole.since,
        until=whole.until,
        alerts=whole.alerts - rest.alerts,
        receivers=tuple(spared),
        standing=tuple(alert.id for alert, labels in standing if all_hold(matchers, labels))[:SHOWN],
    )


PastReader = Callable[[RegisteredModel, frozenset[str] | None, datetime], Past | None]
"""Reads what is on record of a model's evidence since a moment, of some kinds or all; None: it has read enough."""
PastReaders = Callable[[int], PastReader]
"""Makes the reader for so many models: they share what may be read."""


def try_rule(rule: AlertRule, *, past: PastReaders | None, store: Store, now: datetime) -> RuleTrial:
    """For which models a rule holds now, and what it would have said in the past 30 days. Nothing is sent or written.

    Args:
        rule: What is tried.
        past: Reads evidence of the past, given the number of models; None: nobody looks back.
        store: Records.
        now: The time.

    Raises `InvalidInputError` that names the field.
    """
    found = judge.try_rule(rule, store=store, now=now)
    routing = get_routing(store).routing
    there = {one.name: one for one in list_receivers(store)}
    told: tuple[WouldTell, ...] = ()
    if found.holds:
        raised = [_raised(rule, get_model(store, identity), now) for identity in found.holds]
        went = dispatch(
            with_labels(store, raised), routing=routing, root=compile_routing(routing, None),
            silences=list_silences(store, now), receivers=there, takes=takes, now=now,
        )  # fmt: skip
        told = _tells_now(raised, went)
    looked_back = _look_back(rule, past(found.models), routing, there, store, now) if past is not None else None
    return found.model_copy(update={"tells": told, "past": looked_back})


def _tells_now(raised: list[Alert], went: Dispatch) -> tuple[WouldTell, ...]:
    owners = {one.owner for one in raised if one.id in went.owners}
    tells = [WouldTell(receiver=OWNERS, messages=len(owners), alerts=len(went.owners))] if owners else []
    for name in sorted({one.receiver for one in went.groups.values()}):
        groups = [one for one in went.groups.values() if one.receiver == name and one.firing]
        if groups:
            count = sum(len(one.firing) for one in groups)
            tells.append(WouldTell(receiver=name, messages=len(groups), alerts=count))
    return tuple(tells)


def _look_back(  # noqa: PLR0917 - what a routing is tried with
    rule: AlertRule, past: PastReader, routing: Routing, receivers: dict[str, Receiver], store: Store, now: datetime
) -> RulePast:  # fmt: skip
    since = now - LOOKED_BACK
    raised: list[tuple[Alert, list[Phase]]] = []
    shortened, unjudged, unread, times = {}, {}, 0, 0
    kinds, with_alerts = kinds_read(rule), reads_alerts(rule)
    for model in list_models(store):
        if not judge.is_about(rule, model):
            continue
        known = past(model, kinds, since)
        if known is None:
            unread += 1
            continue
        seen: dict[Concern, list[SubjectRecord]] = (
            {one: subjects_of(model.id, one, store) for one in CONCERNS} if with_alerts else {}
        )
        found = replay(rule, model, known, seen, since=since, now=now)
        if found.unjudged is not None:
            unjudged[model.id] = found.unjudged
        if found.judged_since is not None and found.judged_since > since:
            shortened[model.id] = found.judged_since
        if found.phases:
            raised.append((_raised(rule, model, now), found.phases))
            times += sum(one.severity is not Severity.NONE for one in found.phases)
    labelled = with_labels(store, [alert for alert, _ in raised])
    played = [(alert, labels, phases) for (alert, labels), (_, phases) in zip(labelled, raised, strict=True)]
    tells = would_tell(
        played, routing=routing, root=compile_routing(routing, None), receivers=receivers, takes=takes, now=now
    )
    return RulePast(
        since=since,
        until=now,
        raised=times,
        models=tuple(alert.model_id for alert, _ in raised)[:SHOWN],
        tells=tells.receivers,
        shortened=dict(list(shortened.items())[:SHOWN]),
        unjudged=dict(list(unjudged.items())[:SHOWN]),
        unread=unread,
    )


def _raised(rule: AlertRule, model: RegisteredModel, now: datetime) -> Alert:
    """The alert that a rule raises at a model."""
    finding = judge.finding_now(rule, model, now)
    record = derive_episode(alert_id(model.id, finding.concern), [take(None, finding)])
    assert record is not None  # noqa: S101 - a finding with a severity is an episode
    return derive(record.model_copy(update={"opened_at": now}), now)


def _recent(store: Store, now: datetime) -> list[tuple[Alert, Labels, list[Phase]]]:
    found = [derive(read_alert(record), now) for record in iterate(store, ALL)]
    recent = []
    for alert, labels in with_labels(store, found):
        phases = phases_of(subjects_of(alert.model_id, alert.concern, store))
        if phases and phases[-1].since >= now - LOOKED_BACK:
            recent.append((alert, labels, phases))
    return recent
