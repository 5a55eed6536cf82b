"""Lists that come in pages, read as they are needed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from typing import TYPE_CHECKING, Generic, Protocol, TypeVar

from syndic_client._async.transport import AsyncTransport
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


class AsyncPages(Generic[P, T]):
    """A list that is read page by page while it is walked through. Each walk begins anew."""

    def __init__(self, api: AsyncTransport, page: type[P], items: Callable[[P], Sequence[T]], call: Call) -> None:
        self._api, self._page, self._items, self._call = api, page, items, call

    async def pages(self) -> AsyncIterator[P]:
        """The pages as they are answered."""
        seen: set[str | None] = set()
        token: str | None = None
        while token not in seen:
            seen.add(token)
            page = await self._api.ask(self._page, self._call.page(token))
            yield page
            token = page.next_token
            if token is None:
                return
        raise UnreadableAnswerError("the list does not end: a page names one that was there before")

    async def __aiter__(self) -> AsyncIterator[T]:
        async for page in self.pages():
            for item in self._items(page):
                yield item

    async def all(self) -> list[T]:
        """Everything, in one list."""
        return [item async for item in self]

    async def first(self) -> T | None:
        """The first of the list; None when it is empty."""
        async for item in self:
            return item
        return None

    async def to_pandas(self) -> pd.DataFrame:
        """A row for each, nested fields as columns such as ``policy.version``. Raises `PandasMissingError`."""
        return frame_of(await self.all())
