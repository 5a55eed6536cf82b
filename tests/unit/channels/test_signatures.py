"""Signatures of Standard Webhooks, verified by other code than that which made them."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from syndic.adapters.channels.receiving import TableOfChannels
from syndic.adapters.channels.webhook.signatures import public_key, sign
from syndic.errors import InvalidInputError
from syndic.ports import Destination
from tests.unit.channels.listening import NOW, Reply, Server
from tests.unit.channels.telling import notification

SYMMETRIC = "whsec_" + base64.b64encode(bytes(range(32))).decode()
OTHER = "whsec_" + base64.b64encode(bytes(range(1, 33))).decode()
SEED = bytes(range(100, 132))
PRIVATE = "whsk_" + base64.b64encode(SEED).decode()
PUBLISHED = (
    "whpk_" + base64.b64encode(Ed25519PrivateKey.from_private_bytes(SEED).public_key().public_bytes_raw()).decode()
)


def headers(signature: str, identity: str, at: int) -> dict[str, str]:
    return {"webhook-id": identity, "webhook-timestamp": str(at), "webhook-signature": signature}


def test_the_vector_of_the_specifications_libraries_reproduces() -> None:
    signature = sign(
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    )
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


@pytest.mark.parametrize("keys", [SYMMETRIC, f"{OTHER},{SYMMETRIC}", f"{PRIVATE},{SYMMETRIC}"])
def test_the_library_of_standard_webhooks_verifies_what_is_sent(server: Server, keys: str) -> None:
    server.reply = lambda heard: Reply(204, b"")
    now = datetime.now(UTC)
    means = server.means(secret=keys)
    means = type(means)(means.https, means.secrets, lambda: now)
    destination = Destination("webhook", "one", {"url": "https://hooks.example.org/in"})
    assert TableOfChannels(means).send(destination, notification()) == "d1"
    (heard,) = server.heard
    assert Verifier(SYMMETRIC).verify(heard.body, heard.headers)["id"] == "d1"
    with pytest.raises(WebhookVerificationError):
        Verifier(SYMMETRIC).verify(heard.body + b" ", heard.headers)


@pytest.mark.parametrize("key", [PRIVATE, "whsk_" + base64.b64encode(SEED + b"\x00" * 32).decode()])
def test_ed25519_verifies_by_the_published_key(key: str) -> None:
    body, at = b'{"a":1}', int(NOW.timestamp())
    version, _, signature = sign("m-1", at, body, key).partition(",")
    assert version == "v1a"
    known = Ed25519PublicKey.from_public_bytes(base64.b64decode(PUBLISHED.removeprefix("whpk_")))
    known.verify(base64.b64decode(signature), f"m-1.{at}.".encode() + body)
    with pytest.raises(InvalidSignature):
        known.verify(base64.b64decode(signature), f"m-2.{at}.".encode() + body)
    assert public_key(key) == PUBLISHED


@pytest.mark.parametrize(
    "key",
    [
        "",
        "word",
        "whsec_",
        "whsec_???",
        "whsec_YWJj",
        "whsk_YWJj",
        "whpk_" + "A" * 44,
        f"{SYMMETRIC},",
        "whsec_" + "A" * 88,
    ],
)
def test_a_key_of_another_form_is_refused_and_not_shown(key: str) -> None:
    with pytest.raises(InvalidInputError) as caught:
        sign("m", 1, b"", key)
    assert len(key) < 6 or key not in str(caught.value)


@pytest.mark.parametrize("identity", ["", "a.b", "a b", "a\n", "\u00e9", "a" * 129])
def test_an_id_holds_no_dot_which_separates_what_is_signed(identity: str) -> None:
    with pytest.raises(InvalidInputError):
        sign(identity, 1, b"", SYMMETRIC)
