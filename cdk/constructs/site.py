"""Where the dashboard is served: CloudFront, or the API itself for accounts that have no CloudFront."""

from __future__ import annotations

from typing import Protocol

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_certificatemanager as acm
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk.constructs.api import STAGE
from cdk.constructs.function import Function
from cdk.headers import HEADERS, content_security_policy
from cdk.nag import acknowledge, acknowledge_wildcard, logical_id
from cdk.network import Network
from syndic.settings import variable

# Where CloudFront delivers standard logs: the regions that every account has from the beginning. To buckets of others,
# such as af-south-1, ap-east-1, eu-south-1 and me-south-1, it does not (runbook
# AWSConfigRemediation-EnableCloudFrontAccessLogs), and new regions have all been of that kind since 2019.
LOGGED_REGIONS = (
    "ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2",
    "ca-central-1", "eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3", "sa-east-1", "us-east-1",
    "us-east-2", "us-west-1", "us-west-2",
)  # fmt: skip
LOG_PREFIX = "cloudfront/"
MOST_IN_ONE = 10  # conditions that Fn::Or takes


class Site(Protocol):
    """A place that serves the dashboard and the API under one origin."""

    @property
    def url(self) -> str:
        """Its address, with the slash at the end."""

    @property
    def alias_of(self) -> str:
        """The name to which an own domain's record has to point."""

    @property
    def distribution_id(self) -> str | None:
        """CloudFront's, or None."""

    def serve(self, api: apigateway.RestApi) -> None:
        """Serve the API too."""


def host_of(api: apigateway.RestApi) -> str:
    """The host of an API, known before anything is deployed to it."""
    return f"{api.rest_api_id}.execute-api.{cdk.Aws.REGION}.{cdk.Aws.URL_SUFFIX}"


def site_bucket(scope: Construct, *, logs: s3.IBucket, empties: bool) -> s3.Bucket:
    """The dashboard's files: made from the sources, so they go with the stack."""
    return s3.Bucket(
        scope,
        "Site",
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        encryption=s3.BucketEncryption.S3_MANAGED,
        enforce_ssl=True,
        server_access_logs_bucket=logs,
        server_access_logs_prefix="dashboard/",
        removal_policy=cdk.RemovalPolicy.DESTROY,
        auto_delete_objects=empties,
    )


class CloudFrontSite(Construct):
    """A distribution in front of a bucket that nobody else reads, and of the API."""

    def __init__(
        self, scope: Construct, name: str, *, bucket: s3.Bucket, logs: s3.IBucket, sign_in: str, network: Network
    ) -> None:
        super().__init__(scope, name)
        self._domain = network.domain
        self._headers = cloudfront.ResponseHeadersPolicy(
            self,
            "Headers",
            security_headers_behavior=cloudfront.ResponseSecurityHeadersBehavior(
                content_security_policy=cloudfront.ResponseHeadersContentSecurityPolicy(
                    content_security_policy=content_security_policy(sign_in), override=True
                ),
                content_type_options=cloudfront.ResponseHeadersContentTypeOptions(override=True),
                frame_options=cloudfront.ResponseHeadersFrameOptions(
                    frame_option=cloudfront.HeadersFrameOption.DENY, override=True
                ),
                referrer_policy=cloudfront.ResponseHeadersReferrerPolicy(
                    referrer_policy=cloudfront.HeadersReferrerPolicy.NO_REFERRER, override=True
                ),
                strict_transport_security=cloudfront.ResponseHeadersStrictTransportSecurity(
                    access_control_max_age=cdk.Duration.days(365), include_subdomains=True, override=True
                ),
            ),
        )
        self._distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment="Syndic dashboard",
            default_root_object="index.html",
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            domain_names=[network.domain] if network.domain else None,
            certificate=_certificate(self, network),
            web_acl_id=network.site_acl,
            log_bucket=logs,
            log_file_prefix=LOG_PREFIX,
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.S3BucketOrigin.with_origin_access_control(bucket),
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                response_headers_policy=self._headers,
            ),
        )
        self._log_where_it_can(logs)
        acknowledge(
            self._distribution,
            AwsSolutions_CFR1="people sign in from wherever they are; access is decided by Cognito",
            AwsSolutions_CFR2="a web ACL is billed and tuned per customer; the API is throttled and needs a token",
            AwsSolutions_CFR4="without a domain of the customer CloudFront's own certificate fixes the TLS policy",
        )

    @property
    def url(self) -> str:
        """Under the customer's domain, else the distribution's own."""
        return f"https://{self._domain or self._distribution.distribution_domain_name}/"

    @property
    def alias_of(self) -> str:
        """Where the customer's domain has to lead."""
        return str(self._distribution.distribution_domain_name)

    @property
    def distribution_id(self) -> str | None:
        """For the invalidation when the dashboard is published."""
        return str(self._distribution.distribution_id)

    def serve(self, api: apigateway.RestApi) -> None:
        """Serve the API under /api/* of the same origin: no CORS anywhere."""
        self._distribution.add_behavior(
            "/api/*",
            # Not `RestApiOrigin`, which waits for the stage, and so for the function, which waits for the app that
            # people sign in by, which is told this distribution's address.
            origins.HttpOrigin(
                host_of(api),
                origin_path=f"/{STAGE}",
                protocol_policy=cloudfront.OriginProtocolPolicy.HTTPS_ONLY,
                origin_ssl_protocols=[cloudfront.OriginSslPolicy.TLS_V1_2],
            ),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            response_headers_policy=self._headers,
        )

    def _log_where_it_can(self, logs: s3.IBucket) -> None:
        """Leave logging out in other regions. The bucket's and the API's own access logs say the same of each call."""
        here = cdk.Aws.REGION
        known = [cdk.Fn.condition_equals(here, region) for region in LOGGED_REGIONS]
        parts = [known[start : start + MOST_IN_ONE] for start in range(0, len(known), MOST_IN_ONE)]
        logged = cdk.CfnCondition(
            self, "Logged", expression=cdk.Fn.condition_or(*(cdk.Fn.condition_or(*part) for part in parts))
        )
        own = self._distribution.node.default_child
        assert isinstance(own, cloudfront.CfnDistribution)  # noqa: S101 - what the CDK makes
        logging = {"Bucket": logs.bucket_regional_domain_name, "Prefix": LOG_PREFIX}
        own.add_property_override(
            "DistributionConfig.Logging",
            {"Fn::If": [cdk.Stack.of(self).get_logical_id(logged), logging, {"Ref": "AWS::NoValue"}]},
        )


