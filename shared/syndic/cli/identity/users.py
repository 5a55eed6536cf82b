"""``syndic users``: who may sign in, and in which roles."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from syndic.cli.identity.keys import api_option, token_option
from syndic.cli.registry.places import open_client
from syndic.cli.shell.commands import SuggestingGroup
from syndic.cli.shell.options import format_option
from syndic.cli.shell.tables import table

EPILOG = "Example: syndic users invite nina@example.org --role auditor"
role_option = click.option("--role", "roles", metavar="ROLE", multiple=True, help="Repeatable.")


@click.group("users", cls=SuggestingGroup, epilog=EPILOG)
def command() -> None:
    """Invite people, give them roles, disable and delete them. For admins."""


@command.command("list", epilog="Example: syndic users list")
@api_option
@token_option
@format_option
def show(*, api: str | None, token_file: Path | None, output_format: str) -> int:
    """List everybody who may sign in."""
    from syndic.cli.registry.text import say

    client, found = open_client(api, token_file), []
    token: str | None = None
    while True:
        page = client.get("/users", token=token)
        found += page["users"]
        token = page["next_token"]
        if token is None:
            break
    rows = [
        [one["name"], "yes" if one["enabled"] else "no", "yes" if one["confirmed"] else "no", one["email"]]
        for one in found
    ]
    say(output_format, {"users": found}, table(["name", "enabled", "confirmed", "email"], rows))
    return 0


@command.command("invite", epilog=EPILOG)
@click.argument("email")
@role_option
@api_option
@token_option
@format_option
def invite(
    *, email: str, roles: tuple[str, ...], api: str | None, token_file: Path | None, output_format: str
) -> int:  # fmt: skip
    """Invite somebody by mail."""
    body = {"email": email, "roles": list(roles)}
    return _told(output_format, open_client(api, token_file).send("POST", "/users", body))


@command.command("roles", epilog="Example: syndic users roles nina@example.org --role auditor --role ml_engineer")
@click.argument("user")
@role_option
@api_option
@token_option
@format_option
def give(
    *, user: str, roles: tuple[str, ...], api: str | None, token_file: Path | None, output_format: str
) -> int:  # fmt: skip
    """Give USER exactly these roles; without --role, none."""
    name = _named(user, api, token_file)
    answer = open_client(api, token_file).send("PUT", f"/users/{name}/roles", {"roles": list(roles)})
    return _told(output_format, answer)


@command.command("disable", epilog="Example: syndic users disable nina@example.org")
@click.argument("user")
@click.option("--undo", is_flag=True, help="Let them sign in again.")
@api_option
@token_option
@format_option
def disable(*, user: str, undo: bool, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Let USER sign in no more."""
    name = _named(user, api, token_file)
    return _told(output_format, open_client(api, token_file).send("PATCH", f"/users/{name}", {"enabled": undo}))


@command.command("delete", epilog="Example: syndic users delete nina@example.org")
@click.argument("user")
@api_option
@token_option
@format_option
def delete(*, user: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Remove the account of USER. What they did stays on record."""
    name = _named(user, api, token_file)
    return _told(output_format, open_client(api, token_file).send("DELETE", f"/users/{name}", {}))


def _named(user: str, api: str | None, token_file: Path | None) -> str:
    """The directory's name of a user who is given by it or by their address."""
    if "@" not in user:
        return quote(user, safe="")
    client = open_client(api, token_file)
    token: str | None = None
    while True:
        page = client.get("/users", token=token)
        for one in page["users"]:
            if one["email"].lower() == user.lower():
                return quote(one["name"], safe="")
        token = page["next_token"]
        if token is None:
            raise click.BadParameter(f"nobody has the address {user}")


def _told(output_format: str, user: dict[str, Any]) -> int:
    from syndic.cli.registry.text import say

    state = "enabled" if user["enabled"] else "disabled"
    say(
        output_format, user, f"{user['email'] or user['name']}: {state}; {', '.join(user['roles'] or ()) or 'no roles'}"
    )
    return 0
