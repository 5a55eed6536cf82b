"""``syndic audit``: verify what Syndic handed out, without Syndic; export the trail."""

from __future__ import annotations

import click

from syndic.cli.audit.erase import erase, hold
from syndic.cli.audit.export import export
from syndic.cli.audit.verify import verify
from syndic.cli.shell.commands import SuggestingGroup


@click.group("audit", cls=SuggestingGroup)
def command() -> None:
    """Verify what Syndic handed out, without Syndic; export the audit trail, erase contents of it."""


command.add_command(verify)
command.add_command(export)
command.add_command(erase)
command.add_command(hold)
