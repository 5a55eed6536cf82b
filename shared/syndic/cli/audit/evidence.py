"""An evidence package, verified offline: files, report, and the audit trail in it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from syndic.cli.shell.tables import table
from syndic.errors import InvalidInputError

if TYPE_CHECKING:
    from syndic.audit.models import Head, Verification
    from syndic.reports.evidence.verify import Package


FAR: Final = 100_000


def verify_evidence(
    data: bytes, *, where: str, checkpoint: str | None, sha256: str | None
) -> tuple[dict[str, Any], str]:
    """What verifying an evidence package gave: as JSON, and as text.

    A package that was made anew as a whole is consistent too. To notice that, give a checkpoint or a SHA-256 that was
    kept elsewhere.
    """
    known = _known(checkpoint)
    from syndic.reports.evidence.verify import read_package

    found = read_package(data, where=where)
    trail = _verified(found, known)
    problems = [(item.file, item.detail) for item in found.problems]
    digest = hashlib.sha256(data).hexdigest()
    if sha256 is not None and sha256.lower() != digest:
        problems.insert(
            0, (where.rsplit("/", 1)[-1], f"is another file than the one asked for: its SHA-256 is {digest}")
        )
    problems += [
        ("audit trail", item.detail if item.index is None else f"entry {item.index}: {item.detail}")
        for item in trail.problems
    ]
    return _as_json(found, trail, digest, problems), _as_text(found, trail, digest, problems)


def _verified(package: Package, known: Head | None) -> Verification:
    """The chain of the packaged trail, up to the checkpoint that the report names and through the known one."""
    from syndic.audit.models import Head
    from syndic.audit.tree.chain import verify_chain

    named = package.checkpoint
    head = Head() if named is None else Head(size=named.index + 1, hash=named.hash)
    return verify_chain(_placed(package.trail), head, after=lambda: head, known=known)


def _placed(trail: Sequence[Mapping[str, Any]]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Entries with their indices, as long as these go up and not absurdly far: else with their place in the file."""
    last = -1
    for entry in trail:
        index = entry.get("index")
        fits = isinstance(index, int) and last < index <= last + FAR
        last = int(str(index)) if fits else last + 1
        yield last, entry


def _known(text: str | None) -> Head | None:
    from syndic.audit.models import Head

    if text is None:
        return None
    index, _, digest = text.partition(":")
    digest = digest.strip().lower()
    if not index.strip().isdigit() or len(digest) != 64 or not set(digest) <= set("0123456789abcdef"):
        raise InvalidInputError("expected INDEX:HASH with 64 hexadecimal digits", where="--checkpoint")
    return Head(size=int(index) + 1, hash=digest)


def _as_json(package: Package, trail: Verification, digest: str, problems: list[tuple[str, str]]) -> dict[str, Any]:
    return {
        "intact": not problems,
        "report_id": package.report_id,
        "sha256": digest,
        "files": package.files,
        "audit_entries": trail.head.size,
        "audit_hash": trail.head.hash,
        "problems": [{"where": where, "problem": problem} for where, problem in problems],
    }


def _as_text(package: Package, trail: Verification, digest: str, problems: list[tuple[str, str]]) -> str:
    what = f"report {package.report_id}, {package.files} files, {trail.head.size} audit entries\nSHA-256 {digest}"
    if problems:
        return f"{what}\n{table(['where', 'what is wrong'], [list(item) for item in problems])}"
    return f"{what}\nNothing is wrong: files, report and audit trail are as the package says."
