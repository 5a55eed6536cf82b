"""The life of a model trained with MLflow: imported, refused, completed, approved by two, promoted, rolled back.

Nothing is made up on the way: the server, the model, its captured traffic and the checks of it are real.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from syndic.adapters.folder import FolderStore
from syndic.adapters.memory import MemoryArchive, MemoryBus, MemoryCaptures, MemoryStore
from syndic.adapters.mlflow import open_mlflow
from syndic.audit.log import AuditLog
from syndic.audit.verification.trail import verify
from syndic.bias.models import BiasReport, Verdict
from syndic.cli.shell.frame import run
from syndic.drift.models import BaselineSource
from syndic.drift.set_baseline import set_baseline
from syndic.errors import ConflictError, NotAllowedError
from syndic.models import (
    CaptureConfig,
    CaptureFormat,
    CaptureSchema,
    CheckRequested,
    Cloud,
    ColumnKind,
    ColumnRole,
    ColumnSpec,
    ComplianceStatus,
    Endpoint,
    EvidenceStatus,
    RiskDecision,
    RiskLevel,
    TimeWindow,
)
from syndic.ports import Store
from syndic.records import get_model, list_evidence, model_record
from syndic.registry.approvals.requests import decide, request_approval
from syndic.registry.models import Decision, GateResult, Stage, Vote
from syndic.registry.promotion.promote import GateRefusedError, promote, read_stages, roll_back, waive
from syndic.registry.sync.importer import ForeignVersion, import_models
from syndic.registry.versions.versions import change_model, change_status, decide_risk
from tests.contract.test_mlflow import server, train  # noqa: F401
from tests.reading import check_bias, check_drift

TODAY = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
YESTERDAY, NOW = TODAY - timedelta(days=1), TODAY + timedelta(hours=6)
WHY = "as the clinic's board decided"
NOT_ASSESSABLE = "fairness not assessable: no protected attribute declared"
ENDPOINT = Endpoint(
    cloud=Cloud.AWS,
    scope="123456789012/eu-central-1",
    name="breast-cancer",
    resource_id="arn:aws:sagemaker:eu-central-1:123456789012:endpoint/breast-cancer",
    status="InService",
    capture=CaptureConfig(enabled=True, format=CaptureFormat.SAGEMAKER, uri="s3://captures/data"),
)
PROFILE: dict[str, Any] = {
    "owner": "olga@example.org",
    "intended_purpose": "second reading of fine-needle aspirates",
    "limitations": "no screening of people without symptoms",
    "data_sources": ["Wisconsin Diagnostic, 1995"],
    "oversight_plan": "a pathologist decides",
}
MISSING = {
    "profile_complete": (
        "not filled in: owner, intended_purpose, limitations, data_sources, oversight_plan",
        "complete the model's profile",
    ),
    "risk_acceptable": ("nobody has decided on the risk level", "answer the risk questionnaire and decide"),
    "status_approved": (
        "the compliance status is draft, not approved",
        "have the compliance status reviewed and set to approved",
    ),
    "evidence:drift.run": ("there is no drift.run evidence", "run the drift check and look at its report"),
    "evidence:bias.run": ("there is no bias.run evidence", "run the bias check and look at its report"),
    "approvals": (
        "no approval was requested; 2 approvals (ml_engineer, product_owner) are needed",
        "request the approval",
    ),
}

pytestmark = [pytest.mark.emulator, pytest.mark.slow]


def unmet(result: GateResult) -> dict[str, tuple[str, str | None]]:
    return {one.name: (one.reason, one.remedy) for one in result.unmet}


def diagnoses() -> Iterator[tuple[list[float], int]]:
    """The measurements of every patient and the model's prediction."""
    from sklearn.datasets import load_breast_cancer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    rows, truth = load_breast_cancer(return_X_y=True)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=1.0, max_iter=500)).fit(rows, truth)
    yield from zip(rows.tolist(), model.predict(rows).tolist(), strict=True)


def captured(day: datetime) -> bytes:
    """A day of traffic as SageMaker captures it: every patient once."""

    def side(mode: str, data: str) -> dict[str, str]:
        return {"observedContentType": "text/csv", "mode": mode, "data": data, "encoding": "CSV"}

    lines = []
    for number, (row, diagnosis) in enumerate(diagnoses()):
        sides = {
            "endpointInput": side("INPUT", ",".join(map(str, row))),
            "endpointOutput": side("OUTPUT", f"{diagnosis}"),
        }
        at = f"{day + timedelta(hours=9, seconds=number):%Y-%m-%dT%H:%M:%SZ}"
        document = {"captureData": sides, "eventMetadata": {"eventId": f"{day:%d}-{number}", "inferenceTime": at}}
        lines.append(json.dumps({**document, "eventVersion": "0"}))
    return "\n".join(lines).encode()


