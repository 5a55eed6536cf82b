"""The CDK app. Synthesises without credentials; account and region come from the environment at deploy time.

Context, each with its meaning in docs/deploy.md:
    target           release (aarch64, Python 3.13) or local (the local cloud); default release
    capture_buckets  comma-separated bucket names or patterns the functions may read; default sagemaker-*
    capture_keys     ARNs of the KMS keys with which captured data is encrypted
    endpoint_roles   ARNs of the execution roles that endpoint configurations name
    mail_from        verified SES sender of alerts; without it no mail is sent
    mail_fallback    who is told of models without an owner
    dashboard_url    address of the dashboard in messages; default: where it is served
    site             cloudfront or api: what serves the dashboard; default cloudfront
    lambda_quota     simultaneous executions of the account; enough of them are reserved, few are shared out
    keep_data        no: records, archive, logs and people go with the stack
    protect          yes: the table and the user pool refuse to be deleted by anybody (`make deploy` says so)
    api_log_role     existing: API Gateway's role to write logs is the account's own
    login_prefix     first part of the sign-in page's address
    sign_in          a JSON file that names an external OIDC or SAML provider
    stack            name of the stack, for more than one in an account; default Syndic
    domain           own name of dashboard and API; certificate: its ARN in ACM
    web_acls         ARNs of web ACLs: a global one for CloudFront, a regional one for the API
    subnets          ids of subnets in which the functions run; security_groups: theirs
    adopt            a JSON file of what an earlier stack left or a backup brought back (StaysAfterDestroy)
    data_key         ARN of the KMS key that encrypts records, archive and traffic; default: keys of AWS
    tags             key=value,key=value on everything that can have tags
    member_accounts  ids of other accounts whose endpoints are found, or `organisation` (docs/accounts.md)
    member_regions   in which of their regions; member_role, member_external_id: how they are read
    azure            a JSON file that says where the Azure half goes (docs/azure-deploy.md); without it there is none
"""

from __future__ import annotations

import os

import aws_cdk as cdk
from cdk_nag import AwsSolutionsChecks

from cdk.options import read_name, read_options
from cdk.stack import SyndicStack


def build() -> cdk.App:
    """The app, with the security rules as a validation plugin: a violation fails the synthesis."""
    app = cdk.App()
    account, region = os.environ.get("CDK_DEFAULT_ACCOUNT"), os.environ.get("CDK_DEFAULT_REGION")
    SyndicStack(
        app,
        read_name(app),
        options=read_options(app, region=region),
        env=cdk.Environment(account=account, region=region),
    )
    cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
    return app


if __name__ == "__main__":
    build().synth()
