"""The promotion gate: each condition is a small pure function with a reason and a remedy.

Which conditions a stage asks for is data (lifecycle.yaml); who must approve and which evidence must be fresh is the
approval policy. A missing input is never a pass.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from syndic.models import ComplianceStatus, Evidence, EvidenceStatus, RegisteredModel, RiskLevel
from syndic.registry.approvals.rules import missing
from syndic.registry.models import (
    ApprovalPolicy,
    ApprovalRequest,
    Condition,
    GateResult,
    ModelVersion,
    RequestState,
    Stage,
)
from syndic.registry.promotion.candidate import ASSESSMENT, MEASURED, about_candidate, assessment_of, named_version
from syndic.registry.promotion.modifications import decision_on, is_high_risk
from syndic.registry.versions.lifecycle import lifecycle


@dataclass(frozen=True, slots=True)
class Case:
    """Everything a gate looks at. `expressions` holds the policy's own conditions, already evaluated."""

    model: RegisteredModel
    version: ModelVersion
    target: Stage
    policy: ApprovalPolicy
    evidence: Mapping[str, Evidence]
    request: ApprovalRequest | None
    expressions: Mapping[str, bool | str]  # a string says why it could not be evaluated
    auto_approved: bool
    now: datetime
    follows: str | None = None  # the version in production before this one, which never was there itself


def judge(case: Case) -> GateResult:
    """Judge every condition of the target stage."""
    conditions: list[Condition] = []
    for name in lifecycle().gates[case.target]:
        conditions += [_waived(case, condition) for condition in _CHECKS[name](case)]
    return GateResult(
        model_id=case.model.id,
        version=case.version.version,
        target=case.target,
        policy=case.policy.name,
        conditions=tuple(conditions),
        judged_at=case.now,
    )


NEVER_WAIVED = frozenset(
    {"model_not_retired", "risk_acceptable", "approvals", "status_approved", "substantial_modification"}
)


def _waived(case: Case, condition: Condition) -> Condition:
    if condition.met or not case.policy.waivers_allowed or condition.name in NEVER_WAIVED:
        return condition
    waiver = next((waiver for waiver in case.version.waivers if waiver.condition == condition.name), None)
    if waiver is None:
        return condition.model_copy(update={"waivable": True})
    reason = f"waived by {waiver.by}: {waiver.reason} (otherwise: {condition.reason})"
    return condition.model_copy(update={"met": True, "reason": reason, "waived_by": waiver.by})


def _met(name: str, reason: str) -> list[Condition]:
    return [Condition(name=name, met=True, reason=reason)]


def _unmet(name: str, reason: str, remedy: str) -> list[Condition]:
    return [Condition(name=name, met=False, reason=reason, remedy=remedy)]


def _model_not_retired(case: Case) -> list[Condition]:
    if case.model.compliance_status is ComplianceStatus.RETIRED:
        return _unmet("model_not_retired", "the model is retired", "register a new model")
    return _met("model_not_retired", f"the model is {case.model.compliance_status}")


def _status_approved(case: Case) -> list[Condition]:
    status = case.model.compliance_status
    if status is not ComplianceStatus.APPROVED:
        remedy = "have the compliance status reviewed and set to approved"
        return _unmet("status_approved", f"the compliance status is {status}, not approved", remedy)
    return _met("status_approved", "the compliance status is approved")


def _profile_complete(case: Case) -> list[Condition]:
    empty = [name for name in lifecycle().required.profile if not getattr(case.model, name)]
    if empty:
        return _unmet("profile_complete", f"not filled in: {', '.join(empty)}", "complete the model's profile")
    return _met("profile_complete", "owner, purpose, limitations, data sources and oversight plan are filled in")


def _risk_acceptable(case: Case) -> list[Condition]:
    name, risk = "risk_acceptable", case.model.risk
    if risk is None and case.target is not Stage.PRODUCTION:
        return _met(name, "not decided yet; must be before production")
    if risk is None:
        return _unmet(name, "nobody has decided on the risk level", "answer the risk questionnaire and decide")
    if risk.level is RiskLevel.UNACCEPTABLE:
        return _unmet(name, f"the use is prohibited: {risk.reason}", "stop; no evidence offsets a prohibited use")
    return _met(name, f"{risk.level} risk, decided by {risk.decided_by}")


