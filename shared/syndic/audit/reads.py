"""Who looked at what: the access log, a second and cheaper stream beside the trail.

A read is one record without a chain, in a partition of its own, and goes when its time is over. It names the path that
was read and never holds what was shown.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from pydantic import Field

from syndic.audit.keys import READS, moment
from syndic.models import Moment, Noun, to_json
from syndic.ports import ABSENT, Key, Record, Store


class SensitiveRead(Noun):
    """One answer that showed somebody something sensitive."""

    at: Moment
    actor: str
    role: str = Field(description="roles that the actor had then, joined by commas")
    method: str
    route: str = Field(description="as the access table has it: /audit-logs/<index>/proof")
    path: str = Field(description="what was asked for, without its query")
    query: dict[str, str] = Field(default_factory=dict, description="filters of the request; its body is not kept")
    request: str = Field(description="id of the request, as logs and audit entries have it")


class ReadPage(Noun):
    """Some reads and the token for the next ones."""

    reads: tuple[SensitiveRead, ...]
    next_token: str | None = None


@dataclass(frozen=True, slots=True)
class WantedReads:
    """Which reads are looked for; what is None does not matter. `end` is the time before which it was."""

    actor: str | None = None
    path: str | None = None
    begin: datetime | None = None
    end: datetime | None = None

    def fits(self, read: SensitiveRead) -> bool:
        """Whether a read is one of them; `path` takes what lies below it too."""
        below = self.path is None or read.path == self.path or read.path.startswith(f"{self.path.rstrip('/')}/")
        return below and (self.actor is None or read.actor == self.actor)


def keep_read(store: Store, read: SensitiveRead, *, kept_for: timedelta) -> None:
    """Keep a read: one write that meets no other. Raises what the store raises."""
    key = Key(READS, f"{moment(read.at)}.{secrets.token_hex(8)}")
    store.put(Record(key, to_json(read), expires=read.at + kept_for), expect=ABSENT)


def list_reads(
    store: Store,
    wanted: WantedReads,
    *,
    kept_for: timedelta,
    now: datetime,
    limit: int = 50,
    token: str | None = None,
) -> ReadPage:
    """Reads that fit, newest first. A page may have fewer than `limit`, or none, and yet not be the last one.

    What is older than the retention is not shown, also where the store did not remove it yet.
    """
    oldest = now - kept_for
    begin = oldest if wanted.begin is None else max(oldest, wanted.begin)
    page = store.query(
        READS,
        start=moment(begin),
        end=None if wanted.end is None else moment(max(begin, wanted.end)),
        descending=True,
        limit=limit,
        token=token,
    )
    reads = (SensitiveRead.model_validate(record.body) for record in page.records)
    return ReadPage(reads=tuple(one for one in reads if wanted.fits(one)), next_token=page.next_token)
