"""The governance overview: totals, by stage and status, what is failing; a bulk gate check; an audit of one model.

Counts only. There is no averaged score: one failed duty is not made good by nine met ones.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from syndic.models import Evidence, EvidenceStatus, Moment, Noun, Presence, RegisteredModel
from syndic.ports import Store
from syndic.records import get_model, list_evidence, list_models
from syndic.registry.approving import list_requests
from syndic.registry.models import GateResult, RequestState, Stage
from syndic.registry.promoting import judge_gate, read_stages
from syndic.registry.versions import list_versions


class Overview(Noun):
    """Numbers of the whole registry."""

    models: int
    by_cloud: dict[str, int]
    by_status: dict[str, int]
    by_risk: dict[str, int]
    by_stage: dict[str, int]  # versions
    by_presence: dict[str, int]
    evidence_failing: int  # models with at least one failing piece
    evidence_inconclusive: int  # without a failing piece, with an inconclusive one
    evidence_passing: int  # all pieces passing
    evidence_none: int
    pending_approvals: int
    counted_at: Moment


class AuditFinding(Noun):
    """One thing an audit of a model found, and what to do."""

    finding: str
    recommendation: str


class GovernanceAudit(Noun):
    """Where one model stands, in counts, findings and recommendations."""

    model_id: str
    production: str | None
    stages: dict[str, Stage]
    approvals: dict[str, int]
    evidence: dict[str, EvidenceStatus]
    gate: GateResult | None
    findings: tuple[AuditFinding, ...]
    audited_at: Moment


def standing_of(evidence: list[Evidence]) -> str:
    """Failing if any is, else inconclusive if any is, else passing; none without evidence."""
    states = {item.status for item in evidence}
    for state in (EvidenceStatus.FAILING, EvidenceStatus.INCONCLUSIVE, EvidenceStatus.PASSING):
        if state in states:
            return state.value
    return "none"


def governance_overview(store: Store, *, now: datetime) -> Overview:
    """Count everything. Reads every model: meant for a schedule or a cached answer, not for each click."""
    models = list(list_models(store))
    stages: Counter[str] = Counter()
    evidence: Counter[str] = Counter()
    pending = 0
    for model in models:
        stages.update(stage.value for stage in _stages(store, model).values())
        evidence[standing_of(list(list_evidence(store, model.id)))] += 1
        pending += sum(request.state is RequestState.PENDING for request in list_requests(store, model.id, now=now))
    return Overview(
        models=len(models),
        by_cloud=dict(Counter(model.cloud.value for model in models)),
        by_status=dict(Counter(model.compliance_status.value for model in models)),
        by_risk=dict(Counter(model.risk.level.value if model.risk else "undecided" for model in models)),
        by_stage=dict(stages),
        by_presence=dict(Counter(model.presence.value for model in models)),
        evidence_failing=evidence["failing"],
        evidence_inconclusive=evidence["inconclusive"],
        evidence_passing=evidence["passing"],
        evidence_none=evidence["none"],
        pending_approvals=pending,
        counted_at=now,
    )


def bulk_check(store: Store, stage: Stage, *, now: datetime) -> tuple[GateResult, ...]:
    """Judge every version that is in a stage as if it were to enter that stage now."""
    results: list[GateResult] = []
    for model in list_models(store):
        for version, held in sorted(_stages(store, model).items()):
            if held is stage:
                results.append(judge_gate(model.id, version, stage, store=store, now=now))
    return tuple(results)


def audit_model(store: Store, model_id: str, *, now: datetime) -> GovernanceAudit:
    """Look at one model as an internal auditor would."""
    model = get_model(store, model_id)
    stages = read_stages(store, model_id)
    evidence = {item.kind: item for item in list_evidence(store, model_id)}
    requests = list(list_requests(store, model_id, now=now))
    gate = None
    if stages.production is not None:
        gate = judge_gate(model_id, stages.production, Stage.PRODUCTION, store=store, now=now)
    return GovernanceAudit(
        model_id=model_id,
        production=stages.production,
        stages=stages.of,
        approvals=dict(Counter(request.state.value for request in requests)),
        evidence={kind: item.status for kind, item in sorted(evidence.items())},
        gate=gate,
        findings=tuple(_findings(model, evidence, gate, stages.production)),
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


def _stages(store: Store, model: RegisteredModel) -> dict[str, Stage]:
    """The stage of every version, those still in development included."""
    stages = read_stages(store, model.id).of
    names = [version.version for version in list_versions(store, model.id)]
    return {name: stages.get(name, Stage.DEVELOPMENT) for name in names}
