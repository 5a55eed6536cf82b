"""Two models on record as the demonstration leaves them: one with drift over months, one with a fairness finding."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from syndic.adapters.memory import MemoryArchive, MemoryAudit, MemoryBus, MemoryStore
from syndic.assessment import ORGANISATION, AttestationDecision
from syndic.audit.log import AuditLog
from syndic.canonical import sha256_of
from syndic.compliance.evaluation.evaluate import evaluate_all
from syndic.compliance.people.answers import classify
from syndic.compliance.people.attest import attest
from syndic.compliance.people.documents import record_document
from syndic.compliance.people.remediate import open_remediation
from syndic.compliance.questionnaires.annexes import PRACTICES
from syndic.models import (
    Cloud,
    Endpoint,
    EndpointVariant,
    Evidence,
    EvidenceStatus,
    RegisteredModel,
    TimeWindow,
    to_json,
)
from syndic.ports import Key, Record
from syndic.records import model_key, put_evidence
from syndic.reports.content.collect import collect
from syndic.reports.models import ReportRequest

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
GERMAN, CAR = "german-credit-1a2b3c", "car-loan-4d5e6f"
PASSING, FAILING = EvidenceStatus.PASSING, EvidenceStatus.FAILING


def add_model(store, model_id, name, **over):
    endpoint = Endpoint(
        cloud=Cloud.AWS,
        scope="123456789012/eu-central-1",
        name=name,
        resource_id=f"arn:aws:sagemaker:eu-central-1:123456789012:endpoint/{name}",
        status="InService",
        variants=(EndpointVariant(name="AllTraffic", model_name=f"{name}-7", weight=1.0),),
    )
    model = RegisteredModel(
        id=model_id,
        name=name,
        cloud=Cloud.AWS,
        owner="credit.owner@example.org",
        intended_purpose="Estimates whether an applicant will repay a consumer loan.",
        data_sources=("loan applications", "payment history"),
        endpoint=endpoint,
        registered_at=NOW - timedelta(days=30),
        **over,
    )
    store.put(Record(model_key(model_id), to_json(model)))
    return model


def add_evidence(store, model_id, kind, status, summary, facts=None, *, window=None, at=NOW - timedelta(hours=2)):
    facts = facts or {}
    put_evidence(
        store,
        Evidence(
            kind=kind,
            model_id=model_id,
            status=status,
            summary=summary,
            facts=facts,
            source=f"{kind.split('.')[0]}/{model_id}",
            sha256=sha256_of([kind, model_id, summary, facts]),
            produced_at=at,
            window=window,
        ),
    )


def month(year, number):
    start = datetime(year, number, 1, tzinfo=UTC)
    return TimeWindow(start=start, end=(start + timedelta(days=32)).replace(day=1))


CAR_PSI = {
    "car_value": [0.021, 0.018, 0.025, 0.02, 0.016, 1.61, 1.72, 1.68, 1.8, 1.75],
    "salary_range": [0.011, 0.013, 0.009, 0.014, 0.012, 0.09, 0.11, 0.1, 0.12, 0.13],
    "debt_to_income_ratio": [0.01, 0.012, 0.011, 0.009, 0.013, 0.012, 0.01, 0.014, 0.011, 0.012],
}


def add_drift(store, model_id):
    windows = [*(month(2018, number) for number in (11, 12)), *(month(2019, number) for number in range(1, 9))]
    for index, window in enumerate(windows):
        drifts = index >= 5
        point = {
            "window": to_json(window),
            "report_id": f"drift.{model_id}.{window.key}",
            "verdict": "drift" if drifts else "no_drift",
            "severity": "critical" if drifts else "none",
            "rows": 1000,
            "columns": {name: {"psi": values[index]} for name, values in CAR_PSI.items()},
            "drifted": ["car_value"] if drifts else [],
            "confirmed": [],
        }
        store.put(Record(Key(f"drift.{model_id}", f"point.{window.key}"), {"point": point, "announced": True}))
        body = {"policy": {"psi_threshold": 0.25}, "verdict": point["verdict"]}
        store.put(Record(Key(f"drift.{model_id}", window.key), body))
    return windows[-1]


def add_bias(store, model_id):
    window = month(2026, 10)

    def estimate(value, low=None, high=None):
        return {"value": value, "low": low, "high": high, "reason": None if value is not None else "no decision"}

    groups = {
        "<=25": {"n": 190, "is_reference": False, "disparate_impact": estimate(0.795, 0.699, 0.904)},
        ">25": {"n": 810, "is_reference": True, "disparate_impact": estimate(1.0)},
    }
    sexes = {
        "female": {"n": 310, "is_reference": False, "disparate_impact": estimate(0.897, 0.81, 0.99)},
        "male": {"n": 690, "is_reference": True, "disparate_impact": estimate(1.0)},
        "unknown": {"n": 3, "is_reference": False, "disparate_impact": estimate(None)},
    }
    verdicts = {"<=25": "adverse_impact_indicated", "female": "difference_under_threshold", "unknown": "not_assessable"}
    for table in (groups, sexes):
        for name, group in table.items():
            group |= {"verdict": verdicts.get(name, "no_indication"), "reason": "numbers as shown"}
    body = {
        "outcome": "label",
        "policy": {"fairness_metrics": [{"metric": "disparate_impact", "threshold": 0.85, "enabled": True}]},
        "attributes": {"age": {"reference": ">25", "groups": groups}, "sex": {"reference": "male", "groups": sexes}},
    }
    store.put(Record(Key(f"bias.{model_id}", f"label.{window.key}"), body))
    return window


ANSWERS = {
    "screening": dict.fromkeys(PRACTICES, False),
    "provider": True,
    "deployer": True,
    "annex_i_product": False,
    "area": "5b",
    "profiling": True,
}
PROCESSING = {"personal_data": True, "basis": "contract", "systematic_evaluation": True}


def fill(store, audit, bus):
    """Put both models, their evidence, some signatures and documents, and evaluate them."""
    add_model(store, GERMAN, "german-credit")
    add_model(store, CAR, "car-loan")
    for model_id in (GERMAN, CAR):
        empty = ["oversight_plan"] if model_id == CAR else []
        add_evidence(
            store, model_id, "registry.profile", FAILING if empty else PASSING,
            "not filled in: oversight_plan" if empty else "the model's profile is filled in",
            {"empty": empty, "owner_named": True, "cloud": "aws"},
        )  # fmt: skip
        add_evidence(
            store, model_id, "capture.config", PASSING, "capture on, 100 %", {"enabled": True, "sampling_percent": 100}
        )
        for name, answers in (("ai_act", ANSWERS), ("processing", PROCESSING)):
            classify(
                model_id, name, answers, store=store, audit=audit, bus=bus, actor="ada", now=NOW - timedelta(hours=3)
            )
    add_evidence(store, ORGANISATION, "audit.verified", PASSING, "212 entries, chain intact")
    add_evidence(store, CAR, "drift.run", FAILING, "car_value drifts: PSI 1.75 against a threshold of 0.25",
                 {"verdict": "drift"}, window=add_drift(store, CAR))  # fmt: skip
    add_evidence(
        store, CAR, "registry.promotion", FAILING, "version 7 went to production without a second approver",
        {"period": [{"version": "7", "at": "2026-10-01T00:00:00+00:00", "sound": False}]},
    )  # fmt: skip
    add_evidence(
        store, CAR, "incidents.breaches", FAILING, "a breach was not told to the authority within 72 hours",
        {"late": 1, "late_by_law": 1, "late_undecided": 0,
         **dict.fromkeys(("met_late", "controller_met_late", "persons_met_late"), 0)},
    )  # fmt: skip
    about = {"model_version": "german-credit-7"}
    add_evidence(store, GERMAN, "drift.run", PASSING, "no column drifts", {"verdict": "no_drift", **about})
    add_evidence(store, GERMAN, "quality.performance", PASSING, "accuracy 0.76 (0.73 to 0.79), declared 0.75", about)
    add_evidence(
        store, GERMAN, "bias.run", FAILING, "adverse impact for age <=25: ratio 0.795 (0.699 to 0.904), p 1e-4",
        {"verdict": "adverse_impact_indicated"}, window=add_bias(store, GERMAN),
    )  # fmt: skip
    signers = {
        "human_oversight": "model owner",
        "prohibited_practices": "compliance officer",
        "lawful_basis": "model owner",
    }
    for topic, role in signers.items():
        attest(
            GERMAN, topic, role=role, decision=AttestationDecision.AFFIRMED, roles=frozenset({role}), actor="ada.byron",
            store=store, audit=audit, bus=bus, now=NOW - timedelta(hours=1),
        )  # fmt: skip
    record_document(
        GERMAN, "processing_record", title="Record of processing, credit scoring", location="s3://docs/ropa.pdf",
        sha256="5" * 64, dated=NOW.date(), store=store, audit=audit, bus=bus, actor="ada.byron", now=NOW,
    )  # fmt: skip
    evaluate_all(store=store, audit=audit, bus=bus, now=NOW)
    open_remediation(
        GERMAN, "gdpr", "GDPR-5(1)(a)", title="Look into the selection of applicants up to 25", owner="credit.owner",
        due=NOW.date() + timedelta(days=30), store=store, audit=audit, actor="ada.byron", now=NOW,
    )  # fmt: skip


@pytest.fixture(scope="session")
def filled():
    store = MemoryStore()
    fill(store, AuditLog(store), MemoryBus())
    return store


@pytest.fixture
def archive():
    return MemoryArchive()


@pytest.fixture
def audit():
    return MemoryAudit()


@pytest.fixture(scope="module")
def content(filled):
    """A report on all that is on record."""
    return collect(ReportRequest(), store=filled)
