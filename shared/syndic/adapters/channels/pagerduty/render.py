"""A notification as an event of PagerDuty. Pure.

Limits: `summary` 1,024 and `dedup_key` 255 characters, 512 KB in all.
"""

from __future__ import annotations

from typing import Any, Final

from syndic.adapters.channels.content import cut, facts, fill, headline, more
from syndic.adapters.channels.means import encode
from syndic.errors import InvalidInputError
from syndic.models import Severity
from syndic.ports import Matter, Notification, Step

ROOM: Final = 200_000  # bytes of all matters; 512 KB is the limit of the whole
MOST_MATTERS: Final = 100
SUMMARY: Final = 1_024
KEY: Final = 255
TEXT: Final = 2_000

_SEVERITIES: Final = {
    Severity.CRITICAL: "critical",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "info",
    Severity.NONE: "info",
}


def render(notification: Notification, routing_key: str) -> dict[str, Any]:
    """The event. Raises `InvalidInputError` for a key that PagerDuty would not take."""
    key = notification.incident
    if not 1 <= len(key) <= KEY:
        raise InvalidInputError(f"has {len(key)} characters, 1 to {KEY} are taken", where="dedup_key")
    event: dict[str, Any] = {"routing_key": routing_key, "event_action": notification.step.value, "dedup_key": key}
    if notification.step is not Step.TRIGGER:
        return event
    items = [_matter(one) for one in notification.matters[:MOST_MATTERS]]
    shown = fill(items, MOST_MATTERS, lambda item: len(encode(item)), ROOM)
    worst = notification.matters[0] if notification.matters else None
    details: dict[str, Any] = {"about": notification.lead, "alerts": shown}
    rest = more(notification, len(shown))
    if rest is not None:
        details["more"] = rest
    event["payload"] = {
        "summary": cut(notification.subject, SUMMARY),
        "source": cut(worst.model or "syndic", TEXT) if worst else "syndic",
        "severity": _SEVERITIES[worst.severity] if worst else "info",
        "timestamp": notification.at.isoformat(),
        "component": cut(worst.about, TEXT) if worst else "syndic",
        "class": cut(worst.title, TEXT) if worst else "digest",
        "custom_details": details,
    }
    event["client"] = "Syndic"
    if notification.overview is not None:
        event["client_url"] = notification.overview
    links = [{"href": one.link, "text": cut(one.headline, KEY)} for one in notification.matters[:10] if one.link]
    if links:
        event["links"] = links
    return event


def _matter(matter: Matter) -> dict[str, Any]:
    said = {name: cut(value, TEXT) for name, value in facts(matter)}
    return {"what": cut(headline(matter), TEXT), **said, **({"link": matter.link} if matter.link else {})}
