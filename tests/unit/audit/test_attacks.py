"""Attacks on what is published and handed out: other logs, older heads, forged packages, votes that count twice."""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from syndic.adapters.folder import FolderStore
from syndic.adapters.memory import MemoryArchive, MemoryStore
from syndic.audit.appending.inbox import Inbox
from syndic.audit.appending.sequencer import sequence
from syndic.audit.erasure.contents import erase_contents
from syndic.audit.keys import LOG_KEY, pending_partition
from syndic.audit.log import AuditLog
from syndic.audit.models import Fault
from syndic.audit.public.export import CHECKPOINT, ENTRIES, MANIFEST, TABLE, package, table_of, unzipped, zipped
from syndic.audit.public.publish import LATEST, checkpoint_path, kept_checkpoints, publish
from syndic.audit.public.showing import prove_entry
from syndic.audit.public.tiles import tile_path
from syndic.audit.search import get_entry
from syndic.audit.signed.checkpoints import open_checkpoint, signed_checkpoint
from syndic.audit.signed.notes import COSIGNATURE, Note, Signature, VerifierKey, verifier_of
from syndic.audit.signed.policy import read_policy
from syndic.audit.tree.batches import hashes_between
from syndic.audit.verification.daily import verify_published
from syndic.audit.verification.offline import verify_export
from syndic.audit.verification.trail import verify
from syndic.canonical import canonical_json
from syndic.cli.shell.frame import run
from syndic.errors import ConflictError, DamagedTrailError, InvalidInputError
from syndic.models import to_json
from syndic.ports import Key as StoreKey
from syndic.ports import Record
from tests.unit.audit.tampering import AT, Key, copied, edit, entry, log_of, rewrite, truncate

LOG = Key()
exporting = importlib.import_module("syndic.cli.audit.export")


@pytest.fixture
def published() -> tuple[MemoryStore, MemoryArchive]:
    """A trail of 60 entries, published at 20, 40 and 60."""
    store, archive = MemoryStore(), MemoryArchive()
    for start in (0, 20, 40):
        AuditLog(store).append(*(entry(number) for number in range(start, start + 20)))
        publish(store, archive, LOG)
    return store, archive


def put_over(archive: MemoryArchive, name: str, data: bytes) -> None:
    """What a lock lets happen: another version is put over the one that it keeps."""
    archive._locked.discard(name)
    archive.put(name, data, content_type="text/plain")


def test_an_older_checkpoint_under_the_name_of_a_newer_one_is_forged(published) -> None:
    store, archive = published
    for size in (40, 60):
        put_over(archive, checkpoint_path(size), archive.get(checkpoint_path(20)))
    truncate(store, 20, 60)
    assert {one.fault for one in verify_published(store, archive).problems} >= {Fault.FORGED}
    with pytest.raises(InvalidInputError, match="not the one of its name"):
        publish(store, archive, LOG)


def test_a_key_and_checkpoints_put_over_all_that_was_published_are_forged(published) -> None:
    """They agree with each other and with the trail: only what the sequencer kept beside the tree shows it."""
    store, archive = published
    copy, others = copied(store), MemoryArchive()
    copy.delete(LOG_KEY)
    publish(copy, others, Key(seed=9))
    archive._objects, archive._locked = others._objects, set()

    found = verify_published(store, archive)
    assert [(one.fault, one.detail) for one in found.problems] == [
        (Fault.FORGED, "audit archive, key: is not the key that the sequencer signs with")
    ]
    assert not found.intact
    with pytest.raises(InvalidInputError, match="not the key"):
        publish(store, archive, LOG)


def test_a_trail_that_was_published_before_its_key_was_kept_verifies_and_keeps_it_next_time(published) -> None:
    store, archive = published
    store.delete(LOG_KEY)
    assert verify_published(store, archive).intact
    publish(store, archive, LOG)
    assert store.get(LOG_KEY).body == {"key": str(verifier_of(LOG))}


def test_what_is_no_checkpoint_lies_in_nobodys_way(published) -> None:
    store, archive = published
    for name in ("checkpoints/zzz", "checkpoints/000000000000999", "checkpoints/x/000000000000099.txt"):
        archive.put(name, b"x", content_type="text/plain")
    assert kept_checkpoints(archive) == [checkpoint_path(size) for size in (20, 40, 60)]
    assert verify_published(store, archive).intact
    AuditLog(store).append(entry(99))
    assert publish(store, archive, LOG) is not None


def test_whoever_says_that_more_was_published_gets_no_second_story_signed(published) -> None:
    store, archive = published
    rewrite(store, 30, [entry(number, other=True) for number in range(45)])
    with pytest.raises(ConflictError, match="does not continue"):
        publish(store, archive, LOG, after=10**6)


