"""Azure tells of what AWS does not fetch: over the real channel, with a secret of the vault, and no sooner."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from syndic.adapters.azure import KeyVaultSecrets
from syndic.adapters.azure.key_vault import CHANNELS
from syndic.adapters.channels.means import Means
from syndic.adapters.channels.receiving import TableOfChannels
from syndic.adapters.memory import MemoryBus, MemoryStore
from syndic.alerting.alerts import list_alerts, receive_findings
from syndic.alerting.models import Alert, Receiver
from syndic.alerting.receivers import list_receivers
from syndic.errors import InvalidInputError
from syndic.mirror.exchange import Side, exchange
from syndic.mirror.outbox import OutboxBus, from_azure
from syndic.models import FindingsChanged, RegisteredModel, Severity
from syndic.tasks import alerting
from syndic.tasks.watch.standby import Standby, read_standby
from tests.contract.test_secrets import Identity, Led
from tests.edges.world import World
from tests.local_server import local_server
from tests.unit.alerting.makers import finding
from tests.unit.channels.listening import Reply, Server

KEY = "0123456789abcdef0123456789abcdef"
ON_CALL = Receiver(name="on-call", channel="pagerduty", secret="on-call")
STANDBY = Standby((ON_CALL,), timedelta(hours=2))


def vault(method: str, path: str, headers: Any, _: bytes) -> tuple[int, dict[str, str], bytes]:
    assert (method, headers["authorization"]) == ("GET", "Bearer token-of-the-app")
    known = path == "/secrets/syndic-alerting-on-call?api-version=7.4"
    return (200, {}, json.dumps({"value": KEY}).encode()) if known else (404, {}, b"{}")


class Azure:
    """The cloud that does not govern, with a receiver, and the one that does, which comes when it is told to."""

    def __init__(self, server: Server, there: str) -> None:
        server.reply = lambda heard: Reply(202, b'{"status":"success","dedup_key":"d1"}')
        self.world, self.server, self.aws = World(notifier=None), server, MemoryStore()
        secrets = KeyVaultSecrets(Identity(), "https://syndic.vault.azure.net", below=CHANNELS, transport=Led(there))
        self.world.channels = TableOfChannels(Means(server.https(), secrets, self.world.now))  # type: ignore[assignment]

    def finds(self, number: int, severity: Severity = Severity.CRITICAL, **about: str) -> None:
        given: dict[str, Any] = {"subject": "x", **about, "found_at": self.world.moment}
        found = FindingsChanged(findings=(finding(number, severity, **given),))
        OutboxBus(MemoryBus(), store=self.world.store, route=from_azure).publish([found])
        receive_findings(found, store=self.world.store, audit=self.world.audit, now=self.world.moment)

    def comes(self) -> None:
        """AWS exchanges with Azure."""

        def observe(ours: RegisteredModel | None, theirs: RegisteredModel) -> RegisteredModel:
            return theirs

        here, azure = Side(self.aws, MemoryBus()), Side(self.world.store, MemoryBus())
        exchange(here=here, there=azure, audit=World().audit, observe=observe, now=self.world.moment)

    def runs(self, standby: Standby | None = STANDBY, **after: float) -> list[str]:
        """What was told in one run of the schedule, and said to be over."""
        self.world.moment += timedelta(**(after or {"minutes": 15}))
        before = len(self.server.heard)
        alerting.digest(self.world, standby)  # type: ignore[arg-type]
        sent = [one.json for one in self.server.heard[before:]]
        assert {one["routing_key"] for one in sent} <= {KEY}
        return [one["event_action"] for one in sent]

    def own(self) -> list[Alert]:
        """Alerts on the platform itself."""
        every = list_alerts(self.world.store, now=self.world.moment).alerts
        return [one for one in every if one.model_id == "syndic"]


@pytest.fixture
def azure(server: Server) -> Iterator[Azure]:
    with local_server(vault) as there:
        yield Azure(server, there)


def test_what_aws_fetches_is_told_from_aws_alone(azure: Azure) -> None:
    for hour in range(8):
        azure.finds(hour)
        azure.comes()
        assert azure.runs(hours=1) == []


def test_what_aws_does_not_fetch_is_told_from_here_until_it_is_over(azure: Azure) -> None:
    azure.comes()
    azure.finds(0)
    assert azure.runs(minutes=30) == []
    assert azure.runs(hours=1) == []
    assert azure.runs(hours=1) == ["trigger"]
    assert azure.runs() == ["trigger"], "and that AWS stays away"
    assert "has not come since" in json.dumps(azure.server.heard[-1].json)
    azure.comes()  # it knows now, and tells by its own receivers
    assert azure.runs() == []
    assert azure.runs() == ["trigger"], "that AWS is back"
    assert "has not come since" not in json.dumps(azure.server.heard[-1].json)
    for number in range(1, 4):
        azure.finds(number)
        azure.finds(number, subject="y", model="another")
        azure.comes()
        assert azure.runs(hours=1) == [], "what was told stays told, and no more of it"
    for number in (4, 5):
        azure.finds(number, Severity.NONE)
        azure.comes()
    assert azure.runs(hours=1) == ["resolve"], "no incident stays open"


def test_a_new_installation_is_not_alarmed_before_the_first_exchange(azure: Azure) -> None:
    azure.finds(0)
    assert azure.runs() == []
    assert azure.runs(hours=1) == []
    assert azure.runs(hours=1) == ["trigger"]
    assert azure.runs() == ["trigger"]
    assert [one.subject for one in azure.own()] == ["mirror"]
    assert "has never come" in json.dumps(azure.server.heard[-1].json)


def test_without_a_time_to_wait_for_azure_always_tells(azure: Azure) -> None:
    azure.finds(0)
    azure.comes()
    assert azure.runs(Standby((ON_CALL,), timedelta())) == ["trigger"]
    assert azure.own() == [], "that AWS is away is no trouble then"


def test_the_deployment_names_who_is_told(azure: Azure) -> None:
    other = ON_CALL.model_copy(update={"name": "other"})
    azure.runs(Standby((ON_CALL, other), timedelta()))
    azure.runs(Standby((other,), timedelta()))
    assert [one.name for one in list_receivers(azure.world.store)] == ["other"]


def test_a_secret_that_is_missing_is_an_alert_and_shows_nothing(azure: Azure) -> None:
    lost = Standby((ON_CALL.model_copy(update={"secret": "lost"}),), timedelta())
    azure.finds(0)
    for _ in range(8):
        assert azure.runs(lost, hours=2) == []
    assert [one.subject for one in azure.own()] == ["receiver on-call"]
    assert "syndic-alerting-lost" in azure.own()[0].reason


@pytest.mark.parametrize(
    "text",
    ["x", "[]", "{}", '{"receivers": [{"name": "a b", "channel": "slack"}]}', '{"receivers": [{"channel": "x"}]}'],
)
def test_a_setting_that_is_wrong_is_named(text: str) -> None:
    with pytest.raises(InvalidInputError, match="SYNDIC_STANDBY_RECEIVERS"):
        read_standby(text, hours=2)
    assert read_standby('{"receivers": []}', hours=0) == Standby((), timedelta())
