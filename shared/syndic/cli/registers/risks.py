"""``syndic risks``: the risk register, decisions on residual risks, and the file of Art. 9 on a model."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from syndic.cli.registers.asking import clock_lines, deployed, due_of, listing, print_page
from syndic.cli.registry.places import open_client
from syndic.cli.shell.commands import SuggestingGroup

KINDS: Final = (
    "health", "safety", "fundamental_rights", "privacy", "security", "financial", "operational", "environment", "other",
)  # fmt: skip
ORIGINS: Final = ("intended_use", "foreseeable_misuse", "monitoring")
STATES: Final = ("identified", "assessed", "treated", "accepted", "closed")
LIKELIHOODS: Final = ("rare", "unlikely", "possible", "likely", "almost_certain")
IMPACTS: Final = ("negligible", "minor", "serious", "major", "catastrophic")
risk_argument = click.argument("risk", metavar="ID")
day = click.DateTime(["%Y-%m-%d"])


@click.group("risks", cls=SuggestingGroup)
def command() -> None:
    """Record, assess, control, decide on and review risks."""


@command.command("add")
@click.option("--title", required=True)
@click.option("--owner", required=True, metavar="PERSON", help="Who answers for it.")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What is at risk.")
@click.option("--origin", type=click.Choice(ORIGINS), default="intended_use", show_default=True)
@click.option("--model", "models", metavar="ID", multiple=True, help="Repeatable.")
@click.option("--alert", "alerts", metavar="ID", multiple=True, help="Repeatable.")
@click.option("--test", "tests", metavar="KIND", multiple=True, help="Evidence that watches it, such as bias.run.")
@click.option("--description", default="")
@deployed
def add(
    *, title: str, owner: str, kind: str, origin: str, models: tuple[str, ...], alerts: tuple[str, ...],
    tests: tuple[str, ...], description: str, api: str | None, token_file: Path | None, output_format: str,
) -> int:  # fmt: skip
    """Put a risk on record; it is to be reviewed after half a year."""
    body = {
        "title": title, "owner": owner, "kind": kind, "origin": origin, "model_ids": list(models),
        "alert_ids": list(alerts), "tests": list(tests), "description": description,
    }  # fmt: skip
    return _say(open_client(api, token_file).send("POST", "/risks", body), output_format)


@command.command("list")
@click.option("--rating", type=click.Choice(["low", "medium", "high", "critical"]), help="Of what is left.")
@listing(states=STATES)
@deployed
def show_all(*, api: str | None, token_file: Path | None, output_format: str, **query: Any) -> int:
    """List risks, what is due first before."""
    page = open_client(api, token_file).get("/risks", **query)
    rows = (
        [one["id"], one["state"], one["residual_rating"] or "unknown", due_of(one), one["owner"], one["title"]]
        for one in page["risks"]
    )
    print_page(output_format, page, rows, ("id", "state", "left", "due", "owner", "what"), "no risks")
    return 0


@command.command("show")
@risk_argument
@deployed
def show(*, risk: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Show a risk: its levels, controls, the decision on it, and what may be done next."""
    return _say(open_client(api, token_file).get(f"/risks/{risk}"), output_format)


@command.command("assess")
@risk_argument
@click.option("--likelihood", type=click.Choice(LIKELIHOODS), required=True, help="Without the controls.")
@click.option("--impact", type=click.Choice(IMPACTS), required=True, help="Without the controls.")
@click.option("--left", type=(click.Choice(LIKELIHOODS), click.Choice(IMPACTS)), help="With those in place.")
@click.option("--reason", required=True)
@deployed
def assess(
    *, risk: str, likelihood: str, impact: str, left: tuple[str, str] | None, reason: str, api: str | None,
    token_file: Path | None, output_format: str,
) -> int:  # fmt: skip
    """Assess a risk; a decision that was made on other levels falls away."""
    residual = None if left is None else {"likelihood": left[0], "impact": left[1], "reason": reason}
    body = {"inherent": {"likelihood": likelihood, "impact": impact, "reason": reason}, "residual": residual}
    return _say(open_client(api, token_file).send("PUT", f"/risks/{risk}/assessment", body), output_format)


