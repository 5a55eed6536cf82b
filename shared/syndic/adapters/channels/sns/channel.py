"""`Notifier` by the deployment's topic."""

from __future__ import annotations

from syndic.adapters.channels.means import Means
from syndic.adapters.channels.sns.render import attributes, short, subject, text
from syndic.errors import NotSentError
from syndic.ports import Destination, Notification


class TopicReceiver:
    """Publishes to the one topic that the deployment has: no receiver can name another."""

    def __init__(self, destination: Destination, means: Means) -> None:
        del destination  # it has neither secret nor options
        self._topic = means.topic

    def send(self, notification: Notification) -> str:
        """Send one notification. Raises what `Notifier.send` does."""
        if self._topic is None:
            raise NotSentError("no topic is set (SYNDIC_ALERTS_TOPIC)")
        return self._topic.publish(
            subject(notification), text(notification), short(notification), attributes(notification)
        )
