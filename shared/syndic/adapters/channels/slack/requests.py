"""What Slack sends us: a request that it signed, and the button that was pressed in it. Pure.

https://api.slack.com/authentication/verifying-requests-from-slack, https://api.slack.com/reference/interaction-payloads
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs

from syndic.adapters.channels.slack.buttons import ACKNOWLEDGE, SNOOZE, read_value
from syndic.errors import InvalidInputError, NotSignedInError
from syndic.json_text import parse_json
from syndic.ports import Press

FRESH: Final = timedelta(minutes=5)
"""How old, or how far ahead of us, a request may be: Slack's own advice."""

_TIME: Final = re.compile(r"[0-9]{9,11}")
_SIGNATURE: Final = re.compile(r"v0=[0-9a-f]{64}")
_WORD: Final = re.compile(r"[A-Z][A-Z0-9]{1,29}")
_TS: Final = re.compile(r"([0-9]{9,11})\.[0-9]{1,9}")


def verify(headers: Mapping[str, str], body: bytes, secret: str, now: datetime) -> None:
    """Raise `NotSignedInError` unless Slack signed this body with the secret, within five minutes.

    Args:
        headers: By names in lower case.
        body: Byte for byte as it came.
        secret: The app's signing secret.
        now: The time.
    """
    sent, given = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
    if not _TIME.fullmatch(sent) or not _SIGNATURE.fullmatch(given):
        raise NotSignedInError("the request is not signed")
    expected = hmac.new(secret.encode(), f"v0:{sent}:".encode() + body, hashlib.sha256).hexdigest()
    # Compared before the time is looked at: how long an answer takes says nothing of either.
    same = hmac.compare_digest(f"v0={expected}", given)
    if not same or abs(now.timestamp() - int(sent)) > FRESH.total_seconds():
        raise NotSignedInError("the request is not signed with the app's secret within five minutes")


def read_press(headers: Mapping[str, str], body: bytes) -> Press | None:
    """The button of a request that was verified; None: there is nothing to do. Raises `InvalidInputError`."""
    payload = _payload(body)
    if payload.get("type") != "block_actions":
        return None
    actions = payload.get("actions")
    action = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], dict) else {}
    name = str(action.get("action_id", ""))
    if name != ACKNOWLEDGE and not name.startswith(f"{SNOOZE}_"):
        return None  # a link is told too, or it is another app's
    receiver, offer, snooze = read_value(str(action.get("value", "")))
    if (name == ACKNOWLEDGE) is not (snooze is None):
        raise InvalidInputError("is no button of ours", where="payload.actions[0].value")
    team, user = _word(payload, "user", "team_id", or_of="team"), _word(payload, "user", "id")
    channel = _word(payload, "channel", "id")
    container = payload.get("container")
    ts = str(container.get("message_ts", "")) if isinstance(container, dict) else ""
    said = _TS.fullmatch(ts)
    return Press(
        request=hashlib.sha256(headers.get("x-slack-signature", "").encode()).hexdigest()[:40],
        member=f"{team}-{user}",
        place=f"{team}/{channel}",
        message=f"{channel}:{ts}" if said else "",
        sent_at=datetime.fromtimestamp(int(said[1]), UTC) if said else None,
        receiver=receiver,
        offer=offer,
        snooze=snooze,
    )


def _payload(body: bytes) -> Mapping[str, Any]:
    try:
        form = parse_qs(body.decode(), strict_parsing=False, max_num_fields=10)
    except ValueError as error:
        raise InvalidInputError("is no form", where="body") from error
    text = (form.get("payload") or [""])[0]
    if not text:  # such as Slack's own look whether we answer
        return {}
    try:
        found = parse_json(text.encode())
    except (ValueError, RecursionError):
        raise InvalidInputError("is no JSON", where="body.payload") from None
    if not isinstance(found, dict):
        raise InvalidInputError("is no object", where="body.payload")
    return found


def _word(payload: Mapping[str, Any], name: str, key: str, *, or_of: str | None = None) -> str:
    """An id of Slack's: of a person in their own workspace, in a channel that two workspaces share."""
    for holder, part in ((name, key), (or_of, "id")):
        found = payload.get(holder) if holder else None
        value = found.get(part) if isinstance(found, dict) else None
        if isinstance(value, str) and _WORD.fullmatch(value):
            return value
    raise InvalidInputError("is missing or no id of Slack's", where=f"payload.{name}.{key}")
