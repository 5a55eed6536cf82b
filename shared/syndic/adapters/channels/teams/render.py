"""A notification as an Adaptive Card 1.4. Pure.

A message holds about 28 KB with everything; others were cut from 21 KB on. Texts stand in text runs, in which no
Markdown is read; ``{{`` begins a function of dates in every text, so it is taken apart.
"""

from __future__ import annotations

from typing import Any, Final

from syndic.adapters.channels.content import cut, facts, fill, headline, more
from syndic.adapters.channels.means import encode
from syndic.models import Severity
from syndic.ports import Matter, Notification

LIMIT: Final = 20_000  # bytes of the whole message
ROOM: Final = 15_000  # bytes of all matters
MOST_MATTERS: Final = 20
TEXT: Final = 700  # characters of one text
LINK: Final = 1_000

_COLOURS: Final = {Severity.CRITICAL: "Attention", Severity.HIGH: "Attention", Severity.MEDIUM: "Warning"}


def render(notification: Notification) -> dict[str, Any]:
    """The message as the trigger "When a Teams webhook request is received" takes it."""
    items = [_matter(one) for one in notification.matters[:MOST_MATTERS]]
    shown = fill(items, MOST_MATTERS, lambda item: len(encode(item)), ROOM)
    body = [_text(notification.subject, size="Large", weight="Bolder"), _text(notification.lead), *shown]
    rest = more(notification, len(shown))
    if rest is not None:
        body.append(_text(rest))
    body.append(_text(notification.closing, isSubtle=True, size="Small"))
    card: dict[str, Any] = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.4",
        "body": body,
        "msteams": {"width": "Full"},
    }
    if notification.overview is not None and len(notification.overview) <= LINK:
        card["actions"] = [_open(notification.overview, "All alerts")]
    attachment = {"contentType": "application/vnd.microsoft.card.adaptive", "contentUrl": None, "content": card}
    return {"type": "message", "attachments": [attachment]}


def _matter(matter: Matter) -> dict[str, Any]:
    items = [_text(headline(matter), weight="Bolder", color=_COLOURS.get(matter.severity, "Default"))]
    items += [_text(f"{name}: {value}") for name, value in facts(matter)]
    if matter.link is not None and len(matter.link) <= LINK:
        items.append({"type": "ActionSet", "actions": [_open(matter.link, "Open the model")]})
    return {"type": "Container", "separator": True, "items": items}


def _text(text: str, **style: Any) -> dict[str, Any]:
    shown = cut(text or "-", TEXT)
    while "{{" in shown:
        shown = shown.replace("{{", "{ {")
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": shown, **style}]}


def _open(url: str, title: str) -> dict[str, Any]:
    return {"type": "Action.OpenUrl", "title": title, "url": url}
