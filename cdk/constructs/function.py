"""One Lambda function per concern: own role, own log group, own limits, alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as sources
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct, Node

from cdk.nag import acknowledge
from cdk.options import Options


@dataclass(frozen=True, slots=True)
class Shape:
    """What a function needs."""

    handler: str
    description: str
    memory: int
    timeout: int  # seconds
    concurrency: int  # at most so many at once: reserved, or the bound of its queue
    layers: tuple[str, ...] = ("core",)


class WithDead(Protocol):
    """A queue and its dead-letter queue."""

    @property
    def queue(self) -> sqs.IQueue:
        """The queue."""

    @property
    def dead(self) -> sqs.IQueue:
        """Where messages go that failed every time."""

    @property
    def node(self) -> Node:
        """Names it."""


class Function(Construct):
    """A function of one concern."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        shape: Shape,
        options: Options,
        layers: Mapping[str, lambda_.ILayerVersion],
        environment: Mapping[str, str],
        alarms: sns.ITopic,
        shares: Sequence[int],
        role_name: str | None = None,
    ) -> None:
        super().__init__(scope, name)
        self.shape = shape
        self.workers = options.workers(shape.concurrency, shares)
        log_group = logs.LogGroup(
            self, "Logs", retention=logs.RetentionDays.THREE_MONTHS, removal_policy=cdk.RemovalPolicy.DESTROY
        )
        self.role = iam.Role(self, "Role", role_name=role_name, assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"))
        log_group.grant_write(self.role)
        # Where events go that were invoked asynchronously (schedules) and failed every time.
        self.dead = sqs.Queue(
            self,
            "Dead",
            enforce_ssl=True,
            retention_period=cdk.Duration.days(14),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
        )
        acknowledge(self.dead, AwsSolutions_SQS3="it is the dead-letter queue; an alarm watches its depth")
        self.function = lambda_.Function(
            self,
            "Function",
            description=shape.description,
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler=shape.handler,
            code=lambda_.Code.from_asset(options.built("code"), exclude=[".inputs"]),
            layers=[layers[layer] for layer in shape.layers],
            memory_size=shape.memory,
            timeout=cdk.Duration.seconds(shape.timeout),
            reserved_concurrent_executions=shape.concurrency if options.reserves(shares) else None,
            role=self.role,
            log_group=log_group,
            environment={
                **environment,
                "POWERTOOLS_SERVICE_NAME": name.lower(),
                "POWERTOOLS_METRICS_NAMESPACE": "Syndic",
            },
            dead_letter_queue=self.dead,
            retry_attempts=2,
            max_event_age=cdk.Duration.hours(2),
            tracing=lambda_.Tracing.DISABLED,
        )
        acknowledge(self.function, AwsSolutions_L1="the newest runtime for which every locked package has wheels")
        self._alarm("Errors", self.function.metric_errors(period=cdk.Duration.minutes(5)), 3, alarms)
        self._alarm("Throttles", self.function.metric_throttles(period=cdk.Duration.minutes(5)), 10, alarms)
        self._alarm("DeadLetters", self.dead.metric_approximate_number_of_messages_visible(), 1, alarms)

    def consume(
        self, queue: WithDead, *, alarms: sns.ITopic, batch: int = 1, within: cdk.Duration | None = None
    ) -> None:
        """Take messages from a queue; failed ones come back alone. `within`: how long a batch may be waited for."""
        source = sources.SqsEventSource(
            queue.queue,
            batch_size=batch,
            max_batching_window=within,
            report_batch_item_failures=True,
            # Never more than the function may run: a throttled message would count as a try.
            max_concurrency=self.workers,
        )
        self.function.add_event_source(source)
        self._alarm(
            f"{queue.node.id}DeadLetters", queue.dead.metric_approximate_number_of_messages_visible(), 1, alarms
        )

    def allow(self, actions_: Sequence[str], resources: Sequence[str]) -> None:
        """Allow actions on resources."""
        self.role.add_to_policy(iam.PolicyStatement(actions=list(actions_), resources=list(resources)))

    def _alarm(self, name: str, metric: cloudwatch.IMetric, threshold: int, topic: sns.ITopic) -> None:
        alarm = cloudwatch.Alarm(
            self,
            f"{name}Alarm",
            metric=metric,
            threshold=threshold,
            evaluation_periods=1,
            comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description=f"{self.node.id}: {name}; see docs/deploy.md for what to do",
        )
        alarm.add_alarm_action(actions.SnsAction(topic))
