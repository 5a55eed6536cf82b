"""Levels without a score, decisions that hold for what they were made on, and the file of Art. 9 with its gaps."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from syndic.errors import ConflictError, InvalidInputError, NotAllowedError
from syndic.models import Evidence, EvidenceStatus
from syndic.registers.clocks import ClockState
from syndic.registers.listing import standing
from syndic.registers.risks import rules
from syndic.registers.risks.evidence import DECIDED, REVIEWED, TREATED, risk_evidence
from syndic.registers.risks.file import as_markdown, file_of
from syndic.registers.risks.models import (
    ResidualDecisionKind,
    Risk,
    RiskImpact,
    RiskLevels,
    RiskLikelihood,
    RiskRating,
    RiskState,
)
from syndic.registers.risks.register import RISKS
from syndic.registers.risks.rules import settled

NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)
DAY = timedelta(days=1)
WHY = "It was seen twice in a year of use."
PLAN = {"kind": "design", "title": "Leave the age out", "owner": "ada@example.org", "due": (NOW + 9 * DAY).date()}


def risk(**fields) -> Risk:
    own = {"opened_by": "ada", "opened_at": NOW, "changed_by": "ada", "changed_at": NOW}
    known = {"id": "feed", "title": "Refuses the old", "owner": "ada@example.org", "kind": "fundamental_rights",
             "origin": "intended_use", "review_due": (NOW + 90 * DAY).date()}  # fmt: skip
    return settled(Risk(**own, **{**known, **fields}))


def levels(likelihood: str, impact: str, reason: str = WHY) -> RiskLevels:
    return RiskLevels(likelihood=likelihood, impact=impact, reason=reason)


def assessed(one: Risk, *pairs: tuple[str, str]) -> Risk:
    inherent, *left = (levels(*pair) for pair in pairs)
    return rules.assessed(one, inherent, left[0] if left else None)


def treated(one: Risk) -> Risk:
    planned = rules.with_control(one, PLAN)
    return rules.with_changed_control(planned, planned.controls[0].id, {"done": True}, NOW)


def decided(one: Risk, kind="accept", *, role="risk owner", roles=("risk owner",), owns=False, until=90, reason=WHY):
    return rules.decided(
        one, ResidualDecisionKind(kind), role=role, by="rob", roles=frozenset(roles), owns=owns, reason=reason,
        expires=(NOW + until * DAY).date(), now=NOW,
    )  # fmt: skip


def test_more_likely_or_worse_never_rates_lower_and_a_catastrophe_is_never_small():
    order = list(RiskRating)
    rank = {
        (a, b): order.index(levels(a, b).rating)
        for a, b in product(range(5), repeat=2)
        for a, b in [(list(RiskLikelihood)[a], list(RiskImpact)[b])]
    }
    for (i, one), (j, other) in product(enumerate(RiskLikelihood), enumerate(RiskImpact)):
        if i:
            assert rank[one, other] >= rank[list(RiskLikelihood)[i - 1], other]
        if j:
            assert rank[one, other] >= rank[one, list(RiskImpact)[j - 1]]
    assert levels("rare", "catastrophic").rating is RiskRating.HIGH
    assert {one.rating for one in (levels(a, "catastrophic") for a in RiskLikelihood)} == {
        RiskRating.HIGH, RiskRating.CRITICAL,
    }  # fmt: skip


def test_less_is_left_only_with_a_control_in_place():
    with pytest.raises(InvalidInputError, match="no control is in place"):
        assessed(rules.with_control(risk(), PLAN), ("likely", "major"), ("rare", "major"))
    with pytest.raises(InvalidInputError, match=r"residual: .* not more than"):
        assessed(treated(risk()), ("rare", "major"), ("rare", "catastrophic"))
    with pytest.raises(InvalidInputError, match=r"inherent\.reason: say why"):
        rules.assessed(risk(), levels("rare", "major", "x"), None)
    one = assessed(treated(risk()), ("likely", "major"), ("rare", "major"))
    assert (one.state, one.residual.rating) == (RiskState.ASSESSED, RiskRating.MEDIUM)


@pytest.mark.parametrize(
    ("left", "given", "said"),
    [
        (("rare", "minor"), {"role": "auditor", "roles": ("auditor",)}, "decides: its owner"),
        (("rare", "minor"), {"role": "risk owner", "roles": ("admin",)}, "only somebody in the role"),
        (("rare", "minor"), {"role": "owner", "roles": ()}, "only somebody in the role"),
        (("likely", "major"), {"role": "owner", "roles": (), "owns": True}, "on a high residual risk decides"),
        (("almost_certain", "catastrophic"), {"role": "admin", "roles": ("admin",)}, "on a critical residual risk"),
    ],
)
def test_nobody_decides_in_a_role_that_is_not_theirs_or_too_small(left, given, said):
    with pytest.raises(NotAllowedError, match=said):
        decided(assessed(risk(), left, left), **given)


def test_a_decision_needs_a_reason_an_end_and_what_it_rests_on():
    low = assessed(risk(), ("rare", "minor"), ("rare", "minor"))
    assert decided(low, role="owner", roles=(), owns=True).state is RiskState.ACCEPTED
    for until in (0, -1, 367):
        with pytest.raises(InvalidInputError, match="expires: is a day to come"):
            decided(low, until=until)
    with pytest.raises(InvalidInputError, match="reason: say why"):
        decided(low, reason="ok")
    with pytest.raises(ConflictError, match="assess it first"):
        decided(risk())
    with pytest.raises(ConflictError, match="controls are not in place on which it rests: Leave the age out"):
        decided(rules.with_control(low, PLAN))
    with pytest.raises(ConflictError, match="no control is planned"):
        decided(low, "treat")
    assert decided(rules.with_control(low, PLAN), "treat").state is RiskState.TREATED


def test_a_decision_falls_with_the_levels_or_the_control_that_it_was_made_on():
    one = decided(assessed(treated(risk()), ("likely", "major"), ("unlikely", "serious")))
    assert decided(one) == one  # the same again changes nothing
    same = assessed(one, ("likely", "major"), ("unlikely", "serious"))
    assert same.decision == one.decision
    assert assessed(one, ("likely", "major"), ("possible", "serious")).decision is None
    lost = rules.with_changed_control(one, one.controls[0].id, {"done": False}, NOW)
    assert (lost.decision, lost.residual, lost.state) == (None, None, RiskState.IDENTIFIED)
    closed = rules.closed(one, conclusion="The model was retired last week.", now=NOW)
    assert rules.reopened(closed).decision is None


def test_a_review_moves_the_next_one_and_says_what_was_looked_at():
    with pytest.raises(InvalidInputError, match="note: say what"):
        rules.reviewed(risk(), note="fine", by="ada", now=NOW)
    one = rules.reviewed(risk(review_every_days=30), note="Forty refusals were read, none like it.", by="ada", now=NOW)
    assert one.review_due == (NOW + 30 * DAY).date()
    again = rules.reviewed(one, note="Forty refusals were read, none like it.", by="ada", now=NOW + DAY / 48)
    assert again == one


def test_what_is_due_of_a_risk_is_its_review_its_decision_and_its_controls():
    one = rules.with_control(decided(assessed(risk(), ("rare", "minor"), ("rare", "minor")), until=60), PLAN)
    names = {it.name.partition("_")[0]: it.state for it in standing(RISKS, one, NOW + 3 * DAY).clocks}
    assert names == {"review": ClockState.RUNNING, "decision": ClockState.RUNNING, "control": ClockState.DUE_SOON}
    assert one.due.date() == PLAN["due"]
    assert standing(RISKS, one, NOW + 61 * DAY).worst is ClockState.LATE


def evidence(*risks: Risk, now=NOW):
    return {one.kind: one for one in risk_evidence("m", risks, now)}


def test_evidence_counts_and_never_sums_up():
    low = decided(assessed(risk(), ("rare", "minor"), ("rare", "minor")), until=60)
    grave = decided(assessed(risk(id="beef"), ("likely", "major"), ("likely", "major")), until=300)
    found = evidence(low, grave)
    assert {one.status for one in found.values()} == {EvidenceStatus.PASSING}
    assert found[DECIDED].facts["accepted"] == {"low": 1, "medium": 0, "high": 1, "critical": 0}
    after = evidence(low, grave, now=NOW + 61 * DAY)
    assert (after[DECIDED].status, after[DECIDED].facts["expired"]) == (EvidenceStatus.FAILING, 1)
    assert evidence(low, now=NOW + 59 * DAY)[DECIDED].expires_at.date() == low.decision.expires + DAY  # not a week
    assert evidence(risk())[DECIDED].facts["undecided"] == 1
    assert evidence(low, now=NOW + 91 * DAY)[REVIEWED].status is EvidenceStatus.FAILING
    assert evidence(rules.with_control(low, PLAN), now=NOW + 10 * DAY)[TREATED].facts["overdue"] == 1
    for one in evidence().values():
        assert one.facts["recorded"] == 0
        assert "does not show that there is none" in one.summary


def test_the_file_says_first_what_is_missing_and_takes_hostile_text_as_text():
    hostile = "<img src=x onerror=alert(1)> | cell\n## Heading"
    one = risk(title=hostile[:28], description=hostile, tests=("bias.run", "drift.run"))
    run = Evidence(kind="bias.run", model_id="m", status=EvidenceStatus.FAILING, summary="worse for the old",
                   source="s", sha256="0" * 64, produced_at=NOW)  # fmt: skip
    file = file_of("m", [one], {"bias.run": run}, name="Credit", version="7", now=NOW + 91 * DAY)
    for part in ("foreseeable misuse", "is not assessed", "review was due on 2026-06-02", "vulnerable groups",
                 "bias.run of risk feed: failing", "drift.run of risk feed: no evidence"):  # fmt: skip
        assert any(part in gap for gap in file.gaps), part
    page = as_markdown(file)
    assert page.index("What is missing") < page.index("intended use")
    assert "<img" not in page
    assert "\n## Heading" not in page
    done = decided(assessed(risk(vulnerable=False, tests=("bias.run",)), ("rare", "minor"), ("rare", "minor")))
    passing = run.model_copy(update={"status": EvidenceStatus.PASSING})
    misuse = risk(id="cafe", origin="foreseeable_misuse")
    closed = rules.closed(misuse, conclusion="Nobody but clerks can reach it.", now=NOW)
    assert file_of("m", [done, closed], {"bias.run": passing}, name="Credit", version="7", now=NOW).gaps == ()
