"""The user pool of Amazon Cognito as the directory."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from syndic.adapters.aws.errors import code_of, translate
from syndic.errors import (
    InvalidInputError,
    NotFoundError,
    NotSignedInError,
    TooOftenError,
    UnavailableError,
    UnknownReferenceError,
)
from syndic.ports import DirectoryPage, DirectoryUser, SignedIn

if TYPE_CHECKING:
    from mypy_boto3_cognito_idp import CognitoIdentityProviderClient
    from mypy_boto3_cognito_idp.type_defs import AttributeTypeTypeDef

_REFUSED = frozenset(
    {
        "NotAuthorizedException", "UserNotFoundException", "CodeMismatchException", "ExpiredCodeException",
        "PasswordResetRequiredException", "UserNotConfirmedException", "InvalidPasswordException",
    }
)  # fmt: skip
MOST = 60
"""People in one call of the pool."""


class CognitoDirectory:
    """`syndic.ports.Directory` on a user pool. Roles are groups."""

    def __init__(self, client: CognitoIdentityProviderClient, pool: str, *, app: str | None = None) -> None:
        self._client, self._pool, self._app = client, pool, app

    def sign_in(self, name: str, password: str, *, code: str | None = None) -> SignedIn:
        """Sign a person in by the pool's flow for servers: no password is tried past this API."""
        answer = self._authenticated("ADMIN_USER_PASSWORD_AUTH", USERNAME=name, PASSWORD=password)
        challenge = answer.get("ChallengeName")
        if challenge == "SOFTWARE_TOKEN_MFA" and code is not None:
            answer = self._signing_in(
                "admin_respond_to_auth_challenge", ChallengeName=challenge, Session=answer["Session"],
                ChallengeResponses={"USERNAME": name, "SOFTWARE_TOKEN_MFA_CODE": code},
            )  # fmt: skip
        elif challenge == "SOFTWARE_TOKEN_MFA":
            raise NotSignedInError("send the code of your authenticator app", code="second_factor_missing")
        elif challenge is not None:
            raise NotSignedInError(
                "sign in once in the browser: a password or an authenticator app is still to be chosen",
                code="first_sign_in_missing",
            )
        return _signed_in(answer["AuthenticationResult"])

    def renew(self, refresh_token: str) -> SignedIn:
        """A new ID token."""
        answer = self._authenticated("REFRESH_TOKEN_AUTH", REFRESH_TOKEN=refresh_token)
        return _signed_in(answer["AuthenticationResult"])

    def sign_out(self, refresh_token: str) -> None:
        """Revoke a refresh token."""
        try:
            self._client.revoke_token(Token=refresh_token, ClientId=self._own())
        except ClientError as error:
            if code_of(error) not in {*_REFUSED, "UnsupportedTokenTypeException", "InvalidParameterException"}:
                raise translate(error, "the user pool") from error
        except BotoCoreError as error:
            raise translate(error, "the user pool") from error

    def _authenticated(self, flow: str, **parameters: str) -> Any:
        return self._signing_in("admin_initiate_auth", AuthFlow=flow, AuthParameters=parameters)

    def _signing_in(self, operation: str, **arguments: Any) -> Any:
        own = self._own()
        try:
            return getattr(self._client, operation)(UserPoolId=self._pool, ClientId=own, **arguments)
        except ClientError as error:
            code = code_of(error)
            if code == "TooManyRequestsException":
                raise TooOftenError("the user pool is asked too often: try again in a minute", seconds=60) from error
            if code not in _REFUSED:
                raise translate(error, "the user pool") from error
            # One sentence for whatever is wrong: it tells nobody which addresses have an account.
            raise NotSignedInError("what was sent to sign in with is not taken", code="credentials_refused") from error
        except BotoCoreError as error:
            raise translate(error, "the user pool") from error

    def _own(self) -> str:
        if self._app is None:
            raise UnavailableError("no app of the user pool is set for scripts (SYNDIC_SCRIPTS_CLIENT_ID)")
        return self._app

    def page(self, *, limit: int = 50, token: str | None = None) -> DirectoryPage:
        """Some people, without their roles."""
        more = {} if token is None else {"PaginationToken": token}
        found = self._call("list_users", Limit=min(limit, MOST), **more)
        return DirectoryPage(tuple(_user(one) for one in found["Users"]), found.get("PaginationToken"))

    def get(self, name: str) -> DirectoryUser:
        """A person with their roles."""
        found = self._call("admin_get_user", Username=name)
        groups = self._call("admin_list_groups_for_user", Username=found["Username"], Limit=MOST)["Groups"]
        return _user(found, frozenset(group["GroupName"] for group in groups))

    def invite(self, email: str) -> DirectoryUser:
        """Make an account; the pool sends the invitation."""
        attributes: list[AttributeTypeTypeDef] = [
            {"Name": "email", "Value": email},
            {"Name": "email_verified", "Value": "true"},
        ]
        try:
            made = self._client.admin_create_user(
                UserPoolId=self._pool, Username=email, UserAttributes=attributes, DesiredDeliveryMediums=["EMAIL"]
            )
        except ClientError as error:
            if code_of(error) == "UsernameExistsException":
                return self.get(email)
            raise _translated(error, "admin_create_user") from error
        except BotoCoreError as error:
            raise translate(error, "the user pool") from error
        return _user(made["User"], frozenset())

    def set_roles(self, name: str, roles: Collection[str]) -> None:
        """Give a person exactly these groups."""
        present = self.get(name).roles
        for role in sorted(set(roles) - present):
            self._call("admin_add_user_to_group", Username=name, GroupName=role)
        for role in sorted(present - set(roles)):
            self._call("admin_remove_user_from_group", Username=name, GroupName=role)

    def set_enabled(self, name: str, *, enabled: bool) -> None:
        """Let a person sign in or not. Refresh tokens of who is disabled are revoked."""
        if enabled:
            self._call("admin_enable_user", Username=name)
            return
        self._call("admin_disable_user", Username=name)
        self._call("admin_user_global_sign_out", Username=name)

    def delete(self, name: str) -> None:
        """Remove an account."""
        try:
            self._call("admin_delete_user", Username=name)
        except NotFoundError:
            return

    def _call(self, operation: str, **arguments: Any) -> Any:
        try:
            return getattr(self._client, operation)(UserPoolId=self._pool, **arguments)
        except ClientError as error:
            raise _translated(error, operation) from error
        except BotoCoreError as error:
            raise translate(error, "the user pool") from error


