"""Writes what an earlier release left in the form of this one, and tells what it left untold inside its records.

Every reader upgrades what it reads, so nothing waits for this; it ends the need to. The daily schedule of both clouds
calls it. A kind of record joins by a line in `KINDS`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from syndic.alerting import store as alerts
from syndic.alerting.keys import OLD as OLD_ALERTS
from syndic.changes import Change, commit
from syndic.compliance.evaluation import statuses
from syndic.compliance.keys import STATUSES
from syndic.errors import StaleWriteError
from syndic.ports import ABSENT, Record, Write
from syndic.record_versions import Schema
from syndic.records import iterate
from syndic.registers.across import LISTED, is_unlisted, relisted
from syndic.registers.keys import listing_partition
from syndic.registers.table import REGISTERS
from syndic.registry.deployments import store as deployments
from syndic.registry.keys import DEPLOYMENTS
from syndic.tasks.clouds import Clouds

log = logging.getLogger(__name__)

MOST: Final = 500
"""Records written in one run, so that a run ends in time."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of record: its versions, where all of them are listed, and how one is written now.

    `is_old`: whether one is not as it is written now, where its body does not say so.
    """

    schema: Schema
    listed_in: tuple[str, ...]
    rewritten: Callable[[Record], Record]
    is_old: Callable[[Record], bool]
    before: Callable[[Record, Clouds], None] | None = None  # what has to be there first


def _adopt(record: Record, clouds: Clouds) -> None:
    """The alert that a subject belongs to: an earlier release had one for each subject."""
    finding = alerts.read_subject(record).latest
    about = finding.model_id, finding.concern
    alerts.refresh(*about, store=clouds.store, audit=clouds.audit, now=clouds.now(), told=True)


ALERTS: Final = Kind(
    alerts.SCHEMA,
    (OLD_ALERTS,),
    lambda one: alerts.subject_record(alerts.read_subject(one)),
    alerts.SCHEMA.is_old,
    _adopt,
)
ENTRIES: Final = Kind(LISTED, tuple(listing_partition(one.name) for one in REGISTERS), relisted, is_unlisted)

SOON: Final = (ALERTS, ENTRIES)
"""What the schedule of digests upgrades, every 15 minutes: alerts of an earlier release are not seen before that."""

KINDS: Final = (
    *SOON,
    Kind(
        deployments.SCHEMA,
        (DEPLOYMENTS,),
        lambda one: deployments.deployment_record(deployments.kept(one).deployment),
        deployments.SCHEMA.is_old,
    ),
    Kind(
        statuses.SCHEMA,
        (STATUSES,),
        lambda one: statuses.status_record(statuses.read_status(one)),
        statuses.SCHEMA.is_old,
    ),
)


def upgrade_records(clouds: Clouds, kinds: Sequence[Kind] = KINDS, *, most: int = MOST) -> int:
    """Upgrade at most `most` records; returns how many. A kind that is done is not looked through again."""
    written = 0
    marks = clouds.store.get_many([kind.schema.mark for kind in kinds])
    for kind in kinds:
        if kind.schema.is_done(marks):
            continue
        for record in (one for partition in kind.listed_in for one in iterate(clouds.store, partition)):
            if written >= most:
                return written
            if kind.is_old(record):
                written += _upgrade(kind, record, clouds)
        mark = marks.get(kind.schema.mark)
        done = Record(kind.schema.mark, {"version": kind.schema.version})
        clouds.store.put(done, expect=mark.etag if mark else ABSENT)
        log.info("records are in the form of this release", extra={"kind": kind.schema.kind})
    if written:
        clouds.count("RecordsUpgraded", written)
    return written


def _upgrade(kind: Kind, record: Record, clouds: Clouds) -> bool:
    if kind.before is not None:
        kind.before(record, clouds)
    left = kind.schema.read(record).untold
    change = Change((Write(kind.rewritten(record), record.etag),), clouds.now(), untold=left)
    try:
        commit(change, store=clouds.store, audit=clouds.audit, bus=clouds.bus)
    except StaleWriteError:  # somebody changed it meanwhile, which wrote the new form
        return False
    return True
