"""A notification as mail: plain text and HTML, every word of it escaped. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from importlib.resources import files
from string import Template
from typing import Final

from syndic.models import Severity
from syndic.ports import Mail, Matter, Notification

SHOWN: Final = 40
"""Matters shown in full; a mail of more says how many follow on the dashboard."""

_COLOURS: Final = {
    Severity.CRITICAL: ("#8f1d1d", "#fbeaea"),
    Severity.HIGH: ("#93470b", "#fcf0e4"),
    Severity.MEDIUM: ("#6b5a08", "#f9f4dc"),
    Severity.LOW: ("#40505c", "#eef2f4"),
    Severity.NONE: ("#40505c", "#eef2f4"),
}


def render(notification: Notification) -> Mail:
    """The mail that says it."""
    shown, more = notification.matters[:SHOWN], len(notification.matters) - SHOWN
    rest = _more(more, notification.overview) if more > 0 else None
    return Mail(
        to=notification.to,
        subject=notification.subject,
        text=_text(notification, shown, rest),
        html=_html(notification, shown, rest),
        dedupe_id=notification.dedupe_id,
        headers={"X-Syndic-Digest": notification.dedupe_id, "Auto-Submitted": "auto-generated"},
    )


def _facts(matter: Matter) -> list[tuple[str, str]]:
    numbers = [("Measured", number.in_words()) for number in matter.numbers]
    related = [("Related", matter.related)] if matter.related else []
    return [("Subject", matter.about), *numbers, ("Since", matter.since), *related]


def _text(notification: Notification, matters: Sequence[Matter], rest: str | None) -> str:
    lines = [notification.lead, ""]
    for matter in matters:
        lines += [f"{matter.severity.value.upper()}  {matter.headline}", ""]
        lines += [f"  {name + ':':<10} {value}" for name, value in _facts(matter)]
        lines += [f"  {'Why:':<10} {matter.cause}", f"  {'To do:':<10} {matter.to_do}"]
        if matter.link:
            lines.append(f"  {'Details:':<10} {matter.link}")
        lines += ["", ""]
    if rest is not None:
        lines += [rest, ""]
    lines += ["--", notification.closing]
    return "\n".join(lines) + "\n"


def _html(notification: Notification, matters: Sequence[Matter], rest: str | None) -> str:
    page, card = _template("digest.html"), _template("alert.html")
    return page.substitute(
        intro=escape(notification.lead),
        cards="".join(_card(card, matter) for matter in matters),
        more=f'<p style="margin:20px 0 0">{escape(rest)}</p>' if rest is not None else "",
        footer=escape(notification.closing),
    )


def _card(card: Template, matter: Matter) -> str:
    colour, ground = _COLOURS[matter.severity]
    style = "margin:12px 0 0"
    return card.substitute(
        colour=colour,
        ground=ground,
        severity=escape(matter.severity.value),
        model=escape(matter.model),
        title=escape(matter.title),
        facts="".join(
            f'<tr><td style="padding:2px 16px 2px 0;color:#5b6770;vertical-align:top">{escape(name)}</td>'
            f'<td style="padding:2px 0">{escape(value)}</td></tr>'
            for name, value in _facts(matter)
        ),
        reason=escape(matter.cause),
        remedy=escape(matter.to_do),
        link=f'<p style="{style}"><a href="{escape(matter.link)}" style="color:#1f5f8b">Open the finding</a></p>'
        if matter.link
        else "",
    )


def _more(more: int, overview: str | None) -> str:
    where = f": {overview}" if overview else "."
    return f"{more} more {'is' if more == 1 else 'are'} on the dashboard{where}"


def _template(name: str) -> Template:
    text = files("syndic.adapters.channels.email").joinpath("templates", name).read_text(encoding="utf-8")
    return Template(text)
