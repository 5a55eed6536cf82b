"""`CaptureWriter` on the bucket of what is sent to the API."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from syndic.adapters.aws.errors import translated
from syndic.errors import InvalidInputError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LINES: Final = "application/x-ndjson"


class S3Received:
    """Writes below one prefix of one bucket; encryption and retention are the bucket's.

    Args:
        client: An S3 client.
        place: Such as ``s3://bucket/prefix``.
    """

    def __init__(self, client: S3Client, place: str) -> None:
        self._client, self.place = client, place.rstrip("/")

    def put(self, uri: str, data: bytes) -> None:
        """Write an object."""
        bucket, key = self._below(uri)
        with translated(f"keep {uri}"):
            self._client.put_object(Bucket=bucket, Key=key, Body=data, ContentType=LINES)

    def upload_link(self, uri: str, *, size: int, seconds: int = 900) -> str:
        """A presigned address for one PUT. Its signature covers the length: another one is refused by S3."""
        bucket, key = self._below(uri)
        with translated(f"sign an address for {uri}"):
            return self._client.generate_presigned_url(
                "put_object", Params={"Bucket": bucket, "Key": key, "ContentLength": size}, ExpiresIn=seconds
            )

    def _below(self, uri: str) -> tuple[str, str]:
        if not uri.startswith(f"{self.place}/") or ".." in uri.split("/"):
            raise InvalidInputError(f"{uri[:200]!r} does not lie below {self.place}", where="uri")
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        return bucket, key
