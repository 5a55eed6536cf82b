"""SageMaker's own rules for batch transform jobs, behind a real client: names, pages, times, throttling."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.config import Config

from tests.vendors.iam import ACCOUNT, REGION
from tests.vendors.rules import Rule, refuse_unless

NAME = Rule(
    "a job's name has up to 63 letters, digits and single dashes inside",
    "SageMaker API model, TransformJobName: [a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}",
)
PAGE = Rule("a page has at most 100 jobs", "SageMaker API model, MaxResults of ListTransformJobsRequest: 1 to 100")
TOKEN = Rule(
    "a token goes on with the request that it was given for",
    "SageMaker API reference, ListTransformJobs: 'repeat your call using the returned token', with the same filters",
)
_NAME = re.compile(r"[a-zA-Z0-9](-*[a-zA-Z0-9]){0,62}")
_HIDDEN = frozenset({"NextToken"})


class StrictJobs:
    """An account's jobs by name, each with its time and status. Every `throttled`-th call is refused once."""

    def __init__(self, jobs: dict[str, tuple[datetime, str]], *, throttled: int = 0) -> None:
        self.jobs, self.throttled = jobs, throttled
        self.calls: list[str] = []
        self._tokens: dict[str, tuple[dict[str, Any], int]] = {}

    def client(self) -> Any:
        """A client that asks this account."""
        made = boto3.client(
            "sagemaker", region_name=REGION, aws_access_key_id="t", aws_secret_access_key="t",
            config=Config(retries={"mode": "standard", "max_attempts": 4}),
        )  # fmt: skip
        made.meta.events.register("before-send.sagemaker", self._answer)
        return made

    def _answer(self, request: Any, **_: Any) -> AWSResponse:
        operation = request.headers["X-Amz-Target"].decode().rpartition(".")[2]
        self.calls.append(operation)
        if self.throttled and len(self.calls) % self.throttled == 0:
            return _response(request.url, 400, {"__type": "ThrottlingException", "message": "Rate exceeded"})
        given = json.loads(request.body)
        answer: dict[str, Any] = {"ListTags": {"Tags": []}}.get(operation) or getattr(self, f"_{operation}")(given)
        return _response(request.url, 200, answer)

    def _ListTransformJobs(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        size = given.get("MaxResults", 10)
        refuse_unless(1 <= size <= 100, PAGE, str(size))
        asked, at = {name: value for name, value in given.items() if name not in _HIDDEN}, 0
        if "NextToken" in given:
            before, at = self._tokens.get(given["NextToken"], ({}, 0))
            refuse_unless(before == asked, TOKEN, given["NextToken"])
        since = datetime.fromtimestamp(given.get("LastModifiedTimeAfter", 0), UTC)
        until = datetime.fromtimestamp(given.get("LastModifiedTimeBefore", 2**33), UTC)
        found = sorted((ended, name, status) for name, (ended, status) in self.jobs.items() if since < ended < until)
        page = [
            {"TransformJobName": name, "TransformJobArn": _arn(name), "CreationTime": ended.timestamp() - 60,
             "LastModifiedTime": ended.timestamp(), "TransformJobStatus": status}
            for ended, name, status in found[at : at + size]
        ]  # fmt: skip
        if at + size >= len(found):
            return {"TransformJobSummaries": page}
        token = f"t{len(self._tokens)}"
        self._tokens[token] = (asked, at + size)
        return {"TransformJobSummaries": page, "NextToken": token}

    def _DescribeTransformJob(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        name = given["TransformJobName"]
        refuse_unless(_NAME.fullmatch(name), NAME, name)
        ended, status = self.jobs[name]
        source = {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": "s3://data/in/"}}
        return {
            "TransformJobName": name, "TransformJobArn": _arn(name), "TransformJobStatus": status, "ModelName": "churn",
            "CreationTime": ended.timestamp() - 60, "TransformEndTime": ended.timestamp(),
            "TransformInput": {"DataSource": source}, "TransformOutput": {"S3OutputPath": "s3://data/out"},
        }  # fmt: skip

    def _DescribeModel(self, given: dict[str, Any]) -> dict[str, Any]:  # noqa: N802
        return {
            "ModelName": given["ModelName"], "ModelArn": f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model/churn",
            "PrimaryContainer": {"Image": "image:1"}, "CreationTime": 0,
        }  # fmt: skip


def _arn(name: str) -> str:
    return f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:transform-job/{name.lower()}"


def _response(url: str, status: int, body: dict[str, Any]) -> AWSResponse:
    class Raw:
        def stream(self, *_: Any, **__: Any) -> Any:
            yield json.dumps(body).encode()

    return AWSResponse(url, status, {}, Raw())
