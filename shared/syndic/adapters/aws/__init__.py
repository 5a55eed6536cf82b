"""The ports on AWS. Clients are passed in; only wiring builds them.

Mail, model packages and other accounts are imported by themselves: a concern or boto3 comes with each, which most
functions never need.
"""

from syndic.adapters.aws.accounts import CognitoAccounts
from syndic.adapters.aws.archive import S3Archive
from syndic.adapters.aws.bucket_rules import S3StorageInspector
from syndic.adapters.aws.capture_eraser import S3CaptureEraser
from syndic.adapters.aws.captures import S3Captures
from syndic.adapters.aws.directory import CognitoDirectory
from syndic.adapters.aws.dynamo import DynamoStore
from syndic.adapters.aws.endpoint_metrics import CloudWatchEndpointMetrics
from syndic.adapters.aws.events import EventBridgeBus
from syndic.adapters.aws.kms import KmsKey
from syndic.adapters.aws.maps import StepFunctionsMap
from syndic.adapters.aws.received import S3Received
from syndic.adapters.aws.sagemaker import SageMakerSource
from syndic.adapters.aws.secrets import SecretsManager
from syndic.adapters.aws.topic import SnsTopic
from syndic.adapters.aws.traffic import SageMakerTraffic

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
