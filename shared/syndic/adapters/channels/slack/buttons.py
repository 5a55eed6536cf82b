"""Buttons below a matter, and what they say when they are pressed. Pure.

A button carries whose message it stands in and what was told: the receiver, the alert, when its trouble began, how bad
it was. Slack signs what it sends back, so nobody else can say it; whoever holds the bot's token could.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any, Final

from syndic.canonical import canonical_json
from syndic.errors import InvalidInputError
from syndic.models import Severity
from syndic.ports import Offer

ACKNOWLEDGE: Final = "syndic_acknowledge"
SNOOZE: Final = "syndic_snooze"
OPEN: Final = "syndic_open"
SNOOZES: Final = ((timedelta(hours=4), "Snooze 4 hours"), (timedelta(days=1), "Snooze 1 day"))
LINK: Final = 3_000
VALUE: Final = 2_000

_PARTS: Final = 5
_LONGEST: Final = timedelta(days=90)


def actions_block(offer: Offer | None, receiver: str, link: str | None) -> dict[str, Any] | None:
    """The block of buttons of a matter: what may be done about it, and its page; None: neither."""
    elements = []
    if offer is not None:
        elements.append(_button("Acknowledge", ACKNOWLEDGE, _value(receiver, offer, None), style="primary"))
        for number, (length, label) in enumerate(SNOOZES):
            elements.append(_button(label, f"{SNOOZE}_{number}", _value(receiver, offer, length)))
    if link is not None and len(link) <= LINK:
        elements.append(
            {"type": "button", "text": {"type": "plain_text", "text": "Open"}, "action_id": OPEN, "url": link}
        )
    return {"type": "actions", "elements": elements} if elements else None


def read_value(text: str) -> tuple[str, Offer, timedelta | None]:
    """Receiver, offer and length of the snooze of a button. Raises `InvalidInputError` for what we never wrote."""
    try:
        parts = json.loads(text)
        if not isinstance(parts, list) or len(parts) != _PARTS:
            raise ValueError("is no list of five")  # noqa: TRY301 - one answer for everything that is not ours
        receiver, alert, episode, severity, seconds = parts
        offer = Offer(str(alert), datetime.fromisoformat(episode), Severity(severity))
        if offer.episode.tzinfo is None:
            raise ValueError("names no zone")  # noqa: TRY301
        snooze = None if seconds is None else timedelta(seconds=float(seconds))
        if snooze is not None and not timedelta() < snooze <= _LONGEST:
            raise ValueError("is no length of a snooze")  # noqa: TRY301
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise InvalidInputError("is no button of ours", where="payload.actions[0].value") from None
    return str(receiver), offer, snooze


def _value(receiver: str, offer: Offer, snooze: timedelta | None) -> str:
    seconds = None if snooze is None else int(snooze.total_seconds())
    parts = [receiver, offer.alert, offer.episode.isoformat(), offer.severity.value, seconds]
    return canonical_json(parts).decode()


def _button(label: str, action: str, value: str, **style: str) -> dict[str, Any]:
    text = {"type": "plain_text", "text": label}
    return {"type": "button", "text": text, "action_id": action, "value": value, **style}
