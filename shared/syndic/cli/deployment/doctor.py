"""``syndic doctor``: what would stop a deployment, before it begins."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from syndic.cli.deployment.answers import Answer, Look, good, look_at_all, told, unknown, wrong
from syndic.cli.shell.options import format_option
from syndic.errors import InvalidInputError
from syndic.settings import bucket_patterns

if TYPE_CHECKING:
    from syndic.adapters.aws.inspection.account import AwsAccount

RESERVED = 109  # what the functions of cdk/constructs/functions.py reserve; held equal by a test
UNRESERVED = 100  # what Lambda wants left (PutFunctionConcurrency)
BOOTSTRAP_NEEDED = 6  # the first version whose roles the CDK looks up
ELSEWHERE = ("cn-", "us-gov-", "us-iso", "eu-isoe-", "eusc-")
DEPLOYS = ("cloudformation:CreateChangeSet", "cloudformation:DescribeStacks", "sts:AssumeRole", "s3:PutObject")
"""What `cdk deploy` calls in the deployer's own name; everything else is done by the bootstrap's roles."""


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
        from syndic.adapters.aws.inspection.account import AwsAccount

        looks += aws_looks(AwsAccount(clients), place, choices)
    if clients is not None and azure is not None:
        from syndic.adapters.aws.inspection.account import AwsAccount
        from syndic.cli.deployment.azure import azure_looks, read_choices, subscription_of

        wanted = read_choices(azure)
        looks += azure_looks(subscription_of(wanted), AwsAccount(clients), wanted)
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
