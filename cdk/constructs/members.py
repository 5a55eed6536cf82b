"""The right to assume the role in other accounts, and to ask which these are."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from cdk.constructs.function import Function
from cdk.members import Members
from cdk.nag import acknowledge_wildcard
from syndic.settings import variable


def allow_members(function: Function, members: Members, *, lists: bool) -> None:
    """Let a function read what runs in other accounts. `lists`: it asks which accounts an organisation has."""
    accounts = ["*"] if members.organisation else members.accounts
    roles = [f"arn:{cdk.Aws.PARTITION}:iam::{account}:role/{members.role}" for account in accounts]
    inside = {"StringEquals": {"aws:ResourceOrgID": "${aws:PrincipalOrgID}"}} if members.organisation else None
    function.role.add_to_policy(iam.PolicyStatement(actions=["sts:AssumeRole"], resources=roles, conditions=inside))
    if members.organisation:
        acknowledge_wildcard(
            function,
            f"Resource::arn:<AWS::Partition>:iam::*:role/{members.role}",
            "accounts join an organisation while this runs; one role's name, of this organisation only",
        )
        if lists:
            function.allow(("organizations:ListAccounts",), ["*"])
            acknowledge_wildcard(function, "Resource::*", "an organisation's accounts have no resource; read only")
    environment = {
        "member_accounts": ",".join(members.accounts),
        "member_regions": ",".join(members.regions),
        "member_role": members.role,
        "member_external_id": members.external_id,
    }
    for name, value in environment.items():
        if value:
            function.function.add_environment(variable(name), value)
