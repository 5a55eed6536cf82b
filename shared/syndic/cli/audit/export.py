"""``syndic audit export``: entries of the trail with all that is needed to verify them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from syndic.cli.registry.places import EPILOG
from syndic.cli.shell.settings import API, STORE, CliSettings, read_cli_settings
from syndic.errors import InvalidInputError

if TYPE_CHECKING:
    from syndic.audit.models import LoggedEntry
    from syndic.audit.search import Wanted

FORMATS: Final = ("package", "jsonl", "csv")


@click.command("export", short_help="Export entries of the trail, with what is needed to verify them.", epilog=EPILOG)
@click.option("--out", type=click.Path(path_type=Path), required=True, metavar="FILE", help="Where to write.")
@click.option("--from", "begin", metavar="TIME", help="The earliest time: 2026-11-21 or 2026-11-21T09:00:00Z.")
@click.option("--to", "end", metavar="TIME", help="The time before which it was.")
@click.option("--model", metavar="ID", help="Only about this model.")
@click.option("--actor", metavar="NAME", help="Only what this person or function did.")
@click.option("--action", metavar="ACTION", help="Only this, such as model.changed.")
@click.option(
    "--as-format",
    "form",
    type=click.Choice(FORMATS),
    default="package",
    show_default=True,
    help="A package that can be verified, or only the entries.",
)
@click.option(
    "--signing-key",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Signs the checkpoint of a local store; made if it is not there. A deployed log signs with its own key.",
)
@click.option("--token-file", type=click.Path(path_type=Path), metavar="FILE", help="File of the ID token.")
@click.option("--store", type=click.Path(path_type=Path), metavar="DIR", help="A local registry's folder.")
@click.option("--api", metavar="URL", help="Address of the deployed API.")
def export(
    *,
    out: Path,
    begin: str | None,
    end: str | None,
    model: str | None,
    actor: str | None,
    action: str | None,
    form: str,
    signing_key: Path | None,
    token_file: Path | None,
    store: Path | None,
    api: str | None,
) -> None:
    """Export entries of the audit trail.

    The package holds their contents, the hashes of all entries up to a signed checkpoint, and says in plain words how
    to verify it. Entries younger than the newest checkpoint are in the next one.
    """
    from syndic.audit.public.export import lines_of, package, row_of, table_of
    from syndic.audit.search import Wanted

    wanted = Wanted(
        subject=None if model is None else f"model/{model}",
        actor=actor,
        action=action,
        begin=_moment(begin, "--from"),
        end=_moment(end, "--to"),
    )
    trail = _trail(api, store, token_file, signing_key, read_cli_settings())
    # Before the entries: all of those under it are then there, also while others write.
    signed = trail.checkpoint() if form == "package" else None
    entries = sorted(trail.entries(wanted), key=lambda one: one.index)
    if signed is not None:
        options = {"from": begin, "to": end, "model": model, "actor": actor, "action": action}
        asked = {name: value for name, value in options.items() if value is not None}
        note, key, size = signed
        kept = [one for one in entries if one.index < size]
        missing = sorted(set(range(size)) - {one.index for one in kept}) if not asked else []
        _refuse_later_erasures(missing, entries, size)
        data = package(kept, trail.leaves(size), note=note, key=key, asked=asked, erased=missing)
        entries = kept
    elif form == "jsonl":
        data = lines_of(entries)
    else:
        data = table_of(row_of(one) for one in entries)
    try:
        out.write_bytes(data)
    except OSError as error:
        raise InvalidInputError(f"cannot be written: {error.strerror}", where=str(out)) from error
    click.echo(f"{out}: {len(entries)} entries")


def _refuse_later_erasures(missing: Sequence[int], entries: Sequence[LoggedEntry], size: int) -> None:
    """An erasure that is younger than the checkpoint is in no package of it, which would then be found incomplete."""
    from syndic.audit.erasure.erased import ERASED, indices_of

    later = (one.entry for one in entries if one.index >= size and one.entry.action == ERASED)
    gone = set(missing) & {index for entry in later for index in indices_of(entry)}
    if gone:
        raise InvalidInputError(
            f"{len(gone)} contents were erased after the newest checkpoint, of {size} entries; the next one, which is "
            "published within ten minutes, says so: export again then",
            where="audit trail",
        )


class _Local:
    """The trail of a local store, signed with a key of one's own."""

    def __init__(self, folder: Path, key: Path | None) -> None:
        from syndic.adapters.folder import FolderStore

        self._store, self._folder, self._key = FolderStore(folder, create=False), folder, key

    def entries(self, wanted: Wanted) -> Iterator[LoggedEntry]:
        from syndic.audit.search import search_entries

        token: str | None = None
        while True:
            page = search_entries(self._store, wanted, limit=100, token=token)
            yield from page.entries
            if (token := page.next_token) is None:
                return

    def checkpoint(self) -> tuple[str, str, int]:
        from syndic.adapters.folder.keys import FileKey
        from syndic.audit.signed.checkpoints import signed_checkpoint
        from syndic.audit.signed.notes import verifier_of
        from syndic.audit.tree.batches import read_tree

        if self._key is None:
            raise InvalidInputError(
                "a local store has no key: say which signs, it is made if needed", where="--signing-key"
            )
        key, tree = FileKey.of(self._key), read_tree(self._store)
        return str(signed_checkpoint(tree.head.size, tree.frontier.root, key)), str(verifier_of(key)), tree.head.size

    def leaves(self, size: int) -> list[str]:
        from syndic.audit.tree.batches import hashes_between

        return list(hashes_between(self._store, 0, size))


