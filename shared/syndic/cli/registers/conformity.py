"""``syndic conformity``: assessment, decisions on versions, the form of Art. 6(4), data for registration."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from syndic.cli.registers.asking import deployed
from syndic.cli.registry.places import open_client
from syndic.cli.shell.commands import SuggestingGroup
from syndic.errors import InvalidInputError

ROUTES: Final = ("annex_vi", "annex_vii", "sector")
model_argument = click.argument("model", metavar="MODEL")
section_option = click.option(
    "--section", type=click.Choice(["A", "B", "C", "IX"]), help="Left out: as the answers call for."
)
day = click.DateTime(["%Y-%m-%d"])


@click.group("conformity", cls=SuggestingGroup)
def command() -> None:
    """Assess the conformity of a high-risk system, decide on its versions, prepare its registration."""


@command.command("show")
@model_argument
@deployed
def show(*, model: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Show procedure, checklist, decisions on versions, what is missing and what is next."""
    return _say(open_client(api, token_file).get(f"/models/{model}/conformity"), output_format, _overview)


@command.command("begin")
@model_argument
@click.argument("version")
@click.option("--route", type=click.Choice(ROUTES), help="The procedure of Art. 43.")
@click.option("--reasons", "route_reasons", help="Why this procedure.")
@deployed
def begin(
    *, model: str, version: str, api: str | None, token_file: Path | None, output_format: str, **said: str | None
) -> int:
    """Begin the assessment of a version."""
    body = {"version": version, **_given(said)}
    return _say(open_client(api, token_file).send("POST", f"/models/{model}/conformity", body), output_format, _file)


@command.command("check")
@model_argument
@click.argument("file", metavar="ID")
@click.argument("item")
@click.option("--note", required=True, help="What was looked at, and where it is.")
@click.option("--not-done", is_flag=True)
@deployed
def check(
    *, model: str, file: str, item: str, note: str, not_done: bool, api: str | None, token_file: Path | None,
    output_format: str,
) -> int:  # fmt: skip
    """Say what was found at an item of the checklist."""
    body = {"checks": {item: {"done": not not_done, "note": note}}}
    path = f"/models/{model}/conformity/{file}"
    return _say(open_client(api, token_file).send("PATCH", path, body), output_format, _file)


