"""The packs that ask whom they are about: light where they do not stand, marked once for what was not read."""

from __future__ import annotations

import json
from datetime import date

import pytest

from syndic.assessment import AttestationDecision, State
from syndic.cli.shell.frame import run
from syndic.compliance.definitions.load import _shipped, built_in, examine
from syndic.compliance.definitions.news import news_of
from syndic.compliance.evaluation.crosswalk import preview_signature
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.compliance.models import Reliance
from syndic.compliance.people.attest import attest
from syndic.compliance.rules.judge import evaluate
from syndic.models import to_json

PACKS = {name: it for name, it in built_in().items() if it.framework.scope is not None}
CONTRADICTED = [
    ("consumer_credit_directive", {"creditor": True, "consumer_credit": True, "assesses": False,
                                   "personalised_offers": False}, "ai_act", {"area": "5b"}),
    ("colorado_sb26_189", {"colorado": True, "consequential": False}, "ai_act", {"area": "4"}),
    ("ccpa_admt", {"business": True, "replaces_human": False}, "processing", {"solely_automated": True}),
    ("sr_26_2", {"banking": True, "relevant": True, "model": True, "generative": True}, "ai_act",
     {"generative": False, "area": "5b"}),
    ("nist_ai_600_1", {"followed": True, "generative": False}, "ai_act", {"generative": True}),
    ("nist_ai_600_1", {"followed": True}, "ai_act", {"gpai_provider": True}),
]  # fmt: skip


def test_there_are_the_packs_of_the_issue():
    assert {
        "consumer_credit_directive",
        "colorado_sb26_189",
        "ccpa_admt",
        "sr_26_2",
        "nist_ai_600_1",
        "hipaa",
        "sox",
    } <= (PACKS.keys())


@pytest.mark.parametrize("name", PACKS)
def test_a_pack_does_not_stand_until_its_own_questions_say_so(name, evidence, subject, facts_of, now):
    compiled = PACKS[name]
    kind = compiled.framework.questionnaire

    def look(*items):
        return evaluate(compiled, subject, facts_of(list(items)), now=now)

    unknown = look()
    assert (unknown.scope.applies, unknown.stands, unknown.requirements) == (None, False, ())
    assert unknown.screening == {kind: len(compiled.framework.requirements)}
    blank = dict.fromkeys(compiled.framework.questions, False)
    outside = look(evidence(kind, facts=blank))
    assert (outside.scope.applies, outside.stands, outside.screening) == (False, False, {})
    assert outside.scope.reason == compiled.framework.scope.otherwise
    within = look(evidence(kind))
    assert within.scope.applies is True
    assert len(within.requirements) == len(compiled.framework.requirements)
    # No one answer alone brings a pack in, but for what is only chosen and for care decision tools: 45 CFR 92.210 binds
    # who has federal health funds, under HIPAA or not, and then nothing of HIPAA itself is asked.
    for question in compiled.framework.questions.keys() - {"care_decision", "by_subcategory"}:
        assert look(evidence(kind, facts={question: True})).scope.applies is not True
    if "care_decision" in compiled.framework.questions:
        care = look(evidence(kind, facts={**blank, "care_decision": True}))
        asked = [it.requirement_id for it in care.requirements if it.state is not State.NOT_APPLICABLE]
        assert asked == ["HIPAA-92.210"]
    if "by_subcategory" in compiled.framework.questions:
        assert compiled.framework.kind == "voluntary"
    assert look(evidence(kind, expires_at=now)).scope.applies is None


@pytest.mark.parametrize(("name", "answers", "other", "says"), CONTRADICTED)
def test_answers_that_others_deny_leave_nothing_out(name, answers, other, says, evidence, subject, facts_of, now):
    compiled = PACKS[name]
    kind = compiled.framework.questionnaire
    blank = dict.fromkeys(compiled.framework.questions, False)
    denied = [evidence(kind, facts={**blank, **answers}), evidence(f"classification.{other}", facts=says)]
    assert evaluate(compiled, subject, facts_of(denied), now=now).scope.applies is None
    assert evaluate(compiled, subject, facts_of(denied[:1]), now=now).scope.applies is False


