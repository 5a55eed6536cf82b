"""Azure's trail is anchored in that of AWS when the clouds meet: what was anchored is not removed or altered unseen."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from syndic.adapters.memory import MemoryBus, MemoryStore
from syndic.assessment import ORGANISATION
from syndic.audit.log import AuditLog
from syndic.audit.search import list_entries
from syndic.audit.tree.batches import tree_at
from syndic.audit.verification.anchors import AGAIN, KIND, ROUND, Anchored, anchor
from syndic.audit.verification.daily import record_verification
from syndic.audit.verification.trail import verify
from syndic.errors import UnavailableError
from syndic.mirror.exchange import Side
from syndic.models import EvidenceStatus
from syndic.ports import Key, Page, Place, Record
from syndic.records import list_evidence
from syndic.tasks import mirror
from tests.edges.world import World
from tests.unit.audit.tampering import AT, TAMPERING, copied, entry, log_of

SIZE = 90


class Office:
    """AWS, which meets Azure every five minutes."""

    def __init__(self, azure: MemoryStore) -> None:
        self.azure, self.store, self.now = azure, MemoryStore(), AT

    def meet(self, *, after: timedelta = timedelta(minutes=5), portion: int = 2000) -> Anchored:
        self.now += after
        return anchor(trail=self.azure, store=self.store, audit=AuditLog(self.store), now=self.now, portion=portion)

    @property
    def told(self) -> list[tuple[str, object]]:
        found = [one.entry for one in list_entries(self.store, limit=100).entries]
        return [(one.action, one.details["size"]) for one in found][::-1]

    @property
    def evidence(self) -> EvidenceStatus:
        (found,) = [one for one in list_evidence(self.store, ORGANISATION) if one.kind == KIND]
        return found.status


def test_every_append_of_azure_is_anchored_when_the_clouds_meet() -> None:
    office = Office(MemoryStore())
    assert office.meet().size == 0
    assert office.told == []
    for number in range(3):
        AuditLog(office.azure).append(*(entry(one) for one in range(number + 1)))
        found = office.meet()
        assert found.root == tree_at(office.azure, found.size).frontier.root.hex()
        office.meet()
    assert office.told == [("audit.anchored", 1), ("audit.anchored", 3), ("audit.anchored", 6)]
    assert office.evidence is EvidenceStatus.PASSING
    assert verify(office.store).intact


@pytest.mark.parametrize("place", [0, 40, SIZE - 1])
@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda one: one.__name__)
def test_whatever_is_done_to_what_was_anchored_is_found_within_a_day_and_said_once(tamper, place: int) -> None:
    clean = log_of(SIZE)
    office = Office(copied(clean))
    office.meet()
    tamper(office.azure, place, SIZE)
    AuditLog(office.azure).append(entry(1))
    office.meet(after=ROUND)
    assert office.told[-1] == ("audit.anchor_broken", SIZE)
    assert office.evidence is EvidenceStatus.FAILING
    office.meet()
    office.meet(after=AGAIN)
    assert [action for action, _ in office.told] == ["audit.anchored", "audit.anchor_broken"]
    office.azure = clean  # restored
    office.meet(after=AGAIN)
    assert office.told[-1] == ("audit.anchor_mended", SIZE)
    assert office.evidence is EvidenceStatus.PASSING


def test_a_long_trail_is_anchored_and_looked_at_again_in_portions() -> None:
    office = Office(log_of(SIZE))
    sizes = [office.meet(portion=25).size for _ in range(5)]
    assert sizes == [25, 50, 75, 90, 90]
    TAMPERING[0](office.azure, 30, SIZE)
    seen = [office.meet(after=ROUND / 4, portion=25).problem for _ in range(8)]
    assert any(problem is not None and "entry 30" in problem for problem in seen)


def test_a_new_entry_that_does_not_fit_is_not_anchored() -> None:
    office = Office(log_of(SIZE))
    office.meet()
    AuditLog(office.azure).append(entry(1), entry(2))
    TAMPERING[0](office.azure, SIZE + 1, SIZE + 2)
    found = office.meet()
    assert (found.size, "edited" in str(found.problem)) == (SIZE, True)


class Failing(MemoryStore):
    """Stops answering after some calls."""

    left = 0

    def get(self, key: Key) -> Record | None:
        self._count()
        return super().get(key)

    def query(self, *args, **options) -> Page:
        self._count()
        return super().query(*args, **options)

    def list_places(self, *args, **options) -> Iterator[Place]:
        self._count()
        return super().list_places(*args, **options)

    def _count(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise UnavailableError("the table does not answer")


def test_a_store_that_does_not_answer_is_no_fault_of_the_trail() -> None:
    source, calls = log_of(SIZE), 0
    failing = Failing()
    vars(failing).update(vars(copied(source)))
    office = Office(failing)
    while True:
        failing.left = calls
        try:
            office.meet()
            break
        except UnavailableError:
            calls += 1
            assert office.told == []
    assert calls > 3
    assert office.told == [("audit.anchored", SIZE)]
    failing.left = 2
    with pytest.raises(UnavailableError):
        record_verification(store=failing, now=datetime.now(AT.tzinfo))


def test_the_mirror_anchors_and_counts_what_is_broken() -> None:
    world = World(azure=Side(log_of(SIZE), MemoryBus()))
    mirror.meet(world)
    TAMPERING[6](world.azure.store, 0, SIZE)
    mirror.meet(world)
    assert [one.entry.action for one in list_entries(world.store, limit=9).entries] == [
        "audit.anchor_broken", "audit.anchored",
    ]  # fmt: skip
    assert ("AnchorsBroken", 1, {}) in world.counted
