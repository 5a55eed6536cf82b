"""``syndic vendors``: who supplies what, what they answered, and what was agreed until when."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from syndic.cli.registers.asking import clock_lines, deployed, due_of, listing, print_page
from syndic.cli.registry.places import open_client
from syndic.cli.shell.commands import SuggestingGroup
from syndic.errors import InvalidInputError

STATES: Final = ("prospective", "active", "ended")
SUPPLIES: Final = (
    "system", "general_purpose_model", "model", "component", "tool", "service", "hosting", "data",
)  # fmt: skip
KINDS: Final = ("ai_act_25_4", "gdpr_28", "confidentiality", "service_levels", "other")
REPLIES: Final = frozenset({"yes", "no", "not_applicable"})
vendor_argument = click.argument("vendor", metavar="ID")
day = click.DateTime(["%Y-%m-%d"])


@click.group("vendors", cls=SuggestingGroup)
def command() -> None:
    """Keep vendors, their agreements and their answers."""


def _described(command: Any) -> Any:
    for one in (
        click.option("--review", "review_due", type=day, metavar="DAY", help="When it is looked at again."),
        click.option("--open-source/--not-open-source", "free_and_open_source", default=None),
        click.option("--processor/--no-processor", "processes_personal_data", default=None,
                     help="Whether it processes personal data on the organisation's behalf."),
        click.option("--supplies", multiple=True, type=click.Choice(SUPPLIES), help="Repeatable."),
        click.option("--model", "model_ids", multiple=True, metavar="ID", help="That depends on it. Repeatable."),
        click.option("--country", metavar="CC", help="Such as DE."),
        click.option("--contact"),
        click.option("--owner", metavar="PERSON", help="Who answers for the relation; left out: yourself."),
    ):  # fmt: skip
        command = one(command)
    return command


@command.command("add")
@click.option("--name", required=True)
@click.option("--state", type=click.Choice(STATES[:2]), default="prospective", show_default=True)
@_described
@deployed
def add(*, name: str, state: str, api: str | None, token_file: Path | None, output_format: str, **said: Any) -> int:
    """Put a vendor into the register."""
    body = {"name": name, "state": state, **_given(said)}
    return _say(open_client(api, token_file).send("POST", "/vendors", body), output_format)


@command.command("list")
@click.option("--supplies", type=click.Choice(SUPPLIES))
@listing(states=STATES)
@deployed
def show_all(
    *, model_id: str | None, api: str | None, token_file: Path | None, output_format: str, **query: Any
) -> int:
    """List vendors, whose agreement, answers or review are due first before."""
    page = open_client(api, token_file).get("/vendors", model=model_id, **query)
    rows = (
        [one["entry"]["id"], one["entry"]["state"], due_of(one), str(len(one["missing"])), one["entry"]["title"]]
        for one in page["vendors"]
    )
    print_page(output_format, page, rows, ("id", "state", "due", "missing", "name"), "no vendors")
    return 0


@command.command("show")
@vendor_argument
@deployed
def show(*, vendor: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Show a vendor: its agreements, what is missing and what is next."""
    return _say(open_client(api, token_file).get(f"/vendors/{vendor}"), output_format)


@command.command("change")
@vendor_argument
@click.option("--name")
@click.option("--state", type=click.Choice(STATES))
@_described
@deployed
def change(*, vendor: str, api: str | None, token_file: Path | None, output_format: str, **said: Any) -> int:
    """Change what is said of a vendor, or end the relation. Models given replace those on record."""
    return _say(open_client(api, token_file).send("PATCH", f"/vendors/{vendor}", _given(said)), output_format)


@command.command("agreement")
@vendor_argument
@click.option("--kind", type=click.Choice(KINDS), required=True)
@click.option("--title", required=True)
@click.option("--signed", type=day, required=True, metavar="DAY")
@click.option("--expires", type=day, metavar="DAY", help="Its last day.")
@click.option("--document", type=click.Path(path_type=Path), metavar="FILE", help="Hashed here, not sent.")
@click.option("--sha256", help="Of the document, in place of the file.")
@click.option("--location", required=True, help="Where the document is.")
@click.option("--settles", multiple=True, metavar="TERM", help="Repeatable; `syndic vendors terms` lists them.")
@deployed
def agreement(
    *, vendor: str, kind: str, title: str, signed: datetime, expires: datetime | None, document: Path | None,
    sha256: str | None, location: str, settles: tuple[str, ...], api: str | None, token_file: Path | None,
    output_format: str,
) -> int:  # fmt: skip
    """Record an agreement in writing."""
    if document is None and sha256 is None:
        raise InvalidInputError("give the document or its SHA-256", where="--document, --sha256")
    digest = sha256 if document is None else hashlib.sha256(document.read_bytes()).hexdigest()
    body = {
        "kind": kind, "title": title, "signed_on": signed.date().isoformat(), "sha256": digest, "location": location,
        "expires_on": expires.date().isoformat() if expires else None, "settles": list(settles),
    }  # fmt: skip
    return _say(open_client(api, token_file).send("POST", f"/vendors/{vendor}/agreements", body), output_format)


