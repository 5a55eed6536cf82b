"""`CaptureEraser` on S3: each object is changed or removed only while it is the one that was looked at.

The conditions are S3's own: ``If-Match`` on PutObject and DeleteObject. In a bucket with versions what is replaced or
removed stays as an earlier version, which nothing here touches.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from syndic.adapters.aws.errors import translate
from syndic.adapters.aws.s3.archive import object_info
from syndic.adapters.aws.s3.buckets import AllowedBuckets
from syndic.errors import ConflictError, InvalidInputError, NotFoundError
from syndic.ports import ObjectInfo

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

KEPT: Final = (
    "CacheControl", "ContentDisposition", "ContentEncoding", "ContentLanguage", "ContentType", "Metadata",
    "ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled", "StorageClass",
)  # fmt: skip
"""What an object that is written anew keeps of the one before."""


class S3CaptureEraser:
    """Changes captured objects.

    Args:
        client: An S3 client.
        buckets: The buckets that may be changed, by name or pattern (`AllowedBuckets`).
    """

    def __init__(self, client: S3Client, *, buckets: Collection[str]) -> None:
        self._client, self._buckets = client, AllowedBuckets(buckets)

    def look_at(self, uri: str) -> ObjectInfo | None:
        """The object as it is now."""
        found = self._head(uri)
        if found is None:
            return None
        bucket, key = self._place(uri)
        return object_info(bucket, {**found, "Key": key, "Size": found["ContentLength"]})

    def rewrite(self, item: ObjectInfo, data: bytes) -> ObjectInfo:
        """Write other bytes in its place."""
        bucket, key = self._place(item.uri)
        before = self._head(item.uri)
        if before is None:
            raise NotFoundError(f"there is no object {item.uri}")
        kept: dict[str, Any] = {name: before[name] for name in KEPT if name in before}
        try:
            self._client.put_object(Bucket=bucket, Key=key, Body=data, IfMatch=item.etag, **kept)
        except (ClientError, BotoCoreError) as error:
            raise _refusal(error, f"write {item.uri}", item) from error
        written = self.look_at(item.uri)
        if written is None:
            raise NotFoundError(f"{item.uri} was removed as soon as it was written")
        return written

    def remove(self, item: ObjectInfo) -> None:
        """Remove it."""
        bucket, key = self._place(item.uri)
        try:
            self._client.delete_object(Bucket=bucket, Key=key, IfMatch=item.etag)
        except (ClientError, BotoCoreError) as error:
            refusal = _refusal(error, f"remove {item.uri}", item)
            if not isinstance(refusal, NotFoundError):
                raise refusal from error

    def _head(self, uri: str) -> Any | None:
        bucket, key = self._place(uri)
        try:
            return self._client.head_object(Bucket=bucket, Key=key)
        except (ClientError, BotoCoreError) as error:
            refusal = translate(error, f"look at {uri}")
            if isinstance(refusal, NotFoundError):
                return None
            raise refusal from error

    def _place(self, uri: str) -> tuple[str, str]:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        if not uri.startswith("s3://") or not key or bucket not in self._buckets:
            raise InvalidInputError(f"{uri[:200]!r} is no object whose bucket may be changed", where="uri")
        return bucket, key


def _refusal(error: ClientError | BotoCoreError, what: str, item: ObjectInfo) -> Exception:
    translation = translate(error, what)
    if isinstance(translation, ConflictError):
        return ConflictError(f"{item.uri} was replaced since it was looked at")
    return translation