def _dataset_fingerprint(case: Case) -> list[Condition]:
    digest = case.version.training.dataset_sha256
    if digest is None:
        remedy = "log the training set's SHA-256 (MLflow tag data_sha256)"
        return _unmet("dataset_fingerprint", "the training data has no SHA-256 on record", remedy)
    return _met("dataset_fingerprint", f"training data {digest[:12]}…")


def _dataset_size(case: Case) -> list[Condition]:
    training = case.version.training
    lacking = [name for name in ("rows", "features") if getattr(training, name) is None]
    if lacking:
        remedy = "log the number of rows and features (run_manifest.json or tags)"
        return _unmet("dataset_size", f"not logged: training {' and '.join(lacking)}", remedy)
    return _met("dataset_size", f"{training.rows} rows, {training.features} features")


def _evaluation_metrics(case: Case) -> list[Condition]:
    metrics, least = case.version.metrics, lifecycle().required.evaluation_metrics
    words = sorted(f"{name} {value}" for name, value in metrics.items() if isinstance(value, str))
    count, beside = len(metrics) - len(words), f" (not counted: {', '.join(words)})" if words else ""
    if count < least:
        remedy = "log the evaluation's metrics with the run"
        reason = f"{count} evaluation metrics on record, at least {least} needed{beside}"
        return _unmet("evaluation_metrics", reason, remedy)
    return _met("evaluation_metrics", f"{count} evaluation metrics on record{beside}")


def _evaluation_artefacts(case: Case) -> list[Condition]:
    present = {artefact.name.rsplit("/", 1)[-1] for artefact in case.version.artefacts}
    lacking = [group for group in lifecycle().required.evaluation_artefacts if not present.intersection(group)]
    if lacking:
        wanted = "; ".join(" or ".join(group) for group in lacking)
        return _unmet("evaluation_artefacts", f"missing: {wanted}", "log the reports with the originating run")
    return _met("evaluation_artefacts", "the originating run's reports are on record")


def _evidence(case: Case) -> list[Condition]:
    return [_evidence_of(case, kind) for kind in case.policy.evidence] or _met("evidence", "the policy asks for none")


def _evidence_of(case: Case, kind: str) -> Condition:
    name, greatest = f"evidence:{kind}", case.policy.evidence[kind]
    remedy = f"run the {kind.split('.', maxsplit=1)[0]} check and look at its report"
    found = case.evidence.get(kind)
    carried = "" if found is None else about_candidate(case.version, found)
    if carried is None or found is None:
        return _without_own_run(case, kind, found, remedy)
    age = case.now - found.produced_at
    if age > greatest or (found.expires_at is not None and found.expires_at <= case.now):
        reason = f"{kind} is of {found.produced_at:%Y-%m-%d %H:%M} UTC, older than {_days(greatest.total_seconds())}"
        return Condition(name=name, met=False, reason=reason, remedy=remedy)
    if found.status is EvidenceStatus.FAILING:
        remedy = "remedy what its report shows and check again, or waive it with a reason"
        return Condition(name=name, met=False, reason=f"{kind} is failing: {found.summary}", remedy=remedy)
    if found.status is EvidenceStatus.INCONCLUSIVE and kind not in case.policy.inconclusive:
        reason = f"{kind} could not tell: {found.summary}"
        return Condition(name=name, met=False, reason=reason, remedy="supply what it lacks, or waive it with a reason")
    return Condition(name=name, met=True, reason=f"{found.summary}{carried}")


def _without_own_run(case: Case, kind: str, found: Evidence | None, remedy: str) -> Condition:
    """A version that never served has no run of its own: an assessment of it stands in, which its approvers see."""
    name, own = f"evidence:{kind}", assessment_of(case.version, kind)
    about = "" if found is None else f"{kind} is about {named_version(found)}, not about version {case.version.version}"
    if own is not None and (found is not None or kind in MEASURED):
        return Condition(
            name=name, met=True, reason=f"{about or f'there is no {kind} yet'}; assessed in {own.location}"
        )
    if found is None:
        return Condition(name=name, met=False, reason=f"there is no {kind} evidence", remedy=remedy)
    remedy = (
        f"let version {case.version.version} answer alone and check it, add the artefact {ASSESSMENT}{kind} to it "
        "(an assessment of this version, with its SHA-256), or waive it with a reason"
    )
    return Condition(name=name, met=False, reason=f"{about} (it says: {found.summary})", remedy=remedy)


