"""`syndic verify-deployment` against stacks as the vendors' models answer for them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cdk.azure.names import MIRROR_ROLE
from cdk.constructs.functions import SCHEDULES as DEPLOYED_SCHEDULES
from cdk.constructs.mirror import RATE
from cdk.headers import content_security_policy
from syndic.adapters.aws.inspection.account import AwsAccount
from syndic.adapters.aws.inspection.deployment import REFUSALS, AwsDeployment
from syndic.cli.deployment import verify
from syndic.cli.deployment.answers import Answer, State, look_at_all, told
from syndic.cli.deployment.verify import SCHEDULES, deployment_looks, read_outputs
from syndic.errors import InvalidInputError, UnavailableError
from tests.infra.conftest import Assembly
from tests.vendors.clients import Account

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
OUTPUTS = {
    "UserPoolId": "eu-central-1_pool", "DashboardUrl": "https://d.example/", "TableName": "records",
    "AlarmTopic": "arn:aws:sns:eu-central-1:123456789012:alarms", "CaptureBuckets": "sagemaker-*",
    "MailFrom": "governance@example.com",
    **{
        f"{name}Function": f"Syndic-{name}"
        for name in ("Discovery", "Registries", "Compliance", "Alerting", "Rollouts", "Audit", "Api")
    },
}  # fmt: skip
QUEUE = "https://sqs.eu-central-1.amazonaws.com/123456789012/Syndic-DriftDead1"


def sums(name: str, value: float) -> Any:
    """Metric sums: `value` of one name, and calls of everything."""

    def answer(asked: Any) -> Any:
        found = value if asked["MetricName"] == name else (5.0 if asked["MetricName"] == "Invocations" else 0.0)
        return {"Label": "x", "Datapoints": [{"Sum": found}] if found else []}

    return answer


def endpoint(uri: str | None) -> Any:
    moment = NOW - timedelta(days=9)
    started = {"EnableCapture": True, "CaptureStatus": "Started", "CurrentSamplingPercentage": 100, "KmsKeyId": ""}
    capture = {"DataCaptureConfig": {**started, "DestinationS3Uri": uri}} if uri else {}
    return {"EndpointName": "shop", "EndpointArn": "arn:aws:sagemaker:eu-central-1:123456789012:endpoint/shop",
            "EndpointStatus": "InService", "CreationTime": moment, "LastModifiedTime": moment, **capture}  # fmt: skip


HEALTHY: dict[str, Any] = {
    "cloudformation.DescribeStacks": {"Stacks": [
        {"StackName": "Syndic", "CreationTime": NOW - timedelta(days=9), "StackStatus": "CREATE_COMPLETE"}]},
    "cloudwatch.GetMetricStatistics": sums("Errors", 0),
    "lambda.GetFunctionConfiguration": {"LoggingConfig": {"LogGroup": "group"}},
    "logs.FilterLogEvents": {"events": []},
    "sqs.ListQueues": {"QueueUrls": [QUEUE]},
    "sqs.GetQueueAttributes": {"Attributes": {"ApproximateNumberOfMessages": "0"}},
    "sagemaker.ListEndpoints": {"Endpoints": [
        {"EndpointName": "shop", "EndpointArn": "arn:aws:sagemaker:eu-central-1:123456789012:endpoint/shop",
         "CreationTime": NOW, "LastModifiedTime": NOW, "EndpointStatus": "InService"}]},
    "sagemaker.DescribeEndpoint": endpoint("s3://sagemaker-eu-central-1-123456789012/capture"),
    "sns.ListSubscriptionsByTopic": {"Subscriptions": [
        {"SubscriptionArn": "arn:aws:sns:eu-central-1:123456789012:alarms:1", "Protocol": "email"}]},
    "cognito-idp.ListUsersInGroup": {"Users": [{"Username": "ada"}]},
    "dynamodb.DescribeTable": {"Table": {"TableName": "records", "DeletionProtectionEnabled": True}},
    "sesv2.GetEmailIdentity": {"VerifiedForSendingStatus": True},
    "sesv2.GetAccount": {"ProductionAccessEnabled": True},
}  # fmt: skip
PAGES = {
    "https://d.example/": (200, {"content-security-policy": content_security_policy("https://login")}),
    "https://d.example/api/v1/health": (200, {}),
}


@pytest.fixture(autouse=True)
def pages(monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[int, dict[str, str]]]:
    found = dict(PAGES)
    monkeypatch.setattr(verify, "fetch", found.__getitem__)
    return found


def answers(tmp_path: Path, outputs: dict[str, str] | None = None, **changed: Any) -> list[Answer]:
    path = tmp_path / "outputs.json"
    path.write_text(json.dumps({"Syndic": {**OUTPUTS, **(outputs or {})}}))
    deployed = read_outputs(path)
    account = Account({**HEALTHY, **{name.replace("__", "."): value for name, value in changed.items()}})
    seen = AwsDeployment(account, deployed.stack, deployed.outputs)
    found = look_at_all(deployment_looks(seen, AwsAccount(account), deployed, now=NOW))
    assert all(name.partition(".")[2].startswith(("Get", "List", "Describe", "Filter")) for name in account.asked)
    return list(found)


def test_a_deployment_that_works_is_good(tmp_path: Path) -> None:
    found = answers(tmp_path)
    assert {answer.state for answer in found} == {State.GOOD}, told(found, "text")[0]
    assert told(found, "text")[1] == 0
    assert {answer.about for answer in found} >= {f"schedule {name}" for name in ("Discovery", "Compliance")}


REFUSED = {"events": [{"message": '{"message": "User is not authorized to perform: kms:Decrypt"}\n'}]}


@pytest.mark.parametrize(
    ("change", "about", "do"),
    [
        ({"cloudwatch__GetMetricStatistics": sums("Invocations", 0)}, "schedule Discovery", "list-schedules"),
        ({"cloudwatch__GetMetricStatistics": sums("Errors", 2)}, "errors", "logs tail"),
        ({"logs__FilterLogEvents": REFUSED}, "permissions", "capture_keys"),
        (
            {"sqs__GetQueueAttributes": {"Attributes": {"ApproximateNumberOfMessages": "3"}}},
            "dead letters",
            "Dead letters",
        ),
        ({"sagemaker__DescribeEndpoint": endpoint("s3://other/x")}, "captures", "-c capture_buckets=sagemaker-*,other"),
        ({"sagemaker__DescribeEndpoint": endpoint(None)}, "captures", "turn on data capture"),
        ({"sesv2__GetEmailIdentity": "NotFoundException"}, "mail", "create-email-identity"),
        ({"sns__ListSubscriptionsByTopic": {"Subscriptions": [{"SubscriptionArn": "PendingConfirmation"}]}},
         "alarms", "sns subscribe"),
        ({"cognito_idp__ListUsersInGroup": {"Users": []}}, "people", "admin-create-user"),
        ({"dynamodb__DescribeTable": {"Table": {"DeletionProtectionEnabled": False}}}, "protection", "-c protect=yes"),
    ],
)  # fmt: skip
def test_what_does_not_work_is_wrong_and_says_what_to_do(
    tmp_path: Path, change: dict[str, Any], about: str, do: str
) -> None:
    named = {name.replace("cognito_idp", "cognito-idp"): value for name, value in change.items()}
    found = [answer for answer in answers(tmp_path, **named) if answer.about == about]
    assert {answer.state for answer in found} == {State.WRONG}
    assert do in found[0].do


def test_the_log_is_searched_for_both_ways_to_refuse() -> None:
    assert "AccessDenied" in REFUSALS
    assert "not authorized to perform" in REFUSALS


def test_a_young_stack_is_asked_again_later(tmp_path: Path) -> None:
    made = NOW - timedelta(minutes=20)
    young = {"Stacks": [{"StackName": "Syndic", "CreationTime": made, "StackStatus": "CREATE_COMPLETE"}]}
    found = answers(
        tmp_path, cloudformation__DescribeStacks=young, cloudwatch__GetMetricStatistics=sums("Invocations", 0)
    )
    states = {answer.about: answer.state for answer in found if answer.about.startswith("schedule")}
    assert states == {
        "schedule Discovery": State.UNKNOWN,
        "schedule Registries": State.UNKNOWN,
        "schedule Compliance": State.UNKNOWN,
        "schedule Alerting": State.WRONG,
        "schedule Rollouts": State.WRONG,
        "schedule Audit": State.WRONG,
    }


@pytest.mark.parametrize("name", sorted(HEALTHY))
def test_a_call_that_is_refused_is_never_a_pass(tmp_path: Path, name: str) -> None:
    found = answers(tmp_path, **{name.replace(".", "__"): "AccessDeniedException"})
    assert [answer for answer in found if answer.state is State.UNKNOWN]
    assert told(found, "text")[1] == (1 if any(answer.state is State.WRONG for answer in found) else 3)


@pytest.mark.parametrize(
    ("address", "answer", "about"),
    [
        ("https://d.example/", (403, {}), "dashboard"),
        ("https://d.example/", (200, {}), "dashboard"),
        ("https://d.example/api/v1/health", (502, {}), "api"),
    ],
)
def test_a_page_that_is_not_as_deployed_is_wrong(
    tmp_path: Path, pages: dict[str, Any], address: str, answer: Any, about: str
) -> None:
    pages[address] = answer
    assert [one.state for one in answers(tmp_path) if one.about == about] == [State.WRONG]


def test_a_page_that_does_not_answer_is_no_pass(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(url: str) -> Any:
        raise UnavailableError(f"{url} does not answer")

    monkeypatch.setattr(verify, "fetch", silent)
    assert answers(tmp_path)[0].state is State.UNKNOWN


def test_without_a_sender_nobody_is_told(tmp_path: Path) -> None:
    found = [answer for answer in answers(tmp_path, {"MailFrom": "none"}) if answer.about == "mail"]
    assert found[0].state is State.WRONG


def test_the_schedules_are_those_of_the_infrastructure() -> None:
    every = {
        "rate(1 hour)": 60,
        "cron(30 * * * ? *)": 60,
        "cron(15 5 * * ? *)": 24 * 60,
        "rate(15 minutes)": 15,
        "rate(5 minutes)": 5,
        "rate(1 minute)": 1,
    }
    expected = {name: timedelta(minutes=every[rate]) for name, (rate, _) in DEPLOYED_SCHEDULES.items()}
    assert {**expected, "Mirror": timedelta(minutes=every[RATE])} == SCHEDULES
    assert MIRROR_ROLE


def test_the_outputs_are_those_of_the_stack(assembly: Assembly) -> None:
    given = set(assembly.read("Syndic.template.json")["Outputs"])
    assert set(OUTPUTS) <= given


@pytest.mark.parametrize("content", [None, "{", "[]", "{}", '{"Syndic": {"UserPoolId": "x"}}'])
def test_a_file_that_is_none_is_named(tmp_path: Path, content: str | None) -> None:
    path = tmp_path / "outputs.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(InvalidInputError, match=r"outputs\.json"):
        read_outputs(path)
