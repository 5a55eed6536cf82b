"""`CaptureReader` on Blob storage, in the layout of the Azure ML data collector.

``<root>/<endpoint>/<deployment>/<collection>/yyyy/MM/dd/HH/<instance>.jsonl``; the folders below the collection go as
deep as the collector's rolling rate goes: https://learn.microsoft.com/azure/machine-learning/concept-data-collection
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any, Self

from azure.core import MatchConditions
from azure.core.exceptions import AzureError, ResourceModifiedError, ResourceNotFoundError

from syndic.adapters.azure.addresses import is_folder, read_address
from syndic.adapters.azure.archive import blob_info
from syndic.adapters.azure.errors import translate, translated
from syndic.adapters.blocks import BLOCK, inflate, skip
from syndic.errors import ConflictError, NotFoundError, TooLargeError, UnavailableError
from syndic.models import CaptureConfig, Endpoint, TimeWindow
from syndic.models.capture_paths import beginning_folders, covering_prefixes, folders_since, holds
from syndic.ports import TABLE_LIMIT, ListedPart, ObjectInfo

if TYPE_CHECKING:
    from azure.storage.blob import BlobServiceClient, ContainerClient


def _now() -> datetime:
    return datetime.now(UTC)


class BlobCaptures:
    """Reads captured files.

    Addresses come from endpoint settings, tags and people, so they are not trusted: when `accounts` is given, only
    those accounts are read.

    Args:
        service_of: Gives a client of the account at an address such as ``https://account.blob.core.windows.net``.
        accounts: Names of the accounts that may be read; None: every account that the identity may read.
        clock: Tells the time.
    """

    def __init__(
        self,
        service_of: Callable[[str], BlobServiceClient],
        *,
        accounts: Collection[str] | None = None,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._service_of, self._now = service_of, clock
        self._accounts = None if accounts is None else frozenset(accounts)

    def objects(
        self,
        endpoint: Endpoint,
        capture: CaptureConfig,
        window: TimeWindow,
        *,
        variants: Collection[str] | None = None,
    ) -> Iterator[ObjectInfo]:
        """Collected files of the window, of some deployments or of every one there ever was, by name."""
        container, prefix = self._place(f"{capture.uri.rstrip('/')}/{endpoint.name}/")
        known = None if variants is None else [f"{prefix}{one}/" for one in sorted(variants)]
        for deployment in self._folders(container, prefix) if known is None else known:
            for collection in self._folders(container, deployment):
                yield from self._in_window(container, collection, window)

    def labels(self, capture: CaptureConfig, window: TimeWindow) -> Iterator[ObjectInfo]:
        """Ground truth files collected in the window, by name."""
        if capture.labels_uri is not None:
            container, prefix = self._place(capture.labels_uri.rstrip("/") + "/")
            yield from self._in_window(container, prefix, window)

    def part(self, endpoint: Endpoint, capture: CaptureConfig, *, after: str | None, calls: int) -> ListedPart:
        """A part of all collected files. It goes on after the service's own marker."""
        container, prefix = self._place(f"{capture.uri.rstrip('/')}/{endpoint.name}/")
        files: list[ObjectInfo] = []
        with translated(f"list {container.url}/{prefix}"):
            listing = container.list_blobs(name_starts_with=prefix, include=["metadata"], results_per_page=1000)
            pages: Any = listing.by_page(continuation_token=after)
            for page in islice(pages, calls):
                files += [blob_info(container.url, one) for one in page if not is_folder(one)]
                after = pages.continuation_token or None
        return ListedPart(tuple(files), after)

    def recent(
        self, endpoint: Endpoint, capture: CaptureConfig, *, hour: datetime, variants: Collection[str], span: str
    ) -> Iterator[ObjectInfo]:
        """Collected files of the days (months, years: the span's) from an hour's on, a listing of each.

        The service lists by prefix and from no name on, so it is one day at a time.
        """
        container, prefix = self._place(f"{capture.uri.rstrip('/')}/{endpoint.name}/")
        for variant in variants:
            for collection in self._folders(container, f"{prefix}{variant}/"):
                for folder in folders_since(hour, span, now=self._now()):
                    yield from self._below(container, f"{collection}{folder}")

    def below(self, endpoint: Endpoint, uri: str) -> Iterator[ObjectInfo]:  # noqa: ARG002
        """Every blob whose address begins so."""
        yield from self._below(*self._place(uri))

    def of(self, endpoint: Endpoint) -> Self:  # noqa: ARG002
        """Itself: all files are opened alike."""
        return self

    def open(self, item: ObjectInfo, *, offset: int = 0) -> Iterator[bytes]:
        """The blob's bytes in blocks of 8 MiB, one ranged read each, as far as it went when it was listed.

        Raises `ConflictError` when the blob was replaced, or has grown, since it was listed.
        """
        if item.uri.endswith(".gz"):
            yield from skip(inflate(self._blocks(item, 0), uri=item.uri), offset)
        else:
            yield from self._blocks(item, offset)

    def table(self, uri: str, *, limit: int = TABLE_LIMIT) -> bytes:
        """A whole small blob."""
        container, name = self._place(uri)
        try:
            blob = container.download_blob(name, max_concurrency=1)
            if blob.size > limit:
                raise TooLargeError(f"{uri} has {blob.size} bytes, at most {limit} are read at once")
            content: bytes = blob.readall()
        except ResourceNotFoundError as error:
            raise NotFoundError(f"there is no object {uri}") from error
        except AzureError as error:
            raise translate(error, f"read {uri}") from error
        return content

    def _blocks(self, item: ObjectInfo, offset: int) -> Iterator[bytes]:
        container, name = self._place(item.uri)
        same: dict[str, Any] = (
            {"etag": f'"{item.etag}"', "match_condition": MatchConditions.IfNotModified} if item.etag else {}
        )
        while offset < item.size:
            length = min(BLOCK, item.size - offset)
            try:
                block: bytes = container.download_blob(name, offset=offset, length=length, **same).readall()
            except ResourceModifiedError as error:
                raise ConflictError(f"{item.uri} was replaced while it was read; list it again") from error
            except ResourceNotFoundError as error:
                raise NotFoundError(f"there is no object {item.uri}") from error
            except AzureError as error:
                raise translate(error, f"read {item.uri}") from error
            if not block:
                raise UnavailableError(f"read {item.uri}: nothing came after byte {offset} of {item.size}")
            offset += len(block)
            yield block

    def _in_window(self, container: ContainerClient, prefix: str, window: TimeWindow) -> Iterator[ObjectInfo]:
        """Files whose folder's span begins in the window, by name, in the fewest listings."""
        direct = [item for folder in beginning_folders(window) for item in self._directly(container, prefix + folder)]
        below = (item for folder in covering_prefixes(window) for item in self._below(container, prefix + folder))
        for item in heapq.merge(sorted(direct, key=_by_name), below, key=_by_name):
            if holds(window, item.uri):
                yield item

    def _below(self, container: ContainerClient, prefix: str) -> Iterator[ObjectInfo]:
        with translated(f"list {container.url}/{prefix}"):
            for found in container.list_blobs(name_starts_with=prefix, include=["metadata"]):
                if not is_folder(found):
                    yield blob_info(container.url, found)

    def _directly(self, container: ContainerClient, folder: str) -> Iterator[ObjectInfo]:
        with translated(f"list {container.url}/{folder}"):
            for found in container.walk_blobs(name_starts_with=folder, delimiter="/", include=["metadata"]):
                if not is_folder(found):
                    yield blob_info(container.url, found)

    def _folders(self, container: ContainerClient, prefix: str) -> list[str]:
        with translated(f"list {container.url}/{prefix}"):
            found = container.walk_blobs(name_starts_with=prefix, delimiter="/")
            return [one.name for one in found if one.name.endswith("/")]

    def _place(self, uri: str) -> tuple[ContainerClient, str]:
        """The container and the name that an address names, if its account may be read."""
        at = read_address(uri)
        if self._accounts is not None and at.account not in self._accounts:
            raise UnavailableError(
                f"account {at.account} is not among the accounts that may be read (capture_accounts)"
            )
        return self._service_of(at.service).get_container_client(at.container), at.name


def _by_name(item: ObjectInfo) -> str:
    return item.uri