@command.command("control")
@risk_argument
@click.option("--kind", type=click.Choice(["design", "mitigation", "information"]), default="mitigation")
@click.option("--title", required=True)
@click.option("--owner", required=True, metavar="PERSON")
@click.option("--due", type=day, required=True, metavar="DAY")
@deployed
def control(
    *, risk: str, kind: str, title: str, owner: str, due: datetime, api: str | None, token_file: Path | None,
    output_format: str,
) -> int:  # fmt: skip
    """Record what is to be done about a risk."""
    body = {"kind": kind, "title": title, "owner": owner, "due": due.date().isoformat()}
    return _say(open_client(api, token_file).send("POST", f"/risks/{risk}/controls", body), output_format)


@command.command("done")
@risk_argument
@click.argument("control_id", metavar="CONTROL")
@deployed
def done(*, risk: str, control_id: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Say that a control is in place."""
    path = f"/risks/{risk}/controls/{control_id}"
    return _say(open_client(api, token_file).send("PATCH", path, {"done": True}), output_format)


@command.command("decide")
@risk_argument
@click.argument("kind", type=click.Choice(["accept", "treat", "avoid", "transfer"]))
@click.option("--role", required=True, help="In which you decide: one that you hold, or 'owner'.")
@click.option("--reason", required=True)
@click.option("--until", type=day, required=True, metavar="DAY", help="At most a year ahead.")
@deployed
def decide(
    *, risk: str, kind: str, role: str, reason: str, until: datetime, api: str | None, token_file: Path | None,
    output_format: str,
) -> int:  # fmt: skip
    """Decide on what is left of a risk."""
    body = {"kind": kind, "role": role, "reason": reason, "expires": until.date().isoformat()}
    return _say(open_client(api, token_file).send("POST", f"/risks/{risk}/decision", body), output_format)


@command.command("review")
@risk_argument
@click.option("--note", required=True, help="What was looked at and found.")
@deployed
def review(*, risk: str, note: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Record that a risk was looked at again."""
    return _say(open_client(api, token_file).send("POST", f"/risks/{risk}/reviews", {"note": note}), output_format)


@command.command("close")
@risk_argument
@click.option("--conclusion", required=True, help="Why it does not exist any more.")
@deployed
def close(*, risk: str, conclusion: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Close a risk that does not exist any more; an accepted one stays open."""
    found = open_client(api, token_file).send("POST", f"/risks/{risk}/close", {"conclusion": conclusion})
    return _say(found, output_format)


@command.command("file")
@click.argument("model")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Keep it there, as Markdown.")
@deployed
def file(*, model: str, output: Path | None, api: str | None, token_file: Path | None, output_format: str) -> int:
    """The risk management file of Art. 9 on a model, with what is missing."""
    from syndic.cli.registry.text import say

    found = open_client(api, token_file).get(f"/models/{model}/risk-file")
    if output is not None:
        output.write_text(found["markdown"], "utf-8")
        click.echo(f"{output}: {len(found['file']['gaps'])} things are missing or late", err=True)
        return 0
    say(output_format, found["file"], found["markdown"].rstrip())
    return 0


def _say(risk: dict[str, Any], form: str) -> int:
    from syndic.cli.registry.text import say

    decision = risk["decision"]
    decided = f"{decision['kind']} as {decision['role']} until {decision['expires']}" if decision else "none"
    before, left = (risk[f"{one}_rating"] or "unknown" for one in ("inherent", "residual"))
    lines = [
        f"{risk['id']}  {risk['title']}",
        f"  state:    {risk['state']}; owner {risk['owner']}; {risk['kind']}, {risk['origin']}",
        f"  models:   {', '.join(risk['model_ids']) or '-'}",
        f"  levels:   {before} without controls, {left} left",
        f"  decision: {decided}",
        *(f"  control:  {one['id']}  {one['title']}, {one['owner']}, {one['due']}" for one in risk["controls"]),
        *clock_lines(risk),
    ]
    say(form, risk, "\n".join(lines))
    return 0
