"""Sources, buses, notifiers, audit trails and map runners in memory: everything that only tells or is told."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from pydantic import JsonValue

from syndic.adapters.channels.email.check_mail import check_mail
from syndic.adapters.channels.email.render import render
from syndic.adapters.channels.means import Means
from syndic.adapters.channels.receiving import TableOfChannels
from syndic.adapters.internet.https import PublicHttps
from syndic.adapters.memory.secrets import MemorySecrets
from syndic.errors import NotSentError, SourceUnavailableError, UnavailableError
from syndic.models import AuditEntry, BatchJob, CaptureFormat, CountRequested, Endpoint, Event
from syndic.ports import Destination, EndedJob, ListedEndpoint, Mail, Notification, Press


class MemorySource:
    """Endpoints as given. Set `refuse` to a reason and the listing fails, after `before_refusal` endpoints."""

    def __init__(self, name: str = "memory", endpoints: Iterable[Endpoint] = (), *, refuse: str | None = None) -> None:
        self.name = name
        self.listed = list(endpoints)
        self.refuse = refuse
        self.before_refusal = 0
        self.ended: list[BatchJob] = []

    def ended_jobs(self, since: datetime, until: datetime) -> Iterator[EndedJob]:
        """The jobs that ended between two times."""
        if self.refuse is not None:
            raise SourceUnavailableError(f"{self.name}: {self.refuse}")
        yield from (EndedJob(one.name, one.ended_at) for one in self.ended if since < one.ended_at < until)

    def jobs(self, names: Collection[str]) -> Iterator[BatchJob]:
        """Some of them."""
        yield from (one for one in self.ended if one.name in names)

    def listing(self) -> Iterator[ListedEndpoint]:
        """The endpoints by name."""
        return (ListedEndpoint(one.name, one.resource_id) for one in self.endpoints())

    def endpoints(self, names: Collection[str] | None = None) -> Iterator[Endpoint]:
        """The endpoints."""
        wanted = [one for one in self.listed if names is None or one.name in names]
        if self.refuse is not None:
            yield from wanted[: self.before_refusal]
            raise SourceUnavailableError(f"{self.name}: {self.refuse}")
        yield from wanted


class MemoryBus:
    """Records events and, when asked, delivers them to subscribers.

    `published` holds everything handed over. `deliver` gives each waiting event to those who subscribed to its
    type, events that they publish meanwhile included. Set `refuse` and `publish` raises `UnavailableError`.
    """

    def __init__(self) -> None:
        self.published: list[Event] = []
        self.refuse: str | None = None
        self._waiting: deque[Event] = deque()
        self._subscribers: dict[str, list[Callable[[Any], object]]] = {}

    def subscribe(self, kind: str, receive: Callable[[Any], object]) -> None:
        """Call `receive` with each event of a type such as ``CheckRequested``."""
        self._subscribers.setdefault(kind, []).append(receive)

    def publish(self, events: Sequence[Event]) -> None:
        """Hand over all events, or none."""
        if self.refuse is not None:
            raise UnavailableError(self.refuse)
        self.published.extend(events)
        self._waiting.extend(events)

    def deliver(self) -> int:
        """Deliver until nothing waits; returns how many events were delivered."""
        delivered = 0
        while self._waiting:
            event = self._waiting.popleft()
            for receive in self._subscribers.get(event.type, []):
                receive(event)
            delivered += 1
        return delivered

    def of(self, kind: str) -> list[Any]:
        """The published events of one type, in order."""
        return [event for event in self.published if event.type == kind]


class MemoryNotifier:
    """Keeps what people are told as mail in `sent`. With `refuse` set, `send` raises `NotSentError`."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self.refuse: str | None = None

    def send(self, notification: Notification) -> str:
        """Keep one notification."""
        return self.deliver(render(notification))

    def deliver(self, mail: Mail) -> str:
        """Keep one mail."""
        if self.refuse is not None:
            raise NotSentError(self.refuse)
        check_mail(mail)
        self.sent.append(mail)
        return f"memory-{len(self.sent)}"


