"""`Notifier` by e-mail."""

from __future__ import annotations

from dataclasses import replace

from syndic.adapters.channels.email.render import render
from syndic.adapters.channels.means import Means
from syndic.alerting.recipients import is_deliverable
from syndic.errors import InvalidInputError, NotSentError
from syndic.ports import Destination, MailService, Notification


class EmailChannel:
    """Renders notifications as mail and hands them to a mail service of whatever cloud."""

    def __init__(self, service: MailService) -> None:
        self._service = service

    def send(self, notification: Notification) -> str:
        """Send one notification. Raises what `Notifier.send` does."""
        return self._service.deliver(render(notification))


class EmailReceiver:
    """Sends to one address, whoever the notification is for: option `to`."""

    def __init__(self, destination: Destination, means: Means) -> None:
        self._to, self._service = destination.options["to"], means.mail
        if not is_deliverable(self._to):
            raise InvalidInputError("is no mail address", where="option to")

    def send(self, notification: Notification) -> str:
        """Send one notification. Raises what `Notifier.send` does."""
        if self._service is None:
            raise NotSentError("no sender is set (SYNDIC_MAIL_FROM)")
        return EmailChannel(self._service).send(replace(notification, to=self._to))
