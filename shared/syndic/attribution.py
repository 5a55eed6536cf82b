"""Who asked for a change, in what role and by which request: added to its audit entries where they are committed.

The API's edge hands its use cases an `Attributing` trail instead of the plain one; they know nothing of it. `commit`
asks it what to add before anything is written, so an entry says the same whoever tells it in the end.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from syndic.canonical import sha256_of
from syndic.models import AuditEntry
from syndic.ports import ABSENT, AuditTrail, Key, Write

Seen = Callable[[Key, str], str | None]
"""The hash of what a record held when it had an etag, as far as the request read it."""

_NOTHING_SEEN: Final[Seen] = lambda _key, _etag: None  # noqa: E731


class Attributing:
    """The trail (`syndic.ports.AuditTrail`) as one request of a person uses it.

    Args:
        audit: The trail.
        actor: The person's name, as entries have it.
        role: The person's roles, joined by commas; they are those of the moment, not of today.
        request: Id of the request, under which logs and the access log have it.
        key: Id of the API key that was sent, where one was.
        seen: What the request read of records before it changed them.
    """

    def __init__(
        self,
        audit: AuditTrail,
        *,
        actor: str,
        role: str,
        request: str,
        key: str | None = None,
        seen: Seen = _NOTHING_SEEN,
    ) -> None:
        self._audit, self._actor, self._role, self._request = audit, actor, role, request
        self._key, self._seen = key, seen

    def append(self, *entries: AuditEntry) -> None:
        """Hand over entries of this request."""
        self._audit.append(*(self._named(entry) for entry in entries))

    def take(self, entries: Mapping[str, AuditEntry]) -> None:
        """Hand over entries as they were committed, some perhaps of another request whose writer died."""
        self._audit.take(entries)

    def attributed(self, entries: Sequence[AuditEntry], about: Write) -> tuple[AuditEntry, ...]:
        """The entries of a change with what this request knows of it.

        Args:
            entries: What is told of the change.
            about: The write of the record that it is about. What an entry says itself stays.

        Raises `ValueError` when the record has no canonical form.
        """
        if not entries:
            return ()
        after = sha256_of(dict(about.record.body))
        known = about.expect is not None and about.expect != ABSENT
        before = self._seen(about.record.key, str(about.expect)) if known else None
        return tuple(
            entry.model_copy(update={"before": entry.before or before, "after": entry.after or after})
            for entry in map(self._named, entries)
        )

    def _named(self, entry: AuditEntry) -> AuditEntry:
        reason, own = entry.details.get("reason"), entry.actor == self._actor
        return entry.model_copy(
            update={
                "role": entry.role or (self._role if own and self._role else None),
                "key": entry.key or (self._key if own else None),
                "reason": entry.reason or (reason if isinstance(reason, str) and reason else None),
                "request": entry.request or self._request or None,
            }
        )
