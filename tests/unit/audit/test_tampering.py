"""Every way to tamper with a trail, at every place, is found; clean trails raise no alarm.

`make proof` takes every place of 500 entries, 10,000 flipped bits and 1,000 clean trails; `make test` takes a sample.
"""

from __future__ import annotations

import hashlib
import json
import random

import pytest

from syndic.adapters.memory import MemoryArchive, MemoryStore
from syndic.audit.log import AuditLog
from syndic.audit.models import Head
from syndic.audit.public.export import ENTRIES, MANIFEST, package, unzipped, zipped
from syndic.audit.public.publish import Published, publish
from syndic.audit.search import get_entry
from syndic.audit.signed.checkpoints import Checkpoint, signed_checkpoint
from syndic.audit.signed.notes import verifier_of
from syndic.audit.tree.batches import hashes_between
from syndic.audit.tree.chain import chain, leaf_of
from syndic.audit.tree.merkle import Frontier
from syndic.audit.verification.daily import record_verification, verify_published
from syndic.audit.verification.offline import verify_export
from syndic.audit.verification.trail import verify
from syndic.canonical import canonical_json
from syndic.errors import ConflictError, InvalidInputError, SyndicError, TooLargeError
from tests.proof import ALL
from tests.unit.audit.tampering import AT, TAMPERING, Key, copied, copied_archive, entry, log_of

SIZE = 500
PLACES = range(SIZE) if ALL else (0, 1, 79, 80, 250, 498, 499)
FLIPS = 10_000 if ALL else 400
CLEAN = 1_000 if ALL else 40


@pytest.fixture(scope="module")
def trail() -> tuple[MemoryStore, MemoryArchive, Published]:
    store, archive = log_of(SIZE), MemoryArchive()
    found = publish(store, archive, Key())
    assert found is not None
    return store, archive, found


@pytest.mark.timeout(0)
@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda one: one.__name__)
def test_every_tampering_at_every_place_is_found(tamper, trail) -> None:
    clean, archive, found = trail
    missed = []
    for index in PLACES:
        store = copied(clean)
        tamper(store, index, SIZE)
        if verify(store, checkpoints=(found.checkpoint,)).intact:
            missed.append(index)
    assert missed == []
    assert not verify_published(store, archive).intact


def test_clean_trails_raise_no_alarm() -> None:
    pick = random.Random(11)  # noqa: S311 - choices of a test
    for _ in range(CLEAN):
        store, archive = MemoryStore(), MemoryArchive()
        log = AuditLog(store)
        for _ in range(pick.randrange(1, 6)):
            log.append(*(entry(pick.randrange(10_000)) for _ in range(pick.randrange(1, 40))))
            if pick.random() < 0.5:
                publish(store, archive, Key())
            assert record_verification(store=store, archive=archive, now=AT).intact


def test_a_wiped_trail_is_found_by_who_asks_although_evidence_and_head_are_gone(trail) -> None:
    _, archive, _ = trail
    assert not verify_published(MemoryStore(), archive).intact


def test_the_daily_verification_looks_only_at_what_is_new_and_still_finds_a_rewrite(trail) -> None:
    store, archive = copied(trail[0]), copied_archive(trail[1])
    assert record_verification(store=store, archive=archive, now=AT).since == 0
    AuditLog(store).append(*(entry(number) for number in range(700, 720)))
    second = record_verification(store=store, archive=archive, now=AT)
    assert (second.intact, second.since, second.head.size) == (True, SIZE, SIZE + 20)
    publish(store, archive, Key())
    assert record_verification(store=store, archive=archive, now=AT).since == SIZE
    assert record_verification(store=store, archive=archive, now=AT).since == SIZE + 20
    TAMPERING[4](store, 3, SIZE + 20)  # everything from entry 3 on is written anew
    assert not record_verification(store=store, archive=archive, now=AT).intact


def test_a_log_does_not_sign_two_stories(trail) -> None:
    store, archive = copied(trail[0]), copied_archive(trail[1])
    TAMPERING[4](store, 100, SIZE)
    AuditLog(store).append(entry(1))
    with pytest.raises(ConflictError, match="does not continue"):
        publish(store, archive, Key())
    with pytest.raises(ConflictError, match="does not continue"):
        publish(MemoryStore(), archive, Key())