class ApiSite(Construct):
    """The REST API serves the dashboard as well, by a function that sends the same headers as CloudFront would."""

    def __init__(self, scope: Construct, name: str, *, bucket: s3.Bucket, function: Function, network: Network) -> None:
        super().__init__(scope, name)
        self._function, self._api = function.function, None
        certificate = _certificate(self, network)
        self._name, self._domain = network.domain, None
        if network.domain and certificate:
            self._domain = apigateway.DomainName(
                self,
                "Domain",
                domain_name=network.domain,
                certificate=certificate,
                endpoint_type=apigateway.EndpointType.REGIONAL,
                security_policy=apigateway.SecurityPolicy.TLS_1_2,
            )
        function.allow(("s3:GetObject",), [bucket.arn_for_objects("*")])
        acknowledge_wildcard(
            function, f"Resource::<{logical_id(bucket)}.Arn>/*", "it serves every file of the dashboard, and only those"
        )

    @property
    def url(self) -> str:
        """Under the customer's domain, else the stage's address."""
        assert self._api is not None, "asked before the API was there"  # noqa: S101
        return f"https://{host_of(self._api)}/{STAGE}/" if self._name is None else f"https://{self._name}/"

    @property
    def alias_of(self) -> str:
        """Where the customer's domain has to lead; empty where there is none."""
        return "" if self._domain is None else str(self._domain.domain_name_alias_domain_name)

    @property
    def distribution_id(self) -> str | None:
        """There is none."""
        return None

    def serve(self, api: apigateway.RestApi) -> None:
        """Add the dashboard's files to the API."""
        self._api = api
        if self._domain is not None:
            self._domain.add_base_path_mapping(api, stage=api.deployment_stage)
        integration = apigateway.LambdaIntegration(self._function)
        for place in (api.root, api.root.add_resource("{file+}")):
            method = place.add_method(
                "GET", integration, authorization_type=apigateway.AuthorizationType.NONE,
                request_validator=api.node.find_child("Parameters"),
            )  # fmt: skip
            public = "the dashboard's files are the same for everybody and hold no data; its calls need a token"
            acknowledge(method, AwsSolutions_APIG4=public, AwsSolutions_COG4=public)


def _certificate(scope: Construct, network: Network) -> acm.ICertificate | None:
    if network.certificate is None:
        return None
    return acm.Certificate.from_certificate_arn(scope, "Certificate", network.certificate)


def site_environment(bucket: s3.Bucket, sign_in: str) -> dict[str, str]:
    """What the function of `ApiSite` is told: where the files are, and the policy that goes with them."""
    return {
        variable("site_bucket"): bucket.bucket_name,
        variable("site_headers"): cdk.Stack.of(bucket).to_json_string(
            {**HEADERS, "Content-Security-Policy": content_security_policy(sign_in)}
        ),
    }
