"""The only place here that signs in and opens clients."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

import boto3
from azure.core.exceptions import AzureError

from functions.azure_stack.arm import Arm
from functions.azure_stack.files import Assets
from functions.azure_stack.reasons import clean
from functions.azure_stack.wanted import Wanted
from functions.logs import write_json_logs
from functions.wiring.clients import CLIENT, LINKS
from syndic.adapters.azure.credentials import aws_federated
from syndic.errors import NotAllowedError, UnavailableError

if TYPE_CHECKING:
    from azure.core.credentials import TokenCredential

SCOPE = "https://management.azure.com/.default"


def azure(wanted: Wanted) -> Arm:
    """The control plane, as the identity that the bootstrap made."""
    return _arm(wanted.tenant, wanted.client_id)


@cache
def _arm(tenant: str, client_id: str) -> Arm:
    write_json_logs("INFO")
    credential = aws_federated(tenant, client_id, sts=boto3.client("sts", config=CLIENT))
    return Arm(lambda: sign_in(credential))


def sign_in(credential: TokenCredential) -> str:
    """A bearer token. A refusal may be that of a trust which Entra does not know everywhere yet, so it is one kind.

    Raises:
        NotAllowedError: AWS gave no token, or Entra did not take it.
    """
    try:
        return credential.get_token(SCOPE).token
    except (AzureError, UnavailableError) as error:
        raise NotAllowedError(f"sign in to Azure: {clean(str(error))}") from error


@cache
def files() -> Assets:
    """The deployment's files."""
    return Assets(boto3.client("s3", config=CLIENT.merge(LINKS)))


def now() -> datetime:
    """The time of this call."""
    return datetime.now(UTC)
