"""What a task may ask of the cloud it runs in. Each cloud's wiring implements it; tests give one made of memory."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

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
    MapRunner,
    ModelSource,
    Notifier,
    SigningKey,
    StorageInspector,
    Store,
    WaitingRecords,
    WitnessRequests,
)
from syndic.settings import Settings
from syndic.traffic import EndpointMetrics, TrafficShifter

if TYPE_CHECKING:
    from syndic.gateway.predict import Gateway
    from syndic.gateway.serving import Serving
    from syndic.identity.pool_tokens import PoolTokens


class Clouds(Protocol):
    """Adapters of a deployed function, each built when first asked for."""

    @property
    def settings(self) -> Settings:
        """The deployed settings."""

    @property
    def store(self) -> Store:
        """Records."""

    @property
    def archive(self) -> Archive:
        """Baselines, report files, quarantined lines."""

    @property
    def captures(self) -> CaptureReader:
        """Captured traffic."""

    @property
    def bus(self) -> EventBus:
        """Tells the other concerns."""

    @property
    def audit(self) -> AuditTrail:
        """The audit trail."""

    @property
    def log_archive(self) -> Archive | None:
        """Checkpoints and tiles of the trail, which nobody can change; None where none are published."""

    @property
    def sources(self) -> Sequence[ModelSource]:
        """Where models run."""

    @property
    def inspects(self) -> Collection[Cloud]:
        """Whose models this side looks at."""

    @property
    def notifier(self) -> Notifier | None:
        """Tells people; None when no channel is configured."""

    @property
    def channels(self) -> Channels | None:
        """Reaches the receivers of alerts; None in a cloud that tells nobody itself."""

    @property
    def maps(self) -> MapRunner | None:
        """Runs large windows; None when nothing is configured to run them."""

    def now(self) -> datetime:
        """The time of this call, in UTC."""

    def count(self, name: str, value: float = 1, **dimensions: str) -> None:
        """Count something done, in the cloud's own metrics. Dimensions are words of closed lists, never ids."""


class InspectedClouds(Clouds, Protocol):
    """Adapters of the function that looks, once a day, at what no event tells of."""

    @property
    def storage(self) -> StorageInspector:
        """The rules by which stores keep what lies in them."""

    @property
    def own_stores(self) -> Mapping[str, str]:
        """Addresses of Syndic's own stores by name; none where another cloud keeps what counts."""

    @property
    def accounts(self) -> AccountReader | None:
        """Who may sign in; None in a cloud where nobody does."""


class PeopleClouds(Clouds, Protocol):
    """Adapters of the function that serves the API."""

    @property
    def directory(self) -> Directory:
        """Who may sign in. Raises `UnavailableError` where none is configured."""

    @property
    def access_log(self) -> Store:
        """Where reads are noted: records, over a client that rather gives up than keeps an answer waiting."""

    @property
    def people(self) -> PoolTokens:
        """The ID tokens of people. Raises `UnavailableError` where no user pool is configured."""

    @property
    def issuer_keys(self) -> IssuerKeys:
        """Keys of the issuers whose tokens are exchanged."""

    @property
    def received(self) -> CaptureWriter:
        """Where traffic that is sent to the API is kept. Raises `UnavailableError` where no place is configured."""


class ServingClouds(Clouds, Protocol):
    """Adapters of a function that answers predictions."""

    @property
    def gateway(self) -> Gateway:
        """What it serves with."""

    @property
    def received(self) -> CaptureWriter:
        """Where the records of predictions are kept. Raises `UnavailableError` where no place is configured."""

    @property
    def serving(self) -> Serving:
        """Which version answers, and which one gets copies."""

    @property
    def backends(self) -> Backends:
        """The services that answer for versions."""

    @property
    def pseudonyms(self) -> Callable[[], bytes | None]:
        """The key of pseudonyms in the log."""


class ErasingClouds(Clouds, Protocol):
    """Adapters of the function that plans erasures, and does them where the deployer allowed it."""

    @property
    def eraser(self) -> CaptureEraser:
        """Changes captured objects. Raises `UnavailableError` where erasing is off."""


class RelayingClouds(Clouds, Protocol):
    """Adapters of a function that answers predictions in another cloud than the one that governs."""

    @property
    def gateway(self) -> Gateway:
        """What it serves with. Raises `UnavailableError` where no predictions are served."""

    @property
    def waiting(self) -> WaitingRecords:
        """The records in a message."""

    def hand_on(self, model_id: str, records: Sequence[bytes]) -> None:
        """Hand a model's records on to the governing cloud, which keeps them. Raises `SyndicError`."""


class TrafficClouds(Clouds, Protocol):
    """Adapters of a function in a cloud whose traffic can be moved."""

    @property
    def traffic(self) -> TrafficShifter:
        """Moves the traffic of endpoints."""

    @property
    def endpoint_metrics(self) -> EndpointMetrics:
        """What the cloud measured of them."""


class SequencerClouds(Clouds, Protocol):
    """Adapters of the sequencer, which alone appends to the trail and signs its checkpoints."""

    @property
    def signing_key(self) -> SigningKey | None:
        """The log's key; None: no checkpoints are published."""

    @property
    def witness_requests(self) -> WitnessRequests:
        """The way to witnesses."""

    @property
    def chain(self) -> Store:
        """Where the chain of before the tree lies."""
