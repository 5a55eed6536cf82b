"""``syndic records``: the record of processing activities of Art. 30 GDPR."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from syndic.cli.registers.asking import clock_lines, deployed, due_of, listing, print_page
from syndic.cli.registry.places import open_client
from syndic.cli.shell.commands import SuggestingGroup
from syndic.errors import InvalidInputError
from syndic.yaml_file import load_yaml

STATES: Final = ("draft", "confirmed", "retired")
ROLES: Final = ("controller", "processor")
record_argument = click.argument("record", metavar="ID")
contents_option = click.option(
    "--from", "contents", type=click.Path(path_type=Path, exists=True, dir_okay=False), metavar="FILE",
    help="YAML or JSON with fields of the record: purposes, data_subjects, retention, ...",
)  # fmt: skip


@click.group("records", cls=SuggestingGroup)
def command() -> None:
    """The record of processing activities: enter, complete, confirm, export."""


@command.command("add")
@click.option("--title", required=True, help="What the processing is.")
@click.option("--owner", required=True, metavar="PERSON", help="Who keeps the entry.")
@click.option("--role", type=click.Choice(ROLES), default="controller", show_default=True)
@click.option("--model", "models", metavar="ID", multiple=True, help="Repeatable.")
@contents_option
@deployed
def add(
    *, title: str, owner: str, role: str, models: tuple[str, ...], contents: Path | None, api: str | None,
    token_file: Path | None, output_format: str,
) -> int:  # fmt: skip
    """Enter a processing activity; what is missing is named."""
    body = {"title": title, "owner": owner, "role": role, "model_ids": list(models), "contents": _read(contents)}
    return _say(open_client(api, token_file).send("POST", "/processing-records", body), output_format)


@command.command("list")
@listing(states=STATES)
@click.option("--role", type=click.Choice(ROLES))
@deployed
def show_all(*, api: str | None, token_file: Path | None, output_format: str, **query: Any) -> int:
    """List entries, what is due first before."""
    page = open_client(api, token_file).get("/processing-records", **query)
    rows = ([one["id"], one["state"], str(len(one["missing"])), due_of(one), one["owner"], one["title"]]
            for one in page["records"])  # fmt: skip
    print_page(output_format, page, rows, ("id", "state", "missing", "due", "owner", "what"), "no entries")
    return 0


@command.command("show")
@record_argument
@deployed
def show(*, record: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Show an entry: what is missing, and what Syndic knows of it."""
    return _say(open_client(api, token_file).get(f"/processing-records/{record}"), output_format)


@command.command("change")
@record_argument
@contents_option
@click.option("--owner", metavar="PERSON")
@click.option("--title")
@deployed
def change(
    *, record: str, contents: Path | None, owner: str | None, title: str | None, api: str | None,
    token_file: Path | None, output_format: str,
) -> int:  # fmt: skip
    """Change fields of an entry; what was confirmed has to be confirmed again."""
    given = {"owner": owner, "title": title, "contents": _read(contents) or None}
    body = {name: value for name, value in given.items() if value is not None}
    return _say(open_client(api, token_file).send("PATCH", f"/processing-records/{record}", body), output_format)


@command.command("confirm")
@record_argument
@deployed
def confirm(*, record: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Confirm that an entry is complete and right; it is looked at again in a year."""
    return _say(open_client(api, token_file).send("POST", f"/processing-records/{record}/confirm", {}), output_format)


@command.command("retire")
@record_argument
@deployed
def retire(*, record: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Say that the processing has ended."""
    return _say(open_client(api, token_file).send("POST", f"/processing-records/{record}/retire", {}), output_format)


@command.command("export")
@click.option("--as", "form", type=click.Choice(["markdown", "csv", "json"]), default="markdown", show_default=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Left out: print it.")
@click.option("--api", metavar="URL", help="Address of the deployed API.")
@click.option("--token-file", type=click.Path(path_type=Path), metavar="FILE", help="File of the ID token.")
def export(*, form: str, output: Path | None, api: str | None, token_file: Path | None) -> int:
    """The whole record as an authority asks for it."""
    found = open_client(api, token_file).get("/processing-records/export", form=form)
    if output is None:
        click.echo(found["text"], nl=False)
    else:
        output.write_text(found["text"], "utf-8", newline="")
    return 0


def _read(path: Path | None) -> dict[str, Any]:
    if path is None:
        return {}
    found = load_yaml(path.read_bytes(), where=str(path))
    if not isinstance(found, dict):
        raise InvalidInputError("must be fields of the record, such as purposes: ...", where=str(path))
    return found


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _say(record: dict[str, Any], form: str) -> int:
    from syndic.cli.registry.text import say

    lines = [
        f"{record['id']}  {record['title']}",
        f"  state:    {record['state']}; {record['role']}; owner {record['owner']}",
        f"  models:   {', '.join(record['model_ids']) or '-'}",
        *(f"  missing:  {one['field']}: {one['what']} ({one['legal_basis']})" for one in record["missing"]),
        *(f"  known:    {one['field']}: {_value(one['value'])} ({one['source']})" for one in record["known"]),
        *clock_lines(record),
    ]
    say(form, record, "\n".join(lines))
    return 0