def _days(seconds: float) -> str:
    return f"{seconds / 86400:g} days" if seconds != 86400 else "1 day"


def _policy_conditions(case: Case) -> list[Condition]:
    return [_expression(case, name) for name in case.policy.conditions] or _met(
        "policy_conditions", "the policy has none"
    )


def _expression(case: Case, name: str) -> Condition:
    value, expression = case.expressions[name], case.policy.conditions[name]
    if value is True:
        return Condition(name=f"condition:{name}", met=True, reason=f"true: {expression}")
    reason = f"false: {expression}" if value is False else f"cannot be told: {value}"
    return Condition(name=f"condition:{name}", met=False, reason=reason, remedy="see the policy's own text")


def _approvals(case: Case) -> list[Condition]:
    name, request = "approvals", case.request
    if case.auto_approved:
        return _met(name, f"approved by policy: {case.policy.auto_approve}")
    if case.policy.approvers == 0:
        return _met(name, "the policy asks for no approver")
    if request is None:
        needed = f"{case.policy.approvers} approvals" + (
            f" ({', '.join(case.policy.roles)})" if case.policy.roles else ""
        )
        needed += f", each in another role of {', '.join(case.policy.from_roles)}" if case.policy.from_roles else ""
        return _unmet(name, f"no approval was requested; {needed} are needed", "request the approval")
    if request.state in {RequestState.APPROVED, RequestState.PENDING}:
        return [_votes(case, request)]
    return _unmet(name, f"the request is {request.state}: {request.state_reason}", "request the approval again")


def _votes(case: Case, request: ApprovalRequest) -> Condition:
    """Enough votes by the policy the request was made under, and by the one that the model is under now."""
    approved = request.state is RequestState.APPROVED
    count, roles = missing(request, case.policy if approved else None)
    if approved and count == 0:
        return Condition(name="approvals", met=True, reason=request.state_reason or "approved")
    who = f" ({', '.join(roles)})" if roles else ""
    reason, remedy = f"{count} more approvals are needed{who}", f"ask for votes on request {request.id}"
    if approved:
        reason = f"approved under policy {request.policy.name}; {case.policy.name} asks for {count} more{who}"
        remedy = "request the approval again"
    return Condition(name="approvals", met=False, reason=reason, remedy=remedy)


def _substantial_modification(case: Case) -> list[Condition]:
    """Of a system that is high-risk by the Act, with the organisation as provider: Art. 3(23), 43(4). Else nothing.

    The first version that is placed in service is assessed as a whole, and one that comes back was decided on.
    """
    name, version = "substantial_modification", case.version.version
    if case.follows is None or not is_high_risk(case.evidence):
        return []
    found = decision_on(case.evidence, version)
    if found is None:
        reason = f"nobody decided whether version {version} is a substantial modification (AI Act, Art. 43(4))"
        return _unmet(name, reason, "decide it (POST /models/<id>/modifications, or syndic conformity decide)")
    if found.owed:
        reason = f"version {version} is a substantial modification, and its conformity was not assessed again"
        return _unmet(name, reason, "conclude the conformity assessment of this version (syndic conformity)")
    return _met(name, f"version {version}: {found.words}")


_CHECKS: Mapping[str, Callable[[Case], list[Condition]]] = {
    "model_not_retired": _model_not_retired,
    "status_approved": _status_approved,
    "profile_complete": _profile_complete,
    "risk_acceptable": _risk_acceptable,
    "dataset_fingerprint": _dataset_fingerprint,
    "dataset_size": _dataset_size,
    "evaluation_metrics": _evaluation_metrics,
    "evaluation_artefacts": _evaluation_artefacts,
    "evidence": _evidence,
    "policy_conditions": _policy_conditions,
    "substantial_modification": _substantial_modification,
    "approvals": _approvals,
}
