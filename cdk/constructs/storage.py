"""Records, archive and access logs."""

from __future__ import annotations

from typing import Any

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk.nag import acknowledge
from cdk.options import Options

REFUSED = ("UpdateItem", "DeleteItem", "BatchWriteItem", "PartiQLInsert", "PartiQLUpdate", "PartiQLDelete")
"""What nobody may do to the tree of the audit trail."""

OVERFLOW_DAYS = (400, 1300, 4000)
"""Bodies that do not fit the table, of records that expire, lie below ``overflow/<days>/``: DynamoDB removes an item
and tells nobody. The store's adapter has the same numbers."""

BACKUP_DAYS = 36
"""The table can be set back by 35 days, and refers to bodies of then."""

READ_RECORDS = ("dynamodb:GetItem", "dynamodb:BatchGetItem", "dynamodb:Query")
WRITE_RECORDS = ("dynamodb:PutItem", "dynamodb:DeleteItem")


class Storage(Construct):
    """One table for all records, one bucket for large documents, one for traffic that is sent to the API.

    Access logs have another one, and the trail its own.

    They outlive the stack unless the deployer chose otherwise. What a failed creation made goes again, so the table is
    protected against deletion only by a later deployment: protected, it could not go.
    """

    def __init__(self, scope: Construct, name: str, *, options: Options) -> None:
        super().__init__(scope, name)
        self._data_key = None if options.data_key is None else kms.Key.from_key_arn(self, "DataKey", options.data_key)
        adopted = options.adopted
        self.table = self._table("Records", options, adopted.table, time_to_live_attribute="ttl")
        self.logs = self._own_bucket(
            "AccessLogs",
            options,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_PREFERRED,  # CloudFront's standard logs need ACLs
            lifecycle_rules=[s3.LifecycleRule(expiration=cdk.Duration.days(400))],
        )
        self.archive = self._bucket(
            "Archive",
            options,
            adopted.archive,
            **self._encrypted(),
            versioned=True,
            server_access_logs_bucket=self.logs,
            server_access_logs_prefix="archive/",
            lifecycle_rules=[
                *_left_to_the_bucket(),
                *_seldom_read(),
                s3.LifecycleRule(noncurrent_version_expiration=cdk.Duration.days(400)),
                s3.LifecycleRule(abort_incomplete_multipart_upload_after=cdk.Duration.days(2)),
            ],
        )
        self.captures = self._bucket(
            "Captures",
            options,
            adopted.captures,
            **self._encrypted(),
            server_access_logs_bucket=self.logs,
            server_access_logs_prefix="captures/",
            # The AI Act asks for logs of six months at least (26(6)); rows are personal data and not kept for ever.
            lifecycle_rules=[
                s3.LifecycleRule(expiration=cdk.Duration.days(options.capture_days)),
                s3.LifecycleRule(abort_incomplete_multipart_upload_after=cdk.Duration.days(2)),
            ],
        )
        self._trail(options)
        acknowledge(self.logs, AwsSolutions_S1="it holds the access logs; logging it into itself would never end")

    def _trail(self, options: Options) -> None:
        """The audit trail's tables, its bucket that nobody can change, and the key that signs.

        No role may change or remove an item of the tree, whatever its own policies say.
        """
        adopted = options.adopted
        self.tree = self._table(
            "AuditTree", options, adopted.tree, resource_policy=iam.PolicyDocument(statements=[append_only()])
        )
        self.entries = self._table("AuditEntries", options, adopted.entries)
        self.pending = self._table(
            "AuditPending",
            options,
            adopted.pending,
            stream=adopted.pending_stream,
            dynamo_stream=dynamodb.StreamViewType.KEYS_ONLY,
        )
        days = cdk.Duration.days(options.audit_lock_days)
        self.anchors = self._bucket(
            "AuditAnchors",
            options,
            adopted.anchors,
            versioned=True,
            server_access_logs_bucket=self.logs,
            server_access_logs_prefix="audit/",
            # In compliance mode nobody can remove an object before its time, the account's root user included. So a
            # deployment whose data goes with it has no lock: its bucket could never be deleted.
            object_lock_enabled=options.keep_data,
            object_lock_default_retention=s3.ObjectLockRetention.compliance(days) if options.keep_data else None,
            lifecycle_rules=[s3.LifecycleRule(abort_incomplete_multipart_upload_after=cdk.Duration.days(2))],
        )
        self.key_id, self.key_arn = self._signing_key(options)

    def _signing_key(self, options: Options) -> tuple[str, str]:
        if options.adopted.key:
            arn = cdk.Stack.of(self).format_arn(service="kms", resource="key", resource_name=options.adopted.key)
            return options.adopted.key, arn
        key = kms.CfnKey(
            self,
            "AuditKey",
            description="Signs the checkpoints of the audit trail",
            key_spec="ECC_NIST_EDWARDS25519",
            key_usage="SIGN_VERIFY",
            key_policy=iam.PolicyDocument(
                statements=[
                    iam.PolicyStatement(actions=["kms:*"], principals=[iam.AccountRootPrincipal()], resources=["*"])
                ]
            ),
        )
        key.apply_removal_policy(options.data_removal)
        return key.ref, key.attr_arn

    def _encrypted(self) -> dict[str, Any]:
        """Encryption with the customer's key, for buckets of what people sent or said.

        The others keep S3's own: to a bucket under a KMS key no access log is delivered, and checkpoints are hashes
        that must be readable when a key is gone.
        """
        if self._data_key is None:
            return {}
        return {
            "encryption": s3.BucketEncryption.KMS,
            "encryption_key": self._data_key,
            "bucket_key_enabled": True,  # one call of KMS for many objects
        }

    def _bucket(self, name: str, options: Options, adopted: str | None, **more: Any) -> s3.IBucket:
        """A bucket of the stack, or one that is taken over: it keeps its rules, and gets the policy that it lost."""
        if adopted is None:
            return self._own_bucket(name, options, **more)
        bucket = s3.Bucket.from_bucket_name(self, name, adopted)
        policy = s3.BucketPolicy(self, f"{name}Policy", bucket=bucket)
        policy.document.add_statements(
            iam.PolicyStatement(
                effect=iam.Effect.DENY,
                actions=["s3:*"],
                principals=[iam.AnyPrincipal()],
                resources=[bucket.bucket_arn, bucket.arn_for_objects("*")],
                conditions={"Bool": {"aws:SecureTransport": "false"}},
            )
        )
        return bucket

    def _own_bucket(self, name: str, options: Options, **more: Any) -> s3.Bucket:
        return s3.Bucket(
            self,
            name,
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            enforce_ssl=True,
            removal_policy=options.data_removal,
            auto_delete_objects=options.empties and not options.keep_data,
            **{"encryption": s3.BucketEncryption.S3_MANAGED, **more},
        )

    def _table(
        self, name: str, options: Options, adopted: str | None, *, stream: str | None = None, **more: Any
    ) -> dynamodb.ITableV2:
        if adopted is not None:
            return dynamodb.TableV2.from_table_attributes(self, name, table_name=adopted, table_stream_arn=stream)
        return dynamodb.TableV2(
            self,
            name,
            partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="sk", type=dynamodb.AttributeType.STRING),
            billing=dynamodb.Billing.on_demand(),
            encryption=(
                dynamodb.TableEncryptionV2.aws_managed_key()
                if self._data_key is None
                else dynamodb.TableEncryptionV2.customer_managed_key(self._data_key)
            ),
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=options.protect,
            removal_policy=options.data_removal,
            **more,
        )


