"""Framework versions: a custom framework is uploaded, tried, activated and evaluated, with no deployment."""

from __future__ import annotations

from importlib import resources

import pytest

from syndic.assessment import ORGANISATION, State
from syndic.compliance.catalogue import (
    activate_framework,
    active_frameworks,
    dry_run,
    get_framework,
    list_frameworks,
    upload_framework,
)
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.compliance.evaluation.queries import status_of
from syndic.compliance.models import VersionState
from syndic.errors import ConflictError, InvalidInputError, NotFoundError
from syndic.models import EvidenceChanged

TEMPLATE = resources.files("syndic.compliance").joinpath("frameworks/template.yaml").read_text("utf-8")
NEXT = TEMPLATE.replace('"2026.1"', '"2026.2"').replace("max_age_days: 14", "max_age_days: 3")


@pytest.fixture
def upload(store, audit, now):
    return lambda text: upload_framework(text, store=store, audit=audit, actor="ada", now=now)


@pytest.fixture
def activate(store, audit, bus, now):
    return lambda version, framework_id="our_model_policy": activate_framework(
        framework_id, version, store=store, audit=audit, bus=bus, actor="ada", now=now
    )


def test_an_uploaded_framework_judges_nobody_until_it_is_activated(upload, activate, register, store, audit, bus, now):
    model = register()
    assert upload(TEMPLATE).state is VersionState.DRAFT
    assert "our_model_policy" not in active_frameworks(store)
    bus.subscribe(
        "EvidenceChanged", lambda event: evaluate_model(event.model_id, store=store, audit=audit, bus=bus, now=now)
    )
    activate("2026.1")
    bus.deliver()
    status = status_of(store, model.id, "our_model_policy")
    assert status is not None
    assert [it.state for it in status.requirements] == [State.INSUFFICIENT_EVIDENCE]


def test_a_dry_run_tells_what_would_change_and_writes_nothing(upload, activate, register, store, evidence, keep, now):
    model = register()
    upload(TEMPLATE)
    activate("2026.1")
    keep([evidence("registry.profile"), evidence("drift.run"), evidence("document.model_policy_review")])
    upload(NEXT.replace("- id: MP-1", "- id: MP-2"))
    changes = dry_run(store, "our_model_policy", "2026.2", now=now)
    assert [(it.requirement_id, it.before, it.after) for it in changes.changes] == [
        ("MP-1", State.ATTESTATION_DUE, None),
        ("MP-2", None, State.ATTESTATION_DUE),
    ]
    assert active_frameworks(store)["our_model_policy"].framework.version == "2026.1"
    assert status_of(store, model.id, "our_model_policy") is None


def test_activating_replaces_the_version_and_keeps_the_old_one(upload, activate, store):
    upload(TEMPLATE)
    activate("2026.1")
    upload(NEXT)
    activate("2026.2")
    states = {it.version: it.state for it in list_frameworks(store) if it.framework_id == "our_model_policy"}
    assert states == {"2026.1": VersionState.SUPERSEDED, "2026.2": VersionState.ACTIVE}
    activate("2026.1")
    assert active_frameworks(store)["our_model_policy"].framework.version == "2026.1"


def test_activating_twice_is_one_entry_and_every_model_is_looked_at_again(upload, activate, register, audit, bus):
    register()
    upload(TEMPLATE)
    first = activate("2026.1")
    assert activate("2026.1") == first
    assert [entry.action for entry in audit.entries] == ["framework.uploaded", "framework.activated"]
    assert bus.published == [EvidenceChanged(model_id=ORGANISATION, kinds=("framework.our_model_policy",))]


def test_the_same_text_again_is_the_same_draft_and_another_text_needs_another_version(upload):
    first = upload(TEMPLATE)
    assert upload(TEMPLATE) == first
    with pytest.raises(ConflictError, match="raise the version"):
        upload(TEMPLATE.replace("Our model policy", "Their model policy"))


def test_a_shipped_framework_is_overridden_by_an_uploaded_version(upload, activate, store):
    shipped = active_frameworks(store)["soc2"].framework.version
    text = active_frameworks(store)["soc2"].text.replace(f"version: {shipped}", "version: '2026.12'")
    upload(text)
    activate("2026.12", "soc2")
    assert active_frameworks(store)["soc2"].framework.version == "2026.12"
    versions = {it.version: it.state for it in list_frameworks(store) if it.framework_id == "soc2"}
    assert versions == {shipped: VersionState.SUPERSEDED, "2026.12": VersionState.ACTIVE}
    activate(shipped, "soc2")
    assert active_frameworks(store)["soc2"].framework.version == shipped


def test_a_broken_upload_keeps_nothing(upload, store, audit):
    with pytest.raises(InvalidInputError, match="line"):
        upload(TEMPLATE.replace("kind: custom", "kind: rule"))
    assert audit.entries == []
    with pytest.raises(NotFoundError):
        get_framework(store, "our_model_policy")


def test_an_unknown_version_cannot_be_activated(activate):
    with pytest.raises(NotFoundError):
        activate("2030.1")
