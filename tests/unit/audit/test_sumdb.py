"""Proofs and checkpoints beside Go's sumdb, the code behind Go's checksum database.

It is there where Debian's packages `golang-go` and `golang-golang-x-mod-dev` are (`tests/install_go.sh`, which `make
proof` runs). `make proof` takes every proof of up to 256 leaves, `make test` one in sixteen.
"""

from __future__ import annotations

import base64
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from syndic.audit.signed.checkpoints import open_checkpoint, signed_checkpoint
from syndic.audit.signed.notes import verifier_of
from syndic.audit.tree.merkle import consistency_proof, inclusion_proof, is_consistent, is_included
from syndic.errors import InvalidInputError
from tests.proof import ALL
from tests.unit.audit.tampering import Key
from tests.unit.audit.test_tree import LEAVES, NODES, ROOTS, SIZES

GO = shutil.which("go") or next(map(str, sorted(Path("/usr/lib").glob("go-*/bin/go"), reverse=True)), None)
SOURCES = Path("/usr/share/gocode")
STEP = 1 if ALL else 16
pytestmark = [
    pytest.mark.skipif(
        GO is None or not (SOURCES / "src/golang.org/x/mod/sumdb").is_dir(),
        reason="Go and its package x/mod are not there: bash tests/install_go.sh",
    ),
    pytest.mark.timeout(0),
]
Proof = tuple[bytes, ...]


@pytest.fixture(scope="module")
def sumdb(tmp_path_factory: pytest.TempPathFactory) -> Callable[[list[str]], list[tuple[int, ...]]]:
    folder = tmp_path_factory.mktemp("go")
    program = folder / "sumdb"
    environment = {
        "PATH": os.environ["PATH"], "HOME": str(folder), "GOPATH": str(SOURCES), "GO111MODULE": "off",
        "GOFLAGS": "-mod=", "GOCACHE": str(folder / "cache"), "CGO_ENABLED": "0",
    }  # fmt: skip
    source = Path(__file__).parent / "sumdb" / "main.go"
    subprocess.run([str(GO), "build", "-o", str(program), str(source)], env=environment, cwd=folder, check=True)

    def ask(lines: list[str]) -> list[tuple[int, ...]]:
        text = "".join(f"{line}\n" for line in lines)
        said = subprocess.run([str(program)], input=text, capture_output=True, text=True, check=True).stdout
        return [tuple(int(word) for word in line.split()) for line in said.splitlines()]

    return ask


def altered(steps: Proof) -> Iterator[Proof]:
    """What `main.go` makes of a proof as well: a step changed, left out, exchanged with the one before, or added."""
    for at, step in enumerate(steps):
        yield (*steps[:at], flipped(step), *steps[at + 1 :])
        yield (*steps[:at], *steps[at + 1 :])
        if at and step != steps[at - 1]:
            yield (*steps[: at - 1], step, steps[at - 1], *steps[at + 1 :])
    yield (*steps, bytes(32))


def flipped(one: bytes) -> bytes:
    return bytes([one[0] ^ 1]) + one[1:]


def test_inclusion_proofs_are_accepted_by_both_and_altered_ones_by_neither(sumdb) -> None:
    lines, tried = [], 0
    for size in range(1, SIZES + 1):
        for index in range(size % STEP, size, STEP):
            leaf, root, steps = LEAVES[index], ROOTS[size], inclusion_proof(NODES, index, size)
            lines.append(f"inclusion {size} {root.hex()} {index} {leaf.hex()} {','.join(one.hex() for one in steps)}")
            assert is_included(leaf, index, size, steps, root)
            wrong = list(altered(steps))
            assert not any(is_included(leaf, index, size, one, root) for one in wrong)
            assert size == 1 or not is_included(leaf, (index + 1) % size, size, steps, root)
            tried += len(wrong) + (size > 1)
    _agree(sumdb(lines), len(lines), tried, "inclusion proofs")


def test_consistency_proofs_are_accepted_by_both_and_altered_ones_by_neither(sumdb) -> None:
    lines, tried = [], 0
    for size in range(1, SIZES + 1):
        for old in range(1 + size % STEP, size + 1, STEP):
            before, root, steps = ROOTS[old], ROOTS[size], consistency_proof(NODES, old, size)
            lines.append(f"consistency {old} {before.hex()} {size} {root.hex()} {','.join(one.hex() for one in steps)}")
            assert is_consistent(old, before, size, root, steps)
            wrong = list(altered(steps))
            assert not any(is_consistent(old, before, size, root, one) for one in wrong)
            assert not is_consistent(old, flipped(before), size, root, steps)
            assert not is_consistent(old, before, size, flipped(root), steps)
            tried += len(wrong) + 2
    _agree(sumdb(lines), len(lines), tried, "consistency proofs")


def test_checkpoints_are_accepted_by_both_and_those_with_a_flipped_bit_by_neither(sumdb) -> None:
    key, tried = Key(), 0
    known = verifier_of(key)
    notes = [str(signed_checkpoint(size, ROOTS[size], key)).encode() for size in range(1, SIZES + 1, STEP)]
    encoded = base64.b64encode(str(known).encode()).decode()
    for note in notes:
        assert open_checkpoint(note, (known,))
        for place in range(len(note) * 8 if ALL else 8):  # all bits of one are flipped in the test of the tree
            broken = bytearray(note)
            broken[place // 8] ^= 1 << place % 8
            with pytest.raises(InvalidInputError):
                open_checkpoint(bytes(broken), (known,))
        tried += len(note) * 8
    _agree(sumdb([f"note {encoded} {base64.b64encode(note).decode()}" for note in notes]), len(notes), tried, "notes")


def _agree(said: list[tuple[int, ...]], given: int, altered_ones: int, what: str) -> None:
    print(f"Go's sumdb: {given} {what}, {altered_ones} altered ones")  # noqa: T201 - figures of the proof
    assert len(said) == given
    assert all(good == 1 for good, _, _ in said)
    assert sum(tried for _, tried, _ in said) == altered_ones
    assert sum(taken for _, _, taken in said) == 0