def watch(store: Store, model_id: str) -> BiasReport:
    """Put the model behind an endpoint and check yesterday's traffic for drift and fairness."""
    names = [item["name"] for item in signature_inputs(store, model_id)]
    schema = CaptureSchema(
        inputs=tuple(ColumnSpec(name=name, kind=ColumnKind.NUMERIC) for name in names),
        outputs=(ColumnSpec(name="diagnosis", kind=ColumnKind.CATEGORICAL, role=ColumnRole.PREDICTION),),
    )
    deployed = get_model(store, model_id).model_copy(update={"endpoint": ENDPOINT, "capture_schema": schema})
    store.put(model_record(deployed))
    captures, archive, bus = MemoryCaptures(lambda: NOW), MemoryArchive(lambda: NOW), MemoryBus()
    days = [YESTERDAY - timedelta(days=1), YESTERDAY]
    for day in days:
        captures.capture(ENDPOINT, day + timedelta(hours=9), captured(day), modified=day + timedelta(hours=10))
    common: dict[str, Any] = {
        "store": store,
        "audit": AuditLog(store),
        "captures": captures,
        "archive": archive,
        "now": NOW,
    }
    before = BaselineSource.model_validate({"window": {"start": days[0], "end": days[1]}})
    set_baseline(model_id, before, actor="ann", **common)
    window = TimeWindow(start=days[1], end=TODAY)
    check_drift(CheckRequested(check="drift", model_id=model_id, window=window), bus=bus, **common)
    (report,) = check_bias(CheckRequested(check="bias", model_id=model_id, window=window), bus=bus, **common)
    return report


def signature_inputs(store: Store, model_id: str) -> list[dict[str, Any]]:
    from syndic.registry.versions.queries import get_version

    signature = get_version(store, model_id, "1").signature
    assert signature is not None
    inputs = signature["inputs"]
    assert isinstance(inputs, list)
    assert len(inputs) == 30
    return inputs


def actions(store: Store) -> list[str]:
    assert verify(store).intact
    return [record.body["entry"]["action"] for record in store.query("audit", prefix="entry.", limit=500).records]


def test_a_breast_cancer_model_goes_to_production_and_back(server: tuple[str, Path]) -> None:  # noqa: F811
    uri, _ = server
    store = MemoryStore()
    audit = AuditLog(store)
    common: dict[str, Any] = {"store": store, "audit": audit, "actor": "ann", "now": NOW}
    (model,) = import_models(open_mlflow(uri), **common).models
    promote(model, "1", Stage.STAGING, reason=WHY, **common)

    with pytest.raises(GateRefusedError) as refused:
        promote(model, "1", Stage.PRODUCTION, reason=WHY, **common)
    assert unmet(refused.value.result) == MISSING
    assert all(f"{name}: {reason}" in str(refused.value) for name, (reason, _) in MISSING.items())
    assert read_stages(store, model).production is None

    report = watch(store, model)
    assert (report.verdict, report.reason) == (Verdict.NOT_ASSESSABLE, NOT_ASSESSABLE)
    assert report.rows.read == 569
    evidence = {one.kind: one.status for one in list_evidence(store, model)}
    assert (evidence["drift.run"], evidence["bias.run"]) == (EvidenceStatus.PASSING, EvidenceStatus.INCONCLUSIVE)

    change_model(model, PROFILE, **common)
    risk = RiskDecision(level=RiskLevel.HIGH, reason="medical device, Annex I", decided_by="cora", decided_at=NOW)
    decide_risk(model, risk, store=store, audit=audit, now=NOW)
    for status in (ComplianceStatus.UNDER_REVIEW, ComplianceStatus.APPROVED):
        change_status(model, status, reason=WHY, **common)
    with pytest.raises(GateRefusedError) as refused:
        promote(model, "1", Stage.PRODUCTION, reason=WHY, **common)
    assert list(unmet(refused.value.result)) == ["evidence:bias.run", "approvals"]
    assert NOT_ASSESSABLE in unmet(refused.value.result)["evidence:bias.run"][0]

    for version in ("1", "2"):
        if version == "2":
            train(uri)
            assert import_models(open_mlflow(uri), **common).added == ("breast_cancer_classifier version 2",)
            promote(model, version, Stage.STAGING, reason=WHY, **common)
        waive(model, version, "evidence:bias.run", reason="the data names no protected attribute", **common)
        asked = request_approval(model, version, Stage.PRODUCTION, **common)

        def vote(actor: str, role: str, request: str = asked.id) -> None:
            said = Vote(actor=actor, role=role, decision=Decision.APPROVE, comment="looked at it", at=NOW)
            decide(model, request, said, held_roles={role}, store=store, audit=audit, now=NOW)

        with pytest.raises(NotAllowedError, match="four eyes"):
            vote("ann", "ml_engineer")
        for actor, role in (("mia", "ml_engineer"), ("pia", "product_owner")):
            with pytest.raises(GateRefusedError, match="more approvals are needed"):
                promote(model, version, Stage.PRODUCTION, reason=WHY, **common)
            vote(actor, role)
        promote(model, version, Stage.PRODUCTION, reason=WHY, **common)
        assert read_stages(store, model).production == version
    assert read_stages(store, model).of == {"1": Stage.ARCHIVED, "2": Stage.PRODUCTION}

    roll_back(model, to=None, reason=WHY, **common)
    assert read_stages(store, model).of == {"1": Stage.PRODUCTION, "2": Stage.ARCHIVED}
    with pytest.raises(ConflictError, match="never in production"):
        roll_back(model, to="3", reason=WHY, **common)

    waived = ["condition.waived", "approval.requested"]
    # The same person's same refused request again, within minutes, is one refusal.
    voted = ["promotion.refused", "approval.voted", "approval.voted"]
    registry = ("model.", "version.", "promotion.", "condition.", "approval.")
    assert [one for one in actions(store) if one.startswith(registry)] == [
        "model.registered", "version.added", "version.promotion", "promotion.refused", "model.changed",
        "model.risk_decided", "model.status_changed", "model.status_changed", "promotion.refused",
        *waived, *voted, "version.promotion",
        "version.added", "version.promotion", *waived, *voted, "version.promotion", "version.rollback",
    ]  # fmt: skip


