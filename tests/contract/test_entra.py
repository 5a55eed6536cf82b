"""Signing in to Azure without a stored secret."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import boto3
import pytest
from azure.core.exceptions import ClientAuthenticationError
from azure.core.pipeline.policies import RetryPolicy
from azure.identity import ManagedIdentityCredential
from botocore.stub import Stubber
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from syndic.adapters.azure.credentials import AUDIENCE, aws_federated, managed_identity
from syndic.errors import UnavailableError

TENANT = "11111111-1111-1111-1111-111111111111"
CLIENT = "22222222-2222-2222-2222-222222222222"
SCOPE = "https://storage.azure.com/.default"
ASKED = {"Audience": [AUDIENCE], "SigningAlgorithm": "RS256", "DurationSeconds": 300}


class TokenEndpoint(HTTPServer):
    """Entra's token endpoint, as far as this exchange goes: keeps what is posted."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.posted: list[tuple[str, dict[str, list[str]]]] = []
        self.refuse: str | None = None


class _Handler(BaseHTTPRequestHandler):
    server: TokenEndpoint

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.posted.append((self.path, parse_qs(content)))
        answer: dict[str, Any] = {"token_type": "Bearer", "expires_in": 3600, "access_token": "from-entra"}
        if self.server.refuse:
            answer = {"error": "invalid_client", "error_description": self.server.refuse}
        body = json.dumps(answer).encode()
        self.send_response(400 if self.server.refuse else 200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_given: Any) -> None:
        pass


def certificate(folder: Path) -> tuple[Path, Path]:
    """A certificate for 127.0.0.1 that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )
    places = folder / "certificate.pem", folder / "key.pem"
    places[0].write_bytes(made.public_bytes(serialization.Encoding.PEM))
    places[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return places


@pytest.fixture
def entra(tmp_path: Path) -> Iterator[tuple[TokenEndpoint, dict[str, Any]]]:
    """The endpoint, and the options with which a credential finds it."""
    public, private = certificate(tmp_path)
    server = TokenEndpoint()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    options = {
        "authority": f"127.0.0.1:{server.server_port}",
        "disable_instance_discovery": True,
        "connection_verify": str(public),
        "retry_total": 0,
    }
    yield server, options
    server.shutdown()
    server.server_close()


@pytest.fixture
def sts() -> Iterator[Stubber]:
    client = boto3.client("sts", region_name="eu-central-1", aws_access_key_id="x", aws_secret_access_key="x")
    with Stubber(client) as stubber:
        yield stubber
        stubber.assert_no_pending_responses()


def test_a_token_of_aws_is_exchanged_for_one_of_entra(
    entra: tuple[TokenEndpoint, dict[str, Any]], sts: Stubber
) -> None:
    server, options = entra
    answer = {"WebIdentityToken": "signed-by-aws", "Expiration": datetime.now(UTC) + timedelta(minutes=5)}
    sts.add_response("get_web_identity_token", answer, ASKED)
    credential = aws_federated(TENANT, CLIENT, sts=sts.client, **options)
    token = credential.get_token(SCOPE)
    assert token.token == "from-entra"
    ((path, form),) = server.posted
    assert path == f"/{TENANT}/oauth2/v2.0/token"
    assert form["grant_type"] == ["client_credentials"]
    assert form["client_assertion_type"] == ["urn:ietf:params:oauth:client-assertion-type:jwt-bearer"]
    assert form["client_assertion"] == ["signed-by-aws"]
    assert form["client_id"] == [CLIENT]
    assert SCOPE in form["scope"][0]
    assert "client_secret" not in form
    assert credential.get_token(SCOPE).token == "from-entra"  # kept: STS is not asked again
    assert len(server.posted) == 1


def test_entra_that_does_not_know_the_role_yet_refuses_with_its_reason(
    entra: tuple[TokenEndpoint, dict[str, Any]], sts: Stubber
) -> None:
    server, options = entra
    server.refuse = "AADSTS70021: No matching federated identity record found"
    sts.add_response("get_web_identity_token", {"WebIdentityToken": "t", "Expiration": datetime.now(UTC)}, ASKED)
    with pytest.raises(ClientAuthenticationError, match="AADSTS70021"):
        aws_federated(TENANT, CLIENT, sts=sts.client, **options).get_token(SCOPE)


def test_an_aws_account_that_gives_no_such_tokens_is_unavailable(
    entra: tuple[TokenEndpoint, dict[str, Any]], sts: Stubber
) -> None:
    server, options = entra
    sts.add_client_error(
        "get_web_identity_token", "OutboundWebIdentityFederationDisabledException", expected_params=ASKED
    )
    with pytest.raises(UnavailableError, match="OutboundWebIdentityFederationDisabled"):
        aws_federated(TENANT, CLIENT, sts=sts.client, **options).get_token(SCOPE)
    assert server.posted == []


@pytest.mark.parametrize("client_id", [None, CLIENT])
def test_in_azure_the_managed_identity_signs_in(client_id: str | None) -> None:
    assert isinstance(managed_identity(client_id), ManagedIdentityCredential)


def test_a_silent_entra_is_said_before_the_function_is_ended(sts: Stubber) -> None:
    pipeline = aws_federated(TENANT, CLIENT, sts=sts.client)._client._pipeline  # type: ignore[attr-defined]
    (retries,) = (one.total_retries for one in pipeline._impl_policies if isinstance(one, RetryPolicy))
    once = pipeline._transport.connection_config.timeout + pipeline._transport.connection_config.read_timeout
    mirror = 300  # seconds, cdk/constructs/mirror.py
    assert 4 * (1 + retries) * once < mirror, "one call of a storage client may sign in four times"
