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

from cdk.constructs.function import Function, Shape
from cdk.constructs.members import allow_members
from cdk.constructs.messaging import Messaging, Queue
from cdk.constructs.storage import READ_RECORDS, WRITE_RECORDS, Storage
from cdk.constructs.trail import allow_handing_over, allow_reading, allow_sequencing, wake
from cdk.members import READ_ENDPOINTS
from cdk.nag import acknowledge_wildcard, arn_in_findings, logical_id, place_in_findings
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
READ_RULES = (
    "s3:GetBucketObjectLockConfiguration", "s3:GetLifecycleConfiguration", "s3:GetBucketVersioning",
    "s3:GetEncryptionConfiguration",
)  # fmt: skip
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
            self.allow_captures(self.of[concern])
            if options.members:
                allow_members(self.of[concern], options.members, lists=concern == "Discovery")
        self._allow_receiving(self.of["Api"])
        self.of["Api"].function.add_environment(variable("access_log_days"), str(options.access_log_days))
        self._allow_endpoints(self.of["Discovery"])
        self._allow_packages(self.of["Registries"])
        self._allow_telling()
        self._allow_traffic(self.of["Rollouts"])
        for concern in READS_TRAIL:
            allow_reading(self.of[concern], self._storage)
        self._allow_inspecting(self.of["Compliance"])
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
        self._allow_records(function)
        if concern not in READ_ONLY | TELLS_NOBODY:
            function.allow(("events:PutEvents",), [self._bus.event_bus_arn])
        if concern not in READ_ONLY | TELLS_ONLY:
            self._allow_changes(function)
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
            ("Discovery", ("ListingRequested", "LookRequested"), 1),  # and so may a page of models
        ):
            function = self.of[concern]
            queue = messaging.queue(concern, *kinds, timeout=cdk.Duration.seconds(function.shape.timeout))
            self.queues[concern] = queue
            # The judges of a window tell of it within seconds: its model is looked at once.
            gathers = 30 if concern == "Compliance" else 0
            function.consume(queue, alarms=alarms, batch=batch, gathers=gathers)

    def _allow_records(self, function: Function) -> None:
        storage = self._storage
        function.allow(READ_RECORDS, [storage.table.table_arn])
        function.allow(("s3:GetObject", "s3:PutObject"), [storage.archive.arn_for_objects("*")])
        function.allow(("s3:ListBucket",), [storage.archive.bucket_arn])  # else a missing object is 403, not 404
        acknowledge_wildcard(
            function,
            f"Resource::{arn_in_findings(storage.archive)}/*",
            "the archive's objects have no names before they are written; the bucket is Syndic's own",
        )

    def _allow_changes(self, function: Function) -> None:
        """Change records."""
        storage = self._storage
        function.allow(WRITE_RECORDS, [storage.table.table_arn])
        # Bodies too large for the table lie here; when a record changes or goes, its old body goes too.
        function.allow(("s3:DeleteObject",), [storage.archive.arn_for_objects("overflow/*")])
        acknowledge_wildcard(
            function,
            f"Resource::{arn_in_findings(storage.archive)}/overflow/*",
            "bodies too large for the table have random names; nothing else of the archive may be deleted",
        )

    def _allow_inspecting(self, function: Function) -> None:
        """Read by which rules buckets keep what lies in them: of the captures', the archive's and the trail's."""
        buckets = [f"arn:{cdk.Aws.PARTITION}:s3:::{bucket}" for bucket in self._options.capture_buckets]
        own = (self._storage.archive, self._storage.anchors, self._storage.captures)
        function.allow(READ_RULES, [*buckets, *(bucket.bucket_arn for bucket in own)])
        for bucket in self._options.capture_buckets:
            if "*" in bucket:
                acknowledge_wildcard(
                    function,
                    f"Resource::arn:<AWS::Partition>:s3:::{bucket}",
                    "the buckets are those named when deploying, and only their configuration is read",
                )

    def allow_captures(self, function: Function) -> None:
        """Read captured traffic: only the buckets named when deploying, and what was sent to the API."""
        partition = cdk.Aws.PARTITION
        buckets = [f"arn:{partition}:s3:::{bucket}" for bucket in self._options.capture_buckets]
        own = self._storage.captures
        function.allow(("s3:ListBucket",), [*buckets, own.bucket_arn])
        function.allow(("s3:GetObject",), [*(f"{bucket}/*" for bucket in buckets), own.arn_for_objects("*")])
        if self._options.capture_keys:
            function.allow(("kms:Decrypt",), self._options.capture_keys)
        reason = "captured traffic has no names before it is written; the buckets are those named when deploying"
        acknowledge_wildcard(function, f"Resource::{arn_in_findings(own)}/*", reason)
        for bucket in self._options.capture_buckets:
            acknowledge_wildcard(function, f"Resource::arn:<AWS::Partition>:s3:::{bucket}/*", reason)
            if "*" in bucket:
                acknowledge_wildcard(function, f"Resource::arn:<AWS::Partition>:s3:::{bucket}", reason)

    def _allow_receiving(self, function: Function) -> None:
        """Keep traffic that is sent to the API, and sign addresses for more of it; not change or remove any."""
        bucket = self._storage.captures
        function.allow(("s3:PutObject",), [bucket.arn_for_objects("*")])
        function.function.add_environment(variable("received_captures"), f"s3://{bucket.bucket_name}/captures")

    def _allow_endpoints(self, function: Function) -> None:
        """Read endpoints."""
        function.allow(READ_ENDPOINTS, ["*"])
        acknowledge_wildcard(function, "Resource::*", "listing endpoints cannot be limited to some; read only")

    def _allow_packages(self, function: Function) -> None:
        """Read the model registry, and set the approval state of the packages in it."""
        function.allow(
            ("sagemaker:ListModelPackageGroups", "sagemaker:ListModelPackages", "sagemaker:DescribeModelPackage"), ["*"]
        )
        acknowledge_wildcard(function, "Resource::*", "listing packages cannot be limited to some; read only")
        region, account = place_in_findings(self)
        named = [f"{group}/*" if group != "*" else "*" for group in self._options.package_groups]
        function.allow(("sagemaker:UpdateModelPackage",), [self._sagemaker("model-package", name) for name in named])
        for name in named:
            acknowledge_wildcard(
                function,
                f"Resource::arn:<AWS::Partition>:sagemaker:{region}:{account}:model-package/{name}",
                "packages are found while running; only those of the groups that were named, and only changed",
            )

    def _sagemaker(self, resource: str, name: str) -> str:
        return str(cdk.Stack.of(self).format_arn(service="sagemaker", resource=resource, resource_name=name))

    def _allow_traffic(self, function: Function) -> None:
        """Change endpoints and their configurations, and read what CloudWatch measured of them."""
        region, account = place_in_findings(self)
        endpoints = [self._sagemaker("endpoint", name) for name in self._options.rollout_endpoints]
        configurations, made = self._sagemaker("endpoint-config", "*"), self._sagemaker("endpoint-config", "syndic-*")
        function.allow(
            ("sagemaker:DescribeEndpoint", "sagemaker:UpdateEndpoint", "sagemaker:UpdateEndpointWeightsAndCapacities"),
            endpoints,
        )
        # What was served before may have any name, and is gone back to; what is made is called so by Syndic.
        function.allow(("sagemaker:DescribeEndpointConfig", "sagemaker:UpdateEndpoint"), [configurations])
        function.allow(("sagemaker:CreateEndpointConfig",), [made, self._sagemaker("model", "*")])
        if self._options.endpoint_roles:  # a copy of a configuration names the same role as its original
            function.role.add_to_policy(
                iam.PolicyStatement(
                    actions=["iam:PassRole"],
                    resources=list(self._options.endpoint_roles),
                    conditions={"StringEquals": {"iam:PassedToService": "sagemaker.amazonaws.com"}},
                )
            )
        function.allow(("cloudwatch:GetMetricData",), ["*"])
        wild = [f"endpoint/{name}" for name in self._options.rollout_endpoints if "*" in name]
        for name in (*wild, "endpoint-config/*", "endpoint-config/syndic-*", "model/*"):
            acknowledge_wildcard(
                function,
                f"Resource::arn:<AWS::Partition>:sagemaker:{region}:{account}:{name}",
                "endpoints are found while running; only those that were named, and none is ever deleted",
            )
        acknowledge_wildcard(function, "Resource::*", "metrics have no resource to limit the reading to; read only")

    def _allow_telling(self) -> None:
        # Who subscribes, and by what, is decided at the topic; that nobody reads it unencrypted on its way, here.
        self.subscribers = sns.Topic(self, "Subscribers", enforce_ssl=True)
        for concern in TELLS_PEOPLE:
            self._allow_secrets(self.of[concern])
            self.of[concern].allow(("sns:Publish",), [self.subscribers.topic_arn])
            self.of[concern].function.add_environment(variable("alerts_topic"), self.subscribers.topic_arn)
            if self._options.mail_from:
                self._allow_mail(self.of[concern])
        if self._options.audit_mail:
            self._allow_mail(self.of["Audit"])

    def _allow_secrets(self, function: Function) -> None:
        """What receivers of alerts are reached with. A secret with a key of one's own needs that key's leave too."""
        secrets = cdk.Stack.of(self).format_arn(
            service="secretsmanager",
            resource="secret",
            resource_name="syndic/alerting/*",
            arn_format=cdk.ArnFormat.COLON_RESOURCE_NAME,
        )
        function.allow(("secretsmanager:GetSecretValue",), [secrets])
        region, account = place_in_findings(self)
        acknowledge_wildcard(
            function,
            f"Resource::arn:<AWS::Partition>:secretsmanager:{region}:{account}:secret:syndic/alerting/*",
            "people name receivers and their secrets while it runs; only what is below one path",
        )

    def _allow_mail(self, function: Function) -> None:
        identities = cdk.Stack.of(self).format_arn(service="ses", resource="identity", resource_name="*")
        function.role.add_to_policy(
            iam.PolicyStatement(
                actions=["ses:SendEmail"],
                resources=[identities],
                conditions={"StringEquals": {"ses:FromAddress": self._options.mail_from}},
            )
        )
        region, account = place_in_findings(self)
        acknowledge_wildcard(
            function,
            f"Resource::arn:<AWS::Partition>:ses:{region}:{account}:identity/*",
            "SES checks the recipient's identity too while an account is in its sandbox; one sender only",
        )

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
