"""Alarms of Azure Monitor on the function app: silence, failures, age and dead letters of queues. See azure-deploy.md.

Each is a query over what the host and the functions write to Application Insights. The functions measure their queues
themselves, on the schedule of alerting: Azure's own metric of a queue's length is an hour old and knows no age.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from cdk.azure.choices import Azure
from cdk.azure.expressions import Json, evaluated, resource, resource_id
from cdk.azure.names import Names

RULE, GROUP = "Microsoft.Insights/scheduledQueryRules", "Microsoft.Insights/actionGroups"
INSIGHTS: Final = "Microsoft.Insights/components"
TIMERS: Final = {"alerting_digest": 1, "discovery": 2, "registries": 2, "compliance_daily": 26}
"""Hours after which a timer that did not fire is silent: see `names.SCHEDULES`."""
LINES: Final = "traces | extend line = parse_json(message) | where line.metric == '{metric}'"
LONGEST: Final = 8 * 60
"""Seconds, 80 % of what a function may take (`host.json`)."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """A query whose every row is a trouble.

    Attributes:
        name: Of the rule, after ``syndic-``.
        says: What it means.
        query: In Kusto, over Application Insights.
        more_than: So many rows are no trouble yet.
        window: How far it looks back, in ISO 8601; one of those that the service takes.
        every: How often it is asked.
        severity: 0 is the gravest, 4 the least.
    """

    name: str
    says: str
    query: str
    more_than: int = 0
    window: str = "PT30M"
    every: str = "PT15M"
    severity: int = 2


def alarms_of(azure: Azure) -> tuple[Alarm, ...]:
    """The alarms, as the choices ask for them."""
    timers = ", ".join(f"'{name}', {hours}" for name, hours in TIMERS.items())
    alarms = [
        Alarm(
            "silent",
            "a timer did not fire for longer than its schedule allows",
            f"datatable(name: string, hours: int) [{timers}] | join kind=leftouter "
            "(requests | summarize last = max(timestamp) by name) on name "
            "| where isnull(last) or last < ago(hours * 1h) | project name, last",
            window="P2D",
            severity=1,
        ),
        Alarm(
            "failures",
            "functions failed three times in half an hour",
            "requests | where success == false and name !startswith 'gateway_'",
            more_than=2,
        ),
        Alarm(
            "dead-letters",
            "a message failed every try and was put aside, or lies there",
            f"{LINES.format(metric='MessagesSetAside')} and todouble(line.value) > 0 | project line.queue, line.value",
            severity=1,
        ),
        Alarm(
            "waiting",
            "a message of a queue waits for over an hour",
            f"{LINES.format(metric='OldestMessageSeconds')} and todouble(line.value) > 3600 "
            "| project line.queue, line.value",
        ),
        Alarm(
            "slow",
            f"a function took over {LONGEST} of its 600 seconds",
            f"requests | where duration > {LONGEST * 1000} | project name, duration",
        ),
    ]
    if azure.alerting is not None:
        alarms.append(
            Alarm(
                "unconfirmed",
                "a run died while it sent a message of alerts: perhaps it never left, and it is not sent again",
                f"{LINES.format(metric='MessagesUnconfirmed')} and todouble(line.value) > 0",
            )
        )
    if azure.gateway is not None:
        alarms.append(
            Alarm(
                "gateway",
                "predictions were answered with 5xx five times in half an hour",
                "requests | where name startswith 'gateway_' and toint(resultCode) >= 500",
                more_than=4,
                severity=1,
            )
        )
    return tuple(alarms)


def alarms(azure: Azure, names: Names) -> list[Json]:
    """The rules, and the group of those who are mailed. Without an address they are seen in the portal alone."""
    insights = resource_id(INSIGHTS, names.insights)
    group = resource_id(GROUP, names.alarms)
    mailed = resource(
        GROUP,
        names.alarms,
        location="Global",
        properties={
            "groupShortName": "syndic",
            "enabled": True,
            "emailReceivers": [
                {"name": f"mail-{number}", "emailAddress": address, "useCommonAlertSchema": True}
                for number, address in enumerate(azure.alarm_mails, 1)
            ],
        },
    )
    return [mailed, *(_rule(one, azure, on=insights, to=group) for one in alarms_of(azure))]


def _rule(alarm: Alarm, azure: Azure, *, on: str, to: str) -> Json:
    condition = {
        "query": alarm.query,
        "timeAggregation": "Count",
        "operator": "GreaterThan",
        "threshold": alarm.more_than,
        "failingPeriods": {"numberOfEvaluationPeriods": 1, "minFailingPeriodsToAlert": 1},
    }
    return resource(
        RULE,
        f"syndic-{alarm.name}",
        after=(on, to),
        location=azure.location,
        kind="LogAlert",
        properties={
            "displayName": f"Syndic: {alarm.name}",
            "description": alarm.says,
            "severity": alarm.severity,
            "enabled": True,
            "scopes": [evaluated(on)],
            "evaluationFrequency": alarm.every,
            "windowSize": alarm.window,
            "criteria": {"allOf": [condition]},
            "autoMitigate": True,
            "skipQueryValidation": True,  # the tables are made with the first line that is written
            "actions": {"actionGroups": [evaluated(to)]},
        },
    )
