"""What the commands of all registers share: options, asking a deployment, and how entries are printed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from syndic.cli.shell.options import format_option
from syndic.cli.shell.tables import table

Command = TypeVar("Command", bound=Callable[..., Any])
WORDS: Final = {"due_soon": "due soon", "met_late": "done late", "met": "done"}


class Past(click.ParamType[datetime]):
    """A moment such as ``2026-12-24T08:00:00+01:00``; without a zone it is in UTC. No length: the past has no 4h."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        """The moment."""
        if isinstance(value, datetime):
            return value
        try:
            found = datetime.fromisoformat(str(value).strip())
        except ValueError:
            self.fail(f"{value!r} is no time such as 2026-12-24T08:00:00+01:00", param, ctx)
        return found if found.tzinfo else found.replace(tzinfo=UTC)


past: Final = Past()


def deployed(command: Command) -> Command:
    """The options of every command that asks a deployment."""
    token = click.option("--token-file", type=click.Path(path_type=Path), metavar="FILE", help="File of the ID token.")
    return format_option(token(click.option("--api", metavar="URL", help="Address of the deployed API.")(command)))


def listing(*, states: Sequence[str]) -> Callable[[Command], Command]:
    """The options of a list: filters and pages."""

    def options(command: Command) -> Command:
        for one in (
            click.option("--token", metavar="TOKEN", help="From the page before."),
            click.option("--limit", type=click.IntRange(1, 100), default=50, show_default=True),
            click.option("--model", "model_id", metavar="ID", help="Only entries on this model."),
            click.option("--owner", metavar="PERSON", help="Only entries of this person."),
            click.option("--state", type=click.Choice(list(states))),
        ):
            command = one(command)
        return command

    return options


def print_page(form: str, page: dict[str, Any], rows: Iterable[Sequence[str]], head: Sequence[str], none: str) -> None:
    """A page of entries as a table, with the token of the next one."""
    from syndic.cli.registry.text import say

    found = [list(row) for row in rows]
    more = "" if page["next_token"] is None else f"\nMore follow: --token {page['next_token']}"
    say(form, page, (table(list(head), found) if found else none) + more)


def due_of(entry: dict[str, Any]) -> str:
    """What is due first of an entry and how urgent that is."""
    standing = entry["standing"]
    if standing["due"] is None:
        return "-"
    return f"{standing['due'][:16].replace('T', ' ')} ({state_word(standing['worst'])})"


def state_word(state: str | None) -> str:
    """The state of a clock in words."""
    return "-" if state is None else WORDS.get(state, state)


def clock_lines(entry: dict[str, Any]) -> Iterable[str]:
    """The clocks of an entry, and what may be done next."""
    for one in entry["standing"]["clocks"]:
        measure = "" if one["by_law"] else ", Syndic's own measure"
        hours = one["seconds_left"] / 3600
        left = f", {hours:.0f} hours left" if hours > 0 else f", {-hours:.0f} hours ago" if hours < 0 else ""
        now = ", owed at once" if one["at_once"] else ""
        due = one["due"][:16].replace("T", " ")
        yield f"  {state_word(one['state']):<9} {due} UTC  {one['title']}{now}{left}{measure}"
    for step in entry["standing"]["next_steps"]:
        asks = f" ({', '.join(step['asks'])})" if step["asks"] else ""
        yield f"  next:     {step['name']}: {step['title']}{asks}"
