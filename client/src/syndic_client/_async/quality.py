"""Quality: broken data, and performance once labels are there."""

from __future__ import annotations

from syndic_client._async.pages import AsyncPages
from syndic_client._async.transport import AsyncTransport
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import QualityHistory, QualityPoint, QualityPolicy, QualityReport


class AsyncQuality:
    """Quality of data and predictions."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api

    async def get_metrics(self, model: ModelNamed) -> QualityReport:
        """The newest report."""
        return await self._api.ask(QualityReport, get("models", id_of(model), "quality"))

    def history(self, model: ModelNamed, *, page_size: int | None = None) -> AsyncPages[QualityHistory, QualityPoint]:
        """One point a window, newest first."""
        call = get("models", id_of(model), "quality", "history", limit=page_size)
        return AsyncPages(self._api, QualityHistory, lambda page: page.points, call)

    async def get_policy(self, model: ModelNamed) -> QualityPolicy:
        """By what quality is judged."""
        return await self._api.ask(QualityPolicy, get("models", id_of(model), "quality", "policy"))

    async def set_policy(self, model: ModelNamed, policy: QualityPolicy) -> QualityPolicy:
        """Judge by another policy. One that was read and changed is refused if somebody else changed it meanwhile."""
        call = change("PUT", "models", id_of(model), "quality", "policy", body=policy, of=policy)
        return await self._api.ask(QualityPolicy, call)
