"""``syndic compliance frameworks``: list, try, upload, activate, switch off and remove frameworks of a deployment."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from syndic.cli.identity.keys import api_option, token_option
from syndic.cli.registry.places import open_client
from syndic.cli.shell.commands import SuggestingGroup
from syndic.cli.shell.options import format_option
from syndic.cli.shell.outcomes import ExitCode
from syndic.cli.shell.tables import table
from syndic.errors import InvalidInputError

reason_option = click.option("--reason", required=True, help="Why; kept in the audit trail.")


@click.group("frameworks", cls=SuggestingGroup)
def group() -> None:
    """List, try, upload, activate, switch off and remove frameworks of a deployment."""


@group.command("list", epilog="Example: syndic compliance frameworks list --removed")
@click.option("--removed", is_flag=True, help="List those that were removed too.")
@api_option
@token_option
@format_option
def show(*, removed: bool, api: str | None, token_file: Path | None, output_format: str) -> int:
    """List every version of every framework, and which one judges."""
    from syndic.cli.registry.text import say

    found = open_client(api, token_file).get("/compliance/frameworks", removed="true" if removed else None)
    rows = [
        [it["framework_id"], it["version"], it["state"], "yes" if it["built_in"] else "no", it["title"]]
        for it in found["frameworks"]
    ]
    say(output_format, found, table(["framework", "version", "state", "shipped", "title"], rows))
    return 0


@group.command("try", epilog="Example: syndic compliance frameworks try my_framework.yaml --api https://...")
@click.argument("file", type=click.Path(path_type=Path))
@api_option
@token_option
@format_option
def try_file(*, file: Path, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Check a file and say which states it would change, if it judged now. Nothing is kept.

    Exit code 2: the file is wrong; every mistake is listed with its line and field.
    """
    from syndic.cli.registry.text import say

    found = open_client(api, token_file).send("POST", "/compliance/frameworks/validate", {"text": _text(file)})
    if not found["valid"]:
        lines = [f"{file}, line {it['line']}, {it['field']}: {it['problem']}" for it in found["problems"]]
        say(output_format, found, "\n".join(lines))
        return ExitCode.BAD_INPUT
    trial = found["trial"]
    rows = [
        [it["model_id"], it["requirement_id"], it["before"] or "-", it["after"] or "-", it["reason"]]
        for it in trial["changes"]
    ]
    shown = f"{found['framework_id']} {found['version']}: {found['requirements']} requirements, {trial['says']}."
    say(
        output_format,
        found,
        "\n".join([shown, *([table(["model", "requirement", "now", "then", "why"], rows)] * bool(rows))]),
    )
    return 0


@group.command("upload", epilog="Example: syndic compliance frameworks upload my_framework.yaml")
@click.argument("file", type=click.Path(path_type=Path))
@api_option
@token_option
@format_option
def upload(*, file: Path, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Keep a version as a draft. It judges nobody until it is activated."""
    return _told(
        open_client(api, token_file).send("POST", "/compliance/frameworks", {"text": _text(file)}), output_format
    )


@group.command("activate", epilog="Example: syndic compliance frameworks activate our_policy --version 2026.2")
@click.argument("framework")
@click.option("--version", required=True, metavar="VERSION", help="Such as 2026.2.")
@api_option
@token_option
@format_option
def activate(*, framework: str, version: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Judge every model by a version from now on."""
    path = f"/compliance/frameworks/{quote(framework, safe='')}/activate"
    return _told(open_client(api, token_file).send("POST", path, {"version": version}), output_format)


@group.command("switch-off", epilog="Example: syndic compliance frameworks switch-off our_policy --reason 'replaced'")
@click.argument("framework")
@reason_option
@api_option
@token_option
@format_option
def switch_off(*, framework: str, reason: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Let a framework of yours judge nobody any more. Its history stays; it may be activated again."""
    path = f"/compliance/frameworks/{quote(framework, safe='')}/switch-off"
    return _told(open_client(api, token_file).send("POST", path, {"reason": reason}), output_format)


@group.command("remove", epilog="Example: syndic compliance frameworks remove our_policy --reason 'never used'")
@click.argument("framework")
@reason_option
@api_option
@token_option
@format_option
def remove(*, framework: str, reason: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Switch a framework of yours off and list it no more. Its texts and its history stay readable."""
    path = f"/compliance/frameworks/{quote(framework, safe='')}"
    return _told(open_client(api, token_file).send("DELETE", path, {"reason": reason}), output_format)


@group.command("applicability", epilog="Example: syndic compliance frameworks applicability iso_42001 --set soa.json")
@click.argument("framework")
@click.option(
    "--set",
    "file",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help='JSON such as {"ISO-A.4.5": {"taken": false, "reason": "nothing is computed here"}}, the whole statement.',
)
@api_option
@token_option
@format_option
def applicability(
    *, framework: str, file: Path | None, api: str | None, token_file: Path | None, output_format: str
) -> int:  # fmt: skip
    """Show the statement of applicability of a framework, or decide it from a file."""
    from syndic.cli.registry.text import say

    client = open_client(api, token_file)
    path = f"/compliance/frameworks/{quote(framework, safe='')}/applicability"
    found = client.get(path) if file is None else client.send("PUT", path, {"decisions": _decisions(file)})
    rows = []
    for line in found["lines"]:
        decision = line["decision"]
        word = "not decided" if decision is None else "taken" if decision["taken"] else "left out"
        rows.append([line["requirement_id"], line["title"], word, decision["reason"] if decision else ""])
    whole = "complete" if found["complete"] else "not complete"
    say(output_format, found, f"{framework}: {whole}\n" + table(["requirement", "title", "decision", "reason"], rows))
    return 0


def _decisions(file: Path) -> Any:
    try:
        return json.loads(_text(file))
    except json.JSONDecodeError as error:
        raise InvalidInputError(f"is not JSON: {error.msg}", where=str(file), line=error.lineno) from error


def _told(found: dict[str, Any], output_format: str) -> int:
    from syndic.cli.registry.text import say

    say(output_format, found, f"{found['framework_id']} {found['version']}: {found['state']}")
    return 0


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        said = error.strerror if isinstance(error, OSError) else "is not UTF-8 text"
        raise InvalidInputError(f"cannot be read: {said}", where=str(file)) from error
