"""The function that exchanges records with the Azure half."""

from __future__ import annotations

from aws_cdk import aws_iam as iam
from aws_cdk import aws_sns as sns
from constructs import Construct

from cdk.azure.names import ARCHIVE, MIRROR_ROLE, TABLE
from cdk.constructs.function import Shape
from cdk.constructs.functions import Functions
from cdk.nag import acknowledge_wildcard
from syndic.settings import variable

AUDIENCE = "api://AzureADTokenExchange"
TOKEN_SECONDS = 300
LAYERS = ("core", "azure")
SHAPE = Shape("functions.mirror.handler.handler", "Exchange records with Azure", 512, 300, 1, LAYERS)
RATE = "rate(5 minutes)"


class Mirror(Construct):
    """The scheduled exchange. It signs in to Azure with its own role; no secret is kept on either side."""

    def __init__(self, scope: Construct, name: str, *, functions: Functions, alarms: sns.ITopic) -> None:
        super().__init__(scope, name)
        functions.layers["azure"] = functions.layer("azure")
        self.layers = [functions.layers[layer] for layer in LAYERS]
        function = functions.add("Mirror", SHAPE, alarms=alarms, role_name=MIRROR_ROLE)
        function.watch_for("AnchorsBroken", alarms=alarms)
        functions.schedule("Mirror", RATE, "mirror.scheduled")
        sign_in(function.role)
        self.role, self._function = function.role, function.function
        self.told(azure_table_name=TABLE, azure_archive_container=ARCHIVE)

    def told(self, **settings: str) -> None:
        """Give the function settings, by field."""
        for field, value in settings.items():
            self._function.add_environment(variable(field), value)


def sign_in(role: iam.Role) -> None:
    """Let a role ask STS for a short token that only Entra takes. Whom Entra takes it for is decided there."""
    role.add_to_policy(
        iam.PolicyStatement(
            actions=["sts:GetWebIdentityToken"],
            resources=["*"],
            conditions={
                "ForAllValues:StringEquals": {"sts:IdentityTokenAudience": AUDIENCE},
                "Null": {"sts:IdentityTokenAudience": "false"},
                "NumericLessThanEquals": {"sts:DurationSeconds": TOKEN_SECONDS},
                "StringEquals": {"sts:SigningAlgorithm": "RS256"},
            },
        )
    )
    acknowledge_wildcard(role, "Resource::*", "a token is about its caller, there is no other resource; audience bound")
