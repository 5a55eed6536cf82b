"""``syndic retention``: for how long results of checks are kept."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from syndic.cli.registry.places import open_client
from syndic.cli.shell.commands import SuggestingGroup
from syndic.cli.shell.options import format_option

EPILOG = "Example: syndic retention set --hourly 400"
FIELDS = ("hourly_days", "daily_days", "monthly_days")


@click.group("retention", cls=SuggestingGroup, epilog=EPILOG)
def command() -> None:
    """Say for how long results of checks are kept. Afterwards days, then months, stand for them."""


api_option = click.option("--api", metavar="URL", help="Address of the deployed API.")
token_option = click.option(
    "--token-file", type=click.Path(path_type=Path), metavar="FILE", help="File of the ID token."
)


@command.command("show", epilog="Example: syndic retention show --format json")
@api_option
@token_option
@format_option
def show(*, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Print the policy in force."""
    from syndic.cli.registry.text import say

    found = open_client(api, token_file).get("/retention")
    say(output_format, found, _said(found))
    return 0


@command.command("set", epilog=EPILOG)
@click.option("--hourly", type=int, metavar="DAYS", help="Results of hourly windows. At least 190: the AI Act.")
@click.option("--daily", type=int, metavar="DAYS", help="Days, and results of daily and weekly windows.")
@click.option("--monthly", type=int, metavar="DAYS", help="Months, and results of monthly windows.")
@api_option
@token_option
@format_option
def change(
    *, hourly: int | None, daily: int | None, monthly: int | None, api: str | None, token_file: Path | None,
    output_format: str,
) -> int:  # fmt: skip
    """Change it. What is not named stays as it is; you must be an admin."""
    from syndic.cli.registry.text import say

    wanted = dict(zip(FIELDS, (hourly, daily, monthly), strict=True))
    named = {name: value for name, value in wanted.items() if value is not None}
    if not named:
        raise click.UsageError("name what to change: --hourly, --daily or --monthly")
    client = open_client(api, token_file)
    present = client.get("/retention")
    body = {name: present[name] for name in FIELDS} | named
    changed = client.send("PUT", f"/retention?expect_version={present['version']}", body)
    say(output_format, changed, _said(changed))
    return 0


def _said(policy: dict[str, Any]) -> str:
    by = f" by {policy['changed_by']}" if policy["changed_by"] else ""
    return (
        f"results of hourly windows: {policy['hourly_days']} days, then days are shown\n"
        f"days, and results of daily and weekly windows: {policy['daily_days']} days, then months are shown\n"
        f"months, and results of monthly windows: {policy['monthly_days']} days\n"
        f"version {policy['version']}{by}"
    )
