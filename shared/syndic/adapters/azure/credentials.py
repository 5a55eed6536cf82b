"""How Syndic signs in to Azure. No secret is stored on either side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from azure.identity import ClientAssertionCredential, ManagedIdentityCredential

from syndic.errors import UnavailableError

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential
    from mypy_boto3_sts import STSClient

AUDIENCE: Final = "api://AzureADTokenExchange"
"""What Entra wants to read in a token that stands for an identity of its own."""

ASSERTION_SECONDS: Final = 300

# The client's own are 300 seconds each, longer than any function may run: a silent Entra would be a timeout that says
# nothing. Each call of a storage client that needs a token may sign in four times.
_TIMES: Final[dict[str, Any]] = {"connection_timeout": 3, "read_timeout": 20, "retry_total": 1}


def managed_identity(client_id: str | None) -> TokenCredential:
    """The identity of the function app; a user-assigned one is named by its client id."""
    return ManagedIdentityCredential(client_id=client_id)


def aws_federated(tenant_id: str, client_id: str, *, sts: STSClient, **options: Any) -> TokenCredential:
    """An Entra identity, for code that runs in AWS under a role which that identity trusts.

    AWS signs a token that names the calling role; Entra exchanges it for one of its own, when the identity has a
    federated credential with this account's issuer, the role's ARN as subject and `AUDIENCE`.

    Args:
        tenant_id: The Entra tenant.
        client_id: The client id of the identity or app registration.
        sts: A boto3 STS client of a region; the global endpoint gives no such tokens.
        options: For `ClientAssertionCredential`, such as another `authority`.
    """

    def assertion() -> str:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - only AWS has it

        try:
            answer = sts.get_web_identity_token(
                Audience=[AUDIENCE],
                SigningAlgorithm="RS256",  # Entra takes no other
                DurationSeconds=ASSERTION_SECONDS,
            )
        except (ClientError, BotoCoreError) as error:
            raise UnavailableError(f"ask STS for a web identity token: {error}") from error
        return str(answer["WebIdentityToken"])

    return ClientAssertionCredential(tenant_id, client_id, assertion, **{**_TIMES, **options})
