"""What records of the API have in common: they are read as they are told, and know when they were read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Self, TypeVar

import msgspec

from syndic_client.errors import PandasMissingError

if TYPE_CHECKING:
    import pandas as pd

Known = TypeVar("Known")


class Word(StrEnum):
    """A word of a closed list. One that a newer server adds is kept as it is: old programs go on reading."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        word = str.__new__(cls, value)
        word._name_, word._value_ = value, value
        return word


class Record(msgspec.Struct, frozen=True, kw_only=True, dict=True):
    """One thing as the API tells it. Fields that this version does not know are passed over."""

    @property
    def etag(self) -> str | None:
        """The mark of the state in which it was read; None when it was part of a list. Changes are sent with it."""
        found: str | None = self.__dict__.get("etag")
        return found

    def with_changes(self, **fields: Any) -> Self:
        """A copy with other values, which still knows the state it was read in."""
        return read_at(msgspec.structs.replace(self, **fields), self.etag)

    def to_dict(self) -> dict[str, Any]:
        """Its fields in plain Python: dictionaries, lists, text, numbers, times."""
        plain: dict[str, Any] = msgspec.to_builtins(self, builtin_types=(dt.datetime, dt.date, dt.timedelta))
        return plain

    def to_pandas(self) -> pd.DataFrame:
        """One row, nested fields as columns such as ``policy.version``. Raises `PandasMissingError`."""
        return frame_of([self])


def read_at(record: Known, etag: str | None) -> Known:
    """The record, knowing the state it was read in."""
    if etag is not None and isinstance(record, Record):
        record.__dict__["etag"] = etag
    return record


def frame_of(records: Iterable[Record]) -> pd.DataFrame:
    """A row for each record, nested fields as columns such as ``policy.version``. Raises `PandasMissingError`."""
    try:
        import pandas as pd
    except ImportError as error:
        raise PandasMissingError("this takes pandas: pip install 'syndic-client[pandas]'") from error
    return pd.json_normalize([one.to_dict() for one in records])
