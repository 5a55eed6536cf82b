"""What is due by a day of each year is signed for each year: last year's signature shows nothing of this year's."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.rules.judge import evaluate
from syndic.models import Evidence

NAME = "CCPA-7157"
MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
YEARLY = re.compile(rf"(?:each year|every year|yearly|annually),? by [0-9]{{1,2}} (?:{MONTHS})")


def signed(everything, at: datetime) -> list[Evidence]:
    return [it.model_copy(update={"produced_at": at}) if it.kind == "attestation.ccpa_submission" else it
            for it in everything(built_in()["ccpa_admt"])]  # fmt: skip


@pytest.mark.parametrize(
    ("at", "looked", "state"),
    [
        ("2028-03-20", "2028-04-02", State.MET),
        ("2028-05-10", "2029-04-01", State.MET),
        ("2028-05-10", "2029-04-02", State.EXPIRED),  # younger than a year, and of the submission before
        ("2028-12-31", "2029-04-02", State.EXPIRED),
        ("2029-01-02", "2029-04-02", State.MET),
        ("2029-01-02", "2030-04-01", State.MET),
        ("2029-01-02", "2030-04-02", State.EXPIRED),
    ],
)
def test_a_signature_is_good_for_the_submission_of_its_year(at, looked, state, everything, subject, facts_of):
    when, now = (datetime.fromisoformat(f"{day}T12:00:00").replace(tzinfo=UTC) for day in (at, looked))
    items = [it if it.kind == "attestation.ccpa_submission" else it.model_copy(update={"produced_at": now})
             for it in signed(everything, when)]  # fmt: skip
    found = evaluate(built_in()["ccpa_admt"], subject, facts_of(items), now=now).requirements
    assert next(it for it in found if it.requirement_id == NAME).if_in_force is state


def test_whoever_words_a_duty_as_due_by_a_day_of_each_year_says_so_where_it_is_signed():
    told = {
        it.id: it.attestation
        for compiled in built_in().values()
        for it in compiled.framework.requirements
        if YEARLY.search(f"{it.summary} {it.deadline}")
    }
    assert set(told) == {NAME}
    assert all(it is not None and it.due_yearly for it in told.values())
