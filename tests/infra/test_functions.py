"""Every function: its code exists, it may do little, it is bounded, it is watched."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from typing import Any

import pytest

from cdk.constructs.erasure import ERASURE
from cdk.constructs.functions import SHAPES
from cdk.constructs.predictions import KEEP
from syndic.settings import PREFIX, AwsSettings, variable
from tests.infra.conftest import ROOT, Assembly

CONCERNS = {
    "Discovery",
    "Registries",
    "Rollouts",
    "Counter",
    "Drift",
    "Quality",
    "Bias",
    "Compliance",
    "Alerting",
    "Reports",
    "Api",
    "CounterPart",
    "CounterMerge",
    "Audit",
    "Gateway",
    "Predictions",
    "Erasure",
}
EVERYTHING_ALLOWED = {  # actions that AWS offers for no single resource; all of them read, or write own telemetry
    "dynamodb:ListStreams", "sagemaker:ListEndpoints", "sagemaker:DescribeEndpoint", "sagemaker:DescribeEndpointConfig",
    "sagemaker:DescribeModel", "sagemaker:ListTags", "sagemaker:ListInferenceComponents",
    "sagemaker:ListModelPackageGroups", "sagemaker:ListTransformJobs", "sagemaker:DescribeTransformJob",
    "sagemaker:ListModelPackages", "sagemaker:DescribeModelPackage", "cloudwatch:GetMetricData",
    "xray:GetSamplingRules", "xray:GetSamplingTargets", "xray:PutTelemetryRecords", "xray:PutTraceSegments",
    "logs:CreateLogDelivery", "logs:DeleteLogDelivery", "logs:DescribeLogGroups", "logs:DescribeResourcePolicies",
    "logs:GetLogDelivery", "logs:ListLogDeliveries", "logs:PutResourcePolicy", "logs:UpdateLogDelivery",
}  # fmt: skip


def concern_of(name: str) -> str:
    """The concern in a logical id such as FunctionsCounterPartFunction98EFC767."""
    return name.removeprefix("Functions").split("Function")[0]


@pytest.fixture(scope="session")
def functions(assembly: Assembly) -> dict[str, dict[str, Any]]:
    """Syndic's own; the CDK has one more, which empties a bucket that is deleted."""
    found = assembly.of_type("AWS::Lambda::Function").items()
    return {concern_of(name): item for name, item in found if name.startswith("Functions")}


def statements(assembly: Assembly) -> Iterator[tuple[str, list[str], list[Any]]]:
    """Each allowing statement of each policy: policy, actions, resources."""
    for name, policy in assembly.of_type("AWS::IAM::Policy").items():
        for statement in policy["PolicyDocument"]["Statement"]:
            assert statement["Effect"] == "Allow"
            actions, resources = statement["Action"], statement["Resource"]
            yield (
                name,
                [actions] if isinstance(actions, str) else actions,
                resources if isinstance(resources, list) else [resources],
            )


def test_every_concern_has_its_function(functions: dict[str, dict[str, Any]]) -> None:
    assert set(functions) == CONCERNS


def test_every_handler_exists(functions: dict[str, dict[str, Any]]) -> None:
    for item in functions.values():
        module, _, name = item["Handler"].rpartition(".")
        source = ROOT / f"{module.replace('.', '/')}.py"
        tree = ast.parse(source.read_text("utf-8"))
        defined = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
        defined |= {target.id for node in tree.body if isinstance(node, ast.Assign) for target in node.targets
                    if isinstance(target, ast.Name)}  # fmt: skip
        assert name in defined, f"{item['Handler']} is not there"


def test_functions_run_on_arm_with_the_newest_runtime_that_has_wheels(functions: dict[str, dict[str, Any]]) -> None:
    for item in functions.values():
        assert item["Architectures"] == ["arm64"]
        assert item["Runtime"] == "python3.13"


def test_no_function_runs_for_ever_or_forgets_what_failed(functions: dict[str, dict[str, Any]]) -> None:
    for name, item in functions.items():
        assert "ReservedConcurrentExecutions" not in item, "many accounts have no executions to reserve"
        assert item["Timeout"] <= 900, name
        assert item["DeadLetterConfig"], name
    assert functions["Api"]["Timeout"] <= 29, "API Gateway gives up after 29 seconds"


