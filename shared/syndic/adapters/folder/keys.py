"""`SigningKey` in a file: for a store of one's own. Whoever reads the file can sign."""

from __future__ import annotations

import os
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from syndic.errors import InvalidInputError, UnavailableError

NAME = "syndic.local/audit"


class FileKey:
    """An Ed25519 key in PEM (PKCS #8), readable by its owner only."""

    def __init__(self, key: Ed25519PrivateKey, *, name: str = NAME) -> None:
        self._key, self.name = key, name

    @classmethod
    def of(cls, path: Path) -> FileKey:
        """The key in a file, which is made if it is not there. Raises `InvalidInputError` when it holds another."""
        try:
            data = path.read_bytes()
        except FileNotFoundError:
            return cls._made(path)
        except OSError as error:
            raise InvalidInputError(f"cannot be read: {error.strerror}", where=str(path)) from error
        try:
            key = serialization.load_pem_private_key(data, password=None)
        except (ValueError, TypeError, UnsupportedAlgorithm) as error:
            raise InvalidInputError("holds no private key in PEM", where=str(path)) from error
        if not isinstance(key, Ed25519PrivateKey):
            raise InvalidInputError("holds another kind of key than Ed25519", where=str(path))
        return cls(key)

    @classmethod
    def _made(cls, path: Path) -> FileKey:
        key = Ed25519PrivateKey.generate()
        pem = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        try:
            with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
                file.write(pem)
        except OSError as error:
            raise UnavailableError(f"{path} cannot be written: {error.strerror}") from error
        return cls(key)

    @property
    def public_key(self) -> bytes:
        """The public half."""
        return self._key.public_key().public_bytes_raw()

    def sign(self, message: bytes) -> bytes:
        """Sign a message."""
        return self._key.sign(message)
