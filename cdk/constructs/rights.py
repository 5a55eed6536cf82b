"""What functions may do, by what they are for: each right names its resources."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_iam as iam

from cdk.constructs.function import Function
from cdk.constructs.storage import READ_RECORDS, WRITE_RECORDS, Storage
from cdk.members import READ_ENDPOINTS
from cdk.nag import acknowledge_wildcard, arn_in_findings, place_in_findings
from cdk.options import Options
from syndic.settings import variable

READ_RULES = (
    "s3:GetBucketObjectLockConfiguration", "s3:GetLifecycleConfiguration", "s3:GetBucketVersioning",
    "s3:GetEncryptionConfiguration",
)  # fmt: skip


def allow_records(function: Function, storage: Storage) -> None:
    """Read records, and read and write what lies in the archive."""
    function.allow(READ_RECORDS, [storage.table.table_arn])
    function.allow(("s3:GetObject", "s3:PutObject"), [storage.archive.arn_for_objects("*")])
    function.allow(("s3:ListBucket",), [storage.archive.bucket_arn])  # else a missing object is 403, not 404
    acknowledge_wildcard(
        function,
        f"Resource::{arn_in_findings(storage.archive)}/*",
        "the archive's objects have no names before they are written; the bucket is Syndic's own",
    )


def allow_changes(function: Function, storage: Storage) -> None:
    """Change records."""
    function.allow(WRITE_RECORDS, [storage.table.table_arn])
    # Bodies too large for the table lie here; when a record changes or goes, its old body goes too.
    function.allow(("s3:DeleteObject",), [storage.archive.arn_for_objects("overflow/*")])
    acknowledge_wildcard(
        function,
        f"Resource::{arn_in_findings(storage.archive)}/overflow/*",
        "bodies too large for the table have random names; nothing else of the archive may be deleted",
    )


def allow_captures(function: Function, storage: Storage, options: Options) -> None:
    """Read captured traffic: only the buckets named when deploying, and what was sent to the API."""
    partition = cdk.Aws.PARTITION
    buckets = [f"arn:{partition}:s3:::{bucket}" for bucket in options.capture_buckets]
    own = storage.captures
    function.allow(("s3:ListBucket",), [*buckets, own.bucket_arn])
    function.allow(("s3:GetObject",), [*(f"{bucket}/*" for bucket in buckets), own.arn_for_objects("*")])
    if options.capture_keys:
        function.allow(("kms:Decrypt",), options.capture_keys)
    reason = "captured traffic has no names before it is written; the buckets are those named when deploying"
    acknowledge_wildcard(function, f"Resource::{arn_in_findings(own)}/*", reason)
    for bucket in options.capture_buckets:
        acknowledge_wildcard(function, f"Resource::arn:<AWS::Partition>:s3:::{bucket}/*", reason)
        if "*" in bucket:
            acknowledge_wildcard(function, f"Resource::arn:<AWS::Partition>:s3:::{bucket}", reason)


def allow_receiving(function: Function, storage: Storage) -> None:
    """Keep traffic that is sent to the API, and sign addresses for more of it; not change or remove any."""
    bucket = storage.captures
    function.allow(("s3:PutObject",), [bucket.arn_for_objects("*")])
    function.function.add_environment(variable("received_captures"), f"s3://{bucket.bucket_name}/captures")


def allow_inspecting(function: Function, storage: Storage, options: Options) -> None:
    """Read by which rules buckets keep what lies in them: of the captures', the archive's and the trail's."""
    buckets = [f"arn:{cdk.Aws.PARTITION}:s3:::{bucket}" for bucket in options.capture_buckets]
    own = (storage.archive, storage.anchors, storage.captures)
    function.allow(READ_RULES, [*buckets, *(bucket.bucket_arn for bucket in own)])
    for bucket in options.capture_buckets:
        if "*" in bucket:
            acknowledge_wildcard(
                function,
                f"Resource::arn:<AWS::Partition>:s3:::{bucket}",
                "the buckets are those named when deploying, and only their configuration is read",
            )


def allow_endpoints(function: Function) -> None:
    """Read endpoints and batch transform jobs."""
    function.allow(READ_ENDPOINTS, ["*"])
    acknowledge_wildcard(function, "Resource::*", "listing endpoints cannot be limited to some; read only")