def test_a_message_comes_back_only_after_six_timeouts(assembly: Assembly, functions: dict[str, dict[str, Any]]) -> None:
    queues = assembly.of_type("AWS::SQS::Queue")
    mappings = assembly.of_type("AWS::Lambda::EventSourceMapping")
    (waiting,) = [one for name, one in mappings.items() if name.startswith("FunctionsAuditWaiting")]
    assert waiting["MaximumRetryAttempts"] == 2, "what it wakes looks for what waits each minute anyway"
    (filtered,) = waiting["FilterCriteria"]["Filters"]
    assert json.loads(filtered["Pattern"]) == {"eventName": ["INSERT"]}, "it writes there, which would wake it for ever"
    fed = {one["EventSourceArn"]["Fn::GetAtt"][0] for one in mappings.values() if one is not waiting}
    assert fed == {name for name, queue in queues.items() if "RedrivePolicy" in queue}
    for mapping in (one for one in mappings.values() if one is not waiting):
        queue = queues[mapping["EventSourceArn"]["Fn::GetAtt"][0]]
        function = functions[concern_of(mapping["FunctionName"]["Ref"])]
        assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]
        assert queue["RedrivePolicy"]["maxReceiveCount"] >= 3
        assert mapping["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
        concern = {**SHAPES, "Predictions": KEEP, "Erasure": ERASURE}[concern_of(mapping["FunctionName"]["Ref"])]
        assert 2 <= mapping["ScalingConfig"]["MaximumConcurrency"] <= max(2, concern.concurrency)


def test_every_queue_refuses_plain_http_and_is_encrypted(assembly: Assembly) -> None:
    queues = assembly.of_type("AWS::SQS::Queue")
    assert all(queue["SqsManagedSseEnabled"] for queue in queues.values())
    protected = {
        queue["Ref"] for policy in assembly.of_type("AWS::SQS::QueuePolicy").values() for queue in policy["Queues"]
    }
    assert protected == set(queues)


def test_each_function_has_a_role_and_a_log_group_of_its_own(
    assembly: Assembly, functions: dict[str, dict[str, Any]]
) -> None:
    roles = [item["Role"]["Fn::GetAtt"][0] for item in functions.values()]
    groups = [item["LoggingConfig"]["LogGroup"]["Ref"] for item in functions.values()]
    assert len(set(roles)) == len(set(groups)) == len(functions)
    for name in roles:
        assert "ManagedPolicyArns" not in assembly.resources[name]["Properties"]


def test_every_log_group_forgets(assembly: Assembly) -> None:
    for name, group in assembly.of_type("AWS::Logs::LogGroup").items():
        assert 30 <= group["RetentionInDays"] <= 400, name


def test_no_policy_allows_every_action_of_a_service(assembly: Assembly) -> None:
    for name, actions, _ in statements(assembly):
        for action in actions:
            assert "*" not in action, f"{name} allows {action}"


def test_only_reading_and_telemetry_is_allowed_on_every_resource(assembly: Assembly) -> None:
    for name, actions, resources in statements(assembly):
        if "*" in resources:
            assert set(actions) <= EVERYTHING_ALLOWED, name


def test_only_those_that_need_it_reach_sagemaker_mail_secrets_and_large_windows(assembly: Assembly) -> None:
    kept = ("sagemaker", "ses", "sns", "secretsmanager", "states")
    allowed: dict[str, set[str]] = {service: set() for service in kept}
    for name, actions, _ in statements(assembly):
        for action in actions:
            if action.split(":")[0] in allowed:
                allowed[action.split(":")[0]].add(name.removeprefix("Functions").split("Role")[0])
    assert allowed["sagemaker"] == {"Discovery", "Gateway", "Predictions", "Registries", "Rollouts"}
    assert allowed["ses"] == {"Alerting", "Api"}, "the API tries receivers out"
    assert allowed["sns"] == {"Alerting", "Api"}
    assert allowed["secretsmanager"] == {"Alerting", "Api", "Gateway", "Predictions"}, "shadows have tokens too"
    assert {name for name in allowed["states"] if not name.startswith("LargeWindows")} == {"Counter"}


def changers_of_captures(assembly: Assembly) -> dict[str, set[str]]:
    """Who may do what else than read in the buckets of captures, with those of what was sent to the API."""
    found: dict[str, set[str]] = {}
    for name, actions, resources in statements(assembly):
        places = str([one for one in resources if "sagemaker-*" in str(one) or "StorageCaptures" in str(one)])
        for action in actions:
            if places != "[]" and not action.startswith(("s3:Get", "s3:List")):
                where = "customer's" if "sagemaker-*" in places else "sent"
                who = name.removeprefix("Functions").split("Role")[0]
                found.setdefault(who, set()).add(f"{action} {where}")
    return found


def test_no_function_may_change_or_delete_captures_unless_the_deployer_says_so(assembly: Assembly) -> None:
    kept = {"s3:PutObject sent"}
    assert changers_of_captures(assembly) == {"Api": kept, "Predictions": kept}, "they keep what is sent"
    assert variable("erase_captures") not in str(assembly.of_type("AWS::Lambda::Function"))


def test_only_rollouts_changes_endpoints_registries_only_approvals_and_nothing_is_deleted(assembly: Assembly) -> None:
    changes = {
        (name.removeprefix("Functions").split("Role")[0], action.removeprefix("sagemaker:"))
        for name, actions, _ in statements(assembly)
        for action in actions
        if action.startswith("sagemaker:") and not action.startswith(("sagemaker:Describe", "sagemaker:List"))
    }
    assert changes == {
        ("Gateway", "InvokeEndpoint"),
        ("Predictions", "InvokeEndpoint"),
        ("Registries", "UpdateModelPackage"),
        ("Rollouts", "CreateEndpointConfig"),
        ("Rollouts", "UpdateEndpoint"),
        ("Rollouts", "UpdateEndpointWeightsAndCapacities"),
    }
    for name, actions, resources in statements(assembly):
        if "Rollouts" in name and any(action.startswith("sagemaker:") for action in actions):
            assert "*" not in resources
            assert all("sagemaker" in str(place) and "AccountId" in str(place) for place in resources), resources


def test_settings_are_given_under_the_names_that_are_read(functions: dict[str, dict[str, Any]]) -> None:
    known = {variable(name) for name in AwsSettings.model_fields}
    needed = {variable(name) for name, field in AwsSettings.model_fields.items() if field.is_required()}
    for name, item in functions.items():
        given = {key for key in item["Environment"]["Variables"] if key.startswith(PREFIX)}
        assert needed <= given <= known, name
    assert variable("map_state_machine") in functions["Counter"]["Environment"]["Variables"]
    assert variable("mail_from") in functions["Alerting"]["Environment"]["Variables"]


def test_errors_throttles_and_dead_letters_raise_alarms(assembly: Assembly, functions: dict[str, Any]) -> None:
    watched: dict[str, set[str]] = {}
    for alarm in assembly.of_type("AWS::CloudWatch::Alarm").values():
        assert alarm["AlarmActions"], "an alarm nobody hears"
        for dimension in alarm.get("Dimensions", []):  # of a sum of metrics: tests/infra/test_stack.py
            value = dimension["Value"]
            if isinstance(value, str):  # the API's name
                continue
            target = value.get("Ref") or value["Fn::GetAtt"][0]
            watched.setdefault(target, set()).add(alarm["MetricName"])
    for name in assembly.of_type("AWS::Lambda::Function"):
        assert "Errors" in watched.get(name, set()) or concern_of(name) not in functions
    # Of all functions of the account's region: no function's part of a sum is more than the sum.
    alarms = assembly.of_type("AWS::CloudWatch::Alarm").values()
    (whole,) = (one for one in alarms if one.get("MetricName") == "Throttles")
    assert (whole["Namespace"], whole["Statistic"], whole.get("Dimensions", [])) == ("AWS/Lambda", "Sum", [])
    assert (whole["Threshold"], whole["Period"]) == (10, 300)
    dead = {name for name in assembly.of_type("AWS::SQS::Queue") if "Dead" in name}
    assert len(dead) == len(functions) + 10
    assert all("ApproximateNumberOfMessagesVisible" in watched[name] for name in dead)


def test_nothing_stops_in_silence(assembly: Assembly) -> None:
    alarms = list(assembly.of_type("AWS::CloudWatch::Alarm").values())
    silent = [one for one in alarms if one.get("MetricName") == "Invocations"]
    assert len(silent) == len(assembly.of_type("AWS::Scheduler::Schedule"))
    assert {(one["ComparisonOperator"], one["TreatMissingData"]) for one in silent} == {
        ("LessThanThreshold", "breaching")
    }
    waiting = [one for one in alarms if one.get("MetricName") == "ApproximateAgeOfOldestMessage"]
    mappings = assembly.of_type("AWS::Lambda::EventSourceMapping")
    assert len(waiting) == sum("StartingPosition" not in one for one in mappings.values())
    assert [one["Threshold"] for one in alarms if one.get("MetricName") == "5XXError"] == [5]
    functions = assembly.of_type("AWS::Lambda::Function")
    for alarm in (one for one in alarms if one.get("MetricName") in {"Errors", "Duration"}):
        limit = functions[alarm["Dimensions"][0]["Value"]["Ref"]]["Timeout"]
        if alarm.get("MetricName") == "Duration":
            assert alarm["Threshold"] == limit * 800
        elif limit > 100:
            assert alarm["Threshold"] == 1, "calls that run into a long limit are one in five minutes"


def test_schedules_start_discovery_compliance_alerting_rollouts_and_the_sequencer(assembly: Assembly) -> None:
    schedules = {
        concern_of(item["Target"]["Arn"]["Fn::GetAtt"][0]): item
        for item in assembly.of_type("AWS::Scheduler::Schedule").values()
    }
    assert {name: item["ScheduleExpression"] for name, item in schedules.items()} == {
        "Discovery": "rate(1 hour)",
        "Registries": "cron(30 * * * ? *)",
        "Rollouts": "rate(5 minutes)",
        "Compliance": "cron(15 5 * * ? *)",
        "Alerting": "rate(5 minutes)",
        "Audit": "rate(1 minute)",
    }
    assert all(item["Target"]["DeadLetterConfig"] for item in schedules.values())


def test_only_the_sequencer_appends_to_the_trail_and_nobody_changes_it(assembly: Assembly) -> None:
    def of(resources: list[Any], part: str) -> bool:
        return any(f"StorageAudit{part}" in str(place) for place in resources)

    rights: dict[str, dict[str, set[str]]] = {part: {} for part in ("Tree", "Entries", "Pending", "Anchors", "Key")}
    for name, actions, resources in statements(assembly):
        function = name.removeprefix("Functions").split("Role")[0]
        for part, found in rights.items():
            if of(resources, part):
                found.setdefault(function, set()).update(actions)
    read = {"dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query"}
    readers = dict.fromkeys(("Api", "Compliance", "Reports"), read)
    assert rights["Tree"] == {**readers, "Audit": {*read, "dynamodb:PutItem"}}
    # Contents may go, when an entry of the tree says so; their leaves stay.
    places = {"dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"}
    assert rights["Entries"] == {**readers, "Audit": {*read, *places}}
    handed = {name for name, actions in rights["Pending"].items() if actions == {"dynamodb:PutItem"}}
    assert handed == CONCERNS - {"Audit", "Counter", "CounterPart", "CounterMerge", "Gateway"}
    assert set(rights["Pending"]) == handed | {"Audit"}
    looks = {"s3:GetObject", "s3:ListBucket"}
    rules = {"s3:GetBucketObjectLockConfiguration", "s3:GetLifecycleConfiguration", "s3:GetBucketVersioning",
             "s3:GetEncryptionConfiguration"}  # fmt: skip
    anchors = {**dict.fromkeys(readers, looks), "Audit": {*looks, "s3:PutObject"}}
    assert rights["Anchors"] == {**anchors, "Compliance": looks | rules}
    assert rights["Key"] == {"Audit": {"kms:Sign", "kms:GetPublicKey"}}


def test_those_who_hand_entries_over_cannot_reach_the_sequencers_turn(assembly: Assembly) -> None:
    for policy in assembly.of_type("AWS::IAM::Policy").values():
        for statement in policy["PolicyDocument"]["Statement"]:
            if statement["Action"] == "dynamodb:PutItem" and "StorageAuditPending" in str(statement["Resource"]):
                assert statement["Condition"] == {"ForAllValues:StringLike": {"dynamodb:LeadingKeys": ["pending.?"]}}


def test_no_role_may_change_the_tree_and_the_checkpoints_are_locked(assembly: Assembly) -> None:
    (tree,) = [item for name, item in assembly.of_type("AWS::DynamoDB::GlobalTable").items() if "AuditTree" in name]
    for replica in tree["Replicas"]:
        (refusal,) = replica["ResourcePolicy"]["PolicyDocument"]["Statement"]
        assert (refusal["Effect"], refusal["Principal"]) == ("Deny", {"AWS": "*"})
        assert {"dynamodb:UpdateItem", "dynamodb:DeleteItem", "dynamodb:BatchWriteItem"} <= set(refusal["Action"])
    (anchors,) = [item for name, item in assembly.of_type("AWS::S3::Bucket").items() if "AuditAnchors" in name]
    assert anchors["ObjectLockEnabled"] is True
    assert anchors["ObjectLockConfiguration"]["Rule"]["DefaultRetention"] == {"Days": 3650, "Mode": "COMPLIANCE"}
    (key,) = assembly.of_type("AWS::KMS::Key").values()
    assert (key["KeySpec"], key["KeyUsage"]) == ("ECC_NIST_EDWARDS25519", "SIGN_VERIFY")
