"""``syndic policies``: policies of the organisation, from a template to a text that people have read."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import click

from syndic.cli.registers.asking import clock_lines, deployed, due_of, print_page
from syndic.cli.registry.places import open_client
from syndic.cli.shell.commands import SuggestingGroup

policy_argument = click.argument("policy", metavar="ID")
text_option = click.option(
    "--file", "text", type=click.Path(path_type=Path), required=True, metavar="FILE",
    help="The text; only its hash is sent.",
)  # fmt: skip


@click.group("policies", cls=SuggestingGroup)
def command() -> None:
    """Policies of the organisation: written, put in force, read, reviewed."""


@command.command("templates")
@deployed
def show_templates(*, api: str | None, token_file: Path | None, output_format: str) -> int:
    """List the templates that come with Syndic."""
    found = open_client(api, token_file).get("/policy-documents/templates") | {"next_token": None}
    rows = ([one["id"], str(one["review_days"]), one["title"], one["audience"]] for one in found["templates"])
    print_page(output_format, found, rows, ("id", "review days", "title", "for"), "no templates")
    return 0


@command.command("template")
@click.argument("name")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Left out: print it.")
@deployed
def show_template(
    *, name: str, output: Path | None, api: str | None, token_file: Path | None, output_format: str
) -> int:
    """Print a template, to fill in what stands in brackets."""
    from syndic.cli.registry.text import say

    found = open_client(api, token_file).get(f"/policy-documents/templates/{name}")
    if output is not None:
        output.write_text(found["text"], "utf-8")
    else:
        say(output_format, found, found["text"].rstrip())
    return 0


@command.command("draft")
@click.option("--template", metavar="NAME")
@click.option("--title", help="Left out: the template's.")
@click.option("--owner", required=True, metavar="PERSON", help="Who keeps it.")
@click.option("--reader", "readers", metavar="PERSON", multiple=True, help="Who has to acknowledge it; repeatable.")
@deployed
def draft(
    *, template: str | None, title: str | None, owner: str, readers: tuple[str, ...], api: str | None,
    token_file: Path | None, output_format: str,
) -> int:  # fmt: skip
    """Begin a policy."""
    body = {"template": template, "title": title, "owner": owner, "readers": list(readers)}
    return _say(open_client(api, token_file).send("POST", "/policy-documents", body), output_format)


@command.command("list")
@click.option("--state", type=click.Choice(["draft", "in_force", "retired"]))
@click.option("--owner", metavar="PERSON")
@click.option("--limit", type=click.IntRange(1, 100), default=50, show_default=True)
@click.option("--token", metavar="TOKEN", help="From the page before.")
@deployed
def show_all(*, api: str | None, token_file: Path | None, output_format: str, **query: Any) -> int:
    """List policies, what is due for review first before."""
    page = open_client(api, token_file).get("/policy-documents", **query)
    rows = ([one["id"], one["state"], one["version"], due_of(one), str(len(one["outstanding_readers"])), one["title"]]
            for one in page["policies"])  # fmt: skip
    print_page(output_format, page, rows, ("id", "state", "version", "review", "unread by", "what"), "no policies")
    return 0


@command.command("put")
@policy_argument
@text_option
@click.option("--version", required=True)
@click.option("--location", required=True, help="Where people read it.")
@deployed
def put(
    *, policy: str, text: Path, version: str, location: str, api: str | None, token_file: Path | None,
    output_format: str,
) -> int:  # fmt: skip
    """Put a text in force."""
    body = {"version": version, "location": location, "sha256": hashlib.sha256(text.read_bytes()).hexdigest()}
    return _say(open_client(api, token_file).send("PUT", f"/policy-documents/{policy}/text", body), output_format)


@command.command("acknowledge")
@policy_argument
@text_option
@deployed
def acknowledge(*, policy: str, text: Path, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Say that you have read the text in force."""
    body = {"sha256": hashlib.sha256(text.read_bytes()).hexdigest()}
    client = open_client(api, token_file)
    return _say(client.send("POST", f"/policy-documents/{policy}/acknowledge", body), output_format)


@command.command("review")
@policy_argument
@deployed
def review(*, policy: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Say that a policy was reviewed and stays as it is."""
    return _say(open_client(api, token_file).send("POST", f"/policy-documents/{policy}/review", {}), output_format)


def _say(policy: dict[str, Any], form: str) -> int:
    from syndic.cli.registry.text import say

    lines = [
        f"{policy['id']}  {policy['title']}, version {policy['version']}",
        f"  state:    {policy['state']}; owner {policy['owner']}",
        f"  unread:   {', '.join(policy['outstanding_readers']) or 'by nobody who has to read it'}",
        *clock_lines(policy),
    ]
    say(form, policy, "\n".join(lines))
    return 0
