"""A witness as C2SP tlog-witness describes it, over real TLS and HTTP; its cryptography is another implementation's."""

from __future__ import annotations

import base64
import hashlib
import sys
from dataclasses import dataclass, field
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.unit.channels.listening import Heard, Reply

tlog: Any = pytest.importorskip("aics_tlog") if sys.version_info < (3, 12) else __import__("aics_tlog")
TIME = 1_780_000_000


@dataclass
class WitnessServer:
    """What it signed last, by log. `log_keys`: the logs that it knows."""

    name: str
    log_keys: tuple[str, ...]
    seed: int = 7
    state: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    heard: list[tuple[int, int]] = field(default_factory=list)  # old size and status of each request

    @property
    def _key(self) -> Ed25519PrivateKey:
        return Ed25519PrivateKey.from_private_bytes(bytes([self.seed]) * 32)

    @property
    def vkey(self) -> str:
        return str(tlog.format_vkey(tlog.cosignature_vkey(self.name, self._key.public_key())))

    def line(self, url: str) -> str:
        return f"witness {self.name.partition('.')[0]} {self.vkey} {url}"

    def reply(self, heard: Heard) -> Reply:
        head, _, note = heard.body.decode().partition("\n\n")
        first, *proof = head.split("\n")
        old = int(first.removeprefix("old "))
        answer = self._answer(old, [base64.b64decode(one, validate=True) for one in proof], note)
        self.heard.append((old, answer.status))
        return answer

    def _answer(self, old: int, proof: list[bytes], text: str) -> Reply:
        note = tlog.parse_note(text)
        checkpoint = tlog.parse_checkpoint(note.text)
        keys = [tlog.parse_vkey(one) for one in self.log_keys]
        own = [key for key in keys if key.name == checkpoint.origin]
        if not own:
            return Reply(404)
        if not tlog.verify_note(note, own):
            return Reply(403)
        if old > checkpoint.size:
            return Reply(400)
        size, root = self.state.get(checkpoint.origin, (0, hashlib.sha256().digest()))
        if old != size or (old == checkpoint.size and checkpoint.root != root):
            return Reply(409, f"{size}\n".encode(), {"Content-Type": "text/x.tlog.size"})
        if len(proof) > 63 or not (
            not proof
            if old in {0, checkpoint.size}
            else tlog.verify_consistency(old, checkpoint.size, root, checkpoint.root, proof)
        ):
            return Reply(422)
        self.state[checkpoint.origin] = (checkpoint.size, checkpoint.root)
        _, line = tlog.sign_cosignature(
            self._key, self.name, TIME, checkpoint.origin, checkpoint.size, checkpoint.root
        )  # fmt: skip
        return Reply(200, f"\u2014 {line.name} {base64.b64encode(line.key_id + line.signature).decode()}\n".encode())
