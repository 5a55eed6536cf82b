"""Records, archive and access logs."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk.nag import acknowledge
from cdk.options import Options


class Storage(Construct):
    """One table for all records, one bucket for large documents, one for access logs.

    They outlive the stack unless the deployer chose otherwise. What a failed creation made goes again, so the table is
    protected against deletion only by a later deployment: protected, it could not go.
    """

    def __init__(self, scope: Construct, name: str, *, options: Options) -> None:
        super().__init__(scope, name)
        self.table = dynamodb.TableV2(
            self,
            "Records",
            partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="sk", type=dynamodb.AttributeType.STRING),
            billing=dynamodb.Billing.on_demand(),
            encryption=dynamodb.TableEncryptionV2.aws_managed_key(),
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            deletion_protection=options.protect,
            time_to_live_attribute="ttl",
            removal_policy=options.data_removal,
        )
        self.logs = s3.Bucket(
            self,
            "AccessLogs",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            object_ownership=s3.ObjectOwnership.BUCKET_OWNER_PREFERRED,  # CloudFront's standard logs need ACLs
            lifecycle_rules=[s3.LifecycleRule(expiration=cdk.Duration.days(400))],
            removal_policy=options.data_removal,
            auto_delete_objects=options.empties and not options.keep_data,
        )
        self.archive = s3.Bucket(
            self,
            "Archive",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            versioned=True,
            server_access_logs_bucket=self.logs,
            server_access_logs_prefix="archive/",
            lifecycle_rules=[
                s3.LifecycleRule(prefix="maps/", expiration=cdk.Duration.days(7)),
                s3.LifecycleRule(noncurrent_version_expiration=cdk.Duration.days(400)),
                s3.LifecycleRule(abort_incomplete_multipart_upload_after=cdk.Duration.days(2)),
            ],
            removal_policy=options.data_removal,
            auto_delete_objects=options.empties and not options.keep_data,
        )
        acknowledge(self.logs, AwsSolutions_S1="it holds the access logs; logging it into itself would never end")
