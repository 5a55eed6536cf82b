"""An export of the trail: what was asked for, and all that is needed to verify it without Syndic and without a cloud.

The package holds the hashes of all entries up to a signed checkpoint, and the contents of those asked for. So a reader
sees that each content is the one that was logged, at its place, and that the trail continues any older checkpoint.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from syndic.audit.models import LoggedEntry
from syndic.canonical import canonical_json
from syndic.errors import InvalidInputError, TooLargeError
from syndic.models import to_json
from syndic.spreadsheet import safe_cell
from syndic.zip_errors import DAMAGED

FORMAT: Final = "syndic audit export 1"
README, MANIFEST, CHECKPOINT, KEY = "README.txt", "manifest.json", "checkpoint.txt", "key.txt"
ENTRIES, TABLE, LEAVES = "entries.jsonl", "entries.csv", "leaves.bin"
FILES: Final = (CHECKPOINT, ENTRIES, TABLE, KEY, LEAVES, MANIFEST, README)
LIMIT: Final = 2 * 1024**3
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)
COLUMNS: Final = (
    "index", "at", "actor", "role", "action", "subject", "reason", "request", "before", "after", "details",
)  # fmt: skip

TEXT: Final = """\
This package holds entries of an audit trail, and what is needed to verify them.

entries.jsonl   the entries that were asked for, one a line: number, content, and the salt that is hashed with it
entries.csv     the same, for a spreadsheet
leaves.bin      the hash of every entry of the trail up to the checkpoint, 32 bytes each
checkpoint.txt  how many entries the trail had, and the root of the hash tree over them, signed by the log
key.txt         the key that the log signs with: compare it with the one that you were given another way
manifest.json   what was asked for, and the SHA-256 of every file

Verify it with
    syndic audit verify PACKAGE.zip --key KEY --checkpoint OLDER
where KEY is the text of the key that you were given another way, and OLDER a checkpoint that you kept.
An entry whose content was erased by law is in leaves.bin and not among the entries; the manifest lists it.
"""


def package(
    entries: Iterable[LoggedEntry],
    leaves: Sequence[str],
    *,
    note: str,
    key: str,
    asked: Mapping[str, str],
    erased: Sequence[int] = (),
) -> bytes:
    """The export as a zip that is the same bytes for the same content.

    Args:
        entries: What was asked for.
        leaves: Hashes of all entries up to the checkpoint.
        note: The signed checkpoint.
        key: The verifier key.
        asked: What was asked for, as the options said it.
        erased: Indices of entries whose contents were erased.
    """
    kept = sorted((one for one in entries if one.index < len(leaves)), key=lambda one: one.index)
    rows = [row_of(one) for one in kept]
    files = {
        README: TEXT.encode(),
        CHECKPOINT: note.encode(),
        KEY: f"{key}\n".encode(),
        ENTRIES: b"".join(canonical_json(row) + b"\n" for row in rows),
        TABLE: table_of(rows),
        LEAVES: bytes.fromhex("".join(leaves)),
    }
    manifest = {
        "format": FORMAT,
        "asked": dict(asked),
        "entries": len(rows),
        "erased": sorted(erased),
        "files": {name: hashlib.sha256(data).hexdigest() for name, data in files.items()},
        "size": len(leaves),
    }
    files[MANIFEST] = canonical_json(manifest)
    return zipped(files)


def row_of(logged: LoggedEntry) -> dict[str, Any]:
    """A line of an export. What the hashes say is not said again, but of entries of before the tree."""
    return {"index": logged.index, "salt": logged.salt, "entry": to_json(logged.entry)}


def lines_of(entries: Iterable[LoggedEntry]) -> bytes:
    """Entries as JSON Lines."""
    return b"".join(canonical_json(row_of(one)) + b"\n" for one in entries)


def table_of(rows: Iterable[Mapping[str, Any]]) -> bytes:
    """Rows as CSV that no spreadsheet takes for formulas."""
    table = Table()
    for row in rows:
        table.add(row)
    return table.text()


class Table:
    """CSV that no spreadsheet takes for formulas, row by row."""

    def __init__(self) -> None:
        self._out = io.StringIO()
        self._writer = csv.writer(self._out, lineterminator="\n")
        self._writer.writerow(COLUMNS)

    def add(self, row: Mapping[str, Any]) -> None:
        """Add a row as `row_of` gives it."""
        entry = row["entry"]
        details = entry.get("details", {})  # of earlier entries the reason is in the details alone
        cells = {"reason": details.get("reason"), **entry, "index": row["index"]}
        cells["details"] = canonical_json(details).decode()
        self._writer.writerow(["" if (cell := cells.get(name)) is None else safe_cell(str(cell)) for name in COLUMNS])

    def text(self) -> bytes:
        """All of it, in UTF-8."""
        return self._out.getvalue().encode("utf-8")


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files, unpacked and in order. The comment is the SHA-256 of the manifest."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.create_system = 3  # otherwise the machine's own
            info.external_attr = 0o644 << 16
            archive.writestr(info, files[name])
        archive.comment = hashlib.sha256(files.get(MANIFEST, b"")).hexdigest().encode()
    return out.getvalue()


def unzipped(data: bytes, *, where: str) -> dict[str, bytes]:
    """The files of an export. Raises `InvalidInputError` on what is none, or is not as it was made to the last bit."""
    if len(data) > LIMIT:
        raise TooLargeError(f"{where} has over {LIMIT >> 20} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = archive.namelist()
            if sorted(names) != sorted(FILES) or any(one.compress_type for one in archive.infolist()):
                raise InvalidInputError("is no export of an audit trail", where=where)
            files = {name: archive.read(name) for name in names}
    except DAMAGED as error:
        raise InvalidInputError("is no zip file, or it is damaged", where=where) from error
    if zipped(files) != data:
        raise InvalidInputError("is not as it was made: the package around the files was changed", where=where)
    return files


def is_export(data: bytes) -> bool:
    """Whether a file means to be an export of the trail, and not an evidence package."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return LEAVES in archive.namelist()
    except DAMAGED:
        return False


def read_manifest(files: Mapping[str, bytes], *, where: str) -> dict[str, Any]:
    """The manifest. Raises `InvalidInputError` when it is none."""
    try:
        manifest = json.loads(files[MANIFEST])
        sound = manifest["format"] == FORMAT and canonical_json(manifest) == files[MANIFEST]
        sound = sound and isinstance(manifest["files"], dict) and isinstance(manifest["erased"], list)
        asked = manifest["asked"]
        sound = sound and isinstance(asked, dict) and all(isinstance(one, str) for one in asked.values())
    except (ValueError, LookupError, TypeError, RecursionError) as error:
        raise InvalidInputError("is no manifest of an export", where=f"{where}: {MANIFEST}") from error
    if not sound:
        raise InvalidInputError("is no manifest of an export", where=f"{where}: {MANIFEST}")
    return dict(manifest)
