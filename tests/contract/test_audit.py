"""What every `AuditTrail` promises; the trails that keep entries are read back through `syndic.audit`."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import pytest

from syndic.adapters.memory import MemoryAudit
from syndic.audit.log import AuditLog
from syndic.audit.search import list_entries
from syndic.audit.verification.trail import verify
from syndic.models import AuditEntry
from syndic.ports import AuditTrail
from tests.proof import ALL

WRITERS = 16 if ALL else 6


def entry(i: int) -> AuditEntry:
    return AuditEntry(
        action="model.registered",
        actor="syndic/discovery",
        subject=f"model/m{i}",
        at=datetime(2026, 11, 21, tzinfo=UTC),
        details={"i": i, "ratio": 0.1, "text": "ü"},
    )


def kept(audit: AuditTrail) -> list[AuditEntry]:
    if isinstance(audit, MemoryAudit):
        return audit.entries
    assert isinstance(audit, AuditLog)
    found: list[AuditEntry] = []
    token = None
    while True:
        page = list_entries(audit._store, limit=100, token=token)
        found += [one.entry for one in page.entries]
        if (token := page.next_token) is None:
            return found[::-1]


def start(audit: AuditTrail) -> int:
    """The stores behind are shared by the tests of a session, the log with them."""
    return len(kept(audit))


def test_entries_are_kept_in_order(audit: AuditTrail) -> None:
    before = start(audit)
    audit.append(entry(1), entry(2))
    audit.append()
    audit.append(entry(3))
    assert kept(audit)[before:] == [entry(1), entry(2), entry(3)]


def test_more_entries_than_one_transaction_holds_are_kept_in_order(audit: AuditTrail) -> None:
    before = start(audit)
    entries = [entry(i) for i in range(120)]
    audit.append(*entries)
    assert kept(audit)[before:] == entries


def test_many_writers_lose_nothing(audit: AuditTrail) -> None:
    before = start(audit)

    def append(worker: int) -> None:
        for i in range(3):
            audit.append(entry(worker * 10 + i), entry(worker * 10 + i + 500))

    with ThreadPoolExecutor(WRITERS) as pool:
        list(pool.map(append, range(WRITERS)))
    numbers = [one.details["i"] for one in kept(audit)[before:]]
    assert len(numbers) == 6 * WRITERS
    assert [b - a for a, b in zip(numbers[::2], numbers[1::2], strict=True)] == [500] * (3 * WRITERS) or isinstance(
        audit, MemoryAudit
    )
    for worker in range(WRITERS):
        own = [n for n in numbers if worker * 10 <= n < worker * 10 + 10]
        assert own == sorted(own)
    if isinstance(audit, AuditLog):
        result = verify(audit._store)
        assert result.intact
        assert result.head.size == before + 6 * WRITERS


@pytest.mark.parametrize("audit", ["log-dynamodb", "log-azurite"], indirect=True)
def test_the_log_can_be_read_by_subject(audit: AuditLog) -> None:
    audit.append(*(entry(i % 2 + 900_000) for i in range(6)))
    page = list_entries(audit._store, subject="model/m900001", limit=2)
    assert len(page.entries) == 2
    rest = list_entries(audit._store, subject="model/m900001", limit=2, token=page.next_token)
    indices = [one.index for one in (*page.entries, *rest.entries)]
    assert len(indices) == 3
    assert indices == sorted(indices, reverse=True)
