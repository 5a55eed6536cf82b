"""`syndic keys` and `syndic users` against the API of this process."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from click.testing import CliRunner

from functions.api.handler import handler
from syndic.adapters.internet.api_client import ApiClient
from syndic.cli.identity.keys import command as keys
from syndic.cli.identity.users import command as users
from syndic.cli.shell.commands import COMMANDS
from tests.edges.conftest import Context
from tests.edges.serving import served
from tests.edges.world import World

pytestmark = pytest.mark.enable_socket


def test_a_key_from_the_shell_reads_and_ends(wire: Callable[[str], World], monkeypatch: pytest.MonkeyPatch) -> None:
    world = wire("governed")
    monkeypatch.setenv("SYNDIC_TOKEN", "admin")
    with served(handler, Context()) as (address, _):
        monkeypatch.setenv("SYNDIC_API", address)
        # The world's day is in March 2026, the shell's is today: a key of the furthest day is asked for by hand.
        body = {"name": "nightly", "scopes": ["read"]}
        secret = ApiClient(address, token="admin").send("POST", "/keys", body)["secret"]
        assert ApiClient(address, token=secret).get("/models")["models"]
        listed = CliRunner().invoke(keys, ["list"], standalone_mode=False)
        one = ApiClient(address, token="admin").get("/keys")["keys"][0]
        gone = CliRunner().invoke(keys, ["revoke", one["id"]], standalone_mode=False)

    assert one["id"] in listed.output
    assert "revoked: nightly" in gone.output
    assert world.store.query("keys").records[0].body["revoked_by"] == "ada"


def test_people_from_the_shell(wire: Callable[[str], World], monkeypatch: pytest.MonkeyPatch) -> None:
    world = wire("governed")
    monkeypatch.setenv("SYNDIC_TOKEN", "admin")
    with served(handler, Context()) as (address, _):
        monkeypatch.setenv("SYNDIC_API", address)

        def run(*words: str) -> str:
            return CliRunner().invoke(users, list(words), standalone_mode=False, catch_exceptions=False).output

        assert "nina@example.org: enabled; auditor" in run("invite", "nina@example.org", "--role", "auditor")
        assert "ml_engineer" in run("roles", "nina@example.org", "--role", "ml_engineer")
        assert "disabled" in run("disable", "nina@example.org")
        assert "nina@example.org" in run("list")
        run("delete", "nina@example.org")

    assert [one.email for one in world.directory.page().users] == [
        "ada@example.org", "olga@example.org", "otto@example.org"
    ]  # fmt: skip


def test_login_is_sign_in() -> None:
    assert COMMANDS["login"].target == COMMANDS["sign-in"].target
