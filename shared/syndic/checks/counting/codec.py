"""Counts as bytes: any of their dataclasses in MessagePack, with its arrays, deflated."""

from __future__ import annotations

import dataclasses
import typing
import zlib
from typing import Any, Final, TypeVar

import msgspec
import numpy as np
from pydantic import BaseModel

from syndic.errors import InvalidInputError

T = TypeVar("T")
_MAGIC: Final = b"SYNDIC-COUNTED 1\n"
_LEVEL: Final = 1  # kept for days and read three times: quick is worth more than small
_STRETCH: Final = 65_536  # bytes, of which the first tell whether they shrink
_LOOKED_AT: Final = 1_024
_NO_GAIN: Final = 0.9  # hashes, and what was deflated before, only cost time


def to_bytes(counted: Any) -> bytes:
    """A dataclass of counts as bytes."""
    content = _deflated(msgspec.msgpack.encode(_ordered(counted), enc_hook=_plain))
    return _MAGIC + zlib.crc32(content).to_bytes(4, "big") + content


def from_bytes(kind: type[T], data: bytes, *, where: str = "counts") -> T:
    """What `to_bytes` was given. Raises `InvalidInputError` when it is cut short or of another version."""
    content = data[len(_MAGIC) + 4 :]
    if not data.startswith(_MAGIC):
        raise InvalidInputError("these are not counts of a version that this program reads", where=where)
    if zlib.crc32(content).to_bytes(4, "big") != data[len(_MAGIC) : len(_MAGIC) + 4]:
        raise InvalidInputError("the counts are cut short or were changed", where=where)
    return msgspec.msgpack.decode(zlib.decompress(content), type=kind, dec_hook=_read)


def _deflated(content: bytes) -> bytes:
    """A zlib stream in which stretches that do not shrink are stored as they are."""
    parts = [zlib.compress(b"", _LEVEL)[:2]]
    level, deflater = -1, zlib.compressobj(_LEVEL, wbits=-zlib.MAX_WBITS)
    for start in range(0, len(content), _STRETCH):
        stretch = content[start : start + _STRETCH]
        sample = stretch[:_LOOKED_AT]
        wanted = 0 if len(zlib.compress(sample, _LEVEL)) > _NO_GAIN * len(sample) else _LEVEL
        if wanted != level:
            parts.append(deflater.flush(zlib.Z_FULL_FLUSH))  # ends at a byte, and nothing later refers back
            level, deflater = wanted, zlib.compressobj(wanted, wbits=-zlib.MAX_WBITS)
        parts.append(deflater.compress(stretch))
    parts += [deflater.flush(zlib.Z_FINISH), zlib.adler32(content).to_bytes(4, "big")]
    return b"".join(parts)


def _ordered(value: Any) -> Any:
    """The same with its sets in order: else the bytes would follow the process that counted."""
    if isinstance(value, set | frozenset):
        return sorted(value)
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {one.name: _ordered(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, dict):
        return {name: _ordered(one) for name, one in value.items()}
    return [_ordered(one) for one in value] if isinstance(value, list | tuple) else value


def _plain(value: Any) -> Any:
    if isinstance(value, np.ndarray):
        return [value.dtype.str, list(value.shape), np.ascontiguousarray(value).tobytes()]
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    raise NotImplementedError(f"counts hold no {type(value).__name__}")


def _read(kind: Any, value: Any) -> Any:
    origin = typing.get_origin(kind) or kind
    if origin is np.ndarray:
        dtype, shape, content = value
        return np.frombuffer(content, np.dtype(dtype)).reshape(shape).copy()
    return origin.model_validate(value)
