"""``syndic compliance signatures``, ``dates``, ``preview``, ``crosswalk``: what is due, when, what it settles."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from syndic.cli.identity.keys import api_option, token_option
from syndic.cli.registry.places import open_client
from syndic.cli.shell.options import format_option
from syndic.cli.shell.tables import table

limit_option = click.option(
    "--limit", type=click.IntRange(1, 100), default=50, show_default=True, help="Models in one page."
)
page_option = click.option("--token", metavar="TOKEN", help="From the page before.")


@click.command("signatures", epilog="Example: syndic compliance signatures --all --model credit-3f9a11")
@click.option("--all", "everybody", is_flag=True, help="Those of everybody, not only of your roles.")
@click.option("--model", metavar="ID", help="Only of one model.")
@limit_option
@page_option
@api_option
@token_option
@format_option
def signatures(
    *, everybody: bool, model: str | None, limit: int, token: str | None, api: str | None, token_file: Path | None,
    output_format: str,
) -> int:  # fmt: skip
    """List the signatures that are due, over all models, with the words that are signed."""
    from syndic.cli.registry.text import say

    client, whose = open_client(api, token_file), "all" if everybody else "mine"
    if model is None:
        page = client.get("/compliance/signatures", whose=whose, limit=limit, token=token)
    else:
        page = client.get(f"/models/{quote(model, safe='')}/compliance/signatures", whose=whose)
    lines: list[str] = []
    for one in page["signatures"]:
        since = f", needed from {one['needed_from']}" if one["needed_from"] else ""
        lines.append(f"{one['model_id']}  {one['topic']}  as {one['role']}  ({one['state'].replace('_', ' ')}{since})")
        lines += [f"    {it['text']}  [{', '.join(it['requirements'])}]" for it in one["statements"]]
    say(output_format, page, "\n".join(lines or ["no signatures are due"]) + _more(page))
    return 0


@click.command("dates", epilog="Example: syndic compliance dates --days 90")
@click.option("--days", type=click.IntRange(1, 3660), default=365, show_default=True, help="How far ahead.")
@limit_option
@page_option
@api_option
@token_option
@format_option
def dates(
    *, days: int, limit: int, token: str | None, api: str | None, token_file: Path | None, output_format: str
) -> int:  # fmt: skip
    """List what enters into force and what runs out, over all models."""
    from syndic.cli.registry.text import say

    page = open_client(api, token_file).get("/compliance/deadlines", days=days, limit=limit, token=token)
    rows = [[it["on"][:10], it["model_id"], it["framework_title"], it["what"]] for it in page["dates"]]
    shown = table(["on", "model", "framework", "what"], rows) if rows else "no dates"
    say(output_format, page, shown + _more(page))
    return 0


@click.command(
    "preview", epilog="Example: syndic compliance preview human_oversight --as 'model owner' --model credit-3f9a11"
)
@click.argument("topic")
@click.option("--model", metavar="ID", help="Left out: what is about the organisation.")
@click.option("--as", "role", metavar="ROLE", help="The role in which it would be signed.")
@click.option("--document", is_flag=True, help="A document on the topic, not a signature.")
@api_option
@token_option
@format_option
def preview(
    *, topic: str, model: str | None, role: str | None, document: bool, api: str | None, token_file: Path | None,
    output_format: str,
) -> int:  # fmt: skip
    """Say what a signature or document would settle in every framework, and what it would not, and why."""
    from syndic.cli.registry.text import say

    path = "/compliance/preview" if model is None else f"/models/{quote(model, safe='')}/compliance/preview"
    thing = "document" if document else "signature"
    found = open_client(api, token_file).get(path, topic=topic, thing=thing, role=role)
    lines = [f"you would sign: {it['text']}" for it in found["statements"]]
    lines += [f"settles  {_name(it)}" for it in found["settles"]]
    lines += [f"leaves   {_name(it)}: {it['why']}" for it in found["leaves"]]
    lines += [f"not asked by {title}, which is not about the model" for title in found["outside"]]
    say(output_format, found, "\n".join(lines or ["nothing asks for it"]))
    return 0


@click.command("crosswalk", epilog="Example: syndic compliance crosswalk drift.run")
@click.argument("kind", required=False)
@format_option
def crosswalk(*, kind: str | None, output_format: str) -> int:
    """List which requirements of the frameworks that are shipped ask for a kind of evidence. No deployment is asked."""
    from syndic.adapters.memory import MemoryStore
    from syndic.cli.registry.text import say
    from syndic.compliance.evaluation.crosswalk import crosswalk as asked_by

    found = asked_by(MemoryStore(), kind=kind)
    rows = [[it.kind, it.framework_id, it.requirement_id or "-", it.part, it.role or "-"] for it in found]
    shown = table(["kind", "framework", "requirement", "part", "role"], rows) if rows else f"nothing asks for {kind}"
    say(output_format, {"asked": [it.model_dump(mode="json") for it in found]}, shown)
    return 0


def _name(effect: dict[str, Any]) -> str:
    return f"{effect['framework_title']}, {effect['requirement_id']} ({effect['title']})"


def _more(page: dict[str, Any]) -> str:
    token = page.get("next_token")
    return f"\nMore follow: --token {token}" if token else ""
