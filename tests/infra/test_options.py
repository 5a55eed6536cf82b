"""What the deployer chooses: each wrong choice is refused by name, before anything is deployed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import aws_cdk as cdk
import pytest

from cdk.adoption import read_adopted
from cdk.groups import GROUPS
from cdk.options import Options, read_name, read_options
from cdk.sign_in import read_sign_in
from demo.site import configuration
from functions.api.access.permissions import TABLE
from syndic.audit.signed.notes import COSIGNATURE, VerifierKey
from syndic.errors import InvalidInputError

ARN = "arn:aws:secretsmanager:eu-central-1:123456789012:secret:okta-AbCdEf"
OIDC = {"issuer": "https://acme.okta.com", "client_id": "0oa", "client_secret_arn": ARN}
FILE: dict[str, Any] = {"name": "Okta", "oidc": OIDC, "groups": {"Admins": "admin"}}


def options(**context: str) -> Options:
    return read_options(cdk.App(context=context))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("target", "prod"),
        ("site", "s3"),
        ("capture_buckets", "*"),
        ("capture_buckets", "arn:aws:s3:::mine"),
        ("lambda_quota", "many"),
        ("lambda_quota", "0"),
        ("lambda_quota", "-5"),
        ("keep_data", "maybe"),
        ("protect", "1"),
        ("erase_captures", "true"),
        ("api_log_role", "none"),
        ("capture_keys", "alias/mine"),
        ("endpoint_roles", "serve"),
        ("tags", "cost centre"),
        ("tags", "aws:x=1"),
        ("rollout_endpoints", "shop,arn:aws:sagemaker:x"),
        ("package_groups", "shop/1"),
        ("member_accounts", "123"),
        ("member_accounts", "organisation,123456789012"),
        ("audit_witnesses", "no-such-file.txt"),
        ("audit_witnesses", "tests/infra/conftest.py/x"),
        ("domain", "https://governance.example.com"),
        ("domain", "localhost"),
        ("certificate", "arn:aws:acm:us-east-1:123456789012:certificate/x"),
        ("web_acls", "arn:aws:wafv2:eu-central-1:123456789012:regional/rulegroup/a/b"),
        ("web_acls", "arn:aws:wafv2:eu-central-1:123456789012:global/webacl/a/b"),
        ("subnets", "vpc-0a1b2c3d"),
        ("subnets", "subnet-0a1b2c3d,sg-0a1b2c3d"),
        ("subnets", "subnet-0a1b2c3d"),
        ("security_groups", "sg-1"),
        ("data_key", "alias/mine"),
        ("login_prefix", "my-aws"),
        ("login_prefix", "-x"),
        ("login_prefix", "x" * 64),
    ],
)
def test_a_wrong_choice_is_refused_by_name(name: str, value: str) -> None:
    # What is not the one that is looked at is right.
    given = {"domain": "governance.example.com"} if name == "certificate" else {}
    with pytest.raises(InvalidInputError, match=f"context {name}"):
        options(**given, **{name: value})


def test_a_stack_has_a_name_that_cloudformation_takes() -> None:
    assert [read_name(cdk.App(context=given)) for given in ({}, {"stack": "Second"})] == ["Syndic", "Second"]
    with pytest.raises(InvalidInputError, match="context stack"):
        read_name(cdk.App(context={"stack": "2nd"}))


def test_a_certificate_and_a_web_acl_are_where_they_are_looked_for() -> None:
    certificate = "arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d-0000-4000-8000-000000000000"
    domain = {"domain": "governance.example.com", "certificate": certificate}
    with pytest.raises(InvalidInputError, match=r"context certificate: is in eu-central-1.*must be in us-east-1"):
        options(**domain)
    assert options(**domain, site="api").network.domain == "governance.example.com"
    with pytest.raises(InvalidInputError, match="context certificate"):
        read_options(cdk.App(context={**domain, "site": "api"}), region="eu-west-1")
    acl = "arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/a/b"
    with pytest.raises(InvalidInputError, match="context web_acls"):
        read_options(cdk.App(context={"web_acls": acl}), region="eu-west-1")
    with pytest.raises(InvalidInputError, match="names two regional ones"):
        options(web_acls=f"{acl},{acl}2")
    with pytest.raises(InvalidInputError, match="context stack: the Azure half"):
        read_name(cdk.App(context={"stack": "Second", "azure": "azure.json"}))


def test_the_choices_that_need_no_words() -> None:
    chosen = options()
    assert (chosen.site, chosen.keep_data, chosen.protect, chosen.lambda_quota) == ("cloudfront", True, False, None)
    assert chosen.capture_buckets == ("sagemaker-*",)


@pytest.mark.parametrize("region", ["cn-north-1", "cn-northwest-1", "us-gov-west-1", "us-gov-east-1", "us-iso-east-1"])
def test_other_partitions_are_refused(region: str) -> None:
    with pytest.raises(InvalidInputError, match=region):
        read_options(cdk.App(), region=region)


def test_the_groups_are_those_that_the_api_knows() -> None:
    assert set(GROUPS) == frozenset().union(*TABLE.values())


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"oidc": None}, "oidc or saml"),
        ({"saml": {"metadata_url": "https://x.example/m"}}, "oidc or saml"),
        ({"oidc": {**OIDC, "issuer": "http://acme.okta.com"}}, "oidc.issuer"),
        ({"oidc": {**OIDC, "client_secret": "s"}}, "oidc.client_secret"),
        ({"oidc": {**OIDC, "client_secret_arn": "s"}}, "oidc.client_secret_arn"),
        ({"groups": {}}, "groups"),
        ({"groups": {"Admins": "root"}}, "root"),
        ({"groups": {"a,b": "admin"}}, "groups"),
        ({"name": "a b"}, "name"),
        ({"more": 1}, "more"),
    ],
)
def test_a_wrong_provider_is_refused_with_its_field(tmp_path: Path, change: dict[str, Any], field: str) -> None:
    path = tmp_path / "sign-in.json"
    path.write_text(json.dumps({name: value for name, value in {**FILE, **change}.items() if value is not None}))
    with pytest.raises(InvalidInputError, match=field.replace(".", r"\.")):
        read_sign_in(path, groups=frozenset(GROUPS))


@pytest.mark.parametrize(
    ("kept", "field"),
    [
        ([], "StaysAfterDestroy"),
        ({"tabel": "x"}, "tabel"),
        ({"archive": "Not A Bucket"}, "archive"),
        ({"people": ""}, "people"),
        ({"table": 3}, "table"),
        ({"audit trail": "Syndic-AuditTree-1"}, "audit entries, .*audit key is missing"),
    ],
)
def test_what_cannot_be_taken_over_is_named(tmp_path: Path, kept: Any, field: str) -> None:
    path = tmp_path / "kept.json"
    path.write_text(json.dumps(kept))
    with pytest.raises(InvalidInputError, match=rf"kept\.json.*{field}|{field}.*kept\.json"):
        read_adopted(path)
    path.write_text("{")
    with pytest.raises(InvalidInputError, match=r"kept\.json: is not JSON"):
        read_adopted(path)
    with pytest.raises(InvalidInputError, match=r"none\.json"):
        read_adopted(tmp_path / "none.json")
    with pytest.raises(InvalidInputError, match="context sign_in"):
        options(adopt="kept.json", sign_in="sign-in.json")


def test_a_file_that_is_not_there_or_not_json_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInputError, match=r"none\.json"):
        read_sign_in(tmp_path / "none.json", groups=frozenset(GROUPS))
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(InvalidInputError, match=r"bad\.json"):
        read_sign_in(tmp_path / "bad.json", groups=frozenset(GROUPS))


@pytest.mark.parametrize(
    ("url", "base"),
    [
        ("https://d1.cloudfront.net/", "/api/v1"),
        ("https://abc.execute-api.eu-central-1.amazonaws.com/prod/", "/prod/api/v1"),
    ],
)
def test_the_page_finds_the_api_wherever_it_is_served(url: str, base: str) -> None:
    outputs = {"UserPoolId": "eu-central-1_x", "UserPoolClientId": "c", "LoginUrl": "https://l", "DashboardUrl": url}
    assert configuration(outputs)["apiBase"] == base


def test_witnesses_are_taken_out_of_a_policy_and_a_wrong_line_is_named(tmp_path: Path) -> None:
    key = "witness.example.org+b41d6b2a+BHjk"
    file = tmp_path / "policy.txt"
    file.write_text("log x\nquorum none\n")
    with pytest.raises(InvalidInputError, match="names no witness"):
        options(audit_witnesses=str(file))
    file.write_text(f"# ours\nwitness alpha {key} https://witness.example.org/log\n")
    with pytest.raises(InvalidInputError, match="line 2"):
        options(audit_witnesses=str(file))
    known = VerifierKey("witness.example.org", bytes(range(32)), COSIGNATURE)
    line = f"witness alpha {known} https://witness.example.org/log"
    file.write_text(f"log x\n{line}/\nquorum alpha\n")
    assert options(audit_witnesses=str(file)).audit_witnesses == line
