"""The only place that builds Azure adapters. Each is built when first asked for and kept while the process lives.

Adapters are imported where they are built: all functions share one app, and each pays only for what it uses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final

from azure_functions.logs import count, write_json_logs
from syndic.errors import UnavailableError
from syndic.models import Cloud
from syndic.ports import (
    Archive,
    AuditTrail,
    CaptureReader,
    Channels,
    EventBus,
    MapRunner,
    ModelSource,
    Notifier,
    Queues,
    StorageInspector,
    Store,
)
from syndic.settings import AzureSettings, read_settings

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

    from syndic.adapters.azure import StorageClients, StorageInferenceLog
    from syndic.gateway.predict import Gateway
    from syndic.registry.sync.export import ListedRegistry
    from syndic.tasks.watch.standby import Standby


@dataclass(frozen=True)
class AzureWiring:
    """The adapters of a deployed app."""

    settings: AzureSettings

    @cached_property
    def store(self) -> Store:
        """The table; large bodies go to the archive container. It notes what the mirror has to carry to AWS."""
        from syndic.adapters.azure import TableStore
        from syndic.mirror.change_log import ChangeLog, azure_wants

        records = TableStore(
            self._clients.table(self.settings.table_name),
            blobs=self._clients.container(self.settings.archive_container),
        )
        return ChangeLog(records, wanted=azure_wants, clock=self.now)

    @cached_property
    def archive(self) -> Archive:
        """The archive container."""
        from syndic.adapters.azure import BlobArchive

        return BlobArchive(self._clients.container(self.settings.archive_container))

    @cached_property
    def captures(self) -> CaptureReader:
        """Captured traffic in the accounts that are allowed."""
        from syndic.adapters.azure import BlobCaptures

        allowed = self.settings.capture_accounts
        return BlobCaptures(self._clients.blobs_of, accounts=None if allowed is None else allowed.split(","))

    @cached_property
    def bus(self) -> EventBus:
        """The queues of the other concerns. New evidence and findings also wait in the outbox for AWS."""
        from syndic.adapters.azure import QueueBus
        from syndic.mirror.outbox import OutboxBus, from_azure

        return OutboxBus(QueueBus(self._clients.queue), store=self.store, route=from_azure)

    @cached_property
    def audit(self) -> AuditTrail:
        """The audit trail, kept in the store."""
        from syndic.audit.log import AuditLog

        return AuditLog(self.store)

    @property
    def log_archive(self) -> Archive | None:
        """None: AWS publishes, once it mirrored what Azure's trail adds up to."""
        return None

    @cached_property
    def sources(self) -> Sequence[ModelSource]:
        """Every source of the table."""
        return tuple(source for make in SOURCES.values() for source in make(self))

    def machine_learning(self) -> Sequence[ModelSource]:
        """Azure Machine Learning, each workspace that is configured: one that cannot be read hides no other."""
        from syndic.adapters.azure import AzureMachineLearning

        address, signed_in = self.settings.resource_manager, self._clients.credential
        workspaces = self.settings.ml_workspaces.split(",")
        return tuple(AzureMachineLearning(signed_in, workspace, address=address) for workspace in workspaces)

    @cached_property
    def registries(self) -> Sequence[ListedRegistry]:
        """The model registry of each workspace that is configured."""
        from syndic.adapters.azure import AzureModels

        address, signed_in = self.settings.resource_manager, self._clients.credential
        workspaces = self.settings.ml_workspaces.split(",")
        return tuple(AzureModels(signed_in, workspace, address=address) for workspace in workspaces)

    @cached_property
    def storage(self) -> StorageInspector:
        """The rules of the accounts of captures."""
        from syndic.adapters.azure import AzureStorageInspector

        places = self.settings.capture_places.split(",") if self.settings.capture_places else ()
        return AzureStorageInspector(self._clients.credential, places, address=self.settings.resource_manager)

    @property
    def own_stores(self) -> Mapping[str, str]:
        """None: archive and trail that count are those of AWS."""
        return {}

    @property
    def inspects(self) -> frozenset[Cloud]:
        """Azure's models."""
        return frozenset({Cloud.AZURE})

    @property
    def accounts(self) -> None:
        """None: nobody signs in here."""
        return

    @property
    def notifier(self) -> Notifier | None:
        """None: findings are mirrored to the control plane, which sends all mail. Two senders would send twice."""
        return None

    @cached_property
    def channels(self) -> Channels | None:
        """Ways to receivers that Azure tells while AWS stays away; None where none are chosen: AWS tells receivers."""
        if self.settings.channel_vault is None:
            return None
        from syndic.adapters.azure import KeyVaultSecrets
        from syndic.adapters.azure.key_vault import CHANNELS
        from syndic.adapters.channels.means import Means
        from syndic.adapters.channels.receiving import TableOfChannels
        from syndic.adapters.internet.https import PublicHttps

        secrets = KeyVaultSecrets(self.credential, self.settings.channel_vault, below=CHANNELS)
        return TableOfChannels(Means(PublicHttps(), secrets, self.now))

    @cached_property
    def queues(self) -> Queues:
        """The queues of the app."""
        from syndic.adapters.azure.queue_depths import QueueDepths
        from syndic.adapters.azure.queues import QUEUES

        return QueueDepths(self._clients.queue, QUEUES, clock=self.now)

    @cached_property
    def standby(self) -> Standby | None:
        """Whom Azure tells while AWS stays away. Raises `InvalidInputError` that names the setting."""
        if self.settings.channel_vault is None:
            return None
        from syndic.tasks.watch.standby import read_standby

        return read_standby(self.settings.standby_receivers, hours=self.settings.standby_hours)

    @cached_property
    def maps(self) -> MapRunner | None:
        """Parts of large windows, as messages of the windows queue."""
        from syndic.checks.counting.queue_run import FanOut

        return FanOut(self.store, self.bus, clock=self.now)

    @cached_property
    def gateway(self) -> Gateway:
        """What predictions are served with. Raises `UnavailableError` where none are served."""
        from azure_functions.gateway_wiring import gateway_of

        return gateway_of(self, self.waiting)

    @cached_property
    def waiting(self) -> StorageInferenceLog:
        """The queue of predictions' records."""
        from syndic.adapters.azure import StorageInferenceLog
        from syndic.adapters.azure.queues import PREDICTIONS

        container = self._clients.container(self.settings.archive_container)
        return StorageInferenceLog(self._clients.queue(PREDICTIONS), container)

    def hand_on(self, model_id: str, records: Sequence[bytes]) -> None:
        """Hand a model's records on to the governing API, which keeps them."""
        self._handing_on(model_id, records)

    @cached_property
    def _handing_on(self) -> Callable[[str, Sequence[bytes]], None]:
        from azure_functions.gateway_wiring import handing_on

        return handing_on(self)

    @property
    def credential(self) -> TokenCredential:
        """The app's identity. Raises `UnavailableError` on the emulator, which has none."""
        if self._clients.credential is None:
            raise UnavailableError("the emulator has no identity, which the key vault asks for")
        return self._clients.credential

    @cached_property
    def _clients(self) -> StorageClients:
        from syndic.adapters.azure import StorageClients

        return StorageClients.of(self.settings)

    def now(self) -> datetime:
        """The time of this call."""
        return datetime.now(UTC)

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        """Count something done, as a line of the log."""
        count(name, value, **dimensions)


SOURCES: Final[Mapping[str, Callable[[AzureWiring], Sequence[ModelSource]]]] = {
    "azure_machine_learning": AzureWiring.machine_learning,
}
"""Where models run. A new one is a folder of adapters and a line here."""


@cache
def wired() -> AzureWiring:
    """The adapters of this process. Settings are read, and logging is set up, on the first call."""
    settings = read_settings(AzureSettings)
    write_json_logs(settings.log_level)
    return AzureWiring(settings)
