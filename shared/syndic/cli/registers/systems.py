"""``syndic systems``: the inventory of AI systems that are no endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from syndic.cli.registers.asking import clock_lines, deployed, due_of, listing, print_page
from syndic.cli.registry.places import open_client
from syndic.cli.shell.commands import SuggestingGroup

STATES: Final = ("idea", "pilot", "in_use", "retired")
ORIGINS: Final = ("bought_software", "general_purpose_model", "spreadsheet", "own_development", "other")
ROLES: Final = ("provider", "deployer", "importer", "distributor", "authorised_representative")
DATA: Final = (
    "none", "personal", "special_categories", "criminal_offences", "biometric", "of_children", "confidential",
)  # fmt: skip
system_argument = click.argument("system", metavar="ID")
day = click.DateTime(["%Y-%m-%d"])


@click.group("systems", cls=SuggestingGroup)
def command() -> None:
    """Keep bought software, models behind an API, pilots and spreadsheets in the inventory."""


def _described(command: Any) -> Any:
    for one in (
        click.option("--review", "review_due", type=day, metavar="DAY", help="When it is looked at again."),
        click.option("--country", "countries", multiple=True, metavar="CC", help="Such as DE. Repeatable."),
        click.option("--data", "data_categories", multiple=True, type=click.Choice(DATA), help="Repeatable."),
        click.option("--vendor", "vendor_id", metavar="ID", help="Its entry in the register of vendors."),
        click.option("--supplier", help="Who supplies it, in words."),
        click.option("--role", "roles", multiple=True, type=click.Choice(ROLES), help="Of the organisation."),
        click.option("--version", metavar="NAME", help="In use, as its supplier names it."),
        click.option("--purpose", help="What it is used for."),
        click.option("--owner", metavar="PERSON", help="Who answers for it; left out: yourself."),
    ):
        command = one(command)
    return command


@command.command("add")
@click.option("--name", required=True)
@click.option("--origin", type=click.Choice(ORIGINS), required=True)
@click.option("--state", type=click.Choice(STATES[:3]), default="idea", show_default=True)
@_described
@deployed
def add(
    *, name: str, origin: str, state: str, api: str | None, token_file: Path | None, output_format: str, **said: Any
) -> int:
    """Put a system into the inventory. It is registered like a model, so that every framework judges it."""
    body = {"name": name, "origin": origin, "state": state, **_given(said)}
    return _say(open_client(api, token_file).send("POST", "/systems", body), output_format)


@command.command("list")
@click.option("--origin", type=click.Choice(ORIGINS))
@click.option("--vendor", metavar="ID", help="Only systems of this vendor.")
@listing(states=STATES)
@deployed
def show_all(
    *, model_id: str | None, api: str | None, token_file: Path | None, output_format: str, **query: Any
) -> int:
    """List the inventory, what is due for review first before."""
    page = open_client(api, token_file).get("/systems", model=model_id, **query)
    rows = (
        [
            one["entry"]["id"], one["entry"]["state"], one["entry"]["origin"], due_of(one), one["entry"]["owner"],
            one["entry"]["model_ids"][0], one["entry"]["title"],
        ]
        for one in page["systems"]
    )  # fmt: skip
    print_page(output_format, page, rows, ("id", "state", "origin", "due", "owner", "model", "name"), "no systems")
    return 0


@command.command("show")
@system_argument
@deployed
def show(*, system: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Show a system: what is judged of it, what is missing and what is next."""
    return _say(open_client(api, token_file).get(f"/systems/{system}"), output_format)


@command.command("change")
@system_argument
@click.option("--name")
@click.option("--origin", type=click.Choice(ORIGINS))
@click.option("--state", type=click.Choice(STATES), help="retired is final, and retires its registered model.")
@_described
@deployed
def change(*, system: str, api: str | None, token_file: Path | None, output_format: str, **said: Any) -> int:
    """Change what is said of a system, or move it on in its life."""
    return _say(open_client(api, token_file).send("PATCH", f"/systems/{system}", _given(said)), output_format)


@command.command("review")
@system_argument
@click.option("--next", "next_review", type=day, required=True, metavar="DAY", help="When it is reviewed next.")
@deployed
def review(*, system: str, next_review: datetime, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Say that a system was reviewed today."""
    body = {"next_review": next_review.date().isoformat()}
    return _say(open_client(api, token_file).send("POST", f"/systems/{system}/review", body), output_format)


def _given(said: dict[str, Any]) -> dict[str, Any]:
    kept = {name: list(value) if isinstance(value, tuple) else value for name, value in said.items() if value}
    return {name: value.date().isoformat() if isinstance(value, datetime) else value for name, value in kept.items()}


def _say(found: dict[str, Any], form: str) -> int:
    from syndic.cli.registry.text import say

    say(form, found, "\n".join(_lines(found)))
    return 0


def _lines(found: dict[str, Any]) -> Iterator[str]:
    entry, model = found["entry"], found["model"]
    yield f"{entry['id']}  {entry['title']} ({entry['state']}, {entry['origin']}), owned by {entry['owner']}"
    yield f"  model:    {model['id']}, version {model.get('version_in_use') or 'not known'}"
    level = found["risk"]["level"] or "not answered"
    yield f"  risk:     {level} by the answers, {(model['risk'] or {}).get('level', 'undecided')} by decision"
    for one in found["evaluated"]["frameworks"]:
        waits = len(one["needs_traffic"])
        yield f"  judged:   {one['title']}: {one['met']} of {one['applicable']} met, {waits} wait for traffic"
    yield f"            {found['evaluated']['says']}"
    yield from (f"  missing:  {one}" for one in found["missing"])
    yield from (f"  differs:  {one}" for one in found["differences"])
    yield from clock_lines(found)
