"""The CDK app. Synthesises without credentials; account and region come from the environment at deploy time.

Context:
    target           release (aarch64, Python 3.13) or local (the local cloud); default release
    capture_buckets  comma-separated bucket names or patterns the functions may read; default sagemaker-*
    mail_from        verified SES sender of alerts; without it no mail is sent
    mail_fallback    who is told of models without an owner
    dashboard_url    address of the dashboard in messages; default: the CloudFront domain
    azure            a JSON file that says where the Azure half goes (docs/azure-deploy.md); without it there is none
"""

from __future__ import annotations

import os

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

from cdk.options import read_options
from cdk.stack import SyndicStack


def build() -> cdk.App:
    """The app, with the security rules as a validation plugin: a violation fails the synthesis."""
    app = cdk.App()
    account, region = os.environ.get("CDK_DEFAULT_ACCOUNT"), os.environ.get("CDK_DEFAULT_REGION")
    SyndicStack(app, "Syndic", options=read_options(app), env=cdk.Environment(account=account, region=region))
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return app


if __name__ == "__main__":
    build().synth()
