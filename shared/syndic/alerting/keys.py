"""Where alerting keeps its records."""

from __future__ import annotations

import hashlib
from typing import Final

from syndic.alerting.models import Alert, AlertState
from syndic.models import Severity
from syndic.ports import Key, Listing

ALERTS: Final = "alerts"
ALL: Final = "alerts.all"
PENDING: Final = "alerts.pending"
DIGESTS: Final = "digests"
RECEIVERS: Final = "receivers"
TRIALS: Final = "receivers.tried"
DELIVERIES: Final = "deliveries"
HELD: Final = "digests.held"
"""Partition in which the slots are listed that a run holds, or held when it died."""


def alert_id(model_id: str, subject_key: str) -> str:
    """The id of the alert on a subject: readable by model, the same on every run."""
    return f"{model_id}.{hashlib.sha256(subject_key.encode('utf-8', 'surrogatepass')).hexdigest()[:16]}"


def alert_key(identity: str) -> Key:
    """Key of an alert."""
    return Key(ALERTS, identity)


def recipient_word(recipient: str | None) -> str:
    """A recipient in keys and in the audit trail: addresses are personal data and may hold anything."""
    if recipient is None:
        return "nobody"
    return hashlib.sha256(recipient.strip().lower().encode("utf-8", "surrogatepass")).hexdigest()[:20]


def slot_key(word: str) -> Key:
    """Key of a recipient's slot, by their `recipient_word`: whoever holds it is the only one who sends to them."""
    return Key(DIGESTS, word)


def state_partition(state: AlertState) -> str:
    """Where alerts of a state are listed, worst and newest first."""
    return f"alerts.state.{state.value}"


def model_partition(model_id: str) -> str:
    """Where a model's alerts are listed, in the same order."""
    return f"alerts.model.{model_id}"


def listings(alert: Alert, *, pending: bool) -> tuple[Listing, ...]:
    """Where an alert is found."""
    severity = alert.severity if alert.state is not AlertState.RESOLVED else Severity.NONE
    # Keys sort upwards; worst and newest come first when both are counted down.
    newest = 10**12 - int(alert.last_seen.timestamp())
    place = f"{9 - severity.rank}.{newest:013d}.{alert.id[-16:]}"
    found = [
        Listing(partition, place) for partition in (ALL, state_partition(alert.state), model_partition(alert.model_id))
    ]
    if pending:
        found.append(Listing(PENDING, f"{recipient_word(alert.owner)}.{place}"))
    return tuple(found)


def receiver_key(name: str) -> Key:
    """Key of a receiver."""
    return Key(RECEIVERS, name)


def trial_key(name: str) -> Key:
    """Key of when a receiver was tried out last."""
    return Key(TRIALS, name)


def delivery_key(name: str) -> Key:
    """Key of what a receiver was told."""
    return Key(DELIVERIES, name)
