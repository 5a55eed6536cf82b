"""What a report would hold if it were made now, in short: nothing is kept, and no file is written."""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import Final

from pydantic import Field

from syndic.assessment import State
from syndic.errors import NotFoundError
from syndic.models import Noun, RegisteredModel
from syndic.ports import Store
from syndic.records import get_model, list_models, list_statuses
from syndic.reports.content.collect import TITLES, collect
from syndic.reports.documents.drafts import OPEN, form_of
from syndic.reports.models import MAX_MODELS, ReportKind, ReportRequest

SHOWN: Final = 20
"""Models whose states are read: the others are counted."""


class PreviewedFramework(Noun):
    """A framework in a report on a model."""

    framework_id: str
    title: str
    requirements: dict[State, int]


class PreviewedModel(Noun):
    """A model in a report."""

    id: str
    name: str
    frameworks: tuple[PreviewedFramework, ...]


class ReportPreview(Noun):
    """What a report would hold if it were made now."""

    title: str
    models: int = Field(description="that the report would be about")
    shown: tuple[PreviewedModel, ...] = Field(description="the first of them; of a draft, none")
    fields: int | None = Field(default=None, description="of a draft")
    open: tuple[str, ...] = Field(default=(), description="fields of a draft that no record fills")


def preview_report(request: ReportRequest, *, store: Store) -> ReportPreview:
    """Look at what a report would hold. Raises `NotFoundError` where one that is asked for would fail of that."""
    if request.kind is not ReportKind.COMPLIANCE:
        form = form_of(collect(request, store=store))
        fields = [(section["title"], *field) for section in form["sections"] for field in section["fields"]]
        left = tuple(f"{title}: {label}" for title, label, value, _ in fields if value == OPEN)
        return ReportPreview(title=TITLES[request.kind], models=1, shown=(), fields=len(fields), open=left)
    models = _models(request, store)
    shown = tuple(_previewed(model, request, store) for model in models[:SHOWN])
    if len(shown) == len(models) and not any(one.frameworks for one in shown):
        wanted = ", ".join(request.frameworks) or "any framework"
        raise NotFoundError(f"no model in this report was evaluated by {wanted} yet")
    return ReportPreview(title=TITLES[request.kind], models=len(models), shown=shown)


def _models(request: ReportRequest, store: Store) -> list[RegisteredModel]:
    if request.model_ids:
        return [get_model(store, model_id) for model_id in sorted(set(request.model_ids))]
    found = list(islice(list_models(store), MAX_MODELS + 1))
    if not found:
        raise NotFoundError("no model is registered")
    if len(found) > MAX_MODELS:
        raise NotFoundError(f"a report covers at most {MAX_MODELS} models; name one")
    return found


def _previewed(model: RegisteredModel, request: ReportRequest, store: Store) -> PreviewedModel:
    frameworks = tuple(
        PreviewedFramework(
            framework_id=status.framework_id,
            title=status.framework_title,
            requirements=dict(Counter(one.state for one in status.requirements)),
        )
        for status in list_statuses(store, model.id)
        if not request.frameworks or status.framework_id in request.frameworks
    )
    return PreviewedModel(id=model.id, name=model.name, frameworks=frameworks)
