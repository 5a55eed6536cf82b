"""The dates of the law as amended in July 2026, and what a state says before and after them."""

from __future__ import annotations

from datetime import UTC, date, datetime
from importlib import resources

import pytest
import yaml

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.definitions.structures import structures
from syndic.compliance.rules.judge import evaluate

AI_ACT = built_in()["eu_ai_act"]

DATES = {
    "AIA-4": "2025-02-02",
    "AIA-5": "2025-02-02",
    "AIA-5(ba)": "2026-12-02",
    "AIA-9": "2027-12-02",
    "AIA-10": "2027-12-02",
    "AIA-12": "2027-12-02",
    "AIA-15": "2027-12-02",
    "AIA-26(5)": "2027-12-02",
    "AIA-27": "2027-12-02",
    "AIA-50(1)": "2026-08-02",
    "AIA-50(2)": "2026-08-02",
    "AIA-53": "2025-08-02",
}


@pytest.mark.parametrize(("requirement_id", "day"), DATES.items())
def test_each_requirement_has_its_own_date_of_application(requirement_id, day):
    assert AI_ACT.framework.requirement(requirement_id).applies_from == date.fromisoformat(day)


@pytest.mark.parametrize(
    "requirement_id", ["AIA-6(4)", "AIA-43", "AIA-47", "AIA-48", "AIA-49", "AIA-72", "AIA-73", "AIA-86"]
)
def test_where_the_text_is_unclear_both_readings_are_kept(requirement_id):
    readings = AI_ACT.framework.requirement(requirement_id).open_readings
    assert {reading.applies_from for reading in readings} == {date(2026, 8, 2), date(2027, 12, 2)}


def at(moment: str, evidence, subject, facts_of):
    now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    status = evaluate(AI_ACT, subject, facts_of(evidence), now=now)
    return {item.requirement_id: item for item in status.requirements}


def test_a_high_risk_duty_enters_into_force_on_its_day(everything, subject, facts_of):
    fresh = [item.model_copy(update={"produced_at": datetime(2027, 11, 30, tzinfo=UTC)}) for item in everything(AI_ACT)]
    before = at("2027-12-01T23:59:59", fresh, subject, facts_of)["AIA-15"]
    after = at("2027-12-02T00:00:00", fresh, subject, facts_of)["AIA-15"]
    assert (before.state, before.if_in_force) == (State.NOT_YET_IN_FORCE, State.MET)
    assert after.state is State.MET
    assert before.changes_at == datetime(2027, 12, 2, tzinfo=UTC)
    assert before.reason.startswith("Applies from 2027-12-02. If it applied today: ")


def test_a_product_of_annex_i_has_until_august_2028(everything, subject, facts_of, evidence):
    facts = {**next(it for it in everything(AI_ACT) if it.kind == "classification.ai_act").facts, "route": "annex_i"}
    items = [it for it in everything(AI_ACT) if it.kind != "classification.ai_act"]
    items.append(evidence("classification.ai_act", facts=facts))
    assert at("2026-11-21T09:00:00", items, subject, facts_of)["AIA-15"].applies_from == date(2028, 8, 2)


def test_an_unclear_date_is_said_in_the_reason_and_is_not_in_force_by_all_readings(everything, subject, facts_of):
    state = at("2026-11-21T09:00:00", everything(AI_ACT), subject, facts_of)["AIA-72"]
    assert state.state is State.NOT_YET_IN_FORCE
    assert state.reason.startswith("Readings differ: by one it applies since 2026-08-02.")
    assert len(state.open_readings) == 2


def test_a_system_that_marks_content_and_was_on_the_market_has_grace_until_december(
    everything, subject, facts_of, evidence
):
    known = next(it for it in everything(AI_ACT) if it.kind == "classification.ai_act").facts
    items = [it for it in everything(AI_ACT) if it.kind != "classification.ai_act"]
    items.append(evidence("classification.ai_act", facts={**known, "on_market_before_2026_08_02": True}))
    assert at("2026-11-21T09:00:00", items, subject, facts_of)["AIA-50(2)"].applies_from == date(2026, 12, 2)
    assert at("2026-12-02T00:00:00", items, subject, facts_of)["AIA-50(2)"].state is State.MET


def test_every_requirement_names_its_source_and_the_day_it_was_verified():
    for compiled in built_in().values():
        for requirement in compiled.framework.requirements:
            assert requirement.source or compiled.framework.source
            assert requirement.legal_basis
            assert (requirement.verified_on or compiled.framework.verified_on) <= date(2026, 12, 1)


def test_article_10_paragraph_5_is_gone_and_4a_is_there():
    assert AI_ACT.framework.requirement("AIA-4a") is not None
    assert "deleted" in AI_ACT.framework.requirement("AIA-10").legal_basis


def test_no_framework_takes_the_four_fifths_rule_for_new_york_law():
    rules = built_in()["nyc_ll144"].framework
    assert not any("0.8" in check.met_when for it in rules.requirements for check in it.checks)
    assert "no pass mark" in rules.notice


def test_iso_42001_has_its_38_controls_and_the_rmf_its_19_categories():
    assert len([it for it in built_in()["iso_42001"].framework.requirements if it.excludable]) == 38
    assert len(built_in()["nist_ai_rmf_core"].framework.requirements) == 72
    assert len(built_in()["nist_ai_rmf"].framework.requirements) == 19


@pytest.mark.parametrize("word", ["compliant", "score"])
def test_no_framework_promises_more_than_evidence_can_say(word):
    for compiled in built_in().values():
        assert word not in compiled.text.lower().replace("non-compliant", "").replace("scores credit", "").replace(
            "credit scoring", ""
        ).replace("social scoring", "").replace("scoring rate", "").replace("scoring rates", "").replace(
            "selection or scoring", ""
        ).replace("a score on which", "").replace("score_drawn_on", "").replace("neither selection nor scoring", ""), (
            compiled.framework.id
        )


def test_new_yorks_dates_are_three_and_one_of_them_counts_in_preset_and_framework():
    """The law of 1 January 2023, the rule of 6 May, and 5 July, from which on both are enforced: that one."""
    pack = built_in()["nyc_ll144"].framework
    preset = yaml.safe_load(
        resources.files("syndic.bias").joinpath("policy/presets/nyc_ll144.yaml").read_text("utf-8")
    )["preset"]  # fmt: skip
    assert preset["dated"] == "2023-07-05"
    assert {item.applies_from for item in pack.requirements} == {date.fromisoformat(preset["dated"])}
    for told in (" ".join(preset["note"].split()), " ".join(pack.source.split())):
        assert "1 January 2023" in told
        assert "5 July 2023" in told
        assert "6 May 2023" in told
    assert "6 May 2023" in structures()["rcny_6"].read_from
