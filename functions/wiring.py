"""The only place that builds AWS adapters. Each is built when first asked for and kept while the process lives.

A handler asks `wired()` for what its use case needs, so a function only opens the clients it uses.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final

from botocore.config import Config

from functions import aws_clients
from functions.logs import write_json_logs
from functions.metrics import count
from syndic.adapters.aws import (
    CloudWatchEndpointMetrics,
    CognitoAccounts,
    CognitoDirectory,
    DynamoStore,
    EventBridgeBus,
    KmsKey,
    S3Archive,
    S3CaptureEraser,
    S3Captures,
    S3Received,
    S3StorageInspector,
    SageMakerSource,
    SageMakerTraffic,
    SecretsManager,
    SnsTopic,
    StepFunctionsMap,
)
from syndic.adapters.internet.https import PublicHttps
from syndic.adapters.internet.witnesses import HttpsWitnesses
from syndic.adapters.issuer_keys import HttpsIssuerKeys, fetch_own
from syndic.adapters.partitioned import PartitionedStore
from syndic.audit import keys
from syndic.audit.inbox import Inbox
from syndic.captures.endpoint import ToldModels
from syndic.errors import UnavailableError
from syndic.models import Cloud
from syndic.ports import (
    AccountReader,
    Archive,
    AuditTrail,
    Backends,
    CaptureEraser,
    CaptureReader,
    CaptureWriter,
    Channels,
    Directory,
    EventBus,
    IssuerKeys,
    MailService,
    MapRunner,
    ModelSource,
    Notifier,
    SigningKey,
    StorageInspector,
    Store,
    Topic,
    WitnessRequests,
)
from syndic.settings import AwsSettings, bucket_patterns, listed, read_settings
from syndic.traffic import EndpointMetrics, TrafficShifter

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_s3 import S3Client

    from functions.members import MemberAccounts
    from syndic.adapters.aws.packages import SageMakerPackages
    from syndic.gateway.predict import Gateway
    from syndic.gateway.serving import Serving
    from syndic.identity.pool_tokens import PoolTokens
    from syndic.mirror.exchange import Side
    from syndic.registry.sync.writeback import ApprovingRegistry

# Shorter than any function's time limit, so that a silent service becomes an error that is retried, not a timeout.
CLIENT = Config(connect_timeout=3, read_timeout=20, retries={"mode": "standard", "total_max_attempts": 4})

# For what somebody waits for and can do without.
QUICK = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 1})

# Links name the bucket's own region: S3 redirects others while a bucket is new, which the signature does not survive.
LINKS = Config(signature_version="s3v4", s3={"addressing_style": "virtual", "us_east_1_regional_endpoint": "regional"})


@dataclass(frozen=True)
class AwsWiring:
    """The adapters of a deployed function."""

    settings: AwsSettings

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
    def _dynamo(self) -> DynamoDBClient:
        return aws_clients.client("dynamodb", config=CLIENT)

    @cached_property
    def access_log(self) -> Store:
        """The table of records, over a client of short patience: reads are noted while somebody waits."""
        quick = aws_clients.client("dynamodb", config=QUICK)
        return DynamoStore(quick, self.settings.table_name, s3=self._s3, bucket=self.settings.archive_bucket)

    @cached_property
    def directory(self) -> Directory:
        """The user pool."""
        if self.settings.user_pool_id is None:
            raise UnavailableError("no user pool is set (SYNDIC_USER_POOL_ID)")
        client, app = aws_clients.client("cognito-idp", config=CLIENT), self.settings.scripts_client_id
        return CognitoDirectory(client, self.settings.user_pool_id, app=app)

    @cached_property
    def people(self) -> PoolTokens:
        """The user pool's ID tokens, for the apps that people sign in by."""
        from syndic.identity.pool_tokens import PoolTokens, UserPool  # noqa: PLC0415 - cryptography, for people only

        settings = self.settings
        if settings.user_pool_id is None or not listed(settings.sign_in_apps):
            raise UnavailableError("no user pool is set (SYNDIC_USER_POOL_ID, SYNDIC_SIGN_IN_APPS)")
        region = settings.user_pool_id.partition("_")[0]
        issuer = f"https://cognito-idp.{region}.amazonaws.com/{settings.user_pool_id}"
        keys = settings.user_pool_keys or f"{issuer}/.well-known/jwks.json"
        pool = UserPool(issuer, keys, listed(settings.sign_in_apps))
        return PoolTokens(pool, HttpsIssuerKeys(get=fetch_own, kept_for=timedelta(hours=1)))

    @cached_property
    def accounts(self) -> AccountReader | None:
        """The user pool, to be read only."""
        if self.settings.user_pool_id is None:
            return None
        return CognitoAccounts(aws_clients.client("cognito-idp", config=CLIENT), self.settings.user_pool_id)

    @cached_property
    def storage(self) -> StorageInspector:
        """The rules of Syndic's own buckets, and of those of captures that are allowed."""
        allowed = self.settings.capture_buckets
        own = [uri.removeprefix("s3://") for uri in self.own_stores.values()]
        return S3StorageInspector(self._s3, buckets=None if allowed is None else [*bucket_patterns(allowed), *own])

    @property
    def own_stores(self) -> Mapping[str, str]:
        """The buckets of the archive and of the trail's checkpoints."""
        trail = self.settings.audit_bucket
        return {
            "archive": f"s3://{self.settings.archive_bucket}",
            **({} if trail is None else {"trail": f"s3://{trail}"}),
        }

    @property
    def inspects(self) -> frozenset[Cloud]:
        """Every cloud but Azure, which looks at its own."""
        return frozenset(Cloud) - {Cloud.AZURE}

    @cached_property
    def issuer_keys(self) -> IssuerKeys:
        """Of the public internet, kept for a while."""
        return HttpsIssuerKeys()

    @cached_property
    def archive(self) -> Archive:
        """The archive bucket."""
        return S3Archive(self._s3, self.settings.archive_bucket)

    @cached_property
    def captures(self) -> CaptureReader:
        """Capture buckets, limited to those allowed; a member's with its role."""
        allowed = self.settings.capture_buckets
        buckets = None if allowed is None else bucket_patterns(allowed)
        own = S3Captures(self._s3, buckets=buckets)
        return own if self._members is None else self._members.captures(own, buckets)

    @cached_property
    def eraser(self) -> CaptureEraser:
        """Capture buckets and that of traffic sent to the API, where the deployer allowed erasing."""
        allowed = self.settings.capture_buckets
        if not self.settings.erase_captures or allowed is None:
            raise UnavailableError("erasing captured rows is off (SYNDIC_ERASE_CAPTURES)")
        return S3CaptureEraser(self._s3, buckets=bucket_patterns(allowed))

    @cached_property
    def received(self) -> CaptureWriter:
        """The bucket of traffic that is sent to the API."""
        if self.settings.received_captures is None:
            raise UnavailableError("no place is set for traffic that is sent to the API (SYNDIC_RECEIVED_CAPTURES)")
        return S3Received(self._s3, self.settings.received_captures)

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

    @property
    def sources(self) -> Sequence[ModelSource]:
        """Every source of the table. An organisation's accounts are asked for until they are told."""
        return tuple(source for make in SOURCES.values() for source in make(self))

    def sagemaker(self) -> Sequence[ModelSource]:
        """SageMaker of the function's own account and region, then that of each member."""
        return (self._sagemaker, *(self._members.sources() if self._members else ()))

    @cached_property
    def _sagemaker(self) -> ModelSource:
        client = aws_clients.client("sagemaker", config=CLIENT)
        return SageMakerSource(client, account=self._account, region=client.meta.region_name)

    @cached_property
    def _members(self) -> MemberAccounts | None:
        if self.settings.member_accounts is None:
            return None
        from functions.members import MemberAccounts  # noqa: PLC0415 - boto3's sessions, for an organisation only

        return MemberAccounts(self.settings, own=lambda: self._account, config=CLIENT)

    def told(self) -> Sequence[ModelSource]:
        """Models whose traffic is sent to the API."""
        return (ToldModels(self.store),)

    @property
    def registries(self) -> Sequence[ApprovingRegistry]:
        """SageMaker's model registry, and with an Azure half those of which the mirror brought something by now."""
        if self.settings.azure_storage_account is None:
            return (self._packages,)
        from syndic.registry.sync.foreign import relayed_registries  # noqa: PLC0415 - for two functions only

        return (self._packages, *relayed_registries(self.store))

    @cached_property
    def _packages(self) -> SageMakerPackages:
        """The model registry of the function's own account and region."""
        from syndic.adapters.aws.packages import SageMakerPackages  # noqa: PLC0415 - the registry comes with it

        client = aws_clients.client("sagemaker", config=CLIENT)
        return SageMakerPackages(client, account=self._account, region=client.meta.region_name)

    @cached_property
    def notifier(self) -> Notifier | None:
        """Mail to the owners."""
        from syndic.adapters.channels.email.channel import EmailChannel  # noqa: PLC0415 - for who sends mail

        return None if self._mail is None else EmailChannel(self._mail)

    @cached_property
    def channels(self) -> Channels:
        """Every channel of the table; secrets are read from Secrets Manager when something is sent."""
        from syndic.adapters.channels.means import Means  # noqa: PLC0415 - for who tells people
        from syndic.adapters.channels.receiving import TableOfChannels  # noqa: PLC0415

        secrets = SecretsManager(aws_clients.client("secretsmanager", config=CLIENT))
        brisk = PublicHttps(connecting=0.5, answering=1.2)  # Slack waits for three seconds after a button was pressed
        return TableOfChannels(Means(PublicHttps(), secrets, self.now, self._mail, brisk, self._topic))

    @cached_property
    def _topic(self) -> Topic | None:
        """The topic of those who subscribe, which has no idempotency key either."""
        if self.settings.alerts_topic is None:
            return None
        once = CLIENT.merge(Config(retries={"total_max_attempts": 1}))
        return SnsTopic(aws_clients.client("sns", config=once), self.settings.alerts_topic)

    @cached_property
    def _mail(self) -> MailService | None:
        """SES, which has no idempotency key: its client must not try again by itself."""
        if self.settings.mail_from is None:
            return None
        from syndic.adapters.aws.mail import SesMail  # noqa: PLC0415 - alerting comes with it

        once = CLIENT.merge(Config(retries={"total_max_attempts": 1}))
        return SesMail(aws_clients.client("sesv2", config=once), self.settings.mail_from)

    @cached_property
    def maps(self) -> MapRunner | None:
        """The state machine of large windows."""
        if self.settings.map_state_machine is None:
            return None
        client = aws_clients.client("stepfunctions", config=CLIENT)
        return StepFunctionsMap(client, self.settings.map_state_machine)

    @cached_property
    def traffic(self) -> TrafficShifter:
        """SageMaker's endpoints of the function's own account and region, and models that the gateway serves."""
        from syndic.gateway.moving import EveryTraffic  # noqa: PLC0415 - most functions never move traffic

        return EveryTraffic(
            SageMakerTraffic(aws_clients.client("sagemaker", config=CLIENT)), self.store, clock=self.now
        )

    @cached_property
    def endpoint_metrics(self) -> EndpointMetrics:
        """CloudWatch, and the log of the gateway."""
        from syndic.gateway.moving import EveryMetrics  # noqa: PLC0415 - as above

        return EveryMetrics(CloudWatchEndpointMetrics(aws_clients.client("cloudwatch", config=CLIENT)), self.store)

    @cached_property
    def gateway(self) -> Gateway:
        """What predictions are served with: for the function that has the rights to."""
        from functions.gateway_wiring import gateway_of  # noqa: PLC0415 - numpy and SageMaker's runtime, in one function

        return gateway_of(self)

    @cached_property
    def serving(self) -> Serving:
        """Which version of a model answers, as the records say."""
        from syndic.gateway.serving import Serving  # noqa: PLC0415 - only what serves predictions
        from syndic.gateway.state import read_state  # noqa: PLC0415

        staleness = timedelta(seconds=self.settings.serving_seconds)
        return Serving(lambda model_id: read_state(self.store, model_id), clock=self.now, staleness=staleness)

    @cached_property
    def backends(self) -> Backends:
        """Every service that can answer for a version."""
        from functions.gateway_wiring import backends_of  # noqa: PLC0415 - as above

        return backends_of(self)

    @cached_property
    def pseudonyms(self) -> Callable[[], bytes | None]:
        """The key of pseudonyms in the log of predictions."""
        from functions.gateway_wiring import pseudonyms_of  # noqa: PLC0415 - as above

        return pseudonyms_of(self)

    @cached_property
    def azure(self) -> Side | None:
        """Azure's records and queues, for the mirror only; None when they are not configured."""
        settings = self.settings
        if settings.azure_storage_account is None:
            return None
        from syndic.adapters.azure import QueueBus, StorageClients, TableStore  # noqa: PLC0415 - only in its own layer
        from syndic.mirror.exchange import Side  # noqa: PLC0415

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

        return aws_federated(tenant, client, sts=aws_clients.client("sts", config=CLIENT))

    @cached_property
    def _account(self) -> str:
        return aws_clients.client("sts", config=CLIENT).get_caller_identity()["Account"]

    @cached_property
    def _s3(self) -> S3Client:
        return aws_clients.client("s3", config=CLIENT.merge(LINKS))

    def now(self) -> datetime:
        """The time of this call."""
        return datetime.now(UTC)

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        """Count something done, in CloudWatch."""
        count(name, value, **dimensions)


SOURCES: Final[Mapping[str, Callable[[AwsWiring], Sequence[ModelSource]]]] = {
    "sagemaker": AwsWiring.sagemaker,
    "captures": AwsWiring.told,
}
"""Where models run. A new one is a folder of adapters and a line here."""


@cache
def wired() -> AwsWiring:
    """The adapters of this process. Settings are read, and logging is set up, on the first call."""
    settings = read_settings(AwsSettings)
    write_json_logs(settings.log_level)
    return AwsWiring(settings)
