"""What was erased is gone, is known to be erased, and is never what a legal hold keeps."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from syndic.adapters.memory import MemoryStore
from syndic.audit.appending.inbox import Inbox
from syndic.audit.appending.sequencer import sequence
from syndic.audit.erasure.contents import erase_contents, list_holds, set_hold
from syndic.audit.keys import PARTITION, PREFIX, entry_key, subject_partition
from syndic.audit.log import AuditLog
from syndic.audit.models import Fault
from syndic.audit.search import list_entries, read_head
from syndic.audit.verification.trail import verify
from syndic.errors import ConflictError, NotFoundError, UnavailableError
from syndic.models import AuditEntry
from syndic.ports import Key
from tests.unit.audit.tampering import AT

WHY = "asked for by the person"


def trail(count: int = 6) -> MemoryStore:
    store = MemoryStore()
    AuditLog(store).append(
        *(
            AuditEntry(
                action="model.changed", actor="ada", subject=f"person/p{number % 2}", at=AT, details={"model_id": "m"}
            )
            for number in range(count)
        )
    )
    return store


def given(store: MemoryStore, audit: Any = None, **more: Any) -> dict[str, Any]:
    return {"store": store, "audit": audit or AuditLog(store), "actor": "dora", "now": AT, "reason": WHY, **more}


def contents(store: MemoryStore) -> list[int]:
    records = store.query(PARTITION, prefix=PREFIX, limit=100).records
    return [record.body["index"] for record in records]


def test_contents_go_and_the_trail_still_verifies() -> None:
    store = trail()
    before = read_head(store)
    done = erase_contents("person/p1", **given(store))

    assert (done.entries, done.more) == (3, False)
    assert contents(store) == [0, 2, 4, 6]
    assert store.query(subject_partition("person/p1")).records == ()
    found = verify(store, known=before)
    assert found.intact, found.problems
    assert found.erased == 3
    (said,) = [one.entry for one in list_entries(store).entries if one.entry.action == "audit.content_erased"]
    assert (said.actor, said.reason, said.details) == ("dora", WHY, {"indices": [1, 3, 5]})
    assert "p1" not in said.model_dump_json(), "what erases says nothing of whom"


def test_what_is_gone_without_such_an_entry_is_missing() -> None:
    store = trail()
    erase_contents("person/p1", **given(store))
    store.delete(entry_key(2))
    assert {one.fault for one in verify(store).problems} == {Fault.MISSING}


@pytest.mark.parametrize("held", ["person/p1", "model/m"])
def test_a_legal_hold_prevents_it_also_on_what_else_an_entry_is_about(held: str) -> None:
    store = trail()
    set_hold(held, held=True, **given(store))
    with pytest.raises(ConflictError, match="legal hold"):
        erase_contents("person/p1", **given(store))
    assert [one.subject for one in list_holds(store)] == [held]
    set_hold(held, held=False, **given(store))
    assert erase_contents("person/p1", **given(store)).entries == 3
    actions = [one.entry.action for one in list_entries(store).entries]
    assert actions[:3] == ["audit.content_erased", "audit.hold_lifted", "audit.hold_placed"]
    assert verify(store).intact


def test_a_hold_that_comes_meanwhile_wins() -> None:
    class Between(MemoryStore):
        come = False

        def query(self, partition: str, **options: Any) -> Any:
            if partition == subject_partition("person/p1") and self.come:
                self.come = False
                set_hold("person/p1", held=True, **given(self))
            return super().query(partition, **options)

    store = Between()
    AuditLog(store).append(AuditEntry(action="a.b", actor="ada", subject="person/p1", at=AT))
    store.come = True
    with pytest.raises(ConflictError):
        erase_contents("person/p1", **given(store))


def test_asked_for_again_it_is_one_entry_and_nothing_of_it_is_erased() -> None:
    store = trail()
    first = erase_contents("person/p1", **given(store))
    assert erase_contents("person/p1", **given(store)) == first
    assert [one.entry.action for one in list_entries(store).entries].count("audit.content_erased") == 1
    later = given(store, now=AT + timedelta(hours=1))
    with pytest.raises(NotFoundError):
        erase_contents("person/p1", **later)
    with pytest.raises(NotFoundError):
        erase_contents("audit/contents", **later)


def test_whoever_dies_after_the_entry_is_finished_by_the_next() -> None:
    class Dying(MemoryStore):
        dies = False

        def delete_together(self, keys: list[Key]) -> None:
            if self.dies:
                self.dies = False
                raise UnavailableError("died")
            super().delete_together(keys)

    store = Dying()
    inbox = Inbox(store)
    inbox.append(AuditEntry(action="a.b", actor="ada", subject="person/p1", at=AT))
    sequence(store)
    erase_contents("person/p1", **given(store, inbox))
    store.dies = True
    with pytest.raises(UnavailableError):
        sequence(store)
    assert contents(store) == [0, 1], "the entry has its place, the content is still there"
    assert verify(store).intact
    sequence(store)
    assert contents(store) == [1]
    assert verify(store).intact
