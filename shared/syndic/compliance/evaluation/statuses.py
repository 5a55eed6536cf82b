"""The stored status of a framework for a model: how it is read, written and ended, with what is not told of it yet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from syndic.assessment import FrameworkStatus
from syndic.changes import Telling
from syndic.compliance.evaluation.findings import entry_of
from syndic.compliance.keys import STATUSES
from syndic.models import Event, Finding, FindingsChanged, to_json
from syndic.ports import Listing, Record
from syndic.record_versions import Schema, Upgraded, numbered
from syndic.records import ENDED, status_key


@dataclass(frozen=True, slots=True)
class Stored:
    """A status as it lies in the store. One that has ended is kept for its etag, and shown to nobody."""

    status: FrameworkStatus
    etag: str
    untold: Telling
    ended: bool = False


def _from_version_1(body: dict[str, Any]) -> Upgraded:
    """Before, what had changed and was not told yet lay in the record as its news."""
    status, news = FrameworkStatus.model_validate(body["status"]), body.pop("news", ())
    if not news:
        return Upgraded(body)
    changes = {key: value for piece in news for key, value in piece["changes"].items()}
    findings = tuple(Finding.model_validate(one) for piece in news for one in piece["findings"])
    events: tuple[Event, ...] = (FindingsChanged(findings=findings),) if findings else ()
    return Upgraded(body, Telling(entries=numbered([entry_of(status, changes)]), events=events))


SCHEMA: Final = Schema("status", (_from_version_1,))


def stored(record: Record) -> Stored:
    """What a record holds, as this release has it."""
    read = SCHEMA.read(record)
    status = FrameworkStatus.model_validate(read.body["status"])
    return Stored(status, record.etag, read.untold, ended=bool(read.body.get(ENDED)))


def read_status(record: Record) -> FrameworkStatus:
    """A stored status as this release has it."""
    return stored(record).status


def status_record(status: FrameworkStatus) -> Record:
    """A status as it is stored, listed among those of all models."""
    listing = Listing(STATUSES, f"{status.framework_id}.{status.model_id}")
    body = SCHEMA.write({"status": to_json(status)})
    return Record(status_key(status.model_id, status.framework_id), body, listings=(listing,))


def ended_record(status: FrameworkStatus) -> Record:
    """What is left of a status whose framework judges nobody any more: in no listing, and read by no query."""
    return Record(
        status_key(status.model_id, status.framework_id), SCHEMA.write({"status": to_json(status), ENDED: True})
    )
