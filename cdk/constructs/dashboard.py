"""The dashboard: a private bucket behind CloudFront, which serves the API under the same origin."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_apigateway as apigateway
from aws_cdk import aws_cloudfront as cloudfront
from aws_cdk import aws_cloudfront_origins as origins
from aws_cdk import aws_s3 as s3
from constructs import Construct

from cdk.headers import content_security_policy
from cdk.nag import acknowledge


class Dashboard(Construct):
    """A bucket nobody reads but CloudFront, and the distribution in front of it and of the API."""

    def __init__(self, scope: Construct, name: str, *, logs: s3.IBucket) -> None:
        super().__init__(scope, name)
        self.bucket = s3.Bucket(
            self,
            "Site",
            block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
            encryption=s3.BucketEncryption.S3_MANAGED,
            enforce_ssl=True,
            server_access_logs_bucket=logs,
            server_access_logs_prefix="dashboard/",
            removal_policy=cdk.RemovalPolicy.DESTROY,
        )
        sign_in = f"https://cognito-idp.{cdk.Stack.of(self).region}.amazonaws.com"
        headers = cloudfront.ResponseHeadersPolicy(
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
        self.distribution = cloudfront.Distribution(
            self,
            "Distribution",
            comment="Syndic dashboard",
            default_root_object="index.html",
            minimum_protocol_version=cloudfront.SecurityPolicyProtocol.TLS_V1_2_2021,
            log_bucket=logs,
            log_file_prefix="cloudfront/",
            default_behavior=cloudfront.BehaviorOptions(
                origin=origins.S3BucketOrigin.with_origin_access_control(self.bucket),
                viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.REDIRECT_TO_HTTPS,
                response_headers_policy=headers,
            ),
        )
        self._headers = headers
        acknowledge(
            self.distribution,
            AwsSolutions_CFR1="people sign in from wherever they are; access is decided by Cognito",
            AwsSolutions_CFR2="a web ACL is billed and tuned per customer; the API is throttled and needs a token",
            AwsSolutions_CFR4="without a domain of the customer CloudFront's own certificate fixes the TLS policy",
        )

    def serve(self, api: apigateway.RestApi) -> None:
        """Serve the API under /api/* of the same origin: no CORS anywhere."""
        self.distribution.add_behavior(
            "/api/*",
            origins.RestApiOrigin(api),
            viewer_protocol_policy=cloudfront.ViewerProtocolPolicy.HTTPS_ONLY,
            allowed_methods=cloudfront.AllowedMethods.ALLOW_ALL,
            cache_policy=cloudfront.CachePolicy.CACHING_DISABLED,
            origin_request_policy=cloudfront.OriginRequestPolicy.ALL_VIEWER_EXCEPT_HOST_HEADER,
            response_headers_policy=self._headers,
        )
