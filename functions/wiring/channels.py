"""How people are told: mail, topics, every channel of the table."""

from __future__ import annotations

from functools import cached_property

from botocore.config import Config

from functions import aws_clients
from functions.wiring.clients import CLIENT, Clients
from syndic.adapters.aws import SecretsManager, SnsTopic
from syndic.adapters.internet.https import PublicHttps
from syndic.ports import Channels, MailService, Notifier, Topic


class Telling(Clients):
    """Channels and their means."""

    @cached_property
    def notifier(self) -> Notifier | None:
        """Mail to the owners."""
        from syndic.adapters.channels.email.channel import EmailChannel  # noqa: PLC0415 - for who sends mail

        return None if self._mail is None else EmailChannel(self._mail)

    @cached_property
    def channels(self) -> Channels:
        """Every channel of the table; secrets are read from Secrets Manager when something is sent."""
        from syndic.adapters.channels.means import Means  # noqa: PLC0415 - for who tells people
        from syndic.adapters.channels.receiving import TableOfChannels  # noqa: PLC0415

        secrets = SecretsManager(aws_clients.client("secretsmanager", config=CLIENT))
        brisk = PublicHttps(connecting=0.5, answering=1.2)  # Slack waits for three seconds after a button was pressed
        return TableOfChannels(Means(PublicHttps(), secrets, self.now, self._mail, brisk, self._topic))

    @cached_property
    def _topic(self) -> Topic | None:
        """The topic of those who subscribe, which has no idempotency key either."""
        if self.settings.alerts_topic is None:
            return None
        once = CLIENT.merge(Config(retries={"total_max_attempts": 1}))
        return SnsTopic(aws_clients.client("sns", config=once), self.settings.alerts_topic)

    @cached_property
    def _mail(self) -> MailService | None:
        """SES, which has no idempotency key: its client must not try again by itself."""
        if self.settings.mail_from is None:
            return None
        from syndic.adapters.aws.messaging.mail import SesMail  # noqa: PLC0415 - alerting comes with it

        once = CLIENT.merge(Config(retries={"total_max_attempts": 1}))
        return SesMail(aws_clients.client("sesv2", config=once), self.settings.mail_from)
