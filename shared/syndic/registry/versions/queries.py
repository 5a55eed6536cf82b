"""Reading versions: one, all of a model, a page of them."""

from __future__ import annotations

from collections.abc import Iterator

from syndic.errors import NotFoundError
from syndic.models import Noun
from syndic.ports import Store
from syndic.records import get_model, iterate
from syndic.registry.keys import partition, version_key
from syndic.registry.models import ModelVersion


def get_version(store: Store, model_id: str, version: str) -> ModelVersion:
    """A version. Raises `NotFoundError`."""
    record = store.get(version_key(model_id, version))
    if record is None:
        raise NotFoundError(f"model {model_id} has no version {version!r}")
    return ModelVersion.model_validate(record.body)


def list_versions(store: Store, model_id: str) -> Iterator[ModelVersion]:
    """Every version of a model, by name."""
    for record in iterate(store, partition(model_id), prefix="version."):
        yield ModelVersion.model_validate(record.body)


class VersionPage(Noun):
    """Some versions and, when there may be more, the token that continues after them."""

    versions: tuple[ModelVersion, ...]
    next_token: str | None = None


def page_versions(
    store: Store, model_id: str, *, descending: bool = False, limit: int = 50, token: str | None = None
) -> VersionPage:
    """A page of a model's versions, by name. Raises `NotFoundError` when there is no such model."""
    get_model(store, model_id)
    page = store.query(partition(model_id), prefix="version.", descending=descending, limit=limit, token=token)
    found = tuple(ModelVersion.model_validate(record.body) for record in page.records)
    return VersionPage(versions=found, next_token=page.next_token)
