"""Listing models: filter, sort and page by queries on listings, never by a scan."""

from __future__ import annotations

from typing import Final

from syndic.errors import InvalidInputError
from syndic.models import Noun, RegisteredModel
from syndic.ports import Store
from syndic.records import MODELS, filter_word, newest_place

FILTERS: Final = ("status", "risk", "cloud", "owner")
SORTS: Final = ("name", "newest")
MOST = 100
LOOKED_AT = 2000  # records read at most to fill one page when more than one filter is given


class ModelPage(Noun):
    """Some models and, when there may be more, the token that continues after them."""

    models: tuple[RegisteredModel, ...]
    next_token: str | None = None


def list_page(
    store: Store,
    *,
    filters: dict[str, str] | None = None,
    sort: str = "name",
    descending: bool = False,
    text: str | None = None,
    limit: int = 50,
    token: str | None = None,
) -> ModelPage:
    """One page of models.

    One filter picks the listing; others, and `text` (a part of the name), are looked at in what it holds, at most
    `LOOKED_AT` records a page, so a page may be short although more follow: go on with the token, which is the place
    of the last record looked at.

    Raises:
        InvalidInputError: An unknown filter or sort, or a limit out of range.
    """
    filters = {name: value for name, value in (filters or {}).items() if value}
    _check(filters, sort, limit)
    if sort == "newest":
        partition, descending, rest = "models.newest", not descending, filters
    elif filters:
        name = next(name for name in ("owner", "risk", "status", "cloud") if name in filters)
        partition, rest = f"models.{name}.{_word(name, filters[name])}", {n: v for n, v in filters.items() if n != name}
    else:
        partition, rest = MODELS, {}
    found: list[RegisteredModel] = []
    start = None if descending or token is None else token + "!"  # the first possible place after the token
    end = token if descending else None
    looked_at, inner = 0, None
    while True:
        page = store.query(partition, descending=descending, start=start, end=end, limit=MOST, token=inner)
        for record in page.records:
            model = RegisteredModel.model_validate(record.body)
            looked_at += 1
            if _matches(model, rest, text):
                found.append(model)
            if len(found) == limit or looked_at == LOOKED_AT:
                return ModelPage(models=tuple(found), next_token=newest_place(model) if sort == "newest" else model.id)
        inner = page.next_token
        if inner is None:
            return ModelPage(models=tuple(found))


def _check(filters: dict[str, str], sort: str, limit: int) -> None:
    unknown = sorted(set(filters) - set(FILTERS))
    if unknown:
        raise InvalidInputError(f"no such filter; there are {', '.join(FILTERS)}", where=unknown[0])
    if sort not in SORTS:
        raise InvalidInputError(f"no such order; there are {', '.join(SORTS)}", where="sort")
    if not 1 <= limit <= MOST:
        raise InvalidInputError(f"expected 1 to {MOST}", where="limit")


def _word(name: str, value: str) -> str:
    return filter_word(value) if name == "owner" else value


def _matches(model: RegisteredModel, filters: dict[str, str], text: str | None) -> bool:
    held = {
        "status": model.compliance_status.value,
        "risk": model.risk.level.value if model.risk else "undecided",
        "cloud": model.cloud.value,
        "owner": (model.owner or "").lower(),
    }
    if any(held[name] != (value.lower() if name == "owner" else value) for name, value in filters.items()):
        return False
    return text is None or text.lower() in model.name.lower()
