"""Builds what the site's function reads from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from botocore.config import Config
from botocore.exceptions import ClientError

from functions import aws_clients
from syndic.settings import SiteSettings, read_settings

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

CLIENT = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2})
ABSENT = frozenset({"NoSuchKey", "AccessDenied"})  # S3 says the second to whoever may not list


@dataclass(frozen=True)
class Files:
    """The dashboard's bucket."""

    client: S3Client
    bucket: str
    headers: Mapping[str, str]

    def read(self, name: str) -> bytes | None:
        """A file, or None."""
        try:
            return self.client.get_object(Bucket=self.bucket, Key=name)["Body"].read()
        except ClientError as error:
            if error.response["Error"]["Code"] in ABSENT:
                return None
            raise


@cache
def wired() -> Files:
    """The files of this deployment."""
    settings = read_settings(SiteSettings)
    return Files(aws_clients.client("s3", config=CLIENT), settings.site_bucket, settings.site_headers)