def test_altered_tiles_and_entries_are_not_handed_out_as_proofs(published) -> None:
    store, archive = published
    assert prove_entry(store, archive, 7).entry.index == 7
    edited = copied(store)
    edit(edited, 7, 60)
    with pytest.raises(DamagedTrailError, match="does not prove its entry 7"):
        prove_entry(edited, archive, 7)
    tile = tile_path(0, 0, 60)
    put_over(archive, tile, archive.get(tile)[:32] + b"\0" * 32 + archive.get(tile)[64:])
    with pytest.raises(DamagedTrailError, match="does not prove its entry 7"):
        prove_entry(store, archive, 7)
    other = log_of(60)
    elsewhere = MemoryArchive()
    publish(other, elsewhere, LOG)
    put_over(archive, LATEST, elsewhere.get(LATEST))  # the head of another log of the same key
    with pytest.raises(DamagedTrailError):
        prove_entry(store, archive, 7)


def witness(name: str, seed: int) -> tuple[VerifierKey, Key]:
    key = Key(seed)
    return VerifierKey(name, key.public_key, COSIGNATURE), key


def cosigned(note: Note, *witnesses: tuple[VerifierKey, Key]) -> Note:
    made = []
    for verifier, key in witnesses:
        moment = 1_790_000_000
        data = moment.to_bytes(8) + key.sign(f"cosignature/v1\ntime {moment}\n{note.text}".encode())
        made.append(Signature(verifier.name, verifier.id, data))
    return Note(note.text, (*note.signatures, *made))


def test_one_witness_does_not_count_for_two() -> None:
    a, b = witness("w.example.org", 5), witness("w.example.org", 6)
    head = f"log {verifier_of(LOG)}\nwitness a {a[0]}\n"
    rest = "group both all a b\nquorum both\n"
    note = signed_checkpoint(3, b"\1" * 32, LOG)
    both = read_policy(f"{head}witness b {b[0]}\n{rest}", where="policy")
    assert both.unmet(cosigned(note, a, b)) is None
    assert "1 of the policy's signed" in str(both.unmet(cosigned(note, a)))
    assert "1 of the policy's signed" in str(both.unmet(cosigned(note, a, a)))
    with pytest.raises(InvalidInputError, match="policy, line 3: names the key of one witness twice"):
        read_policy(f"{head}witness b {a[0]}\n{rest}", where="policy")


def test_a_witness_is_no_log() -> None:
    """Who signs the checkpoints of others says when he saw them, and not that they are his."""
    own, key = witness(LOG.name, 7)
    with pytest.raises(InvalidInputError, match="policy, line 1: a log has a key of signatures"):
        read_policy(f"log {own}\nquorum none\n", where="policy")
    note = cosigned(Note(str(signed_checkpoint(3, b"\1" * 32, LOG).text), ()), (own, key))
    with pytest.raises(InvalidInputError, match="not signed by a known key"):
        open_checkpoint(str(note).encode(), (own,))


def packed(store: MemoryStore, *, note: Note, indices: Any = None, **options: Any) -> bytes:
    size = len(list(hashes_between(store, 0, 10**6)))
    entries = [get_entry(store, index) for index in (range(size) if indices is None else indices)]
    leaves = list(hashes_between(store, 0, size))
    return package(entries, leaves, note=str(note), key=str(verifier_of(LOG)), **{"asked": {}, **options})


def sealed(files: dict[str, bytes], **said: Any) -> bytes:
    """The package around changed files, made anew by who knows the format."""
    manifest = {**json.loads(files[MANIFEST]), **said}
    manifest["files"] = {name: hashlib.sha256(data).hexdigest() for name, data in files.items() if name != MANIFEST}
    return zipped({**files, MANIFEST: canonical_json(manifest)})


@pytest.mark.parametrize(
    "erased", [[3], [10**9], [-1], [True], ["3"], [3.0], [2, 1], [1, 1], list(range(200))],
    ids=["is here", "beyond", "before", "no number", "text", "fraction", "order", "twice", "more than there are"],
)  # fmt: skip
def test_a_manifest_cannot_make_entries_erased(published, erased: list[Any]) -> None:
    store, archive = published
    found = publish(store, archive, LOG)
    assert found is not None
    for asked in ({}, {"model": "m1"}):
        files = unzipped(packed(store, note=found.note, asked=asked), where="x")
        assert verify_export(sealed(files), where="x").problem_count == 0
        assert verify_export(sealed(files, erased=erased), where="x").problem_count
    left = unzipped(packed(store, note=found.note, asked={"model": "m1"}, indices=range(3)), where="x")
    assert verify_export(sealed(left, erased=[3]), where="x").problem_count == 1


