"""Alarms of Azure: every timer is watched, every query asks for what is written, the vendor's models know each part."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

import azure.mgmt.monitor.models as vendor
import pytest

from azure_functions.schedules import timer_schedule
from cdk.azure.access import ROLES
from cdk.azure.alarms import LONGEST, TIMERS, alarms_of
from cdk.azure.choices import read_azure
from cdk.azure.names import SCHEDULES
from cdk.azure.template import templates
from syndic.adapters.azure.key_vault import CHANNELS
from syndic.alerting.models import Receiver
from syndic.errors import InvalidInputError
from syndic.settings import variable
from syndic.tasks.watch.standby import read_standby
from tests.edges.azure.azure_settings import bindings
from tests.infra.arm_language import Scope, evaluate
from tests.infra.azure_world import CHOICES, GROUP, OTHER, ROLE_ARN, SUBSCRIPTION, choices
from tests.infra.conftest import ROOT
from tests.infra.fake_resources import properties_of
from tests.infra.vendor_models import objections

TELLING = {
    "vault": f"{OTHER}/Secrets/Syndic-Vault",
    "receivers": [{"name": "on-call", "channel": "pagerduty", "secret": "on-call"}],
}
GATEWAY = {"api": "https://syndic.example.org/prod", "vault": f"{OTHER}/secrets/syndic-vault"}
WHOLE = {"alerting": TELLING, "gateway": GATEWAY, "alarm_mails": ["ops@example.org", "risk@example.org"]}
# https://learn.microsoft.com/azure/azure-monitor/alerts/alerts-create-log-alert-rule
WINDOWS = {"PT5M", "PT10M", "PT15M", "PT30M", "PT45M", "PT1H", "PT2H", "PT3H", "PT4H", "PT5H", "PT6H", "P1D", "P2D"}
OFTEN = {"PT5M", "PT10M", "PT15M", "PT30M", "PT45M", "PT1H", "PT2H", "PT3H", "PT4H", "PT5H", "PT6H", "P1D"}


def made(**chosen: Any) -> list[dict[str, Any]]:
    scope = Scope(SUBSCRIPTION, GROUP, {"mirrorRoleArn": ROLE_ARN}, lambda one, version: properties_of(one))
    given = json.loads(templates(choices(**chosen))["syndic"])["resources"]
    return [evaluate(one, scope) for one in given if one["type"] != "Microsoft.Resources/deployments"]


def rules(**chosen: Any) -> dict[str, dict[str, Any]]:
    return {one["name"]: one for one in made(**chosen) if one["type"].endswith("scheduledQueryRules")}


def test_the_vendors_models_know_each_part_of_an_alarm() -> None:
    found = rules(**WHOLE)
    assert len(found) == 7
    for one in found.values():
        assert objections(one) == []
        (condition,) = one["properties"]["criteria"]["allOf"]
        assert set(condition) <= {part["key"] for part in vendor.Condition._attribute_map.values()}
        assert set(condition["failingPeriods"]) == {
            part["key"] for part in vendor.ConditionFailingPeriods._attribute_map.values()
        }
        assert condition["timeAggregation"] in {kind.value for kind in vendor.TimeAggregation}
        assert condition["operator"] in {kind.value for kind in vendor.ConditionOperator}
        assert one["properties"]["windowSize"] in WINDOWS
        assert one["properties"]["evaluationFrequency"] in OFTEN
        assert one["properties"]["severity"] in range(5)
    (group,) = [one for one in made(**WHOLE) if one["type"].endswith("actionGroups")]
    assert objections(group) == []
    assert len(group["properties"]["groupShortName"]) <= 12
    known = {part["key"] for part in vendor.EmailReceiver._attribute_map.values()}
    assert [one["emailAddress"] for one in group["properties"]["emailReceivers"]] == WHOLE["alarm_mails"]
    assert all(set(one) <= known for one in group["properties"]["emailReceivers"])


def test_every_timer_of_the_app_is_watched_for_longer_than_it_waits_and_no_longer_than_the_alarm_looks_back() -> None:
    timers = {name: one for name, one in bindings().items() if one["type"] == "timerTrigger"}
    assert set(TIMERS) == set(timers)
    start = datetime(2026, 1, 5, 0, 0, 1, tzinfo=UTC)
    for name, timer in timers.items():
        schedule = timer_schedule(timer["schedule"], SCHEDULES)
        first = schedule.next_after(start)
        apart = schedule.next_after(first) - first
        assert apart < timedelta(hours=TIMERS[name]) <= apart * 4
        assert timedelta(hours=TIMERS[name]) < timedelta(days=2)
    assert rules()["syndic-silent"]["properties"]["windowSize"] == "P2D"


def test_every_metric_that_is_asked_for_is_counted_somewhere() -> None:
    asked = {name for one in alarms_of(choices(**WHOLE)) for name in re.findall(r"line\.metric == '(\w+)'", one.query)}
    assert asked == {"MessagesSetAside", "OldestMessageSeconds", "MessagesUnconfirmed"}
    text = "".join(file.read_text() for file in (ROOT / "shared/syndic/tasks").rglob("*.py"))
    assert all(f'count("{name}"' in text for name in asked)
    host = json.loads((ROOT / "azure_functions/host.json").read_text())
    assert f"{LONGEST / 0.8 / 60:02.0f}" == host["functionTimeout"].split(":")[1]
    assert {"Request", "Trace"} <= set(
        host["logging"]["applicationInsights"]["samplingSettings"]["excludedTypes"].split(";")
    )


def test_what_is_not_chosen_has_no_alarm() -> None:
    plain = rules()
    assert set(plain) == {f"syndic-{name}" for name in ("silent", "failures", "dead-letters", "waiting", "slow")}


def test_who_is_told_from_azure_is_what_the_app_reads_and_one_role_on_the_vault_suffices() -> None:
    (app,) = [one for one in made(**WHOLE) if one["type"] == "Microsoft.Web/sites"]
    told = {one["name"]: one["value"] for one in app["properties"]["siteConfig"]["appSettings"]}
    standby = read_standby(told[variable("standby_receivers")], hours=int(told[variable("standby_hours")]))
    assert standby.receivers == (Receiver(name="on-call", channel="pagerduty", secret="on-call"),)
    assert standby.after == timedelta(hours=2)
    assert told[variable("channel_vault")] == told[variable("key_vault")] == "https://syndic-vault.vault.azure.net"
    inner = [
        evaluate(one, Scope(nested["subscriptionId"], nested["resourceGroup"], {"principalId": "p"}))
        for nested in json.loads(templates(choices(**WHOLE))["syndic"])["resources"]
        if nested["type"] == "Microsoft.Resources/deployments"
        for one in nested["properties"]["template"]["resources"]
    ]
    (vault,) = [one for one in inner if "/vaults/" in one["scope"]]
    assert vault["properties"]["roleDefinitionId"].endswith(ROLES["Key Vault Secrets User"])
    assert CHANNELS == "syndic-alerting-"


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"receivers": []}, "receivers"),
        ({"receivers": [{"name": "a", "channel": "email", "secret": "b"}]}, "channel"),
        ({"receivers": [{"name": "a", "channel": "sns", "secret": "b"}]}, "channel"),
        ({"receivers": [{"name": "a", "channel": "slack"}]}, "secret"),
        ({"receivers": [{"name": "a", "channel": "slack", "secret": "xoxb-1/2"}]}, "secret"),
        ({"receivers": [{"name": "a", "channel": "webhook", "secret": "b"}]}, "needs the option url"),
        ({"receivers": [{"name": "a", "channel": "slack", "secret": "b"}] * 2}, "a is listed twice"),
        ({"receivers": [{"name": "a", "channel": "slack_bot", "secret": "b",
                         "options": {"channel": "C", "signing_secret": "s"}}]}, "buttons"),
        ({"after_hours": -1}, "after_hours"),
        ({"vault": "x"}, "vault"),
        ({"routes": []}, "routes"),
    ],
)  # fmt: skip
def test_a_wrong_choice_is_named(tmp_path: Any, wrong: dict[str, Any], named: str) -> None:
    file = tmp_path / "azure.json"
    file.write_text(json.dumps(CHOICES | {"alerting": TELLING | wrong}))
    with pytest.raises(InvalidInputError, match=named):
        read_azure(file)


@pytest.mark.parametrize("address", ["ops", "ops@example", "a@b.c,d@e.f", "a b@c.de", "@example.org"])
def test_an_alarm_is_mailed_to_addresses_only(tmp_path: Any, address: str) -> None:
    file = tmp_path / "azure.json"
    file.write_text(json.dumps(CHOICES | {"alarm_mails": [address]}))
    with pytest.raises(InvalidInputError, match="alarm_mails"):
        read_azure(file)