@pytest.mark.parametrize("name", PACKS)
def test_what_was_not_read_is_said_once(name):
    framework = PACKS[name].framework
    assert framework.read_from in set(Reliance)
    assert framework.not_read
    assert not [it.id for it in framework.requirements if it.source or it.verified_on]
    assert framework.changelog[0].version == framework.version
    assert framework.changelog[0].released <= framework.verified_on
    for question in framework.questions.values():
        assert question.asks.endswith("?")


@pytest.mark.parametrize("name", built_in())
def test_a_shipped_file_is_read_fast_as_it_is_read_with_lines(name):
    compiled = built_in()[name]
    slow, problems = examine(compiled.text, where=name)
    assert problems == ()
    assert slow.framework == compiled.framework == _shipped(compiled.text).framework
    assert {key: it.text for key, it in slow.expressions.items()} == {
        key: it.text for key, it in compiled.expressions.items()
    }


def test_a_pack_without_scope_keeps_next_to_nothing(register, store, audit, bus, now):
    statuses = evaluate_model(register().id, store=store, audit=audit, bus=bus, now=now)
    sizes = {it.framework_id: len(json.dumps(to_json(it))) for it in statuses}
    assert max(sizes[name] for name in PACKS) < 3000
    assert sum(sizes[name] for name in PACKS) < sum(sizes.values()) / 10


def test_one_signature_settles_three_laws_that_ask_for_review_by_a_person(
    register, keep, everything, store, audit, bus, now
):
    model = register()
    laws = ("consumer_credit_directive", "colorado_sb26_189", "ccpa_admt")
    items = {(it.model_id, it.kind): it for name in laws for it in everything(built_in()[name])}
    keep([item for (_, kind), item in items.items() if kind != "attestation.human_review"])
    who = {"role": "model owner", "actor": "olga", "roles": frozenset({"model owner"}), "now": now, "store": store}
    told = preview_signature(model_id=model.id, topic="human_review", **who)
    wanted = {"CCD-18(8)", "CO-1705", "CCPA-7221(b)"}
    assert {it.requirement_id for it in told.settles} == wanted
    assert len(told.statements) == 1
    assert {name.split("/")[1] for name in told.statements[0].requirements} == wanted
    attest(model.id, "human_review", decision=AttestationDecision.AFFIRMED, audit=audit, bus=bus, **who)
    found = evaluate_model(model.id, store=store, audit=audit, bus=bus, now=now)
    states = {it.requirement_id: it.if_in_force for status in found for it in status.requirements}
    assert {states[name] for name in wanted} == {State.MET}


def test_the_twelve_risks_of_generative_ai_take_one_signature_and_one_assessment():
    risks = [it for it in PACKS["nist_ai_600_1"].framework.requirements if it.group == "Risks"]
    assert len(risks) == 12
    assert {it.attestation.topic for it in risks} == {"genai_risks"}
    assert {it.document.topic for it in risks} == {"genai_risk_assessment"}
    assert len({it.attestation.statement for it in risks}) == 12


def test_news_come_from_the_changelogs_the_newest_first(capsys):
    found = news_of(built_in().values())
    assert [it.on for it in found] == sorted((it.on for it in found), reverse=True)
    assert {it.framework_id for it in found} >= PACKS.keys()
    assert news_of(built_in().values(), since=date(2100, 1, 1)) == ()
    assert run(["compliance", "news", "--since", "2026-11-01", "--framework", "sr_26_2"]) == 0
    assert "SR 11-7 is rescinded" in " ".join(capsys.readouterr().out.split())  # the table wraps at the window's width
    assert run(["compliance", "news", "--framework", "sr_11_7"]) == 2
    assert "there are" in capsys.readouterr().err


def test_a_command_never_takes_an_unknown_scope_for_a_pass(tmp_path, evidence, capsys):
    file = tmp_path / "evidence.json"
    file.write_text(json.dumps([to_json(evidence("drift.run"))]))
    check = ["compliance", "check", str(file), "--framework", "sox", "--at", "2026-11-21T09:00:00Z"]
    assert run(check) == 3
    assert "questionnaire sox" in capsys.readouterr().out
    blank = dict.fromkeys(PACKS["sox"].framework.questions, False)
    file.write_text(json.dumps([to_json(evidence("classification.sox", facts=blank))]))
    assert run(check) == 0
    assert PACKS["sox"].framework.scope.otherwise in capsys.readouterr().out
