"""Who signs in and how: the user pool, its sign-in pages, the dashboard's client, a company's own provider."""

from __future__ import annotations

import aws_cdk as cdk
from aws_cdk import aws_cognito as cognito
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from cdk.constructs.function import Function
from cdk.groups import GROUPS
from cdk.nag import acknowledge
from cdk.options import Options
from cdk.sign_in import SignIn
from syndic.settings import variable

ADMINISTER = (
    "ListUsers", "AdminCreateUser", "AdminGetUser", "AdminListGroupsForUser", "AdminAddUserToGroup",
    "AdminRemoveUserFromGroup", "AdminEnableUser", "AdminDisableUser", "AdminUserGlobalSignOut", "AdminDeleteUser",
    "AdminInitiateAuth", "AdminRespondToAuthChallenge",
)  # fmt: skip
"""What the API's function may do in the pool. It sets no password; one that scripts send it hands on and keeps not."""
INSPECT = ("ListUsers", "ListGroups", "ListUsersInGroup", "AdminGetUser", "GetUserPoolMfaConfig")
"""What the function may do that looks at accounts once a day."""
GROUPS_ATTRIBUTE = "groups"
"""Where a provider's groups are kept on a person. Only the provider and administrators write it."""
TOOLS = tuple(f"http://localhost:{port}/" for port in (8765, 8766, 8767))
"""Where `syndic sign-in` waits for the browser on a person's own machine."""

ADDRESS = cognito.StandardAttribute(required=True, mutable=True)


