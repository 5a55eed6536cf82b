"""``syndic checks``: have a model checked now."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Final

import click

from syndic.cli.identity.keys import api_option, token_option
from syndic.cli.registry.places import open_client
from syndic.cli.shell.commands import SuggestingGroup
from syndic.cli.shell.options import format_option
from syndic.cli.shell.outcomes import ExitCode
from syndic.cli.work.progress import progress

CHECKS: Final = ("drift", "quality", "bias")
EVERY: Final = 3.0


@click.group("checks", cls=SuggestingGroup)
def command() -> None:
    """Ask for checks of a model and wait for what they say."""


@command.command("ask")
@click.argument("model")
@click.option("--check", "checks", type=click.Choice(CHECKS), multiple=True, help="Repeatable; left out: all three.")
@click.option("--job", help="A batch job; left out: the last one. Of models that answer in batch jobs.")
@click.option("--force", is_flag=True, help="Judge again although the inputs did not change.")
@click.option("--wait", type=click.IntRange(0, 3600), default=0, show_default=True, help="Seconds to wait for reports.")
@api_option
@token_option
@format_option
def ask(
    *, model: str, checks: tuple[str, ...], job: str | None, force: bool, wait: int, api: str | None,
    token_file: Path | None, output_format: str,
) -> int:  # fmt: skip
    """Have the last complete window of MODEL (an id) checked, or a batch job of it.

    With --wait the newest reports are shown. Exit code 3 when a report did not come in time.
    """
    from syndic.cli.registry.text import say
    from syndic.cli.shell.tables import table

    client = open_client(api, token_file)
    body: dict[str, Any] = {"force": force} | ({"checks": list(checks)} if checks else {})
    body |= {} if job is None else {"job": job}
    before = _standing(client, model)
    asked = client.send("POST", f"/models/{model}/checks", body)
    wanted = [one["check"] for one in asked["requested"]]
    found = before
    with progress("waiting for checks", wait) as waited:
        while any(found.get(one) == before.get(one) for one in wanted) and waited():
            time.sleep(EVERY)
            found = _standing(client, model)
    rows = []
    for name in wanted:
        report = found.get(name) or {}
        fresh = report != (before.get(name) or {})
        rows.append([name, "new" if fresh else "asked for", report.get("verdict") or "-", report.get("summary") or "-"])
    rows += [[one["check"], "refused", "-", f"{one['reason']}; {one['remedy']}"] for one in asked["refused"]]
    document = {"asked": asked, "standing": {name: found.get(name) for name in wanted}}
    say(output_format, document, table(["check", "state", "verdict", "what it says"], rows))
    late = wait and any(found.get(one) == before.get(one) for one in wanted)
    return ExitCode.CANNOT_TELL if late else ExitCode.NOTHING_FOUND


def _standing(client: Any, model: str) -> dict[str, Any]:
    evidence = client.get(f"/dashboard/models/{model}")["evidence"]
    return {kind.partition(".")[0]: one for kind, one in evidence.items() if kind.endswith(".run")}
