"""Records, the archive, the audit trail and the bus."""

from __future__ import annotations

from functools import cached_property

from functions import aws_clients
from functions.wiring.clients import CLIENT, QUICK, Clients
from syndic.adapters.aws import DynamoStore, EventBridgeBus, KmsKey, S3Archive
from syndic.adapters.internet.witnesses import HttpsWitnesses
from syndic.adapters.partitioned import PartitionedStore
from syndic.audit import keys
from syndic.audit.appending.inbox import Inbox
from syndic.ports import Archive, AuditTrail, EventBus, SigningKey, Store, WitnessRequests


class Records(Clients):
    """What is kept, and who is told that it changed."""

    @cached_property
    def store(self) -> Store:
        """The table; large bodies go to the archive bucket. With an Azure half it notes what Azure has to know."""
        records = PartitionedStore(self.chain, self._audit_tables)
        if self.settings.azure_storage_account is None:
            return records
        from syndic.mirror.change_log import ChangeLog, GovernedInAws  # noqa: PLC0415 - with an Azure half only

        return ChangeLog(records, wanted=GovernedInAws(records), clock=self.now)

    @cached_property
    def chain(self) -> Store:
        """The table of records itself, where the trail of earlier releases lies."""
        return self._table(self.settings.table_name)

    @cached_property
    def _audit_tables(self) -> dict[str, Store]:
        """The trail's own tables, by the first word of the partitions in them."""
        named = {
            keys.PARTITION: self.settings.audit_entries_table,
            keys.TREE: self.settings.audit_tree_table,
            keys.PENDING: self.settings.audit_pending_table,
        }
        return {word: self._table(table) for word, table in named.items() if table is not None}

    def _table(self, name: str) -> Store:
        return DynamoStore(self._dynamo, name, s3=self._s3, bucket=self.settings.archive_bucket)

    @cached_property
    def access_log(self) -> Store:
        """The table of records, over a client of short patience: reads are noted while somebody waits."""
        quick = aws_clients.client("dynamodb", config=QUICK)
        return DynamoStore(quick, self.settings.table_name, s3=self._s3, bucket=self.settings.archive_bucket)

    @cached_property
    def archive(self) -> Archive:
        """The archive bucket."""
        return S3Archive(self._s3, self.settings.archive_bucket)

    @cached_property
    def bus(self) -> EventBus:
        """The event bus. With an Azure half, what only Azure can do waits in the outbox."""
        events = EventBridgeBus(aws_clients.client("events", config=CLIENT), self.settings.event_bus)
        if self.settings.azure_storage_account is None:
            return events
        from syndic.mirror.outbox import FromAws, OutboxBus  # noqa: PLC0415 - as above

        return OutboxBus(events, store=self.store, route=FromAws(self.store))

    @cached_property
    def audit(self) -> AuditTrail:
        """The audit trail: entries wait for the sequencer, which alone may append."""
        return Inbox(self.store, clock=self.now)

    @cached_property
    def log_archive(self) -> Archive | None:
        """The locked bucket of checkpoints and tiles."""
        return None if self.settings.audit_bucket is None else S3Archive(self._s3, self.settings.audit_bucket)

    @cached_property
    def signing_key(self) -> SigningKey | None:
        """The log's key in KMS. Only the sequencer may use it."""
        key, name = self.settings.audit_key, self.settings.audit_log_name
        return None if key is None or name is None else KmsKey(aws_clients.client("kms", config=CLIENT), key, name=name)

    @cached_property
    def witness_requests(self) -> WitnessRequests:
        """The witnesses of the trail, over the public Internet."""
        return HttpsWitnesses()