def test_checkpoints_of_another_key_are_no_checkpoints(trail) -> None:
    store, archive = copied(trail[0]), copied_archive(trail[1])
    AuditLog(store).append(entry(1))
    with pytest.raises(InvalidInputError, match="not the key"):
        publish(store, archive, Key(2))


@pytest.fixture(scope="module")
def exported(trail) -> bytes:
    store, _, found = trail
    entries = [get_entry(store, index) for index in range(SIZE)]
    leaves = list(hashes_between(store, 0, SIZE))
    return package(entries, leaves, note=str(found.note), key=str(verifier_of(Key())), asked={})


@pytest.mark.timeout(0)
def test_every_flipped_bit_of_an_export_is_found(exported: bytes) -> None:
    found = verify_export(exported, where="x", key=verifier_of(Key()))
    assert (found.problems, found.entries) == ([], SIZE)
    pick = random.Random(5)  # noqa: S311 - choices of a test
    missed = []
    for place in pick.sample(range(len(exported) * 8), FLIPS):
        broken = bytearray(exported)
        broken[place // 8] ^= 1 << place % 8
        try:
            if not verify_export(bytes(broken), where="x").problem_count:
                missed.append(place)
        except (InvalidInputError, TooLargeError):
            continue
    assert missed == []


def test_an_export_that_was_made_anew_is_told_by_an_older_checkpoint(trail) -> None:
    store, archive = copied(trail[0]), MemoryArchive()
    TAMPERING[4](store, 100, SIZE)
    forged = publish(store, archive, Key())
    assert forged is not None
    entries = [get_entry(store, index) for index in range(SIZE)]
    leaves = list(hashes_between(store, 0, SIZE))
    data = package(entries, leaves, note=str(forged.note), key=str(verifier_of(Key())), asked={})
    assert verify_export(data, where="x").problem_count == 0
    older = str(trail[2].note).encode()
    (problem,) = verify_export(data, where="x", older=older).problems
    assert "the first 500 entries are not those" in problem[1]
    cut = package(entries[:99], leaves[:99], note=str(forged.note), key=str(verifier_of(Key())), asked={})
    assert verify_export(cut, where="x", older=older).problem_count


def test_a_key_given_another_way_is_the_one_that_counts(exported: bytes) -> None:
    with pytest.raises(SyndicError, match="not signed by a known key"):
        verify_export(exported, where="x", key=verifier_of(Key(2)))


def test_a_checkpoint_that_names_more_than_there_is_shows_that_the_end_was_cut(trail) -> None:
    store = copied(trail[0])
    claimed = Checkpoint("x", SIZE + 1, b"0" * 32)
    assert not verify(store, checkpoints=(claimed,)).intact


@pytest.mark.parametrize("salted", [True, False], ids=["salted", "of before the tree"])
def test_a_line_that_another_reader_may_read_differently_is_no_entry(salted: bool) -> None:
    """Of names given twice most readers take the last, some the first: what is shown is not what was hashed."""
    (logged,) = chain(Head(), [entry(1)], ["5a" * 32 if salted else None])
    root = Frontier().extended([leaf_of(logged.hash)]).root
    data = package(
        [logged], [logged.hash], note=str(signed_checkpoint(1, root, Key())), key=str(verifier_of(Key())), asked={}
    )
    files = unzipped(data, where="x")
    line = files[ENTRIES]
    for forged in (
        line.replace(b'{"entry":{', b'{"entry":{"actor":"mallory"},"entry":{', 1),
        line.replace(b'"action":"drift.checked"', b'"action":"mallory","action":"drift.checked"', 1),
        line.replace(b'"index":0', b'"index":7,"index":0', 1),
        line.replace(b"}\n", b',"seen":true}\n'),
        line.replace(b"{", b"{ ", 1),
    ):
        assert forged != line
        changed = {**files, ENTRIES: forged}
        manifest = json.loads(files[MANIFEST])
        manifest["files"][ENTRIES] = hashlib.sha256(forged).hexdigest()
        found = verify_export(zipped({**changed, MANIFEST: canonical_json(manifest)}), where="x")
        assert found.problem_count, forged
    assert verify_export(data, where="x").problem_count == 0
