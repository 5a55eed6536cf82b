"""`CaptureReader` on S3, in the layout of SageMaker Data Capture."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

from botocore.exceptions import BotoCoreError, ClientError

from syndic.adapters.aws.errors import translate, translated
from syndic.adapters.aws.s3.archive import object_info
from syndic.adapters.aws.s3.buckets import AllowedBuckets
from syndic.adapters.blocks import BLOCK, inflate, skip
from syndic.errors import ConflictError, InvalidInputError, TooLargeError, UnavailableError
from syndic.models import CaptureConfig, Endpoint, TimeWindow
from syndic.models.capture_paths import beginning_folders, covering_prefixes, first_folder, holds
from syndic.ports import TABLE_LIMIT, ListedPart, ObjectInfo

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client


class S3Captures:
    """Reads captured files.

    Addresses come from endpoint settings, tags and people, so they are not trusted: when `buckets` is given, only
    those buckets are read.

    Args:
        client: An S3 client.
        buckets: The buckets that may be read, by name or pattern (`AllowedBuckets`); None: every bucket that the
            function's role may read.
    """

    def __init__(self, client: S3Client, *, buckets: Collection[str] | None = None) -> None:
        self._client = client
        self._buckets = None if buckets is None else AllowedBuckets(buckets)

    def objects(
        self,
        endpoint: Endpoint,
        capture: CaptureConfig,
        window: TimeWindow,
        *,
        variants: Collection[str] | None = None,
    ) -> Iterator[ObjectInfo]:
        """Capture files whose hour lies in the window, of some variants or of every one there ever was, by name."""
        bucket, prefix = self._place(f"{capture.uri.rstrip('/')}/{endpoint.name}/")
        known = None if variants is None else [f"{prefix}{one}/" for one in sorted(variants)]
        for variant in self._folders(bucket, prefix) if known is None else known:
            yield from self._in_window(bucket, variant, window)

    def labels(self, capture: CaptureConfig, window: TimeWindow) -> Iterator[ObjectInfo]:
        """Ground truth files collected in the window, by name."""
        if capture.labels_uri is not None:
            bucket, prefix = self._place(capture.labels_uri.rstrip("/") + "/")
            # People write labels, perhaps one file per day; SageMaker's own files always lie in the folder of an hour.
            whole = (item for folder in beginning_folders(window) for item in self._directly(bucket, prefix + folder))
            yield from merge(sorted(whole, key=_by_name), self._in_window(bucket, prefix, window), key=_by_name)

    def part(self, endpoint: Endpoint, capture: CaptureConfig, *, after: str | None, calls: int) -> ListedPart:
        """A part of all capture files. It goes on after a key."""
        bucket, prefix = self._place(f"{capture.uri.rstrip('/')}/{endpoint.name}/")
        start: dict[str, Any] = {"StartAfter": after} if after else {}
        files: list[ObjectInfo] = []
        with translated(f"list s3://{bucket}/{prefix}"):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, **start)
            for page in islice(pages, calls):
                found = page.get("Contents", [])
                files += [object_info(bucket, one) for one in found if not one["Key"].endswith("/")]
                after = found[-1]["Key"] if page["IsTruncated"] else None
        return ListedPart(tuple(files), after)

    def recent(
        self, endpoint: Endpoint, capture: CaptureConfig, *, hour: datetime, variants: Collection[str], span: str
    ) -> Iterator[ObjectInfo]:
        """Capture files from an hour's folder on, in one listing of each variant."""
        bucket, prefix = self._place(f"{capture.uri.rstrip('/')}/{endpoint.name}/")
        for variant in variants:
            folder = f"{prefix}{variant}/"
            yield from self._below(bucket, folder, after=f"{folder}{first_folder(hour, span)}")

    def below(self, endpoint: Endpoint, uri: str) -> Iterator[ObjectInfo]:  # noqa: ARG002
        """Every object whose address begins so."""
        yield from self._below(*self._place(uri))

    def of(self, endpoint: Endpoint) -> Self:  # noqa: ARG002
        """Itself: all files are opened alike."""
        return self

    def open(self, item: ObjectInfo, *, offset: int = 0) -> Iterator[bytes]:
        """The object's bytes in blocks of 8 MiB, one ranged read each, all of one version.

        Raises `ConflictError` when the object was replaced since it was listed.
        """
        if item.uri.endswith(".gz"):
            yield from skip(inflate(self._blocks(item, 0), uri=item.uri), offset)
        else:
            yield from self._blocks(item, offset)

    def table(self, uri: str, *, limit: int = TABLE_LIMIT) -> bytes:
        """A whole small object."""
        bucket, key = self._place(uri)
        with translated(f"read {uri}"):
            answer = self._client.get_object(Bucket=bucket, Key=key)
            if answer["ContentLength"] > limit:
                raise TooLargeError(f"{uri} has {answer['ContentLength']} bytes, at most {limit} are read at once")
            return answer["Body"].read()

    def _blocks(self, item: ObjectInfo, offset: int) -> Iterator[bytes]:
        bucket, key = self._place(item.uri)
        same: dict[str, Any] = {"IfMatch": item.etag} if item.etag else {}
        while offset < item.size:
            end = min(offset + BLOCK, item.size) - 1
            try:
                answer = self._client.get_object(Bucket=bucket, Key=key, Range=f"bytes={offset}-{end}", **same)
                block = answer["Body"].read()
            except (ClientError, BotoCoreError) as error:
                translation = translate(error, f"read {item.uri}")
                if isinstance(translation, ConflictError):
                    raise ConflictError(f"{item.uri} was replaced while it was read; list it again") from error
                raise translation from error
            if not block:
                raise UnavailableError(f"read {item.uri}: nothing came after byte {offset} of {item.size}")
            offset += len(block)
            yield block

    def _in_window(self, bucket: str, prefix: str, window: TimeWindow) -> Iterator[ObjectInfo]:
        for folder in covering_prefixes(window):
            for item in self._below(bucket, prefix + folder):
                if holds(window, item.uri):
                    yield item

    def _below(self, bucket: str, prefix: str, *, after: str | None = None) -> Iterator[ObjectInfo]:
        start: dict[str, Any] = {"StartAfter": after} if after else {}
        with translated(f"list s3://{bucket}/{prefix}"):
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix, **start):
                for found in page.get("Contents", []):
                    if not found["Key"].endswith("/"):  # a console's folder marker
                        yield object_info(bucket, found)

    def _directly(self, bucket: str, folder: str) -> Iterator[ObjectInfo]:
        paginator = self._client.get_paginator("list_objects_v2")
        with translated(f"list s3://{bucket}/{folder}"):
            for page in paginator.paginate(Bucket=bucket, Prefix=folder, Delimiter="/"):
                for found in page.get("Contents", []):
                    if not found["Key"].endswith("/"):
                        yield object_info(bucket, found)

    def _folders(self, bucket: str, prefix: str) -> list[str]:
        paginator = self._client.get_paginator("list_objects_v2")
        with translated(f"list s3://{bucket}/{prefix}"):
            return [
                found["Prefix"]
                for page in paginator.paginate(Bucket=bucket, Prefix=prefix, Delimiter="/")
                for found in page.get("CommonPrefixes", [])
            ]

    def _place(self, uri: str) -> tuple[str, str]:
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        if not uri.startswith("s3://") or not bucket:
            raise InvalidInputError(f"{uri[:200]!r} is no address such as s3://bucket/prefix", where="uri")
        if self._buckets is not None and bucket not in self._buckets:
            problem = f"bucket {bucket} is not among the buckets that may be read (capture_buckets)"
            raise InvalidInputError(problem, where="uri")
        return bucket, key


def _by_name(item: ObjectInfo) -> str:
    return item.uri
