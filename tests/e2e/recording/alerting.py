"""Rules, routes, receivers and silences as somebody may have set them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from syndic.adapters.memory import MemoryChannels
from syndic.alerting.chat.people import set_person
from syndic.alerting.models import Receiver
from syndic.alerting.models.routing import Routing, SilenceSettings
from syndic.alerting.models.rules import AlertRule
from syndic.alerting.receivers import set_receiver
from syndic.alerting.routing.kept import add_silence, set_routing
from syndic.alerting.rules.kept import set_rule

RECEIVERS = (
    {"name": "on-call", "channel": "pagerduty", "secret": "on-call", "severity": "critical"},
    {
        "name": "risk", "channel": "slack_bot", "secret": "slack-token", "severity": "medium",
        "options": {"channel": "C0123ABCD", "signing_secret": "slack-signing"},
    },
)  # fmt: skip
RULES = (
    {
        "name": "much-drift", "title": "A third of the columns drift", "severity": "high", "needed": 2, "windows": 3,
        "when": 'evidence["drift.run"].facts.share > 0.33', "matchers": ('domain="credit"',),
    },
    {"name": "no-fairness-run", "title": "No look at fairness", "absent": {"evidence": "bias.run", "after": "10d"}},
)  # fmt: skip
ROUTING = {
    "route": {
        "receiver": "owners", "group_by": ["model"], "group_wait": "30s", "group_interval": "5m",
        "routes": [
            {
                "matchers": ['severity="critical"'], "receiver": "on-call", "continue": True,
                "escalate": [{"after": "2h", "receiver": "risk", "within": "office"}],
            },
            {"matchers": ['concern=~"bias|drift"'], "receiver": "risk", "mute_time_intervals": ["nights"]},
        ],
    },
    "inhibit_rules": [
        {"source_matchers": ['concern="quality"'], "target_matchers": ['concern="drift"'], "equal": ["model"]}
    ],
    "time_intervals": [
        {
            "name": "office",
            "time_intervals": [
                {
                    "weekdays": ["monday:friday"], "location": "Europe/Berlin",
                    "times": [{"start_time": "09:00", "end_time": "17:00"}],
                }
            ],
        },
        {"name": "nights", "time_intervals": [{"times": [{"start_time": "22:00", "end_time": "24:00"}]}]},
    ],
}  # fmt: skip


def set_alerting_up(world: Any) -> None:
    """Set them in a world."""
    common = {"store": world.store, "audit": world.audit, "actor": "admin@example.com", "now": world.now()}
    for receiver in RECEIVERS:
        set_receiver(Receiver.model_validate(receiver), channels=MemoryChannels(), **common)
    for rule in RULES:
        set_rule(AlertRule.model_validate(rule), **common)
    set_routing(Routing.model_validate(ROUTING), **common)
    ends = world.now() + timedelta(days=1)
    quiet = SilenceSettings(matchers=('model_name="car-loan"',), ends_at=ends, comment="The dealer changes its prices")
    add_silence(quiet, **common)
    set_person("T0123ABCD-U0456EFGH", "ana@example.com", **common)
