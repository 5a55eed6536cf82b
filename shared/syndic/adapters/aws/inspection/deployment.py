"""What a deployed stack does. Only reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from syndic.adapters.aws.errors import code_of, translate, translated

Clients = Callable[[str], Any]
REFUSALS = '?AccessDenied ?"not authorized to perform"'
"""CloudWatch Logs: lines in which a service refused a function a call."""


@dataclass(frozen=True, slots=True)
class Captured:
    """An endpoint and where it captures; None: it does not."""

    endpoint: str
    uri: str | None


class AwsDeployment:
    """A stack, by its outputs. Every method raises one of Syndic's errors when a service refuses.

    Args:
        clients: Makes a client of a service in the stack's region.
        stack: The stack's name.
        outputs: As ``cdk deploy --outputs-file`` wrote them.
    """

    def __init__(self, clients: Clients, stack: str, outputs: Mapping[str, str]) -> None:
        self._clients, self._stack, self._outputs = clients, stack, outputs

    def created(self) -> datetime:
        """When the stack was created."""
        with translated(f"describe stack {self._stack}"):
            (found,) = self._clients("cloudformation").describe_stacks(StackName=self._stack)["Stacks"]
        created: datetime = found["CreationTime"]
        return created

    def calls(self, function: str, *, since: datetime, now: datetime, failed: bool = False) -> int:
        """How often a function was called, or failed."""
        name = "Errors" if failed else "Invocations"
        with translated(f"read the {name.lower()} of {function}"):
            found = self._clients("cloudwatch").get_metric_statistics(
                Namespace="AWS/Lambda",
                MetricName=name,
                Dimensions=[{"Name": "FunctionName", "Value": function}],
                StartTime=since,
                EndTime=now,
                Period=int(max(timedelta(minutes=5), now - since).total_seconds() // 300) * 300,
                Statistics=["Sum"],
            )
        return int(sum(one["Sum"] for one in found["Datapoints"]))

    def refused(self, function: str, *, since: datetime) -> str | None:
        """The first line since then in which a call of a function was refused, or None."""
        with translated(f"read the log of {function}"):
            group = self._clients("lambda").get_function_configuration(FunctionName=function)["LoggingConfig"][
                "LogGroup"
            ]
            pages = (
                self._clients("logs")
                .get_paginator("filter_log_events")
                .paginate(logGroupName=group, startTime=int(since.timestamp() * 1000), filterPattern=REFUSALS)
            )
            for page in pages:
                for event in page["events"]:
                    return " ".join(str(event["message"]).split())[:300]
        return None

    def dead_letters(self) -> Iterator[tuple[str, int]]:
        """Dead-letter queues of the stack that hold messages, and how many."""
        sqs = self._clients("sqs")
        with translated("look at the dead-letter queues"):
            for page in sqs.get_paginator("list_queues").paginate(QueueNamePrefix=f"{self._stack}-"):
                for url in page.get("QueueUrls", []):
                    name = url.rpartition("/")[2]
                    if "Dead" in name:
                        asked = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
                        waiting = int(asked["Attributes"]["ApproximateNumberOfMessages"])
                        if waiting:
                            yield name, waiting

    def captured(self) -> Iterator[Captured]:
        """Every endpoint in service, and where it captures."""
        sagemaker = self._clients("sagemaker")
        with translated("list endpoints"):
            for page in sagemaker.get_paginator("list_endpoints").paginate(StatusEquals="InService"):
                for one in page["Endpoints"]:
                    found = sagemaker.describe_endpoint(EndpointName=one["EndpointName"]).get("DataCaptureConfig") or {}
                    on = found.get("EnableCapture") and found.get("CaptureStatus") != "Stopped"
                    yield Captured(one["EndpointName"], found.get("DestinationS3Uri") if on else None)

    def heard(self) -> int:
        """How many confirmed subscribers the alarms have."""
        with translated("list who hears the alarms"):
            pages = self._clients("sns").get_paginator("list_subscriptions_by_topic")
            found = pages.paginate(TopicArn=self._outputs["AlarmTopic"])
            return sum(one["SubscriptionArn"].startswith("arn:") for page in found for one in page["Subscriptions"])

    def people(self, group: str) -> int:
        """How many people a group has, at most 60."""
        try:
            found = self._clients("cognito-idp").list_users_in_group(
                UserPoolId=self._outputs["UserPoolId"], GroupName=group, Limit=60
            )
        except ClientError as error:
            if code_of(error) == "ResourceNotFoundException":
                return 0
            raise translate(error, f"list the people of {group}") from error
        return len(found["Users"])

    def protected(self) -> bool:
        """Whether the table refuses to be deleted."""
        with translated("describe the table"):
            found = self._clients("dynamodb").describe_table(TableName=self._outputs["TableName"])["Table"]
        return bool(found.get("DeletionProtectionEnabled"))
