"""Listing models: filter, sort and page by queries on listings, never by a scan."""

from __future__ import annotations

from typing import Final

from pydantic import Field

from syndic.errors import InvalidInputError
from syndic.models import Moment, Noun, RegisteredModel, slug
from syndic.ports import Store
from syndic.records import MODELS, NAME_LENGTH, filter_word, filter_words, name_place, newest_place
from syndic.registry.versions.narrowing import Narrowing

FILTERS: Final = ("owner", "stage", "risk", "status", "presence", "cloud")  # what usually leaves the fewest, first
SORTS: Final = {"name": (".by_name", name_place), "newest": (".newest", newest_place)}
MOST = 100
LOOKED_AT = 300  # records read at most for one page where no listing answers the whole question


class ShownModel(RegisteredModel):
    """A model as it is answered, with the age of what is known of it."""

    mirrored_at: Moment | None = Field(
        default=None, description="everything that the model's cloud had then is known here; null: it runs here"
    )


class ModelPage(Noun):
    """Some models and, when there may be more, the token that continues after them."""

    models: tuple[ShownModel, ...]
    next_token: str | None = None


def list_page(
    store: Store,
    *,
    filters: dict[str, str] | None = None,
    sort: str = "name",
    descending: bool = False,
    begins: str | None = None,
    text: str | None = None,
    domain: str | None = None,
    narrowing: Narrowing | None = None,
    limit: int = 50,
    token: str | None = None,
) -> ModelPage:
    """One page of models, after at most four queries of the store however many models there are.

    One filter in either order, and `begins` in the order of names, are answered by a listing alone. Further filters,
    `text` (a part of the name) and `domain` are looked at in what the listing holds, at most `LOOKED_AT` records a
    page: such a page may be short, even empty, although more follow. Go on with the token, which is the place of the
    last record looked at. A `narrowing` reads twice more for each of these queries.

    Raises:
        InvalidInputError: An unknown filter or sort, or a limit out of range.
    """
    filters = {name: value for name, value in (filters or {}).items() if value}
    _check(filters, sort, limit)
    words = {name: filter_word(value) if name == "owner" else value for name, value in filters.items()}
    first = next((name for name in FILTERS if name in words), None)
    order, place = SORTS[sort]
    partition = MODELS + (f".{first}.{words.pop(first)}" if first else "") + order
    prefix = slug(begins)[:NAME_LENGTH] if begins and sort == "name" else ""
    exact = not (words or text or domain or narrowing) and (begins is None or bool(prefix))
    newest_first = sort == "newest" and not descending
    backwards = newest_first or (sort == "name" and descending)
    found: list[RegisteredModel] = []
    looked_at, inner = 0, None
    while True:
        page = store.query(
            partition,
            prefix=prefix,
            start=None if backwards or token is None else token + "!",  # the first possible place after the token
            end=token if backwards else None,
            descending=backwards,
            limit=limit if exact else MOST,
            token=inner,
        )
        models = [ShownModel.model_validate(record.body) for record in page.records]
        matching = [one for one in models if _matches(one, words, begins, text, domain)]
        kept = {one.id for one in (narrowing.of(matching, store) if narrowing else matching)}
        for model in models:
            looked_at += 1
            if model.id in kept:
                found.append(model)
            if len(found) == limit or looked_at == LOOKED_AT:
                return ModelPage(models=tuple(found), next_token=place(model))
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


def _matches(
    model: RegisteredModel, words: dict[str, str], begins: str | None, text: str | None, domain: str | None
) -> bool:
    held = filter_words(model)
    if any(word not in held[name] for name, word in words.items()):
        return False
    if domain is not None and (model.domain or "").strip().casefold() != domain.strip().casefold():
        return False
    if begins is not None and not _begins(model.name, begins):
        return False
    return text is None or text.casefold() in model.name.casefold()


def _begins(name: str, start: str) -> bool:
    """Whether a name begins so, whatever the case and punctuation; scripts without a slug are compared as they are."""
    short = slug(start)
    return slug(name).startswith(short) if short else name.casefold().startswith(start.casefold())
