"""``syndic keys``: keys with which programs call the API."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from syndic.cli.registry.places import open_client
from syndic.cli.shell.commands import SuggestingGroup
from syndic.cli.shell.options import format_option
from syndic.cli.shell.tables import table

EPILOG = "Example: syndic keys create nightly --scope read --days 30"


@click.group("keys", cls=SuggestingGroup, epilog=EPILOG)
def command() -> None:
    """Make, list and revoke keys of programs. Sign in first: a key makes no keys."""


api_option = click.option("--api", metavar="URL", help="Address of the deployed API.")
token_option = click.option(
    "--token-file", type=click.Path(path_type=Path), metavar="FILE", help="File of the ID token."
)


@command.command("list", epilog="Example: syndic keys list --format json")
@api_option
@token_option
@format_option
def show(*, api: str | None, token_file: Path | None, output_format: str) -> int:
    """List your keys; as an admin, everybody's."""
    from syndic.cli.registry.text import say

    client, found = open_client(api, token_file), []
    page: dict[str, Any] = {"next_token": None}
    while page is not None:
        page = client.get("/keys", token=page["next_token"])
        found += page["keys"]
        if page["next_token"] is None:
            break
    rows = [
        [one["id"], one["name"], " ".join(one["scopes"]), one["made_by"], one["expires_at"], one["used_at"] or "never",
         "revoked" if one["revoked_at"] else "in force"]
        for one in found
    ]  # fmt: skip
    say(output_format, {"keys": found}, table(["id", "name", "scopes", "by", "expires", "used", "state"], rows))
    return 0


@command.command("create", epilog=EPILOG)
@click.argument("name")
@click.option(
    "--scope", "scopes", type=click.Choice(["read", "write", "admin"]), multiple=True, required=True, help="Repeatable."
)
@click.option("--days", type=click.IntRange(1, 365), default=90, show_default=True, help="Until it ends.")
@api_option
@token_option
@format_option
def create(
    *, name: str, scopes: tuple[str, ...], days: int, api: str | None, token_file: Path | None, output_format: str
) -> int:
    """Make a key and print it. It cannot be shown again."""
    from syndic.cli.registry.text import say

    ends = (datetime.now(UTC) + timedelta(days=days)).isoformat()
    body = {"name": name, "scopes": list(scopes), "expires_at": ends}
    made = open_client(api, token_file).send("POST", "/keys", body)
    say(output_format, made, made["secret"])
    return 0


@command.command("revoke", epilog="Example: syndic keys revoke 3f9a11c04d5e6b77")
@click.argument("key_id", metavar="ID")
@api_option
@token_option
@format_option
def revoke(*, key_id: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """End a key at once."""
    from syndic.cli.registry.text import say

    gone = open_client(api, token_file).send("DELETE", f"/keys/{key_id}", {})
    say(output_format, gone, f"revoked: {gone['name']}")
    return 0
