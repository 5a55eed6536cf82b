"""The event bus and one queue per consumer, each with a dead-letter queue."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from cdk.nag import acknowledge

SOURCE = "syndic"
TRIES = 4  # receives before a message goes to the dead-letter queue


def queue_with_dead_letters(scope: Construct, *, timeout: cdk.Duration, days: int = 4) -> tuple[sqs.Queue, sqs.Queue]:
    """A queue whose messages are kept some days, and where those go that a function of that timeout fails to take."""
    dead = sqs.Queue(
        scope,
        "Dead",
        enforce_ssl=True,
        retention_period=cdk.Duration.days(14),
        encryption=sqs.QueueEncryption.SQS_MANAGED,
    )
    acknowledge(dead, AwsSolutions_SQS3="it is the dead-letter queue; an alarm watches its depth")
    queue = sqs.Queue(
        scope,
        "Queue",
        enforce_ssl=True,
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        # Six times the function's timeout: a throttled batch must not come back while it is being worked on.
        visibility_timeout=cdk.Duration.seconds(int(timeout.to_seconds()) * 6),
        retention_period=cdk.Duration.days(days),
        dead_letter_queue=sqs.DeadLetterQueue(queue=dead, max_receive_count=TRIES),
    )
    return queue, dead


class Queue(Construct):
    """A queue, its dead-letter queue, and the rule that fills it from the bus."""

    def __init__(
        self, scope: Construct, name: str, *, bus: events.IEventBus, pattern: events.EventPattern, timeout: cdk.Duration
    ) -> None:
        super().__init__(scope, name)
        self.queue, self.dead = queue_with_dead_letters(self, timeout=timeout)
        rule = events.Rule(self, "Rule", event_bus=bus, event_pattern=pattern)
        rule.add_target(targets.SqsQueue(self.queue, dead_letter_queue=self.dead, max_event_age=cdk.Duration.hours(24)))


class Messaging(Construct):
    """The bus on which concerns meet."""

    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(scope, name)
        self.bus = events.EventBus(self, "Bus")

    def queue(self, name: str, *kinds: str, timeout: cdk.Duration, check: str | None = None) -> Queue:
        """A queue of some kinds of events; of those that name a check, the ones of one."""
        detail = {"check": [check]} if check else None
        pattern = events.EventPattern(source=[SOURCE], detail_type=list(kinds), detail=detail)
        return Queue(self, name, bus=self.bus, pattern=pattern, timeout=timeout)
