"""A notification as an alert of Jira Service Management. Pure.

Limits: `message` 130, `alias` 512, `description` 15,000, `entity` 512, a tag 50 characters.
"""

from __future__ import annotations

from typing import Any, Final

from syndic.adapters.channels.content import cut, facts, fill, headline, more
from syndic.errors import InvalidInputError
from syndic.models import Severity
from syndic.ports import Matter, Notification

MESSAGE: Final = 130
ALIAS: Final = 512
DESCRIPTION: Final = 15_000
TAG: Final = 50
TEXT: Final = 2_000

_PRIORITIES: Final = {
    Severity.CRITICAL: "P1",
    Severity.HIGH: "P2",
    Severity.MEDIUM: "P3",
    Severity.LOW: "P4",
    Severity.NONE: "P5",
}


def render(notification: Notification) -> dict[str, Any]:
    """The alert that is created. Raises `InvalidInputError` for an alias that would not be taken."""
    check_alias(notification.incident)
    worst = notification.matters[0] if notification.matters else None
    alert: dict[str, Any] = {
        "message": cut(notification.subject, MESSAGE),
        "alias": notification.incident,
        "description": _description(notification),
        "priority": _PRIORITIES[worst.severity] if worst else "P5",
        "source": "Syndic",
        "tags": ["syndic", *([worst.severity.value] if worst else [])],
        "details": {"alerts": str(len(notification.matters))},
    }
    if worst is not None and worst.model:
        alert["entity"] = cut(worst.model, ALIAS)
    if notification.overview is not None:
        alert["details"]["dashboard"] = notification.overview
    return alert


def check_alias(alias: str) -> None:
    """Raise `InvalidInputError` unless an alias has 1 to 512 characters."""
    if not 1 <= len(alias) <= ALIAS:
        raise InvalidInputError(f"has {len(alias)} characters, 1 to {ALIAS} are taken", where="alias")


def _description(notification: Notification) -> str:
    texts = [_matter(one) for one in notification.matters]
    shown = fill(texts, len(texts), lambda text: len(text) + 2, DESCRIPTION - 2_000)
    rest = more(notification, len(shown))
    parts = [cut(notification.lead, 500), *shown, *([rest] if rest else []), cut(notification.closing, 500)]
    return cut("\n\n".join(parts), DESCRIPTION)


def _matter(matter: Matter) -> str:
    lines = [headline(matter), *(f"{name}: {value}" for name, value in facts(matter))]
    if matter.link:
        lines.append(f"Details: {matter.link}")
    return "\n".join(cut(line, TEXT) for line in lines)
