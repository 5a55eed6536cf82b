"""``syndic doctor``: what would stop a deployment, before it begins."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syndic.cli.options import format_option
from syndic.cli.readiness import Answer, Look, good, look_at_all, told, unknown, wrong
from syndic.errors import InvalidInputError
from syndic.settings import bucket_patterns

if TYPE_CHECKING:
    from syndic.adapters.aws.account import AwsAccount
    from syndic.adapters.azure.subscription import AzureSubscription

RESERVED = 87  # what the functions of cdk/constructs/functions.py reserve; held equal by a test
UNRESERVED = 100  # what Lambda wants left (PutFunctionConcurrency)
BOOTSTRAP_NEEDED = 6  # the first version whose roles the CDK looks up
ELSEWHERE = ("cn-", "us-gov-", "us-iso", "eu-isoe-", "eusc-")
DEPLOYS = ("cloudformation:CreateChangeSet", "cloudformation:DescribeStacks", "sts:AssumeRole", "s3:PutObject")
"""What `cdk deploy` calls in the deployer's own name; everything else is done by the bootstrap's roles."""

PROVIDERS = ("Microsoft.Web", "Microsoft.OperationalInsights", "Microsoft.Insights", "Microsoft.Storage",
             "Microsoft.ManagedIdentity")  # fmt: skip
DEPLOYERS = {"8e3af657-a8ff-443c-a75c-2fe8c4bcb635", "b24988ac-6180-42a0-ab88-20f7382dd24c"}  # Owner, Contributor
GRANTERS = {
    "8e3af657-a8ff-443c-a75c-2fe8c4bcb635",  # Owner
    "f58310d9-a9f6-439a-9e8d-f62e7b41a168",  # Role Based Access Control Administrator
    "18d7d88d-d35e-4fb5-a5c3-7773c20a72d9",  # User Access Administrator
}
AUDIENCE = "api://AzureADTokenExchange"


@dataclass(frozen=True, slots=True)
class Choices:
    """What will be given to the deployment."""

    site: str = "cloudfront"
    mail_from: str | None = None
    buckets: tuple[str, ...] = ("sagemaker-*",)


@click.command("doctor")
@click.option("--aws", is_flag=True, help="Look at the AWS account of the credentials in use.")
@click.option("--azure", type=click.Path(path_type=Path), metavar="FILE", help="Look at what this azure.json names.")
@click.option("--region", metavar="REGION", help="Of AWS; left out: the one that is configured.")
@click.option("--site", type=click.Choice(["cloudfront", "api"]), default="cloudfront", show_default=True,
              help="What is to serve the dashboard.")  # fmt: skip
@click.option("--mail-from", metavar="ADDRESS", help="The sender of alerts.")
@click.option("--capture-buckets", default="sagemaker-*", show_default=True, help="Buckets that are to be readable.")
@format_option
def command(
    *,
    aws: bool,
    azure: Path | None,
    region: str | None,
    site: str,
    mail_from: str | None,
    capture_buckets: str,
    output_format: str,
) -> int:
    """Look for what would stop or starve a deployment, and say what to do. Nothing is changed.

    Exit code 0: all is good. 1: something is wrong. 2: the input is wrong. 3: something could not be
    found out.
    """
    if not aws and azure is None:
        raise InvalidInputError("give --aws, --azure FILE or both", where="doctor")
    try:
        choices = Choices(site, mail_from, bucket_patterns(capture_buckets))
    except ValueError as error:
        raise InvalidInputError(str(error), where="--capture-buckets") from error
    looks: list[tuple[str, Look]] = []
    clients, place = aws_clients(region) if aws or azure else (None, "")
    if clients is not None and aws:
        from syndic.adapters.aws.account import AwsAccount

        looks += aws_looks(AwsAccount(clients), place, choices)
    if clients is not None and azure is not None:
        from syndic.adapters.aws.account import AwsAccount

        wanted = read_choices(azure)
        looks += azure_looks(_subscription(wanted), AwsAccount(clients), wanted)
    text, code = told(look_at_all(looks), output_format)
    click.echo(text)
    return code


def aws_clients(region: str | None) -> tuple[Callable[[str], Any], str]:
    """Makes clients in a region, and the region. Raises `InvalidInputError` without one."""
    import boto3

    session = boto3.Session(region_name=region)
    if session.region_name is None:
        raise InvalidInputError("no region is configured: give --region", where="--region")
    make: Any = session.client  # its overloads name services one by one
    return make, str(session.region_name)


def aws_looks(account: AwsAccount, region: str, choices: Choices) -> list[tuple[str, Look]]:
    """Everything of AWS, in the order in which it would stop a deployment."""
    return [
        ("region", lambda: _region(region)),
        ("rights", lambda: _rights(account)),
        ("bootstrap", lambda: _bootstrap(account, region)),
        ("lambda quota", lambda: _quota(account)),
        ("cloudfront", lambda: _cloudfront(account, choices.site)),
        ("mail", lambda: mail_answers(account, choices.mail_from)),
        ("capture buckets", lambda: _captures(account, choices.buckets)),
    ]


def _region(region: str) -> Iterator[Answer]:
    if region.startswith(ELSEWHERE):
        yield wrong("region", f"{region} is in another partition", "deploy to a region of the partition aws")
    else:
        yield good("region", region)


def _rights(account: AwsAccount) -> Iterator[Answer]:
    who = account.who()
    refused = account.refused(who.principal, DEPLOYS)
    if refused:
        yield wrong("rights", f"{who.arn} may not {', '.join(refused)}", "allow these, or deploy as somebody else")
    else:
        yield good("rights", f"{who.arn} in account {who.account}")


def _bootstrap(account: AwsAccount, region: str) -> Iterator[Answer]:
    version = account.bootstrapped()
    if version is None or version < BOOTSTRAP_NEEDED:
        found = "there is none" if version is None else f"version {version} is too old"
        yield wrong("bootstrap", found, f"npx cdk bootstrap aws://{account.who().account}/{region}")
    else:
        yield good("bootstrap", f"version {version}")


def _quota(account: AwsAccount) -> Iterator[Answer]:
    quota = account.quota()
    found = f"{quota.all} simultaneous executions, {quota.unreserved} not reserved"
    if quota.unreserved - RESERVED >= UNRESERVED:
        yield good("lambda quota", f"{found}: enough to reserve; -c lambda_quota={quota.unreserved} does it")
    elif quota.unreserved >= UNRESERVED:
        yield good("lambda quota", f"{found}: not enough to reserve {RESERVED}; nothing will be reserved")
    else:
        yield wrong(
            "lambda quota",
            f"{found}: the functions will wait for each other",
            f"deploy with -c lambda_quota={quota.unreserved}, and ask for more: aws service-quotas "
            "request-service-quota-increase --service-code lambda --quota-code L-B99A9384 --desired-value 1000",
        )


def _cloudfront(account: AwsAccount, site: str) -> Iterator[Answer]:
    if site == "api":
        yield good("cloudfront", "not used")
    elif account.has_distributions():
        yield good("cloudfront", "the account has distributions, so it may have more")
    else:
        yield unknown(
            "cloudfront",
            "the account has no distribution yet; AWS may want to verify it first, and says so only on creation",
            "ask AWS Support to verify the account for CloudFront, or deploy with -c site=api",
        )


def mail_answers(account: AwsAccount, sender: str | None) -> Iterator[Answer]:
    """Whether alerts reach people."""
    if sender is None:
        yield wrong("mail", "no sender is chosen: no alert will reach anybody", "give --mail-from and -c mail_from")
        return
    if account.verified(sender):
        yield good("mail", f"{sender} is verified")
    else:
        do = f"aws sesv2 create-email-identity --email-identity {sender}, then follow the link in the mail"
        yield wrong("mail", f"SES does not know {sender} in this region", do)
    if account.mails_anybody():
        yield good("mail sandbox", "SES sends to anybody")
    else:
        do = "aws sesv2 put-account-details --production-access-enabled --mail-type TRANSACTIONAL --website-url ..."
        yield wrong("mail sandbox", "SES sends to verified addresses only", do)


def _captures(account: AwsAccount, patterns: Sequence[str]) -> Iterator[Answer]:
    buckets = account.buckets(patterns)
    if not buckets:
        do = "name the buckets of your endpoints' data capture with -c capture_buckets"
        yield wrong("capture buckets", f"no bucket of the account matches {', '.join(patterns)}", do)
        return
    yield good("capture buckets", ", ".join(buckets[:5]) + (f" and {len(buckets) - 5} more" if buckets[5:] else ""))
    for bucket in buckets:
        key = account.key_of(bucket)
        if key is not None:
            do = f"deploy with -c capture_keys={key}, and let the key's own policy allow the account's roles"
            yield unknown("capture keys", f"{bucket} is encrypted with {key}", do)


def read_choices(path: Path) -> dict[str, Any]:
    """What an azure.json says. Its form is checked when it is synthesised; here its presence."""
    try:
        found = json.loads(path.read_text("utf-8"))
    except FileNotFoundError as error:
        raise InvalidInputError("there is no such file", where=str(path)) from error
    except ValueError as error:
        raise InvalidInputError(f"it is not JSON: {error}", where=str(path)) from error
    needed = ("subscription", "resource_group", "location", "client_id", "issuer", "workspaces", "capture_accounts")
    missing = [name for name in needed if not isinstance(found, dict) or not found.get(name)]
    if missing:
        raise InvalidInputError(f"it does not say {missing[0]}", where=str(path))
    return dict(found)


def _subscription(wanted: dict[str, Any]) -> AzureSubscription:
    from azure.identity import DefaultAzureCredential

    from syndic.adapters.azure.subscription import AzureSubscription

    return AzureSubscription(DefaultAzureCredential(), str(wanted["subscription"]))


def azure_looks(azure: AzureSubscription, account: AwsAccount, wanted: dict[str, Any]) -> list[tuple[str, Look]]:
    """Everything of Azure, in the order in which it would stop a deployment."""
    group = str(wanted["resource_group"])
    return [
        ("azure issuer", lambda: _issuer(account, str(wanted["issuer"]))),
        ("azure group", lambda: _group(azure, group, str(wanted["location"]))),
        ("azure providers", lambda: _providers(azure)),
        ("azure location", lambda: _location(azure, str(wanted["location"]))),
        ("azure identity", lambda: _identity(azure, account, wanted)),
        *((f"azure {kind}", lambda kind=kind, one=one: _there(azure, kind, one))  # type: ignore[misc]
          for kind, ones in (("workspace", wanted["workspaces"]), ("captures", wanted["capture_accounts"]))
          for one in ones),
    ]  # fmt: skip


def _issuer(account: AwsAccount, issuer: str) -> Iterator[Answer]:
    own = account.outbound_issuer()
    if own is None:
        do = "aws iam enable-outbound-web-identity-federation"
        yield wrong("azure issuer", "the AWS account gives no tokens for other clouds", do)
    elif own.rstrip("/") != issuer.rstrip("/"):
        yield wrong("azure issuer", f"the account's issuer is {own}, not {issuer}", f"write {own} into the file")
    else:
        yield good("azure issuer", own)


def _group(azure: AzureSubscription, group: str, location: str) -> Iterator[Answer]:
    if azure.group(group):
        yield good("azure group", group)
    else:
        yield wrong("azure group", f"there is no group {group}", f"az group create -n {group} -l {location}")


def _providers(azure: AzureSubscription) -> Iterator[Answer]:
    missing = [name for name in PROVIDERS if not azure.registered(name)]
    if missing:
        do = "; ".join(f"az provider register -n {name}" for name in missing)
        yield wrong("azure providers", f"not registered: {', '.join(missing)}", do)
    else:
        yield good("azure providers", "registered")


def _location(azure: AzureSubscription, location: str) -> Iterator[Answer]:
    if location in azure.flex_locations():
        yield good("azure location", f"{location} offers Flex Consumption")
    else:
        do = "choose one of: az functionapp list-flexconsumption-locations"
        yield wrong("azure location", f"{location} does not offer Flex Consumption", do)


def _identity(azure: AzureSubscription, account: AwsAccount, wanted: dict[str, Any]) -> Iterator[Answer]:
    group, client = str(wanted["resource_group"]), str(wanted["client_id"]).lower()
    found = azure.identity(group, client)
    if found is None:
        do = "docs/azure-deploy.md, section 2"
        yield wrong("azure identity", f"no identity of group {group} has client id {client}", do)
        return
    subject = f"arn:aws:iam::{account.who().account}:role/syndic-azure-provisioner"
    trusts = azure.trusts(group, str(found["name"]))
    asked = (str(wanted["issuer"]).rstrip("/"), subject, AUDIENCE)
    if any((str(one["issuer"]).rstrip("/"), one["subject"], *one["audiences"]) == asked for one in trusts):
        yield good("azure trust", f"{found['name']} trusts {subject}")
    else:
        do = f"az identity federated-credential create -g {group} --identity-name {found['name']} -n aws " \
             f"--issuer {asked[0]} --subject {subject} --audiences {AUDIENCE}"  # fmt: skip
        yield wrong("azure trust", f"{found['name']} does not trust {subject} of {asked[0]}", do)
    roles = azure.roles(group, str(found["properties"]["principalId"]))
    for about, enough, role in (
        ("azure deploys", DEPLOYERS, "Contributor"),
        ("azure grants", GRANTERS, "Role Based Access Control Administrator"),
    ):
        if roles & enough:
            yield good(about, f"{found['name']} has a role for it on {group}")
        else:
            do = f'az role assignment create --role "{role}", docs/azure-deploy.md, section 2'
            yield wrong(about, f"{found['name']} is not {role} of {group}", do)


def _there(azure: AzureSubscription, kind: str, place: str) -> Iterator[Answer]:
    _, group, name = str(place).split("/")
    provider, version = {
        "workspace": ("Microsoft.MachineLearningServices/workspaces", "2024-10-01"),
        "captures": ("Microsoft.Storage/storageAccounts", "2023-05-01"),
    }[kind]
    if azure.exists(f"/resourceGroups/{group}/providers/{provider}/{name}", version=version):
        yield good(f"azure {kind}", place)
    else:
        yield wrong(f"azure {kind}", f"{place} is not there, or may not be read", "mend the name in the file")
