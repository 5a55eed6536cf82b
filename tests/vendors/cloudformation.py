"""CloudFormation as far as it fails: order, conditions, rollback, deletion policies, and each service's refusals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.vendors.rules import RefusedError, Rule, refuse_unless

Resource = dict[str, Any]
Template = dict[str, Any]

PROTECTED = Rule(
    "a table with deletion protection cannot be deleted",
    "Amazon DynamoDB API reference, DeleteTable: ValidationException while DeletionProtectionEnabled",
)
POOL_PROTECTED = Rule(
    "a user pool with deletion protection cannot be deleted",
    "Cognito API reference, DeleteUserPool: InvalidParameterException while DeletionProtection is ACTIVE",
)
NOT_EMPTY = Rule("a bucket that is not empty cannot be deleted", "S3 API reference, DeleteBucket: BucketNotEmpty")
SIZE = Rule(
    "at most 500 resources, 200 outputs and 1 MB",
    "CloudFormation user guide, quotas: template body, resources, outputs",
)


@dataclass
class Account:
    """An account in a region, as a stack finds it."""

    region: str = "eu-central-1"
    lambda_quota: int = 1000
    reserved_elsewhere: int = 0
    cloudfront_verified: bool = True
    login_prefixes: set[str] = field(default_factory=set)  # taken by others in the region


@dataclass
class Stack:
    """What there is after an operation, by logical id."""

    template: Template
    there: dict[str, Resource]
    refusal: RefusedError | None = None
    stuck: list[RefusedError] = field(default_factory=list)

    @property
    def left(self) -> set[str]:
        """Types of what is there."""
        return {item["Type"] for item in self.there.values()}


OWN_ID = "0a1b2c3d-1111-2222-3333-444455556666"
Check = Callable[[str, dict[str, Any], "Creation"], None]


class Creation:
    """A stack under way: what its resources may look at."""

    def __init__(self, template: Template, account: Account) -> None:
        self.template, self.account = template, account
        self.resources: dict[str, Resource] = template["Resources"]
        self.there: dict[str, Resource] = {}
        self.values = {"AWS::Region": account.region, "AWS::NoValue": None, "AWS::Partition": "aws",
                       "AWS::AccountId": "123456789012", "AWS::URLSuffix": "amazonaws.com",
                       "AWS::StackId": f"arn:aws:cloudformation:{account.region}:123456789012:stack/Syndic/{OWN_ID}",
                       "AWS::StackName": "Syndic"}  # fmt: skip

    def condition(self, expression: Any) -> bool:
        """Whether a condition holds."""
        if "Condition" in expression:
            return self.condition(self.template["Conditions"][expression["Condition"]])
        ((name, parts),) = expression.items()
        if name == "Fn::Or":
            refuse_unless(
                2 <= len(parts) <= 10, Rule("Fn::Or takes 2 to 10 conditions", "CloudFormation, Fn::Or"), "Fn::Or"
            )
            return any(self.condition(part) for part in parts)
        if name == "Fn::And":
            return all(self.condition(part) for part in parts)
        if name == "Fn::Not":
            return not self.condition(parts[0])
        if name == "Fn::Equals":
            return bool(self.resolve(parts[0]) == self.resolve(parts[1]))
        raise AssertionError(f"unknown condition {name}")

    def resolve(self, value: Any) -> Any:
        """A value with its functions worked out as far as they do not need the real thing."""
        if isinstance(value, list):
            return [self.resolve(item) for item in value]
        if not isinstance(value, dict):
            return value
        if len(value) == 1 and (next(iter(value)) == "Ref" or next(iter(value)).startswith("Fn::")):
            ((name, inner),) = value.items()
            return self._function(name, inner)
        found = {name: self.resolve(item) for name, item in value.items()}
        return {name: item for name, item in found.items() if item is not None}

    def _function(self, name: str, inner: Any) -> Any:
        """The value of an intrinsic function; a placeholder where only the real thing has one."""
        if name == "Fn::Select":
            parts = self.resolve(inner[1])
            return parts[int(inner[0])] if int(inner[0]) < len(parts) else f"<{inner[0]} of {parts}>"
        known: dict[str, Callable[[], Any]] = {
            "Ref": lambda: self.values.get(inner, f"<{inner}>"),
            "Fn::GetAtt": lambda: f"<{'.'.join(inner)}>",
            "Fn::If": lambda: self.resolve(inner[1] if self.condition({"Condition": inner[0]}) else inner[2]),
            "Fn::Join": lambda: inner[0].join(str(self.resolve(part)) for part in inner[1]),
            "Fn::Split": lambda: str(self.resolve(inner[1])).split(inner[0]),
            "Fn::Sub": lambda: str(inner),
        }
        return known[name]()

    def order(self) -> list[str]:
        """Logical ids, each after what it needs. Raises on a circle, which CloudFormation refuses too."""
        done: dict[str, None] = {}
        under_way: set[str] = set()

        def visit(name: str) -> None:
            if name in done:
                return
            assert name not in under_way, f"circular dependency at {name}"
            under_way.add(name)
            for other in sorted(needs(self.resources[name], set(self.resources))):
                visit(other)
            done[name] = None

        for name in self.resources:
            visit(name)
        return list(done)


def needs(resource: Resource, known: set[str]) -> set[str]:
    """Logical ids that a resource refers to or waits for."""
    after = resource.get("DependsOn", [])
    found = {after} if isinstance(after, str) else set(after)
    return (found | set(_mentioned(resource.get("Properties", {})))) & known


def _mentioned(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _mentioned(item)
    elif isinstance(value, dict):
        for name, inner in value.items():
            if name == "Ref":
                yield inner
            elif name == "Fn::GetAtt":
                yield inner[0] if isinstance(inner, list) else inner.split(".")[0]
            elif name == "Fn::Sub":
                yield from re.findall(r"\$\{([A-Za-z0-9]+)", inner if isinstance(inner, str) else inner[0])
            else:
                yield from _mentioned(inner)


def create(template: Template, account: Account, checks: Mapping[str, Check]) -> Stack:
    """Create a stack. At the first refusal everything goes again, as far as its policy and its service let it."""
    under_way = Creation(template, account)
    try:
        refuse_unless(len(template["Resources"]) <= 500 and len(template.get("Outputs", {})) <= 200, SIZE, "template")
        for name in under_way.order():
            resource = template["Resources"][name]
            if "Condition" in resource and not under_way.condition({"Condition": resource["Condition"]}):
                continue
            check = checks.get(resource["Type"])
            if check is not None:
                check(name, under_way.resolve(resource.get("Properties", {})), under_way)
            under_way.there[name] = resource
    except RefusedError as refusal:
        stack = Stack(template, under_way.there, refusal)
        _remove(stack, keeps=frozenset({"Retain"}), full=set())
        return stack
    return Stack(template, under_way.there)


def destroy(stack: Stack, *, full: set[str]) -> Stack:
    """Delete a stack.

    Args:
        stack: As it was created.
        full: Logical ids of buckets that hold something.
    """
    stack = Stack(stack.template, dict(stack.there))
    _remove(stack, keeps=frozenset({"Retain", "RetainExceptOnCreate"}), full=set(full))
    return stack


def _remove(stack: Stack, *, keeps: frozenset[str], full: set[str]) -> None:
    for name in reversed(list(stack.there)):
        resource = stack.there[name]
        if resource.get("DeletionPolicy") in keeps:
            continue
        try:
            _may_go(name, resource, full)
        except RefusedError as refusal:
            stack.stuck.append(refusal)
            continue
        if resource["Type"] == "Custom::S3AutoDeleteObjects":  # it empties its bucket when it is deleted itself
            full.discard(resource["Properties"]["BucketName"]["Ref"])
        del stack.there[name]


def _may_go(name: str, resource: Resource, full: set[str]) -> None:
    properties = resource.get("Properties", {})
    if resource["Type"] == "AWS::DynamoDB::GlobalTable":
        protected = any(one.get("DeletionProtectionEnabled") for one in properties["Replicas"])
        refuse_unless(not protected, PROTECTED, name)
    elif resource["Type"] == "AWS::Cognito::UserPool":
        refuse_unless(properties.get("DeletionProtection") != "ACTIVE", POOL_PROTECTED, name)
    elif resource["Type"] == "AWS::S3::Bucket":
        refuse_unless(name not in full, NOT_EMPTY, name)
