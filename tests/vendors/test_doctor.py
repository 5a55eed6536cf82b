"""`syndic doctor` against accounts as the vendors' models answer for them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from cdk.constructs.functions import SHAPES
from cdk.options import ELSEWHERE
from cdk.options import UNRESERVED as LEFT
from syndic.adapters.aws.inspection.account import AwsAccount, Who
from syndic.adapters.azure.subscription import AzureSubscription
from syndic.cli.deployment import doctor
from syndic.cli.deployment.answers import Answer, State, look_at_all, told
from syndic.cli.deployment.azure import azure_looks, read_choices
from syndic.cli.deployment.doctor import Choices, aws_looks
from syndic.errors import InvalidInputError
from tests.vendors.azure_rest import SUBSCRIPTION, Rest, served
from tests.vendors.clients import Account

WHO = {"Account": "123456789012", "Arn": "arn:aws:sts::123456789012:assumed-role/Deployer/ada", "UserId": "x"}
KEY = "arn:aws:kms:eu-central-1:123456789012:key/0a1b"


def evaluation(asked: Any) -> dict[str, Any]:
    results = [{"EvalActionName": name, "EvalDecision": "allowed"} for name in asked["ActionNames"]]
    return {"EvaluationResults": results, "IsTruncated": False}


READY: dict[str, Any] = {
    "sts.GetCallerIdentity": WHO,
    "iam.SimulatePrincipalPolicy": evaluation,
    "ssm.GetParameter": {"Parameter": {"Name": "v", "Type": "String", "Value": "27"}},
    "lambda.GetAccountSettings": {
        "AccountLimit": {"ConcurrentExecutions": 1000, "UnreservedConcurrentExecutions": 1000}},
    "cloudfront.ListDistributions": {
        "DistributionList": {"Marker": "", "MaxItems": 1, "IsTruncated": False, "Quantity": 1}
    },
    "sesv2.GetEmailIdentity": {"VerifiedForSendingStatus": True},
    "sesv2.GetAccount": {"ProductionAccessEnabled": True},
    "s3.ListBuckets": {"Buckets": [{"Name": "sagemaker-eu-central-1-123456789012"}, {"Name": "payroll"}]},
    "s3.GetBucketEncryption": {"ServerSideEncryptionConfiguration": {"Rules": [
        {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}},
}  # fmt: skip
CHOICES = Choices(mail_from="governance@example.com")


def answers(choices: Choices = CHOICES, region: str = "eu-central-1", **changed: Any) -> dict[str, Answer]:
    account = Account({**READY, **{name.replace("__", "."): value for name, value in changed.items()}}, region)
    found = look_at_all(aws_looks(AwsAccount(account), region, choices))
    return {answer.about: answer for answer in found}


def test_a_ready_account_is_good_and_is_only_read() -> None:
    account = Account(READY)
    found = look_at_all(aws_looks(AwsAccount(account), "eu-central-1", CHOICES))
    assert {answer.state for answer in found} == {State.GOOD}, told(found, "text")[0]
    assert told(found, "text")[1] == 0
    verbs = {name.partition(".")[2] for name in account.asked}
    assert all(verb.startswith(("Get", "List", "Simulate")) for verb in verbs), verbs


QUOTA = "lambda__GetAccountSettings"


def quota(number: int) -> dict[str, Any]:
    return {"AccountLimit": {"ConcurrentExecutions": number, "UnreservedConcurrentExecutions": number}}


@pytest.mark.parametrize(
    ("change", "about", "do"),
    [
        ({QUOTA: quota(10)}, "lambda quota", "-c lambda_quota=10"),
        ({"ssm__GetParameter": "ParameterNotFound"}, "bootstrap", "cdk bootstrap aws://123456789012/eu-central-1"),
        (
            {"ssm__GetParameter": {"Parameter": {"Name": "v", "Type": "String", "Value": "5"}}},
            "bootstrap",
            "cdk bootstrap",
        ),
        ({"sesv2__GetEmailIdentity": "NotFoundException"}, "mail", "create-email-identity"),
        ({"sesv2__GetAccount": {"ProductionAccessEnabled": False}}, "mail sandbox", "put-account-details"),
        ({"s3__ListBuckets": {"Buckets": [{"Name": "payroll"}]}}, "capture buckets", "-c capture_buckets"),
        (
            {"iam__SimulatePrincipalPolicy": {"EvaluationResults": [
                {"EvalActionName": "sts:AssumeRole", "EvalDecision": "implicitDeny"}], "IsTruncated": False}},
            "rights",
            "allow",
        ),
    ],
)  # fmt: skip
def test_what_would_stop_it_is_wrong_and_says_what_to_do(change: dict[str, Any], about: str, do: str) -> None:
    found = answers(**change)
    assert found[about].state is State.WRONG
    assert do in found[about].do
    assert {answer.state for name, answer in found.items() if name != about} == {State.GOOD}


def test_an_account_without_a_distribution_is_no_pass() -> None:
    empty = {"DistributionList": {"Marker": "", "MaxItems": 1, "IsTruncated": False, "Quantity": 0}}
    found = answers(cloudfront__ListDistributions=empty)
    assert found["cloudfront"].state is State.UNKNOWN
    assert "-c site=api" in found["cloudfront"].do
    assert (
        answers(Choices("api", "a@example.com"), cloudfront__ListDistributions=empty)["cloudfront"].state is State.GOOD
    )


@pytest.mark.parametrize("number", [10, 99, 100, 208, 209, 1000])
def test_the_quota_is_judged_as_lambda_does(number: int) -> None:
    found = answers(**{QUOTA: quota(number)})["lambda quota"]
    assert found.state is (State.WRONG if number < 100 else State.GOOD)
    assert ("-c lambda_quota" in found.found + found.do) == (number < 100 or number >= 209)


def test_a_key_on_a_bucket_is_named() -> None:
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": KEY}}
    found = answers(s3__GetBucketEncryption={"ServerSideEncryptionConfiguration": {"Rules": [rule]}})
    assert f"-c capture_keys={KEY}" in found["capture keys"].do


def test_a_sender_is_verified_by_its_domain_too() -> None:
    def by_domain(asked: Any) -> Any:
        return {"VerifiedForSendingStatus": asked["EmailIdentity"] == "example.com"}

    assert answers(sesv2__GetEmailIdentity=by_domain)["mail"].state is State.GOOD


@pytest.mark.parametrize("name", sorted(READY))
def test_a_call_that_is_refused_is_an_answer_and_never_a_pass(name: str) -> None:
    found = answers(**{name.replace(".", "__"): "AccessDeniedException"})
    refused = [answer for answer in found.values() if answer.state is not State.GOOD]
    assert refused
    assert all(answer.state is State.UNKNOWN for answer in refused)
    assert told(tuple(found.values()), "text")[1] == 3


@pytest.mark.parametrize("region", ["cn-north-1", "us-gov-west-1"])
def test_another_partition_is_wrong(region: str) -> None:
    assert answers(region=region)["region"].state is State.WRONG


def test_the_numbers_are_those_of_the_infrastructure() -> None:
    assert sum(shape.concurrency for shape in SHAPES.values()) == doctor.RESERVED
    assert (LEFT, ELSEWHERE) == (doctor.UNRESERVED, doctor.ELSEWHERE)


@pytest.mark.parametrize(
    ("arn", "principal"),
    [
        ("arn:aws:sts::1:assumed-role/Deployer/ada", "arn:aws:iam::1:role/Deployer"),
        ("arn:aws:iam::1:user/ada", "arn:aws:iam::1:user/ada"),
    ],
)
def test_a_session_stands_for_its_role(arn: str, principal: str) -> None:
    assert Who("1", arn).principal == principal


def test_json_holds_every_answer() -> None:
    found = tuple(answers().values())
    assert [one["about"] for one in json.loads(told(found, "json")[0])] == [one.about for one in found]


# Azure.

CLIENT, PRINCIPAL = "11111111-2222-3333-4444-555555555555", "99999999-2222-3333-4444-555555555555"
ISSUER = "https://0a1b2c3d-1111-2222-3333-444455556666.tokens.sts.global.api.aws"
WANTED = {
    "subscription": SUBSCRIPTION, "resource_group": "syndic", "location": "westeurope", "client_id": CLIENT,
    "issuer": ISSUER, "workspaces": [f"{SUBSCRIPTION}/models/credit"],
    "capture_accounts": [f"{SUBSCRIPTION}/models/captures"],
}  # fmt: skip
PREPARED = {"iam.GetOutboundWebIdentityFederationInfo": {"IssuerIdentifier": ISSUER, "JwtVendingEnabled": True}}


@pytest.fixture
def rest() -> Rest:
    made = Rest()
    made.prepare(group="syndic", client=CLIENT, principal=PRINCIPAL, issuer=ISSUER)
    return made


def azure(rest: Rest, **changed: Any) -> dict[str, Answer]:
    account = AwsAccount(Account({**READY, **PREPARED, **changed}))
    with served(rest) as address:
        subscription = AzureSubscription(None, SUBSCRIPTION, address=address)
        return {answer.about: answer for answer in look_at_all(azure_looks(subscription, account, WANTED))}


def test_a_prepared_subscription_is_good(rest: Rest) -> None:
    found = azure(rest)
    assert {answer.state for answer in found.values()} == {State.GOOD}, found


@pytest.mark.parametrize(
    ("without", "about", "do"),
    [
        ("group", "azure group", "az group create"),
        ("provider", "azure providers", "az provider register -n Microsoft.Web"),
        ("location", "azure location", "list-flexconsumption-locations"),
        ("identity", "azure identity", "azure-deploy.md"),
        ("trust", "azure trust", "federated-credential create"),
        ("subject", "azure trust", "role/syndic-azure-provisioner"),
        ("deploys", "azure deploys", "Contributor"),
        ("grants", "azure grants", "Role Based Access Control Administrator"),
        ("workspace", "azure workspace", "mend the name"),
        ("captures", "azure captures", "mend the name"),
    ],
)
def test_what_azure_lacks_is_wrong_and_says_what_to_do(rest: Rest, without: str, about: str, do: str) -> None:
    rest.take_away(without)
    found = azure(rest)
    assert found[about].state is State.WRONG
    assert do in found[about].do


def test_the_issuer_is_the_accounts_own(rest: Rest) -> None:
    off = azure(rest, **{"iam.GetOutboundWebIdentityFederationInfo": "FeatureDisabledException"})["azure issuer"]
    assert (off.state, off.do) == (State.WRONG, "aws iam enable-outbound-web-identity-federation")
    other = {"IssuerIdentifier": ISSUER.replace("0a", "0b"), "JwtVendingEnabled": True}
    assert azure(rest, **{"iam.GetOutboundWebIdentityFederationInfo": other})["azure issuer"].state is State.WRONG


def test_a_refusal_of_azure_is_no_pass(rest: Rest) -> None:
    rest.refuses = True
    states = {answer.state for about, answer in azure(rest).items() if about != "azure issuer"}
    assert states == {State.UNKNOWN}


@pytest.mark.parametrize("content", ["{", "[]", '{"subscription": "x"}'])
def test_a_wrong_file_is_named(tmp_path: Path, content: str) -> None:
    path = tmp_path / "azure.json"
    path.write_text(content)
    with pytest.raises(InvalidInputError, match=r"azure\.json"):
        read_choices(path)