def test_the_whole_is_not_passed_off_as_what_somebody_asked_for(published, tmp_path, capsys) -> None:
    """That no entry that fits was left out cannot be proven: it is said, with what the package claims was asked."""
    store, archive = published
    found = publish(store, archive, LOG)
    assert found is not None
    files = unzipped(packed(store, note=found.note), where="x")
    kept = files[ENTRIES].splitlines(keepends=True)[:-1]
    cut = {**files, ENTRIES: b"".join(kept), TABLE: table_of(json.loads(line) for line in kept)}
    for asked, code in (({}, 1), ({"model": "m1\x1b[2J"}, 0), ("all", 2), ([], 2), ({"model": 1}, 2)):
        path = tmp_path / "export.zip"
        path.write_bytes(sealed(cut, asked=asked, entries=59))
        assert run(["audit", "verify", str(path)]) == code, asked
        said = capsys.readouterr().out
        assert ("that no entry that fits was left out is not proven" in said) is (code == 0)
        assert "\x1b" not in said


@pytest.mark.parametrize("change", ["other log", "rolled back", "of nothing", "huge"])
def test_an_export_with_a_checkpoint_that_is_not_its_own_is_found(published, change: str) -> None:
    store, archive = published
    found = publish(store, archive, LOG)
    assert found is not None
    files = unzipped(packed(store, note=found.note), where="x")
    other = signed_checkpoint(60, hashlib.sha256(b"x").digest(), LOG)
    note = {
        "other log": str(other), "rolled back": archive.get(checkpoint_path(40)).decode(),
        "of nothing": str(signed_checkpoint(0, hashlib.sha256(b"").digest(), LOG)),
        "huge": str(signed_checkpoint(10**15 - 1, other.text.encode()[:32].ljust(32), LOG)),
    }[change]  # fmt: skip
    forged = sealed({**files, CHECKPOINT: note.encode()}, size=60)
    assert verify_export(forged, where="x", key=verifier_of(LOG)).problem_count
    older = archive.get(checkpoint_path(40))
    assert verify_export(forged, where="x", key=verifier_of(LOG), older=older).problem_count


def exported(tmp_path, *options: str) -> int:
    command = ["audit", "export", "--store", str(tmp_path / "store"), "--out", str(tmp_path / "out.zip")]
    return run([*command, "--signing-key", str(tmp_path / "key.pem"), *options])


def test_an_export_while_others_write_raises_no_alarm(tmp_path, monkeypatch) -> None:
    store = FolderStore(tmp_path / "store")
    AuditLog(store).append(*(entry(number) for number in range(5)))
    real = exporting._Local.entries

    def entries(self: Any, wanted: Any) -> Iterator[Any]:
        yield from real(self, wanted)
        AuditLog(store).append(entry(99))

    monkeypatch.setattr(exporting._Local, "entries", entries)
    assert exported(tmp_path) == 0
    assert run(["audit", "verify", str(tmp_path / "out.zip")]) == 0


def test_what_was_erased_after_the_checkpoint_waits_for_the_next(tmp_path, monkeypatch, capsys) -> None:
    store = FolderStore(tmp_path / "store")
    AuditLog(store).append(*(entry(number, subject="person/p1") for number in range(5)))
    real = exporting._Local.checkpoint

    def checkpoint(self: Any) -> Any:
        signed = real(self)
        erase_contents("person/p1", reason="asked for", store=store, audit=AuditLog(store), actor="ada", now=AT)
        return signed

    monkeypatch.setattr(exporting._Local, "checkpoint", checkpoint)
    assert exported(tmp_path) == 2
    assert "5 contents were erased after the newest checkpoint, of 5 entries" in capsys.readouterr().err
    monkeypatch.setattr(exporting._Local, "checkpoint", real)
    assert exported(tmp_path) == 0
    assert run(["audit", "verify", str(tmp_path / "out.zip")]) == 0
    assert "verified, 1 entries and 5 erased" in capsys.readouterr().out


@pytest.mark.parametrize(
    "told",
    [{"salt": salt} for salt in ("", "ab", "5A" * 32, " ".join(["5a"] * 32), "5a" * 33, "5a" * 32 + "\n")]
    + [{"id": identity} for identity in ("", "a b", "a/b", "a\n", "ü", "x" * 481, "a#", "a%", "a\\b")]
    + [{"entry": one} for one in ({"details": {"x": 2**60}}, {"subject": "model/\ud83d"}, {"at": "yesterday"})]
    + [{}],
    ids=repr,
)  # fmt: skip
def test_what_any_function_may_hand_over_neither_stops_the_trail_nor_spoils_it(told: dict[str, Any]) -> None:
    store = log_of(3)
    given = {"id": "a", "salt": "5a" * 32, "entry": to_json(entry(1))}
    poison = {**given, **told, "entry": {**given["entry"], **told.get("entry", {})}}
    store.put(Record(StoreKey(pending_partition("x"), "20261121T000000.000000Z"), {"entries": [poison]}))
    Inbox(store).append(entry(50))
    done = sequence(store)
    assert (done.entries, done.left, verify(store).intact) == (2, False, True)
    assert ("audit.entry_refused" in done.actions) is bool(told)
    AuditLog(store).append(entry(51))
    assert verify(store).head.size == 6
