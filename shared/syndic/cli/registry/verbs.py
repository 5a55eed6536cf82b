"""The registry as commands see it: one set of verbs, whether it is deployed behind the API or a local folder."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Protocol, TypeVar

from syndic.errors import InvalidInputError, NotFoundError
from syndic.models import ComplianceStatus, RegisteredModel
from syndic.registry.approvals.requests import RequestPage
from syndic.registry.models import (
    ApprovalPolicy,
    ApprovalRequest,
    Decision,
    GateResult,
    ModelVersion,
    RequestState,
    Stage,
    Stages,
)
from syndic.registry.sync.importer import ForeignRegistry, ImportReport
from syndic.registry.versions.catalogue import ModelPage
from syndic.registry.versions.queries import VersionPage

T = TypeVar("T")

PAGE: Final = 100
_ID = re.compile(r"[a-z0-9][a-z0-9._-]{0,127}")


class Registry(Protocol):
    """Verbs of the registry. Models are named by id. Each raises the `SyndicError` that its use case raises."""

    def register(self, name: str, owner: str | None, profile: Mapping[str, Any]) -> RegisteredModel:
        """Register a model; the same name and owner again gives the same model."""

    def describe(self, model_id: str, changes: Mapping[str, Any]) -> RegisteredModel:
        """Change what a person may say of a model."""

    def page(
        self,
        *,
        filters: Mapping[str, str] | None = None,
        sort: str = "name",
        descending: bool = False,
        text: str | None = None,
        limit: int = PAGE,
        token: str | None = None,
    ) -> ModelPage:
        """A page of models."""

    def model(self, model_id: str) -> RegisteredModel:
        """A model."""

    def decide_risk(self, model_id: str, decision: Mapping[str, Any]) -> None:
        """Decide on the risk level: level, reason, annex_iii_area, profiles_people."""

    def change_status(self, model_id: str, status: ComplianceStatus, reason: str) -> RegisteredModel:
        """Move a model one step in its compliance life."""

    def versions(self, model_id: str, *, limit: int = PAGE, token: str | None = None) -> VersionPage:
        """A page of versions."""

    def add_version(self, model_id: str, described: Mapping[str, Any]) -> ModelVersion:
        """Add a version, or replace its description. Its waivers stay."""

    def stages(self, model_id: str) -> Stages:
        """The stage of every version that has left development."""

    def gate(self, model_id: str, version: str, stage: Stage) -> GateResult:
        """Judge whether a version may reach a stage now."""

    def promote(self, model_id: str, version: str, stage: Stage, reason: str) -> Stages:
        """Move a version one step. Raises `GateRefusedError` with every unmet condition."""

    def roll_back(self, model_id: str, to: str | None, reason: str) -> Stages:
        """Return production to an earlier version."""

    def waive(self, model_id: str, version: str, condition: str, reason: str) -> ModelVersion:
        """Record why a condition need not hold for a version."""

    def policy(self, model_id: str) -> ApprovalPolicy:
        """The approval policy a model is under."""

    def choose_policy(self, model_id: str, name: str) -> ApprovalPolicy:
        """Put a model under an approval policy."""

    def request_approval(self, model_id: str, version: str, stage: Stage) -> ApprovalRequest:
        """Ask for approval; while a request stands it is returned."""

    def requests(self, model_id: str, *, limit: int = PAGE, token: str | None = None) -> RequestPage:
        """A page of approval requests, newest first."""

    def vote(self, model_id: str, request_id: str, role: str, decision: Decision, comment: str) -> ApprovalRequest:
        """Approve or reject."""

    def card(self, model_id: str, version: str, form: str) -> str:
        """A model card as text in one of the formats."""

    def data_sheet(self, model_id: str, version: str, form: str) -> str:
        """A data sheet as text in one of the formats."""

    def lineage(self, model_id: str, version: str) -> dict[str, Any]:
        """What is behind a version, as JSON."""

    def openlineage(self, model_id: str, version: str) -> dict[str, Any]:
        """The training run behind a version as an OpenLineage event."""

    def import_from(self, source: ForeignRegistry) -> ImportReport:
        """Import another registry's models."""


def find(registry: Registry, word: str) -> RegisteredModel:
    """The model of this id, or the only one of this name.

    Raises:
        NotFoundError: There is none.
        InvalidInputError: Several models have this name; the message gives their ids.
    """
    if _ID.fullmatch(word):
        try:
            return registry.model(word)
        except NotFoundError:
            pass  # then it may be a name
    named = [model for model in every_model(registry, text=word) if model.name == word]
    if not named:
        raise NotFoundError(f"no model has the id or the name {word!r}")
    if len(named) > 1:
        raise InvalidInputError(f"{len(named)} models have this name; give the id: {_some(named)}", where=word)
    return named[0]


def every_model(registry: Registry, **wanted: Any) -> Iterator[RegisteredModel]:
    """All models of a listing, page after page."""
    return _every(lambda token: _models(registry.page(**wanted, token=token)))


def every_version(registry: Registry, model_id: str) -> Iterator[ModelVersion]:
    """All versions of a model, page after page."""
    return _every(lambda token: _versions(registry.versions(model_id, token=token)))


def newest_version(registry: Registry, model_id: str) -> ModelVersion:
    """The version that was made last. Raises `NotFoundError` when there is none."""
    versions = list(every_version(registry, model_id))
    if not versions:
        raise NotFoundError(f"model {model_id} has no version; add one: syndic models versions add {model_id} VERSION")
    return max(versions, key=lambda version: version.created_at)


def pending_request(registry: Registry, model_id: str) -> str:
    """The id of the only request that waits for votes. Raises when there is none or more than one."""
    requests = _every(lambda token: _requests(registry.requests(model_id, token=token)))
    pending = [request for request in requests if request.state is RequestState.PENDING]
    if not pending:
        raise NotFoundError(f"no approval request of model {model_id} waits for votes")
    if len(pending) > 1:
        which = ", ".join(f"{one.id} (version {one.version} to {one.target})" for one in pending)
        raise InvalidInputError(f"{len(pending)} requests wait for votes, say which: {which}", where="--request")
    return pending[0].id


def _every(page: Callable[[str | None], tuple[tuple[T, ...], str | None]]) -> Iterator[T]:
    token: str | None = None
    while True:
        found, token = page(token)
        yield from found
        if token is None:
            return


def _models(page: ModelPage) -> tuple[tuple[RegisteredModel, ...], str | None]:
    return page.models, page.next_token


def _versions(page: VersionPage) -> tuple[tuple[ModelVersion, ...], str | None]:
    return page.versions, page.next_token


def _requests(page: RequestPage) -> tuple[tuple[ApprovalRequest, ...], str | None]:
    return page.requests, page.next_token


def _some(models: list[RegisteredModel]) -> str:
    return ", ".join(model.id for model in models[:5]) + (", ..." if len(models) > 5 else "")
