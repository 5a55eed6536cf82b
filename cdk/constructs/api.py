"""The API: REST API behind Cognito, with throttling and access logs."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from aws_cdk import aws_sns as sns
from aws_cdk import aws_wafv2 as wafv2
from constructs import Construct

from cdk.constructs.users import Users
from cdk.nag import PACK, acknowledge
from cdk.options import Options

LOG_POLICY = "AmazonAPIGatewayPushToCloudWatchLogs"
DOCUMENTATION = "the documentation says what the API is, as its published source does, and nothing of what is in it"
BY_KEY = "the function admits keys of programs by a hash, before anything else; no sign-in of a person is taken here"
SIGN_IN = "who signs in, renews or ends a sign-in has no token yet; the function counts what fails and the pool decides"
EXCHANGE = "the function verifies the token that is exchanged; it carries no sign-in of the user pool"
BY_SLACK = "Slack sends no token of ours: the function verifies its signature of each request before it reads anything"
STAGE = "prod"
RATE, BURST = 100, 200  # requests a second for the whole API
PRESSES = apigateway.MethodDeploymentOptions(throttling_rate_limit=10, throttling_burst_limit=20)
"""What anybody may send without a sign-in and costs a secret's reading is limited by itself."""


class Api(Construct):
    """Everything under /api/v1 goes to one function, predictions under /gateway to another.

    Only /health and the documentation need neither token nor signature. Keys are sent to /api/machine/v1, which is the
    same API; what is pressed in Slack comes signed to /slack.
    """

    def __init__(
        self,
        scope: Construct,
        name: str,
        *,
        users: Users,
        function: lambda_.IFunction,
        gateway: lambda_.IFunction,
        options: Options,
    ) -> None:
        super().__init__(scope, name)
        access = logs.LogGroup(
            self, "Access", retention=logs.RetentionDays.ONE_YEAR, removal_policy=cdk.RemovalPolicy.DESTROY
        )
        self.rest = apigateway.RestApi(
            self,
            "Rest",
            description="Syndic",
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            # API Gateway has one role to write logs with for all APIs of an account and region. It stays: others may
            # use it by then. A creation that failed takes its own away again.
            cloud_watch_role=options.api_log_role == "make",
            cloud_watch_role_removal_policy=(
                cdk.RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE if options.api_log_role == "make" else None
            ),
            binary_media_types=["application/pdf", "application/zip"],
            deploy_options=apigateway.StageOptions(
                stage_name=STAGE,
                throttling_rate_limit=RATE,
                throttling_burst_limit=BURST,
                method_options={"/api/v1/slack/{app}/actions/POST": PRESSES},
                logging_level=apigateway.MethodLoggingLevel.ERROR,
                data_trace_enabled=False,  # bodies may name people
                access_log_destination=apigateway.LogGroupLogDestination(access),
                access_log_format=apigateway.AccessLogFormat.json_with_standard_fields(
                    caller=False, http_method=True, ip=True, protocol=True, request_time=True, resource_path=True,
                    response_length=True, status=True, user=True,
                ),
            ),
        )  # fmt: skip
        validator = self.rest.add_request_validator("Parameters", validate_request_parameters=True)
        authorizer = apigateway.CognitoUserPoolsAuthorizer(
            self, "Authorizer", cognito_user_pools=[users.pool], results_cache_ttl=cdk.Duration.minutes(5)
        )
        integration = apigateway.LambdaIntegration(function)
        v1 = self.rest.root.add_resource("api").add_resource("v1")
        documentation = v1.add_resource("docs")
        for resource, why in (
            (v1.add_resource("health"), "health is asked by load balancers and says nothing but that the API answers"),
            (documentation, DOCUMENTATION),
            (documentation.add_resource("{file}"), DOCUMENTATION),
            (v1.add_resource("openapi.json"), DOCUMENTATION),
        ):
            open_to_all = resource.add_method(
                "GET", integration, request_validator=validator, authorization_type=apigateway.AuthorizationType.NONE
            )
            acknowledge(open_to_all, AwsSolutions_APIG4=why, AwsSolutions_COG4=why)
        # Cognito's authorizer takes no keys. Under this path the function itself admits them, and takes nothing else.
        machine = self.rest.root.get_resource("api").add_resource("machine").add_resource("v1")
        predictions = apigateway.LambdaIntegration(gateway)
        auth = v1.add_resource("auth")
        sign_ins = [(auth.add_resource(name), "POST", integration, SIGN_IN) for name in ("login", "refresh", "logout")]
        pressed = v1.add_resource("slack").add_resource("{app}").add_resource("actions")
        for resource, verb, behind, why in (
            (machine.add_resource("{path+}"), "ANY", integration, BY_KEY),
            (machine.add_resource("gateway").add_resource("{path+}"), "ANY", predictions, BY_KEY),
            (auth.add_resource("exchange"), "POST", integration, EXCHANGE),
            (pressed, "POST", integration, BY_SLACK),
            *sign_ins,
        ):
            method = resource.add_method(
                verb, behind, request_validator=validator, authorization_type=apigateway.AuthorizationType.NONE
            )
            acknowledge(method, AwsSolutions_APIG4=why, AwsSolutions_COG4=why)
        for resource, behind in (
            (v1.add_resource("{path+}"), integration),
            (v1.add_resource("gateway").add_resource("{path+}"), predictions),
        ):
            resource.add_method(
                "ANY", behind, authorizer=authorizer, authorization_type=apigateway.AuthorizationType.COGNITO,
                request_validator=validator,
            )  # fmt: skip
        acknowledge(
            self.rest,
            AwsSolutions_APIG2="parameters are validated here; bodies by the function, which answers with the field",
            AwsSolutions_APIG3="a web ACL is billed and tuned per customer; the stage is throttled and needs a token",
        )
        if options.network.api_acl:
            wafv2.CfnWebACLAssociation(
                self, "Acl", resource_arn=self.rest.deployment_stage.stage_arn, web_acl_arn=options.network.api_acl
            )
        self.log_role: str | None = None
        if options.api_log_role == "make":
            self._acknowledge_log_role()
            role = self.rest.node.find_child("CloudWatchRole")
            assert isinstance(role, iam.Role)  # noqa: S101 - what the CDK makes
            self.log_role = role.role_name

    def _acknowledge_log_role(self) -> None:
        cdk.Validations.of(self.rest).acknowledge(
            cdk.Acknowledgment(
                id=f"{PACK}::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/{LOG_POLICY}]",
                reason="API Gateway's own managed policy is the documented way for it to write logs",
            )
        )

    def alarm(self, topic: sns.ITopic) -> None:
        """Ring when the API answers 5xx: an answer of its function is no error of it."""
        failed = self.rest.metric_server_error(period=cdk.Duration.minutes(5), statistic="Sum")
        alarm = failed.create_alarm(
            self,
            "FailedAlarm",
            threshold=5,
            evaluation_periods=1,
            treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
            alarm_description="Api: it answered 5xx five times in five minutes; see docs/deploy.md for what to do",
        )
        alarm.add_alarm_action(actions.SnsAction(topic))
