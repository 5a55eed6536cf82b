"""Records have versions: what an earlier release wrote is read as what this one would have written.

A kind of record whose form changed has a `Schema`: for each earlier version one function that makes the body of the
next one. The version stands in the body as ``schema``; a body without it has version 1, so kinds that never changed say
nothing. Reading upgrades in memory; the next change of the record writes the new form, and
`syndic.tasks.schedule.upgrading` writes it for the records that nobody changes.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from syndic.changes import NumberedEntry, Telling
from syndic.errors import InvalidInputError
from syndic.models import AuditEntry, to_json
from syndic.ports import Key, Readable, Record

FIELD: Final = "schema"
"""Field of a body that holds its version."""


@dataclass(frozen=True, slots=True)
class Upgraded:
    """A body of the present version, and what an earlier release left untold of it inside the record."""

    body: dict[str, Any]
    untold: Telling = field(default_factory=Telling)


Upgrade = Callable[[dict[str, Any]], Upgraded]
"""Makes the next version's body of one version's. Pure; it may change the body it is given."""


@dataclass(frozen=True, slots=True)
class Schema:
    """The versions of one kind of record, the oldest upgrade first."""

    kind: str
    upgrades: Sequence[Upgrade] = ()

    @property
    def version(self) -> int:
        """The version that is written."""
        return len(self.upgrades) + 1

    @property
    def mark(self) -> Key:
        """Key of the record that says in which version all records of the kind are."""
        return Key("upgrades", self.kind)

    def is_done(self, read: Readable) -> bool:
        """Whether no record of an earlier release is left, as what was read at `mark` says."""
        mark = read.get(self.mark)
        return mark is not None and mark.body["version"] == self.version

    def is_old(self, record: Record) -> bool:
        """Whether a record was written by an earlier release."""
        return _version_of(record.body) < self.version

    def read(self, record: Record) -> Upgraded:
        """A record's body in the present version. Raises `InvalidInputError` when a later release wrote it."""
        version = _version_of(record.body)
        if version > self.version:
            where = f"record {record.key.partition} {record.key.sort}"
            raise InvalidInputError(
                f"has version {version} of {self.kind}; this release reads up to {self.version}", where=where
            )
        body = {name: value for name, value in record.body.items() if name != FIELD}
        untold = Telling()
        for upgrade in self.upgrades[version - 1 :]:
            step = upgrade(body)
            body, untold = step.body, untold.joined(step.untold)
        return Upgraded(body, untold)

    def write(self, body: Mapping[str, Any]) -> dict[str, Any]:
        """A body of the present version as it is stored."""
        return {**body, FIELD: self.version} if self.upgrades else dict(body)


def numbered(entries: Sequence[AuditEntry]) -> tuple[NumberedEntry, ...]:
    """Entries that an earlier release left without ids, with ids that are the same whoever reads them."""
    return tuple(
        NumberedEntry(id=f"v1.{_digest([number, to_json(entry)])}", entry=entry) for number, entry in enumerate(entries)
    )


def _digest(value: Any) -> str:
    """A hash of anything that was stored, half a surrogate pair included: reading a record must not fail for it."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:40]


def _version_of(body: Mapping[str, Any]) -> int:
    version = body.get(FIELD, 1)
    return version if isinstance(version, int) else 1
