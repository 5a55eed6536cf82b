"""What AWS services refuse when a stack is created; each rule names where the vendor says so, or who met it."""

from __future__ import annotations

import re
from typing import Any

from tests.vendors.cloudformation import Check, Creation
from tests.vendors.rules import Rule, refuse_unless

UNRESERVED = Rule(
    "reservations leave at least 100 simultaneous executions of the quota to others",
    "Lambda API reference, PutFunctionConcurrency; met as 'below its minimum value of [10]' in "
    "awslabs/fhir-works-on-aws-deployment issue 691 and aws-samples/one-observability-demo issue 278",
)
LAMBDA_LIMITS = Rule(
    "a function has at most 5 layers, 900 s and 4 KB of environment", "Lambda developer guide, Lambda quotas"
)
POLLERS = Rule("a queue's maximum concurrency is 2 to 1000", "Lambda API model, ScalingConfig$MaximumConcurrency")
VISIBLE = Rule(
    "a queue's visibility timeout is not below its function's timeout",
    "Lambda developer guide, using Lambda with Amazon SQS; CreateEventSourceMapping refuses it",
)
STREAMED = Rule(
    "a table that calls a function has a stream, read from its newest record or its oldest",
    "Lambda developer guide, process DynamoDB records with Lambda; Lambda API model, EventSourcePosition",
)
LISTENS = Rule(
    "the role of a function may read a stream before the stream calls the function",
    "Lambda developer guide, process DynamoDB records with Lambda, execution role permissions: "
    "CreateEventSourceMapping refuses a role that cannot access the stream",
)
VERIFIED = Rule(
    "an account must be verified before it can add CloudFront resources",
    "aws-samples/aws-cdk-examples issue 279, anomalyco/sst issue 3704",
)
LOGS_ELSEWHERE = Rule(
    "CloudFront delivers standard logs to no bucket in an opt-in region",
    "Systems Manager runbook AWSConfigRemediation-EnableCloudFrontAccessLogs (af-south-1, ap-east-1, eu-south-1, "
    "me-south-1); opt-in regions page of the image transformation solution",
)
BOTH_NAMES = Rule(
    "a pool has alias attributes or username attributes, not both", "Cognito API reference, CreateUserPool"
)
PASSKEYS = Rule(
    "passkeys and choice-based sign-in need the Essentials tier", "Cognito API model, WebAuthnConfigurationType"
)
MFA_WITH_PASSKEY = Rule(
    "with MFA required, a passkey signs in only as MULTI_FACTOR_WITH_USER_VERIFICATION",
    "Cognito API model, WebAuthnConfigurationType$FactorConfiguration",
)
WRITABLE = Rule(
    "a client's writable attributes hold every required attribute",
    "aws/aws-cdk issue 2608: 'Invalid write attributes specified while creating a client'",
)
MAPPED = Rule(
    "every attribute that a provider maps is writable by the client",
    "Cognito API model, CreateUserPoolClientRequest$WriteAttributes",
)
CALLBACK = Rule(
    "a callback is https, or http on localhost, without a fragment", "Cognito API reference, UserPoolClientType"
)
PREFIX = Rule(
    "a domain prefix is unique in its region, small letters, digits and hyphens, without aws, amazon or cognito",
    "Cognito developer guide, using your own domain: prefix domains",
)
STYLE = Rule(
    "pages of managed login show nothing for a client without a branding style",
    "Cognito developer guide, managed login branding",
)
IMPLICIT = Rule("the implicit grant is not to be used", "RFC 9700, section 2.1.2")
INLINE = Rule("the inline policies of a role have at most 10,240 characters", "IAM user guide, IAM quotas")
ROLE_NAME = Rule("a role's name has at most 64 characters", "IAM API model, roleNameType")


def opt_in(region: str) -> bool:
    """Whether a region must be turned on, so that CloudFront does not log there."""
    return region in OPT_IN


OPT_IN = frozenset({
    "af-south-1", "ap-east-1", "ap-east-2", "ap-south-2", "ap-southeast-3", "ap-southeast-4", "ap-southeast-5",
    "ap-southeast-6", "ap-southeast-7", "ca-west-1", "eu-central-2", "eu-south-1", "eu-south-2", "il-central-1",
    "me-central-1", "me-south-1", "mx-central-1",
})  # fmt: skip


STREAM_RIGHTS = frozenset({
    "dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator", "dynamodb:ListStreams",
})  # fmt: skip


def function(name: str, properties: dict[str, Any], stack: Creation) -> None:
    own = [
        item["Properties"].get("ReservedConcurrentExecutions", 0)
        for item in stack.there.values()
        if item["Type"] == "AWS::Lambda::Function"
    ]
    reserved = properties.get("ReservedConcurrentExecutions", 0)
    if reserved:
        taken = sum(own) + stack.account.reserved_elsewhere + reserved
        refuse_unless(stack.account.lambda_quota - taken >= 100, UNRESERVED, name)
    variables = properties.get("Environment", {}).get("Variables", {})
    size = sum(len(str(key)) + len(str(value)) for key, value in variables.items())
    within = len(properties.get("Layers", [])) <= 5 and size <= 4096
    refuse_unless(within and int(properties.get("Timeout", 3)) <= 900, LAMBDA_LIMITS, name)


