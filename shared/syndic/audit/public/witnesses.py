"""Checkpoints go to witnesses (C2SP tlog-witness), each of whom signs only what continues what it signed before.

So whoever shows two stories to two readers needs the help of the witnesses that both of them ask for.
"""

from __future__ import annotations

import base64
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from syndic.audit.appending.inbox import Each, one_by_one
from syndic.audit.public.publish import (
    Published,
    checkpoint_path,
    keep_cosignature,
    publish_latest,
    published_key,
    read_published,
)
from syndic.audit.public.tiles import Tiles
from syndic.audit.signed.notes import Signature, read_signature
from syndic.audit.signed.policy import Witness
from syndic.audit.tree.merkle import Nodes, consistency_proof
from syndic.errors import InvalidInputError, NotFoundError, SyndicError
from syndic.ports import Archive, WitnessAnswer, WitnessRequests

log = logging.getLogger(__name__)

SIZE_TYPE: Final = "text/x.tlog.size"
_SHOWN: Final = 200
_TAKEN: Final = 200
_CONFLICT: Final = 409


@dataclass(frozen=True, slots=True)
class Answered:
    """What a witness said to a checkpoint.

    `signature` is its signature, verified; else `reason` says why there is none. `refused`: it answered, and with no
    signature. `known`: the largest size that it is known to have signed.
    """

    witness: Witness
    known: int
    signature: Signature | None = None
    reason: str = ""
    refused: bool = False


def collect_cosignatures(
    archive: Archive,
    size: int,
    witnesses: Sequence[Witness],
    *,
    requests: WitnessRequests,
    known: Mapping[str, int],
    each: Each = one_by_one,
) -> list[Answered]:
    """Ask witnesses to sign the published checkpoint of a size, keep what they sign, and publish it with that.

    Args:
        archive: Where the trail is published.
        size: Entries of the checkpoint.
        witnesses: Whom to ask.
        requests: The way to them.
        known: By id of a witness's key in hexadecimal digits, the size that it signed last.
        each: Makes several calls, one after the other or at once.
    """
    key = published_key(archive)
    if key is None:
        raise NotFoundError("no checkpoint of the audit trail was published yet")
    published = read_published(archive, checkpoint_path(size), (key,))
    nodes = Tiles(archive.get, size)
    calls = [
        partial(ask, one, published, nodes, old=known.get(one.key.id.hex(), 0), requests=requests) for one in witnesses
    ]
    answers: list[Answered] = each(calls)
    for one in answers:
        if one.signature is not None:
            keep_cosignature(archive, size, one.signature)
    if any(one.signature is not None for one in answers):
        publish_latest(archive, published)
    return answers


def ask(witness: Witness, published: Published, nodes: Nodes, *, old: int, requests: WitnessRequests) -> Answered:
    """Ask a witness to sign a checkpoint.

    Args:
        witness: Whom to ask.
        published: The checkpoint.
        nodes: The nodes of its tree.
        old: The size that the witness is believed to have signed last; it says the right one when that is wrong.
        requests: The way to it.
    """
    size = published.checkpoint.size
    old = min(old, size)
    try:
        answer = requests.add_checkpoint(witness.url, request_of(old, published, nodes), where=witness.name)
        signed = _size_in(answer)
        if signed is not None and signed > size:
            reason = f"it signed a trail of {signed} entries before: this is not all of it, or another one"
            return Answered(witness, signed, reason=reason, refused=True)
        if signed is not None and signed != old:
            old = signed
            answer = requests.add_checkpoint(witness.url, request_of(old, published, nodes), where=witness.name)
    except SyndicError as error:
        return Answered(witness, old, reason=str(error)[:_SHOWN])
    if answer.status != _TAKEN:
        return Answered(witness, old, reason=f"it answered {answer.status}", refused=answer.status < 500)
    signature = _signature_in(answer.body, witness, published)
    if signature is None:
        return Answered(witness, old, reason="it answered without a signature of its key", refused=True)
    return Answered(witness, size, signature)


def request_of(old: int, published: Published, nodes: Nodes) -> bytes:
    """The body of a request: the size signed last, the proof that the checkpoint continues it, and the checkpoint."""
    steps = consistency_proof(nodes, old, published.checkpoint.size)
    lines = [f"old {old}", *(base64.b64encode(step).decode() for step in steps)]
    return ("\n".join(lines) + f"\n\n{published.note}").encode()


def _size_in(answer: WitnessAnswer) -> int | None:
    """The size that a witness says it signed last, when it says that another one was given."""
    text = answer.body.decode("ascii", "replace").removesuffix("\n")
    if answer.status != _CONFLICT or answer.content_type.partition(";")[0].strip() != SIZE_TYPE:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 15 or (text != "0" and text[0] == "0"):
        return None
    return int(text)


def _signature_in(body: bytes, witness: Witness, published: Published) -> Signature | None:
    for line in body.decode("utf-8", "replace").split("\n"):
        try:
            found = read_signature(line)
        except InvalidInputError:
            continue
        own = (found.name, found.id) == (witness.key.name, witness.key.id)
        if own and witness.key.verifies(published.note.text.encode(), found.data):
            return found
    return None
