# Made from ../_async by client/generate.py: change it there.
"""Trainings: who learnt what, and until when it counts."""

from __future__ import annotations

from typing import Unpack

from syndic_client._sync.pages import Pages
from syndic_client._sync.transport import Transport
from syndic_client.bodies import NewTraining, WhyEnded
from syndic_client.calls import change, get, id_of
from syndic_client.schemas import Counts, Trainings, TrainingView


class TrainingRegister:
    """The register of trainings."""

    def __init__(self, api: Transport) -> None:
        self._api = api

    def list(
        self,
        *,
        person: str | None = None,
        subject: str | None = None,
        state: str | None = None,
        page_size: int | None = None,
    ) -> Pages[Trainings, TrainingView]:
        """Trainings that fit every filter given."""
        call = get("trainings", person=person, subject=subject, state=state, limit=page_size)
        return Pages(self._api, Trainings, lambda page: page.trainings, call)

    def counts(self) -> Counts:
        """How many trainings are on record, and how many run out soon or have."""
        return self._api.ask(Counts, get("trainings", "counts"))

    def get(self, training: str | TrainingView) -> TrainingView:
        """A training."""
        return self._api.ask(TrainingView, get("trainings", id_of(training)))

    def record(self, *, idempotency_key: str | None = None, **fields: Unpack[NewTraining]) -> TrainingView:
        """Record that somebody took a training."""
        call = change("POST", "trainings", body=fields, key=idempotency_key)
        return self._api.ask(TrainingView, call)

    def end(
        self, training: str | TrainingView, *, idempotency_key: str | None = None, **fields: Unpack[WhyEnded]
    ) -> TrainingView:
        """Say that a training no longer counts, on which no assignment may rest: somebody left, or it was wrong."""
        call = change("POST", "trainings", id_of(training), "end", body=fields, of=training, key=idempotency_key)
        return self._api.ask(TrainingView, call)
