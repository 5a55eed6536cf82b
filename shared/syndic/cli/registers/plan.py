"""``syndic plan``: the monitoring plan of a model, generated from what runs and held against it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click

from syndic.cli.registers.asking import clock_lines, deployed
from syndic.cli.registry.places import open_client
from syndic.cli.shell.commands import SuggestingGroup
from syndic.cli.shell.outcomes import ExitCode

model_argument = click.argument("model", metavar="MODEL")


@click.group("plan", cls=SuggestingGroup)
def command() -> None:
    """Draft, approve and follow the post-market monitoring plan of a model."""


@command.command("show")
@model_argument
@deployed
def show(*, model: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Show the plan in force against what runs. Exit code 1: something is not as planned; 3: no plan is in force."""
    from syndic.cli.registry.text import say

    found = open_client(api, token_file).get(f"/models/{model}/monitoring-plan")
    say(output_format, found, "\n".join(_lines(found)))
    if found["plan"] is None:
        return ExitCode.CANNOT_TELL
    return ExitCode.NOTHING_FOUND if found["follows"] else ExitCode.FINDING


@command.command("draft")
@model_argument
@click.option("--feedback", help="How data of deployers and other sources come in (Art. 72(2)).")
@click.option("--interaction", help="The interaction with other AI systems, or why there is none (Art. 72(2)).")
@click.option("--evaluation", help="How continuous compliance is evaluated, and by whom (Art. 72(2)).")
@click.option("--action", help="What is done, by whom, when monitoring finds something.")
@deployed
def draft(*, model: str, api: str | None, token_file: Path | None, output_format: str, **said: str | None) -> int:
    """Draft the next version from what runs now; what is left out is as in the version before."""
    from syndic.cli.registry.text import say

    body = {name: value for name, value in said.items() if value is not None}
    found = open_client(api, token_file).send("POST", f"/models/{model}/monitoring-plans", body)
    say(output_format, found, f"{found['id']}  plan no. {found['number']}, SHA-256 {found['sha256']}")
    return 0


@command.command("approve")
@model_argument
@click.argument("plan", metavar="ID")
@deployed
def approve(*, model: str, plan: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Approve a draft. It is refused while something is missing; the version before is superseded."""
    from syndic.cli.registry.text import say

    found = open_client(api, token_file).send("POST", f"/models/{model}/monitoring-plans/{plan}/approve", {})
    say(output_format, found, f"plan no. {found['number']} is in force, to be reviewed by {found['review_due']}")
    return 0


@command.command("versions")
@model_argument
@deployed
def versions(*, model: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """List every version of a plan."""
    from syndic.cli.registry.text import say
    from syndic.cli.shell.tables import table

    found = open_client(api, token_file).get(f"/models/{model}/monitoring-plans")
    rows = [
        [one["id"], str(one["number"]), one["state"], one["approved_by"] or "-", one["sha256"][:12]]
        for one in found["plans"]
    ]
    say(output_format, found, table(["id", "no.", "state", "approved by", "sha256"], rows) if rows else "no plan")
    return 0


def _lines(found: dict[str, Any]) -> Iterator[str]:
    plan = found["plan"]
    if plan is None:
        yield "no plan is in force"
    else:
        yield f"plan no. {plan['number']} ({plan['id']}), approved by {plan['approved_by']} {plan['approved_at'][:10]}"
    for one in (found["running"] if plan is None else plan["content"])["checks"]:
        yield f"  {one['check']:<12} {'runs' if one['runs'] else 'does not run: ' + one['why_not']}"
    yield from (f"  overdue:  {one}" for one in found["overdue"])
    yield from (
        f"  differs:  {one['field']}: planned {one['planned']}, now {one['now']}" for one in found["differences"]
    )
    yield from (f"  missing:  {one}" for one in found["missing"])
    if found["draft"] is not None:
        yield f"  draft:    no. {found['draft']['number']} ({found['draft']['id']})"
    if found["standing"] is not None:
        yield from clock_lines(found)
