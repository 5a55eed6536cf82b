"""The tree, its proofs, notes and tiles, beside an independent implementation of the same specifications."""

from __future__ import annotations

import base64
import hashlib
import random
import sys
from itertools import pairwise

import pytest

from syndic.adapters.memory import MemoryArchive
from syndic.audit.public.tiles import Tiles, entries_path, tile_path, tiles_between, write_tiles
from syndic.audit.signed.checkpoints import open_checkpoint, signed_checkpoint
from syndic.audit.signed.notes import read_key, read_note, verifier_of
from syndic.audit.signed.policy import read_policy
from syndic.audit.tree.merkle import (
    EMPTY_ROOT,
    Frontier,
    Leaves,
    consistency_proof,
    inclusion_proof,
    is_consistent,
    is_included,
    leaf_hash,
    root_of,
)
from syndic.errors import ConflictError, InvalidInputError
from tests.unit.audit.tampering import Key

tlog = pytest.importorskip("aics_tlog") if sys.version_info < (3, 12) else __import__("aics_tlog")
SIZES = 256
DATA = [hashlib.sha256(bytes([number % 256, number // 256])).digest() for number in range(1200)]
LEAVES = [leaf_hash(one) for one in DATA]
NODES = Leaves(LEAVES)
ROOTS = [root_of(NODES, size) for size in range(SIZES + 1)]


def altered(proof: tuple[bytes, ...], at: int) -> list[bytes]:
    changed = list(proof)
    changed[at] = bytes([changed[at][0] ^ 1]) + changed[at][1:]
    return changed


def test_roots_are_those_of_the_specification() -> None:
    # The test vectors of RFC 6962's reference implementation (certificate-transparency, merkletree tests).
    inputs = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
    roots = {
        0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    }
    for size, root in roots.items():
        hashes = [leaf_hash(bytes.fromhex(one)) for one in inputs[:size]]
        assert Frontier().extended(hashes).root.hex() == root
        assert root_of(Leaves(hashes), size).hex() == root


def test_growing_in_any_pieces_gives_the_same_tree() -> None:
    pick = random.Random(3)  # noqa: S311 - choices of a test
    for _ in range(20):
        frontier, at = Frontier(), 0
        while at < 700:
            step = pick.randrange(1, 90)
            frontier, at = frontier.extended(LEAVES[at : at + step]), at + step
        assert frontier.root == root_of(NODES, at)
        assert frontier.is_sound
    assert Frontier().root == EMPTY_ROOT


def test_all_inclusion_proofs_are_accepted_by_both_and_altered_ones_by_neither() -> None:
    for size in range(1, SIZES + 1):
        for index in range(size):
            proof = inclusion_proof(NODES, index, size)
            assert is_included(LEAVES[index], index, size, proof, ROOTS[size])
            assert _theirs(tlog.verify_inclusion, LEAVES[index], index, size, list(proof), ROOTS[size])
            if size % 16 == 1 and proof:
                for at in range(len(proof)):
                    wrong = altered(proof, at)
                    assert not is_included(LEAVES[index], index, size, wrong, ROOTS[size])
                    assert not _theirs(tlog.verify_inclusion, LEAVES[index], index, size, wrong, ROOTS[size])
                assert not is_included(LEAVES[index], index, size, proof[:-1], ROOTS[size])
                assert not is_included(LEAVES[index], index, size, (*proof, proof[0]), ROOTS[size])
                assert not is_included(LEAVES[index], (index + 1) % size, size, proof, ROOTS[size])


def test_all_consistency_proofs_are_accepted_by_both_and_altered_ones_by_neither() -> None:
    for size in range(1, SIZES + 1):
        for old in range(1, size + 1):
            proof = consistency_proof(NODES, old, size)
            assert is_consistent(old, ROOTS[old], size, ROOTS[size], proof)
            assert _theirs(tlog.verify_consistency, old, size, ROOTS[old], ROOTS[size], list(proof))
            if size % 16 == 1 and proof:
                for at in range(len(proof)):
                    wrong = altered(proof, at)
                    assert not is_consistent(old, ROOTS[old], size, ROOTS[size], wrong)
                    assert not _theirs(tlog.verify_consistency, old, size, ROOTS[old], ROOTS[size], wrong)
                assert not is_consistent(old, ROOTS[old - 1], size, ROOTS[size], proof)


def _theirs(verify, *arguments) -> bool:
    try:
        return verify(*arguments) is not False
    except Exception:  # noqa: BLE001 - however it refuses
        return False


def test_what_cannot_be_proven_is_refused() -> None:
    for index, size in ((-1, 3), (3, 3), (0, 0)):
        with pytest.raises(ValueError, match="leaf"):
            inclusion_proof(NODES, index, size)
    with pytest.raises(ValueError, match="continue"):
        consistency_proof(NODES, 4, 3)
    assert not is_included(LEAVES[0], 0, 0, (), EMPTY_ROOT)
    assert not is_consistent(5, ROOTS[5], 3, ROOTS[3], ())
    assert is_consistent(0, EMPTY_ROOT, 3, ROOTS[3], ())


def test_checkpoints_are_notes_that_the_other_verifier_takes() -> None:
    key = Key()
    for size in (1, 2, 255, 256):
        note = str(signed_checkpoint(size, ROOTS[size], key))
        theirs = tlog.verify_checkpoint(tlog.parse_note(note), tlog.parse_vkey(str(verifier_of(key))))
        ours = open_checkpoint(note.encode(), (verifier_of(key),))
        assert (ours.size, ours.root) == (size, ROOTS[size])
        assert (theirs.ok, theirs.size, theirs.root) == (True, size, ROOTS[size])


def test_every_flipped_bit_of_a_checkpoint_is_refused() -> None:
    key = Key()
    data = str(signed_checkpoint(200, ROOTS[200], key)).encode()
    for place in range(len(data) * 8):
        broken = bytearray(data)
        broken[place // 8] ^= 1 << place % 8
        with pytest.raises(InvalidInputError):
            open_checkpoint(bytes(broken), (verifier_of(key),))


def test_a_checkpoint_of_another_key_or_origin_is_refused() -> None:
    note = str(signed_checkpoint(1, ROOTS[1], Key())).encode()
    with pytest.raises(InvalidInputError, match="not signed by a known key"):
        open_checkpoint(note, (verifier_of(Key(2)),))
    assert read_key(str(verifier_of(Key()))) == verifier_of(Key())
    with pytest.raises(InvalidInputError, match="the key's id"):
        read_key(str(verifier_of(Key())).replace("+", "+0", 1))


def test_tiles_give_every_node_and_are_written_once() -> None:
    archive, sizes = MemoryArchive(), (0, 1, 5, 255, 256, 257, 511, 700, 1200)
    for before, size in pairwise(sizes):
        root = write_tiles(archive, before, size, lambda start, end: DATA[start:end])
        assert root == root_of(NODES, size)
        nodes = Tiles(archive.get, size)
        assert root_of(nodes, size) == root
        for index in (0, size // 2, size - 1):
            assert inclusion_proof(nodes, index, size) == inclusion_proof(NODES, index, size)
    assert tile_path(0, 1234067) == "tile/0/x001/x234/067"
    assert tile_path(1, 0, 4) == "tile/1/000.p/4"
    assert (tile_path(0, 0), entries_path(4, 176)) == ("tile/0/000", "tile/entries/004.p/176")
    assert list(tiles_between(256, 256)) == []
    with pytest.raises(ConflictError):
        write_tiles(archive, 0, 300, lambda start, end: [one[::-1] for one in DATA[start:end]])


def test_the_published_example_of_a_policy_is_read_and_counts_witnesses() -> None:
    key = Key()
    log = verifier_of(key)
    note = signed_checkpoint(3, ROOTS[3], key)
    text = f"# trusted\nlog {log}\nquorum none\n"
    assert read_policy(text, where="p").unmet(note) is None
    other = verifier_of(Key(2))
    assert "none of the policy's logs" in str(read_policy(f"log {other}\nquorum none\n", where="p").unmet(note))
    for wrong in ("log x\nquorum none", f"log {log}", f"log {log}\nquorum w", "quorum none", f"log {log}\nhello\n"):
        with pytest.raises(InvalidInputError, match="p"):
            read_policy(wrong, where="p")


def test_a_cosignature_is_verified_and_counted() -> None:
    key, witness = Key(), Key(9)
    note = signed_checkpoint(3, ROOTS[3], key)
    theirs = tlog.sign_cosignature
    assert callable(theirs)
    moment = 1_780_000_000
    said = f"cosignature/v1\ntime {moment}\n".encode() + note.text.encode()
    name = "witness.example.org"
    public = witness.public_key
    identity = hashlib.sha256(name.encode() + b"\n\x04" + public).digest()[:4]
    signature = identity + moment.to_bytes(8) + witness.sign(said)
    line = f"\u2014 {name} {base64.b64encode(signature).decode()}\n"
    vkey = f"{name}+{identity.hex()}+{base64.b64encode(bytes([4]) + public).decode()}"
    policy = read_policy(f"log {verifier_of(key)}\nwitness w {vkey}\ngroup g any w\nquorum g\n", where="p")
    assert "enough witnesses" in str(policy.unmet(note))
    assert policy.unmet(read_note((str(note) + line).encode())) is None
    assert tlog.verify_cosignature is not None
    broken = bytearray(signature)
    broken[20] ^= 1
    wrong = f"\u2014 {name} {base64.b64encode(bytes(broken)).decode()}\n"
    with pytest.raises(InvalidInputError, match="is wrong"):
        policy.unmet(read_note((str(note) + wrong).encode()))
