"""The ports on AWS. Clients are passed in; only wiring builds them.

Mail, model packages and other accounts are imported by themselves: a concern or boto3 comes with each, which most
functions never need.
"""

from syndic.adapters.aws.cognito.accounts import CognitoAccounts
from syndic.adapters.aws.cognito.directory import CognitoDirectory
from syndic.adapters.aws.dynamo.store import DynamoStore
from syndic.adapters.aws.kms import KmsKey
from syndic.adapters.aws.maps import StepFunctionsMap
from syndic.adapters.aws.messaging.events import EventBridgeBus
from syndic.adapters.aws.messaging.topic import SnsTopic
from syndic.adapters.aws.s3.archive import S3Archive
from syndic.adapters.aws.s3.bucket_rules import S3StorageInspector
from syndic.adapters.aws.s3.capture_eraser import S3CaptureEraser
from syndic.adapters.aws.s3.captures import S3Captures
from syndic.adapters.aws.s3.received import S3Received
from syndic.adapters.aws.sagemaker.endpoint_metrics import CloudWatchEndpointMetrics
from syndic.adapters.aws.sagemaker.endpoints import SageMakerSource
from syndic.adapters.aws.sagemaker.traffic import SageMakerTraffic
from syndic.adapters.aws.secrets import SecretsManager

__all__ = [
    "CloudWatchEndpointMetrics",
    "CognitoAccounts",
    "CognitoDirectory",
    "DynamoStore",
    "EventBridgeBus",
    "KmsKey",
    "S3Archive",
    "S3CaptureEraser",
    "S3Captures",
    "S3Received",
    "S3StorageInspector",
    "SageMakerSource",
    "SageMakerTraffic",
    "SecretsManager",
    "SnsTopic",
    "StepFunctionsMap",
]
