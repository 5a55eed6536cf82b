"""The guide that Syndic was built after, step by step: what each of its programs is for is done with the client.

Its programs are of a package that there is not; what they send and ask for is here in the client's words, its files in
`configuration/`. Where it asks for a score it gets counts: what fails stays in sight.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from functions.api.handler import handler
from syndic.compliance.evaluation.evaluate import evaluate_all
from syndic.registry.overview import keep_overview
from syndic.tasks.watch.metrics import keep_metrics
from syndic_client import errors
from syndic_client.schemas import BiasPolicy, ProtectedAttribute
from tests.edges.calling import Gateway
from tests.edges.conftest import Context
from tests.edges.envelopes import PEOPLE, api_request
from tests.edges.test_outside import COLUMNS, applications, traffic, work
from tests.edges.world import QUIET, SHIFTED, World

FILES = Path(__file__).parents[1] / "api" / "configuration"
INFORMATION: dict[str, Any] = {
    "name": "Advanced Fraud Detection Model",
    "description": "ML model for real-time fraud detection in financial transactions",
    "owner": "olga@example.org",
    "intended_purpose": "Detect fraudulent credit card transactions in real-time",
    "limitations": "May have reduced accuracy for new fraud patterns not seen in training",
    "data_sources": ["transaction_logs", "user_profiles", "merchant_data"],
    "oversight_plan": "Monitor for concept drift. Retrain monthly. A clerk looks at each case that is held.",
    "capture_schema": COLUMNS,
}
METRICS = {"precision": 0.92, "recall": 0.88, "f1_score": 0.90, "auc_roc": 0.94}
APPROVERS = (
    ("data_scientist", "Reviewed model architecture and performance metrics"),
    ("ml_engineer", "Validated training pipeline and reproducibility"),
    ("product_owner", "Confirmed business requirements and success criteria"),
)
FAIRNESS = """bias_monitoring:
  protected_attributes: ["age", "gender", "race", "location"]
  fairness_metrics: ["demographic_parity", "equalized_odds", "individual_fairness"]
  bias_threshold: 0.1
