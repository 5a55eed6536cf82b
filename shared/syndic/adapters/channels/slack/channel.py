"""`Notifier` by Slack: the simple mode by an incoming webhook, and a bot that says where its message stands."""

from __future__ import annotations

import re
from typing import Any, Final

from syndic.adapters.channels.answers import said, told, without
from syndic.adapters.channels.means import Means, encode
from syndic.adapters.channels.slack.render import render
from syndic.adapters.internet.https import Answer, UnansweredError
from syndic.errors import InvalidInputError, NotSentError
from syndic.ports import Destination, Notification

WEBHOOK_HOSTS: Final = ("hooks.slack.com", "hooks.slack-gov.com")
API: Final = "https://slack.com/api/chat.postMessage"

_CHANNEL: Final = re.compile(r"[A-Z0-9]{6,30}|#?[a-z0-9][a-z0-9._-]{0,79}")
_LATER: Final = frozenset({"ratelimited", "rate_limited", "service_unavailable", "team_added_to_org"})
_UNKNOWN: Final = frozenset({"fatal_error", "internal_error", "request_timeout"})
"""After these, says Slack, some part of the call may have been done."""


class SlackWebhook:
    """Posts to an incoming webhook. Its address is the secret; an answer carries no id."""

    def __init__(self, destination: Destination, means: Means) -> None:
        self._secret, self._means = destination.secret, means

    def send(self, notification: Notification) -> str:
        """Send one notification. Raises what `Notifier.send` does."""
        url = self._means.secret(self._secret, where="slack")
        body = encode(render(notification))
        answer = self._means.post(url, body, where="slack", secret=url, hosts=WEBHOOK_HOSTS)
        if answer.body.strip() != b"ok":
            _expect_ok(answer, url)
        return ""


class SlackBot:
    """Posts as a bot: option `channel`, the token is the secret. A message's id is ``channel:ts``."""

    def __init__(self, destination: Destination, means: Means) -> None:
        self._secret, self._means = destination.secret, means
        self._channel = destination.options["channel"]
        if not _CHANNEL.fullmatch(self._channel):
            raise InvalidInputError("is no id or name of a channel, such as C0123ABCD", where="option channel")

    def send(self, notification: Notification) -> str:
        """Send one notification. Raises what `Notifier.send` does."""
        token = self._means.secret(self._secret, where="slack_bot")
        body = encode({**render(notification), "channel": self._channel})
        headers = {"Authorization": f"Bearer {token}"}
        answer = self._means.post(API, body, where="slack_bot", secret=token, headers=headers, hosts=("slack.com",))
        taken = _expect_ok(answer, token)
        return without(f"{taken.get('channel', '')}:{taken.get('ts', '')}", token)


def _expect_ok(answer: Answer, secret: str) -> dict[str, Any]:
    """Slack answers 200 to what it refuses, too: only ``ok`` says that a message was taken."""
    found = told(answer)
    if found is None or not isinstance(found.get("ok"), bool):
        raise UnansweredError(f"slack answered what it does not say of messages: {said(answer, secret)}")
    if found["ok"]:
        return found
    error = str(found.get("error", "no reason given"))
    why = f"slack refused it: {without(error, secret)}"
    if error in _UNKNOWN:
        raise UnansweredError(f"{why}; it may have been taken")
    if error in _LATER:
        raise NotSentError(why)
    raise InvalidInputError(why)
