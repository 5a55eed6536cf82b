"""The gateway: a function that answers predictions, the queue of their records, a function that keeps them."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from cdk.constructs.function import Function, Shape
from cdk.constructs.functions import STATS, Functions
from cdk.constructs.messaging import TRIES
from cdk.constructs.storage import READ_RECORDS, Storage
from cdk.constructs.users import Users
from cdk.nag import acknowledge, acknowledge_wildcard, arn_in_findings, place_in_findings
from cdk.options import Options
from syndic.settings import variable

ANSWER = Shape("functions.api.handler.handler", "Answer predictions", 1024, 29, 20, STATS)
KEEP = Shape("functions.gateway.keep.handler", "Keep predictions as captured traffic", 1024, 90, 5, STATS)
MODELS = "models"
"""Folder of the bucket of sent captures in which linear models lie."""


class Predictions(Construct):
    """Everything under /gateway goes to a function of its own, which may ask models and changes nothing governed."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        storage: Storage,
        functions: Functions,
        users: Users,
        alarms: sns.ITopic,
        options: Options,
    ) -> None:
        super().__init__(scope, name)
        self.dead = sqs.Queue(
            self, "Dead", enforce_ssl=True, retention_period=cdk.Duration.days(14),
            encryption=sqs.QueueEncryption.SQS_MANAGED,
        )  # fmt: skip
        acknowledge(self.dead, AwsSolutions_SQS3="it is the dead-letter queue; an alarm watches its depth")
        self.queue = sqs.Queue(
            self,
            "Queue",
            enforce_ssl=True,
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            visibility_timeout=cdk.Duration.seconds(KEEP.timeout * 6),
            retention_period=cdk.Duration.days(14),  # nothing that was answered may be lost while keeping is broken
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead, max_receive_count=TRIES),
        )
        self._storage, self._options = storage, options
        self._keep(functions, alarms)
        self.function = self._answer(functions, users, alarms).function

    def _keep(self, functions: Functions, alarms: sns.ITopic) -> None:
        keep = functions.add("Predictions", KEEP, alarms=alarms)
        keep.function.add_environment(variable("received_captures"), self._place)
        keep.allow(("s3:PutObject",), [self._storage.captures.arn_for_objects("captures/*")])
        acknowledge_wildcard(
            keep,
            f"Resource::{arn_in_findings(self._storage.captures)}/captures/*",
            "captured traffic has no names before it is written; the bucket is Syndic's own",
        )
        self._allow_asking(keep)  # shadows: their copies come with the records
        keep.consume(self, alarms=alarms, batch=500, gathers=20)

    def _answer(self, functions: Functions, users: Users, alarms: sns.ITopic) -> Function:
        bucket = self._storage.captures
        answer = functions.add_apart("Gateway", ANSWER, functions.environment, alarms=alarms)
        answer.function.add_environment(variable("capture_buckets"), bucket.bucket_name)
        answer.function.add_environment(variable("prediction_queue"), self.queue.queue_url)
        answer.allow(READ_RECORDS, [self._storage.table.table_arn])
        answer.allow(("s3:GetObject",), [self._storage.archive.arn_for_objects("*")])
        answer.allow(("sqs:SendMessage",), [self.queue.queue_arn])
        answer.role.add_to_policy(  # when a key was used last
            iam.PolicyStatement(
                actions=["dynamodb:PutItem"],
                resources=[self._storage.table.table_arn],
                conditions={"ForAllValues:StringEquals": {"dynamodb:LeadingKeys": ["keys.used"]}},
            )
        )
        users.looked_up_by(answer)
        acknowledge_wildcard(
            answer,
            f"Resource::{arn_in_findings(self._storage.archive)}/*",
            "large records lie there; the bucket is Syndic's own",
        )
        self._allow_asking(answer)
        return answer

    def _allow_asking(self, function: Function) -> None:
        """Ask what answers for versions: endpoints, linear models; and read the secrets of backends."""
        bucket = self._storage.captures
        function.allow(("s3:GetObject",), [bucket.arn_for_objects(f"{MODELS}/*")])
        stack, (region, account) = cdk.Stack.of(self), place_in_findings(self)
        endpoints = stack.format_arn(service="sagemaker", resource="endpoint", resource_name="*")
        function.allow(("sagemaker:InvokeEndpoint",), [endpoints])
        secrets = stack.format_arn(
            service="secretsmanager", resource="secret", resource_name="syndic/gateway/*",
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )  # fmt: skip
        function.allow(("secretsmanager:GetSecretValue",), [secrets])
        for resource, why in (
            (
                f"{arn_in_findings(bucket)}/{MODELS}/*",
                "models are named by their owners while it runs; only what lies below one folder",
            ),
            (
                f"arn:<AWS::Partition>:sagemaker:{region}:{account}:endpoint/*",
                "owners name the endpoints that answer while it runs; it may only ask them",
            ),
            (
                f"arn:<AWS::Partition>:secretsmanager:{region}:{account}:secret:syndic/gateway/*",
                "owners name secrets while it runs; one path only",
            ),
        ):
            acknowledge_wildcard(function, f"Resource::{resource}", why)

    @property
    def _place(self) -> str:
        return f"s3://{self._storage.captures.bucket_name}/captures"
