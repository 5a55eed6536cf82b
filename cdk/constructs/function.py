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

from cdk.exists import STACK
from cdk.nag import acknowledge, acknowledge_wildcard
from cdk.network import JOIN, Network
from cdk.options import Options

NEAR = 80
"""Per cent of its time limit at which a scheduled call is slow."""

WAITED = 3600
"""Seconds after which a message waits too long: the next hour's come."""


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


def namespace(construct: Construct) -> str:
    """Of metrics: of each stack in an account its own, or one would ring for the other."""
    name = cdk.Stack.of(construct).stack_name
    return STACK if name == STACK else f"{STACK}/{name}"


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
        if options.data_key:
            self._use(options.data_key)
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
                "POWERTOOLS_METRICS_NAMESPACE": namespace(self),
            },
            dead_letter_queue=self.dead,
            retry_attempts=2,
            max_event_age=cdk.Duration.hours(2),
            tracing=lambda_.Tracing.DISABLED,
        )
        if options.network.subnets:
            self._join(options.network)
        acknowledge(self.function, AwsSolutions_L1="the newest runtime for which every locked package has wheels")
        # A call that runs into a long time limit is alone in its five minutes: three of them would never ring.
        errors = 3 if shape.timeout <= 100 else 1
        self._alarm("Errors", self.function.metric_errors(period=cdk.Duration.minutes(5)), errors, alarms)
        self._alarm("DeadLetters", self.dead.metric_approximate_number_of_messages_visible(), 1, alarms)

    def _use(self, key: str) -> None:
        """Read and write what lies under the customer's key, through the stores that keep it and no other way."""
        services = [f"{service}.{cdk.Aws.REGION}.amazonaws.com" for service in ("dynamodb", "s3")]
        self.role.add_to_policy(
            iam.PolicyStatement(
                actions=["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey", "kms:DescribeKey"],
                resources=[key],
                conditions={"StringEquals": {"kms:ViaService": services}},
            )
        )

    def _join(self, network: Network) -> None:
        """Run in subnets of the customer. The rights are of the role itself: Lambda asks for them at its creation."""
        own = self.role.node.default_child
        assert isinstance(own, iam.CfnRole)  # noqa: S101 - what the CDK makes
        statement = {"Effect": "Allow", "Action": list(JOIN), "Resource": "*"}
        document = {"Version": "2012-10-17", "Statement": [statement]}
        own.policies = [iam.CfnRole.PolicyProperty(policy_name="join-subnets", policy_document=document)]
        acknowledge_wildcard(self.role, "Resource::*", "network interfaces have no names before Lambda makes them")
        function = self.function.node.default_child
        assert isinstance(function, lambda_.CfnFunction)  # noqa: S101 - likewise
        function.vpc_config = lambda_.CfnFunction.VpcConfigProperty(
            subnet_ids=list(network.subnets), security_group_ids=list(network.security_groups)
        )

    def watch_for(self, metric: str, *, alarms: sns.ITopic) -> None:
        """Alarm when the function counts something of which one is too many."""
        counted = cloudwatch.Metric(
            namespace=namespace(self), metric_name=metric, statistic="Sum", period=cdk.Duration.minutes(5)
        )
        self._alarm(metric, counted, 1, alarms)

    def consume(self, queue: WithDead, *, alarms: sns.ITopic, batch: int = 1, gathers: int = 0) -> None:
        """Take messages from a queue; failed ones come back alone. It waits `gathers` seconds for more of a batch."""
        source = sources.SqsEventSource(
            queue.queue,
            batch_size=batch,
            max_batching_window=cdk.Duration.seconds(gathers) if gathers else None,
            report_batch_item_failures=True,
            # Never more than the function may run: a throttled message would count as a try.
            max_concurrency=self.workers,
        )
        self.function.add_event_source(source)
        self._alarm(
            f"{queue.node.id}DeadLetters", queue.dead.metric_approximate_number_of_messages_visible(), 1, alarms
        )
        age = queue.queue.metric_approximate_age_of_oldest_message(period=cdk.Duration.minutes(15))
        self._alarm(f"{queue.node.id}Waiting", age, WAITED, alarms)

    def watch(self, *, hours: int, alarms: sns.ITopic) -> None:
        """Ring when a scheduled function was not called for hours, or its calls come near its time limit."""
        calls = self.function.metric_invocations(period=cdk.Duration.hours(hours))
        self._alarm("Silent", calls, 1, alarms, below=True)
        longest = self.function.metric_duration(period=cdk.Duration.minutes(15), statistic="Maximum")
        self._alarm("Slow", longest, self.shape.timeout * 1000 * NEAR // 100, alarms)

    def allow(self, actions_: Sequence[str], resources: Sequence[str]) -> None:
        """Allow actions on resources."""
        self.role.add_to_policy(iam.PolicyStatement(actions=list(actions_), resources=list(resources)))

    def _alarm(
        self, name: str, metric: cloudwatch.IMetric, threshold: int, topic: sns.ITopic, *, below: bool = False
    ) -> None:
        """Ring at a number and above; `below`: under it, and where there is none."""
        ring(self, name, metric, threshold, topic, below=below)


def watch_throttles(scope: Construct, alarms: sns.ITopic) -> None:
    """Ring when Lambda turns calls away, of whichever function.

    One alarm on the sum of the account's region, which is never less than that of a function: the quota is the
    account's too. An alarm for each function would cost as much as all else that watches them.
    """
    throttled = cloudwatch.Metric(
        namespace="AWS/Lambda", metric_name="Throttles", statistic="Sum", period=cdk.Duration.minutes(5)
    )
    ring(scope, "Throttles", throttled, 10, alarms)


def ring(
    scope: Construct, name: str, metric: cloudwatch.IMetric, threshold: int, topic: sns.ITopic, *, below: bool = False
) -> None:
    """Ring at a number and above; `below`: under it, and where there is none."""
    compared, missing = cloudwatch.ComparisonOperator, cloudwatch.TreatMissingData
    alarm = cloudwatch.Alarm(
        scope,
        f"{name}Alarm",
        metric=metric,
        threshold=threshold,
        evaluation_periods=1,
        comparison_operator=(compared.LESS_THAN_THRESHOLD if below else compared.GREATER_THAN_OR_EQUAL_TO_THRESHOLD),
        treat_missing_data=missing.BREACHING if below else missing.NOT_BREACHING,
        alarm_description=f"{scope.node.id}: {name}; see docs/deploy.md for what to do",
    )
    alarm.add_alarm_action(actions.SnsAction(topic))
