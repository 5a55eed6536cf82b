"""`Notifier` by e-mail."""

from __future__ import annotations

from syndic.adapters.channels.email.render import render
from syndic.ports import MailService, Notification


class EmailChannel:
    """Renders notifications as mail and hands them to a mail service of whatever cloud."""

    def __init__(self, service: MailService) -> None:
        self._service = service

    def send(self, notification: Notification) -> str:
        """Send one notification. Raises what `Notifier.send` does."""
        return self._service.deliver(render(notification))
