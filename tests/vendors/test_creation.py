"""The stack in accounts as they are: small quotas, no CloudFront yet, regions without its logs; what failure leaves."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from cdk.constructs.functions import SHAPES
from cdk.constructs.site import LOGGED_REGIONS
from cdk.options import ELSEWHERE, Options
from tests.infra.conftest import Assembly
from tests.vendors import aws_services as services
from tests.vendors.aws_services import CHECKS, OPT_IN
from tests.vendors.cloudformation import NOT_EMPTY, Account, Stack, create, destroy

KEPT = {"AWS::DynamoDB::GlobalTable", "AWS::S3::Bucket", "AWS::Cognito::UserPool", "AWS::IAM::Role",
        "AWS::ApiGateway::Account", "AWS::KMS::Key"}  # fmt: skip
SMALL = [Account(lambda_quota=10), Account(lambda_quota=50), Account(lambda_quota=1000, reserved_elsewhere=895)]
SHARES = [shape.concurrency for shape in SHAPES.values()]


@pytest.fixture(scope="session")
def template(assembly: Assembly) -> dict[str, Any]:
    found: dict[str, Any] = assembly.read("Syndic.template.json")
    return found


@pytest.fixture(scope="session")
def other(optioned: Assembly) -> dict[str, Any]:
    found: dict[str, Any] = optioned.read("Syndic.template.json")
    return found


def full(stack: Stack) -> set[str]:
    """Every bucket holds something: the dashboard is published, files are archived."""
    return {name for name, item in stack.there.items() if item["Type"] == "AWS::S3::Bucket"}


@pytest.mark.parametrize("account", SMALL, ids=lambda account: f"quota {account.lambda_quota}")
def test_the_default_is_created_whatever_the_quota(template: dict[str, Any], account: Account) -> None:
    assert create(template, account, CHECKS).refusal is None


@pytest.mark.parametrize("region", sorted(OPT_IN | set(LOGGED_REGIONS)))
def test_the_default_is_created_in_every_region(template: dict[str, Any], region: str) -> None:
    stack = create(template, Account(region=region), CHECKS)
    assert stack.refusal is None, stack.refusal


def test_no_region_has_both_logs_and_none() -> None:
    assert not OPT_IN & set(LOGGED_REGIONS)


def test_without_cloudfront_the_api_serves_the_dashboard(other: dict[str, Any]) -> None:
    kinds = {item["Type"] for item in other["Resources"].values()}
    assert not {kind for kind in kinds if "CloudFront" in kind}
    assert create(other, Account(cloudfront_verified=False), CHECKS).refusal is None


def test_a_creation_that_cloudfront_refuses_leaves_nothing(template: dict[str, Any]) -> None:
    stack = create(template, Account(cloudfront_verified=False), CHECKS)
    assert stack.refusal is not None
    assert stack.refusal.rule is services.VERIFIED
    assert (stack.left, stack.stuck) == (set(), [])


@pytest.mark.parametrize("kind", sorted(CHECKS))
def test_a_creation_that_fails_anywhere_leaves_nothing(template: dict[str, Any], kind: str) -> None:
    def refuse(name: str, *_: Any) -> None:
        services.refuse_unless(False, services.LAMBDA_LIMITS, name)

    stack = create(template, Account(), {**CHECKS, kind: refuse})
    assert stack.refusal is not None
    assert (stack.left, stack.stuck) == (set(), [])


def test_destroy_ends_clean_and_names_what_stays(template: dict[str, Any]) -> None:
    stack = create(template, Account(), CHECKS)
    gone = destroy(stack, full=full(stack))
    assert gone.stuck == []
    assert gone.left == KEPT
    named = template["Outputs"]["StaysAfterDestroy"]["Value"]["Fn::Join"][1]
    # The stream of a table is told by an attribute of it.
    referred = {part.get("Ref") or part["Fn::GetAtt"][0] for part in named if isinstance(part, dict)}
    assert referred == {name for name, item in gone.there.items() if item["Type"] != "AWS::ApiGateway::Account"}


def test_destroy_keeps_no_data_when_the_deployer_chose_so(other: dict[str, Any]) -> None:
    stack = create(other, Account(), CHECKS)
    gone = destroy(stack, full=full(stack))
    assert gone.stuck == []
    assert gone.left == {"AWS::IAM::Role", "AWS::ApiGateway::Account"}  # the account's, which others may use
    assert "API Gateway" in json.dumps(other["Outputs"]["StaysAfterDestroy"])


def test_a_bucket_that_nobody_empties_would_stop_it(template: dict[str, Any]) -> None:
    careless = copy.deepcopy(template)
    for name, item in list(careless["Resources"].items()):
        if item["Type"] == "Custom::S3AutoDeleteObjects":
            del careless["Resources"][name]
    stack = create(careless, Account(), CHECKS)
    assert [refusal.rule for refusal in destroy(stack, full=full(stack)).stuck] == [NOT_EMPTY]


def test_reservations_leave_what_lambda_wants_left(other: dict[str, Any]) -> None:
    reserved = [
        item["Properties"].get("ReservedConcurrentExecutions")
        for name, item in other["Resources"].items()
        if item["Type"] == "AWS::Lambda::Function" and name.startswith("Functions")
    ]
    assert all(reserved), "with a quota of 1000 each function has its share"
    assert create(other, Account(lambda_quota=1000), CHECKS).refusal is None
    refused = create(other, Account(lambda_quota=10), CHECKS)
    assert refused.refusal is not None
    assert refused.refusal.rule is services.UNRESERVED


@pytest.mark.parametrize("quota", [1, 10, 50, 208, 209, 210, 1000, 10_000])
def test_a_small_quota_is_shared_out_and_a_large_one_reserved(quota: int) -> None:
    options = Options("release", ("sagemaker-*",), None, None, None, lambda_quota=quota)
    workers = [options.workers(share, SHARES) for share in SHARES]
    assert all(2 <= own <= max(2, share) for own, share in zip(workers, SHARES, strict=True))
    assert sum(workers) <= max(quota, 2 * len(SHARES))
    assert options.reserves(SHARES) == (quota - sum(SHARES) >= 100)


def test_the_rules_do_refuse_what_was_deployed_before(template: dict[str, Any]) -> None:
    """The faults of the audit, put back one by one."""
    for change, rule in (
        (_reserved, services.UNRESERVED), (_alias, services.BOTH_NAMES), (_implicit, services.IMPLICIT),
        (_example, services.CALLBACK), (_logged, services.LOGS_ELSEWHERE), (_only_name, services.WRITABLE),
        (_single, services.MFA_WITH_PASSKEY), (_plain, services.STYLE), (_prefix, services.PREFIX),
        (_deaf, services.LISTENS), (_still, services.STREAMED), (_hasty, services.VISIBLE),
    ):  # fmt: skip
        careless = copy.deepcopy(template)
        change(careless)
        refusal = create(careless, Account(region="af-south-1", lambda_quota=186), CHECKS).refusal
        assert refusal is not None, rule
        assert refusal.rule is rule


def _of(template: dict[str, Any], kind: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = [
        item["Properties"] for item in template["Resources"].values() if item["Type"] == kind
    ]
    (own,) = [one for one in found if one.get("AllowedOAuthFlowsUserPoolClient") is not False]  # not that of scripts
    return own


def _reserved(template: dict[str, Any]) -> None:
    for name, item in template["Resources"].items():
        if name.startswith("Functions") and item["Type"] == "AWS::Lambda::Function":
            item["Properties"]["ReservedConcurrentExecutions"] = 8


def _alias(template: dict[str, Any]) -> None:
    _of(template, "AWS::Cognito::UserPool")["AliasAttributes"] = ["email"]


def _implicit(template: dict[str, Any]) -> None:
    _of(template, "AWS::Cognito::UserPoolClient")["AllowedOAuthFlows"] = ["implicit", "code"]


def _example(template: dict[str, Any]) -> None:
    _of(template, "AWS::Cognito::UserPoolClient")["CallbackURLs"] = ["http://example.com/"]


def _logged(template: dict[str, Any]) -> None:
    _of(template, "AWS::CloudFront::Distribution")["DistributionConfig"]["Logging"] = {"Bucket": "logs"}


def _only_name(template: dict[str, Any]) -> None:
    _of(template, "AWS::Cognito::UserPoolClient")["WriteAttributes"] = ["name"]


def _single(template: dict[str, Any]) -> None:
    del _of(template, "AWS::Cognito::UserPool")["WebAuthnFactorConfiguration"]


def _plain(template: dict[str, Any]) -> None:
    resources = template["Resources"]
    for name in [one for one, item in resources.items() if item["Type"] == "AWS::Cognito::ManagedLoginBranding"]:
        del resources[name]


def _prefix(template: dict[str, Any]) -> None:
    _of(template, "AWS::Cognito::UserPoolDomain")["Domain"] = "my-aws-login"


def _deaf(template: dict[str, Any]) -> None:
    for item in template["Resources"].values():
        for statement in item.get("Properties", {}).get("PolicyDocument", {}).get("Statement", []):
            if "dynamodb:GetRecords" in statement["Action"]:
                statement["Action"].remove("dynamodb:GetRecords")


def _still(template: dict[str, Any]) -> None:
    for item in template["Resources"].values():
        item.get("Properties", {}).pop("StreamSpecification", None)


def _hasty(template: dict[str, Any]) -> None:
    for item in template["Resources"].values():
        if item["Type"] == "AWS::SQS::Queue":
            item["Properties"].pop("VisibilityTimeout", None)


def test_other_partitions_are_named() -> None:
    assert all(region.startswith(ELSEWHERE) for region in ("cn-north-1", "us-gov-west-1", "us-iso-east-1"))
    assert not any(region.startswith(ELSEWHERE) for region in OPT_IN | set(LOGGED_REGIONS))
