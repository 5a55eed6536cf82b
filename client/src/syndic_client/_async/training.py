"""Trainings: who learnt what, and until when it counts."""

from __future__ import annotations

from typing import Unpack

from syndic_client._async.pages import AsyncPages
from syndic_client._async.transport import AsyncTransport
from syndic_client.bodies import NewTraining, WhyEnded
from syndic_client.calls import change, get, id_of
from syndic_client.schemas import Counts, Trainings, TrainingView


class AsyncTrainingRegister:
    """The register of trainings."""

    def __init__(self, api: AsyncTransport) -> None:
        self._api = api

    def list(
        self,
        *,
        person: str | None = None,
        subject: str | None = None,
        state: str | None = None,
        page_size: int | None = None,
    ) -> AsyncPages[Trainings, TrainingView]:
        """Trainings that fit every filter given."""
        call = get("trainings", person=person, subject=subject, state=state, limit=page_size)
        return AsyncPages(self._api, Trainings, lambda page: page.trainings, call)

    async def counts(self) -> Counts:
        """How many trainings are on record, and how many run out soon or have."""
        return await self._api.ask(Counts, get("trainings", "counts"))

    async def get(self, training: str | TrainingView) -> TrainingView:
        """A training."""
        return await self._api.ask(TrainingView, get("trainings", id_of(training)))

    async def record(self, *, idempotency_key: str | None = None, **fields: Unpack[NewTraining]) -> TrainingView:
        """Record that somebody took a training."""
        call = change("POST", "trainings", body=fields, key=idempotency_key)
        return await self._api.ask(TrainingView, call)

    async def end(
        self, training: str | TrainingView, *, idempotency_key: str | None = None, **fields: Unpack[WhyEnded]
    ) -> TrainingView:
        """Say that a training no longer counts, on which no assignment may rest: somebody left, or it was wrong."""
        call = change("POST", "trainings", id_of(training), "end", body=fields, of=training, key=idempotency_key)
        return await self._api.ask(TrainingView, call)