class MemoryChannels:
    """Keeps what receivers are told in `sent`. With `fail` set, `send` raises it, before or after it kept it.

    `updated` is what messages were changed to, `whispered` what persons were told; `refuse` fails both. `secrets` are
    those by which requests of chats are read, at the time of `clock`.
    """

    def __init__(
        self, *, secrets: Mapping[str, str] | None = None, clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self.sent: list[tuple[Destination, Notification]] = []
        self.updated: list[tuple[str, Notification]] = []
        self.whispered: list[tuple[Press, str]] = []
        self.fail: Exception | None = None
        self.fail_after = False
        self.refuse: Exception | None = None
        self.secrets, self.clock = dict(secrets or {}), clock
        self._table = TableOfChannels(Means(PublicHttps(), MemorySecrets(self.secrets), clock))

    def check(self, destination: Destination) -> None:
        """As the real channels do."""
        self._table.check(destination)

    def knows_again(self, kind: str) -> bool:
        """As the real channels do."""
        return self._table.knows_again(kind)

    def keeps_open(self, kind: str) -> bool:
        """As the real channels do."""
        return self._table.keeps_open(kind)

    def send(self, destination: Destination, notification: Notification) -> str:
        """Keep one notification."""
        self.check(destination)
        if self.fail is not None and not self.fail_after:
            raise self.fail
        self.sent.append((destination, notification))
        if self.fail is not None:
            raise self.fail
        number = len(self.sent)
        return f"C0123ABCD:{1_772_560_000 + number}.000100" if self.updates(destination.kind) else f"memory-{number}"

    def updates(self, kind: str) -> bool:
        """As the real channels do."""
        return self._table.updates(kind)

    def update(self, destination: Destination, message: str, notification: Notification) -> None:
        """Keep what a message was changed to."""
        self.check(destination)
        if self.refuse is not None:
            raise self.refuse
        self.updated.append((message, notification))

    def whisper(self, destination: Destination, press: Press, text: str) -> None:
        """Keep what a person was told."""
        self.check(destination)
        if self.refuse is not None:
            raise self.refuse
        self.whispered.append((press, text))

    def read_press(self, secret: str, headers: Mapping[str, str], body: bytes) -> Press | None:
        """As the real channels do."""
        return self._table.read_press(secret, headers, body)


class MemoryAudit:
    """Keeps entries in `entries`; `actions` is what most tests look at. Set `refuse` and `append` fails."""

    def __init__(self) -> None:
        self.entries: list[AuditEntry] = []
        self.refuse: str | None = None
        self._taken: set[str] = set()
        self._lock = threading.Lock()

    def append(self, *entries: AuditEntry) -> None:
        """Keep entries, all or none."""
        if self.refuse is not None:
            raise UnavailableError(self.refuse)
        with self._lock:
            self.entries.extend(entries)

    def take(self, entries: Mapping[str, AuditEntry]) -> None:
        """Keep the entries that were not taken before."""
        if self.refuse is not None:
            raise UnavailableError(self.refuse)
        with self._lock:
            self.entries.extend(entry for identity, entry in entries.items() if identity not in self._taken)
            self._taken.update(entries)

    @property
    def actions(self) -> list[str]:
        """The actions so far, in order."""
        return [entry.action for entry in self.entries]


class MemoryMap:
    """Keeps started runs by name in `started`."""

    formats = frozenset(CaptureFormat)

    def __init__(self) -> None:
        self.started: dict[str, tuple[CountRequested, tuple[Mapping[str, JsonValue], ...]]] = {}

    def start(self, run: str, request: CountRequested, items: Sequence[Mapping[str, JsonValue]]) -> str:
        """Start a run once."""
        self.started.setdefault(run, (request, tuple(items)))
        return run
