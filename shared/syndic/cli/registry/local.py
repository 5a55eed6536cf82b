"""The registry in a local folder: the use cases themselves. Whoever can write the folder is believed who they say."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from pydantic import BaseModel, ValidationError

from syndic.audit.log import AuditLog
from syndic.cli.registry.verbs import PAGE
from syndic.errors import InvalidInputError
from syndic.models import ComplianceStatus, RegisteredModel, RiskDecision, to_json
from syndic.ports import Store
from syndic.records import get_model
from syndic.registry.approvals.requests import (
    RequestPage,
    choose_policy,
    decide,
    page_requests,
    policy_of,
    request_approval,
)
from syndic.registry.documents.card import ModelCard, make_card
from syndic.registry.documents.data_sheet import DataSheet, make_data_sheet
from syndic.registry.documents.formats import to_cyclonedx, to_sagemaker
from syndic.registry.documents.lineage import trace_version
from syndic.registry.documents.lineage_events import openlineage_event
from syndic.registry.documents.markdown import card_markdown, data_sheet_markdown
from syndic.registry.models import (
    ApprovalPolicy,
    ApprovalRequest,
    Decision,
    GateResult,
    ModelVersion,
    Stage,
    Stages,
    Vote,
)
from syndic.registry.promotion.promote import judge_gate, promote, read_stages, roll_back, waive
from syndic.registry.sync.importer import ForeignRegistry, ImportReport, import_models
from syndic.registry.versions.catalogue import ModelPage, list_page
from syndic.registry.versions.change_version import describe_version
from syndic.registry.versions.queries import VersionPage, page_versions
from syndic.registry.versions.versions import change_model, change_status, decide_risk, register_model
from syndic.spelling import first_problem

M = TypeVar("M", bound=BaseModel)


def _html(card: ModelCard) -> str:
    from syndic.reports.documents.cards import card_html

    return card_html(to_json(card)).decode()


def _sheet_html(sheet: DataSheet) -> str:
    from syndic.reports.documents.cards import data_sheet_html

    return data_sheet_html(to_json(sheet)).decode()


CARDS: Final[dict[str, Callable[[ModelCard], str]]] = {
    "json": lambda card: card.model_dump_json(indent=2),
    "markdown": card_markdown,
    "html": _html,
    "sagemaker": lambda card: json.dumps(to_sagemaker(card), indent=2, allow_nan=False),
    "cyclonedx": lambda card: json.dumps(to_cyclonedx(card), indent=2, allow_nan=False),
}


SHEETS: Final[dict[str, Callable[[DataSheet], str]]] = {
    "json": lambda sheet: sheet.model_dump_json(indent=2),
    "markdown": data_sheet_markdown,
    "html": _sheet_html,
}


class LocalRegistry:
    """`syndic.cli.registry.verbs.Registry` on a store."""

    def __init__(self, store: Store, *, actor: str, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._store, self._audit, self._actor, self._clock = store, AuditLog(store), actor, clock

    @property
    def _common(self) -> dict[str, Any]:
        return {"store": self._store, "audit": self._audit, "actor": self._actor, "now": self._clock()}

    def register(self, name: str, owner: str | None, profile: Mapping[str, Any]) -> RegisteredModel:
        """Register a model."""
        if owner is None:
            raise InvalidInputError("name an owner: who answers for the model", where="--owner")
        return register_model(name=name, owner=owner, **self._common, **profile)

    def describe(self, model_id: str, changes: Mapping[str, Any]) -> RegisteredModel:
        """Change what a person may say of a model."""
        return change_model(model_id, dict(changes), **self._common)

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
        wanted = dict(filters or {})
        return list_page(
            self._store, filters=wanted, sort=sort, descending=descending, text=text, limit=limit, token=token
        )

    def model(self, model_id: str) -> RegisteredModel:
        """A model."""
        return get_model(self._store, model_id)

    def decide_risk(self, model_id: str, decision: Mapping[str, Any]) -> None:
        """Decide on the risk level."""
        now = self._clock()
        made = _valid(RiskDecision, {**decision, "decided_by": self._actor, "decided_at": now}, "risk")
        decide_risk(model_id, made, store=self._store, audit=self._audit, now=now)

    def change_status(self, model_id: str, status: ComplianceStatus, reason: str) -> RegisteredModel:
        """Move a model one step in its compliance life."""
        return change_status(model_id, status, reason=reason, **self._common)

    def versions(self, model_id: str, *, limit: int = PAGE, token: str | None = None) -> VersionPage:
        """A page of versions."""
        return page_versions(self._store, model_id, limit=limit, token=token)

    def add_version(self, model_id: str, described: Mapping[str, Any]) -> ModelVersion:
        """Add a version, or change what is given of one that is there."""
        values = {**described, "model_id": model_id, "created_at": self._clock(), "created_by": self._actor}
        return describe_version(_valid(ModelVersion, values, "version"), **self._common)

    def stages(self, model_id: str) -> Stages:
        """The stage of every version that has left development."""
        return read_stages(self._store, model_id)

    def gate(self, model_id: str, version: str, stage: Stage) -> GateResult:
        """Judge whether a version may reach a stage now."""
        return judge_gate(model_id, version, stage, store=self._store, now=self._clock())

    def promote(self, model_id: str, version: str, stage: Stage, reason: str) -> Stages:
        """Move a version one step."""
        return promote(model_id, version, stage, reason=reason, **self._common)

    def roll_back(self, model_id: str, to: str | None, reason: str) -> Stages:
        """Return production to an earlier version."""
        return roll_back(model_id, to=to, reason=reason, **self._common)

    def waive(self, model_id: str, version: str, condition: str, reason: str) -> ModelVersion:
        """Record why a condition need not hold for a version."""
        return waive(model_id, version, condition, reason=reason, **self._common)

    def policy(self, model_id: str) -> ApprovalPolicy:
        """The approval policy a model is under."""
        get_model(self._store, model_id)
        return policy_of(self._store, model_id)

    def choose_policy(self, model_id: str, name: str) -> ApprovalPolicy:
        """Put a model under an approval policy."""
        return choose_policy(model_id, name, **self._common)

    def request_approval(self, model_id: str, version: str, stage: Stage) -> ApprovalRequest:
        """Ask for approval."""
        return request_approval(model_id, version, stage, **self._common)

    def requests(self, model_id: str, *, limit: int = PAGE, token: str | None = None) -> RequestPage:
        """A page of approval requests, newest first."""
        return page_requests(self._store, model_id, now=self._clock(), limit=limit, token=token)

    def vote(self, model_id: str, request_id: str, role: str, decision: Decision, comment: str) -> ApprovalRequest:
        """Approve or reject in a role that is believed."""
        now = self._clock()
        said = Vote(actor=self._actor, role=role, decision=decision, comment=comment, at=now)
        return decide(model_id, request_id, said, held_roles={role}, store=self._store, audit=self._audit, now=now)

    def card(self, model_id: str, version: str, form: str) -> str:
        """A model card as text."""
        return CARDS[form](make_card(self._store, model_id, version, now=self._clock()))

    def data_sheet(self, model_id: str, version: str, form: str) -> str:
        """A data sheet as text."""
        return SHEETS[form](make_data_sheet(self._store, model_id, version, now=self._clock()))

    def lineage(self, model_id: str, version: str) -> dict[str, Any]:
        """What is behind a version."""
        return to_json(trace_version(self._store, model_id, version))

    def openlineage(self, model_id: str, version: str) -> dict[str, Any]:
        """The training run behind a version as an OpenLineage event."""
        return openlineage_event(trace_version(self._store, model_id, version))

    def import_from(self, source: ForeignRegistry) -> ImportReport:
        """Import another registry's models."""
        return import_models(source, **self._common)


def _valid(kind: type[M], values: Mapping[str, Any], where: str) -> M:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        place, sentence = first_problem(error, kind)
        raise InvalidInputError(sentence, where=".".join(filter(None, (where, place)))) from error
