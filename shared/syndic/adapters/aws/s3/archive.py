"""`Archive` on an S3 bucket."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from syndic.adapters.aws.errors import translate, translated
from syndic.adapters.documents import check_name
from syndic.errors import ConflictError, NotFoundError
from syndic.ports import ObjectInfo

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class S3Archive:
    """Syndic's own objects. Encryption, versions and retention are the bucket's."""

    def __init__(self, client: S3Client, bucket: str) -> None:
        self._client, self._bucket = client, bucket

    def put(self, name: str, data: bytes, *, content_type: str, locked: bool = False) -> ObjectInfo:
        """Write an object; a locked one only once, decided by S3 itself."""
        check_name(name)
        condition: dict[str, Any] = {"IfNoneMatch": "*"} if locked else {}
        try:
            self._client.put_object(Bucket=self._bucket, Key=name, Body=data, ContentType=content_type, **condition)
        except (ClientError, BotoCoreError) as error:
            translation = translate(error, f"write archive object {name}")
            if not (locked and isinstance(translation, ConflictError)):
                raise translation from error
            if self.get(name) != data:
                raise ConflictError(f"archive object {name} is written once and has other content") from error
        return self._info(name)

    def get(self, name: str) -> bytes:
        """The object's bytes."""
        check_name(name)
        with translated(f"read archive object {name}"):
            return self._client.get_object(Bucket=self._bucket, Key=name)["Body"].read()

    def list(self, prefix: str, *, after: str = "") -> Iterator[ObjectInfo]:
        """Objects whose name begins with `prefix` and comes after `after`, by name."""
        start: Any = {"StartAfter": after} if after else {}
        with translated(f"list archive objects below {prefix}"):
            listing = self._client.get_paginator("list_objects_v2")
            for page in listing.paginate(Bucket=self._bucket, Prefix=prefix, **start):
                for found in page.get("Contents", []):
                    yield object_info(self._bucket, found)

    def link(self, name: str, *, seconds: int = 300) -> str:
        """A presigned address under which a browser downloads the object.

        It is always a download: a stored page must not run as a page of the bucket's origin.
        """
        self._info(name)
        file = re.sub(r"[^A-Za-z0-9._-]", "_", name.rsplit("/", 1)[-1])
        with translated(f"sign a link to archive object {name}"):
            return self._client.generate_presigned_url(
                "get_object",
                Params={
                    "Bucket": self._bucket,
                    "Key": name,
                    "ResponseContentDisposition": f'attachment; filename="{file}"',
                },
                ExpiresIn=seconds,
            )

    def _info(self, name: str) -> ObjectInfo:
        check_name(name)
        try:
            head = self._client.head_object(Bucket=self._bucket, Key=name)
        except (ClientError, BotoCoreError) as error:
            translation = translate(error, f"look at archive object {name}")
            if isinstance(translation, NotFoundError):
                raise NotFoundError(f"the archive has no object {name}") from error
            raise translation from error
        return object_info(self._bucket, {**head, "Key": name, "Size": head["ContentLength"]})


def object_info(bucket: str, found: Any) -> ObjectInfo:
    """What S3 says of an object, as a noun."""
    return ObjectInfo(
        uri=f"s3://{bucket}/{found['Key']}",
        size=found["Size"],
        etag=found["ETag"].strip('"'),
        modified=found["LastModified"].astimezone(UTC),
    )
