"""Where alerting keeps its records."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from syndic.alerting.models import AlertRecord, AlertState
from syndic.alerting.troubles.standing import is_pending, state_of
from syndic.models import Concern, Finding, Severity
from syndic.ports import Key, Listing

SUBJECTS: Final = "alerts"
EPISODES: Final = "episodes"
ALL: Final = "episodes.all"
PENDING: Final = "episodes.pending"
OLD: Final = "alerts.all"
"""Where an earlier release listed subjects, each of which was an alert of its own."""

DIGESTS: Final = "digests"
RECEIVERS: Final = "receivers"
TRIALS: Final = "receivers.tried"
DELIVERIES: Final = "deliveries"
DELIVERIES_OPEN: Final = "deliveries.open"
"""Partition in which the groups are listed that a receiver was told of, or waits to be."""

CHAT_PEOPLE: Final = "chat.people"
CHAT_OPEN: Final = "chat.messages.open"
"""Partition in which messages are listed that still follow their alerts, the oldest first."""

ROUTING: Final = "routing"
RULES: Final = "rules"
SILENCES: Final = "silences.ending"
"""Partition in which silences are listed by their end."""

HELD: Final = "digests.held"
"""Partition in which the slots are listed that a run holds, or held when it died."""


def alert_id(model_id: str, concern: Concern) -> str:
    """The id of the alert of a model and concern: readable, the same on every run and in every episode."""
    return f"{model_id}.{concern.value}"


def subject_id(finding: Finding) -> str:
    """The id of what is known of a finding's subject."""
    key = finding.subject_key.encode("utf-8", "surrogatepass")
    return f"{finding.model_id}.{hashlib.sha256(key).hexdigest()[:16]}"


def subject_key(identity: str) -> Key:
    """Key of what is known of a subject."""
    return Key(SUBJECTS, identity)


def subjects_partition(identity: str) -> str:
    """Where the subjects of an alert are listed."""
    return f"alerts.of.{identity}"


def old_partition(model_id: str) -> str:
    """Where an earlier release listed a model's subjects."""
    return f"alerts.model.{model_id}"


def alert_key(identity: str) -> Key:
    """Key of an alert."""
    return Key(EPISODES, identity)


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
    return f"episodes.state.{state.value}"


def model_partition(model_id: str) -> str:
    """Where a model's alerts are listed, in the same order."""
    return f"episodes.model.{model_id}"


def listings(record: AlertRecord, now: datetime) -> tuple[Listing, ...]:
    """Where an alert is found."""
    state = state_of(record, now)
    severity = record.severity if state is not AlertState.RESOLVED else Severity.NONE
    # Keys sort upwards; worst and newest come first when both are counted down.
    newest = 10**12 - int(record.last_seen.timestamp())
    place = f"{9 - severity.rank}.{newest:013d}.{hashlib.sha256(record.id.encode()).hexdigest()[:16]}"
    lead = record.lead
    found = [Listing(one, place) for one in (ALL, state_partition(state), model_partition(lead.model_id))]
    if is_pending(record, now):
        found.append(Listing(PENDING, f"{recipient_word(lead.owner)}.{place}"))
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


def chat_person_key(member: str) -> Key:
    """Key of who a member of a chat is."""
    return Key(CHAT_PEOPLE, member)


def chat_message_key(receiver: str, message: str) -> Key:
    """Key of a message that can be changed. It lies beside what was told, to be written together with that."""
    return Key(DELIVERIES, f"message.{hashlib.sha256(f'{receiver} {message}'.encode()).hexdigest()[:32]}")


def chat_message_listing(key: Key, sent_at: datetime) -> Listing:
    """Where a message is listed while it follows its alerts."""
    return Listing(CHAT_OPEN, f"{sent_at:%Y%m%dT%H%M%S}.{key.sort}")


def press_key(request: str) -> Key:
    """Key of a request that a chat's service sent and that was carried out."""
    return Key("chat.presses", request)


def routing_key() -> Key:
    """Key of the routing in force."""
    return Key(ROUTING, "present")


def routing_version_key(version: int) -> Key:
    """Key of a version of the routing."""
    return Key(ROUTING, f"v{version:06d}")


def silence_key(identity: str) -> Key:
    """Key of a silence."""
    return Key("silences", identity)


def rule_key(name: str) -> Key:
    """Key of a rule."""
    return Key(RULES, name)


def looks_key(name: str, model_id: str) -> Key:
    """Key of what the newest looks of a rule at a model gave."""
    return Key(f"rules.looks.{name}", model_id)


def rules_run_key() -> Key:
    """Key of when rules were judged last, and which."""
    return Key("rules.run", "present")


def self_watch_key() -> Key:
    """Key of what the platform has raised of itself."""
    return Key("self.watch", "present")
