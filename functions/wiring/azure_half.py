"""Azure's records and queues, where it is configured."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import boto3

from functions.wiring.clients import CLIENT, Clients
from syndic.mirror.exchange import Side

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential


class AzureHalf(Clients):
    """For the mirror only."""

    @cached_property
    def azure(self) -> Side | None:
        """Azure's records and queues, for the mirror only; None when they are not configured."""
        settings = self.settings
        if settings.azure_storage_account is None:
            return None
        from syndic.adapters.azure import QueueBus, StorageClients, TableStore  # noqa: PLC0415 - only in its own layer

        clients = StorageClients(
            settings.azure_storage_account,
            credential=self._azure_identity(),
            connection=settings.azure_storage_connection,
        )
        blobs = clients.container(settings.azure_archive_container)
        return Side(TableStore(clients.table(settings.azure_table_name), blobs=blobs), QueueBus(clients.queue))

    def _azure_identity(self) -> TokenCredential | None:
        """An identity of Azure that trusts this function's role; no secret is kept."""
        tenant, client = self.settings.azure_tenant_id, self.settings.azure_client_id
        if tenant is None or client is None:
            return None
        from syndic.adapters.azure.credentials import aws_federated  # noqa: PLC0415

        return aws_federated(tenant, client, sts=boto3.client("sts", config=CLIENT))