"""
TEMPLATE = {  # sections of the guide's model card, and where a card or a data sheet of ours has them
    "model_details": ("card", "model_details"),
    "intended_use": ("card", "intended_use"),
    "metrics": ("card", "metrics"),
    "training_data": ("card", "training_data"),
    "caveats_and_recommendations": ("card", "limitations"),
}


@pytest.fixture
def world(wire: Callable[[str], World]) -> World:
    return wire("empty")


@pytest.fixture
def gateway(world: World) -> Gateway:
    return Gateway(sent=world.captures.add)


def configure(gateway: Gateway, *names: str, models: tuple[str, ...] = ()) -> Any:
    files = [{"name": f"{name}.yaml", "text": FAIRNESS if name == "fairness" else text(name)} for name in names]
    return gateway.client("admin").configuration.apply(files=files, models=models)


def text(name: str) -> str:
    return (FILES / f"{name}.yaml").read_text("utf-8")


def onboarded(gateway: Gateway) -> tuple[Any, Any]:
    """A model with its information, its version, and what it was validated on."""
    owner = gateway.client("model_owner")
    model = owner.models.register(**INFORMATION)
    version = owner.registry.add_version(
        model, version="v2", algorithm="isolation_forest", hyperparameters={"n_estimators": 100, "contamination": 0.05},
        metrics=METRICS, training={"dataset_sha256": "a" * 64, "rows": 100_000, "features": 25},
        artefacts=[
            {"name": name, "location": f"https://files.example.org/{name}", "sha256": "b" * 64}
            for name in ("classification_report.json", "confusion_matrix.png")
        ],
    )  # fmt: skip
    rows = [f"{one['amount']},{one['sex']},{one['granted']}\n" for one in applications(4000, 1)]
    validation = "".join(["amount,sex,granted\n", *rows]).encode()
    owner.drift.set_baseline(model, uri=owner.models.upload(model, validation, kind="baseline", suffix="csv"))
    return model, version


def test_from_onboarding_to_production_with_three_of_four_roles(
    world: World, gateway: Gateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    for role, name in (("data_scientist", "bob"), ("ml_engineer", "charlie")):
        person = {"cognito:username": name, "email": f"{name}@example.org", "cognito:groups": role}
        monkeypatch.setitem(PEOPLE, role, person)
    owner, admin = gateway.client("model_owner"), gateway.client("admin")
    settings = configure(gateway, "governance", "high_risk").settings
    assert {one.target.partition("/")[2] or one.target for one in settings if one.changed}
    model, version = onboarded(gateway)
    assert owner.models.get(model).compliance_status == "draft"
    sex = ProtectedAttribute(name="sex")
    fairness = BiasPolicy(favourable=("yes",), outcomes=("prediction",), protected_attributes=(sex,))
    owner.bias.set_policy(model, fairness)
    for day in (QUIET, SHIFTED):
        owner.models.capture(model, traffic(day), version=version)
    work(world)
    admin.registry.set_approval_policy(model, "high_risk_model_policy")
    owner.models.set_risk(model, level="limited", reason="a clerk decides on each case that is held")
    owner.models.set_compliance_status(model, status="under_review", reason="ready to be looked at")
    gateway.client("compliance_officer").models.set_compliance_status(model, status="approved", reason="looked at it")

    asked = owner.registry.request_approval(model, version)
    for number, (role, comment) in enumerate(APPROVERS, start=1):
        voted = gateway.client(role).registry.vote(model, asked, role=role, decision="approve", comment=comment)
        assert voted.state == ("approved" if number == len(APPROVERS) else "pending")
    evaluate_all(store=world.store, audit=world.audit, bus=world.bus, now=world.now())
    try:
        stages = owner.registry.promote(
            model, version, stage="production", reason="release 2 of March", through_stages=True
        )
    except errors.GateRefusedError as refused:
        pytest.fail(str([(one.where, one.problem) for one in refused.errors]))
    assert [(one.source, one.target) for one in stages.history][-2:] == [
        ("development", "staging"), ("staging", "production"),
    ]  # fmt: skip
    (checked,) = admin.registry.gates(stage="production")
    assert (checked.model_id, checked.version) == (model.id, "v2")


def test_compliance_and_audit_are_counts_and_findings_each_with_its_reason(world: World, gateway: Gateway) -> None:
    owner = gateway.client("model_owner")
    model, _ = onboarded(gateway)
    evaluate_all(store=world.store, audit=world.audit, bus=world.bus, now=world.now())
    assert owner.compliance.of_model(model).statuses
    for status in owner.compliance.of_model(model).statuses:
        failing = [one for one in status.requirements if one.state != "met"]
        assert status.met + len(failing) == len(status.requirements)
        assert all(one.reason for one in failing)
    audit = owner.models.governance_audit(model)
    assert audit.approvals == {}
    assert audit.findings
    assert all(one.finding and one.recommendation for one in audit.findings)


def test_the_dashboard_and_the_check_of_every_production_model(world: World, gateway: Gateway) -> None:
    admin = gateway.client("admin")
    model, version = onboarded(gateway)
    keep_overview(world.store, now=world.now(), daily=True)
    told = admin.registry.overview()
    assert (told.models, told.by_stage, told.by_status) == (1, {"development": 1}, {"draft": 1})
    assert admin.registry.gates(stage="production").all() == []
    unmet = [one for one in admin.registry.gate(model, version).conditions if not one.met]
    assert unmet
    assert all(one.reason for one in unmet)


def test_a_card_and_a_report_say_what_was_told_of_the_model(world: World, gateway: Gateway) -> None:
    owner = gateway.client("model_owner")
    model, version = onboarded(gateway)
    card = json.loads(owner.registry.card(model, version, format="json").text or "")
    said = json.dumps(card)
    for text in (INFORMATION["name"], INFORMATION["intended_purpose"], INFORMATION["limitations"], "isolation_forest"):
        assert text in said
    assert all(str(value) in said for value in METRICS.values())
    missing = [name for name, (_, section) in TEMPLATE.items() if section not in said]
    assert missing == []
    sheet = owner.registry.data_sheet(model, version, format="markdown").text or ""
    assert "transaction_logs" in sheet
    evaluate_all(store=world.store, audit=world.audit, bus=world.bus, now=world.now())
    preview = owner.reports.preview(kind="compliance", framework="eu_ai_act", model=model)
    assert preview.models == 1


@pytest.mark.parametrize("name", ["fairness", "regulations", "governance", "high_risk"])
def test_a_configuration_says_what_each_of_its_fields_became(name: str, gateway: Gateway) -> None:
    plain = {field: value for field, value in INFORMATION.items() if field != "capture_schema"}
    model = gateway.client("model_owner").models.register(**plain)
    report = configure(gateway, name, models=(model.id,))
    meanings = [f"{one.field} {one.meaning}" for one in report.meanings]
    said = " ".join([*meanings, *(line for one in report.settings for line in one.diff)])
    wanted = {
        "fairness": ("individual_fairness", "location", "0.1"),
        "regulations": ("sox_compliance", "performance_benchmarks", "limitations_disclosure", "periodic_audits"),
        "governance": ("no_security_issues", "compliance_level", "product_owner"),
        "high_risk": ("no_security_issues", "0.02", "canary"),
    }[name]
    assert [field for field in wanted if field not in said] == []


def test_the_numbers_for_a_monitoring_system_are_counts(world: World, gateway: Gateway) -> None:
    onboarded(gateway)
    keep_overview(world.store, now=world.now(), daily=True)
    keep_metrics(world.store, now=world.now())
    text = handler(api_request("GET", "/api/v1/metrics", person="auditor"), Context())["body"]
    for name in ("syndic_models", "syndic_requirements", "approval"):
        assert name in text
    assert "score" not in {line.split("{")[0].split()[0] for line in text.splitlines() if not line.startswith("#")}
