"""The functions, what each may do, and what starts it."""

from __future__ import annotations

import json
from collections.abc import Mapping

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as scheduler_targets
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk.constructs.function import Function, Shape, watch_throttles
from cdk.constructs.members import allow_members
from cdk.constructs.messaging import Messaging, Queue
from cdk.constructs.rights import (
    allow_captures,
    allow_changes,
    allow_endpoints,
    allow_inspecting,
    allow_mail,
    allow_packages,
    allow_receiving,
    allow_records,
    allow_secrets,
    allow_traffic,
)
from cdk.constructs.storage import Storage
from cdk.constructs.trail import allow_handing_over, allow_reading, allow_sequencing, wake
from cdk.nag import acknowledge_wildcard, logical_id
from cdk.options import Options
from syndic.settings import variable

STATS, REPORTS = ("core", "stats"), ("core", "reports")
SHAPES = {
    "Discovery": Shape("functions.discovery.handler.handler", "Find models and request due checks", 512, 300, 10),
    "Registries": Shape("functions.registries.handler.handler", "Keep model registries in step", 512, 300, 1),
    "Counter": Shape("functions.counter.handler.handler", "Read a window once and count it", 1769, 300, 10, STATS),
    "Drift": Shape("functions.drift.handler.handler", "Judge a window for drift", 1769, 180, 10, STATS),
    "Quality": Shape("functions.quality.handler.handler", "Judge data and model quality", 1769, 180, 10, STATS),
    "Bias": Shape("functions.bias.handler.handler", "Judge a window for unfair outcomes", 1769, 180, 10, STATS),
    "Compliance": Shape("functions.compliance.handler.handler", "Compute states from evidence", 512, 300, 5),
    "Alerting": Shape("functions.alerting.handler.handler", "Keep alerts and send digests", 512, 120, 2),
    "Reports": Shape("functions.reports.handler.handler", "Build reports", 1024, 120, 3, REPORTS),
    "Api": Shape("functions.api.handler.handler", "Serve the API", 1024, 29, 20, STATS),
    "Rollouts": Shape("functions.rollouts.handler.handler", "Move deployments forward", 512, 240, 1),
    "CounterPart": Shape("functions.counter.part.handler", "Count one part of a large window", 1769, 300, 20, STATS),
    "Audit": Shape("functions.audit.handler.handler", "Append to the audit trail and sign its checkpoints", 512, 60, 2),
    "CounterMerge": Shape("functions.counter.merge.handler", "Merge the counts of a large window", 1769, 300, 5, STATS),
}
SITE = Shape("functions.site.on_request.handler", "Serve the dashboard's files", 256, 10, 5)
SIGN_IN = Shape("functions.sign_in.before_token.handler", "Say which groups a provider's groups are", 256, 5, 5)
TELLS_PEOPLE = ("Alerting", "Api")
"""The API tries receivers out."""

READS_TRAIL = ("Api", "Compliance", "Reports")
"""Functions that show, verify or enclose the audit trail. The others only hand entries over."""

READ_ONLY = frozenset({"CounterPart"})
"""Functions that change no record and tell nobody anything: what they count goes to the archive."""

TELLS_ONLY = frozenset({"Counter", "CounterMerge"})
"""Functions that change no record either, and tell the judges of what they counted."""

TELLS_NOBODY = frozenset({"Predictions"})
"""Functions that change records, of which no other function has to be told."""

SCHEDULES = {
    "Discovery": ("rate(1 hour)", "discovery.scheduled"),
    "Registries": ("cron(30 * * * ? *)", "registries.scheduled"),
    "Compliance": ("cron(15 5 * * ? *)", "compliance.scheduled"),
    "Alerting": ("rate(5 minutes)", "alerting.scheduled"),
    "Rollouts": ("rate(5 minutes)", "rollouts.scheduled"),
    "Audit": ("rate(1 minute)", "audit.scheduled"),
}


