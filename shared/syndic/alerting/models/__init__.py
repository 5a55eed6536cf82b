"""Nouns of alerting."""

from syndic.alerting.models.alert import (
    Action,
    ActionName,
    Alert,
    AlertChange,
    AlertPage,
    AlertRecord,
    AlertState,
    Assignment,
    ChangedAlert,
    Member,
    Notice,
    Snooze,
    Standing,
)
from syndic.alerting.models.receiving import Receiver, ReceiverRecord, ReceiverSettings, ReceiverTest
from syndic.alerting.models.seen import SeverityChange, Sighting, SubjectRecord
from syndic.alerting.models.telling import Delivery, DeliveryReport, DigestReport, Said, Slot, SlotState, Told

__all__ = [
    "Action",
    "ActionName",
    "Alert",
    "AlertChange",
    "AlertPage",
    "AlertRecord",
    "AlertState",
    "Assignment",
    "ChangedAlert",
    "Delivery",
    "DeliveryReport",
    "DigestReport",
    "Member",
    "Notice",
    "Receiver",
    "ReceiverRecord",
    "ReceiverSettings",
    "ReceiverTest",
    "Said",
    "SeverityChange",
    "Sighting",
    "Slot",
    "SlotState",
    "Snooze",
    "Standing",
    "SubjectRecord",
    "Told",
]
