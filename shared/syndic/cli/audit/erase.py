"""``syndic audit erase`` and ``syndic audit hold``: contents of entries go, unless a legal hold keeps them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from syndic.cli.registry.places import EPILOG, os_user, token_of
from syndic.cli.shell.settings import API, STORE, read_cli_settings
from syndic.errors import InvalidInputError

_SUBJECT: Final = re.compile(r"[a-z_]+/[A-Za-z0-9._-]{1,200}")
_REASON: Final = "Why; is in the trail."


@click.command("erase", short_help="Erase contents of the trail's entries about a subject.", epilog=EPILOG)
@click.argument("subject")
@click.option("--reason", required=True, metavar="TEXT", help=_REASON)
@click.option("--as", "actor", metavar="NAME", help="Who you are, in a local store; else the OS user.")
@click.option("--token-file", type=click.Path(path_type=Path), metavar="FILE", help="File of the ID token.")
@click.option("--store", type=click.Path(path_type=Path), metavar="DIR", help="A local registry's folder.")
@click.option("--api", metavar="URL", help="Address of the deployed API.")
def erase(subject: str, *, reason: str, **place: Any) -> None:
    """Erase contents and salts of the entries about SUBJECT, such as model/car-loan-1.

    Their hashes stay, so the trail verifies as before, and what was erased is known to be erased. A legal hold prevents
    it. That it was done, by whom and why, is an entry that is never erased.
    """
    _checked(subject, reason)
    total, more = 0, True
    while more:
        done = _send("/audit-logs/erasures", {"subject": subject, "reason": reason}, **place)
        total, more = total + int(done["entries"]), bool(done["more"]) and place["store"] is not None
        if done["more"] and not more:
            click.echo("there are more: ask again in a minute, when these are gone")
    click.echo(f"{subject}: contents of {total} entries")


@click.command("hold", short_help="Place a legal hold on a subject of the trail, or lift it.", epilog=EPILOG)
@click.argument("subject")
@click.option("--reason", required=True, metavar="TEXT", help=_REASON)
@click.option("--lift", is_flag=True, help="End the hold.")
@click.option("--as", "actor", metavar="NAME", help="Who you are, in a local store; else the OS user.")
@click.option("--token-file", type=click.Path(path_type=Path), metavar="FILE", help="File of the ID token.")
@click.option("--store", type=click.Path(path_type=Path), metavar="DIR", help="A local registry's folder.")
@click.option("--api", metavar="URL", help="Address of the deployed API.")
def hold(subject: str, *, reason: str, lift: bool, **place: Any) -> None:
    """Keep the entries about SUBJECT from being erased."""
    _checked(subject, reason)
    found = _send("/audit-logs/holds", {"subject": subject, "reason": reason, "held": not lift}, **place)
    for one in found["holds"]:
        click.echo(f"{one['subject']}  since {one['at']}  {one['by']}: {one['reason']}")
    if not found["holds"]:
        click.echo("no legal hold")


def _send(
    path: str, body: dict[str, Any], *, api: str | None, store: Path | None, token_file: Path | None, actor: str | None
) -> dict[str, Any]:
    settings = read_cli_settings()
    if api is None and store is None:
        api, store = settings.api, Path(settings.store) if settings.store else None
    if (api is None) is (store is None):
        raise InvalidInputError(f"where is the trail? give --api URL or --store DIR, or set {API} or {STORE}")
    if store is not None:
        return _locally(path, body, store, actor or os_user())
    if actor is not None:
        raise InvalidInputError("the API knows from the token who you are", where="--as")
    from syndic.adapters.internet.api_client import ApiClient

    answer: dict[str, Any] = ApiClient(str(api), token=token_of(token_file, settings)).send("POST", path, body)
    return answer


def _locally(path: str, body: dict[str, Any], folder: Path, actor: str) -> dict[str, Any]:
    from syndic.adapters.folder import FolderStore
    from syndic.audit.erasure.contents import erase_contents, set_hold
    from syndic.audit.log import AuditLog
    from syndic.models import to_json

    store = FolderStore(folder, create=False)
    common: dict[str, Any] = {
        "store": store, "audit": AuditLog(store), "actor": actor, "now": datetime.now(UTC), "reason": body["reason"],
    }  # fmt: skip
    if path.endswith("/erasures"):
        return to_json(erase_contents(body["subject"], **common))
    return {"holds": to_json(set_hold(body["subject"], held=body["held"], **common))["held"]}


def _checked(subject: str, reason: str) -> None:
    if not _SUBJECT.fullmatch(subject):
        raise InvalidInputError("is a kind and an id, such as model/car-loan-1", where="SUBJECT")
    if not 10 <= len(reason) <= 2000:
        raise InvalidInputError("has 10 to 2,000 characters", where="--reason")