class Users(Construct):
    """The pool. How people sign in (by address, capitals alike) and what is required of them can never be changed."""

    def __init__(self, scope: Construct, name: str, *, options: Options) -> None:
        super().__init__(scope, name)
        self._options = options
        adopted = options.adopted.people
        self.pool: cognito.IUserPool = (
            self._make() if adopted is None else cognito.UserPool.from_user_pool_id(self, "Pool", adopted)
        )
        self._domain = self.pool.add_domain(
            "Login",
            cognito_domain=cognito.CognitoDomainOptions(domain_prefix=self._prefix()),
            managed_login_version=cognito.ManagedLoginVersion.NEWER_MANAGED_LOGIN,
        )
        self.login_url = self._domain.base_url()
        for group, description in GROUPS.items():
            cognito.CfnUserPoolGroup(
                self, f"{group.title().replace('_', '')}Group", group_name=group, user_pool_id=self.pool.user_pool_id,
                description=description,
            )  # fmt: skip
        # Apart from the dashboard's: passwords are taken by the API's function only, which counts what fails.
        self._scripts = self.pool.add_client(
            "Scripts",
            auth_flows=cognito.AuthFlow(admin_user_password=True),
            disable_o_auth=True,
            enable_token_revocation=True,
            prevent_user_existence_errors=True,
            id_token_validity=cdk.Duration.hours(1),
            access_token_validity=cdk.Duration.hours(1),
            refresh_token_validity=cdk.Duration.days(30),
            write_attributes=cognito.ClientAttributes().with_standard_attributes(email=True, fullname=True),
            generate_secret=False,
        )

    def _make(self) -> cognito.UserPool:
        pool = cognito.UserPool(
            self,
            "Pool",
            self_sign_up_enabled=False,
            sign_in_aliases=cognito.SignInAliases(email=True),
            sign_in_case_sensitive=False,
            standard_attributes=cognito.StandardAttributes(email=ADDRESS),
            custom_attributes={GROUPS_ATTRIBUTE: cognito.StringAttribute(max_len=2048, mutable=True)},
            auto_verify=cognito.AutoVerifiedAttrs(email=True),
            keep_original=cognito.KeepOriginalAttrs(email=True),  # a new address counts once it is confirmed
            account_recovery=cognito.AccountRecovery.EMAIL_ONLY,
            password_policy=cognito.PasswordPolicy(
                min_length=12,
                require_digits=True, require_lowercase=True, require_symbols=True, require_uppercase=True,
                temp_password_validity=cdk.Duration.days(7),
            ),
            # Of everybody, since a pool cannot ask it of some: admins and approvers are among them.
            mfa=cognito.Mfa.REQUIRED,
            mfa_second_factor=cognito.MfaSecondFactor(otp=True, sms=False),
            feature_plan=cognito.FeaturePlan.ESSENTIALS,
            sign_in_policy=cognito.SignInPolicy(
                allowed_first_auth_factors=cognito.AllowedFirstAuthFactors(password=True, passkey=self._passkeys)
            ),
            passkey_user_verification=cognito.PasskeyUserVerification.REQUIRED if self._passkeys else None,
            user_invitation=cognito.UserInvitationConfig(
                email_subject="Your account of Syndic",
                email_body=(
                    "Sign in to Syndic as {username} with the password {####}. It works once, within seven days; "
                    "you then choose your own and add an authenticator app."
                ),
            ),
            deletion_protection=self._options.protect,
            removal_policy=self._options.data_removal,
        )  # fmt: skip
        if self._passkeys:
            own = pool.node.default_child
            assert isinstance(own, cognito.CfnUserPool)  # noqa: S101 - what the CDK makes
            # A passkey that asks for a finger or a PIN is two factors: so it may be used although a second is required.
            own.web_authn_factor_configuration = "MULTI_FACTOR_WITH_USER_VERIFICATION"
        acknowledge(
            pool,
            AwsSolutions_COG3="advanced security is billed per user; the customer turns it on",
            AwsSolutions_COG8="the Plus plan is billed per user; the customer turns it on",
        )
        return pool

    @property
    def _passkeys(self) -> bool:
        return self._options.target != "local"  # the emulator's sign-in page knows none

    def _prefix(self) -> str:
        """Unique in the region, as it must be, and the same as long as the stack lives."""
        own = cdk.Fn.select(2, cdk.Fn.split("/", cdk.Stack.of(self).stack_id))
        return self._options.login_prefix or f"syndic-{own}"

    def client_for(self, *addresses: str) -> cognito.UserPoolClient:
        """The dashboard at these addresses: code flow with PKCE, no secret, no implicit grant."""
        sign_in, wanted = self._options.sign_in, list(dict.fromkeys(addresses))
        providers = [] if sign_in and sign_in.only else [cognito.UserPoolClientIdentityProvider.COGNITO]
        provider = None
        if sign_in is not None:
            provider = self._provider(sign_in)
            providers.append(cognito.UserPoolClientIdentityProvider.custom(sign_in.name))
        client = self.pool.add_client(
            "Dashboard",
            auth_flows=cognito.AuthFlow(user=True) if self._passkeys else None,
            o_auth=cognito.OAuthSettings(
                flows=cognito.OAuthFlows(authorization_code_grant=True, implicit_code_grant=False),
                # Not aws.cognito.signin.user.admin: with it a token could change its person's attributes.
                scopes=[cognito.OAuthScope.OPENID, cognito.OAuthScope.EMAIL, cognito.OAuthScope.PROFILE],
                callback_urls=[*wanted, *TOOLS],
                logout_urls=wanted,
            ),
            supported_identity_providers=providers,
            read_attributes=cognito.ClientAttributes().with_standard_attributes(
                email=True, email_verified=True, fullname=True
            ),
            write_attributes=self._writable(),
            enable_token_revocation=True,
            prevent_user_existence_errors=True,
            id_token_validity=cdk.Duration.hours(1),
            access_token_validity=cdk.Duration.hours(1),
            refresh_token_validity=cdk.Duration.days(30),  # a pipeline keeps one
            generate_secret=False,
        )
        if provider is not None:
            client.node.add_dependency(provider)
        if self._options.target != "local":  # the pages of the newer version show nothing without a style
            cognito.CfnManagedLoginBranding(
                self, "Style", user_pool_id=self.pool.user_pool_id, client_id=client.user_pool_client_id,
                use_cognito_provided_values=True,
            )  # fmt: skip
        return client

    def _writable(self) -> cognito.ClientAttributes:
        """What is required must be writable (aws-cdk issue 2608), and what a provider is to fill in."""
        writable = cognito.ClientAttributes().with_standard_attributes(email=True, fullname=True)
        return writable.with_custom_attributes(GROUPS_ATTRIBUTE) if self._options.sign_in else writable

    def _provider(self, sign_in: SignIn) -> cognito.UserPoolIdentityProviderOidc | cognito.UserPoolIdentityProviderSaml:
        claims, other = sign_in.claims, cognito.ProviderAttribute.other
        mapping = cognito.AttributeMapping(
            email=other(claims.email),
            email_verified=other(claims.email_verified) if claims.email_verified else None,
            fullname=other(claims.name) if claims.name else None,
            custom={f"custom:{GROUPS_ATTRIBUTE}": other(claims.groups)},
        )
        if sign_in.oidc is not None:
            secret = cdk.SecretValue.secrets_manager(sign_in.oidc.client_secret_arn)
            return cognito.UserPoolIdentityProviderOidc(
                self, "Oidc", user_pool=self.pool, name=sign_in.name, attribute_mapping=mapping,
                client_id=sign_in.oidc.client_id, client_secret=secret.unsafe_unwrap(), issuer_url=sign_in.oidc.issuer,
                scopes=list(sign_in.oidc.scopes),
            )  # fmt: skip
        assert sign_in.saml is not None  # noqa: S101 - one of the two is given
        return cognito.UserPoolIdentityProviderSaml(
            self, "Saml", user_pool=self.pool, name=sign_in.name, attribute_mapping=mapping,
            metadata=cognito.UserPoolIdentityProviderSamlMetadata.url(sign_in.saml.metadata_url),
        )  # fmt: skip

    def admitted_by(self, function: Function, dashboard: cognito.UserPoolClient) -> None:
        """Tell a function whose ID tokens it takes: those of the dashboard and of scripts. It verifies them itself."""
        apps = (dashboard.user_pool_client_id, self._scripts.user_pool_client_id)
        function.function.add_environment(variable("sign_in_apps"), ",".join(apps))
        if self._options.cloud_emulator:
            keys = f"{self._options.cloud_emulator}/{self.pool.user_pool_id}/.well-known/jwks.json"
            function.function.add_environment(variable("user_pool_keys"), keys)

    def administered_by(self, function: Function) -> None:
        """Let a function invite people, give them roles and take them away, in this pool only."""
        function.function.add_environment(variable("user_pool_id"), self.pool.user_pool_id)
        function.function.add_environment(variable("scripts_client_id"), self._scripts.user_pool_client_id)
        function.allow(tuple(f"cognito-idp:{action}" for action in ADMINISTER), [self.pool.user_pool_arn])

    def looked_up_by(self, function: Function) -> None:
        """Let a function ask whether somebody may still sign in, and with which roles."""
        function.function.add_environment(variable("user_pool_id"), self.pool.user_pool_id)
        asked = ("cognito-idp:AdminGetUser", "cognito-idp:AdminListGroupsForUser")
        function.allow(asked, [self.pool.user_pool_arn])

    def inspected_by(self, function: Function) -> None:
        """Let a function read who may sign in, in which groups and by what; it changes nobody."""
        function.function.add_environment(variable("user_pool_id"), self.pool.user_pool_id)
        function.allow(tuple(f"cognito-idp:{action}" for action in INSPECT), [self.pool.user_pool_arn])

    def map_groups(self, function: lambda_.IFunction) -> None:
        """Ask a function for the groups of everybody who is signed in by a provider."""
        assert isinstance(self.pool, cognito.UserPool)  # noqa: S101 - `read_options` takes no provider beside another's
        self.pool.add_trigger(cognito.UserPoolOperation.PRE_TOKEN_GENERATION, function)
