"""``syndic completion``: what a shell needs to complete commands and options."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from syndic.cli.shell.settings import COMPLETING


@click.command("completion")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def command(shell: str) -> int:
    """Print the completion of SHELL, for its start-up file."""
    from syndic.cli.shell.frame import cli

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"nothing is known of {shell}")
    click.echo(kind(cli, {}, "syndic", COMPLETING).source())
    return 0
