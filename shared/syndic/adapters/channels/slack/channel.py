"""`Notifier` by Slack: the simple mode by an incoming webhook, and a bot that says where its message stands."""

from __future__ import annotations

import re
from typing import Any, Final

from syndic.adapters.channels.answers import said, told, without
from syndic.adapters.channels.means import Means, encode
from syndic.adapters.channels.slack.render import escape, render
from syndic.adapters.internet.https import Answer, UnansweredError
from syndic.errors import InvalidInputError, NotSentError
from syndic.ports import Destination, Notification, Press

WEBHOOK_HOSTS: Final = ("hooks.slack.com", "hooks.slack-gov.com")
API: Final = "https://slack.com/api/"

_CHANNEL: Final = re.compile(r"[A-Z0-9]{6,30}|#?[a-z0-9][a-z0-9._-]{0,79}")
_SECRET_NAME: Final = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
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
    """Posts as a bot: option `channel`, the token is the secret. A message's id is ``channel:ts``.

    With the option `signing_secret` its messages have buttons: it names the secret with which Slack signs what is
    pressed, and is the last word but one of the address that it is sent to.
    """

    def __init__(self, destination: Destination, means: Means) -> None:
        self._secret, self._means, self._name = destination.secret, means, destination.name
        self._channel = destination.options["channel"]
        self._buttons = "signing_secret" in destination.options
        if not _CHANNEL.fullmatch(self._channel):
            raise InvalidInputError("is no id or name of a channel, such as C0123ABCD", where="option channel")
        if not _SECRET_NAME.fullmatch(destination.options.get("signing_secret", "none")):
            raise InvalidInputError("is no name of a secret, such as slack-signing", where="option signing_secret")

    def send(self, notification: Notification) -> str:
        """Send one notification. Raises what `Notifier.send` does."""
        taken, token = self._call("chat.postMessage", {**self._rendered(notification), "channel": self._channel})
        return without(f"{taken.get('channel', '')}:{taken.get('ts', '')}", token)

    def update(self, message: str, notification: Notification) -> None:
        """Let a message say something else. Raises what `Channels.update` does."""
        channel, _, ts = message.partition(":")
        said = {name: value for name, value in self._rendered(notification).items() if name in {"text", "blocks"}}
        self._call("chat.update", {**said, "channel": channel, "ts": ts}, brisk=True)

    def whisper(self, press: Press, text: str) -> None:
        """Tell one person of the channel. Raises what `Channels.whisper` does."""
        where = {"channel": press.place.rpartition("/")[2], "user": press.member.rpartition("-")[2]}
        self._call("chat.postEphemeral", {**where, "text": escape(text)}, brisk=True)

    def _rendered(self, notification: Notification) -> dict[str, Any]:
        return render(notification, self._name if self._buttons else None)

    def _call(self, method: str, body: dict[str, Any], *, brisk: bool = False) -> tuple[dict[str, Any], str]:
        token = self._means.secret(self._secret, where="slack_bot")
        answer = self._means.post(
            API + method, encode(body), where="slack_bot", secret=token, hosts=("slack.com",), brisk=brisk,
            headers={"Authorization": f"Bearer {token}"},
        )  # fmt: skip
        return _expect_ok(answer, token), token


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
