"""The rest of the stack: what is kept, who may come in, what browsers are told, how large windows run."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from cdk.constructs.functions import SHAPES
from cdk.groups import GROUPS
from functions.api.access.permissions import TABLE
from syndic.adapters.aws.dynamo.items import KEPT_DAYS
from syndic.cli.deployment.sign_in import PORTS
from syndic.tasks.counter import RUN_ENDED
from tests.infra.conftest import ROOT, UNVALIDATED, Assembly, synthesise


def only(assembly: Assembly, kind: str) -> dict[str, Any]:
    """The properties of the one resource of a type."""
    (item,) = assembly.of_type(kind).values()
    return item


def joined(value: Any) -> str:
    """A template text with its references left out."""
    if isinstance(value, str):
        return value
    return "".join(part if isinstance(part, str) else "~" for part in value["Fn::Join"][1])


def test_records_outlive_the_stack_and_mistakes(assembly: Assembly) -> None:
    tables = assembly.of_type("AWS::DynamoDB::GlobalTable")
    assert len(tables) == 4, "records, and the audit trail's entries, tree and what waits"
    for name, table in tables.items():
        (replica,) = table["Replicas"]
        assert replica["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True, name
        assert not replica.get("DeletionProtectionEnabled"), "a creation that failed could not take it away again"
    expiring = {name: table.get("TimeToLiveSpecification") for name, table in tables.items()}
    (records,) = [name for name in tables if name.startswith("StorageRecords")]
    assert expiring.pop(records) == {"AttributeName": "ttl", "Enabled": True}
    assert set(expiring.values()) == {None}, "nothing of the audit trail goes by itself"
    kept = ("AWS::DynamoDB::GlobalTable", "AWS::Cognito::UserPool", "AWS::KMS::Key")
    policies = {
        name: {item.get("DeletionPolicy"), item.get("UpdateReplacePolicy")}
        for name, item in assembly.resources.items()
        if item["Type"] in kept or (item["Type"] == "AWS::S3::Bucket" and name.startswith("Storage"))
    }
    assert len(policies) == 10
    for name, found in policies.items():
        assert found == {"RetainExceptOnCreate", "Retain"}, name


def test_the_archive_deletes_by_rules_what_may_go_and_nothing_else(assembly: Assembly) -> None:
    """Baselines, sheets of erasures and bodies of records that stay are under no rule that deletes."""
    buckets = assembly.of_type("AWS::S3::Bucket")
    (archive,) = [one for name, one in buckets.items() if name.startswith("StorageArchive")]
    rules = [rule for rule in archive["LifecycleConfiguration"]["Rules"] if "Prefix" in rule]
    deleting = {rule["Prefix"]: rule["ExpirationInDays"] for rule in rules if "ExpirationInDays" in rule}
    assert deleting == {"maps/": 7, "counts/": 7, **{f"overflow/{days}/": days for days in KEPT_DAYS}}
    earlier = {
        rule["Prefix"]: rule["NoncurrentVersionExpiration"]["NoncurrentDays"]
        for rule in rules
        if "NoncurrentVersionExpiration" in rule
    }
    assert earlier == {"maps/": 1, "counts/": 1, "overflow/": 36}, "the table can be set back by 35 days"
    colder = {rule["Prefix"]: rule["Transitions"] for rule in rules if "Transitions" in rule}
    assert set(colder) == {"reports/", "quarantine/"}
    for transitions in colder.values():
        assert [one["StorageClass"] for one in transitions] == ["GLACIER_IR"], "readable at once"
    (captures,) = [one for name, one in buckets.items() if name.startswith("StorageCaptures")]
    kept = [
        rule["ExpirationInDays"] for rule in captures["LifecycleConfiguration"]["Rules"] if "ExpirationInDays" in rule
    ]
    assert kept == [400]


def test_no_bucket_is_public_plain_or_reached_without_tls(assembly: Assembly) -> None:
    buckets = assembly.of_type("AWS::S3::Bucket")
    for name, bucket in buckets.items():
        assert all(bucket["PublicAccessBlockConfiguration"].values()), name
        assert bucket["BucketEncryption"], name
    denying = {
        policy["Bucket"]["Ref"]
        for policy in assembly.of_type("AWS::S3::BucketPolicy").values()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny" and statement["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    }
    assert denying == set(buckets)


def test_only_health_and_the_documentation_answer_without_a_token(assembly: Assembly) -> None:
    resources = assembly.of_type("AWS::ApiGateway::Resource")
    open_paths = [
        resources[method["ResourceId"]["Ref"]]["PathPart"]
        for method in assembly.of_type("AWS::ApiGateway::Method").values()
        if method["AuthorizationType"] != "COGNITO_USER_POOLS"
    ]
    assert sorted(open_paths) == [
        "actions", "docs", "exchange", "health", "login", "logout", "openapi.json", "refresh", "{file}",
        "{path+}", "{path+}",
    ]  # fmt: skip
    assert all(method["RequestValidatorId"] for method in assembly.of_type("AWS::ApiGateway::Method").values())


def test_the_api_is_throttled_and_logged_without_bodies(assembly: Assembly) -> None:
    stage = only(assembly, "AWS::ApiGateway::Stage")
    for setting in stage["MethodSettings"]:
        assert 0 < setting["ThrottlingRateLimit"] <= setting["ThrottlingBurstLimit"]
        assert not setting.get("DataTraceEnabled")
    assert any(setting["ResourcePath"] == "/*" and "DataTraceEnabled" in setting for setting in stage["MethodSettings"])
    assert json.loads(stage["AccessLogSetting"]["Format"])["status"] == "$context.status"


def test_people_sign_in_with_strong_passwords_in_the_groups_that_the_api_knows(assembly: Assembly) -> None:
    pool = only(assembly, "AWS::Cognito::UserPool")
    assert pool["AdminCreateUserConfig"]["AllowAdminCreateUserOnly"] is True
    policy = pool["Policies"]["PasswordPolicy"]
    assert policy["MinimumLength"] >= 12
    assert all(value for key, value in policy.items() if key.startswith("Require"))
    groups = {group["GroupName"] for group in assembly.of_type("AWS::Cognito::UserPoolGroup").values()}
    assert groups >= {"admin", "model_owner", "auditor"}
    assert groups == frozenset().union(*TABLE.values()), "the API's access table names other groups"
    clients = assembly.of_type("AWS::Cognito::UserPoolClient").values()
    assert {client["PreventUserExistenceErrors"] for client in clients} == {"ENABLED"}


def test_people_sign_in_by_address_with_two_factors_and_prove_a_new_address_first(assembly: Assembly) -> None:
    pool = only(assembly, "AWS::Cognito::UserPool")
    assert pool["UsernameAttributes"] == ["email"]
    assert "AliasAttributes" not in pool
    assert pool["UsernameConfiguration"] == {"CaseSensitive": False}
    assert pool["MfaConfiguration"] == "ON", "admins and approvers are among them"
    assert pool["EnabledMfas"] == ["SOFTWARE_TOKEN_MFA"]
    assert pool["UserAttributeUpdateSettings"] == {"AttributesRequireVerificationBeforeUpdate": ["email"]}
    assert {one["Name"] for one in pool["Schema"] if one.get("Required")} == {"email"}


def test_the_dashboard_gets_codes_and_no_token_that_changes_people(assembly: Assembly) -> None:
    clients = assembly.of_type("AWS::Cognito::UserPoolClient").values()
    (client,) = [one for one in clients if "AllowedOAuthFlows" in one]
    (scripts,) = [one for one in clients if one is not client]
    assert scripts["AllowedOAuthFlowsUserPoolClient"] is False, "scripts get tokens from the API alone"
    assert client["AllowedOAuthFlows"] == ["code"]
    assert set(client["AllowedOAuthScopes"]) == {"openid", "email", "profile"}
    assert client["WriteAttributes"] == ["email", "name"]
    assert client["GenerateSecret"] is False
    assert not any("PASSWORD" in flow or "SRP" in flow for flow in client["ExplicitAuthFlows"])
    assert "example.com" not in json.dumps(client)
    tools = {url for url in client["CallbackURLs"] if isinstance(url, str)}
    assert tools == {f"http://localhost:{port}/" for port in PORTS}


def test_browsers_are_told_to_run_nothing_but_our_own_files(assembly: Assembly) -> None:
    policy = only(assembly, "AWS::CloudFront::ResponseHeadersPolicy")["ResponseHeadersPolicyConfig"]
    headers = policy["SecurityHeadersConfig"]
    rules = joined(headers["ContentSecurityPolicy"]["ContentSecurityPolicy"])
    assert "default-src 'none'" in rules
    assert "frame-ancestors 'none'" in rules
    assert "unsafe" not in rules
    assert "*" not in rules
    assert re.search(r"connect-src 'self' https://~\.auth\.\S+\.amazoncognito\.com;", rules)
    assert headers["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31_536_000


def test_one_origin_serves_dashboard_and_api(assembly: Assembly) -> None:
    distribution = only(assembly, "AWS::CloudFront::Distribution")["DistributionConfig"]
    (behaviour,) = distribution["CacheBehaviors"]
    assert behaviour["PathPattern"] == "/api/*"
    assert behaviour["ViewerProtocolPolicy"] == "https-only"
    assert distribution["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    assert all(
        origin.get("S3OriginConfig", {}).get("OriginAccessIdentity", "") == "" for origin in distribution["Origins"]
    )
    assert (
        only(assembly, "AWS::CloudFront::OriginAccessControl")["OriginAccessControlConfig"]["SigningBehavior"]
        == "always"
    )


def test_the_bus_hands_each_check_to_its_own_queue(assembly: Assembly) -> None:
    patterns = [rule["EventPattern"] for rule in assembly.of_type("AWS::Events::Rule").values()]
    ours = [pattern for pattern in patterns if pattern["source"] == ["syndic"]]
    checks = {pattern["detail"]["check"][0]: pattern["detail-type"] for pattern in ours if "detail" in pattern}
    assert checks == {name: ["WindowCounted", "CheckRequested"] for name in ("bias", "drift", "quality")}
    assert sorted(pattern["detail-type"][0] for pattern in ours if "detail" not in pattern) == [
        "CountRequested", "ErasureStepRequested", "EvidenceChanged", "FindingsChanged", "ListingRequested",
        "ReportRequested",
    ]  # fmt: skip


def test_large_windows_pass_only_names_through_the_state(assembly: Assembly) -> None:
    machine = only(assembly, "AWS::StepFunctions::StateMachine")
    states = json.loads(joined(machine["DefinitionString"]))["States"]
    objects = states["Parts"]
    assert objects["ItemProcessor"]["ProcessorConfig"]["Mode"] == "DISTRIBUTED"
    assert objects["ItemReader"]["ReaderConfig"]["InputType"] == "JSONL"
    assert objects["ResultWriter"]["Resource"].endswith("s3:putObject"), "thousands of results exceed 256 KB"
    assert objects["ResultPath"] is None
    assert objects.get("ToleratedFailurePercentage", 0) == 0, "a window with a missing part would be judged"
    assert 2 * objects["MaxConcurrency"] <= SHAPES["CounterPart"].concurrency, "two windows at once starve none"
    (count,) = objects["ItemProcessor"]["States"].values()
    waited_for = {error for retry in count["Retry"] for error in retry["ErrorEquals"]}
    assert {"Lambda.TooManyRequestsException", "UnavailableError"} <= waited_for, "not among the service's own errors"
    again = {error for retry in states["Merge"]["Retry"] for error in retry["ErrorEquals"]}
    assert {"Lambda.TooManyRequestsException", "UnavailableError"} <= again
    assert machine["LoggingConfiguration"]["IncludeExecutionData"] is False


def test_a_large_window_whose_run_fails_goes_back_to_the_counter_and_rings(assembly: Assembly) -> None:
    (rule,) = [
        one for one in assembly.of_type("AWS::Events::Rule").values() if one["EventPattern"]["source"] == ["aws.states"]
    ]
    machine = next(iter(assembly.of_type("AWS::StepFunctions::StateMachine")))
    pattern = rule["EventPattern"]
    assert pattern["detail-type"] == [RUN_ENDED]
    assert pattern["detail"] == {"stateMachineArn": [{"Ref": machine}], "status": ["FAILED", "TIMED_OUT", "ABORTED"]}
    assert "EventBusName" not in rule, "services tell the default bus"
    (target,) = rule["Targets"]
    assert "Counter" in target["Arn"]["Fn::GetAtt"][0]
    alarms = assembly.of_type("AWS::CloudWatch::Alarm").values()
    metrics = {alarm["MetricName"] for alarm in alarms if alarm.get("MetricName", "").startswith("Executions")}
    assert metrics == {"ExecutionsFailed", "ExecutionsAborted", "ExecutionsTimedOut"}


def test_nothing_in_the_template_names_an_account_or_a_secret(assembly: Assembly) -> None:
    text = (assembly.folder / "Syndic.template.json").read_text("utf-8")
    assert not re.findall(r"(?<![0-9a-f])\d{12}(?![0-9a-f])", text)
    assert not re.search(
        r"(?i)secret[^\"]*\"\s*:\s*\"[^\"{]+\"|AKIA[0-9A-Z]{16}", text.replace('"GenerateSecret": false', "")
    )


def test_a_second_synthesis_is_identical(assembly: Assembly, tmp_path: Path) -> None:
    again = synthesise(tmp_path / "out", "mail_from=syndic@example.com", home=tmp_path, staged=True, **UNVALIDATED)
    for name in ("Syndic.template.json", "Syndic.assets.json"):
        assert (again.folder / name).read_bytes() == (assembly.folder / name).read_bytes()


WAITING = "arn:aws:dynamodb:eu-central-1:123456789012:table/Syndic-AuditPending-1/stream/2026-11-30T00:00:00.000"
KEPT = {
    "API Gateway's role to write logs": "Syndic-Api-1",
    "access logs": "syndic-logs-1",
    "table": "Syndic-Records-1",
    "audit trail": "Syndic-AuditTree-1",
    "audit entries": "Syndic-AuditEntries-1",
    "audit entries that wait": "Syndic-AuditPending-1",
    "audit entries that wait, stream": WAITING,
    "audit checkpoints, locked": "syndic-anchors",
    "audit key": "0a1b2c3d-0000-4000-8000-000000000000",
    "archive": "syndic-archive-1",
    "traffic that was sent to the API": "syndic-captures-1",
    "people": "eu-central-1_AbC123",
}
CERTIFICATE = "arn:aws:acm:{}:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000000"
ACL = "arn:aws:wafv2:{}:123456789012:{}/webacl/syndic/0a1b2c3d"
KEY = "arn:aws:kms:eu-central-1:123456789012:key/0a1b2c3d-0000-4000-8000-000000000000"


def test_a_known_region_without_an_account_synthesises_too(local: Path, tmp_path: Path) -> None:
    assert local.is_dir()
    kept = tmp_path / "kept.json"
    kept.write_text(json.dumps(KEPT), "utf-8")
    own = ("site=api", "domain=governance.example.com", f"certificate={CERTIFICATE.format('eu-central-1')}")
    context = ("target=local", f"adopt={kept}", *own)
    made = synthesise(tmp_path / "out", *context, home=tmp_path, AWS_REGION="eu-central-1", **UNVALIDATED)
    assert made.read("validation-report.json")["pluginReports"][0]["conclusion"] == "success"
    (domain,) = made.of_type("AWS::ApiGateway::DomainName").values()
    assert (domain["DomainName"], domain["SecurityPolicy"]) == ("governance.example.com", "TLS_1_2")
    (mapping,) = made.of_type("AWS::ApiGateway::BasePathMapping").values()
    assert "BasePath" not in mapping, "the API has the same path under the domain as everywhere"
    outputs = made.read("Syndic.template.json")["Outputs"]
    assert outputs["DashboardUrl"]["Value"] == "https://governance.example.com/"
    assert "Fn::GetAtt" in outputs["DomainTarget"]["Value"]

    # What an earlier stack left is used and nothing of it is made again.
    for kind in ("AWS::DynamoDB::GlobalTable", "AWS::Cognito::UserPool", "AWS::KMS::Key"):
        assert made.of_type(kind) == {}
    assert len(made.of_type("AWS::S3::Bucket")) == 2, "for the dashboard's files and the access logs"
    guarded = [
        one["Bucket"] for one in made.of_type("AWS::S3::BucketPolicy").values() if isinstance(one["Bucket"], str)
    ]
    assert sorted(guarded) == ["syndic-anchors", "syndic-archive-1", "syndic-captures-1"]
    environments = [one["Environment"]["Variables"] for one in made.of_type("AWS::Lambda::Function").values()]
    told = {name: value for one in environments for name, value in one.items()}
    assert told["SYNDIC_TABLE_NAME"] == "Syndic-Records-1"
    assert told["SYNDIC_AUDIT_TREE_TABLE"] == "Syndic-AuditTree-1"
    assert told["SYNDIC_ARCHIVE_BUCKET"] == "syndic-archive-1"
    assert told["SYNDIC_USER_POOL_ID"] == "eu-central-1_AbC123"
    assert KEPT["audit key"] in json.dumps(told["SYNDIC_AUDIT_KEY"])
    streams = [one["EventSourceArn"] for one in made.of_type("AWS::Lambda::EventSourceMapping").values()]
    assert WAITING in streams
    assert len(made.of_type("AWS::Cognito::UserPoolGroup")) == len(GROUPS)


def test_a_second_stack_in_own_subnets_under_an_own_name_and_key(
    assembly: Assembly, release: Path, tmp_path: Path
) -> None:
    assert release.is_dir()
    context = (
        "stack=Second",
        "mail_from=syndic@example.com",
        "domain=governance.example.com",
        f"certificate={CERTIFICATE.format('us-east-1')}",
        f"web_acls={ACL.format('us-east-1', 'global')},{ACL.format('eu-central-1', 'regional')}",
        "subnets=subnet-0a1b2c3d,subnet-0a1b2c3e",
        "security_groups=sg-0a1b2c3d",
        f"data_key={KEY}",
    )
    made = replace(
        synthesise(tmp_path / "out", *context, home=tmp_path, AWS_REGION="eu-central-1", **UNVALIDATED), stack="Second"
    )
    assert made.read("validation-report.json")["pluginReports"][0]["conclusion"] == "success"

    (distribution,) = made.of_type("AWS::CloudFront::Distribution").values()
    config = distribution["DistributionConfig"]
    assert config["Aliases"] == ["governance.example.com"]
    assert config["ViewerCertificate"]["AcmCertificateArn"] == CERTIFICATE.format("us-east-1")
    assert config["ViewerCertificate"]["MinimumProtocolVersion"] == "TLSv1.2_2021"
    assert config["WebACLId"] == ACL.format("us-east-1", "global")
    (association,) = made.of_type("AWS::WAFv2::WebACLAssociation").values()
    assert association["WebACLArn"] == ACL.format("eu-central-1", "regional")

    functions = {name: one for name, one in made.of_type("AWS::Lambda::Function").items() if "Layers" in one}
    assert len(functions) > 10
    joined = {"SubnetIds": ["subnet-0a1b2c3d", "subnet-0a1b2c3e"], "SecurityGroupIds": ["sg-0a1b2c3d"]}
    assert {name: one.get("VpcConfig") for name, one in functions.items()} == dict.fromkeys(functions, joined)
    roles = made.of_type("AWS::IAM::Role")
    for function in functions.values():
        role = roles[function["Role"]["Fn::GetAtt"][0]]
        assert "ec2:CreateNetworkInterface" in json.dumps(role["Policies"])

    tables = made.of_type("AWS::DynamoDB::GlobalTable").values()
    assert {one["SSESpecification"]["SSEType"] for one in tables} == {"KMS"}
    assert all(KEY in json.dumps(one["Replicas"]) for one in tables)
    buckets = made.of_type("AWS::S3::Bucket")
    assert sum(KEY in json.dumps(one["BucketEncryption"]) for one in buckets.values()) == 2
    policies = made.of_type("AWS::IAM::Policy").values()
    assert sum(KEY in json.dumps(one) for one in policies) >= len(functions)

    # Nothing has a name that the first stack has too: two of them live in one account and region.
    assert _fixed_names(made) & _fixed_names(assembly) == set()
    assert {one.get("Namespace") for one in made.of_type("AWS::CloudWatch::Alarm").values()} & {"Syndic"} == set()


def _fixed_names(assembly: Assembly) -> set[tuple[str, str]]:
    """Physical names that the template itself gives."""
    keys = ("BucketName", "TableName", "FunctionName", "RoleName", "QueueName", "TopicName", "LogGroupName",
            "StateMachineName", "AlarmName", "UserPoolName", "Domain", "LayerName", "ManagedPolicyName")  # fmt: skip
    found = {
        (item["Type"], item["Properties"][key])
        for item in assembly.resources.values()
        for key in keys
        if isinstance(item.get("Properties", {}).get(key), str)
    }
    buses = {(name, str(one["Name"])) for name, one in assembly.of_type("AWS::Events::EventBus").items()}
    return found | {("AWS::Events::EventBus", bus) for _, bus in buses}


def test_what_stays_can_be_taken_over_as_it_is_named(assembly: Assembly) -> None:
    stays = json.dumps(assembly.read("Syndic.template.json")["Outputs"]["StaysAfterDestroy"]["Value"])
    assert [word for word in KEPT if word.replace("'", "\\'") not in stays and word not in stays] == []


def test_the_packages_own_names_are_pinned() -> None:
    lock = json.loads((ROOT / "package-lock.json").read_text("utf-8"))
    assert lock["packages"]["node_modules/aws-cdk"]["integrity"].startswith("sha512-")
