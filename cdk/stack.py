"""The stack: composes the capabilities, nothing else."""

from __future__ import annotations

import json

import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk.constructs.api import Api
from cdk.constructs.azure import AzureHalf
from cdk.constructs.endpoint_changes import EndpointChanges
from cdk.constructs.erasure import Erasure
from cdk.constructs.functions import SIGN_IN, SITE, Functions
from cdk.constructs.large_windows import LargeWindows
from cdk.constructs.messaging import Messaging
from cdk.constructs.mirror import Mirror
from cdk.constructs.predictions import Predictions
from cdk.constructs.site import ApiSite, CloudFrontSite, Site, site_bucket, site_environment
from cdk.constructs.storage import Storage
from cdk.constructs.users import Users
from cdk.nag import acknowledge_emptying
from cdk.options import Options
from syndic.settings import variable


class SyndicStack(cdk.Stack):
    """Everything Syndic runs on AWS."""

    def __init__(self, scope: Construct, name: str, *, options: Options, env: cdk.Environment) -> None:
        super().__init__(
            scope,
            name,
            env=env,
            description="Syndic: AI governance computed from evidence",
            termination_protection=options.protect,
            tags=dict(options.tags),
        )
        storage, messaging = Storage(self, "Storage", options=options), Messaging(self, "Messaging")
        alarms = sns.Topic(self, "Alarms", enforce_ssl=True)
        users = Users(self, "Users", options=options)
        bucket = site_bucket(self, logs=storage.logs, empties=options.empties)
        functions = Functions(self, "Functions", storage=storage, messaging=messaging, alarms=alarms, options=options)
        part, merge, counter = (functions.of[name] for name in ("CounterPart", "CounterMerge", "Counter"))
        large = LargeWindows(self, "LargeWindows", archive=storage.archive, part=part, merge=merge)
        large.start_from(counter.role)
        large.give_back_to(functions.queues["Counter"])
        large.alarm(alarms)
        counter.function.add_environment(variable("map_state_machine"), large.machine.state_machine_arn)
        changes = EndpointChanges(self, "EndpointChanges", queue=functions.queues["Discovery"], members=options.members)
        if options.results_account:
            mirror = Mirror(self, "Mirror", functions=functions, alarms=alarms)
            if options.azure:
                AzureHalf(self, "Azure", azure=options.azure, mirror=mirror, options=options)
            elif options.azure_emulator:
                mirror.told(azure_storage_connection=options.azure_emulator)
        if options.sign_in:
            told = {variable("group_map"): json.dumps(options.sign_in.groups, sort_keys=True)}
            users.map_groups(functions.add_apart("SignIn", SIGN_IN, told, alarms=alarms).function)
        Erasure(
            self, "Erasure", storage=storage, messaging=messaging, functions=functions, alarms=alarms, options=options
        )
        users.administered_by(functions.of["Api"])
        users.inspected_by(functions.of["Compliance"])
        predictions = Predictions(
            self, "Predictions", storage=storage, functions=functions, users=users, alarms=alarms, options=options
        )
        api = Api(
            self,
            "Api",
            users=users,
            function=functions.of["Api"].function,
            gateway=predictions.function,
            options=options,
        )
        api.alarm(alarms)
        site: Site
        if options.site == "api":
            environment = site_environment(bucket, users.login_url)
            server = functions.add_apart("Site", SITE, environment, alarms=alarms)
            site = ApiSite(self, "Dashboard", bucket=bucket, function=server, network=options.network)
        else:
            site = CloudFrontSite(
                self,
                "Dashboard",
                bucket=bucket,
                logs=storage.logs,
                sign_in=users.login_url,
                network=options.network,
            )
        site.serve(api.rest)
        functions.tell_address(site.url)
        own = (f"{options.dashboard_url.rstrip('/')}/",) if options.dashboard_url else ()
        client = users.client_for(site.url, *own)
        for function in (functions.of["Api"], functions.of["Gateway"]):
            users.admitted_by(function, client)
        if options.empties:
            acknowledge_emptying(self)
        stays = {} if api.log_role is None else {"API Gateway's role to write logs": api.log_role}
        if options.keep_data:
            stays |= {
                "table": storage.table.table_name,
                "audit trail": storage.tree.table_name,
                "audit entries": storage.entries.table_name,
                "audit entries that wait": storage.pending.table_name,
                "audit entries that wait, stream": str(storage.pending.table_stream_arn),
                "audit checkpoints, locked": storage.anchors.bucket_name,
                "audit key": storage.key_id,
                "archive": storage.archive.bucket_name,
                "traffic that was sent to the API": storage.captures.bucket_name,
                "access logs": storage.logs.bucket_name,
                "people": users.pool.user_pool_id,
            }
        self._outputs(
            TableName=storage.table.table_name,
            ArchiveBucket=storage.archive.bucket_name,
            AuditBucket=storage.anchors.bucket_name,
            AuditTables=",".join(one.table_name for one in (storage.tree, storage.entries, storage.pending)),
            EventBus=messaging.bus.event_bus_name,
            ApiId=api.rest.rest_api_id,
            ApiUrl=api.rest.url,
            UserPoolId=users.pool.user_pool_id,
            UserPoolClientId=client.user_pool_client_id,
            LoginUrl=users.login_url,
            DashboardBucket=bucket.bucket_name,
            DashboardUrl=site.url,
            AlarmTopic=alarms.topic_arn,
            AlertsTopic=functions.subscribers.topic_arn,
            MapStateMachine=large.machine.state_machine_arn,
            CaptureBuckets=",".join(options.capture_buckets),
            ReceivedCaptures=f"s3://{storage.captures.bucket_name}/captures",
            MailFrom=options.mail_from or "none",
            StaysAfterDestroy=self.to_json_string(stays),
            **({"MemberBus": changes.bus.event_bus_arn} if changes.bus else {}),
            **({"DistributionId": site.distribution_id} if site.distribution_id else {}),
            **({"DomainTarget": site.alias_of} if options.network.domain else {}),
            **{f"{name}Function": item.function.function_name for name, item in functions.of.items()},
        )

    def _outputs(self, **values: str) -> None:
        for name, value in values.items():
            cdk.CfnOutput(self, name, value=value)
