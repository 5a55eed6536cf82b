"""How every cloud's store packs the body of a record: small ones as text, larger ones compressed."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from typing import Any, Final

from syndic.adapters.documents import BODY_LIMIT
from syndic.errors import UnavailableError

GZIP_FROM: Final = 900
"""A store counts writes by the KB: what fits one with its key is left as text, which people can read in a console."""


@dataclass(frozen=True, slots=True)
class Packed:
    """A body ready to be stored: ASCII JSON, or its gzip form."""

    data: bytes
    compressed: bool


def pack(body: bytes) -> Packed:
    """Compress a body when that pays."""
    if len(body) < GZIP_FROM:
        return Packed(body, compressed=False)
    return Packed(gzip.compress(body, compresslevel=6, mtime=0), compressed=True)


def unpack(data: bytes) -> Any:
    """The JSON value of a compressed body."""
    stream = zlib.decompressobj(16 + zlib.MAX_WBITS)
    body = stream.decompress(data, BODY_LIMIT)
    if not stream.eof:
        raise UnavailableError("a stored body is damaged: its compressed form has no end within 8 MiB")
    return json.loads(body)