def _left_to_the_bucket() -> list[s3.LifecycleRule]:
    """Counts of windows, which are kept until they are judged; bodies of records that expire, or were replaced."""
    counted = [
        s3.LifecycleRule(
            prefix=prefix, expiration=cdk.Duration.days(7), noncurrent_version_expiration=cdk.Duration.days(1)
        )
        for prefix in ("maps/", "counts/")
    ]
    overflow = [
        s3.LifecycleRule(prefix=f"overflow/{days}/", expiration=cdk.Duration.days(days)) for days in OVERFLOW_DAYS
    ]
    replaced = s3.LifecycleRule(prefix="overflow/", noncurrent_version_expiration=cdk.Duration.days(BACKUP_DAYS))
    return [*counted, *overflow, replaced]


def _seldom_read() -> list[s3.LifecycleRule]:
    """Report files and lists of rejected lines stay, for documentation is kept for ten years: where keeping costs less.

    They are read at once as before.
    """
    colder = s3.Transition(
        storage_class=s3.StorageClass.GLACIER_INSTANT_RETRIEVAL, transition_after=cdk.Duration.days(120)
    )
    return [s3.LifecycleRule(prefix=prefix, transitions=[colder]) for prefix in ("reports/", "quarantine/")]


def append_only() -> iam.PolicyStatement:
    """Nobody changes or removes an item. Putting stays: whether it replaces one is no right of its own."""
    return iam.PolicyStatement(
        effect=iam.Effect.DENY,
        actions=[f"dynamodb:{verb}" for verb in REFUSED],
        principals=[iam.AnyPrincipal()],
        resources=["*"],
    )
