"""``syndic erase``: plan what goes of captured rows, look at the plan, and have exactly that done."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from syndic.cli.registers.asking import deployed, print_page
from syndic.cli.registry.places import open_client
from syndic.cli.shell.commands import SuggestingGroup
from syndic.errors import InvalidInputError

erasure_argument = click.argument("erasure", metavar="ID")
STILL = frozenset({"planning", "applying"})


@click.group("erase", cls=SuggestingGroup)
def command() -> None:
    """Erasure of captured rows in your own stores: plan first, then apply exactly that plan."""


@command.command("plan")
@click.argument("model")
@click.option(
    "--id", "identifiers", multiple=True, metavar="VALUE", help="Of a person, as the column has it; repeatable."
)
@click.option("--ids", "file", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
              help="Identifiers, one a line: they stay out of the shell's history.")  # fmt: skip
@click.option("--column", metavar="NAME", help="Left out: the column of row ids, else the id of the call.")
@click.option("--older-than", "older_than_days", type=click.IntRange(1, 36_500), metavar="DAYS")
@click.option("--reference", default="", help="Of the request of a person.")
@click.option("--reason", required=True, help="At least ten characters; is in the record.")
@click.option("--wait", type=click.IntRange(0, 3600), default=0, metavar="SECONDS", help="Wait until it is planned.")
@deployed
def plan(
    *, model: str, identifiers: tuple[str, ...], file: Path | None, column: str | None, older_than_days: int | None,
    reference: str, reason: str, wait: int, api: str | None, token_file: Path | None, output_format: str,
) -> int:  # fmt: skip
    """Plan an erasure on MODEL. Nothing is changed; identifiers are not kept."""
    listed = [] if file is None else [line.strip() for line in file.read_text("utf-8").splitlines() if line.strip()]
    body = {
        "model_id": model, "identifiers": [*identifiers, *listed], "column": column, "reference": reference,
        "older_than_days": older_than_days, "reason": reason,
    }  # fmt: skip
    client = open_client(api, token_file)
    return _wait(client, client.send("POST", "/erasures", body), wait, output_format)


@command.command("show")
@erasure_argument
@click.option("--objects", is_flag=True, help="List the objects that change or go.")
@click.option("--limit", type=click.IntRange(1, 100), default=50, show_default=True)
@click.option("--token", metavar="TOKEN", help="From the page before.")
@deployed
def show(
    *, erasure: str, objects: bool, limit: int, token: str | None, api: str | None, token_file: Path | None,
    output_format: str,
) -> int:  # fmt: skip
    """Show an erasure: what its plan found, its hash, and what was done."""
    client = open_client(api, token_file)
    if not objects:
        return _say(client.get(f"/erasures/{erasure}"), output_format)
    page = client.get(f"/erasures/{erasure}/objects", limit=limit, token=token)
    rows = ([str(one["rows"]), "goes" if one["whole"] else "changes", str(one["size"]), one["uri"]]
            for one in page["objects"])  # fmt: skip
    print_page(output_format, page, rows, ("rows", "object", "bytes", "address"), "nothing changes")
    return 0


@command.command("list")
@click.option("--model", "model_id", metavar="ID", help="Only of this model.")
@click.option("--limit", type=click.IntRange(1, 100), default=50, show_default=True)
@click.option("--token", metavar="TOKEN", help="From the page before.")
@deployed
def show_all(*, api: str | None, token_file: Path | None, output_format: str, **query: Any) -> int:
    """List erasures, the newest first."""
    page = open_client(api, token_file).get("/erasures", **query)
    rows = (
        [one["id"], one["kind"], one["state"], str(one["found"]["rows"]), str(one["done"]["rows"]), one["reference"]]
        for one in page["erasures"]
    )
    print_page(output_format, page, rows, ("id", "of", "state", "planned", "gone", "reference"), "no erasures")
    return 0


@command.command("apply")
@erasure_argument
@click.option("--plan", "plan_sha256", required=True, metavar="HASH", help="The plan's hash, as `show` prints it.")
@click.option("--wait", type=click.IntRange(0, 3600), default=0, metavar="SECONDS", help="Wait until it is done.")
@deployed
def apply(
    *, erasure: str, plan_sha256: str, wait: int, api: str | None, token_file: Path | None, output_format: str
) -> int:
    """Have exactly the plan of this hash done."""
    client = open_client(api, token_file)
    done = client.send("POST", f"/erasures/{erasure}/apply", {"plan_sha256": plan_sha256})
    return _wait(client, done, wait, output_format)


def _wait(client: Any, erasure: dict[str, Any], seconds: int, form: str) -> int:
    until = time.monotonic() + seconds
    while erasure["state"] in STILL and time.monotonic() < until:
        time.sleep(2)
        erasure = client.get(f"/erasures/{erasure['id']}")
    if seconds and erasure["state"] in STILL:
        raise InvalidInputError(f"{erasure['id']} is still {erasure['state']} after {seconds} seconds; look again")
    return _say(erasure, form)


def _say(erasure: dict[str, Any], form: str) -> int:
    from syndic.cli.registry.text import say

    found, done = erasure["found"], erasure["done"]
    lines = [
        f"{erasure['id']}  {erasure['state']}",
        f"  looked at: {found['looked_at']} objects",
        f"  goes:      {found['rows']} rows of {found['objects']} objects, {found['removed']} of which go whole",
        f"  stays:     {found['unresolved']} unresolved, {found['unreadable']} lines unreadable",
        *(f"    {number}  {reason}" for reason, number in found["reasons"].items()),
        f"  versions:  {erasure['versions'] or 'not looked at yet'}",
        f"  plan:      {erasure['plan_sha256'] or 'being made'}",
        f"  done:      {done['rows']} rows of {done['objects']} objects; {done['changed']} had become others",
        *(f"  note:      {one}" for one in erasure["notices"]),
        *([f"  stopped:   {erasure['stopped']}"] if erasure["stopped"] else []),
        *([f"  trouble:   {erasure['trouble']}"] if erasure["trouble"] else []),
    ]
    say(form, erasure, "\n".join(lines))
    return 0
