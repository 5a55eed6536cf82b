"""Other accounts whose endpoints are found: what the deployer says of them, and the template of the role in each.

python -m cdk.members > member.json             # deploy it in each account, by a stack set for an organisation
python -m cdk.members events > events.json      # and this in each of their regions, to be told of changes at once
"""

from __future__ import annotations

import json
import re
import sys
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
    "sagemaker:ListTransformJobs",
    "sagemaker:DescribeTransformJob",
    "sagemaker:DescribeModelPackage",
)
"""What finding endpoints and batch jobs takes, here and in every member."""

SAGEMAKER: Final = "aws.sagemaker"
CHANGED: Final = ("SageMaker Endpoint State Change", "SageMaker Endpoint Deployment State Change")
"""Types of events after which an endpoint is looked at; `syndic.tasks.endpoint_changes` has the same."""

_ORGANISATION: Final = re.compile(r"o-[a-z0-9]{10,32}")
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
    organisation_id: str = ""  # of the organisation that may tell of its endpoints

    @property
    def organisation(self) -> bool:
        """Whether they are those of the organisation."""
        return self.accounts == (ORGANISATION,)

    @property
    def tell(self) -> bool:
        """Whether it is known who may tell of endpoints that changed."""
        return not self.organisation or bool(self.organisation_id)


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
    identity = str(context("member_organisation") or "")
    if identity:
        _each("member_organisation", (identity,), _ORGANISATION, "the id of an organisation such as o-a1b2c3d4e5")
        if accounts != (ORGANISATION,):
            raise InvalidInputError(f"is said where member_accounts is {ORGANISATION}", where="member_organisation")
    return Members(accounts, regions, role, external, identity)


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


def events_template() -> dict[str, Any]:
    """A member's stack in each region: one rule that hands SageMaker's events of endpoints on to Syndic's bus."""
    bus = {"Ref": "SyndicBus"}
    return {
        "AWSTemplateFormatVersion": "2010-09-09",
        "Description": "Tells Syndic in another account of endpoints that change in this one",
        "Parameters": {
            "SyndicBus": {
                "Type": "String",
                "AllowedPattern": r"arn:[a-z-]+:events:[a-z0-9-]+:\d{12}:event-bus/[\w./-]{1,256}",
                "Description": "MemberBus of the outputs of Syndic's stack",
            },
        },
        "Resources": {
            "Sender": {
                "Type": "AWS::IAM::Role",
                "Properties": {
                    "AssumeRolePolicyDocument": {
                        "Version": "2012-10-17",
                        "Statement": [
                            {
                                "Effect": "Allow",
                                "Principal": {"Service": "events.amazonaws.com"},
                                "Action": "sts:AssumeRole",
                                "Condition": {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}},
                            }
                        ],
                    },
                    "Policies": [
                        {
                            "PolicyName": "send",
                            "PolicyDocument": {
                                "Version": "2012-10-17",
                                "Statement": [{"Effect": "Allow", "Action": "events:PutEvents", "Resource": bus}],
                            },
                        }
                    ],
                },
            },
            "Changes": {
                "Type": "AWS::Events::Rule",
                "Properties": {
                    "Description": "Endpoints that change, for Syndic",
                    "EventPattern": {"source": [SAGEMAKER], "detail-type": list(CHANGED)},
                    "State": "ENABLED",
                    "Targets": [{"Id": "syndic", "Arn": bus, "RoleArn": {"Fn::GetAtt": ["Sender", "Arn"]}}],
                },
            },
        },
    }


if __name__ == "__main__":
    made = events_template() if sys.argv[1:] == ["events"] else template()
    print(json.dumps(made, indent=2))  # noqa: T201
