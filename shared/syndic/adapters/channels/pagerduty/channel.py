"""`Notifier` by PagerDuty."""

from __future__ import annotations

import re
from typing import Final

from syndic.adapters.channels.means import Means, encode
from syndic.adapters.channels.pagerduty.render import render
from syndic.errors import InvalidInputError
from syndic.ports import Destination, Notification

REGIONS: Final = {"us": "events.pagerduty.com", "eu": "events.eu.pagerduty.com"}
_ROUTING_KEY: Final = re.compile(r"[A-Za-z0-9]{32}")


class PagerDuty:
    """Triggers, acknowledges and resolves alerts by their key. The integration's key is the secret; option `region`.

    PagerDuty drops an acknowledgement or resolution of an alert that is not open, or that another integration opened,
    without a word.
    """

    def __init__(self, destination: Destination, means: Means) -> None:
        self._secret, self._means = destination.secret, means
        region = destination.options.get("region", "us")
        if region not in REGIONS:
            raise InvalidInputError(f"is not one of {', '.join(REGIONS)}", where="option region")
        self._host = REGIONS[region]

    def send(self, notification: Notification) -> str:
        """Send one notification. Raises what `Notifier.send` does."""
        key = self._means.secret(self._secret, where="pagerduty")
        if not _ROUTING_KEY.fullmatch(key):
            raise InvalidInputError(
                f"the secret {self._secret} is no integration key of 32 letters and digits", where="pagerduty"
            )
        body = encode(render(notification, key))
        url = f"https://{self._host}/v2/enqueue"
        self._means.post(url, body, where="pagerduty", secret=key, hosts=(self._host,), knows_again=True)
        return notification.incident
