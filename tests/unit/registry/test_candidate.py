"""The gate judges evidence of the version that is to be promoted, not of the one that happens to serve."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.models import Evidence, EvidenceStatus
from syndic.records import put_evidence
from syndic.registry.models import Artefact, Stage
from syndic.registry.promotion.promote import judge_gate, waive
from tests.unit.registry.case import NOW, PROFILE, Registry

SHA = "a" * 64
ABSENT = object()


def run_of(registry, kind, about, status=EvidenceStatus.PASSING):
    facts = {} if about is ABSENT else {"model_version": about}
    put_evidence(
        registry.store,
        Evidence(
            kind=kind, model_id=registry.model.id, status=status, summary=f"{kind} is {status}", source="report/1",
            sha256="b" * 64, produced_at=NOW - timedelta(hours=1), facts=facts,
        ),
    )  # fmt: skip


def condition(registry, version, kind):
    result = judge_gate(registry.model.id, version, Stage.PRODUCTION, store=registry.store, now=NOW)
    return next(one for one in result.conditions if one.name == f"evidence:{kind}")


@pytest.fixture
def registry():
    registry = Registry(**PROFILE)
    registry.approve_model()
    return registry


def extended(registry, name, *more):
    present = registry.version("0").artefacts
    return registry.version(name, artefacts=(*present, *more))


@pytest.mark.parametrize(
    ("kind", "about", "met", "says"),
    [
        ("bias.run", "7", True, "bias.run is passing"),
        ("bias.run", "credit-7", True, "bias.run is passing"),
        ("bias.run", "6", False, "about version 6, not about version 7"),
        ("bias.run", "6+7", False, "about version 6+7, not about version 7"),
        ("bias.run", None, False, "about a version that is not known, not about version 7"),
        ("bias.run", ABSENT, True, "bias.run is passing"),
        ("drift.run", "7", True, "drift.run is passing"),
        ("drift.run", "6", True, "about version 6; carried over, since it is about the data that come in"),
        ("drift.run", None, True, "carried over"),
    ],
)
def test_a_run_counts_for_the_version_it_is_about_and_carries_over_by_rule(kind, about, met, says, registry):
    extended(registry, "7", Artefact(name="sagemaker-model", location="arn:aws:sagemaker:x:1:model/credit-7"))
    run_of(registry, kind, about)
    found = condition(registry, "7", kind)
    assert (found.met, says in found.reason) == (met, True), found.reason
    if not met:
        assert "assessment:bias.run" in found.remedy


def test_the_served_versions_fairness_neither_passes_nor_holds_up_another(registry):
    registry.version("7")
    for status in (EvidenceStatus.PASSING, EvidenceStatus.FAILING):
        run_of(registry, "bias.run", "6", status)
        assert "not about version 7" in condition(registry, "7", "bias.run").reason


def test_drift_that_is_carried_over_still_has_to_pass(registry):
    registry.version("7")
    run_of(registry, "drift.run", "6", EvidenceStatus.FAILING)
    assert not condition(registry, "7", "drift.run").met


@pytest.mark.parametrize("about", ["6", ABSENT])
def test_an_assessment_stands_in_where_no_run_of_the_version_exists(about, registry):
    extended(registry, "7", Artefact(name="assessment:bias.run", location="s3://reports/fairness-7.json", sha256=SHA))
    if about is not ABSENT:
        run_of(registry, "bias.run", about)
    found = condition(registry, "7", "bias.run")
    assert found.met
    assert "assessed in s3://reports/fairness-7.json" in found.reason


def test_an_assessment_does_not_stand_in_for_a_run_of_the_version_or_without_a_hash(registry):
    extended(registry, "7", Artefact(name="assessment:bias.run", location="s3://reports/fairness-7.json", sha256=SHA))
    run_of(registry, "bias.run", "7", EvidenceStatus.FAILING)
    assert not condition(registry, "7", "bias.run").met
    registry.version("8", artefacts=(Artefact(name="assessment:bias.run", location="s3://reports/8.json"),))
    assert not condition(registry, "8", "bias.run").met


def test_a_waiver_remains_for_a_version_that_never_served(registry):
    registry.version("7")
    run_of(registry, "bias.run", "6")
    waive(
        registry.model.id, "7", "evidence:bias.run", reason="First version with this target; examined by hand.",
        store=registry.store, audit=registry.audit, actor="ann", now=NOW,
    )  # fmt: skip
    found = condition(registry, "7", "bias.run")
    assert found.met
    assert "about version 6" in found.reason
