"""`Notifier` by a flow of Microsoft Teams."""

from __future__ import annotations

from typing import Final

from syndic.adapters.channels.means import Means, encode
from syndic.adapters.channels.teams.render import render
from syndic.ports import Destination, Notification

HOSTS: Final = (".logic.azure.com", ".environment.api.powerplatform.com")
"""Where flows are: the first until they were moved to the second."""


class TeamsWorkflow:
    """Posts to a flow, whose address carries a signature and is the secret. 202 says that the flow took it, no more."""

    def __init__(self, destination: Destination, means: Means) -> None:
        self._secret, self._means = destination.secret, means

    def send(self, notification: Notification) -> str:
        """Send one notification. Raises what `Notifier.send` does."""
        url = self._means.secret(self._secret, where="teams")
        answer = self._means.post(url, encode(render(notification)), where="teams", secret=url, hosts=HOSTS)
        return answer.headers.get("x-ms-workflow-run-id", "")[:200]