@command.command("conclude")
@model_argument
@click.argument("file", metavar="ID")
@deployed
def conclude(*, model: str, file: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Conclude an assessment. It is refused with what is open."""
    path = f"/models/{model}/conformity/{file}/conclude"
    return _say(open_client(api, token_file).send("POST", path, {}), output_format, _file)


@command.command("decide")
@model_argument
@click.argument("version")
@click.option("--affects-compliance", is_flag=True, help="Compliance with Section 2 is affected.")
@click.option("--changes-purpose", is_flag=True, help="The intended purpose is modified.")
@click.option("--foreseen-as", metavar="CHANGE", help="The change that a concluded assessment foresaw.")
@click.option("--reasons", required=True, help="What changed, and why it is judged so.")
@deployed
def decide(
    *, model: str, version: str, affects_compliance: bool, changes_purpose: bool, foreseen_as: str | None,
    reasons: str, api: str | None, token_file: Path | None, output_format: str,
) -> int:  # fmt: skip
    """Decide whether a version is a substantial modification (Art. 3(23)); it follows from what is said."""
    body = {
        "version": version, "affects_compliance": affects_compliance, "changes_purpose": changes_purpose,
        "foreseen_as": foreseen_as, "reasons": reasons,
    }  # fmt: skip
    found = open_client(api, token_file).send("POST", f"/models/{model}/modifications", body)
    return _say(found, output_format, lambda one: [f"version {one['version']}: {one['state']}"])


@command.command("form")
@model_argument
@click.option("--version", help="Of which version; left out: show what there is.")
@click.option("--ground", "grounds", multiple=True, metavar="GROUND=WHY", help="Repeatable.")
@click.option("--no-significant-risk", metavar="WHY")
@click.option("--no-profiling", metavar="WHY")
@click.option("--influence", metavar="WHY", help="Why it does not materially influence decisions.")
@click.option("--sign", is_flag=True)
@deployed
def form(
    *, model: str, version: str | None, grounds: tuple[str, ...], sign: bool, api: str | None,
    token_file: Path | None, output_format: str, **said: str | None,
) -> int:  # fmt: skip
    """Show, fill or sign the assessment of Art. 6(4) that a system of Annex III is not high-risk."""
    client, path = open_client(api, token_file), f"/models/{model}/high-risk-assessment"
    if version is not None:
        reasons = dict(_pair(one, "--ground") for one in grounds)
        body = {"version": version, "sign": sign, **_given(said)} | ({"ground_reasons": reasons} if reasons else {})
        client.send("POST", path, body)
    return _say(client.get(path), output_format, _form)


@command.command("registration")
@model_argument
@section_option
@click.option("--give", "given", multiple=True, metavar="POINT=TEXT", help="What no record holds. Repeatable.")
@click.option("--registered", type=day, metavar="DAY", help="That the data as they stand were registered.")
@click.option("--url", help="Of the entry in the database.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Write the data as JSON.")
@deployed
def registration(
    *, model: str, section: str | None, given: tuple[str, ...], registered: datetime | None, url: str | None,
    output: Path | None, api: str | None, token_file: Path | None, output_format: str,
) -> int:  # fmt: skip
    """Show the data of Annex VIII with what is missing, give points, and say that they were registered."""
    import json

    client, path = open_client(api, token_file), f"/models/{model}/registration"
    chosen = section or client.get(path)["data"]["section"]
    if given:
        points = dict(_pair(one, "--give") for one in given)
        client.send("POST", f"{path}/points", {"section": chosen, "given": points})
    if registered is not None:
        body = {"section": chosen, "registered_on": registered.date().isoformat(), "entry_url": url or ""}
        client.send("POST", path, body)
    found = client.get(path, section=chosen)
    if output is not None:
        output.write_text(json.dumps(found["data"], indent=2, ensure_ascii=False) + "\n", "utf-8")
    return _say(found, output_format, _data)


def _pair(text: str, option: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise InvalidInputError(f"{text!r} is none such as NAME=TEXT", where=option)
    return name, value


def _given(said: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in said.items() if value is not None}


def _say(found: dict[str, Any], form: str, lines: Any) -> int:
    from syndic.cli.registry.text import say

    say(form, found, "\n".join(lines(found)))
    return 0


def _overview(found: dict[str, Any]) -> Iterator[str]:
    words = {True: "high-risk, as provider", False: "not high-risk as provider", None: "not answered"}
    yield f"{found['model_id']}: {words[found['high_risk']]}; procedure {found['proposed_route'] or 'not known'}"
    for one in found["files"]:
        file = one["file"]
        yield f"  assessed: version {file['version']}, {file['state']} ({file['id']})"
        for shown in one["items"]:
            states = ", ".join(f"{name} {state}" for name, state in shown["states"].items())
            yield f"    {'x' if shown['done'] else ' '} {shown['item']['id']:<18} {shown['item']['asks']} {states}"
        yield from (f"    open:   {text}" for text in one["open"])
    yield from (f"  version:  {one['version']}: {one['state']}" for one in found["modifications"])
    yield from (f"  missing:  {one}" for one in found["missing"])
    yield from (f"  next:     {one}" for one in found["next_steps"])


def _file(found: dict[str, Any]) -> Iterator[str]:
    done = sum(one["done"] for one in found["checks"].values())
    route = found["route"] or "no procedure"
    yield f"{found['id']}  version {found['version']}: {found['state']}, {route}, {done} done"


def _form(found: dict[str, Any]) -> Iterator[str]:
    words = {True: "an exception of Art. 6(3) is relied on", False: "no exception is relied on", None: "not answered"}
    yield f"{found['model_id']}: {words[found['applies']]}"
    yield from (f"  version {one['version']}: {one['state']} ({one['id']})" for one in found["forms"])
    yield from (f"  missing:  {one}" for one in found["missing"])


def _data(found: dict[str, Any]) -> Iterator[str]:
    data = found["data"]
    named = "Annex IX" if data["section"] == "IX" else f"Annex VIII Section {data['section']}"
    yield f"{named}, {data['article']}, {data['database']}"
    yield from (f"  {one['number']:>2}  {one['asks']}: {one['value'] or '-'}" for one in data["points"])
    yield from (f"  missing:  {one}" for one in data["missing"])
    yield from (f"  look:     {one}" for one in data["open"])
    yield from (f"  next:     {one}" for one in found["next_steps"])
