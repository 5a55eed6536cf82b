"""``syndic audit``: verify an evidence package offline."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from syndic.cli.commands import SuggestingGroup
from syndic.cli.shell.options import format_option
from syndic.cli.shell.outcomes import code_of
from syndic.cli.shell.tables import table
from syndic.errors import InvalidInputError

if TYPE_CHECKING:
    from syndic.audit.models import Head, Verification
    from syndic.reports.evidence.verify import Package


FAR: Final = 100_000


@click.group("audit", cls=SuggestingGroup)
def command() -> None:
    """Verify what Syndic handed out, without Syndic."""


@command.command("verify", short_help="Verify an evidence package: files, report, audit trail.")
@click.argument("package", type=click.Path(path_type=Path), metavar="PACKAGE.zip")
@click.option(
    "--checkpoint",
    metavar="INDEX:HASH",
    help="A checkpoint kept elsewhere, as printed on a report: the trail in the package must hold this entry.",
)
@click.option("--sha256", metavar="HASH", help="The SHA-256 of the whole file, as the platform gave it.")
@format_option
@click.pass_context
def verify(
    context: click.Context, *, package: Path, checkpoint: str | None, sha256: str | None, output_format: str
) -> None:
    """Verify an evidence package: every file, the report's own hash, and the hash chain of the audit trail.

    Exit code 0: nothing is wrong. 1: something was changed, cut or added. 2: it is no evidence package.

    A package that was made anew as a whole is consistent too. To notice that, give a checkpoint or a SHA-256 that was
    kept elsewhere.
    """
    known = _known(checkpoint)
    data = _read(package)
    from syndic.reports.evidence.verify import read_package

    found = read_package(data, where=str(package))
    trail = _verified(found, known)
    problems = [(item.file, item.detail) for item in found.problems]
    digest = hashlib.sha256(data).hexdigest()
    if sha256 is not None and sha256.lower() != digest:
        problems.insert(0, (package.name, f"is another file than the one asked for: its SHA-256 is {digest}"))
    problems += [
        ("audit trail", item.detail if item.index is None else f"entry {item.index}: {item.detail}")
        for item in trail.problems
    ]
    if output_format == "json":
        click.echo(json.dumps(_as_json(found, trail, digest, problems), indent=2))
    else:
        click.echo(_as_text(found, trail, digest, problems))
    context.exit(code_of("audit", ["changed" if problems else "intact"]))


def _verified(package: Package, known: Head | None) -> Verification:
    """The chain of the packaged trail, up to the checkpoint that the report names and through the known one."""
    from syndic.audit.chain import verify_chain
    from syndic.audit.models import Head

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


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInputError(f"cannot be read: {error.strerror}", where=str(path)) from error