def mapping(name: str, properties: dict[str, Any], stack: Creation) -> None:
    refuse_unless(2 <= properties.get("ScalingConfig", {}).get("MaximumConcurrency", 2) <= 1000, POLLERS, name)
    source = stack.resources[name]["Properties"]
    origin, attribute = source["EventSourceArn"]["Fn::GetAtt"]
    if attribute == "StreamArn":
        _stream_mapping(name, source, stack)
        return
    queue = stack.resources[origin]["Properties"]
    caller = stack.resources[source["FunctionName"]["Ref"]]["Properties"]
    refuse_unless(queue.get("VisibilityTimeout", 30) >= caller.get("Timeout", 3), VISIBLE, name)


def _stream_mapping(name: str, source: dict[str, Any], stack: Creation) -> None:
    """A stream has no visibility timeout: what fails is tried again where it lies, and its table must have a stream."""
    table = stack.resources[source["EventSourceArn"]["Fn::GetAtt"][0]]["Properties"]
    begins = source.get("StartingPosition") in {"LATEST", "TRIM_HORIZON"}
    refuse_unless(table.get("StreamSpecification") and begins, STREAMED, name)
    caller = stack.resources[source["FunctionName"]["Ref"]]["Properties"]
    role = caller["Role"]["Fn::GetAtt"][0]
    given = {
        action
        for item in stack.there.values()
        if item["Type"] == "AWS::IAM::Policy" and {"Ref": role} in item["Properties"]["Roles"]
        for statement in item["Properties"]["PolicyDocument"]["Statement"]
        if statement["Resource"] in (source["EventSourceArn"], "*")
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    }
    refuse_unless(given >= STREAM_RIGHTS, LISTENS, name)


def cloudfront(name: str, properties: dict[str, Any], stack: Creation) -> None:
    refuse_unless(stack.account.cloudfront_verified, VERIFIED, name)


def distribution(name: str, properties: dict[str, Any], stack: Creation) -> None:
    cloudfront(name, properties, stack)
    logging = properties["DistributionConfig"].get("Logging")
    refuse_unless(logging is None or not opt_in(stack.account.region), LOGS_ELSEWHERE, name)


def pool(name: str, properties: dict[str, Any], stack: Creation) -> None:
    refuse_unless(not (properties.get("AliasAttributes") and properties.get("UsernameAttributes")), BOTH_NAMES, name)
    factors = properties.get("Policies", {}).get("SignInPolicy", {}).get("AllowedFirstAuthFactors", ["PASSWORD"])
    refuse_unless(factors == ["PASSWORD"] or properties.get("UserPoolTier") in {"ESSENTIALS", "PLUS"}, PASSKEYS, name)
    if properties.get("MfaConfiguration") == "ON" and "WEB_AUTHN" in factors:
        both = properties.get("WebAuthnFactorConfiguration") == "MULTI_FACTOR_WITH_USER_VERIFICATION"
        refuse_unless(both, MFA_WITH_PASSKEY, name)


def client(name: str, properties: dict[str, Any], stack: Creation) -> None:
    (own,) = [item for item in stack.resources.values() if item["Type"] == "AWS::Cognito::UserPool"]
    required = {one["Name"] for one in own["Properties"].get("Schema", []) if one.get("Required")}
    writable = set(properties.get("WriteAttributes", []))
    refuse_unless(not writable or required <= writable, WRITABLE, name)
    for item in stack.there.values():
        if item["Type"] == "AWS::Cognito::UserPoolIdentityProvider":
            mapped = set(item["Properties"]["AttributeMapping"]) - {"email_verified"}
            refuse_unless(mapped <= writable, MAPPED, name)
    refuse_unless("implicit" not in properties.get("AllowedOAuthFlows", []), IMPLICIT, name)
    for url in properties.get("CallbackURLs", []):
        refuse_unless(re.match(r"https://[^#]+$|http://localhost(:\d+)?/[^#]*$", url), CALLBACK, f"{name} {url}")


def domain(name: str, properties: dict[str, Any], stack: Creation) -> None:
    prefix = properties["Domain"]
    form = re.fullmatch(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", prefix)
    reserved = any(word in prefix for word in ("aws", "amazon", "cognito"))
    refuse_unless(form and not reserved and prefix not in stack.account.login_prefixes, PREFIX, f"{name} {prefix}")
    if properties.get("ManagedLoginVersion") == 2:
        styles = [item for item in stack.resources.values() if item["Type"] == "AWS::Cognito::ManagedLoginBranding"]
        clients = [item for item in stack.resources.values() if item["Type"] == "AWS::Cognito::UserPoolClient"]
        of_browsers = [one for one in clients if one["Properties"].get("AllowedOAuthFlowsUserPoolClient") is not False]
        refuse_unless(len(styles) == len(of_browsers), STYLE, name)


def role(name: str, properties: dict[str, Any], stack: Creation) -> None:
    refuse_unless(len(properties.get("RoleName", "")) <= 64, ROLE_NAME, name)


def policy(name: str, properties: dict[str, Any], stack: Creation) -> None:
    size = len(re.sub(r"\s", "", str(properties["PolicyDocument"])))
    refuse_unless(size <= 10_240, INLINE, f"{name} {size}")


CHECKS: dict[str, Check] = {
    "AWS::Lambda::Function": function,
    "AWS::Lambda::EventSourceMapping": mapping,
    "AWS::CloudFront::Distribution": distribution,
    "AWS::CloudFront::OriginAccessControl": cloudfront,
    "AWS::CloudFront::ResponseHeadersPolicy": cloudfront,
    "AWS::Cognito::UserPool": pool,
    "AWS::Cognito::UserPoolClient": client,
    "AWS::Cognito::UserPoolDomain": domain,
    "AWS::IAM::Role": role,
    "AWS::IAM::Policy": policy,
}