def test_the_same_journey_by_commands_in_a_folder(
    server: tuple[str, Path],  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    uri, _ = server
    folder = tmp_path / "registry"

    def syndic(*arguments: str, by: str = "ann", code: int = 0) -> str:
        assert run([*arguments, "--store", str(folder), "--as", by]) == code, capsys.readouterr()
        return capsys.readouterr().out

    name, why = "breast_cancer_classifier", ("--reason", WHY)
    assert "versions: 0 added" not in syndic("import", "mlflow", uri)
    again = json.loads(syndic("import", "mlflow", uri, "--json"))
    assert (again["added"], again["changed"], again["unsound"]) == ([], [], [])
    syndic("models", "promote", name, "1", "--stage", "staging", *why)
    refused = syndic("gate", name, "--stage", "production", "--version", "1", code=1).splitlines()[1:]
    assert refused == [f"  {one}: {reason}; remedy: {remedy}" for one, (reason, remedy) in MISSING.items()]
    assert syndic("models", "promote", name, "1", "--stage", "production", *why, code=1).splitlines()[1:] == refused

    store = FolderStore(folder)
    (model_id,) = again["models"]
    assert watch(store, model_id).reason == NOT_ASSESSABLE
    said = ("--owner", PROFILE["owner"], "--purpose", PROFILE["intended_purpose"], "--limitations")
    more = (PROFILE["limitations"], "--oversight-plan", PROFILE["oversight_plan"], "--data-source", "Wisconsin")
    syndic("models", "describe", name, *said, *more)
    syndic("models", "risk", name, "high", *why)
    syndic("models", "status", name, "under_review", *why)
    syndic("models", "status", name, "approved", *why)
    judged = json.loads(syndic("gate", name, "--version", "1", "--json", code=1))
    assert (judged["passed"], judged["unmet"]) == (False, ["evidence:bias.run", "approvals"])

    syndic("models", "waive", name, "1", "evidence:bias.run", "--reason", "the data names no protected attribute")
    syndic("models", "request", name, "1")
    approve = ("models", "approve", name, "--comment", "looked at it", "--role")
    syndic(*approve, "ml_engineer", code=2)  # nobody decides on their own request
    syndic(*approve, "ml_engineer", by="mia")
    assert "approved by mia (ml_engineer), pia (product_owner)" in syndic(*approve, "product_owner", by="pia")
    assert syndic("gate", name, "--version", "1").startswith("PASSED")
    assert "in production: 1" in syndic("models", "promote", name, "1", "--stage", "production", *why)
    assert NOT_ASSESSABLE in syndic("models", "card", name)
    syndic("import", "mlflow", uri, "--write-back")
    found = list(open_mlflow(uri).versions())
    told = {one.version: (one.tags, one.aliases) for one in found if isinstance(one, ForeignVersion)}
    assert told["1"] == (
        {"syndic.stage": "production", "syndic.status": "approved"},
        ("candidate", "production"),
    )
    syndic("models", "rollback", name, *why, code=2)  # there is nothing to return to
    assert actions(store).count("approval.voted") == 2
