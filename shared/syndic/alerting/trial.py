"""Trying out: routings, receivers and silences on the alerts of the past 30 days, rules on what is on record now."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from syndic.alerting.episodes import derive_episode
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
from syndic.alerting.models.rules import AlertRule, RuleTrial
from syndic.alerting.receivers import destination_of, list_receivers
from syndic.alerting.routing.dispatch import dispatch
from syndic.alerting.routing.dry_run import LOOKED_BACK, Phase, would_tell
from syndic.alerting.routing.kept import check_silence, compiled, get_routing, list_silences
from syndic.alerting.routing.matchers import Labels, all_hold
from syndic.alerting.routing.tree import compile_routing, named_in
from syndic.alerting.rules import judge
from syndic.alerting.standing import derive
from syndic.alerting.store import read_alert, subjects_of
from syndic.alerting.subjects import take
from syndic.alerting.telling import standing_alerts, takes, with_labels
from syndic.models import Severity
from syndic.ports import Channels, Store
from syndic.records import get_model, iterate

SHOWN: Final = 100


def try_routing(routing: Routing | None, *, store: Store, now: datetime) -> RoutingDryRun:
    """What a routing, or the one in force, would have told in the past 30 days. Nothing is sent or written.

    Raises `InvalidInputError` that names the field of a routing that is wrong.
    """
    wanted = routing or get_routing(store).routing
    root = compiled(store, wanted)
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


def try_rule(rule: AlertRule, *, store: Store, now: datetime) -> RuleTrial:
    """For which models a rule holds now, and who would be told of them. Nothing is sent or written.

    Raises `InvalidInputError` that names the field.
    """
    found = judge.try_rule(rule, store=store, now=now)
    raised = []
    for identity in found.holds:
        finding = judge.finding_now(rule, get_model(store, identity), now)
        record = derive_episode(alert_id(identity, finding.concern), [take(None, finding)])
        if record is not None:
            raised.append(derive(record.model_copy(update={"opened_at": now}), now))
    if not raised:
        return found
    routing = get_routing(store).routing
    there = {one.name: one for one in list_receivers(store)}
    went = dispatch(
        with_labels(store, raised), routing=routing, root=compile_routing(routing, None),
        silences=list_silences(store, now), receivers=there, takes=takes, now=now,
    )  # fmt: skip
    owners = {one.owner for one in raised if one.id in went.owners}
    tells = [WouldTell(receiver=OWNERS, messages=len(owners), alerts=len(went.owners))] if owners else []
    for name in sorted({one.receiver for one in went.groups.values()}):
        groups = [one for one in went.groups.values() if one.receiver == name and one.firing]
        if groups:
            count = sum(len(one.firing) for one in groups)
            tells.append(WouldTell(receiver=name, messages=len(groups), alerts=count))
    return found.model_copy(update={"tells": tuple(tells)})


def _recent(store: Store, now: datetime) -> list[tuple[Alert, Labels, list[Phase]]]:
    found = [derive(read_alert(record), now) for record in iterate(store, ALL)]
    recent = []
    for alert, labels in with_labels(store, found):
        phases = phases_of(subjects_of(alert.model_id, alert.concern, store))
        if phases and phases[-1].since >= now - LOOKED_BACK:
            recent.append((alert, labels, phases))
    return recent


def phases_of(subjects: Iterable[SubjectRecord]) -> list[Phase]:
    """How bad an alert was from when on, by the times at which its findings were found."""
    arrivals = sorted(
        (one.found_at, number, one.place, one.severity)
        for number, subject in enumerate(subjects)
        for one in subject.sightings
    )
    newest: dict[int, tuple[tuple[str, str, str], Severity]] = {}
    phases: list[Phase] = []
    for at, number, place, severity in arrivals:
        if number not in newest or place > newest[number][0]:
            newest[number] = (place, severity)
        worst = max((one for _, one in newest.values()), key=lambda one: one.rank)
        if phases and phases[-1].since == at:
            phases.pop()
        if worst is not (phases[-1].severity if phases else Severity.NONE):
            phases.append(Phase(at, worst))
    return phases
