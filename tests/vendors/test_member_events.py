"""An endpoint that changes in another account is told at once, and nothing else gets onto any bus of Syndic's.

EventBridge's rules (user guide, "Sending and receiving events between accounts" and "Resource-based policies"): the
sender's rule assumes a role that may put events on the bus, and the bus's own policy must allow the sender's account;
`events:source` and `events:detail-type` are those of the event; a source that begins with `aws.` is AWS's alone.
"""

from __future__ import annotations

import json
from typing import Any

import pytest

from cdk.constructs.endpoint_changes import EndpointChanges
from cdk.members import CHANGED as TOLD
from cdk.members import Members, events_template, read_members
from syndic.errors import InvalidInputError
from syndic.tasks.endpoint_changes import CHANGED, look_at_changed
from tests.infra.conftest import Assembly

MEMBER, STRANGER = "111122223333", "999999999999"
BUS = "arn:aws:events:eu-central-1:123456789012:event-bus/members"


def policy_of(assembly: Assembly) -> dict[str, Any]:
    (policy,) = assembly.of_type("AWS::Events::EventBusPolicy").values()
    return dict(policy)


def may_put(statement: dict[str, Any], *, account: str, organisation: str | None, source: str, kind: str) -> bool:
    """Whether a bus's policy lets an account put an event on it."""
    known = {"events:source": source, "events:detail-type": kind, "aws:PrincipalOrgID": organisation}
    conditions = statement["Condition"]["StringEquals"]
    held = all(known[name] in (wanted if isinstance(wanted, list) else [wanted]) for name, wanted in conditions.items())
    principals = statement["Principal"]
    named = principals == "*" or any(f":iam::{account}:root" in str(one) for one in principals["AWS"])
    return bool(statement["Effect"] == "Allow" and statement["Action"] == "events:PutEvents" and named and held)


@pytest.mark.parametrize(
    ("account", "source", "kind", "taken"),
    [
        (MEMBER, "aws.sagemaker", TOLD[0], True),
        (MEMBER, "aws.sagemaker", TOLD[1], True),
        (MEMBER, "aws.sagemaker", "SageMaker Training Job State Change", False),
        (MEMBER, "syndic", "CheckRequested", False),
        (MEMBER, "syndic", TOLD[0], False),
        (STRANGER, "aws.sagemaker", TOLD[0], False),
    ],
)
def test_a_members_bus_takes_what_sagemaker_says_of_a_members_endpoints(
    optioned: Assembly, account: str, source: str, kind: str, *, taken: bool
) -> None:
    policy = policy_of(optioned)
    statement = policy["Statement"]
    assert may_put(statement, account=account, organisation=None, source=source, kind=kind) is taken
    (bus,) = [name for name in optioned.of_type("AWS::Events::EventBus") if name.startswith("EndpointChanges")]
    assert policy["EventBusName"] == {"Ref": bus}, "the bus on which functions meet has no policy for others"
    assert statement["Resource"] == {"Fn::GetAtt": [bus, "Arn"]}


def test_events_of_both_buses_reach_discovery_and_no_other_queue(optioned: Assembly) -> None:
    rules = {
        name: rule
        for name, rule in optioned.of_type("AWS::Events::Rule").items()
        if rule["EventPattern"].get("source") == ["aws.sagemaker"]
    }
    assert len(rules) == 2
    assert sorted("EventBusName" in rule for rule in rules.values()) == [False, True]
    for name, rule in rules.items():
        assert rule["EventPattern"]["detail-type"] == list(TOLD)
        (target,) = rule["Targets"]
        queue = target["Arn"]["Fn::GetAtt"][0]
        assert "Discovery" in queue
        assert target["DeadLetterConfig"]
        sending = [
            statement
            for policy in optioned.of_type("AWS::SQS::QueuePolicy").values()
            for statement in policy["PolicyDocument"]["Statement"]
            if statement["Effect"] == "Allow" and name in str(statement.get("Condition"))
        ]
        assert any(statement["Resource"] == {"Fn::GetAtt": [queue, "Arn"]} for statement in sending)
    assert set(TOLD) == CHANGED


def test_without_members_nobody_else_may_put_anything_anywhere(assembly: Assembly) -> None:
    assert not assembly.of_type("AWS::Events::EventBusPolicy")
    assert len(assembly.of_type("AWS::Events::EventBus")) == 1


def test_a_members_rule_sends_what_the_bus_takes_with_a_role_that_does_nothing_else(optioned: Assembly) -> None:
    resources = events_template()["Resources"]
    rule, role = resources["Changes"]["Properties"], resources["Sender"]["Properties"]
    (target,) = rule["Targets"]
    assert target["RoleArn"] == {"Fn::GetAtt": ["Sender", "Arn"]}, "a bus of another account is reached by a role only"
    (policy,) = role["Policies"]
    (allowed,) = policy["PolicyDocument"]["Statement"]
    assert (allowed["Action"], allowed["Resource"]) == ("events:PutEvents", target["Arn"])
    (trusting,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trusting["Principal"] == {"Service": "events.amazonaws.com"}
    assert trusting["Condition"] == {"StringEquals": {"aws:SourceAccount": {"Ref": "AWS::AccountId"}}}
    statement = policy_of(optioned)["Statement"]
    for source in rule["EventPattern"]["source"]:
        for kind in rule["EventPattern"]["detail-type"]:
            assert may_put(statement, account=MEMBER, organisation=None, source=source, kind=kind)


def test_an_organisation_tells_by_its_id_and_nobody_outside_of_it() -> None:
    given = {"member_accounts": "organisation", "member_external_id": "only-us", "member_organisation": "o-a1b2c3d4e5"}
    members = read_members(given.get)
    assert members is not None

    class Bus:
        event_bus_arn = BUS

    statement = EndpointChanges._allowed(Bus(), members)  # type: ignore[arg-type]
    common = {"account": STRANGER, "source": "aws.sagemaker", "kind": TOLD[0]}
    assert may_put(statement, organisation="o-a1b2c3d4e5", **common)
    assert not may_put(statement, organisation="o-somebodyelse", **common)
    assert not Members(("organisation",), (), "r", "x").tell, "without an id everybody could tell"
    for wrong in ({**given, "member_organisation": "acme"}, {**given, "member_accounts": MEMBER}):
        with pytest.raises(InvalidInputError, match="member_organisation"):
            read_members(wrong.get)


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"account": "1"}, "message.account"),
        ({"region": "eu-central-1/../x"}, "message.region"),
        ({"time": "yesterday"}, "message.time"),
        ({"detail": {}}, "message.detail.EndpointName"),
        ({"detail": {"EndpointName": "a" * 64}}, "message.detail.EndpointName"),
    ],
)
def test_what_is_no_such_event_is_refused_by_the_field_that_is_wrong(change: dict[str, Any], where: str) -> None:
    event = {
        "detail-type": TOLD[0], "account": MEMBER, "region": "eu-west-1", "time": "2026-03-04T06:00:00Z",
        "detail": {"EndpointName": "shop", "EndpointStatus": "IN_SERVICE"},
    }  # fmt: skip
    asked = look_at_changed(json.dumps(event))
    assert (asked.source, asked.endpoints) == (f"sagemaker {MEMBER}/eu-west-1", ("shop",))
    with pytest.raises(InvalidInputError) as raised:
        look_at_changed(json.dumps(event | change))
    assert str(raised.value).startswith(where)
