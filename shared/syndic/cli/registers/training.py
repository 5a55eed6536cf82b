"""``syndic training``: who took which training, and who is assigned to oversee what."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from syndic.cli.registers.asking import deployed, due_of, print_page
from syndic.cli.registry.places import open_client
from syndic.cli.shell.commands import SuggestingGroup

SUBJECTS: Final = ("ai_literacy", "human_oversight", "data_protection", "model_risk", "security", "other")
DUTIES: Final = (
    "human_oversight", "risk_owner", "data_protection", "incident_reporting", "post_market_monitoring", "other"
)  # fmt: skip
day = click.DateTime(["%Y-%m-%d"])
limit = click.option("--limit", type=click.IntRange(1, 100), default=50, show_default=True)
page_token = click.option("--token", metavar="TOKEN", help="From the page before.")


@click.group("training", cls=SuggestingGroup)
def command() -> None:
    """Trainings of people, and who is assigned to what."""


@command.command("record")
@click.option("--person", required=True, help="User name or address of whoever took it.")
@click.option("--role", required=True, help="For which the person took it.")
@click.option("--subject", type=click.Choice(SUBJECTS), default="ai_literacy", show_default=True)
@click.option("--title", required=True)
@click.option("--completed", "completed_on", type=day, required=True, metavar="DAY")
@click.option("--until", "valid_until", type=day, metavar="DAY", help="The last day on which it counts; else a year.")
@click.option("--provider", default="")
@click.option("--contents", default="", help="What it covered.")
@deployed
def record(
    *, completed_on: datetime, valid_until: datetime | None, api: str | None, token_file: Path | None,
    output_format: str, **given: Any,
) -> int:  # fmt: skip
    """Record that somebody took a training."""
    until = None if valid_until is None else valid_until.date().isoformat()
    body = {**given, "completed_on": completed_on.date().isoformat(), "valid_until": until}
    return _say(open_client(api, token_file).send("POST", "/trainings", body), output_format)


@command.command("list")
@click.option("--person", help="Only of this person.")
@click.option("--subject", type=click.Choice(SUBJECTS))
@limit
@page_token
@deployed
def show_all(*, api: str | None, token_file: Path | None, output_format: str, **query: Any) -> int:
    """List trainings, what runs out first before."""
    page = open_client(api, token_file).get("/trainings", **query)
    rows = (
        [one["id"], one["person"], one["subject"], one["valid_until"], "yes" if one["counts"] else "no", one["title"]]
        for one in page["trainings"]
    )
    print_page(output_format, page, rows, ("id", "person", "subject", "until", "counts", "what"), "no trainings")
    return 0


@command.command("end")
@click.argument("training", metavar="ID")
@click.option("--reason", required=True)
@deployed
def end(*, training: str, reason: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Say that a training no longer counts."""
    answer = open_client(api, token_file).send("POST", f"/trainings/{training}/end", {"reason": reason})
    return _say(answer, output_format)


@command.command("assign")
@click.option("--person", required=True, help="User name or address.")
@click.option("--duty", type=click.Choice(DUTIES), default="human_oversight", show_default=True)
@click.option("--model", "models", metavar="ID", multiple=True, help="Repeatable.")
@click.option("--authority", default="", help="What the person may do: stop the system, overrule it.")
@click.option("--competence", default="", help="Why the person can do it.")
@click.option("--training", "trainings", metavar="ID", multiple=True, help="On which it rests; repeatable.")
@click.option("--owner", required=True, metavar="PERSON", help="Who answers for the assignment.")
@deployed
def assign(
    *, models: tuple[str, ...], trainings: tuple[str, ...], api: str | None, token_file: Path | None,
    output_format: str, **given: Any,
) -> int:  # fmt: skip
    """Propose a person for a duty; it counts once the person accepts."""
    body = {**given, "model_ids": list(models), "trainings": list(trainings)}
    return _say(open_client(api, token_file).send("POST", "/assignments", body), output_format)


@command.command("assignments")
@click.option("--person", help="Only of this person.")
@click.option("--model", "model_id", metavar="ID", help="Only on this model.")
@click.option("--duty", type=click.Choice(DUTIES))
@limit
@page_token
@deployed
def assignments(*, api: str | None, token_file: Path | None, output_format: str, **query: Any) -> int:
    """List who is assigned to what."""
    page = open_client(api, token_file).get("/assignments", **query)
    rows = ([one["id"], one["person"], one["duty"], one["state"], due_of(one), ", ".join(one["model_ids"]) or "-"]
            for one in page["assignments"])  # fmt: skip
    print_page(output_format, page, rows, ("id", "person", "duty", "state", "due", "models"), "nobody is assigned")
    return 0


@command.command("accept")
@click.argument("assignment", metavar="ID")
@deployed
def accept(*, assignment: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Accept a duty: only the person who is assigned can."""
    return _say(open_client(api, token_file).send("POST", f"/assignments/{assignment}/accept", {}), output_format)


def _say(one: dict[str, Any], form: str) -> int:
    from syndic.cli.registry.text import say

    say(form, one, f"{one['id']}  {one['title']}\n  {one['person']}: {one['state']}, due {due_of(one)}")
    return 0
