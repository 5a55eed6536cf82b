"""`Notifier` by a webhook of one's own."""

from __future__ import annotations

from syndic.adapters.channels.means import Means, encode
from syndic.adapters.channels.webhook.render import render
from syndic.adapters.channels.webhook.signatures import sign
from syndic.adapters.internet.addresses import read_address
from syndic.ports import Destination, Notification


class Webhook:
    """Posts signed events: option `url`, the signing keys are the secret. 410 says that nobody wants them any more."""

    def __init__(self, destination: Destination, means: Means) -> None:
        self._secret, self._means = destination.secret, means
        self._url = destination.options["url"]
        read_address(self._url, where="option url")

    def send(self, notification: Notification) -> str:
        """Send one notification. Raises what `Notifier.send` does."""
        keys = self._means.secret(self._secret, where="webhook")
        body, at = encode(render(notification)), int(self._means.clock().timestamp())
        headers = {
            "Content-Type": "application/cloudevents+json; charset=utf-8",
            "webhook-id": notification.dedupe_id,
            "webhook-timestamp": str(at),
            "webhook-signature": sign(notification.dedupe_id, at, body, keys),
        }
        self._means.post(self._url, body, where="webhook", secret=keys, headers=headers, knows_again=True)
        return notification.dedupe_id
