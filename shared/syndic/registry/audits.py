"""An audit of one model, and a check of all versions in a stage: counts, findings, and what to do about each.

Counts only, as in the overview: nothing is averaged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from pydantic import Field

from syndic.assessment import State
from syndic.models import Evidence, EvidenceStatus, Moment, Noun, Presence, RegisteredModel
from syndic.ports import Store
from syndic.records import get_model, list_evidence, list_statuses
from syndic.registry.approvals.requests import list_requests
from syndic.registry.deployments.store import list_deployments
from syndic.registry.documents.card import fill_card
from syndic.registry.documents.data_sheet import fill_data_sheet
from syndic.registry.models import GateResult, RequestState, Stage
from syndic.registry.promotion.promote import judge_gate, read_stages
from syndic.registry.versions.catalogue import list_page
from syndic.registry.versions.queries import list_versions
from syndic.registry.versions.stage_listing import version_stages


class AuditFinding(Noun):
    """One thing an audit of a model found, and what to do."""

    finding: str
    recommendation: str


class FrameworkCount(Noun):
    """How many requirements of a framework a model meets, of those in force that apply to it."""

    framework_id: str
    title: str
    met: int
    applicable: int
    not_met: int
    blocking: tuple[str, ...] = ()


class GovernanceCounts(Noun):
    """The numbers of an audit, as a report on governance shows them. None of them is an average."""

    frameworks: tuple[FrameworkCount, ...] = Field(description="that are about the model")
    met: int = Field(description="requirements met, over all frameworks")
    applicable: int = Field(description="requirements in force that apply, over all frameworks")
    approvals: int = Field(description="requests for approval in all")
    approved: int
    pending: int
    deployments: int = Field(description="of the newest 100")
    latest_deployment: str | None = Field(description="state of the newest one")
    model_card: bool = Field(description="whether the card of the documented version has no empty field")
    data_sheet: bool
    findings: int
    recommendations: int = Field(description="different ones")


class GovernanceAudit(Noun):
    """Where one model stands, in counts, findings and recommendations."""

    model_id: str
    production: str | None
    stages: dict[str, Stage]
    approvals: dict[str, int]
    evidence: dict[str, EvidenceStatus]
    gate: GateResult | None
    documented: str | None = Field(default=None, description="the version in production, else the one made last")
    card_missing: tuple[str, ...] = Field(default=(), description="empty fields of its model card")
    data_sheet_missing: tuple[str, ...] = Field(default=(), description="empty fields of its data sheet")
    deployments: dict[str, int] = Field(default_factory=dict, description="state -> number, of the newest 100")
    counts: GovernanceCounts
    findings: tuple[AuditFinding, ...]
    audited_at: Moment


class BulkCounts(Noun):
    """The numbers of a page of a bulk check."""

    models: int
    versions: int
    passing: int = Field(description="versions that would be let in now")
    failing: int
    met: int = Field(description="requirements met, over the models and all frameworks that are about them")
    applicable: int
    blocked: tuple[str, ...] = Field(description="models with a blocking requirement that is contradicted")


class BulkCheck(Noun):
    """Gate results of some models and, when there may be more, the token that continues after them."""

    results: tuple[GateResult, ...]
    counts: BulkCounts
    next_token: str | None = None


def bulk_check(store: Store, stage: Stage, *, now: datetime, limit: int = 20, token: str | None = None) -> BulkCheck:
    """Judge the versions in a stage as if each were to enter that stage now, `limit` models at a time."""
    page = list_page(store, filters={"stage": stage.value}, limit=limit, token=token)
    results = tuple(
        judge_gate(model.id, version, stage, store=store, now=now)
        for model in page.models
        for version, held in sorted(version_stages(store, model.id).items())
        if held is stage
    )
    counted = {model.id: counts_of_frameworks(store, model.id) for model in page.models}
    frameworks = [one for found in counted.values() for one in found]
    counts = BulkCounts(
        models=len(page.models),
        versions=len(results),
        passing=sum(not one.unmet for one in results),
        failing=sum(bool(one.unmet) for one in results),
        met=sum(one.met for one in frameworks),
        applicable=sum(one.applicable for one in frameworks),
        blocked=tuple(model_id for model_id, found in counted.items() if any(one.blocking for one in found)),
    )
    return BulkCheck(results=results, counts=counts, next_token=page.next_token)


def counts_of_frameworks(store: Store, model_id: str) -> tuple[FrameworkCount, ...]:
    """Met of applicable, by each framework that is about a model."""
    return tuple(
        FrameworkCount(
            framework_id=it.framework_id, title=it.framework_title, met=it.met, applicable=it.applicable,
            not_met=it.counts[State.NOT_MET], blocking=it.blocking,
        )
        for it in list_statuses(store, model_id)
        if it.stands
    )  # fmt: skip


def audit_model(store: Store, model_id: str, *, now: datetime) -> GovernanceAudit:
    """Look at one model as an internal auditor would."""
    model = get_model(store, model_id)
    stages = read_stages(store, model_id)
    evidence = {item.kind: item for item in list_evidence(store, model_id)}
    requests = list(list_requests(store, model_id, now=now))
    gate = None
    if stages.production is not None:
        gate = judge_gate(model_id, stages.production, Stage.PRODUCTION, store=store, now=now)
    versions = {version.version: version for version in list_versions(store, model_id)}
    newest = max(versions.values(), key=lambda version: version.created_at, default=None)
    described = newest if stages.production is None else versions[stages.production]
    documented = described.version if described else None
    card: tuple[str, ...] = ()
    sheet: tuple[str, ...] = ()
    if described is not None:
        stage = stages.of.get(described.version, Stage.DEVELOPMENT)
        card = fill_card(model, described, stage, evidence, now=now).missing
        sheet = fill_data_sheet(model, described, evidence, now=now).missing
    deployed = list_deployments(store, model_id=model_id, limit=100).deployments
    findings = (
        *_findings(model, evidence, gate, stages.production),
        *(_undocumented(stages.production, card, sheet) if stages.production else ()),
    )
    approvals = Counter(request.state for request in requests)
    frameworks = counts_of_frameworks(store, model_id)
    counts = GovernanceCounts(
        frameworks=frameworks,
        met=sum(one.met for one in frameworks),
        applicable=sum(one.applicable for one in frameworks),
        approvals=len(requests),
        approved=approvals[RequestState.APPROVED],
        pending=approvals[RequestState.PENDING],
        deployments=len(deployed),
        latest_deployment=deployed[0].state.value if deployed else None,
        model_card=documented is not None and not card,
        data_sheet=documented is not None and not sheet,
        findings=len(findings),
        recommendations=len({one.recommendation for one in findings}),
    )
    return GovernanceAudit(
        model_id=model_id,
        production=stages.production,
        stages=stages.of,
        approvals=dict(Counter(request.state.value for request in requests)),
        evidence={kind: item.status for kind, item in sorted(evidence.items())},
        gate=gate,
        documented=documented,
        card_missing=card,
        data_sheet_missing=sheet,
        deployments=dict(Counter(one.state.value for one in deployed)),
        counts=counts,
        findings=findings,
        audited_at=now,
    )


def _findings(
    model: RegisteredModel, evidence: dict[str, Evidence], gate: GateResult | None, production: str | None
) -> list[AuditFinding]:
    found: list[AuditFinding] = []
    if gate is not None:
        found += [
            AuditFinding(
                finding=f"{production} is in production although {condition.name} does not hold: {condition.reason}",
                recommendation=condition.remedy or "look at it",
            )
            for condition in gate.unmet
        ]
    elif model.endpoint is not None and model.presence is Presence.PRESENT:
        found.append(
            AuditFinding(
                finding="an endpoint serves this model but no version is registered as in production",
                recommendation="register the deployed version and take it through the gate",
            )
        )
    if model.presence is Presence.GONE and production is not None:
        found.append(
            AuditFinding(
                finding="a version is in production on record but its endpoint is gone",
                recommendation="archive the version or restore the endpoint",
            )
        )
    for kind, item in sorted(evidence.items()):
        named = gate is not None and any(condition.name == f"evidence:{kind}" for condition in gate.unmet)
        if item.status is EvidenceStatus.FAILING and not named:
            advice = "open the report and act on it"
            found.append(AuditFinding(finding=f"{kind}: {item.summary}", recommendation=advice))
    return found


def _undocumented(version: str, card: tuple[str, ...], sheet: tuple[str, ...]) -> Iterator[AuditFinding]:
    for name, where, missing in (("model card", "card", card), ("data sheet", "data_sheet", sheet)):
        if missing:
            yield AuditFinding(
                finding=f"the {name} of {version}, which is in production, is not complete: {', '.join(missing)}",
                recommendation=f"fill in the profile, the version and metadata.{where}",
            )
