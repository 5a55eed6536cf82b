"""IAM: which rights a call needs, and whether a role's statements give them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.vendors.cloudformation import Account, Creation, Template
from tests.vendors.rules import Rule

REGION, ACCOUNT = "eu-central-1", "123456789012"
RIGHTS = Rule(
    "each call needs the action of its name on its resource; transactions and batches those of their parts",
    "Service Authorization Reference; DynamoDB developer guide, IAM and transactions; S3 API reference, HeadObject and "
    "ListObjectsV2; Scheduler, SQS and Lambda call the rest in their own name",
)


@dataclass(frozen=True, order=True)
class Right:
    """One action on one resource."""

    action: str
    resource: str


@dataclass(frozen=True)
class Call:
    """One call of a client."""

    service: str
    operation: str
    parameters: Mapping[str, Any] = field(hash=False)


def rights(call: Call) -> Iterator[Right]:
    """What a call needs. Raises `KeyError` for a call that nobody has looked up."""
    yield from _SERVICES[call.service](call.operation, call.parameters)


_OF_BUCKETS = {
    "GetObjectLockConfiguration": "GetBucketObjectLockConfiguration",
    "GetBucketLifecycleConfiguration": "GetLifecycleConfiguration",
    "GetBucketVersioning": "GetBucketVersioning",
    "GetBucketEncryption": "GetEncryptionConfiguration",
}
"""Rights that are not named as the calls are (Service Authorization Reference, Amazon S3)."""


def _s3(name: str, given: Mapping[str, Any]) -> Iterator[Right]:
    bucket, key = given["Bucket"], given.get("Key", "")
    if name in _OF_BUCKETS:
        yield Right(f"s3:{_OF_BUCKETS[name]}", f"arn:aws:s3:::{bucket}")
        return
    action = {"GetObject": "GetObject", "HeadObject": "GetObject", "PutObject": "PutObject",
              "DeleteObject": "DeleteObject", "ListObjectsV2": "ListBucket"}[name]  # fmt: skip
    yield Right(f"s3:{action}", f"arn:aws:s3:::{bucket}" + ("" if action == "ListBucket" else f"/{key}"))


def _events(name: str, given: Mapping[str, Any]) -> Iterator[Right]:
    for bus in {entry["EventBusName"] for entry in given["Entries"]}:
        yield Right(f"events:{name}", arn("events", f"event-bus/{bus}"))


def _ses(name: str, given: Mapping[str, Any]) -> Iterator[Right]:
    # While the account is in the sandbox, SES checks the recipients' identities too.
    for person in (given["FromEmailAddress"], *given["Destination"]["ToAddresses"]):
        yield Right(f"ses:{name}", arn("ses", f"identity/{person}"))


def _states(name: str, given: Mapping[str, Any]) -> Iterator[Right]:
    yield Right(f"states:{name}", given.get("stateMachineArn") or given["executionArn"])


def _cloudwatch(name: str, given: Mapping[str, Any]) -> Iterator[Right]:
    yield Right({"GetMetricData": "cloudwatch:GetMetricData"}[name], "*")


def _kms(name: str, given: Mapping[str, Any]) -> Iterator[Right]:
    yield Right(f"kms:{name}", arn("kms", "key/log"))


def _cognito(name: str, given: Mapping[str, Any]) -> Iterator[Right]:
    yield Right(f"cognito-idp:{name}", PEOPLE)


def _secrets(name: str, given: Mapping[str, Any]) -> Iterator[Right]:
    # A secret's ARN ends with six characters of its own behind the name.
    yield Right(f"secretsmanager:{name}", arn("secretsmanager", f"secret:{given['SecretId']}-AbCdEf"))


def _sns(name: str, given: Mapping[str, Any]) -> Iterator[Right]:
    yield Right(f"sns:{name}", given["TopicArn"])


def _sts(name: str, given: Mapping[str, Any]) -> Iterator[Right]:
    if name != "GetCallerIdentity":  # which needs no right
        raise KeyError(f"sts:{name}")
    yield from ()


def _dynamodb(name: str, given: Mapping[str, Any]) -> Iterator[Right]:
    if name == "TransactWriteItems":
        parts = {
            "Put": "PutItem",
            "Delete": "DeleteItem",
            "ConditionCheck": "ConditionCheckItem",
            "Update": "UpdateItem",
        }
        for item in given["TransactItems"]:
            for kind, part in item.items():
                yield Right(f"dynamodb:{parts[kind]}", arn("dynamodb", f"table/{part['TableName']}"))
    elif name in {"BatchGetItem", "BatchWriteItem"}:
        for table in given["RequestItems"]:
            yield Right(f"dynamodb:{name}", arn("dynamodb", f"table/{table}"))
    elif name == "TransactGetItems":
        for item in given["TransactItems"]:
            yield Right("dynamodb:GetItem", arn("dynamodb", f"table/{item['Get']['TableName']}"))
    else:
        yield Right(f"dynamodb:{name}", arn("dynamodb", f"table/{given['TableName']}"))


def _sagemaker(name: str, given: Mapping[str, Any]) -> Iterator[Right]:
    if name.startswith("List"):
        yield Right(f"sagemaker:{name}", "*")
        return
    endpoint, configuration = given.get("EndpointName"), given.get("EndpointConfigName")
    if "ModelPackage" in name:
        yield Right(f"sagemaker:{name}", given.get("ModelPackageName") or given["ModelPackageArn"])
    elif name == "DescribeTransformJob":
        yield Right(f"sagemaker:{name}", arn("sagemaker", f"transform-job/{given['TransformJobName'].lower()}"))
    elif name == "DescribeModel":
        yield Right(f"sagemaker:{name}", arn("sagemaker", f"model/{given['ModelName'].lower()}"))
    elif name in {"CreateEndpointConfig", "DescribeEndpointConfig"}:
        yield Right(f"sagemaker:{name}", arn("sagemaker", f"endpoint-config/{configuration}"))
        if given.get("ExecutionRoleArn"):
            yield Right("iam:PassRole", given["ExecutionRoleArn"])
    elif name in {"DescribeEndpoint", "UpdateEndpoint", "UpdateEndpointWeightsAndCapacities"}:
        yield Right(f"sagemaker:{name}", arn("sagemaker", f"endpoint/{endpoint}"))
        if configuration:
            yield Right(f"sagemaker:{name}", arn("sagemaker", f"endpoint-config/{configuration}"))
    else:
        raise KeyError(f"sagemaker:{name}")


def _sqs(name: str, given: Mapping[str, Any]) -> Iterator[Right]:
    actions = {"SendMessage": "SendMessage", "SendMessageBatch": "SendMessage"}  # a batch needs the right of its parts
    yield Right(f"sqs:{actions[name]}", arn("sqs", given["QueueUrl"].rpartition("/")[2]))


def _endpoints(name: str, given: Mapping[str, Any]) -> Iterator[Right]:
    yield Right(
        {"InvokeEndpoint": "sagemaker:InvokeEndpoint"}[name], arn("sagemaker", f"endpoint/{given['EndpointName']}")
    )


_SERVICES: dict[str, Callable[[str, Mapping[str, Any]], Iterator[Right]]] = {
    "dynamodb": _dynamodb, "s3": _s3, "sagemaker": _sagemaker, "events": _events, "sesv2": _ses,
    "stepfunctions": _states, "cloudwatch": _cloudwatch, "sts": _sts, "kms": _kms,
    "cognito-idp": _cognito, "secretsmanager": _secrets, "sqs": _sqs, "sns": _sns,
    "sagemaker-runtime": _endpoints,
}  # fmt: skip


def arn(service: str, resource: str) -> str:
    """The name of a resource of this account."""
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


PEOPLE = arn("cognito-idp", "userpool/people")


class Role:
    """The statements of one function's role, with the stack's own resources under their test names."""

    def __init__(self, template: Template, concern: str, *, names: Mapping[str, str]) -> None:
        # A reference to a resource is read as its name in the test.
        self._resolver = Creation(template, Account(region=REGION))
        self._resolver.values |= names
        self.allowed: list[tuple[str, str]] = []
        self.statements: list[dict[str, Any]] = []
        for name, resource in template["Resources"].items():
            if resource["Type"] == "AWS::IAM::Policy" and re.match(
                rf"Functions{concern}Role(?:DefaultPolicy)?[0-9A-F]", name
            ):
                for statement in resource["Properties"]["PolicyDocument"]["Statement"]:
                    assert statement["Effect"] == "Allow"
                    # Synthesised without a region, the stack is one of us-east-1.
                    places = [
                        self._place(place).replace(":us-east-1:", f":{REGION}:")
                        for place in _listed(statement["Resource"])
                    ]
                    self.statements.append({**statement, "Resource": places})
                    for action in _listed(statement["Action"]):
                        self.allowed += [(action, place) for place in places]
        assert self.allowed, f"{concern} has no policy"

    def _place(self, value: Any) -> str:
        if isinstance(value, dict) and "Fn::GetAtt" in value and value["Fn::GetAtt"][0] in self._resolver.values:
            return str(self._resolver.values[value["Fn::GetAtt"][0]])
        if isinstance(value, dict) and "Fn::Join" in value:
            glue, parts = value["Fn::Join"]
            return str(glue).join(self._place(part) for part in parts)
        return str(self._resolver.resolve(value))

    def gives(self, right: Right) -> bool:
        """Whether a right is given. `*` and `?` stand for any text and for one sign, in actions and resources."""
        return any(
            matches(action, right.action) and (place == "*" or matches(place, right.resource))
            for action, place in self.allowed
        )

    def unused(self, used: set[Right]) -> set[str]:
        """Actions that no used right needed."""
        return {action for action, _ in self.allowed if not any(matches(action, one.action) for one in used)}


def matches(pattern: str, text: str) -> bool:
    """IAM's wildcards."""
    expression = "".join({"*": ".*", "?": "."}.get(sign, re.escape(sign)) for sign in pattern)
    return re.fullmatch(expression, text) is not None


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
