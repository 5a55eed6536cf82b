"""A model with everything on record, so that a test can take one thing away."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from syndic.adapters.memory import MemoryAudit, MemoryBus, MemoryStore
from syndic.assessment import FrameworkStatus, State
from syndic.canonical import sha256_of
from syndic.compliance.definitions.load import Compiled, built_in
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.compliance.models import ORGANISATION
from syndic.compliance.rules.judge import Facts, Subject
from syndic.compliance.rules.requirement_parts import statement_sha256
from syndic.compliance.rules.signed_otherwise import SIGNED_OTHERWISE
from syndic.models import Cloud, Endpoint, EndpointVariant, Evidence, EvidenceStatus, RegisteredModel, to_json
from syndic.ports import Record, Store
from syndic.records import model_key, put_evidence

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
VERSION = "credit-7"
MODEL = "german-credit-1a2b3c"

FACTS: dict[str, dict] = {
    "alerts.handled": {"raised": 0, "late": 0},
    "remediations.handled": {"open": 0, "overdue": 0, "missed_without_action": [], "found_without_action": []},
    **{
        f"incidents.{kind}": {
            "recorded": 0,
            "owed": 0,
            "late": 0,
            "late_by_law": 0,
            "late_undecided": 0,
            "met_late": 0,
            "missed": [],
            "persons_late": 0,
            "persons_met_late": 0,
            "controller_late": 0,
            "controller_met_late": 0,
            "undecided": 0,
        }
        for kind in ("reporting", "informing", "breaches", "risks")
    },
    "incidents.handled": {
        "recorded": 0,
        "open": 0,
        "with_something_late": 0,
        "measures_overdue": 0,
        "made_at": "2026-01-01T00:00:00+00:00",
    },
    "erasure.run": {"recorded": 0, "left_of_persons": 0, "left_of_age": 0},
    "policies.kept": {"in_force": 2, "review_overdue": 0, "acknowledgements_outstanding": 0},
    "risks.reviewed": {"recorded": 2, "open": 2, "overdue": 0, "without_date": 0},
    "risks.decided": {
        "recorded": 2,
        "open": 2,
        "not_assessed": 0,
        "undecided": 0,
        "expired": 0,
        "vulnerable_not_looked_at": 0,
    },
    "risks.treated": {"recorded": 2, "controls": 2, "planned": 0, "overdue": 0},
    **{
        f"requests.{one}": {"late": 0, "answered_late": 0}
        for one in (
            "access",
            "automated",
            "consent",
            "erasure",
            "explanation",
            "handled",
            "objection",
            "portability",
            "rectification",
            "restriction",
        )
    },
    "oversight.assigned": {"assigned": 2, "accepted": 2, "trained": 2, "able": 2},
    "drift.run": {
        "verdict": "no_drift",
        "new_columns": [],
        "rows_current": 400,
        "thresholds_set_before": True,
        "model_version": VERSION,
    },
    "quality.run": {"verdict": "sound", "model_version": VERSION},
    "quality.performance": {
        "verdict": "meets_level",
        "model_version": VERSION,
        "thresholds_set_before": True,
    },
    "bias.run": {
        "verdict": "no_indication",
        "model_version": VERSION,
        "thresholds_set_before": True,
        "grounds": ["race_or_ethnicity", "race_or_ethnicity & sex", "sex"],
        "compared_with": ["best_off"],
        "metrics": ["disparate_impact"],
    },
    "capture.config": {
        "enabled": True,
        "sampling_percent": 100,
        "inputs": True,
        "outputs": True,
        "version": VERSION,
        "version_since": None,
        "windows_without_files": 0,
        "oldest_hour": "2026-05-01T00:00:00+00:00",
        "newest_hour": "2026-11-20T23:00:00+00:00",
    },
    "storage.captures": {
        "captured": True,
        "encrypted": True,
        "deletes": True,
        "deleted_after_days": 1100,
        "some_deleted_after_days": 1100,
        "gone_after_days": 30,
        "gone_after": "720h",
    },
    "storage.platform": {"unencrypted": [], "locked": ["trail"]},
    "directory.accounts": {"accounts": 3, "without_second_factor": 0},
    "registry.profile": {"empty": [], "thin": [], "domain_named": True, "owner_named": True, "cloud": "aws"},
    "registry.promotion": {
        "period": [{"version": "credit-7", "at": "2026-11-01T00:00:00+00:00", "sound": True}],
        "served_as": [VERSION],
        "tested": True,
    },
    "audit.verified": {"entries": 10},
    "applicability.iso_42001": {"excluded": {}, "complete": True},
    "vendors.agreements": {
        "vendors": 2,
        "without_supply_agreement": [],
        "processors": 1,
        "processors_unknown": [],
        "without_processing_agreement": [],
        "questionnaire_due": [],
        "run_by": 0,
    },
    "monitoring.plan": {"number": 1, "overdue": [], "differences": [], "checks": ["drift"]},
    "conformity.modification": {"model_version": VERSION, "decision": "none", "assessed": False},
    "classification.ai_act": {
        "in_scope": True,
        "level": "high",
        "route": "annex_iii",
        "area": "5b",
        "points": ["5b"],
        "registered_apart": False,
        "provider": True,
        "deployer": True,
        "prohibited": [],
        "prohibited_added": [],
        "screened": True,
        "screened_added": True,
        "contradictions": [],
        "practice_contradictions": [],
        "open_questions": [],
        "conformity_route": "annex_vi",
        "importer": True,
        "distributor": True,
        "authorised_representative": True,
        "third_party_supplies": True,
        "own_name": False,
        "substantially_modified": False,
        "purpose_changed": False,
        "open_source": False,
        "public_body": False,
        "public_service": False,
        "at_workplace": True,
        "talks_to_people": True,
        "generative": True,
        "needs_exposure_notice": True,
        "special_categories_for_bias": True,
        "remote_identification": True,
        "post_remote_law_enforcement": True,
        "real_world_testing": True,
        "gpai_third_country": True,
        "gpai_same_provider": True,
        "very_large_platform": False,
        "gpai_provider": True,
        "gpai_systemic": True,
        "gpai_before_2025_08_02": False,
        "on_market_before_2026_08_02": False,
        "legacy_public_authority": False,
    },
    "classification.processing": {
        "personal_data": True,
        "role": "both",
        "controller": True,
        "processor": True,
        "officer_designated": True,
        "special_categories": True,
        "special_condition": "g",
        "basis": "consent",
        "solely_automated": True,
        "automated_exception": "explicit_consent",
        "dpia_required": True,
        "criminal_data": True,
        "children": True,
        "joint_controllers": True,
        "third_country_transfers": True,
        "contradictions": [],
        "processors": True,
        "direct_marketing": False,
        "large_scale_special": False,
        "public_monitoring": False,
        "capture_retention": "8760h",
        "capture_retention_days": 365,
    },
    "classification.hiring_nyc": {"bound": True},
    "classification.soc2": dict.fromkeys(("availability", "confidentiality", "processing_integrity", "privacy"), True),
}


LEFT_OUT_BY_YES = {"colorado_sb26_189": ("insurer", "health_entity"), "sr_26_2": ("generative",),
                   "ccpa_admt": ("before_2026", "other_risk")}  # fmt: skip
"""Questions of packs whose yes leaves a model out, puts a date off, or brings one in that other answers leave out."""

FACTS |= {
    compiled.framework.questionnaire: {
        name: name not in LEFT_OUT_BY_YES.get(compiled.framework.id, ()) for name in compiled.framework.questions
    }
    for compiled in built_in().values()
    if compiled.framework.questionnaire
}


def judged_all(compiled: Compiled, status: FrameworkStatus) -> dict[str, State]:
    """Every requirement of a framework by id, without regard to dates; as its scope says where nothing was judged."""
    if status.scope is None or status.scope.applies:
        return {item.requirement_id: item.if_in_force for item in status.requirements}
    state = State.NOT_APPLICABLE if status.scope.applies is False else State.INSUFFICIENT_EVIDENCE
    return dict.fromkeys((item.id for item in compiled.framework.requirements), state)


OTHER_ANSWERS: dict[str, tuple[str, dict]] = {
    "AIA-2(2)": ("classification.ai_act", {"route": "annex_i_b", "area": None}),
    "AIA-6(4)": ("classification.ai_act", {"level": "minimal", "route": "none"}),  # an exception is relied on
    "AIA-25": ("classification.ai_act", {"provider": False}),  # somebody else provides the system
    "AIA-75(1e)": ("classification.ai_act", {"conformity_route": "annex_vii"}),  # a third party assesses
    "AIA-26(8)": ("classification.ai_act", {"public_body": True}),
    "GDPR-21": ("classification.processing", {"basis": "legitimate_interests"}),
    "CCPA-7221": ("classification.ccpa_admt", {"appeal_instead": False, "ability_or_work_only": False}),
    "CCPA-7221(b)(2)": ("classification.ccpa_admt", {"appeal_instead": False}),
}
"""In which a requirement applies that does not where the others do."""


APART: dict[str, dict[str, dict]] = {
    # so that an exception of Art. 6(3) can be relied on, which is for what decides nothing
    "eu_ai_act": {"classification.processing": {"solely_automated": False}},
}


def framework_of(requirement_id: str) -> Compiled:
    """The shipped framework that has a requirement."""
    return next(it for it in built_in().values() if it.framework.requirement(requirement_id) is not None)


def make_evidence(kind: str, *, model_id: str = MODEL, at: datetime = NOW - timedelta(days=1), **over) -> Evidence:
    facts = over.pop("facts", FACTS.get(kind, {}))
    status = over.pop("status", EvidenceStatus.PASSING)
    summary = over.pop("summary", f"{kind} is fine")
    digest = sha256_of([kind, model_id, at.isoformat(), status, facts, summary])
    return Evidence(
        kind=kind, model_id=model_id, status=status, summary=summary, facts=facts, source=f"test/{kind}",
        sha256=digest, produced_at=at, **over,
    )  # fmt: skip


_MADE: dict[str, tuple[Evidence, ...]] = {}


def wanted(framework: Compiled) -> list[Evidence]:
    """Evidence that meets every requirement of a framework, but for the requirements that cannot apply together.

    It is made once for each text: thousands of cases begin with it.
    """
    if framework.sha256 not in _MADE:
        _MADE[framework.sha256] = tuple(_make(framework))
    return list(_MADE[framework.sha256])


def _make(framework: Compiled) -> list[Evidence]:
    found: dict[tuple[str, str], Evidence] = {}
    statements: dict[str, set[str]] = {}
    for compiled in built_in().values():
        for requirement in compiled.framework.requirements:
            if requirement.attestation:
                statements.setdefault(requirement.attestation.topic, set()).add(requirement.attestation.statement)
    for need in framework.framework.scope.needs if framework.framework.scope else ():
        found[MODEL, need.kind] = make_evidence(need.kind)
    for requirement in framework.framework.requirements:
        for need in [
            *(requirement.applies.needs if requirement.applies else ()),
            *(need for later in requirement.dates for need in later.needs),
            *(need for check in requirement.checks for need in check.needs),
        ]:
            own = APART.get(framework.framework.id, {}).get(need.kind, {})
            made = make_evidence(need.kind, facts={**FACTS.get(need.kind, {}), **own})
            found.setdefault((MODEL, need.kind), made)  # a document that a check reads stays one of a version
        if requirement.attestation:
            asked = requirement.attestation
            where = ORGANISATION if asked.scope == "organisation" else MODEL
            kind = f"attestation.{asked.topic}"
            facts = {
                "role": asked.role,
                "signer": "ida" if asked.independent else "ada",
                "decision": "affirmed",
                "model_version": VERSION if asked.scope == "model_version" else None,
                "statements_sha256": sorted(map(statement_sha256, statements.get(asked.topic, {asked.statement}))),
            }
            found[where, kind] = make_evidence(kind, model_id=where, facts=facts)
        # what assesses findings is on record too, though it assesses no finding of this world
        for needed in (requirement.document, *(check.assess for check in requirement.checks)):
            if needed is not None:
                where = ORGANISATION if needed.scope == "organisation" else MODEL
                kind = f"document.{needed.topic}"
                found[where, kind] = make_evidence(kind, model_id=where, facts={"model_version": VERSION})
    return list(found.values())


def without_contrary(evidence: list[Evidence]) -> list[Evidence]:
    """A world in which nothing is signed or documented for a duty that the answers of it deny.

    A test that turns one answer round means the rest to follow; what is signed otherwise has a test of its own.
    """
    answers = {item.kind: item.facts for item in evidence}
    denied = {
        one.by
        for one in SIGNED_OTHERWISE
        if (given := answers.get(one.questionnaire)) is not None
        and one.fact in given
        and given[one.fact] == one.answered
    }
    return [item for item in evidence if item.kind not in denied]


def as_facts(evidence: list[Evidence]) -> Facts:
    return Facts(
        {item.kind: item for item in evidence if item.model_id != ORGANISATION},
        {item.kind: item for item in evidence if item.model_id == ORGANISATION},
    )


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def subject() -> Subject:
    return Subject(MODEL, "german-credit", "owner@example.org", VERSION)


@pytest.fixture
def evidence() -> Callable[..., Evidence]:
    return make_evidence


@pytest.fixture
def everything() -> Callable[[Compiled], list[Evidence]]:
    return wanted


@pytest.fixture
def facts_of() -> Callable[[list[Evidence]], Facts]:
    return lambda evidence: as_facts(without_contrary(evidence))


@pytest.fixture
def store() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def audit() -> MemoryAudit:
    return MemoryAudit()


@pytest.fixture
def bus() -> MemoryBus:
    return MemoryBus()


@pytest.fixture
def look(everything, evidence, keep, register, store, audit, bus, now):
    """The state of a requirement with everything on record, one kind of it altered, by the evaluation that runs."""

    def altered(item, kind, change):
        if item.kind != kind:
            return item
        known = {name: value for name, value in change.items() if name not in {"old", "status", "gone"}}
        facts = {name: value for name, value in {**item.facts, **known}.items() if value is not None}
        at = now - timedelta(days=change.get("old", 1))
        return item.model_copy(update={"facts": facts, "produced_at": at, "status": change.get("status", item.status)})

    def state(requirement_id, kind, change):
        register()
        framework = framework_of(requirement_id)
        items = everything(framework)
        if kind == "attestation.ll144_independence":  # who audits here signs as the owner of the model elsewhere
            facts = {"role": "model owner", "signer": "ada", "decision": "affirmed"}
            items.append(evidence("attestation.human_oversight", facts=facts))
        other, world = OTHER_ANSWERS.get(requirement_id, ("", {}))
        items = [altered(item, other, world) for item in items]
        assert kind is None or any(item.kind == kind for item in items)
        changed = [altered(item, kind, change) for item in items if not (item.kind == kind and change.get("gone"))]
        keep(without_contrary(changed))
        statuses = evaluate_model("german-credit-1a2b3c", store=store, audit=audit, bus=bus, now=now)
        return next(it for s in statuses for it in s.requirements if it.requirement_id == requirement_id)

    return state


def make_model(name: str = "german-credit", version: str = VERSION) -> RegisteredModel:
    endpoint = Endpoint(
        cloud=Cloud.AWS,
        scope="123456789012/eu-central-1",
        name=name,
        resource_id=f"arn:aws:sagemaker:eu-central-1:123456789012:endpoint/{name}",
        status="InService",
        variants=(EndpointVariant(name="blue", model_name=version, weight=1.0),),
    )
    model_id = MODEL if name == "german-credit" else endpoint.model_id
    return RegisteredModel(
        id=model_id, name=name, cloud=Cloud.AWS, owner="owner@example.org", endpoint=endpoint, registered_at=NOW
    )


@pytest.fixture
def register(store: MemoryStore) -> Callable[..., RegisteredModel]:
    def put(name: str = "german-credit", version: str = VERSION) -> RegisteredModel:
        model = make_model(name, version)
        store.put(Record(model_key(model.id), to_json(model)))
        return model

    return put


@pytest.fixture
def keep(store: MemoryStore) -> Callable[[list[Evidence]], Store]:
    def put(evidence: list[Evidence]) -> Store:
        for item in evidence:
            put_evidence(store, item)
        return store

    return put
