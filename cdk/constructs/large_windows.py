"""Windows that are too large for one function: a distributed map over the captured objects."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import aws_stepfunctions_tasks as tasks
from constructs import Construct

from cdk.nag import PACK, logical_id

WORKERS = 20


class LargeWindows(Construct):
    """items.jsonl in the archive -> one worker an object -> one merge. Only run names and counts pass through."""

    def __init__(
        self, scope: Construct, name: str, *, archive: s3.Bucket, part: lambda_.Function, merge: lambda_.Function
    ) -> None:
        super().__init__(scope, name)
        count = tasks.LambdaInvoke(
            self,
            "CountObject",
            lambda_function=part,
            payload_response_only=True,
            retry_on_service_exceptions=True,
        )
        objects = sfn.DistributedMap(
            self,
            "Objects",
            item_reader=sfn.S3JsonLItemReader(bucket=archive, key=sfn.JsonPath.string_at("$.items")),
            item_selector={
                "run": sfn.JsonPath.string_at("$.run"),
                "request": sfn.JsonPath.object_at("$.request"),
                "item": sfn.JsonPath.object_at("$$.Map.Item.Value"),
            },
            max_concurrency=WORKERS,
            tolerated_failure_percentage=0,
            result_path="$.parts",
        )
        objects.item_processor(count, mode=sfn.ProcessorMode.DISTRIBUTED, execution_type=sfn.ProcessorType.STANDARD)
        finish = tasks.LambdaInvoke(
            self,
            "Merge",
            lambda_function=merge,
            payload=sfn.TaskInput.from_object(
                {"run": sfn.JsonPath.string_at("$.run"), "items": sfn.JsonPath.string_at("$.items"),
                 "request": sfn.JsonPath.object_at("$.request")}
            ),
            payload_response_only=True,
        )  # fmt: skip
        self.machine = sfn.StateMachine(
            self,
            "Machine",
            definition_body=sfn.DefinitionBody.from_chainable(objects.next(finish)),
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
        archive.grant_read(self.machine, "maps/*")
        self._acknowledge(archive, part, merge)

    def _acknowledge(self, archive: s3.Bucket, part: lambda_.Function, merge: lambda_.Function) -> None:
        executions = f'{{"Fn::Select":[6,{{"Fn::Split":[":",{{"Ref":"{logical_id(self.machine)}"}}]}}]}}'
        own = f"Resource::arn:<AWS::Partition>:states:<AWS::Region>:<AWS::AccountId>:execution:{executions}"
        stack = cdk.Stack.of(self)
        if not cdk.Token.is_unresolved(stack.region):
            own = own.replace("<AWS::Region>", stack.region).replace("<AWS::AccountId>", stack.account)
        reasons = {
            f"{own}:*": "the map describes and stops its own child executions",
            f"{own}/*:*": "the map redrives its own child executions",
            f"Resource::<{logical_id(part)}.Arn>:*": "the map may invoke any version of its worker",
            f"Resource::<{logical_id(merge)}.Arn>:*": "the map may invoke any version of its merger",
            f"Resource::<{logical_id(archive)}.Arn>/maps/*": "listings have no names before a run",
            f"Resource::arn:<AWS::Partition>:s3:::<{logical_id(archive)}>/*": "the item reader reads this bucket",
            "Action::s3:GetObject*": "reading any version of a listing",
            "Action::s3:GetBucket*": "reading the bucket's location",
            "Action::s3:List*": "listing the archive, which is Syndic's own",
            "Resource::*": "X-Ray and log delivery have no resource to name",
        }
        for resource, reason in reasons.items():
            cdk.Validations.of(self.machine).acknowledge(
                cdk.Acknowledgment(id=f"{PACK}::AwsSolutions-IAM5[{resource}]", reason=reason)
            )

    def start_from(self, role: iam.IRole) -> None:
        """Let a function start the map."""
        self.machine.grant_start_execution(role)
