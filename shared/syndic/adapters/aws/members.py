"""Other accounts and regions: clients of a role in each, sources of what runs there, and captures read with its rights.

A member is an account that trusts this one by a role of a fixed name (docs/accounts.md has its template). A session of
the role is asked for when a call needs it, and again before it ends; an account that refuses is refused by its calls.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

import boto3
from botocore.config import Config
from botocore.credentials import AssumeRoleCredentialFetcher, DeferredRefreshableCredentials
from botocore.exceptions import BotoCoreError, ClientError
from botocore.session import Session

from syndic.adapters.aws.errors import translate
from syndic.adapters.aws.s3.captures import S3Captures
from syndic.adapters.aws.sagemaker.endpoints import SageMakerSource
from syndic.errors import SourceUnavailableError
from syndic.models import BatchJob, CaptureConfig, Endpoint, TimeWindow
from syndic.ports import TABLE_LIMIT, CaptureReader, EndedJob, ListedEndpoint, ListedPart, ObjectInfo

SESSION: Final = "syndic"
ACTIVE: Final = "ACTIVE"


class Members:
    """Makes clients of the role in other accounts.

    Args:
        role: The role's name, the same in every account.
        external_id: What the role asks of whoever assumes it.
        config: How clients wait and try again.
        own: Whose credentials assume the role.
    """

    def __init__(self, role: str, external_id: str, *, config: Config, own: boto3.Session | None = None) -> None:
        self._role, self._external_id, self._config = role, external_id, config
        self._own = own or boto3.Session()
        self._sessions: dict[str, boto3.Session] = {}
        self._clients: dict[tuple[str, str, str], Any] = {}

    def client(self, service: str, account: str, region: str) -> Any:
        """A client of a service in another account. Asks nobody for anything yet."""
        key = (service, account, region)
        if key not in self._clients:
            self._clients[key] = self._session(account).client(service, region_name=region, config=self._config)  # type: ignore[call-overload]
        return self._clients[key]

    def _session(self, account: str) -> boto3.Session:
        if account not in self._sessions:
            own = self._own._session  # noqa: SLF001 - botocore's, which boto3 wraps
            fetcher = AssumeRoleCredentialFetcher(
                client_creator=own.create_client,
                source_credentials=own.get_credentials(),
                role_arn=f"arn:aws:iam::{account}:role/{self._role}",
                extra_args={"RoleSessionName": SESSION, "ExternalId": self._external_id},
            )
            session = Session()
            # Descriptions of services are large: they are read once for all accounts.
            session.register_component("data_loader", own.get_component("data_loader"))
            session._credentials = DeferredRefreshableCredentials(  # type: ignore[attr-defined] # noqa: SLF001
                method="assume-role", refresh_using=fetcher.fetch_credentials
            )
            self._sessions[account] = boto3.Session(botocore_session=session)
        return self._sessions[account]


class MemberSource:
    """A `ModelSource` of another account and region, whose client is made when something is read."""

    def __init__(self, members: Members, account: str, region: str) -> None:
        self.name = f"sagemaker {account}/{region}"
        self._members, self._account, self._region = members, account, region

    def listing(self) -> Iterator[ListedEndpoint]:
        """Every endpoint by name."""
        return self._source().listing()

    def endpoints(self, names: Collection[str] | None = None) -> Iterator[Endpoint]:
        """What is behind every endpoint, or those of some names."""
        return self._source().endpoints(names)

    def ended_jobs(self, since: datetime, until: datetime) -> Iterator[EndedJob]:
        """Batch transform jobs that have ended."""
        return self._source().ended_jobs(since, until)

    def jobs(self, names: Collection[str]) -> Iterator[BatchJob]:
        """What some of them did."""
        return self._source().jobs(names)

    def _source(self) -> SageMakerSource:
        client = self._members.client("sagemaker", self._account, self._region)
        return SageMakerSource(client, account=self._account, region=self._region)


def organisation_accounts(client: Any) -> list[str]:
    """Ids of the accounts that are active. Raises `SourceUnavailableError`: half an organisation is none."""
    try:
        pages = client.get_paginator("list_accounts").paginate()
        found: list[Any] = [one for page in pages for one in page["Accounts"]]
    except (ClientError, BotoCoreError) as error:
        raise SourceUnavailableError(str(translate(error, "organisation: list accounts"))) from error
    return sorted(one["Id"] for one in found if one.get("State", one.get("Status")) == ACTIVE)


class RefusedSource:
    """A source of which is known only why it cannot be read."""

    def __init__(self, name: str, reason: str) -> None:
        self.name, self._reason = name, reason

    def listing(self) -> Iterator[ListedEndpoint]:
        """Raises."""
        raise SourceUnavailableError(self._reason)

    def endpoints(self, names: Collection[str] | None = None) -> Iterator[Endpoint]:  # noqa: ARG002
        """Raises."""
        raise SourceUnavailableError(self._reason)


class MemberCaptures:
    """A `CaptureReader` that reads the captures of a member with its role, and all others with the function's own.

    A file is opened with the role of the account whose listing named its bucket. A bucket that this process never
    listed is taken to be of the account in its name, as SageMaker's own buckets are named, else to be readable here.

    Args:
        own: Reads the captures of this account.
        member: Tells whether an account is a member.
        reader: Makes the reader of an account and region.
    """

    def __init__(
        self, own: CaptureReader, member: Callable[[str], bool], reader: Callable[[str, str], CaptureReader]
    ) -> None:
        self._own, self._member = own, member
        self._reader = lru_cache(maxsize=64)(reader)
        self._buckets: dict[str, tuple[str, str]] = {}

    def objects(
        self,
        endpoint: Endpoint,
        capture: CaptureConfig,
        window: TimeWindow,
        *,
        variants: Collection[str] | None = None,
    ) -> Iterator[ObjectInfo]:
        """Capture files of a window."""
        return self._of(endpoint, capture).objects(endpoint, capture, window, variants=variants)

    def labels(self, capture: CaptureConfig, window: TimeWindow) -> Iterator[ObjectInfo]:
        """Ground truth files of a window."""
        return self._at(capture.labels_uri or "").labels(capture, window)

    def part(self, endpoint: Endpoint, capture: CaptureConfig, *, after: str | None, calls: int) -> ListedPart:
        """A part of all capture files."""
        return self._of(endpoint, capture).part(endpoint, capture, after=after, calls=calls)

    def recent(
        self, endpoint: Endpoint, capture: CaptureConfig, *, hour: datetime, variants: Collection[str], span: str
    ) -> Iterator[ObjectInfo]:
        """Capture files from an hour on."""
        return self._of(endpoint, capture).recent(endpoint, capture, hour=hour, variants=variants, span=span)

    def below(self, endpoint: Endpoint, uri: str) -> Iterator[ObjectInfo]:
        """Every object whose address begins so."""
        account, _, region = endpoint.scope.partition("/")
        if not self._member(account):
            return self._own.below(endpoint, uri)
        self._buckets[_bucket(uri)] = (account, region)
        return self._reader(account, region).below(endpoint, uri)

    def of(self, endpoint: Endpoint) -> CaptureReader:
        """The reader of its account: a worker that only opens files never listed their bucket."""
        account, _, region = endpoint.scope.partition("/")
        return self._reader(account, region) if self._member(account) else self._own

    def open(self, item: ObjectInfo, *, offset: int = 0) -> Iterator[bytes]:
        """A file's bytes."""
        return self._at(item.uri).open(item, offset=offset)

    def table(self, uri: str, *, limit: int = TABLE_LIMIT) -> bytes:
        """A whole small object."""
        return self._at(uri).table(uri, limit=limit)

    def _of(self, endpoint: Endpoint, capture: CaptureConfig) -> CaptureReader:
        account, _, region = endpoint.scope.partition("/")
        if not self._member(account):
            return self._own
        for uri in filter(None, (capture.uri, capture.labels_uri)):
            self._buckets[_bucket(uri)] = (account, region)
        return self._reader(account, region)

    def _at(self, uri: str) -> CaptureReader:
        bucket = _bucket(uri)
        place = self._buckets.get(bucket)
        if place is None and bucket.startswith("sagemaker-"):
            region, _, account = bucket.removeprefix("sagemaker-").rpartition("-")
            place = (account, region) if account.isdigit() and self._member(account) else None
        return self._own if place is None else self._reader(*place)


def s3_reader(members: Members, buckets: Collection[str] | None) -> Callable[[str, str], CaptureReader]:
    """Makes readers of captures with a member's role, each of the buckets that may be read."""
    return lambda account, region: S3Captures(members.client("s3", account, region), buckets=buckets)


def _bucket(uri: str) -> str:
    return uri.removeprefix("s3://").partition("/")[0]
