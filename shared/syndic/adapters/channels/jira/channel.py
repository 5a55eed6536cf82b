"""`Notifier` by the operations of Jira Service Management. Opsgenie speaks the same until April 2027."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import quote

from syndic.adapters.channels.answers import told, without
from syndic.adapters.channels.jira.render import check_alias, render
from syndic.adapters.channels.means import Means, encode
from syndic.adapters.internet.addresses import read_address
from syndic.errors import InvalidInputError
from syndic.ports import Destination, Notification, Step

BASE: Final = "https://api.atlassian.com/jsm/ops/integration/v2"
HOSTS: Final = ("api.atlassian.com", "api.opsgenie.com", "api.eu.opsgenie.com")
"""The key is sent to nobody else, whatever the option says."""

_STEPS: Final = {Step.ACKNOWLEDGE: "acknowledge", Step.RESOLVE: "close"}


class JiraOperations:
    """Creates, acknowledges and closes alerts by their alias. The integration's key is the secret; option `base`.

    202 says that the request waits to be carried out; what becomes of it is behind `requestId`.
    """

    def __init__(self, destination: Destination, means: Means) -> None:
        self._secret, self._means = destination.secret, means
        self._base = destination.options.get("base", BASE).rstrip("/")
        read_address(self._base, where="option base", hosts=HOSTS)
        if "?" in self._base:
            raise InvalidInputError("is an address without a query", where="option base")

    def send(self, notification: Notification) -> str:
        """Send one notification. Raises what `Notifier.send` does."""
        key = self._means.secret(self._secret, where="jira")
        step = _STEPS.get(notification.step)
        url, content = f"{self._base}/alerts", self._content(notification)
        if step is not None:
            check_alias(notification.incident)
            url += f"/{quote(notification.incident, safe='')}/{step}?identifierType=alias"
        headers = {"Authorization": f"GenieKey {key}"}
        answer = self._means.post(
            url, encode(content), where="jira", secret=key, headers=headers, hosts=HOSTS, knows_again=True
        )
        return without(str((told(answer) or {}).get("requestId", "")), key)

    @staticmethod
    def _content(notification: Notification) -> dict[str, Any]:
        return render(notification) if notification.step is Step.TRIGGER else {"source": "Syndic"}
