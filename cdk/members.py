"""Other accounts whose endpoints are found: what the deployer says of them, and the template of the role in each.

python -m cdk.members > member.json      # deploy it in each account, by a stack set for an organisation
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from syndic.errors import InvalidInputError
from syndic.settings import ORGANISATION, listed

ROLE: Final = "SyndicReader"
READ_ENDPOINTS: Final = (
    "sagemaker:ListEndpoints",
    "sagemaker:DescribeEndpoint",
    "sagemaker:DescribeEndpointConfig",
    "sagemaker:DescribeModel",
    "sagemaker:ListInferenceComponents",
    "sagemaker:ListTags",
)
"""What finding endpoints takes, here and in every member."""

_ACCOUNT: Final = re.compile(r"\d{12}")
_REGION: Final = re.compile(r"[a-z]{2}(-[a-z]+)+-\d")
_ROLE: Final = re.compile(r"[\w+=,.@-]{1,64}")
_EXTERNAL: Final = re.compile(r"[\w+=,.@:/-]{2,1224}")


@dataclass(frozen=True, slots=True)
class Members:
    """Accounts that trust this one to read what runs in them."""

    accounts: tuple[str, ...]  # ids, or the one word `organisation`
    regions: tuple[str, ...]
    role: str
    external_id: str

    @property
    def organisation(self) -> bool:
        """Whether they are those of the organisation."""
        return self.accounts == (ORGANISATION,)


def read_members(context: Callable[[str], Any]) -> Members | None:
    """What the context says of other accounts; None: nothing. Raises `InvalidInputError` that names the choice."""
    accounts = listed(context("member_accounts"))
    if not accounts:
        return None
    if accounts != (ORGANISATION,):
        _each("member_accounts", accounts, _ACCOUNT, f"an account's 12 digits, or {ORGANISATION} alone")
    regions = listed(context("member_regions"))
    _each("member_regions", regions, _REGION, "a region such as eu-central-1")
    role = str(context("member_role") or ROLE)
    _each("member_role", (role,), _ROLE, "a role's name")
    external = str(context("member_external_id") or "")
    _each("member_external_id", (external,), _EXTERNAL, "an external id: without one the role could serve others")
    return Members(accounts, regions, role, external)


def _each(name: str, values: tuple[str, ...], form: re.Pattern[str], wanted: str) -> None:
    for value in values:
        if not form.fullmatch(value):
            raise InvalidInputError(f"{value[:100]!r}: expected {wanted}", where=f"context {name}")


def template() -> dict[str, Any]:
    """A member's stack: one role that only Syndic's functions may assume, which reads endpoints and captures."""
    functions = "arn:${AWS::Partition}:iam::${SyndicAccount}:role/${SyndicStack}-*"
    objects = [{"Fn::Sub": "arn:${AWS::Partition}:s3:::${CaptureBuckets}/*"}]
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Lets Syndic in another account read the endpoints and captured traffic of this one",
        "Parameters": {
            "SyndicAccount": {"Type": "String", "AllowedPattern": r"\d{12}", "Description": "where Syndic runs"},
            "SyndicStack": {"Type": "String", "Default": "Syndic", "Description": "name of its stack"},
            "ExternalId": {"Type": "String", "MinLength": 2, "NoEcho": True, "Description": "member_external_id"},
            "RoleName": {"Type": "String", "Default": ROLE, "Description": "member_role"},
            "CaptureBuckets": {"Type": "String", "Default": "sagemaker-*", "Description": "a bucket, or a pattern"},
        },
        "Resources": {
            "Reader": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "RoleName": {"Ref": "RoleName"},
                    "MaxSessionDuration": 3600,
                    "AssumeRolePolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Principal": {"AWS": {"Fn::Sub": "arn:${AWS::Partition}:iam::${SyndicAccount}:root"}},
                                "Action": "sts:AssumeRole",
                                "Condition": {
                                    "StringEquals": {"sts:ExternalId": {"Ref": "ExternalId"}},
                                    "ArnLike": {"aws:PrincipalArn": {"Fn::Sub": functions}},
                                },
                            }
                        ],
                    },
                    "Policies": [
                        {
                            "PolicyName": "read",
                            "PolicyDocument": {
                                "Version": "2012-10-17",
                                "Statement": [
                                    {"Effect": "Allow", "Action": list(READ_ENDPOINTS), "Resource": "*"},
                                    {
                                        "Effect": "Allow",
                                        "Action": ["s3:ListBucket"],
                                        "Resource": {"Fn::Sub": "arn:${AWS::Partition}:s3:::${CaptureBuckets}"},
                                    },
                                    {"Effect": "Allow", "Action": ["s3:GetObject"], "Resource": objects},
                                ],
                            },
                        }
                    ],
                },
            }
        },
        "Outputs": {"Role": {"Value": {"Fn::GetAtt": ["Reader", "Arn"]}}},
    }


if __name__ == "__main__":
    print(json.dumps(template(), indent=2))  # noqa: T201
