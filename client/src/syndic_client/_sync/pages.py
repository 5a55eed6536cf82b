# Made from ../_async by client/generate.py: change it there.
"""Lists that come in pages, read as they are needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from syndic_client._sync.transport import Transport
from syndic_client.calls import Call
from syndic_client.errors import UnreadableAnswerError
from syndic_client.records import Record, frame_of

if TYPE_CHECKING:
    import pandas as pd


class Paged(Protocol):
    """A page that knows the next one."""

    @property
    def next_token(self) -> str | None:
        """What continues the list; None at its end."""


P = TypeVar("P", bound=Paged)
T = TypeVar("T", bound=Record)


class Pages(Generic[P, T]):
    """A list that is read page by page while it is walked through. Each walk begins anew."""

    def __init__(self, api: Transport, page: type[P], items: Callable[[P], Sequence[T]], call: Call) -> None:
        self._api, self._page, self._items, self._call = api, page, items, call

    def pages(self) -> Iterator[P]:
        """The pages as they are answered."""
        seen: set[str | None] = set()
        token: str | None = None
        while token not in seen:
            seen.add(token)
            page = self._api.ask(self._page, self._call.page(token))
            yield page
            token = page.next_token
            if token is None:
                return
        raise UnreadableAnswerError("the list does not end: a page names one that was there before")

    def __iter__(self) -> Iterator[T]:
        for page in self.pages():
            for item in self._items(page):
                yield item

    def all(self) -> list[T]:
        """Everything, in one list."""
        return [item for item in self]

    def first(self) -> T | None:
        """The first of the list; None when it is empty."""
        for item in self:
            return item
        return None

    def to_pandas(self) -> pd.DataFrame:
        """A row for each, nested fields as columns such as ``policy.version``. Raises `PandasMissingError`."""
        return frame_of(self.all())
