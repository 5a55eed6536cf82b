"""A framework of one's own ends: it judges nobody, what it raised is over, and what it said stays readable."""

from __future__ import annotations

from importlib import resources

import pytest

from syndic.assessment import State
from syndic.compliance.catalogue import (
    activate_framework,
    active_frameworks,
    end_framework,
    get_framework,
    list_frameworks,
    upload_framework,
)
from syndic.compliance.definitions.load import built_in
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.compliance.evaluation.queries import counts_of, history, portfolio, status_of, statuses_of
from syndic.compliance.models import VersionState
from syndic.errors import ConflictError, InvalidInputError, NotFoundError
from syndic.models import FindingsChanged, Severity

TEMPLATE = resources.files("syndic.compliance").joinpath("frameworks/template.yaml").read_text("utf-8")
OURS = "our_model_policy"


@pytest.fixture
def end(store, audit, bus, now):
    def do(framework_id=OURS, *, remove=False, reason="replaced by the group's policy"):
        return end_framework(
            framework_id, remove=remove, reason=reason, store=store, audit=audit, bus=bus, actor="ada", now=now
        )

    return do


@pytest.fixture
def activate(store, audit, bus, now):
    def do(text=TEMPLATE, framework_id=OURS, version="2026.1"):
        upload_framework(text, store=store, audit=audit, actor="ada", now=now)
        return activate_framework(framework_id, version, store=store, audit=audit, bus=bus, actor="ada", now=now)

    return do


@pytest.fixture
def look(store, audit, bus, now):
    def do(model):
        bus.published.clear()
        evaluate_model(model.id, store=store, audit=audit, bus=bus, now=now)
        return [
            (one.severity, one.reason)
            for event in bus.published if isinstance(event, FindingsChanged)
            for one in event.findings if one.measure == OURS
        ]  # fmt: skip

    return do


@pytest.mark.parametrize("remove", [False, True])
def test_what_ends_judges_nobody_and_its_history_stays(remove, end, activate, look, register, keep, evidence, store):
    model = register()
    activate()
    keep([evidence("registry.profile"), evidence("drift.run", status="failing")])
    assert [severity for severity, _ in look(model)] == [Severity.HIGH]
    before = counts_of(store, [model.id])[model.id]
    end(remove=remove)
    assert OURS not in active_frameworks(store)
    assert look(model) == [(Severity.NONE, "the framework judges no model any more")]
    assert look(model) == []
    assert status_of(store, model.id, OURS) is None
    assert OURS not in {status.framework_id for status in statuses_of(store, model.id)}
    assert list(portfolio(store, OURS)) == []
    assert counts_of(store, [model.id])[model.id][State.NOT_MET] == before[State.NOT_MET] - 1
    assert history(store, model.id, OURS)[0].changes == {"MP-1": (State.NOT_MET, None)}
    assert get_framework(store, OURS, "2026.1").text == TEMPLATE
    listed = {it.framework_id: it for it in list_frameworks(store, removed=True)}[OURS]
    assert (listed.state, listed.ended_by) == (VersionState.REMOVED if remove else VersionState.OFF, "ada")
    assert (OURS in {it.framework_id for it in list_frameworks(store)}) is not remove


def test_ending_twice_is_one_entry_and_it_can_be_had_back(end, activate, look, register, keep, evidence, store, audit):
    model = register()
    activate()
    keep([evidence("registry.profile"), evidence("drift.run", status="failing")])
    look(model)
    assert end() == end()
    end(remove=True)
    assert end(remove=True) == end()  # what is removed is off too
    actions = [entry.action for entry in audit.entries if entry.subject == f"framework/{OURS}"]
    assert actions == ["framework.uploaded", "framework.activated", "framework.switched_off", "framework.removed"]
    look(model)
    with pytest.raises(ConflictError, match="was removed"):
        activate(TEMPLATE.replace('"2026.1"', '"2026.2"'), version="2026.2")
    assert [severity for severity, _ in look(model)] == []


def test_a_framework_is_had_back_with_its_findings(
    end, activate, look, register, keep, evidence, store, audit, bus, now
):
    model = register()
    activate()
    keep([evidence("registry.profile"), evidence("drift.run", status="failing")])
    look(model)
    end()
    look(model)
    activate_framework(OURS, "2026.1", store=store, audit=audit, bus=bus, actor="ada", now=now)
    assert [severity for severity, _ in look(model)] == [Severity.HIGH]
    assert status_of(store, model.id, OURS) is not None


def test_what_comes_with_syndic_does_not_end_but_a_version_of_it_does(end, activate, store):
    with pytest.raises(ConflictError, match="comes with Syndic"):
        end("soc2")
    shipped = built_in()["soc2"]
    version = f"version: {shipped.framework.version}"
    activate(shipped.text.replace(version, "version: '2027.1'"), "soc2", "2027.1")
    end("soc2")
    assert active_frameworks(store)["soc2"].framework.version == shipped.framework.version
    states = {it.version: it.state for it in list_frameworks(store) if it.framework_id == "soc2"}
    assert states == {shipped.framework.version: VersionState.ACTIVE, "2027.1": VersionState.OFF}
    assert get_framework(store, "soc2").version == shipped.framework.version


def test_an_end_needs_a_reason_and_a_framework(end, activate):
    with pytest.raises(NotFoundError):
        end()
    activate()
    with pytest.raises(InvalidInputError, match="say why"):
        end(reason="  x ")
