"""``syndic calendar``: what is due of whom, on the screen or as a file for a calendar (iCalendar, RFC 5545)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import click

from syndic.cli.registers.asking import deployed, print_page
from syndic.cli.registry.places import open_client

_ESCAPED: Final = {"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": ""}


@click.command("calendar", epilog="Example: syndic calendar --days 90 --owner dora@example.org --ics due.ics")
@click.option("--days", type=click.IntRange(1, 1100), default=90, show_default=True, help="How far ahead.")
@click.option("--owner", metavar="PERSON", help="Only what this person owes.")
@click.option("--model", "model_id", metavar="ID", help="Only what is about this model.")
@click.option("--ics", type=click.Path(path_type=Path), metavar="FILE", help="Write a file for a calendar.")
@deployed
def command(
    *, days: int, owner: str | None, model_id: str | None, ics: Path | None, api: str | None, token_file: Path | None,
    output_format: str,
) -> int:  # fmt: skip
    """Say what is due: signatures, reviews, trainings, agreements and every clock of a register."""
    found = open_client(api, token_file).get("/calendar", days=days, owner=owner, model_id=model_id)
    if ics is not None:
        ics.write_text(as_icalendar(found["due"], now=datetime.now(UTC)), "utf-8", newline="")
        click.echo(f"{ics}: {len(found['due'])} dates", err=True)
        return 0
    rows = ([one["on"][:10] + (" (overdue)" if one["overdue"] else ""), one["who"] or "-", one["kind"], one["what"]]
            for one in found["due"])  # fmt: skip
    print_page(output_format, found | {"next_token": None}, rows, ("on", "who", "kind", "what"), "nothing is due")
    return 0


def as_icalendar(due: list[dict[str, Any]], *, now: datetime) -> str:
    """Dates as events of a day. The same thing has the same UID, so a calendar that reads the file again updates it."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Syndic//calendar//EN", "CALSCALE:GREGORIAN"]
    for one in due:
        uid = hashlib.sha256(f"{one['link']} {one['what']}".encode()).hexdigest()[:32]
        lines += [
            "BEGIN:VEVENT",
            f"UID:{uid}@syndic",
            f"DTSTAMP:{now:%Y%m%dT%H%M%SZ}",
            f"DTSTART;VALUE=DATE:{one['on'][:10].replace('-', '')}",
            f"SUMMARY:{_text(one['what'])}",
            f"DESCRIPTION:{_text((one['who'] or 'nobody is named') + ': /' + one['link'])}",
            "TRANSP:TRANSPARENT",
            "END:VEVENT",
        ]
    return "".join(f"{part}\r\n" for line in [*lines, "END:VCALENDAR"] for part in _folded(line))


def _text(value: str) -> str:
    """Text of a property: what else readers may take for the end of a line, or cannot show, is a blank."""
    return "".join(_ESCAPED.get(sign, sign if sign.isprintable() else " ") for sign in value)


def _folded(line: str) -> Iterator[str]:
    """A line in pieces of at most 75 octets, each but the first after a blank (RFC 5545, 3.1)."""
    piece, size, limit = "", 0, 75
    for sign in line:
        octets = len(sign.encode())
        if size + octets > limit:
            yield piece
            piece, size = " ", 1
        piece, size = piece + sign, size + octets
    yield piece
