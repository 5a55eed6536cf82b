"""The Azure half: a custom resource that provisions it. Only when opted in."""

from __future__ import annotations

from collections.abc import Sequence

import aws_cdk as cdk
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_s3_assets as assets
from aws_cdk import aws_stepfunctions as sfn
from aws_cdk import custom_resources as custom
from constructs import Construct

from cdk.azure.choices import Azure
from cdk.azure.names import PROVISIONER_ROLE
from cdk.azure.template import templates
from cdk.constructs.mirror import Mirror, sign_in
from cdk.nag import BASIC, PACK, acknowledge, acknowledge_wildcard, logical_id
from cdk.options import Options


class AzureHalf(Construct):
    """Provisions Azure from this deployment and tells the mirror as whom to sign in there."""

    def __init__(self, scope: Construct, name: str, *, azure: Azure, mirror: Mirror, options: Options) -> None:
        super().__init__(scope, name)
        self._options = options
        self.resource = self._provision(azure, mirror)
        mirror.told(azure_tenant_id=azure.tenant, azure_client_id=self.resource.get_att_string("mirrorClientId"))

    def _provision(self, azure: Azure, mirror: Mirror) -> cdk.CustomResource:
        role = iam.Role(
            self, "Role", role_name=PROVISIONER_ROLE, assumed_by=iam.ServicePrincipal("lambda.amazonaws.com")
        )
        sign_in(role)
        files = {name: self._template(name, text) for name, text in templates(azure).items()}
        package = assets.Asset(self, "Package", path=self._options.azure_package())
        allow_reading(role, [*files.values(), package])
        provider = self._provider(
            self._step("OnEvent", "functions.azure_stack.on_event.handler", role, mirror.layers),
            self._step("IsComplete", "functions.azure_stack.is_complete.handler", role, mirror.layers),
        )
        return cdk.CustomResource(
            self,
            "Azure",
            service_token=provider.service_token,
            resource_type="Custom::SyndicAzure",
            service_timeout=cdk.Duration.hours(1),
            properties={
                "tenant": azure.tenant,
                "client_id": azure.client_id,
                "subscription": azure.subscription,
                "resource_group": azure.resource_group,
                "location": azure.location,
                "mirror_role_arn": mirror.role.role_arn,
                "results_template": files["syndic-results"].s3_object_url,
                "stack_template": files["syndic"].s3_object_url,
                "package_template": files["syndic-package"].s3_object_url,
                "package": package.s3_object_url,
            },
        )

    def _template(self, name: str, text: str) -> assets.Asset:
        path = self._options.azure_template(name, text)
        return assets.Asset(self, name.title().replace("-", ""), path=path)

    def _step(self, name: str, handler: str, role: iam.Role, layers: list[lambda_.ILayerVersion]) -> lambda_.Function:
        group = logs.LogGroup(
            self, f"{name}Logs", retention=logs.RetentionDays.THREE_MONTHS, removal_policy=cdk.RemovalPolicy.DESTROY
        )
        group.grant_write(role)
        function = lambda_.Function(
            self,
            name,
            description=f"Provision Azure: {handler.split('.')[-2]}",
            runtime=lambda_.Runtime.PYTHON_3_13,
            architecture=lambda_.Architecture.ARM_64,
            handler=handler,
            code=lambda_.Code.from_asset(self._options.built("code"), exclude=[".inputs"]),
            layers=layers,
            memory_size=512,
            timeout=cdk.Duration.minutes(3),
            role=role,
            log_group=group,
        )
        acknowledge(function, AwsSolutions_L1="the newest runtime for which every locked package has wheels")
        return function

    def _provider(self, on_event: lambda_.Function, is_complete: lambda_.Function) -> custom.Provider:
        group = logs.LogGroup(
            self, "ProviderLogs", retention=logs.RetentionDays.THREE_MONTHS, removal_policy=cdk.RemovalPolicy.DESTROY
        )
        provider = custom.Provider(
            self,
            "Provider",
            on_event_handler=on_event,
            is_complete_handler=is_complete,
            query_interval=cdk.Duration.minutes(1),
            total_timeout=cdk.Duration.minutes(58),  # CloudFormation itself waits an hour for a custom resource
            log_group=group,
            disable_waiter_state_machine_logging=False,
            waiter_state_machine_log_options=custom.LogOptions(
                destination=logs.LogGroup(
                    self,
                    "WaiterLogs",
                    retention=logs.RetentionDays.THREE_MONTHS,
                    removal_policy=cdk.RemovalPolicy.DESTROY,
                ),
                level=sfn.LogLevel.ALL,
                include_execution_data=False,
            ),
        )
        framework = "it is the CDK's own code; its runtime is chosen by the CDK"
        acknowledge(
            provider,
            AwsSolutions_L1=framework,
            AwsSolutions_SF2="the waiter asks once a minute; its log says each answer, a trace would say no more",
        )
        cdk.Validations.of(provider).acknowledge(
            cdk.Acknowledgment(
                id=f"{PACK}::AwsSolutions-IAM4[Policy::{BASIC}]",
                reason="the CDK gives its framework functions the managed policy that only lets them write logs",
            )
        )
        acknowledge_wildcard(provider, "Resource::*", "log delivery has no resource to name")
        waited = [provider.node.find_child(f"framework-{name}") for name in ("isComplete", "onTimeout")]
        for function in (on_event, is_complete, *waited):
            acknowledge_wildcard(
                provider,
                f"Resource::<{logical_id(function)}.Arn>:*",
                "the framework may invoke any version of this one function",
            )
        return provider


def allow_reading(role: iam.Role, files: Sequence[assets.Asset]) -> None:
    """Let a role read exactly these files."""
    objects = [file.bucket.arn_for_objects(file.s3_object_key) for file in files]
    role.add_to_policy(iam.PolicyStatement(actions=["s3:GetObject"], resources=objects))
