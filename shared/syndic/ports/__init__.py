"""What the core asks of a cloud: a few Protocols. `syndic.adapters` implements them, tests/contract holds them to it.

Every method raises `syndic.errors.UnavailableError` when the service behind it does not answer or refuses the call.
"""

from __future__ import annotations

from syndic.ports.archive import Archive, ObjectInfo
from syndic.ports.audit import AuditTrail, Sequencer, SigningKey, WitnessAnswer, WitnessRequests
from syndic.ports.bus import EventBus, QueueDepth, Queues
from syndic.ports.captures import TABLE_LIMIT, CaptureEraser, CaptureReader, CaptureWriter, ListedPart, MapRunner
from syndic.ports.channels import (
    Channels,
    Destination,
    Mail,
    MailService,
    Matter,
    Notification,
    Notifier,
    Number,
    Offer,
    Press,
    Step,
    Topic,
)
from syndic.ports.directory import (
    AccountReader,
    Directory,
    DirectoryAccount,
    DirectoryPage,
    DirectoryUser,
    SignedIn,
)
from syndic.ports.inference import Answers, Asked, Backends, Cell, InferenceLog, WaitingRecords
from syndic.ports.issuers import IssuerKeys
from syndic.ports.secrets import Secrets
from syndic.ports.sources import EndedJob, JobSource, ListedEndpoint, ModelSource
from syndic.ports.storage import StorageInspector, StorageRules
from syndic.ports.store import ABSENT, Key, Listing, Page, Place, Readable, Record, Store, Write

__all__ = [
    "ABSENT",
    "TABLE_LIMIT",
    "AccountReader",
    "Answers",
    "Archive",
    "Asked",
    "AuditTrail",
    "Backends",
    "CaptureEraser",
    "CaptureReader",
    "CaptureWriter",
    "Cell",
    "Channels",
    "Destination",
    "Directory",
    "DirectoryAccount",
    "DirectoryPage",
    "DirectoryUser",
    "EndedJob",
    "EventBus",
    "InferenceLog",
    "IssuerKeys",
    "JobSource",
    "Key",
    "ListedEndpoint",
    "ListedPart",
    "Listing",
    "Mail",
    "MailService",
    "MapRunner",
    "Matter",
    "ModelSource",
    "Notification",
    "Notifier",
    "Number",
    "ObjectInfo",
    "Offer",
    "Page",
    "Place",
    "Press",
    "QueueDepth",
    "Queues",
    "Readable",
    "Record",
    "Secrets",
    "Sequencer",
    "SignedIn",
    "SigningKey",
    "Step",
    "StorageInspector",
    "StorageRules",
    "Store",
    "Topic",
    "WaitingRecords",
    "WitnessAnswer",
    "WitnessRequests",
    "Write",
]
