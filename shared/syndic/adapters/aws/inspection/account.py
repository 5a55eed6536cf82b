"""What an AWS account is like before a deployment. Only reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from syndic.adapters.aws.errors import code_of, translate, translated
from syndic.adapters.aws.s3.buckets import AllowedBuckets

BOOTSTRAP = "/cdk-bootstrap/hnb659fds/version"
ABSENT = frozenset({"ParameterNotFound", "NotFoundException", "NoSuchEntity", "FeatureDisabled"})
Clients = Callable[[str], Any]
"""Makes a client of a service in the region that is asked about."""


@dataclass(frozen=True, slots=True)
class Who:
    """Whose credentials are used."""

    account: str
    arn: str

    @property
    def principal(self) -> str:
        """The role or user behind a session."""
        parts = self.arn.split(":", 5)
        if not parts[-1].startswith("assumed-role/"):
            return self.arn
        return f"arn:{parts[1]}:iam::{self.account}:role/{parts[-1].split('/')[1]}"


@dataclass(frozen=True, slots=True)
class Quota:
    """Simultaneous executions of Lambda."""

    all: int
    unreserved: int


class AwsAccount:
    """An account in a region. Every method raises one of Syndic's errors when the service refuses."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def who(self) -> Who:
        """Whose credentials are used."""
        with translated("ask who is signed in"):
            answer = self._clients("sts").get_caller_identity()
        return Who(answer["Account"], answer["Arn"])

    def quota(self) -> Quota:
        """Lambda's quota in the region."""
        with translated("ask for Lambda's quota"):
            limits = self._clients("lambda").get_account_settings()["AccountLimit"]
        return Quota(limits["ConcurrentExecutions"], limits["UnreservedConcurrentExecutions"])

    def bootstrapped(self) -> int | None:
        """The version of the CDK's bootstrap, or None."""
        try:
            found = self._clients("ssm").get_parameter(Name=BOOTSTRAP)
        except ClientError as error:
            if code_of(error) in ABSENT:
                return None
            raise translate(error, f"read {BOOTSTRAP}") from error
        return int(found["Parameter"]["Value"])

    def mails_anybody(self) -> bool:
        """Whether SES is out of its sandbox in the region."""
        with translated("ask SES for the account"):
            return bool(self._clients("sesv2").get_account()["ProductionAccessEnabled"])

    def verified(self, sender: str) -> bool:
        """Whether SES takes an address, itself or by its domain, as a sender."""
        return any(self._identity(name) for name in (sender, sender.rpartition("@")[2]))

    def _identity(self, name: str) -> bool:
        try:
            return bool(self._clients("sesv2").get_email_identity(EmailIdentity=name)["VerifiedForSendingStatus"])
        except ClientError as error:
            if code_of(error) in ABSENT:
                return False
            raise translate(error, f"ask SES for {name}") from error

    def has_distributions(self) -> bool:
        """Whether there is a CloudFront distribution: then the account was verified for it."""
        with translated("list CloudFront distributions"):
            return bool(self._clients("cloudfront").list_distributions(MaxItems="1")["DistributionList"]["Quantity"])

    def buckets(self, patterns: Sequence[str]) -> tuple[str, ...]:
        """Buckets of the account that some patterns let be read."""
        allowed = AllowedBuckets(patterns)
        with translated("list buckets"):
            found = self._clients("s3").list_buckets()["Buckets"]
        return tuple(one["Name"] for one in found if one["Name"] in allowed)

    def key_of(self, bucket: str) -> str | None:
        """The customer's key with which a bucket encrypts by default, or None."""
        try:
            found = self._clients("s3").get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]
        except ClientError as error:
            if code_of(error) == "ServerSideEncryptionConfigurationNotFoundError":
                return None
            raise translate(error, f"ask how {bucket} is encrypted") from error
        for rule in found["Rules"]:
            default = rule.get("ApplyServerSideEncryptionByDefault", {})
            if default.get("SSEAlgorithm", "").startswith("aws:kms") and default.get("KMSMasterKeyID"):
                return str(default["KMSMasterKeyID"])
        return None

    def refused(self, principal: str, actions: Sequence[str]) -> tuple[str, ...]:
        """Which of some actions the principal's policies do not allow."""
        with translated(f"simulate the policies of {principal}"):
            pages = self._clients("iam").get_paginator("simulate_principal_policy")
            found = pages.paginate(PolicySourceArn=principal, ActionNames=list(actions))
            results = [one for page in found for one in page["EvaluationResults"]]
        return tuple(one["EvalActionName"] for one in results if one["EvalDecision"] != "allowed")

    def outbound_issuer(self) -> str | None:
        """The account's issuer of tokens for other clouds, or None when that is off."""
        try:
            return str(self._clients("iam").get_outbound_web_identity_federation_info()["IssuerIdentifier"])
        except ClientError as error:
            if code_of(error) in ABSENT or code_of(error).startswith("FeatureDisabled"):
                return None
            raise translate(error, "ask for the issuer of outbound tokens") from error
