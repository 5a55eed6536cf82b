"""What Slack sends when somebody presses a button, signed as Slack signs."""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from syndic.adapters.channels.slack.buttons import actions_block
from syndic.alerting.models import Receiver
from syndic.models import Severity
from syndic.ports import Offer

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"  # of Slack's own published example
MEMBER = "T0123ABCD-U0456EFGH"
CHAT = Receiver(
    name="chat",
    channel="slack_bot",
    secret="slack-token",
    options={"channel": "C0123ABCD", "signing_secret": "slack-signing"},
)
SENT = datetime(2026, 3, 3, 18, tzinfo=UTC)


def pressed(
    alert: str, *, button: int = 0, receiver: str = "chat", member: str = MEMBER, episode: datetime = SENT,
    severity: Severity = Severity.CRITICAL, sent: datetime = SENT, ts: str = "",
) -> dict[str, Any]:  # fmt: skip
    """The payload of a button: 0 acknowledges, 1 and 2 snooze."""
    block = actions_block(Offer(alert, episode, severity), receiver, None) or {}
    team, user = member.split("-")
    found = block["elements"][button]
    return {
        "type": "block_actions",
        "team": {"id": team, "domain": "example"},
        "user": {"id": user, "username": "ada", "team_id": team},
        "api_app_id": "A0123",
        "channel": {"id": "C0123ABCD", "name": "risk"},
        "container": {"type": "message", "message_ts": ts or f"{int(sent.timestamp())}.000100"},
        "actions": [{"type": "button", "action_id": found["action_id"], "value": found["value"], "block_id": "b"}],
        "response_url": "https://hooks.slack.com/actions/T0/1/x",
    }


def signed(
    payload: Any, now: datetime, *, secret: str = SECRET, age: timedelta = timedelta()
) -> tuple[dict[str, str], str]:
    """Headers and body."""
    body = urlencode({"payload": json.dumps(payload)})
    sent = str(int((now - age).timestamp()))
    digest = hmac.new(secret.encode(), f"v0:{sent}:{body}".encode(), hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "X-Slack-Request-Timestamp": sent,
        "X-Slack-Signature": f"v0={digest}",
    }
    return headers, body
