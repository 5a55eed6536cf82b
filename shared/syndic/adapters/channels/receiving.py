"""`Channels`: the table of channels, reached with what a cloud gives."""

from __future__ import annotations

from collections.abc import Mapping

from syndic.adapters.channels.means import Means
from syndic.adapters.channels.slack import requests
from syndic.adapters.channels.slack.channel import SlackBot
from syndic.adapters.channels.table import CHANNELS, Kind
from syndic.errors import InvalidInputError
from syndic.ports import Destination, Notification, Notifier, Press


class TableOfChannels:
    """Builds a receiver's channel when something is sent to it. Nothing is kept: a secret lives for one message."""

    def __init__(self, means: Means) -> None:
        self._means = means

    def check(self, destination: Destination) -> None:
        """Raise `InvalidInputError` when the channel does not exist or an option is missing, unknown or wrong."""
        self._make(destination)

    def knows_again(self, kind: str) -> bool:
        """Whether the channel's receiver takes what has the same `dedupe_id` once."""
        return _kind(kind).knows_again

    def keeps_open(self, kind: str) -> bool:
        """Whether the channel's receiver keeps what it was told open, and takes it that it is over."""
        return _kind(kind).keeps_open

    def send(self, destination: Destination, notification: Notification) -> str:
        """Send one notification. Raises as `Notifier.send` does."""
        return self._make(destination).send(notification)

    def updates(self, kind: str) -> bool:
        """Whether a message of the channel can be changed after it was sent."""
        return _kind(kind).updates

    def update(self, destination: Destination, message: str, notification: Notification) -> None:
        """Let a message that was sent say this from now on. Raises as `Channels.update` does."""
        self._bot(destination).update(message, notification)

    def whisper(self, destination: Destination, press: Press, text: str) -> None:
        """Tell the person who pressed a button. Raises as `Channels.whisper` does."""
        self._bot(destination).whisper(press, text)

    def read_press(self, secret: str, headers: Mapping[str, str], body: bytes) -> Press | None:
        """The button of a request of Slack's: the only service that sends us any. Raises as `Channels.read_press`."""
        requests.verify(headers, body, self._means.secret(secret, where="slack_bot"), self._means.clock())
        return requests.read_press(headers, body)

    def _bot(self, destination: Destination) -> SlackBot:
        found = self._make(destination)
        if not isinstance(found, SlackBot):
            raise InvalidInputError(f"a message of the channel {destination.kind} cannot be changed", where="channel")
        return found

    def _make(self, destination: Destination) -> Notifier:
        kind = _kind(destination.kind)
        given = frozenset(destination.options)
        for name in sorted(kind.required - given):
            raise InvalidInputError(f"the channel {destination.kind} needs it", where=f"option {name}")
        for name in sorted(given - kind.required - kind.optional):
            known = ", ".join(sorted(kind.required | kind.optional)) or "no options"
            raise InvalidInputError(f"the channel {destination.kind} has {known}", where=f"option {name[:40]!r}")
        if kind.secret is not (destination.secret is not None):
            needs = "needs the name of a secret" if kind.secret else "needs no secret"
            raise InvalidInputError(f"the channel {destination.kind} {needs}", where="secret")
        return kind.make(destination, self._means)


def _kind(name: str) -> Kind:
    if name not in CHANNELS:
        raise InvalidInputError(f"{name[:40]!r} is none of {', '.join(CHANNELS)}", where="channel")
    return CHANNELS[name]