def _translated(error: ClientError, operation: str) -> Exception:
    code = code_of(error)
    if code == "UserNotFoundException":
        return NotFoundError("there is no such user")
    if code == "ResourceNotFoundException" and operation.endswith("_group"):
        return UnknownReferenceError("the user pool has no such group", where="roles")
    if code == "InvalidParameterException":
        return InvalidInputError("the user pool refused a name, an address or a token", where="user")
    return translate(error, "the user pool")


def _signed_in(result: Any) -> SignedIn:
    return SignedIn(result["IdToken"], int(result.get("ExpiresIn", 3600)), result.get("RefreshToken"))


def _user(found: Any, roles: frozenset[str] = frozenset()) -> DirectoryUser:
    attributes = {
        one["Name"]: one.get("Value", "") for one in found.get("Attributes") or found.get("UserAttributes") or ()
    }
    return DirectoryUser(
        name=found["Username"],
        email=attributes.get("email", ""),
        roles=roles,
        enabled=bool(found.get("Enabled", True)),
        confirmed=found.get("UserStatus") in {"CONFIRMED", "EXTERNAL_PROVIDER"},
        address_confirmed=attributes.get("email_verified") == "true",
        made_up=found["Username"] == attributes.get("sub") or bool(attributes.get("identities")),
    )
