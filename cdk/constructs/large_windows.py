"""Windows that are too large for one function: a distributed map over the captured objects."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from cdk.constructs.function import Function
from cdk.constructs.messaging import Queue
from cdk.nag import acknowledge_wildcard, logical_id, name_in_findings, place_in_findings

WITHOUT_COUNTS = ("FAILED", "TIMED_OUT", "ABORTED")
"""How a run ends that handed nothing on."""


class LargeWindows(Construct):
    """items.jsonl in the archive -> a worker for each line -> one merge. Only run names and counts pass through.

    A run that fails, is stopped or takes too long gives its window back to the counter's queue, and rings.
    """

    def __init__(self, scope: Construct, name: str, *, archive: s3.Bucket, part: Function, merge: Function) -> None:
        super().__init__(scope, name)
        count = tasks.LambdaInvoke(
            self,
            "CountPart",
            lambda_function=part.function,
            payload_response_only=True,
            retry_on_service_exceptions=True,
        )
        _retry(count)
        parts = sfn.DistributedMap(
            self,
            "Parts",
            item_reader=sfn.S3JsonLItemReader(bucket=archive, key=sfn.JsonPath.string_at("$.items")),
            item_selector={
                "run": sfn.JsonPath.string_at("$.run"),
                "request": sfn.JsonPath.object_at("$.request"),
                "item": sfn.JsonPath.object_at("$$.Map.Item.Value"),
            },
            # Half of what may run: two windows at once get on beside each other.
            max_concurrency=max(1, part.workers // 2),
            map_execution_type=sfn.StateMachineType.STANDARD,
            tolerated_failure_percentage=0,
            # Thousands of workers' answers would not fit into the 256 KB that a state may pass on.
            result_writer_v2=sfn.ResultWriterV2(bucket=archive, prefix="maps/results"),
            result_path=sfn.JsonPath.DISCARD,
        )
        parts.item_processor(count)
        finish = tasks.LambdaInvoke(
            self,
            "Merge",
            lambda_function=merge.function,
            payload=sfn.TaskInput.from_object(
                {"run": sfn.JsonPath.string_at("$.run"), "items": sfn.JsonPath.string_at("$.items"),
                 "request": sfn.JsonPath.object_at("$.request")}
            ),
            payload_response_only=True,
            retry_on_service_exceptions=True,
        )  # fmt: skip
        _retry(finish)
        self.machine = sfn.StateMachine(
            self,
            "Machine",
            definition_body=sfn.DefinitionBody.from_chainable(parts.next(finish)),
            timeout=cdk.Duration.hours(6),
            tracing_enabled=True,
            logs=sfn.LogOptions(
                destination=logs.LogGroup(
                    self, "Logs", retention=logs.RetentionDays.THREE_MONTHS, removal_policy=cdk.RemovalPolicy.DESTROY
                ),
                level=sfn.LogLevel.ALL,
                include_execution_data=False,
            ),
        )
        self._acknowledge(archive, part.function, merge.function)

    def _acknowledge(self, archive: s3.Bucket, part: lambda_.Function, merge: lambda_.Function) -> None:
        own = self._executions()
        reasons = {
            f"{own}:*": "the map describes and stops its own child executions",
            f"{own}/*:*": "the map redrives its own child executions",
            f"Resource::<{logical_id(part)}.Arn>:*": "the map may invoke any version of its worker",
            f"Resource::<{logical_id(merge)}.Arn>:*": "the map may invoke any version of its merger",
            f"Resource::arn:<AWS::Partition>:s3:::{name_in_findings(archive)}/*": (
                "the item reader and the result writer know the bucket only; it is Syndic's own"
            ),
            "Resource::*": "X-Ray and log delivery have no resource to name",
        }
        for resource, reason in reasons.items():
            acknowledge_wildcard(self.machine, resource, reason)

    def _executions(self) -> str:
        """The machine's executions, as findings name them."""
        machine = f'{{"Fn::Select":[6,{{"Fn::Split":[":",{{"Ref":"{logical_id(self.machine)}"}}]}}]}}'
        region, account = place_in_findings(self)
        return f"Resource::arn:<AWS::Partition>:states:{region}:{account}:execution:{machine}"

    def give_back_to(self, queue: Queue) -> None:
        """Let the counter take the window of a run that ended without counts."""
        events.Rule(
            self,
            "Ended",
            event_pattern=events.EventPattern(
                source=["aws.states"],
                detail_type=["Step Functions Execution Status Change"],
                detail={"stateMachineArn": [self.machine.state_machine_arn], "status": list(WITHOUT_COUNTS)},
            ),
            targets=[targets.SqsQueue(queue.queue, dead_letter_queue=queue.dead)],
        )

    def alarm(self, topic: sns.ITopic) -> None:
        """Ring when a run ended without counts, however it did."""
        minutes = cdk.Duration.minutes(5)
        ends = {
            "Failed": self.machine.metric_failed(period=minutes),
            "Aborted": self.machine.metric_aborted(period=minutes),
            "Late": self.machine.metric_timed_out(period=minutes),
        }
        for (
            how,
            metric,
        ) in ends.items():  # no alarm on their sum: the local cloud has no expressions
            alarm = cloudwatch.Alarm(
                self,
                f"{how}Alarm",
                metric=metric,
                threshold=1,
                evaluation_periods=1,
                comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
                treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
                alarm_description="LargeWindows: a run ended without counts; see docs/deploy.md for what to do",
            )
            alarm.add_alarm_action(actions.SnsAction(topic))

    def start_from(self, role: iam.IRole) -> None:
        """Let a function start the map, and see whether an earlier run of the same name still runs."""
        self.machine.grant_start_execution(role)
        self.machine.grant_execution(role, "states:DescribeExecution")
        acknowledge_wildcard(role, f"{self._executions()}:*", "it describes the runs that it started")


def _retry(step: tasks.LambdaInvoke) -> None:
    """Try again what another try may mend. Neither is among the service's own errors."""
    # All executions are in use, by another window or function.
    step.add_retry(
        errors=["Lambda.TooManyRequestsException"], interval=cdk.Duration.seconds(5), backoff_rate=2,
        max_attempts=10, max_delay=cdk.Duration.minutes(5), jitter_strategy=sfn.JitterType.FULL,
    )  # fmt: skip
    # A store did not answer, or the worker took too long: its name is that of the exception.
    step.add_retry(
        errors=["UnavailableError", "Sandbox.Timedout", "States.Timeout"], interval=cdk.Duration.seconds(10),
        backoff_rate=2, max_attempts=4, max_delay=cdk.Duration.minutes(2), jitter_strategy=sfn.JitterType.FULL,
    )  # fmt: skip
