"""The deployed registry, through the API. Who asks is said by the token; the API decides what they may do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, ValidationError

from syndic.adapters.internet.api_client import ApiClient, RefusedError
from syndic.cli.registry.verbs import PAGE
from syndic.errors import UnavailableError
from syndic.models import ComplianceStatus, RegisteredModel, to_json
from syndic.registry.approvals.requests import RequestPage
from syndic.registry.models import ApprovalPolicy, ApprovalRequest, Decision, GateResult, ModelVersion, Stage, Stages
from syndic.registry.promotion.promote import GateRefusedError
from syndic.registry.sync.importer import ForeignRegistry, ForeignVersion, ImportReport, Unsound
from syndic.registry.versions.catalogue import ModelPage, ShownModel
from syndic.registry.versions.queries import VersionPage

M = TypeVar("M", bound=BaseModel)

MOST_BYTES: Final = 200_000  # of one import request: the API takes 256 KiB
MOST_VERSIONS: Final = 100


class ApiRegistry:
    """`syndic.cli.registry.verbs.Registry` behind the API."""

    def __init__(self, client: ApiClient) -> None:
        self._client = client

    def register(self, name: str, owner: str | None, profile: Mapping[str, Any]) -> RegisteredModel:
        """Register a model; without an owner it is the person who asks."""
        owned = {} if owner is None else {"owner": owner}
        return _as(RegisteredModel, self._client.send("POST", "/models", {"name": name, **owned, **profile}))

    def describe(self, model_id: str, changes: Mapping[str, Any]) -> RegisteredModel:
        """Change what a person may say of a model."""
        return _as(RegisteredModel, self._client.send("PATCH", _path(model_id), changes))

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
        order = "descending" if descending else "ascending"
        found = self._client.get(
            "/models", **(filters or {}), sort=sort, order=order, name=text, limit=limit, token=token
        )
        return _as(ModelPage, found)

    def model(self, model_id: str) -> RegisteredModel:
        """A model."""
        return _as(ShownModel, self._client.get(_path(model_id)))

    def decide_risk(self, model_id: str, decision: Mapping[str, Any]) -> None:
        """Decide on the risk level."""
        self._client.send("PUT", _path(model_id, "risk-profile"), decision)

    def change_status(self, model_id: str, status: ComplianceStatus, reason: str) -> RegisteredModel:
        """Move a model one step in its compliance life."""
        step = {"status": status.value, "reason": reason}
        return _as(RegisteredModel, self._client.send("PATCH", _path(model_id, "compliance-status"), step))

    def versions(self, model_id: str, *, limit: int = PAGE, token: str | None = None) -> VersionPage:
        """A page of versions."""
        found = self._client.get(_path(model_id, "versions"), limit=limit, token=token)
        return _as(VersionPage, {"versions": found["versions"], "next_token": found.get("next_token")})

    def add_version(self, model_id: str, described: Mapping[str, Any]) -> ModelVersion:
        """Add a version, or replace its description."""
        return _as(ModelVersion, self._client.send("POST", _path(model_id, "versions"), described))

    def stages(self, model_id: str) -> Stages:
        """The stage of every version that has left development."""
        return _as(Stages, self._client.get(_path(model_id, "versions"), limit=1)["stages"])

    def gate(self, model_id: str, version: str, stage: Stage) -> GateResult:
        """Judge whether a version may reach a stage now."""
        return _as(GateResult, self._client.get(_path(model_id, "versions", version, "gate"), stage=stage.value))

    def promote(self, model_id: str, version: str, stage: Stage, reason: str) -> Stages:
        """Move a version one step."""
        move = {"stage": stage.value, "reason": reason}
        try:
            return _as(Stages, self._client.send("POST", _path(model_id, "versions", version, "promote"), move))
        except RefusedError as error:
            result = self.gate(model_id, version, stage)  # with the remedies
            if result.passed:
                raise  # what was missing has just come
            raise GateRefusedError(result) from error

    def roll_back(self, model_id: str, to: str | None, reason: str) -> Stages:
        """Return production to an earlier version."""
        back = {"reason": reason} | ({} if to is None else {"version": to})
        return _as(Stages, self._client.send("POST", _path(model_id, "rollback"), back))

    def waive(self, model_id: str, version: str, condition: str, reason: str) -> ModelVersion:
        """Record why a condition need not hold for a version."""
        body = {"condition": condition, "reason": reason}
        return _as(ModelVersion, self._client.send("POST", _path(model_id, "versions", version, "waivers"), body))

    def policy(self, model_id: str) -> ApprovalPolicy:
        """The approval policy a model is under."""
        return _as(ApprovalPolicy, self._client.get(_path(model_id, "approval-policy")))

    def choose_policy(self, model_id: str, name: str) -> ApprovalPolicy:
        """Put a model under an approval policy."""
        return _as(ApprovalPolicy, self._client.send("PUT", _path(model_id, "approval-policy"), {"name": name}))

    def request_approval(self, model_id: str, version: str, stage: Stage) -> ApprovalRequest:
        """Ask for approval."""
        wanted = {"version": version, "stage": stage.value}
        return _as(ApprovalRequest, self._client.send("POST", _path(model_id, "approvals"), wanted))

    def requests(self, model_id: str, *, limit: int = PAGE, token: str | None = None) -> RequestPage:
        """A page of approval requests, newest first."""
        return _as(RequestPage, self._client.get(_path(model_id, "approvals"), limit=limit, token=token))

    def vote(self, model_id: str, request_id: str, role: str, decision: Decision, comment: str) -> ApprovalRequest:
        """Approve or reject in a role that the token's person holds."""
        said = {"role": role, "decision": decision.value, "comment": comment}
        return _as(ApprovalRequest, self._client.send("POST", _path(model_id, "approvals", request_id, "votes"), said))

    def card(self, model_id: str, version: str, form: str) -> str:
        """A model card as text."""
        return str(self._client.get(_path(model_id, "versions", version, "card"), format=form)["text"])

    def data_sheet(self, model_id: str, version: str, form: str) -> str:
        """A data sheet as text."""
        return str(self._client.get(_path(model_id, "versions", version, "data-sheet"), format=form)["text"])

    def lineage(self, model_id: str, version: str) -> dict[str, Any]:
        """What is behind a version."""
        return dict(self._client.get(f"/lineage{_path(model_id, 'versions', version)}"))

    def openlineage(self, model_id: str, version: str) -> dict[str, Any]:
        """The training run behind a version as an OpenLineage event."""
        return dict(self._client.get(f"/lineage{_path(model_id, 'versions', version, 'openlineage')}"))

    def import_from(self, source: ForeignRegistry) -> ImportReport:
        """Read another registry here and hand what was read to the deployed one, which imports it."""
        unsound: list[Unsound] = []
        reports = [
            _as(ImportReport, self._client.send("POST", "/imports", {"source": source.name, "versions": batch}))
            for batch in _batches(source, unsound)
        ]
        return ImportReport(
            source=source.name,
            models=tuple(sorted({model for report in reports for model in report.models})),
            added=tuple(label for report in reports for label in report.added),
            changed=tuple(label for report in reports for label in report.changed),
            unchanged=sum(report.unchanged for report in reports),
            unsound=(*unsound, *(item for report in reports for item in report.unsound)),
        )


def _batches(source: ForeignRegistry, unsound: list[Unsound]) -> Iterator[list[dict[str, Any]]]:
    """Versions in lists that fit a request; what is not sound, or alone too large for one, is added to `unsound`."""
    batch: list[dict[str, Any]] = []
    room = MOST_BYTES
    for item in source.versions():
        if not isinstance(item, ForeignVersion):
            unsound.append(item)
            continue
        described = to_json(item)
        size = len(json.dumps(described))
        if size > MOST_BYTES:
            reason = f"its description is {size} bytes, more than the API takes; import it into a local store"
            unsound.append(Unsound(where=f"{item.model} version {item.version}", reason=reason))
            continue
        if batch and (size > room or len(batch) == MOST_VERSIONS):
            yield batch
            batch, room = [], MOST_BYTES
        batch.append(described)
        room -= size
    if batch:
        yield batch


def _path(model_id: str, *more: str) -> str:
    return "/models/" + "/".join(quote(part, safe="") for part in (model_id, *more))


def _as(kind: type[M], answer: object) -> M:
    try:
        return kind.model_validate(answer)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise UnavailableError(
            f"the API's answer does not fit this version of syndic ({place}: {first['msg']}): update one of them"
        ) from error