@command.command("end")
@vendor_argument
@click.argument("agreement_id", metavar="AGREEMENT")
@click.option("--on", "ended_on", type=day, required=True, metavar="DAY", help="From this day on it does not hold.")
@click.option("--because", required=True)
@deployed
def end(
    *, vendor: str, agreement_id: str, ended_on: datetime, because: str, api: str | None, token_file: Path | None,
    output_format: str,
) -> int:  # fmt: skip
    """Say that an agreement holds no longer, before its own end."""
    body = {"ended_on": ended_on.date().isoformat(), "because": because}
    path = f"/vendors/{vendor}/agreements/{agreement_id}/end"
    return _say(open_client(api, token_file).send("POST", path, body), output_format)


@command.command("answer")
@vendor_argument
@click.option("--answer", "answers", multiple=True, metavar="QUESTION=yes|no", help="Others stay. Repeatable.")
@deployed
def answer(
    *, vendor: str, answers: tuple[str, ...], api: str | None, token_file: Path | None, output_format: str
) -> int:
    """Answer the due-diligence questionnaire; without an answer, show it."""
    client = open_client(api, token_file)
    found = client.get(f"/vendors/{vendor}")
    if answers:
        given = {name: dict(one) for name, one in found["entry"]["answers"].items()} | dict(map(_answer, answers))
        found = client.send("PUT", f"/vendors/{vendor}/questionnaire", {"answers": given})
    from syndic.cli.registry.text import say

    known = found["entry"]["answers"]
    lines = [
        f"{one['id']:<22} {known.get(one['id'], {}).get('answer', '-'):<15} {one['asks']}" for one in found["questions"]
    ]
    lines += [f"raises a concern: {', '.join(found['findings']['concerns']) or 'nothing'}"]
    say(output_format, found, "\n".join(lines))
    return 0


@command.command("terms")
@deployed
def terms(*, api: str | None, token_file: Path | None, output_format: str) -> int:  # noqa: ARG001
    """What the law wants an agreement to settle, by kind."""
    from syndic.cli.registry.text import say
    from syndic.registers.vendors.models import TERMS

    found = {kind.value: dict(wanted) for kind, wanted in TERMS.items()}
    lines = [f"{kind}  {name:<18} {words}" for kind, wanted in found.items() for name, words in wanted.items()]
    say(output_format, found, "\n".join(lines))
    return 0


@command.command("review")
@vendor_argument
@click.option("--next", "next_review", type=day, required=True, metavar="DAY", help="When it is reviewed next.")
@deployed
def review(*, vendor: str, next_review: datetime, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Say that a vendor was reviewed today."""
    body = {"next_review": next_review.date().isoformat()}
    return _say(open_client(api, token_file).send("POST", f"/vendors/{vendor}/review", body), output_format)


def _answer(text: str) -> tuple[str, dict[str, str]]:
    name, _, rest = text.partition("=")
    reply, _, note = rest.partition(":")
    if reply not in REPLIES:
        raise InvalidInputError(f"{text!r} is none such as identity=yes or exit=not_applicable:why", where="--answer")
    return name, {"answer": reply, "note": note.strip()}


def _given(said: dict[str, Any]) -> dict[str, Any]:
    kept = {name: list(value) if isinstance(value, tuple) else value for name, value in said.items()
            if value not in {None, ()}}  # fmt: skip
    return {name: value.date().isoformat() if isinstance(value, datetime) else value for name, value in kept.items()}


def _say(found: dict[str, Any], form: str) -> int:
    from syndic.cli.registry.text import say

    say(form, found, "\n".join(_lines(found)))
    return 0


def _lines(found: dict[str, Any]) -> Iterator[str]:
    entry = found["entry"]
    yield f"{entry['id']}  {entry['title']} ({entry['state']}), owned by {entry['owner']}"
    yield f"  models:   {', '.join(entry['model_ids']) or 'none'}"
    for one in entry["agreements"]:
        until = one["ended_on"] or one["expires_on"] or "without an end"
        yield f"  agreed:   {one['id']} {one['kind']}: {one['title']}, signed {one['signed_on']}, until {until}"
    yield from (f"  missing:  {one}" for one in found["missing"])
    yield from clock_lines(found)
