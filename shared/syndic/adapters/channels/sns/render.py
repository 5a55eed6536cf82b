"""A notification as subject, text, a short text and attributes by which subscribers choose. Pure.

Limits of SNS: a subject of 100 characters of ASCII, 256 KB of everything; an SMS of 140 bytes is not split.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from syndic.adapters.channels.content import cut, facts, fill, headline, more
from syndic.ports import Matter, Notification

SUBJECT: Final = 100
SHORT: Final = 140
MOST_MATTERS: Final = 40
ROOM: Final = 150_000  # bytes of all matters
TEXT: Final = 3_000  # characters of one text


def subject(notification: Notification) -> str:
    """What mails of the topic are called."""
    return cut(_ascii(notification.subject), SUBJECT)


def short(notification: Notification) -> str:
    """What a telephone shows."""
    return cut(_ascii(notification.subject), SHORT)


def text(notification: Notification) -> str:
    """The whole, in plain text."""
    said = [_said(one) for one in notification.matters[:MOST_MATTERS]]
    shown = fill(said, MOST_MATTERS, lambda one: len(one.encode()), ROOM)
    rest = more(notification, len(shown))
    overview = [f"All alerts: {notification.overview}"] if notification.overview else []
    parts = [cut(notification.lead, TEXT), *shown, *([rest] if rest else []), *overview, notification.closing]
    return "\n\n".join(parts) + "\n"


def attributes(notification: Notification) -> Mapping[str, str]:
    """`severity` is the worst; `model` is named when there is one only."""
    severities = [one.severity for one in notification.matters]
    models = {one.model for one in notification.matters}
    found = {"step": notification.step.value, "id": notification.dedupe_id}
    if severities:
        found["severity"] = max(severities, key=lambda one: one.rank).value
    if len(models) == 1:
        found["model"] = cut(models.pop() or "-", 200)
    return found


def _said(matter: Matter) -> str:
    lines = [cut(headline(matter), TEXT), *(f"  {name}: {cut(value, TEXT)}" for name, value in facts(matter))]
    return "\n".join([*lines, *([f"  Details: {matter.link}"] if matter.link else [])])


def _ascii(value: str) -> str:
    """Printable ASCII, which is all that a subject may hold; what is none is shown as a question mark."""
    return "".join(one if one.isascii() and one.isprintable() else "?" for one in value).strip() or "-"
