"""`Archive` on a blob container."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from azure.core.exceptions import AzureError, ResourceExistsError, ResourceNotFoundError
from azure.storage.blob import BlobSasPermissions, ContentSettings, generate_blob_sas

from syndic.adapters.azure.addresses import blob_address
from syndic.adapters.azure.errors import translate, translated
from syndic.adapters.documents import check_name
from syndic.errors import ConflictError, NotFoundError
from syndic.ports import ObjectInfo

if TYPE_CHECKING:
    from azure.storage.blob import ContainerClient

Signing = Callable[[datetime, datetime], dict[str, Any]]
"""What signs a link valid from one time to another: ``{"account_key": ...}`` or ``{"user_delegation_key": ...}``."""


class BlobArchive:
    """Syndic's own objects. Encryption, versions and retention are the container's.

    Args:
        container: The container's client.
        signing: Gives the key that signs links; without it no link can be made.
        now: The time; a test passes its own.
    """

    def __init__(
        self,
        container: ContainerClient,
        *,
        signing: Signing | None = None,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._container, self._signing, self._now = container, signing, now

    def put(self, name: str, data: bytes, *, content_type: str, locked: bool = False) -> ObjectInfo:
        """Write an object; a locked one only once, decided by the service itself."""
        check_name(name)
        settings = ContentSettings(content_type=content_type)
        try:
            self._container.upload_blob(name, data, overwrite=not locked, content_settings=settings)
        except ResourceExistsError as error:
            if self.get(name) != data:
                raise ConflictError(f"archive object {name} is written once and has other content") from error
        except AzureError as error:
            raise translate(error, f"write archive object {name}") from error
        return self._info(name)

    def get(self, name: str) -> bytes:
        """The object's bytes."""
        check_name(name)
        try:
            content: bytes = self._container.download_blob(name).readall()
        except ResourceNotFoundError as error:
            raise NotFoundError(f"the archive has no object {name}") from error
        except AzureError as error:
            raise translate(error, f"read archive object {name}") from error
        return content

    def list(self, prefix: str, *, after: str = "") -> Iterator[ObjectInfo]:
        """Objects whose name begins with `prefix` and comes after `after`, by name."""
        with translated(f"list archive objects below {prefix}"):
            for found in self._container.list_blobs(name_starts_with=prefix):
                if found.name > after:
                    yield blob_info(self._container.url, found)

    def link(self, name: str, *, seconds: int = 300) -> str:
        """A signed address under which a browser downloads the object; it never runs as a page."""
        info, now = self._info(name), self._now()
        if self._signing is None:
            raise ConflictError("this archive has no key to sign links with")
        begin, end = now - timedelta(minutes=5), now + timedelta(seconds=seconds)
        file = re.sub(r"[^A-Za-z0-9._-]", "_", name.rsplit("/", 1)[-1])
        with translated(f"sign a link to archive object {name}"):
            signature = generate_blob_sas(
                account_name=str(self._container.account_name),
                container_name=self._container.container_name,
                blob_name=name,
                permission=BlobSasPermissions(read=True),
                start=begin,
                expiry=end,
                content_disposition=f'attachment; filename="{file}"',
                **self._signing(begin, end),
            )
        return f"{info.uri}?{signature}"

    def _info(self, name: str) -> ObjectInfo:
        check_name(name)
        try:
            properties = self._container.get_blob_client(name).get_blob_properties()
        except ResourceNotFoundError as error:
            raise NotFoundError(f"the archive has no object {name}") from error
        except AzureError as error:
            raise translate(error, f"look at archive object {name}") from error
        return blob_info(self._container.url, properties)


def blob_info(container_url: str, found: Any) -> ObjectInfo:
    """What the service says of a blob, as a noun."""
    return ObjectInfo(
        uri=blob_address(container_url, found.name),
        size=found.size,
        etag=found.etag.strip('"'),
        modified=found.last_modified.astimezone(UTC),
    )
