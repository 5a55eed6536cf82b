"""Trying a routing out on the alerts of the past 30 days."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from syndic.alerting.keys import ALL
from syndic.alerting.models import SubjectRecord
from syndic.alerting.models.routing import Routing, RoutingDryRun
from syndic.alerting.receivers import list_receivers
from syndic.alerting.routing.dry_run import LOOKED_BACK, Phase, would_tell
from syndic.alerting.routing.kept import compiled, get_routing
from syndic.alerting.standing import derive
from syndic.alerting.store import read_alert, subjects_of
from syndic.alerting.telling import takes, with_labels
from syndic.models import Severity
from syndic.ports import Store
from syndic.records import iterate


def try_routing(routing: Routing | None, *, store: Store, now: datetime) -> RoutingDryRun:
    """What a routing, or the one in force, would have told in the past 30 days. Nothing is sent or written.

    Raises `InvalidInputError` that names the field of a routing that is wrong.
    """
    wanted = routing or get_routing(store).routing
    root = compiled(store, wanted)
    found = [derive(read_alert(record), now) for record in iterate(store, ALL)]
    recent = []
    for alert, labels in with_labels(store, found):
        phases = phases_of(subjects_of(alert.model_id, alert.concern, store))
        if phases and phases[-1].since >= now - LOOKED_BACK:
            recent.append((alert, labels, phases))
    receivers = {one.name: one for one in list_receivers(store)}
    return would_tell(recent, routing=wanted, root=root, receivers=receivers, takes=takes, now=now)


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
