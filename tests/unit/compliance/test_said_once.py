"""What is said of a requirement is said once and one way, in every framework and every state."""

from __future__ import annotations

import re
from collections import Counter
from datetime import timedelta

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.rules.judge import evaluate
from syndic.models import EvidenceStatus

WORLDS = ("nothing", "answers", "no_signature", "no_document", "measured_only", "everything", "failing", "unsure",
          "stale", "another_version", "declined", "withdrawn", "beginning")  # fmt: skip
ANSWER = "Answer the questionnaire "
SIGN = "Have the statement checked and signed "


def changed(items, **facts):
    return [item.model_copy(update={"facts": {**item.facts, **facts}}) for item in items]


def of_status(items, status):
    return [item.model_copy(update={"status": status}) for item in items]


def worlds(items, now):
    """Evidence by the name of the world, of all that would meet every requirement."""
    signed = [item for item in items if item.kind.startswith("attestation.")]
    papers = [item for item in items if item.kind.startswith("document.")]
    answers = [item for item in items if item.kind.startswith("classification.")]
    runs = [item for item in items if item not in (*signed, *papers, *answers)]
    said = [*answers, *signed, *papers]
    return {
        "nothing": [],
        "answers": answers,
        "no_signature": [*answers, *runs, *papers],
        "no_document": [*answers, *runs, *signed],
        "measured_only": [*answers, *runs],
        "everything": items,
        "beginning": items,
        "failing": [*said, *of_status(runs, EvidenceStatus.FAILING)],
        "unsure": [*said, *of_status(runs, EvidenceStatus.INCONCLUSIVE)],
        "stale": [item.model_copy(update={"expires_at": now - timedelta(days=1)}) for item in items],
        "another_version": [
            *(item for item in items if not item.facts.get("model_version")),
            *changed([item for item in items if item.facts.get("model_version")], model_version="credit-1"),
        ],
        "declined": [*answers, *runs, *papers, *changed(signed, decision="declined")],
        "withdrawn": [*answers, *runs, *papers, *changed(signed, withdrawn=True, reason="a mistake")],
    }


@pytest.fixture
def statuses(everything, subject, facts_of, now):
    def look(framework_id, world):
        compiled = built_in()[framework_id]
        items = worlds(everything(compiled), now)[world]
        when = now.replace(year=2030) if world == "beginning" else now
        return evaluate(compiled, subject, facts_of(items), now=when).requirements

    return look


ASKED = [(framework_id, world) for framework_id in built_in() for world in WORLDS]


def sentences(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"(?<=[.!?])\s+(?=[A-Z])", text) if part.strip()]


@pytest.mark.parametrize(("framework_id", "world"), ASKED)
def test_no_reason_says_two_opposite_things(framework_id, world, statuses):
    for item in statuses(framework_id, world):
        for part in item.parts:
            there = {reference.kind for reference in part.evidence}
            denied = set(re.findall(r"There is no evidence of kind ([a-z_.]+[a-z_])", part.reason))
            assert not there & denied, (item.requirement_id, part.reason)
            assert not ("supported by" in part.reason and "Not known" in part.reason), item.requirement_id
            if part.state is State.MET:
                assert not part.reason.startswith(("Not known", "No document", "Nobody has")), part.reason
            title = part.title.casefold()
            assert not (
                part.state is not State.MET and re.search(rf"{re.escape(title)}: supported", part.reason.casefold())
            )


@pytest.mark.parametrize(("framework_id", "world"), ASKED)
def test_no_sentence_is_said_twice_in_a_reason(framework_id, world, statuses):
    for item in statuses(framework_id, world):
        for part in item.parts:
            said = Counter(sentences(part.reason))
            assert max(said.values(), default=1) == 1, (item.requirement_id, part.reason)


@pytest.mark.parametrize(("framework_id", "world"), ASKED)
def test_readings_of_the_law_are_not_told_in_each_line(framework_id, world, statuses):
    for item in statuses(framework_id, world):
        for reading in item.open_readings:
            assert reading.text not in item.reason
            assert reading.source not in item.reason
        assert len(re.findall("Readings differ", item.reason)) <= 1


@pytest.mark.parametrize(("framework_id", "world"), ASKED)
def test_a_remedy_follows_from_what_is_missing(framework_id, world, statuses):
    """Answering, supplying, signing, or what the framework says of this one requirement: never a general phrase."""
    for item in statuses(framework_id, world):
        requirement = built_in()[framework_id].framework.requirement(item.requirement_id)
        if item.if_in_force in {State.MET, State.NOT_APPLICABLE}:
            continue
        signature = [part for part in item.parts if part.part == "attestation" and part.state is not State.MET]
        others = [part for part in item.parts if part.part != "attestation" and part.state is not State.MET]
        if item.waits_for:
            assert item.remedy.startswith(ANSWER), (item.requirement_id, item.remedy)
        elif signature and not others and item.if_in_force in {State.ATTESTATION_DUE, State.EXPIRED}:
            assert item.remedy.startswith(SIGN), (item.requirement_id, item.remedy)
            assert requirement.attestation.role in item.remedy
        else:
            assert not item.remedy.startswith(SIGN)
        if world == "everything":
            assert not item.remedy.startswith((ANSWER, SIGN))


GENERAL = re.compile(
    r"supply the evidence|let the check run again|failing check|as required|take appropriate|ensure compliance|"
    r"review and (?:fix|remedy)|contact (?:legal|your)|see the documentation",
    re.IGNORECASE,
)


@pytest.mark.parametrize("framework_id", built_in())
def test_the_remedies_of_a_framework_are_about_their_requirements(framework_id):
    requirements = built_in()[framework_id].framework.requirements
    said = Counter(requirement.remedy for requirement in requirements)
    for requirement in requirements:
        assert not GENERAL.search(requirement.remedy), requirement.id
        assert said[requirement.remedy] == 1 or (requirement.id in {"AIA-5", "AIA-5(ba)", "AIA-19", "AIA-26(6)"}), (
            requirement.id, requirement.remedy
        )  # fmt: skip


@pytest.mark.parametrize("framework_id", built_in())
def test_with_nothing_on_record_what_waits_is_one_question_and_no_wall(framework_id, statuses):
    found = statuses(framework_id, "nothing")
    waiting = [item for item in found if item.waits_for]
    assert {item.remedy for item in waiting} <= {
        f"{ANSWER}{name}." for name in ("ai_act", "hiring_nyc", "processing", "soc2")
    } | {"Answer the questionnaire soc2; answer the questionnaire processing."}
    assert all(item.parts == () or item.waits_for for item in waiting)
