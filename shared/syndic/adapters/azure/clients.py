"""Clients of one storage account: the one place where a connection string and a credential differ.

In Azure everything signs in with an identity. The local emulator knows only its own account key.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from syndic.adapters.azure.addresses import read_address
from syndic.errors import InvalidInputError, UnavailableError
from syndic.settings import AzureSettings

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from azure.data.tables import TableClient
    from azure.storage.blob import BlobServiceClient, ContainerClient
    from azure.storage.queue import QueueClient

# Shorter than any function's time limit, so that a silent service becomes an error that is retried, not a timeout.
_TIMES: Final[dict[str, Any]] = {"connection_timeout": 3, "read_timeout": 20, "retry_total": 3}
_BLOB_RETRIES: Final[dict[str, Any]] = {"initial_backoff": 1, "increment_base": 2}
_TABLE_RETRIES: Final[dict[str, Any]] = {"retry_backoff_factor": 0.4, "retry_backoff_max": 10}


class StorageClients:
    """Makes clients of a storage account; those of queues and blob services once each.

    Args:
        account: The account's name.
        credential: The identity that signs in.
        connection: A connection string that is used instead, for the emulator.
    """

    def __init__(
        self, account: str, *, credential: TokenCredential | None = None, connection: str | None = None
    ) -> None:
        if credential is None and connection is None:
            raise InvalidInputError(f"nothing signs in to storage account {account}", where="storage_account")
        self.credential = credential
        self._account, self._connection = account, connection
        self.queue: Callable[[str], QueueClient] = cache(self._queue)
        self.blobs_of: Callable[[str], BlobServiceClient] = cache(self._blobs_of)

    @classmethod
    def of(cls, settings: AzureSettings) -> StorageClients:
        """The clients of a deployed function app, which signs in with its managed identity."""
        from syndic.adapters.azure.credentials import managed_identity  # noqa: PLC0415

        return cls(
            settings.storage_account,
            credential=managed_identity(settings.client_id),
            connection=settings.storage_connection,
        )

    def table(self, name: str) -> TableClient:
        """The table of a name."""
        from azure.data.tables import TableClient  # noqa: PLC0415 - a function pays only for what it uses

        options: dict[str, Any] = {"table_name": name, **_TIMES, **_TABLE_RETRIES}
        if self._connection is not None:
            return TableClient.from_connection_string(self._connection, **options)
        return TableClient(self._address("table"), credential=self.credential, **options)

    def container(self, name: str) -> ContainerClient:
        """The blob container of a name."""
        return self.blobs_of(self._own_blobs()).get_container_client(name)

    def _queue(self, name: str) -> QueueClient:
        """The queue of a name. Its client neither encodes nor decodes messages."""
        from azure.storage.queue import QueueClient  # noqa: PLC0415

        options: dict[str, Any] = {**_TIMES, **_BLOB_RETRIES}
        if self._connection is not None:
            return QueueClient.from_connection_string(self._connection, name, **options)
        return QueueClient(self._address("queue"), name, credential=self.credential, **options)

    def _blobs_of(self, address: str) -> BlobServiceClient:
        """The blob service at an address, which for captured traffic may be of another account.

        The identity's token goes nowhere but to the storage service, and the emulator's key only to the emulator.
        """
        from azure.storage.blob import BlobServiceClient  # noqa: PLC0415

        options: dict[str, Any] = {**_TIMES, **_BLOB_RETRIES}
        if self._connection is not None:
            service = BlobServiceClient.from_connection_string(self._connection, **options)
            if address.rstrip("/") != str(service.url).rstrip("/"):
                raise UnavailableError(f"{address} is not the address of the emulator (storage_connection)")
            return service
        if not read_address(f"{address.rstrip('/')}/container").service.startswith("https://"):
            raise InvalidInputError(f"{address} is not reached over TLS, so no token is sent there", where="uri")
        return BlobServiceClient(address, credential=self.credential, **options)

    def signing(self, begin: datetime, end: datetime) -> dict[str, Any]:
        """What signs a link to a blob: a key that the service lends to the identity, or the emulator's own."""
        service = self.blobs_of(self._own_blobs())
        if self._connection is not None:
            return {"account_key": service.credential.account_key}
        return {"user_delegation_key": service.get_user_delegation_key(begin, end)}

    def _own_blobs(self) -> str:
        if self._connection is None:
            return self._address("blob")
        from azure.storage.blob import BlobServiceClient  # noqa: PLC0415

        return str(BlobServiceClient.from_connection_string(self._connection).url)

    def _address(self, kind: str) -> str:
        return f"https://{self._account}.{kind}.core.windows.net"
