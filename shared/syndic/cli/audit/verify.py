"""``syndic audit verify``: an export, a proof or an evidence package, offline."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syndic.cli.shell.options import format_option
from syndic.cli.shell.outcomes import code_of
from syndic.cli.shell.tables import plain, table
from syndic.cli.shell.written import written
from syndic.errors import InvalidInputError

if TYPE_CHECKING:
    from syndic.audit.signed.notes import VerifierKey
    from syndic.audit.verification.offline import Offline


@click.command("verify", short_help="Verify an export of the trail, a proof of an entry, or an evidence package.")
@click.argument("package", type=click.Path(path_type=Path), metavar="FILE")
@click.option(
    "--checkpoint",
    metavar="OLDER",
    help="A checkpoint kept elsewhere: the file of a signed one, or INDEX:HASH as printed on a report.",
)
@click.option("--key", metavar="VKEY", help="The log's key, or a file of it, as it was given to you another way.")
@click.option("--policy", type=click.Path(path_type=Path), metavar="FILE", help="Which witnesses must have signed.")
@click.option("--sha256", metavar="HASH", help="The SHA-256 of the whole file, as the platform gave it.")
@format_option
@click.pass_context
def verify(
    context: click.Context,
    *,
    package: Path,
    checkpoint: str | None,
    key: str | None,
    policy: Path | None,
    sha256: str | None,
    output_format: str,
) -> None:
    """Verify an export of the audit trail, a `.tlog-proof` of one entry, or an evidence package. No cloud, no account.

    Exit code 0: verified. 1: something was changed, cut or added. 2: it is nothing that can be verified.

    Whoever makes the whole anew makes a consistent whole. What shows it is kept elsewhere: the key, a checkpoint.
    """
    data = read_file(package)
    from syndic.audit.public.export import is_export
    from syndic.audit.public.proofs import HEADER

    digest = hashlib.sha256(data).hexdigest()
    if data.startswith(HEADER.encode()):
        said, text = _proof(data, package, key, policy)
    elif is_export(data):
        said, text = _export(data, package, key, checkpoint, policy)
    else:
        from syndic.cli.audit.evidence import verify_evidence

        said, text = verify_evidence(data, where=str(package), checkpoint=checkpoint, sha256=sha256)
    if sha256 is not None and sha256.lower() != digest and said["intact"]:
        what = f"is another file than the one asked for: its SHA-256 is {digest}"
        said = {**said, "intact": False, "problems": [{"where": package.name, "problem": what}]}
        text = f"{package.name} {what}"
    click.echo(text if output_format == "table" else written(output_format, said))
    context.exit(code_of("audit", ["intact" if said["intact"] else "changed"]))


def _export(
    data: bytes, path: Path, key: str | None, checkpoint: str | None, policy: Path | None
) -> tuple[dict[str, Any], str]:
    from syndic.audit.verification.offline import verify_export

    older = None if checkpoint is None else read_file(Path(checkpoint))
    found = verify_export(data, where=str(path), key=_key(key), older=older)
    _cosigned(found, policy)
    return _as_json(found), _as_text(found, believed=key is None)


def _cosigned(found: Offline, policy: Path | None) -> None:
    if policy is None:
        return
    from syndic.audit.signed.policy import read_policy

    missing = read_policy(read_file(policy).decode("utf-8", "replace"), where=str(policy)).unmet(found.note)
    if missing is not None:
        found.fault("checkpoint.txt", missing)


def _as_json(found: Offline) -> dict[str, Any]:
    continues = found.continues
    return {
        "intact": not found.problem_count,
        "origin": found.checkpoint.origin,
        "size": found.checkpoint.size,
        "root": found.checkpoint.root.hex(),
        "key": str(found.key),
        "entries": found.entries,
        "erased": found.erased,
        "asked": found.asked,
        "continues": None if continues is None else continues.size,
        "problem_count": found.problem_count,
        "problems": [{"where": where, "problem": problem} for where, problem in found.problems],
    }


def _as_text(found: Offline, *, believed: bool) -> str:
    about = f"{plain(found.checkpoint.origin)}, checkpoint of {found.checkpoint.size} entries"
    if found.problem_count:
        rows = [list(one) for one in found.problems]
        return f"{about}\n{found.problem_count} problems; the first do not fit because\n{table(['where', 'why'], rows)}"
    held = f"verified, {found.entries} entries"
    if found.erased:
        held += f" and {found.erased} erased"
    if found.continues is not None:
        held += f", continues the checkpoint of {found.continues.size} entries"
    lines = [about, held]
    if believed:
        lines.append(
            f"The key came with the package: compare it with the one you were given, or give it as --key\n{found.key}"
        )
    if found.asked:
        asked = ", ".join(f"{name} {value}" for name, value in sorted(found.asked.items()))
        lines.append(
            f"Only what was asked for is in it ({plain(asked)}): that no entry that fits was left out is not proven."
        )
    if found.continues is None:
        lines.append("No older checkpoint was given: that nothing before was written anew is only the log's own word.")
    return "\n".join(lines)


def _proof(data: bytes, path: Path, key: str | None, policy: Path | None) -> tuple[dict[str, Any], str]:
    from syndic.audit.public.proofs import verify_proof
    from syndic.audit.signed.notes import read_note

    known = _key(key)
    if known is None:
        raise InvalidInputError("a proof comes without a key: give the log's as --key", where=str(path))
    try:
        proven = verify_proof(data, (known,), where=str(path))
    except InvalidInputError as error:
        said = {"intact": False, "problems": [{"where": path.name, "problem": str(error)}]}
        return said, str(error)
    if policy is not None:
        from syndic.audit.signed.policy import read_policy

        note = read_note(data.partition(b"\n\n")[2], where=str(path))
        missing = read_policy(read_file(policy).decode("utf-8", "replace"), where=str(policy)).unmet(note)
        if missing is not None:
            return {"intact": False, "problems": [{"where": path.name, "problem": missing}]}, missing
    said = {
        "intact": True,
        "index": proven.index,
        "entry": proven.entry,
        "origin": proven.checkpoint.origin,
        "size": proven.checkpoint.size,
        "problems": [],
    }
    what = f"verified: entry {proven.index} of {proven.checkpoint.size} in {proven.checkpoint.origin}"
    shown = json.dumps(proven.entry, indent=2, ensure_ascii=False).split("\n")
    return said, "\n".join([plain(what), *map(plain, shown)])


def _key(text: str | None) -> VerifierKey | None:
    if text is None:
        return None
    from syndic.audit.signed.notes import read_key

    path = Path(text)
    if "+" not in text and path.is_file():
        return read_key(read_file(path).decode("ascii", "replace"), where=text)
    return read_key(text, where="--key")


def read_file(path: Path) -> bytes:
    """A file's bytes. Raises `InvalidInputError` when it cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInputError(f"cannot be read: {error.strerror}", where=str(path)) from error
