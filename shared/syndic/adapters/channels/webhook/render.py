"""A notification as a CloudEvent 1.0 in JSON, which is a body of Standard Webhooks too. Pure; at most 20 KB."""

from __future__ import annotations

from typing import Any, Final

from syndic.adapters.channels.content import cut, fill, more
from syndic.adapters.channels.means import encode
from syndic.ports import Matter, Notification, Step

LIMIT: Final = 20_000  # bytes of the whole, as Standard Webhooks advises
ROOM: Final = 15_000  # bytes of all matters
TEXT: Final = 600  # characters

TYPES: Final = {
    Step.TRIGGER: "syndic.alerts.raised",
    Step.ACKNOWLEDGE: "syndic.alerts.acknowledged",
    Step.RESOLVE: "syndic.alerts.resolved",
}


def render(notification: Notification) -> dict[str, Any]:
    """The event. `timestamp` stands beside CloudEvents' `time`, because Standard Webhooks calls it so."""
    items = [_matter(one) for one in notification.matters]
    shown = fill(items, len(items), lambda item: len(encode(item)), ROOM)
    data: dict[str, Any] = {
        "subject": notification.subject,
        "about": cut(notification.lead, TEXT),
        "alerts": shown,
        "alerts_in_all": len(items),
        "dashboard": notification.overview,
    }
    rest = more(notification, len(shown))
    if rest is not None:
        data["more"] = rest
    at = notification.at.isoformat()
    return {
        "specversion": "1.0",
        "id": notification.dedupe_id,
        "source": "/syndic/alerting",
        "type": TYPES[notification.step],
        "time": at,
        "timestamp": at,
        "datacontenttype": "application/json",
        "data": data,
    }


def _matter(matter: Matter) -> dict[str, Any]:
    return {
        "severity": matter.severity.value,
        "model": cut(matter.model, TEXT),
        "title": cut(matter.title, TEXT),
        "about": cut(matter.about, TEXT),
        "numbers": [
            {
                "name": cut(one.name, TEXT),
                "value": one.value,
                "threshold": one.threshold,
                "interval": None if one.interval is None else list(one.interval),
            }
            for one in matter.numbers
        ],
        "since": cut(matter.since, TEXT),
        "cause": cut(matter.cause, TEXT),
        "to_do": cut(matter.to_do, TEXT),
        "related": None if matter.related is None else cut(matter.related, TEXT),
        "link": matter.link,
    }
