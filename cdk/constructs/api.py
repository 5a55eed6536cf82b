"""The API: REST API behind Cognito, with throttling and access logs."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct

from cdk.nag import PACK, acknowledge

GROUPS = {
    "admin": "Everything, users included",
    "model_owner": "Register and change models, policies, attest for own models",
    "auditor": "Read everything, change nothing",
    "compliance_officer": "Read everything, sign as compliance officer",
    "data_protection_officer": "Read everything, sign as data protection officer",
    "risk_owner": "Read everything, sign as risk owner",
    "security_officer": "Read everything, sign and vote on approvals as security officer",
    "ml_engineer": "Read everything, vote on approvals as ML engineer",
    "data_scientist": "Read everything, vote on approvals as data scientist",
    "product_owner": "Read everything, vote on approvals as product owner",
    "independent_auditor": "Read everything, sign as independent auditor",
}
LOG_POLICY = "AmazonAPIGatewayPushToCloudWatchLogs"
RATE, BURST = 100, 200  # requests a second for the whole API


class Users(Construct):
    """Who may sign in, in which group."""

    def __init__(self, scope: Construct, name: str) -> None:
        super().__init__(scope, name)
        self.pool = cognito.UserPool(
            self,
            "Pool",
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(email=True, username=True),
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            password_policy=cognito.PasswordPolicy(
                min_length=12, require_digits=True, require_lowercase=True, require_symbols=True, require_uppercase=True
            ),
            mfa=cognito.Mfa.OPTIONAL,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            removal_policy=cdk.RemovalPolicy.RETAIN,
        )
        self.client = self.pool.add_client(
            "Dashboard",
            auth_flows=cognito.AuthFlow(user_password=True, user_srp=True),
            prevent_user_existence_errors=True,
            id_token_validity=cdk.Duration.hours(1),
            access_token_validity=cdk.Duration.hours(1),
            refresh_token_validity=cdk.Duration.days(1),
            generate_secret=False,
        )
        for group, description in GROUPS.items():
            cognito.CfnUserPoolGroup(
                self, f"{group.title().replace('_', '')}Group", group_name=group, user_pool_id=self.pool.user_pool_id,
                description=description,
            )  # fmt: skip
        acknowledge(
            self.pool,
            AwsSolutions_COG2="each person can turn MFA on; whether it is required is the customer's sign-in policy",
            AwsSolutions_COG3="advanced security is billed per user; the customer turns it on",
            AwsSolutions_COG8="the Plus plan is billed per user; the customer turns it on",
        )


class Api(Construct):
    """Everything under /api/v1 goes to one function; only /health needs no token."""

    def __init__(self, scope: Construct, name: str, *, users: Users, function: lambda_.IFunction) -> None:
        super().__init__(scope, name)
        access = logs.LogGroup(
            self, "Access", retention=logs.RetentionDays.ONE_YEAR, removal_policy=cdk.RemovalPolicy.DESTROY
        )
        self.rest = apigateway.RestApi(
            self,
            "Rest",
            description="Syndic",
            endpoint_types=[apigateway.EndpointType.REGIONAL],
            cloud_watch_role=True,
            cloud_watch_role_removal_policy=cdk.RemovalPolicy.RETAIN,
            binary_media_types=["application/pdf", "application/zip"],
            deploy_options=apigateway.StageOptions(
                stage_name="prod",
                throttling_rate_limit=RATE,
                throttling_burst_limit=BURST,
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
        open_to_all = v1.add_resource("health").add_method(
            "GET", integration, request_validator=validator, authorization_type=apigateway.AuthorizationType.NONE
        )
        acknowledge(
            open_to_all,
            AwsSolutions_APIG4="health is asked by load balancers and says nothing but that the API answers",
            AwsSolutions_COG4="health is asked by load balancers and says nothing but that the API answers",
        )
        v1.add_resource("{path+}").add_method(
            "ANY", integration, authorizer=authorizer, authorization_type=apigateway.AuthorizationType.COGNITO,
            request_validator=validator,
        )  # fmt: skip
        acknowledge(
            self.rest,
            AwsSolutions_APIG2="parameters are validated here; bodies by the function, which answers with the field",
            AwsSolutions_APIG3="a web ACL is billed and tuned per customer; the stage is throttled and needs a token",
        )
        cdk.Validations.of(self.rest).acknowledge(
            cdk.Acknowledgment(
                id=f"{PACK}::AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/{LOG_POLICY}]",
                reason="API Gateway's own managed policy is the documented way for it to write logs",
            )
        )