def allow_packages(function: Function, options: Options) -> None:
    """Read the model registry, and set the approval state of the packages in it."""
    function.allow(
        ("sagemaker:ListModelPackageGroups", "sagemaker:ListModelPackages", "sagemaker:DescribeModelPackage"), ["*"]
    )
    acknowledge_wildcard(function, "Resource::*", "listing packages cannot be limited to some; read only")
    region, account = place_in_findings(function)
    named = [f"{group}/*" if group != "*" else "*" for group in options.package_groups]
    function.allow(("sagemaker:UpdateModelPackage",), [_sagemaker(function, "model-package", name) for name in named])
    for name in named:
        acknowledge_wildcard(
            function,
            f"Resource::arn:<AWS::Partition>:sagemaker:{region}:{account}:model-package/{name}",
            "packages are found while running; only those of the groups that were named, and only changed",
        )


def allow_traffic(function: Function, options: Options) -> None:
    """Change endpoints and their configurations, and read what CloudWatch measured of them."""
    region, account = place_in_findings(function)
    endpoints = [_sagemaker(function, "endpoint", name) for name in options.rollout_endpoints]
    configurations, made = (
        _sagemaker(function, "endpoint-config", "*"),
        _sagemaker(function, "endpoint-config", "syndic-*"),
    )
    function.allow(
        ("sagemaker:DescribeEndpoint", "sagemaker:UpdateEndpoint", "sagemaker:UpdateEndpointWeightsAndCapacities"),
        endpoints,
    )
    # What was served before may have any name, and is gone back to; what is made is called so by Syndic.
    function.allow(("sagemaker:DescribeEndpointConfig", "sagemaker:UpdateEndpoint"), [configurations])
    function.allow(("sagemaker:CreateEndpointConfig",), [made, _sagemaker(function, "model", "*")])
    if options.endpoint_roles:  # a copy of a configuration names the same role as its original
        function.role.add_to_policy(
            iam.PolicyStatement(
                actions=["iam:PassRole"],
                resources=list(options.endpoint_roles),
                conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
            )
        )
    function.allow(("cloudwatch:GetMetricData",), ["*"])
    wild = [f"endpoint/{name}" for name in options.rollout_endpoints if "*" in name]
    for name in (*wild, "endpoint-config/*", "endpoint-config/syndic-*", "model/*"):
        acknowledge_wildcard(
            function,
            f"Resource::arn:<AWS::Partition>:sagemaker:{region}:{account}:{name}",
            "endpoints are found while running; only those that were named, and none is ever deleted",
        )
    acknowledge_wildcard(function, "Resource::*", "metrics have no resource to limit the reading to; read only")


def allow_secrets(function: Function) -> None:
    """What receivers of alerts are reached with. A secret with a key of one's own needs that key's leave too."""
    secrets = cdk.Stack.of(function).format_arn(
        service="secretsmanager",
        resource="secret",
        resource_name="syndic/alerting/*",
        arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
    )
    function.allow(("secretsmanager:GetSecretValue",), [secrets])
    region, account = place_in_findings(function)
    acknowledge_wildcard(
        function,
        f"Resource::arn:<AWS::Partition>:secretsmanager:{region}:{account}:secret:syndic/alerting/*",
        "people name receivers and their secrets while it runs; only what is below one path",
    )


def allow_mail(function: Function, options: Options) -> None:
    """Send mail, as one sender only."""
    identities = cdk.Stack.of(function).format_arn(service="ses", resource="identity", resource_name="*")
    function.role.add_to_policy(
        iam.PolicyStatement(
            actions=["ses:SendEmail"],
            resources=[identities],
            conditions={"StringEquals": {"ses:FromAddress": options.mail_from}},
        )
    )
    region, account = place_in_findings(function)
    acknowledge_wildcard(
        function,
        f"Resource::arn:<AWS::Partition>:ses:{region}:{account}:identity/*",
        "SES checks the recipient's identity too while an account is in its sandbox; one sender only",
    )


def _sagemaker(function: Function, resource: str, name: str) -> str:
    return str(cdk.Stack.of(function).format_arn(service="sagemaker", resource=resource, resource_name=name))
