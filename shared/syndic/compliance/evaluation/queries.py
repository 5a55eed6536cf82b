"""What others read of compliance: statuses, their counts, and what changed when."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pydantic import Field

from syndic.assessment import FrameworkStatus, State
from syndic.compliance.keys import STATUSES, counts_key, status_partition
from syndic.models import Moment, Noun
from syndic.ports import Store
from syndic.records import ENDED, iterate, list_statuses, status_key


class HistoryEntry(Noun):
    """The states that changed at one time."""

    framework_id: str
    at: Moment
    counts: dict[str, int]
    changes: dict[str, tuple[State | None, State | None]] = Field(description="requirement id -> before, after")
    inputs_sha256: str


def status_of(store: Store, model_id: str, framework_id: str) -> FrameworkStatus | None:
    """The newest status, or None when the model was not evaluated yet."""
    record = store.get(status_key(model_id, framework_id))
    if record is None or record.body.get(ENDED):
        return None
    return FrameworkStatus.model_validate(record.body["status"])


def statuses_of(store: Store, model_id: str) -> tuple[FrameworkStatus, ...]:
    """The newest status by every framework."""
    return tuple(list_statuses(store, model_id))


def portfolio(store: Store, framework_id: str) -> Iterator[FrameworkStatus]:
    """The newest status of every model by one framework, by model id."""
    for record in iterate(store, STATUSES, prefix=f"{framework_id}."):
        yield FrameworkStatus.model_validate(record.body["status"])


def portfolio_page(
    store: Store, framework_id: str | None, *, limit: int = 50, token: str | None = None
) -> tuple[tuple[FrameworkStatus, ...], str | None]:
    """Some statuses of `portfolio`, under one framework or all, and the token for the next ones."""
    page = store.query(STATUSES, prefix=f"{framework_id}." if framework_id else "", limit=limit, token=token)
    return tuple(FrameworkStatus.model_validate(record.body["status"]) for record in page.records), page.next_token


def history(store: Store, model_id: str, framework_id: str, *, limit: int = 100) -> tuple[HistoryEntry, ...]:
    """The newest changes of states, newest first."""
    page = store.query(status_partition(model_id), prefix=f"~{framework_id}.", descending=True, limit=limit)
    return tuple(HistoryEntry.model_validate(record.body) for record in page.records)


def counts_of(store: Store, model_ids: Sequence[str]) -> dict[str, dict[State, int]]:
    """Requirements by state over all frameworks, of each model that was evaluated, in one read of the store."""
    models = {counts_key(model_id): model_id for model_id in model_ids}
    return {
        models[key]: {State(state): number for state, number in record.body["counts"].items()}
        for key, record in store.get_many(list(models)).items()
    }
