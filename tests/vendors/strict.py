"""Services that say no where emulators say yes: the user pool's names and invitations, and the redriving of queues."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.vendors.cloudformation import Template
from tests.vendors.rules import Rule, refuse_unless

EMAIL_NAME = Rule(
    "a name of the form of an address is refused by a pool with the alias e-mail",
    "aws-amplify/amplify-js issue 8800: 'Username cannot be of email format, since user pool is configured for email "
    "alias'",
)
NEEDS_ADDRESS = Rule(
    "a pool whose user names are addresses takes nothing else as a name",
    "Cognito developer guide, customizing sign-in attributes: UsernameAttributes",
)
INVITED = Rule(
    "an invitation goes to the address of the user by e-mail, when that medium is chosen; the default is SMS",
    "Cognito API model, AdminCreateUserRequest$DesiredDeliveryMediums and $UserAttributes",
)
SQS_SOURCED = Rule(
    "only dead-letter queues whose source is a queue can be redriven",
    "SQS API model, StartMessageMoveTask: 'Non-SQS queue sources of dead-letter queues, such as Lambda or Amazon SNS "
    "topics, are currently not supported'",
)
EXISTS = Rule("a user is there before it is put into a group", "Cognito API reference, AdminAddUserToGroup")
GROUP = Rule("a group is there before somebody is put into it", "Cognito API reference, AdminAddUserToGroup")


class StrictPool:
    """The user pool of a template."""

    def __init__(self, template: Template) -> None:
        resources = template["Resources"].values()
        (self.properties,) = [one["Properties"] for one in resources if one["Type"] == "AWS::Cognito::UserPool"]
        self.groups = {
            one["Properties"]["GroupName"] for one in resources if one["Type"] == "AWS::Cognito::UserPoolGroup"
        }
        self.people: dict[str, dict[str, str]] = {}
        self.members: dict[str, set[str]] = {}
        self.invited: list[str] = []

    def admin_create_user(self, given: Mapping[str, Any]) -> None:
        """Create a user, and invite it."""
        name, address = given["Username"], re.fullmatch(r"[^@\s]+@[^@\s]+", given["Username"])
        attributes = {one["Name"]: one["Value"] for one in given.get("UserAttributes", [])}
        refuse_unless(not (address and "email" in self.properties.get("AliasAttributes", [])), EMAIL_NAME, name)
        refuse_unless(address or not self.properties.get("UsernameAttributes"), NEEDS_ADDRESS, name)
        if given.get("MessageAction") != "SUPPRESS":
            mediums = given.get("DesiredDeliveryMediums", ["SMS"])
            refuse_unless("EMAIL" in mediums and attributes.get("email"), INVITED, f"{name} {mediums}")
            self.invited.append(attributes["email"])
        self.people[name.lower()] = attributes

    def admin_add_user_to_group(self, given: Mapping[str, Any]) -> None:
        """Put a user into a group."""
        refuse_unless(given["Username"].lower() in self.people, EXISTS, given["Username"])
        refuse_unless(given["GroupName"] in self.groups, GROUP, given["GroupName"])
        self.members.setdefault(given["GroupName"], set()).add(given["Username"])


class StrictQueues:
    """The queues of a template: which are the dead-letter queues of queues, which of functions."""

    def __init__(self, template: Template) -> None:
        resources = template["Resources"]
        self.of_queues: set[str] = set()
        self.of_functions: set[str] = set()
        for item in resources.values():
            properties = item.get("Properties", {})
            if item["Type"] == "AWS::SQS::Queue" and "RedrivePolicy" in properties:
                self.of_queues.add(properties["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0])
            if item["Type"] == "AWS::Lambda::Function" and "DeadLetterConfig" in properties:
                self.of_functions.add(properties["DeadLetterConfig"]["TargetArn"]["Fn::GetAtt"][0])
        self.moved: list[str] = []

    def start_message_move_task(self, given: Mapping[str, Any]) -> None:
        """Redrive a dead-letter queue, by its logical id at the end of its ARN."""
        name = given["SourceArn"].rpartition(":")[2].removeprefix("Syndic-")
        refuse_unless(name in self.of_queues, SQS_SOURCED, name)
        self.moved.append(name)
