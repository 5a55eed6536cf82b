"""The stack: composes the capabilities, nothing else."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk.constructs.api import Api, Users
from cdk.constructs.azure import AzureHalf
from cdk.constructs.dashboard import Dashboard
from cdk.constructs.functions import Functions
from cdk.constructs.large_windows import LargeWindows
from cdk.constructs.messaging import Messaging
from cdk.constructs.mirror import Mirror
from cdk.constructs.storage import Storage
from cdk.options import Options
from syndic.settings import variable


class SyndicStack(cdk.Stack):
    """Everything Syndic runs on AWS."""

    def __init__(self, scope: Construct, name: str, *, options: Options, env: cdk.Environment) -> None:
        super().__init__(scope, name, env=env, description="Syndic: AI governance computed from evidence")
        storage, messaging = Storage(self, "Storage"), Messaging(self, "Messaging")
        alarms = sns.Topic(self, "Alarms", enforce_ssl=True)
        dashboard, users = Dashboard(self, "Dashboard", logs=storage.logs), Users(self, "Users")
        functions = Functions(
            self,
            "Functions",
            storage=storage,
            messaging=messaging,
            alarms=alarms,
            options=options,
            dashboard_url=f"https://{dashboard.distribution.distribution_domain_name}",
        )
        part, merge, drift = (functions.of[name].function for name in ("DriftPart", "DriftMerge", "Drift"))
        large = LargeWindows(self, "LargeWindows", archive=storage.archive, part=part, merge=merge)
        large.start_from(functions.of["Drift"].role)
        drift.add_environment(variable("map_state_machine"), large.machine.state_machine_arn)
        if options.results_account:
            mirror = Mirror(self, "Mirror", functions=functions, alarms=alarms)
            if options.azure:
                AzureHalf(self, "Azure", azure=options.azure, mirror=mirror, options=options)
            elif options.azure_emulator:
                mirror.told(azure_storage_connection=options.azure_emulator)
        api = Api(self, "Api", users=users, function=functions.of["Api"].function)
        dashboard.serve(api.rest)
        self._outputs(
            TableName=storage.table.table_name,
            ArchiveBucket=storage.archive.bucket_name,
            EventBus=messaging.bus.event_bus_name,
            ApiId=api.rest.rest_api_id,
            ApiUrl=api.rest.url,
            UserPoolId=users.pool.user_pool_id,
            UserPoolClientId=users.client.user_pool_client_id,
            DashboardBucket=dashboard.bucket.bucket_name,
            DashboardUrl=f"https://{dashboard.distribution.distribution_domain_name}",
            DistributionId=dashboard.distribution.distribution_id,
            AlarmTopic=alarms.topic_arn,
            MapStateMachine=large.machine.state_machine_arn,
            **{f"{name}Function": item.function.function_name for name, item in functions.of.items()},
        )

    def _outputs(self, **values: str) -> None:
        for name, value in values.items():
            cdk.CfnOutput(self, name, value=value)
