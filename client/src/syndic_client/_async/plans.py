"""Monitoring plans: what runs against what is planned."""

from __future__ import annotations

from syndic_client._async.transport import AsyncTransport
from syndic_client.calls import ModelNamed, change, get, id_of
from syndic_client.schemas import MonitoringPlan, MonitoringPlans, PlanFollowing


class AsyncPlans:
    """The post-market monitoring plan of a model."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api

    async def of_model(self, model: ModelNamed) -> PlanFollowing:
        """The plan in force against what runs now."""
        return await self._api.ask(PlanFollowing, get("models", id_of(model), "monitoring-plan"))

    async def versions(self, model: ModelNamed) -> MonitoringPlans:
        """Every version of the plan, the newest first."""
        return await self._api.ask(MonitoringPlans, get("models", id_of(model), "monitoring-plans"))

    async def get(self, model: ModelNamed, plan: str) -> MonitoringPlan:
        """One version of the plan."""
        return await self._api.ask(MonitoringPlan, get("models", id_of(model), "monitoring-plans", plan))

    async def draft(
        self, model: ModelNamed, *, feedback: str | None = None, interaction: str | None = None,
        evaluation: str | None = None, action: str | None = None, idempotency_key: str | None = None,
    ) -> MonitoringPlan:  # fmt: skip
        """Draft the next version from what runs now; statements left out are those of the version before."""
        said = {"feedback": feedback, "interaction": interaction, "evaluation": evaluation, "action": action}
        body = {name: text for name, text in said.items() if text is not None}
        call = change("POST", "models", id_of(model), "monitoring-plans", body=body, key=idempotency_key)
        return await self._api.ask(MonitoringPlan, call)

    async def approve(self, model: ModelNamed, plan: str) -> MonitoringPlan:
        """Approve a draft, as a person: keys may not."""
        call = change("POST", "models", id_of(model), "monitoring-plans", plan, "approve")
        return await self._api.ask(MonitoringPlan, call)
