"""Verifying an export with nothing at hand but the export, a key and perhaps an older checkpoint. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from syndic.audit.erasure.erased import ERASED
from syndic.audit.models import GENESIS
from syndic.audit.public.export import (
    CHECKPOINT,
    ENTRIES,
    KEY,
    LEAVES,
    README,
    TABLE,
    TEXT,
    Table,
    read_manifest,
    unzipped,
)
from syndic.audit.signed.checkpoints import Checkpoint, open_checkpoint
from syndic.audit.signed.notes import Note, VerifierKey, read_key, read_note
from syndic.audit.tree.chain import entry_hash, placed_hash
from syndic.audit.tree.merkle import Frontier, leaf_hash
from syndic.canonical import canonical_json

SHOWN: Final = 100
_BEGIN: Final = b'{"entry":'
_DECODE: Final = json.JSONDecoder().decode


@dataclass(slots=True)
class Offline:
    """What verifying an export gave. `problems` are places and what is wrong there, the first ones.

    `asked`: what the package says was asked for; empty for all. Nothing proves that no entry that fits was left out.
    """

    checkpoint: Checkpoint
    note: Note
    key: VerifierKey
    entries: int = 0
    erased: int = 0
    asked: dict[str, str] = field(default_factory=dict)
    continues: Checkpoint | None = None
    problems: list[tuple[str, str]] = field(default_factory=list)
    problem_count: int = 0

    def fault(self, where: str, what: str) -> None:
        """Note what is wrong."""
        self.problem_count += 1
        if len(self.problems) < SHOWN:
            self.problems.append((where, what))


def verify_export(
    data: bytes,
    *,
    where: str,
    key: VerifierKey | None = None,
    older: bytes | None = None,
) -> Offline:
    """Verify an export. Raises `InvalidInputError` on what is none or whose checkpoint the key did not sign.

    Args:
        data: The package.
        where: Its name, for errors.
        key: The log's key as it was given another way; None believes the one in the package.
        older: A signed checkpoint that was kept; the trail has to continue it.
    """
    files = unzipped(data, where=where)
    manifest = read_manifest(files, where=where)
    key = key or read_key(files[KEY].decode("ascii", "replace"), where=f"{where}: {KEY}")
    checkpoint = open_checkpoint(files[CHECKPOINT], (key,), where=f"{where}: {CHECKPOINT}")
    found = Offline(checkpoint, read_note(files[CHECKPOINT], where=f"{where}: {CHECKPOINT}"), key)
    _compare_files(files, manifest, found)
    leaves = [files[LEAVES][at : at + 32] for at in range(0, len(files[LEAVES]), 32)]
    old = None if older is None else open_checkpoint(older, (key,), where="--checkpoint")
    _compare_tree(leaves, old, found)
    found.asked = manifest["asked"]
    _compare_entries(files, manifest, leaves, found)
    return found


def _compare_files(files: Mapping[str, bytes], manifest: Mapping[str, Any], found: Offline) -> None:
    named = manifest["files"]
    for name in sorted({*files, *named} - {"manifest.json"}):
        if name not in files or hashlib.sha256(files[name]).hexdigest() != named.get(name):
            found.fault(name, "is not the file that the manifest names: its SHA-256 differs")
    if files[README] != TEXT.encode():
        found.fault(README, "is not the text that comes with an export")


def _compare_tree(leaves: Sequence[bytes], old: Checkpoint | None, found: Offline) -> None:
    size = found.checkpoint.size
    if len(leaves) != size or any(len(leaf) != 32 for leaf in leaves[-1:]):
        found.fault(LEAVES, f"has {len(leaves)} hashes, the checkpoint is of {size} entries")
    if old is not None and old.size > size:
        found.fault(CHECKPOINT, f"is of {size} entries, the one that was kept of {old.size}: the end was cut off")
        old = None
    at = min(old.size if old else 0, len(leaves))
    before = Frontier().extended(leaf_hash(leaf) for leaf in leaves[:at])
    if old is not None and before.root != old.root:
        found.fault(LEAVES, f"the first {old.size} entries are not those of the checkpoint that was kept")
    elif old is not None:
        found.continues = old
    if before.extended(leaf_hash(leaf) for leaf in leaves[at:]).root != found.checkpoint.root:
        found.fault(LEAVES, "the hashes do not give the root of the checkpoint")


@dataclass(slots=True)
class _Lines:
    """What the lines of an export said. No line is kept: memory does not grow with their contents."""

    table: Table | None = field(default_factory=Table)
    there: set[int] = field(default_factory=set)
    said: set[int] = field(default_factory=set)

    def add(self, row: Mapping[str, Any]) -> None:
        self.there.add(row["index"])
        entry = row["entry"]
        if entry.get("action") == ERASED:
            self.said.update(one for one in entry.get("details", {}).get("indices", []) if type(one) is int)
        if self.table is not None:
            try:
                self.table.add(row)
            except (ValueError, LookupError, TypeError, AttributeError):
                self.table = None


def _compare_entries(
    files: Mapping[str, bytes], manifest: Mapping[str, Any], leaves: Sequence[bytes], found: Offline
) -> None:
    lines = _Lines()
    last = -1
    for number, line in enumerate(files[ENTRIES].splitlines(), 1):
        try:
            row = _DECODE(line.decode())
            index, entry, salt = row["index"] + 0, dict(row["entry"]), row["salt"]
            inside = last < index < len(leaves)
            previous = (leaves[index - 1].hex() if index else GENESIS) if inside else ""
            fits = inside and _hash_of(line, index, entry, previous, salt) == leaves[index].hex()
        except (ValueError, LookupError, TypeError, RecursionError):
            found.fault(f"{ENTRIES} line {number}", "is no entry")
            continue
        if not inside:
            what = f"entry {index} does not belong here: the line before has {last}, the trail {len(leaves)}"
            found.fault(f"{ENTRIES} line {number}", what)
            continue
        if not fits:
            found.fault(f"entry {index}", "is not what was logged: its content does not give its hash")
        lines.add(row)
        last = index
    erased = _erased(manifest, lines, len(leaves), found)
    found.entries, found.erased = len(lines.there), len(erased)
    if manifest.get("entries") != found.entries:
        found.fault(ENTRIES, f"has {found.entries} entries, the manifest says {manifest.get('entries')}")
    if not manifest.get("asked"):  # an export of everything leaves nothing out but what an entry of it says was erased
        for index in range(len(leaves)):
            if index not in lines.there and index not in erased:
                found.fault(f"entry {index}", "is missing, and no entry says that it was erased")
    if lines.table is None or lines.table.text() != files[TABLE]:
        found.fault(TABLE, "does not say what the entries say")


def _erased(manifest: Mapping[str, Any], lines: _Lines, size: int, found: Offline) -> set[int]:
    """What was erased. The manifest is nobody's word that was signed: an entry of the package has to say the same."""
    named = manifest["erased"]
    sound = all(type(one) is int and 0 <= one < size for one in named) and sorted(set(named)) == named
    if not sound:
        found.fault("manifest.json", "what it says was erased are no numbers of entries in order")
        return set()
    erased = set(named) & lines.said - lines.there
    for index in sorted(set(named) - erased):
        if index not in lines.there and not manifest["asked"]:
            continue  # of all entries it is missing, which is said once
        what = "its content is here" if index in lines.there else "no entry of the package says so"
        found.fault(f"entry {index}", f"was erased, as the manifest says, and {what}")
    return erased


def _hash_of(line: bytes, index: int, entry: Mapping[str, Any], previous: str, salt: str | None) -> str:
    """The hash of an entry. A line in canonical form holds the very bytes that were hashed.

    Raises `ValueError` for a line in another form: other readers might find something else in it.
    """
    end = f',"index":{index},"salt":"{salt}"}}'.encode()
    if salt is not None and line.startswith(_BEGIN) and line.endswith(end):
        content = hashlib.sha256(bytes.fromhex(salt) + line[len(_BEGIN) : -len(end)]).hexdigest()
        return placed_hash(index, content, previous)
    if canonical_json({"entry": entry, "index": index, "salt": salt}) != line:
        raise ValueError("not in canonical form")
    return entry_hash(index, entry, previous, salt)
