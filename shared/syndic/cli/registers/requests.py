"""``syndic requests``: record what persons ask for, and answer in time. No person is named, only referred to."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from syndic.cli.registers.asking import clock_lines, deployed, due_of, listing, past, print_page
from syndic.cli.registry.places import open_client
from syndic.cli.shell.commands import SuggestingGroup

RIGHTS: Final = (
    "access", "rectification", "erasure", "restriction", "portability", "objection", "human_intervention",
    "consent_withdrawal", "explanation",
)  # fmt: skip
CHANNELS: Final = ("email", "letter", "phone", "portal", "in_person", "authority", "other")
STATES: Final = ("received", "identity_asked", "in_progress", "answered", "withdrawn")
GROUNDS: Final = (
    "not_identified", "unfounded", "excessive", "no_data", "not_controller", "exception", "restricted_by_law",
    "other_law",
)  # fmt: skip
request_argument = click.argument("request", metavar="ID")


@click.group("requests", cls=SuggestingGroup)
def command() -> None:
    """Requests of persons: access, erasure, explanation and the others, each with its clock."""


@command.command("receive")
@click.option("--right", type=click.Choice(RIGHTS), required=True)
@click.option("--reference", required=True, help="A pseudonym of the person or the case; no name, address or number.")
@click.option("--channel", type=click.Choice(CHANNELS), default="email", show_default=True)
@click.option("--received", "received_at", type=past, metavar="TIME", help="Left out: now. The clock runs from it.")
@click.option("--owner", required=True, metavar="PERSON", help="Who answers it.")
@click.option("--model", "models", metavar="ID", multiple=True, help="Repeatable.")
@click.option("--decision", default="", metavar="ROW", help="Row id of the decision it is about.")
@click.option("--note", default="")
@deployed
def receive(
    *, right: str, reference: str, channel: str, received_at: datetime | None, owner: str, models: tuple[str, ...],
    decision: str, note: str, api: str | None, token_file: Path | None, output_format: str,
) -> int:  # fmt: skip
    """Record a request that came."""
    body = {
        "right": right, "reference": reference, "channel": channel, "owner": owner, "model_ids": list(models),
        "received_at": None if received_at is None else received_at.isoformat(), "decision": decision, "note": note,
    }  # fmt: skip
    return _say(open_client(api, token_file).send("POST", "/requests", body), output_format)


@command.command("list")
@listing(states=STATES)
@click.option("--right", type=click.Choice(RIGHTS))
@deployed
def show_all(*, api: str | None, token_file: Path | None, output_format: str, **query: Any) -> int:
    """List requests, what is due first before."""
    page = open_client(api, token_file).get("/requests", **query)
    rows = ([one["id"], one["right"], one["state"], due_of(one), one["owner"], one["reference"]]
            for one in page["requests"])  # fmt: skip
    print_page(output_format, page, rows, ("id", "right", "state", "due", "owner", "reference"), "no requests")
    return 0


@command.command("show")
@request_argument
@deployed
def show(*, request: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Show a request: its clock, and what may be done next."""
    return _say(open_client(api, token_file).get(f"/requests/{request}"), output_format)


@command.command("identity")
@request_argument
@click.argument("found", type=click.Choice(["asked", "confirmed", "not_needed", "failed"]))
@deployed
def identity(*, request: str, found: str, **place: Any) -> int:
    """Say whether it is known who asks."""
    return _do(request, "identity", {"identity": found}, **place)


@command.command("extend")
@request_argument
@click.option("--reason", required=True, help="As the person was told it.")
@click.option("--told", "told_at", type=past, required=True, metavar="TIME", help="When the person was told.")
@deployed
def extend(*, request: str, reason: str, told_at: datetime, **place: Any) -> int:
    """Take two further months; the person has to be told within the first."""
    return _do(request, "extend", {"reason": reason, "told_at": told_at.isoformat()}, **place)


@command.command("answer")
@request_argument
@click.option("--outcome", type=click.Choice(["granted", "partly", "refused"]), required=True)
@click.option("--at", type=past, metavar="TIME", help="When it was sent; left out: now.")
@click.option("--ground", type=click.Choice(GROUNDS), help="Of a refusal, also of a part.")
@click.option("--reason", default="", help="Of a refusal, as the person was told it.")
@click.option("--told-of-remedies", is_flag=True, help="The person was told where to complain, and of the courts.")
@click.option("--recipients-told/--recipients-not-told", default=None, help="Of an erasure or correction (Art. 19).")
@click.option("--sha256", help="Of what was sent.")
@click.option("--late-because", default="", help="Why it is late, where it is.")
@deployed
def answer(*, request: str, at: datetime | None, api: str | None, token_file: Path | None, output_format: str,
           **given: Any) -> int:  # fmt: skip
    """Record what was answered."""
    body = {**given, "at": None if at is None else at.isoformat()}
    return _do(request, "answer", body, api=api, token_file=token_file, output_format=output_format)


@command.command("withdraw")
@request_argument
@click.option("--reason", required=True)
@deployed
def withdraw(*, request: str, reason: str, **place: Any) -> int:
    """Record that the person took it back."""
    return _do(request, "withdraw", {"reason": reason}, **place)


@command.command("reopen")
@request_argument
@click.option("--reason", required=True, help="No name of a person.")
@deployed
def reopen(*, request: str, reason: str, **place: Any) -> int:
    """Open again what was answered or taken back; its clock runs on from receipt."""
    return _do(request, "reopen", {"reason": reason}, **place)


def _do(
    request: str, verb: str, body: dict[str, Any], *, api: str | None, token_file: Path | None, output_format: str
) -> int:
    return _say(open_client(api, token_file).send("POST", f"/requests/{request}/{verb}", body), output_format)


def _say(request: dict[str, Any], form: str) -> int:
    from syndic.cli.registry.text import say

    answered = request["answer"]
    lines = [
        f"{request['id']}  {request['title']}",
        f"  state:    {request['state']}; identity {request['identity']}; owner {request['owner']}",
        f"  received: {request['received_at'][:16]} UTC by {request['channel']}",
        f"  models:   {', '.join(request['model_ids']) or '-'}; erasures: {', '.join(request['erasures']) or '-'}",
        *clock_lines(request),
        *([f"  answered: {answered['at'][:16]} UTC, {answered['outcome']}"] if answered else []),
        *(f"  warning:  {one}" for one in request["warnings"]),
    ]
    say(form, request, "\n".join(lines))
    return 0
