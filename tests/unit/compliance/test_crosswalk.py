"""One signature or document settles what every framework asks of it, and the preview says so before it is given."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.assessment import ORGANISATION, AttestationDecision, State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.evaluation.crosswalk import crosswalk, preview_document, preview_signature
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.compliance.evaluation.queries import statuses_of
from syndic.compliance.evaluation.signatures import dates_page, due_at, due_page
from syndic.compliance.people.attest import attest
from syndic.compliance.rules.requirement_parts import statement_sha256
from syndic.errors import ConflictError, InvalidInputError, NotFoundError

SHARED = sorted(
    topic
    for topic in {
        (item.attestation.topic, item.attestation.role, item.attestation.scope)
        for compiled in built_in().values()
        for item in compiled.framework.requirements
        if item.attestation
    }
    if sum(
        item.attestation is not None and item.attestation.topic == topic[0]
        for compiled in built_in().values()
        for item in compiled.framework.requirements
    )
    > 1
)


@pytest.fixture
def world(register, keep, everything, store):
    """A model with everything on record but for what is taken away."""

    def make(*without):
        model = register()
        items = {(it.model_id, it.kind): it for compiled in built_in().values() for it in everything(compiled)}
        keep([item for (_, kind), item in items.items() if kind not in without])
        return model

    return make


@pytest.fixture
def states(store, audit, bus, now):
    def look(model):
        found = evaluate_model(model.id, store=store, audit=audit, bus=bus, now=now)
        return {f"{it.framework_id}/{it.requirement_id}": it.if_in_force for s in found for it in s.requirements}

    return look


@pytest.mark.parametrize(("topic", "role", "scope"), SHARED)
def test_a_preview_tells_what_the_signature_then_does(topic, role, scope, world, states, store, audit, bus, now):
    model = world(f"attestation.{topic}")
    about = ORGANISATION if scope == "organisation" else model.id
    before = states(model)
    told = preview_signature(store, about, topic, role=role, actor="ada", roles=frozenset({role}), now=now)
    assert len({it.framework_id for it in told.settles} | {it.framework_id for it in told.leaves}) >= 1
    attest(
        about, topic, role=role, decision=AttestationDecision.AFFIRMED, store=store, audit=audit, bus=bus,
        actor="ada", roles=frozenset({role}), now=now, shown=frozenset(it.sha256 for it in told.statements),
    )  # fmt: skip
    after = states(model)
    changed = {name for name in after if after[name] is State.MET and before[name] is not State.MET}
    assert {f"{it.framework_id}/{it.requirement_id}" for it in told.settles} == changed
    assert changed <= {name for it in told.statements for name in it.requirements}


def test_what_a_signature_leaves_open_says_why(world, store, now):
    model = world("attestation.human_oversight", "document.human_oversight")
    told = preview_signature(
        store, model.id, "human_oversight", role="model owner", actor="ada", roles=frozenset({"model owner"}), now=now
    )
    open_ones = [it for it in told.leaves if it.after is not State.MET]
    assert all(it.why for it in open_ones)
    assert all(it.why == "" for it in told.settles)


def test_statements_that_were_not_shown_are_not_signed(world, store, audit, bus, now):
    model = world("attestation.human_oversight")

    def sign(shown):
        return attest(
            model.id, "human_oversight", role="model owner", decision=AttestationDecision.AFFIRMED, store=store,
            audit=audit, bus=bus, actor="ada", roles=frozenset({"model owner"}), now=now, shown=shown,
        )  # fmt: skip

    with pytest.raises(ConflictError, match="not the ones that you were shown"):
        sign(frozenset({statement_sha256("other words")}))
    told = preview_signature(
        store, model.id, "human_oversight", role="model owner", actor="ada", roles=frozenset({"model owner"}), now=now
    )
    assert sign(frozenset(it.sha256 for it in told.statements)).topic == "human_oversight"


def test_a_document_is_previewed_and_one_that_nobody_asks_for_is_not(world, store, now):
    model = world("document.ai_policy")
    told = preview_document(store, model.id, "ai_policy", actor="ada", now=now)
    assert told.model_id == ORGANISATION
    assert {it.requirement_id for it in told.settles} >= {"ISO-A.2.2"}
    left = {it.requirement_id: it for it in told.leaves}
    assert "recorded anew after it" in left["RMF-GOVERN-1"].why, "what was signed of the policy was of another one"
    with pytest.raises(NotFoundError, match="no active framework asks"):
        preview_document(store, model.id, "shopping_list", actor="ada", now=now)
    with pytest.raises(InvalidInputError, match="has to be signed by"):
        preview_signature(
            store, model.id, "human_oversight", role="cook", actor="ada", roles=frozenset({"cook"}), now=now
        )


def test_the_map_names_every_requirement_by_what_it_asks_for(store):
    asked = crosswalk(store, kind="drift.run")
    assert {it.part for it in asked} == {"check"}
    assert {"eu_ai_act", "iso_42001", "nist_ai_rmf", "soc2"} <= {it.framework_id for it in asked}
    signed = [it for it in crosswalk(store) if it.part == "signature"]
    assert all(it.statement and it.role for it in signed)
    assert len(signed) == sum(
        item.attestation is not None for it in built_in().values() for item in it.framework.requirements
    )


def test_due_signatures_carry_topic_and_words_and_are_those_of_the_asker(world, states, store, register, keep):
    model = world("attestation.human_oversight", "attestation.ai_policy_in_effect")
    states(model)

    def mine(role):
        return lambda asked, _: asked == role

    (found,) = due_page(store, signs=mine("model owner")).signatures
    assert (found.model_id, found.topic, found.state) == (model.id, "human_oversight", State.ATTESTATION_DUE)
    assert found.statements[0].text
    assert set(found.requirements) <= {name for it in found.statements for name in it.requirements}
    everything = due_page(store, signs=lambda *_: True).signatures
    independent = {
        item.attestation.topic
        for compiled in built_in().values()
        for item in compiled.framework.requirements
        if item.attestation and item.attestation.independent
    }  # nobody of the world signed those but the one who signed everything else
    assert {it.topic for it in everything} - independent == {"human_oversight", "ai_policy_in_effect"}
    assert {it.model_id for it in everything} == {model.id, ORGANISATION}
    assert due_page(store, signs=mine("cook")).signatures == ()
    assert due_at(store, model.id, signs=lambda *_: True) != ()


def test_two_hundred_models_are_paged_and_each_is_told_once(store, audit, bus, register, now):
    ids = {register(f"m-{number:03}").id for number in range(200)}
    compiled = [built_in()["nyc_ll144"], built_in()["iso_42001"]]
    for model_id in ids:
        evaluate_model(model_id, store=store, audit=audit, bus=bus, now=now, frameworks=compiled)
    seen, dates, token = [], [], None
    while True:
        page = due_page(store, signs=lambda role, _: role == "model owner", limit=60, token=token)
        seen += [(it.model_id, it.topic) for it in page.signatures if it.model_id != ORGANISATION]
        token = page.next_token
        if token is None:
            break
    assert len(seen) == len(set(seen))
    assert {model_id for model_id, _ in seen} == ids
    while True:
        page = dates_page(store, now=now, within=timedelta(days=900), limit=100, token=token)
        dates += page.dates
        token = page.next_token
        if token is None:
            break
    assert list(dates) == []  # nothing of these two is yet to come


def test_dates_of_one_day_are_told_once_for_a_framework(world, states, store, now):
    model = world()
    states(model)
    page = dates_page(store, now=now, within=timedelta(days=900))
    act = [it for it in page.dates if it.kind == "applies" and it.framework_id == "eu_ai_act"]
    assert len({it.on for it in act}) == len(act)
    high_risk = next(it for it in act if it.on.date().isoformat() == "2027-12-02")
    assert len(high_risk.requirements) > 10
    assert list(page.dates) == sorted(page.dates, key=lambda it: (it.on, it.model_id, it.framework_id, it.what))
    assert statuses_of(store, model.id)