class _Deployed:
    """The trail behind the API."""

    def __init__(self, client: Any) -> None:
        self._client = client

    def entries(self, wanted: Wanted) -> Iterator[LoggedEntry]:
        from syndic.audit.models import LoggedEntry

        asked = {
            "subject": wanted.subject,
            "actor": wanted.actor,
            "action": wanted.action,
            "from": None if wanted.begin is None else wanted.begin.isoformat(),
            "to": None if wanted.end is None else wanted.end.isoformat(),
            "limit": 100,
        }
        query = {name: str(value) for name, value in asked.items() if value is not None}
        while True:
            page = self._client.get("/audit-logs", **query)
            yield from (LoggedEntry.model_validate(one) for one in page["entries"])
            if not page.get("next_token"):
                return
            query["token"] = page["next_token"]

    def checkpoint(self) -> tuple[str, str, int]:
        found = self._client.get("/audit-logs/checkpoint")
        return found["note"], found["key"], found["size"]

    def leaves(self, size: int) -> list[str]:
        found: list[str] = []
        while len(found) < size:
            query = {"start": str(len(found)), "end": str(min(size, len(found) + 4096))}
            some = self._client.get("/audit-logs/leaves", **query)["hashes"]
            if not some:
                raise InvalidInputError(f"has {len(found)} hashes, its checkpoint is of {size}", where="audit trail")
            found += some
        return found


def _trail(
    api: str | None, store: Path | None, token_file: Path | None, key: Path | None, settings: CliSettings
) -> _Local | _Deployed:
    if api is None and store is None:
        api, store = settings.api, Path(settings.store) if settings.store else None
    if (api is None) is (store is None):
        raise InvalidInputError(f"where is the trail? give --api URL or --store DIR, or set {API} or {STORE}")
    if store is not None:
        return _Local(store, key)
    if key is not None:
        raise InvalidInputError("a deployed log signs with its own key", where="--signing-key")
    from syndic.adapters.internet.api_client import ApiClient
    from syndic.cli.registry.places import token_of

    return _Deployed(ApiClient(str(api), token=token_of(token_file, settings)))


def _moment(text: str | None, option: str) -> datetime | None:
    if text is None:
        return None
    try:
        if len(text) == 10:
            return datetime.combine(date.fromisoformat(text), time.min, UTC)
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError(f"{text[:40]!r} is no time such as 2026-11-21T09:00:00Z", where=option) from error
    if moment.tzinfo is None:
        raise InvalidInputError("needs a zone, such as 2026-11-21T09:00:00Z", where=option)
    return moment
