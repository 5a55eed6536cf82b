# Made from ../_async by client/generate.py: change it there.
"""Quality: broken data, and performance once labels are there."""

from __future__ import annotations

from syndic_client._sync.pages import Pages
from syndic_client._sync.transport import Transport
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import QualityHistory, QualityPoint, QualityPolicy, QualityReport


class Quality:
    """Quality of data and predictions."""

    def __init__(self, api: Transport) -> None:
        self._api = api

    def get_metrics(self, model: ModelNamed) -> QualityReport:
        """The newest report."""
        return self._api.ask(QualityReport, get("models", id_of(model), "quality"))

    def history(self, model: ModelNamed, *, page_size: int | None = None) -> Pages[QualityHistory, QualityPoint]:
        """One point a window, newest first."""
        call = get("models", id_of(model), "quality", "history", limit=page_size)
        return Pages(self._api, QualityHistory, lambda page: page.points, call)

    def get_policy(self, model: ModelNamed) -> QualityPolicy:
        """By what quality is judged."""
        return self._api.ask(QualityPolicy, get("models", id_of(model), "quality", "policy"))

    def set_policy(self, model: ModelNamed, policy: QualityPolicy) -> QualityPolicy:
        """Judge by another policy. One that was read and changed is refused if somebody else changed it meanwhile."""
        call = change("PUT", "models", id_of(model), "quality", "policy", body=policy, of=policy)
        return self._api.ask(QualityPolicy, call)
