"""Endpoints that change are looked at at once: those of this account, and of others that may tell of theirs."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from constructs import Construct

from cdk.constructs.messaging import Queue
from cdk.members import CHANGED, SAGEMAKER, Members


class EndpointChanges(Construct):
    """Rules that put SageMaker's events into the queue of discovery, and a bus on which other accounts tell theirs.

    That bus is another one than the concerns', so that no other account can put an event where they meet. What may be
    put there are SageMaker's events alone, whose source no account can take for its own.
    """

    def __init__(self, scope: Construct, name: str, *, queue: Queue, members: Members | None) -> None:
        super().__init__(scope, name)
        self._queue = queue
        self._rule("Own", None)
        self.bus: events.EventBus | None = None
        if members is not None and members.tell:
            self.bus = events.EventBus(self, "Members")
            events.CfnEventBusPolicy(
                self,
                "MembersPolicy",
                event_bus_name=self.bus.event_bus_name,
                statement_id="members-tell-of-endpoints",
                statement=self._allowed(self.bus, members),
            )
            self._rule("Told", self.bus)

    def _rule(self, name: str, bus: events.IEventBus | None) -> None:
        pattern = events.EventPattern(source=[SAGEMAKER], detail_type=list(CHANGED))
        rule = events.Rule(self, name, event_bus=bus, event_pattern=pattern)
        target = targets.SqsQueue(
            self._queue.queue, dead_letter_queue=self._queue.dead, max_event_age=cdk.Duration.hours(1)
        )
        rule.add_target(target)

    @staticmethod
    def _allowed(bus: events.EventBus, members: Members) -> dict[str, Any]:
        conditions: dict[str, Any] = {"events:source": SAGEMAKER, "events:detail-type": list(CHANGED)}
        principal: Any = {"AWS": [f"arn:{cdk.Aws.PARTITION}:iam::{account}:root" for account in members.accounts]}
        if members.organisation:
            principal = "*"
            conditions["aws:PrincipalOrgID"] = members.organisation_id
        return {
            "Sid": "members-tell-of-endpoints",
            "Effect": "Allow",
            "Principal": principal,
            "Action": "events:PutEvents",
            "Resource": bus.event_bus_arn,
            "Condition": {"StringEquals": conditions},
        }