class Functions(Construct):
    """All functions of the platform."""

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        storage: Storage,
        messaging: Messaging,
        alarms: sns.ITopic,
        options: Options,
    ) -> None:
        super().__init__(scope, name)
        self._storage, self._bus, self._options = storage, messaging.bus, options
        environment = {
            variable("table_name"): storage.table.table_name,
            variable("archive_bucket"): storage.archive.bucket_name,
            variable("event_bus"): messaging.bus.event_bus_name,
            variable("capture_buckets"): ",".join((*options.capture_buckets, storage.captures.bucket_name)),
            variable("audit_entries_table"): storage.entries.table_name,
            variable("audit_tree_table"): storage.tree.table_name,
            variable("audit_pending_table"): storage.pending.table_name,
            variable("audit_bucket"): storage.anchors.bucket_name,
        }
        if options.mail_from:
            environment[variable("mail_from")] = options.mail_from
        if options.mail_fallback:
            environment[variable("mail_fallback")] = options.mail_fallback
        if options.results_account:  # every function: each notes what it changes for Azure to know
            environment[variable("azure_storage_account")] = options.results_account
        watch_throttles(self, alarms)
        self.environment = environment
        self.layers = {layer: self.layer(layer) for layer in dict.fromkeys((*STATS, *REPORTS))}
        self.of: dict[str, Function] = {}
        self.queues: dict[str, Queue] = {}
        for concern, shape in SHAPES.items():
            if concern == "Audit":
                self._add(concern, shape, environment, alarms=alarms)
            else:
                self.add(concern, shape, alarms=alarms)
        for concern in ("Discovery", "Counter", "Drift", "Quality", "Bias", "Api", "CounterPart", "CounterMerge"):
            allow_captures(self.of[concern], self._storage, self._options)
            if options.members:
                allow_members(self.of[concern], options.members, lists=concern == "Discovery")
        allow_receiving(self.of["Api"], self._storage)
        self.of["Api"].function.add_environment(variable("access_log_days"), str(options.access_log_days))
        allow_endpoints(self.of["Discovery"])
        allow_packages(self.of["Registries"], self._options)
        self._allow_telling()
        allow_traffic(self.of["Rollouts"], self._options)
        for concern in READS_TRAIL:
            allow_reading(self.of[concern], self._storage)
        allow_inspecting(self.of["Compliance"], self._storage, self._options)
        allow_sequencing(self.of["Audit"], self._storage, options)
        wake(self, self.of["Audit"], self._storage)
        self._consume(messaging, alarms)
        self.of["Alerting"].watch_for("MessagesUnconfirmed", alarms=alarms)
        self._rates: dict[str, str] = {}
        for concern, (rate, event) in SCHEDULES.items():
            self.schedule(concern, rate, event)
            self.of[concern].watch(hours=24 if "5 * *" in rate else 2, alarms=alarms)

    def add(self, concern: str, shape: Shape, *, alarms: sns.ITopic, role_name: str | None = None) -> Function:
        """A function that may read and write records and tell the bus."""
        function = self._add(concern, shape, self.environment, alarms=alarms, role_name=role_name)
        allow_records(function, self._storage)
        if concern not in READ_ONLY | TELLS_NOBODY:
            function.allow(("events:PutEvents",), [self._bus.event_bus_arn])
        if concern not in READ_ONLY | TELLS_ONLY:
            allow_changes(function, self._storage)
            allow_handing_over(function, self._storage)
        return function

    def add_apart(self, concern: str, shape: Shape, environment: Mapping[str, str], *, alarms: sns.ITopic) -> Function:
        """A function that has nothing to do with records: it may do and knows only what it is given."""
        return self._add(concern, shape, environment, alarms=alarms)

    def _add(
        self,
        concern: str,
        shape: Shape,
        environment: Mapping[str, str],
        *,
        alarms: sns.ITopic,
        role_name: str | None = None,
    ) -> Function:
        self.of[concern] = Function(
            self, concern, shape=shape, options=self._options, layers=self.layers, environment=environment,
            alarms=alarms, role_name=role_name, shares=[one.concurrency for one in SHAPES.values()],
        )  # fmt: skip
        return self.of[concern]

    def tell_address(self, url: str) -> None:
        """Say where the dashboard is. Only to the one that writes messages: what serves the API knows the API."""
        url = self._options.dashboard_url or url
        self.of["Alerting"].function.add_environment(variable("dashboard_url"), url.rstrip("/"))

    def layer(self, name: str) -> lambda_.LayerVersion:
        """A layer that layers/build.py built."""
        return lambda_.LayerVersion(
            self,
            f"{name.capitalize()}Layer",
            code=lambda_.Code.from_asset(self._options.built(name), exclude=[".inputs"]),
            compatible_runtimes=[lambda_.Runtime.PYTHON_3_13],
            compatible_architectures=[lambda_.Architecture.ARM_64],
            description=f"Syndic {name} packages, locked by uv.lock",
        )

    def _consume(self, messaging: Messaging, alarms: sns.ITopic) -> None:
        for concern in ("Drift", "Quality", "Bias"):
            function = self.of[concern]
            timeout = cdk.Duration.seconds(function.shape.timeout)
            # What an earlier release asked for is read by the judge itself.
            queue = messaging.queue(concern, "WindowCounted", "CheckRequested", check=concern.lower(), timeout=timeout)
            function.consume(queue, alarms=alarms)
        for concern, kinds, batch in (
            ("Counter", ("CountRequested",), 1),  # one window may take all the time a call has
            ("Compliance", ("EvidenceChanged", "DailyStepRequested"), 10),
            ("Alerting", ("FindingsChanged",), 10),
            ("Reports", ("ReportRequested",), 1),  # one report may take all the time a call has
            ("Discovery", ("ListingRequested", "LookRequested", "JobsRequested"), 1),  # and so may a page of models
        ):
            function = self.of[concern]
            queue = messaging.queue(concern, *kinds, timeout=cdk.Duration.seconds(function.shape.timeout))
            self.queues[concern] = queue
            # The judges of a window tell of it within seconds: its model is looked at once.
            gathers = 30 if concern == "Compliance" else 0
            function.consume(queue, alarms=alarms, batch=batch, gathers=gathers)

    def _allow_telling(self) -> None:
        # Who subscribes, and by what, is decided at the topic; that nobody reads it unencrypted on its way, here.
        self.subscribers = sns.Topic(self, "Subscribers", enforce_ssl=True)
        for concern in TELLS_PEOPLE:
            allow_secrets(self.of[concern])
            self.of[concern].allow(("sns:Publish",), [self.subscribers.topic_arn])
            self.of[concern].function.add_environment(variable("alerts_topic"), self.subscribers.topic_arn)
            if self._options.mail_from:
                allow_mail(self.of[concern], self._options)
        if self._options.audit_mail:
            allow_mail(self.of["Audit"], self._options)

    def schedule(self, concern: str, rate: str, event: str) -> None:
        """Call a function regularly, and let the API tell of it."""
        function = self.of[concern]
        self._rates[concern] = rate
        told = json.dumps(self._rates, sort_keys=True)
        self.of["Api"].function.add_environment(variable("schedules"), told)
        scheduler.Schedule(
            self,
            f"{concern}Schedule",
            schedule=scheduler.ScheduleExpression.expression(rate, cdk.TimeZone.ETC_UTC),
            target=scheduler_targets.LambdaInvoke(
                function.function,
                dead_letter_queue=function.dead,
                input=scheduler.ScheduleTargetInput.from_object({"type": event}),
                max_event_age=cdk.Duration.hours(1),
                retry_attempts=3,
            ),
            description=f"{event} {rate}",
        )
        for child in cdk.Stack.of(self).node.children:
            if isinstance(child, iam.Role) and child.node.id.startswith("SchedulerRoleForTarget"):
                reason = "the scheduler may invoke any version of this one function"
                acknowledge_wildcard(child, f"Resource::<{logical_id(function.function)}.Arn>:*", reason)
