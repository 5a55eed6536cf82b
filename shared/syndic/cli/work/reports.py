"""``syndic reports``: ask for a report, wait for it, keep its file."""

from __future__ import annotations

import hashlib
import time
from pathlib import Path
from typing import Any, Final

import click
import urllib3

from syndic.adapters.internet.proxies import pool_for
from syndic.cli.identity.keys import api_option, token_option
from syndic.cli.registry.places import open_client
from syndic.cli.shell.commands import SuggestingGroup
from syndic.cli.shell.options import format_option
from syndic.cli.shell.outcomes import ExitCode
from syndic.cli.work.progress import progress
from syndic.errors import UnavailableError

EVERY: Final = 2.0
FORMATS: Final = ("pdf", "html", "csv", "json", "evidence")
wait_option = click.option(
    "--wait", type=click.IntRange(0, 3600), default=900, show_default=True, help="Seconds to wait at most."
)
output_option = click.option(
    "-o", "--output", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE", required=True, help="Where to."
)


@click.group("reports", cls=SuggestingGroup)
def command() -> None:
    """Have compliance reports and evidence packages made, and download them."""


@command.command("ask")
@click.option("--framework", metavar="ID", help="Left out: all in force.")
@click.option("--model", "models", metavar="ID", multiple=True, help="Repeatable; left out: all models.")
@click.option("--as", "form", type=click.Choice(FORMATS), default="pdf", show_default=True, help="Form of the file.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Wait for it and keep it there.")
@wait_option
@api_option
@token_option
@format_option
def ask(
    *, framework: str | None, models: tuple[str, ...], form: str, output: Path | None, wait: int,
    api: str | None, token_file: Path | None, output_format: str,
) -> int:  # fmt: skip
    """Have a report made. With -o it is waited for and kept."""
    from syndic.cli.registry.text import say

    client = open_client(api, token_file)
    body = {"framework": framework, "model_ids": list(models), "format": form}
    job = client.send("POST", "/compliance/reports", body)
    if output is not None:
        return _keep(client, job["id"], output, wait)
    say(output_format, job, job["id"])
    return ExitCode.NOTHING_FOUND


@command.command("list")
@click.option("--limit", type=click.IntRange(1, 100), default=20, show_default=True, help="Most of them.")
@api_option
@token_option
@format_option
def show(*, limit: int, api: str | None, token_file: Path | None, output_format: str) -> int:
    """List reports, the newest first."""
    from syndic.cli.registry.text import say
    from syndic.cli.shell.tables import table

    found = open_client(api, token_file).get("/compliance/reports", limit=limit)
    rows = [
        [one["id"], one["state"], one["request"]["format"], one["requested_at"][:16], one["requested_by"], one["step"]]
        for one in found["jobs"]
    ]
    say(output_format, found, table(["id", "state", "form", "asked", "by", "step"], rows))
    return ExitCode.NOTHING_FOUND


@command.command("download")
@click.argument("report", metavar="ID")
@output_option
@wait_option
@api_option
@token_option
def download(*, report: str, output: Path, wait: int, api: str | None, token_file: Path | None) -> int:
    """Wait for a report and keep its file, compared with its fingerprint.

    Exit code 3 when it is not done in time or could not be made.
    """
    return _keep(open_client(api, token_file), report, output, wait)


def _keep(client: Any, report: str, output: Path, wait: int) -> int:
    with progress(f"report {report}", wait) as left:
        while True:
            found = client.get(f"/compliance/reports/{report}")
            job = found["job"]
            if job["state"] in {"done", "failed"} or not left(job["progress"], job["step"]):
                break
            time.sleep(EVERY)
    if job["state"] != "done" or not found["link"]:
        click.echo(f"report {report} is {job['state']}: {job['error'] or job['step']}", err=True)
        return ExitCode.CANNOT_TELL
    try:
        answer = pool_for(found["link"], timeout=60, retries=3).request("GET", found["link"])
    except urllib3.exceptions.HTTPError as error:
        raise UnavailableError(f"the file of report {report} could not be fetched") from error
    if answer.status != 200 or hashlib.sha256(answer.data).hexdigest() != job["sha256"]:
        raise UnavailableError(f"what came is not the file of report {report} ({answer.status}): try again")
    output.write_bytes(answer.data)
    click.echo(f"{output}: {len(answer.data)} bytes, sha256 {job['sha256']}")
    return ExitCode.NOTHING_FOUND
