"""Templates and the functions' package, as the deployment put them into S3."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

LINK_SECONDS: Final = 3600


class Assets:
    """Files addressed as ``s3://bucket/key``."""

    def __init__(self, s3: S3Client) -> None:
        self._s3 = s3

    def read(self, uri: str) -> Any:
        """A JSON file."""
        bucket, key = _place(uri)
        return json.loads(self._s3.get_object(Bucket=bucket, Key=key)["Body"].read())

    def link(self, uri: str) -> str:
        """A signed address; whoever has it may fetch the file for an hour."""
        bucket, key = _place(uri)
        return self._s3.generate_presigned_url(
            "get_object", Params={"Bucket": bucket, "Key": key}, ExpiresIn=LINK_SECONDS
        )


def _place(uri: str) -> tuple[str, str]:
    address = urlsplit(uri)
    return address.netloc, address.path.lstrip("/")
