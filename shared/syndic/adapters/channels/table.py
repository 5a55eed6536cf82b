"""The channels. A new one is a folder and a line here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from syndic.adapters.channels.email.channel import EmailReceiver
from syndic.adapters.channels.jira.channel import JiraOperations
from syndic.adapters.channels.means import Means
from syndic.adapters.channels.pagerduty.channel import PagerDuty
from syndic.adapters.channels.slack.channel import SlackBot, SlackWebhook
from syndic.adapters.channels.sns.channel import TopicReceiver
from syndic.adapters.channels.teams.channel import TeamsWorkflow
from syndic.adapters.channels.webhook.channel import Webhook
from syndic.ports import Destination, Notifier


@dataclass(frozen=True, slots=True)
class Kind:
    """A channel.

    Attributes:
        make: Builds it for one receiver; raises `InvalidInputError` for an option that is wrong.
        required: Options that have to be given.
        optional: Options that may be given.
        secret: Whether it needs a secret.
        knows_again: Whether receivers take the same `dedupe_id` once: sent at least once then, else at most once.
        keeps_open: Whether receivers keep what they were told open, and are told that it is over.
        updates: Whether a message can be changed after it was sent.
    """

    make: Callable[[Destination, Means], Notifier]
    required: frozenset[str] = frozenset()
    optional: frozenset[str] = frozenset()
    secret: bool = True
    knows_again: bool = False
    keeps_open: bool = False
    updates: bool = False


CHANNELS: Final[Mapping[str, Kind]] = {
    "email": Kind(EmailReceiver, required=frozenset({"to"}), secret=False),
    "slack": Kind(SlackWebhook),
    "slack_bot": Kind(SlackBot, required=frozenset({"channel"}), optional=frozenset({"signing_secret"}), updates=True),
    "sns": Kind(TopicReceiver, secret=False),
    "teams": Kind(TeamsWorkflow),
    "pagerduty": Kind(PagerDuty, optional=frozenset({"region"}), knows_again=True, keeps_open=True),
    "jira": Kind(JiraOperations, optional=frozenset({"base"}), knows_again=True, keeps_open=True),
    "webhook": Kind(Webhook, required=frozenset({"url"}), knows_again=True, keeps_open=True),
}
