"""What is asked first is what settles most, and nothing is said twice or both ways."""

from __future__ import annotations

import json

import pytest

from syndic.assessment import FrameworkStatus, State
from syndic.cli.shell.frame import run
from syndic.compliance.definitions.load import built_in
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.models import to_json
from syndic.reports.content.view import _review


@pytest.fixture
def statuses(register, store, audit, bus, now):
    return evaluate_model(register().id, store=store, audit=audit, bus=bus, now=now)


def test_the_questionnaire_that_settles_most_comes_first(statuses):
    found = {status.framework_id: status.screening for status in statuses}
    asked = [item for item in built_in()["eu_ai_act"].framework.requirements if item.applies is not None]
    assert found["eu_ai_act"] == {"classification.ai_act": len(asked)}
    assert found["nyc_ll144"] == {"classification.hiring_nyc": 5}
    assert next(iter(found["soc2"].items())) == ("classification.soc2", 4)
    assert found["iso_42001"] == {}


def test_a_pack_stands_at_a_model_only_when_its_scope_questions_say_so(
    statuses, register, keep, evidence, store, audit, bus, now
):
    model = register()

    def stands():
        judged = evaluate_model(model.id, store=store, audit=audit, bus=bus, now=now)
        return next(status.stands for status in judged if status.framework_id == "nyc_ll144")

    assert {status.framework_id: status.stands for status in statuses}["nyc_ll144"] is False
    assert not stands()
    keep([evidence("classification.hiring_nyc", at=now, facts={"bound": False})])
    assert not stands()


def test_a_pack_stands_where_the_answers_bind(register, keep, evidence, store, audit, bus, now):
    model = register()
    keep([evidence("classification.hiring_nyc", facts={"bound": True})])
    judged = evaluate_model(model.id, store=store, audit=audit, bus=bus, now=now)
    status = next(status for status in judged if status.framework_id == "nyc_ll144")
    assert (status.stands, status.screening) == (True, {})


def test_what_is_computed_is_not_believed_when_read_back(statuses):
    for status in statuses:
        forged = {**to_json(status), "screening": {"x": 99}, "stands": True}
        assert FrameworkStatus.model_validate(forged) == status


def test_a_remedy_names_what_brings_the_evidence_and_nothing_else(statuses):
    for status in statuses:
        for item in status.requirements:
            if item.waits_for:
                assert item.remedy.startswith("Answer the questionnaire "), item.requirement_id
            assert "Supply the evidence that is missing" not in item.remedy


@pytest.mark.parametrize("framework_id", built_in())
def test_no_sentence_says_that_something_was_found_and_that_there_is_no_evidence(framework_id, statuses):
    status = next(status for status in statuses if status.framework_id == framework_id)
    for item in status.requirements:
        for part in item.parts:
            if part.part == "check" and part.state is State.INSUFFICIENT_EVIDENCE:
                assert part.reason.startswith("Not known: "), part.reason
        titles = [part.title.casefold() for part in item.parts]
        assert not any(title.startswith("screening answered") for title in titles)


def test_readings_that_are_the_same_are_told_once(statuses):
    found = _review([status for status in statuses if status.framework_id == "eu_ai_act"])
    assert len(found) == 2
    assert max(entry["id"].count("AIA-") for entry in found) >= 8
    texts = [text for entry in found for text, _ in entry["readings"]]
    assert len(texts) == len(set(texts))


def test_the_command_asks_first_and_does_not_repeat_the_wall(tmp_path, evidence, capsys):
    file = tmp_path / "evidence.json"
    file.write_text(json.dumps([to_json(evidence("drift.run"))]))
    arguments = ["compliance", "check", str(file), "--framework", "eu_ai_act", "--framework", "gdpr",
                 "--at", "2026-11-21T09:00:00Z"]  # fmt: skip
    assert run(arguments) == 3
    told = capsys.readouterr().out
    first, second = (told.index(f"questionnaire {name}") for name in ("ai_act", "processing"))
    assert first < second < told.index("EU AI Act")
    assert "It is not known whether this applies" not in told
    assert len(told.splitlines()) < 25
    assert run([*arguments, "--all"]) == 3
    assert "It is not known whether this applies" in capsys.readouterr().out
