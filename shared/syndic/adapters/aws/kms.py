"""`SigningKey` in KMS: an Ed25519 key (``ECC_NIST_EDWARDS25519``) whose private half never leaves it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from syndic.adapters.aws.errors import translated
from syndic.errors import InvalidInputError, TooLargeError

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient

MESSAGE_LIMIT: Final = 4096  # of a message that KMS signs as it is (Sign, MessageType RAW)
_SPKI: Final = bytes.fromhex("302a300506032b6570032100")  # RFC 8410: what comes before the 32 bytes of an Ed25519 key


class KmsKey:
    """A key of the function's own account.

    Args:
        client: A KMS client.
        key: Its id or ARN.
        name: The name of the log.
    """

    def __init__(self, client: KMSClient, key: str, *, name: str) -> None:
        self._client, self._key, self.name = client, key, name

    @cached_property
    def public_key(self) -> bytes:
        """The public half."""
        with translated("read the audit log's public key"):
            encoded = self._client.get_public_key(KeyId=self._key)["PublicKey"]
        if len(encoded) != 44 or not encoded.startswith(_SPKI):
            raise InvalidInputError("is no Ed25519 key (ECC_NIST_EDWARDS25519)", where=f"KMS key {self._key}")
        return encoded[len(_SPKI) :]

    def sign(self, message: bytes) -> bytes:
        """Sign a message as it is. ED25519_PH_SHA_512 would be another scheme, which no verifier of notes takes."""
        if len(message) > MESSAGE_LIMIT:
            raise TooLargeError(f"KMS signs at most {MESSAGE_LIMIT} bytes, this message has {len(message)}")
        algorithm: Any = "ED25519_SHA_512"  # newer than the stubs
        with translated("sign a checkpoint"):
            answer = self._client.sign(KeyId=self._key, Message=message, MessageType="RAW", SigningAlgorithm=algorithm)
        return answer["Signature"]
