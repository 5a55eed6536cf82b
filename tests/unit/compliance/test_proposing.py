"""The level that answers lead to: proposed with reasons, open questions named, decided by nobody here."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from syndic.adapters.memory import MemoryAudit, MemoryBus, MemoryStore
from syndic.compliance.people.answers import classify
from syndic.compliance.people.risk_proposal import RiskProposal, propose_risk
from syndic.compliance.questionnaires.annexes import AREAS, PRACTICES
from syndic.models import Cloud, RegisteredModel, RiskLevel
from syndic.records import model_record

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
NOTHING = {"screening": dict.fromkeys(PRACTICES, False), "provider": True, "deployer": True, "annex_i_product": False}


def proposed(*, now: datetime = NOW, **answers: Any) -> RiskProposal:
    store = MemoryStore()
    store.put(model_record(RegisteredModel(id="m-1", name="m", cloud=Cloud.AWS, registered_at=NOW)))
    given = {**NOTHING, "area": None, "profiling": False, **answers}
    classify("m-1", "ai_act", given, store=store, audit=MemoryAudit(), bus=MemoryBus(), actor="cora", now=NOW)
    return propose_risk(store, "m-1", now=now)


def test_without_answers_nothing_is_proposed_and_the_questions_are_named():
    proposal = propose_risk(MemoryStore(), "m-1", now=NOW)
    assert (proposal.level, proposal.firm, proposal.reasons) == (None, False, ())
    assert [question for question in proposal.not_known if "Annex III" in question or "profiles" in question]


def test_fraud_detection_is_not_high_risk_by_itself():
    proposal = proposed(financial_fraud_detection=True, profiling=True)
    assert (proposal.level, proposal.firm) == (RiskLevel.MINIMAL, True)
    assert "Annex III point 5(b) leaves out the detection of financial fraud" in proposal.reasons[0]


def test_fraud_detection_under_creditworthiness_is_left_open():
    proposal = proposed(area="5b", profiling=True, financial_fraud_detection=True)
    assert not proposal.firm
    assert "excludes systems that detect financial fraud" in proposal.contradictions[0]


@pytest.mark.parametrize("area", AREAS)
def test_profiling_of_people_in_an_area_of_annex_iii_is_always_high_risk(area):
    claimed = {"exception_grounds": ("narrow_task",), "exception_reasons": "it only sorts incoming files"}
    assert proposed(area=area, profiling=True).level is RiskLevel.HIGH
    scored = area in {"5b", "5c", "6e"}  # the point itself is about evaluating a person
    assert proposed(area=area, profiling=False, **claimed).level is (RiskLevel.HIGH if scored else RiskLevel.MINIMAL)
    claimed_too = proposed(area=area, profiling=True, **claimed)
    assert (claimed_too.level, claimed_too.firm) == (RiskLevel.HIGH, False)
    assert any("last subparagraph" in reason for reason in claimed_too.reasons)


@pytest.mark.parametrize("letter", PRACTICES)
def test_a_practice_of_article_5_is_unacceptable_whatever_else(letter):
    profiled = letter == "d"
    there = {"screening": {**NOTHING["screening"], letter: True}, "profiling": profiled, "area": "3b"}
    proposal = proposed(**there, now=datetime(2026, 12, 2, tzinfo=UTC))
    assert (proposal.level, proposal.firm) == (RiskLevel.UNACCEPTABLE, True)
    assert (proposed(**there).level is RiskLevel.UNACCEPTABLE) is (letter not in {"ba", "bb"})
    assert proposal.reasons[0].startswith(f"Art. 5(1)({letter})")


@pytest.mark.parametrize("duty", ["talks_to_people", "generative", "needs_exposure_notice"])
def test_transparency_duties_make_it_limited(duty):
    assert proposed(**{duty: True}).level is RiskLevel.LIMITED
    assert proposed(**{duty: True}, area="3").level is RiskLevel.HIGH
    assert proposed().reasons == (
        "no practice of Art. 5, no route of Art. 6 and no duty of Art. 50 was answered with yes",
    )


def test_what_was_not_screened_is_not_known_and_old_answers_are_not_firm():
    partly = proposed(screening={"a": False})
    assert not partly.firm
    assert len(partly.not_known) == len(PRACTICES) - 1
    old = proposed(now=NOW + timedelta(days=365))
    assert (old.level, old.firm) == (RiskLevel.MINIMAL, False)
    assert "2026-11-21" in old.not_known[0]
