"""`StorageInspector` on S3: encryption, versioning, object lock and lifecycle rules of buckets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from syndic.adapters.aws.errors import code_of, translate
from syndic.adapters.aws.s3.buckets import AllowedBuckets
from syndic.errors import InvalidInputError
from syndic.ports import StorageRules

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_NONE: Final = frozenset(
    {
        "ObjectLockConfigurationNotFoundError",
        "NoSuchLifecycleConfiguration",
        "ServerSideEncryptionConfigurationNotFoundError",
    }
)
"""What S3 says of a bucket without such a configuration."""
_YEAR: Final = 365


class S3StorageInspector:
    """Reads the configuration of buckets, of those that are named only.

    Args:
        client: An S3 client.
        buckets: The buckets that may be asked for, by name or pattern; None: every one that the role may ask for.
    """

    def __init__(self, client: S3Client, *, buckets: Collection[str] | None = None) -> None:
        self._client = client
        self._buckets = None if buckets is None else AllowedBuckets(buckets)

    def rules(self, uri: str) -> StorageRules:
        """The rules for what lies below an address such as ``s3://bucket/folder``."""
        bucket, _, prefix = uri.removeprefix("s3://").partition("/")
        if not uri.startswith("s3://") or (self._buckets is not None and bucket not in self._buckets):
            raise InvalidInputError(f"bucket {bucket[:100]} is not among those that may be read (capture_buckets)")
        lock = self._asked("get_object_lock_configuration", bucket).get("ObjectLockConfiguration", {})
        kept = lock.get("Rule", {}).get("DefaultRetention", {})
        versioned = "Status" in self._asked("get_bucket_versioning", bucket)  # suspended: earlier ones may lie there
        found = self._asked("get_bucket_lifecycle_configuration", bucket).get("Rules", ())
        enabled = [rule for rule in found if rule["Status"] == "Enabled"]
        whole = [rule for rule in enabled if _covers(rule, prefix)]
        some = [rule for rule in enabled if _touches(rule, prefix)]
        return StorageRules(
            encryption=self._encryption(bucket),
            earlier_versions=versioned,
            locked_days=kept["Years"] * _YEAR if "Years" in kept else kept.get("Days"),
            lock_can_be_lifted=kept.get("Mode") == "GOVERNANCE",
            deleted_after_days=min(_days(whole, "Expiration", "Days"), default=None),
            some_deleted_after_days=min(
                (*_days(some, "Expiration", "Days"), *(0 for rule in some if "Date" in rule.get("Expiration", {}))),
                default=None,
            ),
            gone_after_days=min(_gone(whole), default=None) if versioned else 0,
        )

    def _encryption(self, bucket: str) -> str | None:
        found = self._asked("get_bucket_encryption", bucket).get("ServerSideEncryptionConfiguration", {})
        by = [rule.get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm") for rule in found.get("Rules", ())]
        return next((one for one in by if one), None)

    def _asked(self, operation: str, bucket: str) -> Mapping[str, Any]:
        try:
            return dict(getattr(self._client, operation)(Bucket=bucket))
        except ClientError as error:
            if code_of(error) in _NONE:
                return {}
            raise translate(error, f"{operation} of {bucket}") from error
        except BotoCoreError as error:
            raise translate(error, f"{operation} of {bucket}") from error


def _covers(rule: Mapping[str, Any], prefix: str) -> bool:
    """Whether a rule is about every object below a prefix: one for some tags or sizes is about a part of them."""
    wanted = _filter(rule)
    return wanted.keys() <= {"Prefix"} and prefix.startswith(wanted.get("Prefix", ""))


def _touches(rule: Mapping[str, Any], prefix: str) -> bool:
    begins = _filter(rule).get("Prefix", "")
    return prefix.startswith(begins) or begins.startswith(prefix)


def _filter(rule: Mapping[str, Any]) -> Mapping[str, Any]:
    wanted = rule.get("Filter", {"Prefix": rule.get("Prefix", "")})
    found: Mapping[str, Any] = wanted.get("And", wanted)
    return found


def _days(rules: Collection[Mapping[str, Any]], action: str, name: str) -> Iterator[int]:
    yield from (rule[action][name] for rule in rules if name in rule.get(action, {}))


def _gone(rules: Collection[Mapping[str, Any]]) -> Iterator[int]:
    """Days after which every earlier version goes. A rule that spares the newest of them lets some stay for ever."""
    sparing = "NewerNoncurrentVersions"
    return _days([r for r in rules if not r.get("NoncurrentVersionExpiration", {}).get(sparing)],
                 "NoncurrentVersionExpiration", "NoncurrentDays")  # fmt: skip
