"""Which law wants whom told by when, as an incident becomes known; and what the register shows of it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.errors import ConflictError, InvalidInputError
from syndic.models import EvidenceStatus
from syndic.registers.clocks import ClockState, state_of
from syndic.registers.incidents import rules
from syndic.registers.incidents.evidence import (
    RISKS,
)
from syndic.registers.incidents.models import (
    IncidentState,
)
from syndic.registers.incidents.rules import awaits_complete_report, steps_of, what_is_open
from tests.unit.registers.incidents import DAY, NO_BREACH, NOW, REASON, RIGHTS, assessed, clocks, incident, told
from tests.unit.registers.test_incident_evidence import evidence


@pytest.mark.parametrize(
    ("decided", "days", "article"),
    [
        ({}, 15, "73(2)"),  # undecided: as if it were serious
        (RIGHTS, 15, "73(2)"),
        ({"serious": True, "harms": ("health", "property_or_environment")}, 15, "73(2)"),
        ({"serious": True, "harms": ("fundamental_rights", "death")}, 10, "73(4)"),
        ({"serious": True, "harms": ("death", "infrastructure")}, 2, "73(3)"),
        ({"serious": True, "widespread": True}, 2, "73(3)"),
        ({"harms": ("infrastructure",)}, 2, "73(3)"),  # the harm is known, the decision is not
    ],
)
def test_the_shortest_period_of_what_is_known_runs_from_awareness(decided, days, article):
    one = assessed(incident(aware_at=NOW - DAY), **decided)
    clock = clocks(one)["ai_act_report"]
    assert clock.due == NOW - DAY + days * DAY
    assert article in clock.legal_basis
    assert clock.by_law


@pytest.mark.parametrize(
    ("decided", "since"),
    [
        ({**RIGHTS}, None),
        ({**RIGHTS, "causal_link": "suspected", "causal_link_at": NOW + DAY}, None),  # 73(2) asks for a likelihood
        ({**RIGHTS, "causal_link": "likely", "causal_link_at": NOW + DAY}, NOW + DAY),
        ({**RIGHTS, "causal_link": "established", "causal_link_at": NOW - DAY}, NOW),  # not before awareness
        ({"serious": True, "harms": ("death",), "causal_link": "suspected", "causal_link_at": NOW + DAY}, NOW + DAY),
        ({"serious": True, "widespread": True}, NOW),
    ],
)
def test_a_link_makes_the_report_due_at_once_and_leaves_the_last_day_where_it_was(decided, since):
    clock = clocks(assessed(incident(), now=NOW + 2 * DAY, **decided))["ai_act_report"]
    assert clock.at_once_since == since
    if since is not None:
        assert state_of(clock, since) is ClockState.DUE_SOON


@pytest.mark.parametrize(
    ("decided", "why"),
    [
        ({"high_risk": False}, "No high-risk system"),
        ({"serious": False, "serious_reason": REASON}, "Not a serious incident"),
        ({"serious": True, "harms": ("health",), "limit": "equivalent_reporting", "limit_reason": REASON}, "73(9)"),
        ({"serious": True, "harms": ("death",), "limit": "medical_device", "limit_reason": REASON}, "73(10)"),
    ],
)
def test_what_is_not_owed_says_why_and_stops_once(decided, why):
    one = assessed(incident(), **decided)
    clock = clocks(one)["ai_act_report"]
    assert state_of(clock, NOW + 99 * DAY) is ClockState.STOPPED
    assert why in clock.stopped_because
    later = assessed(one, now=NOW + DAY, **decided)
    assert later == one  # deciding the same again changes nothing, not even the moment


def test_limited_providers_still_notify_infringements_of_fundamental_rights():
    limited = {"limit": "equivalent_reporting", "limit_reason": "DORA wants the same reported."}
    one = assessed(incident(), serious=True, harms=("health", "fundamental_rights"), **limited)
    assert state_of(clocks(one)["ai_act_report"], NOW) is ClockState.RUNNING


def test_the_limit_is_on_serious_incidents_and_names_its_own_authority():
    limited = {"limit": "medical_device", "limit_reason": "The devices are reported under the MDR."}
    wide = assessed(incident(), serious=True, harms=("health",), widespread=True, **limited)
    clock = clocks(wide)["ai_act_report"]
    assert state_of(clock, NOW) is ClockState.DUE_SOON
    assert "73(10)" in clock.title  # not the market surveillance authority


@pytest.mark.parametrize("unreachable", [False, True])
def test_a_deployer_tells_of_a_risk_that_is_no_serious_incident(unreachable):
    """Art. 26(5), second sentence: the duty does not hang on Art. 73."""
    harmless = {"serious": False, "serious_reason": REASON, "provider_unreachable": unreachable}
    undecided = assessed(incident("deployer"), **harmless)
    authority = clocks(undecided)["ai_act_inform_authority"]
    assert state_of(authority, NOW) is ClockState.RUNNING
    assert authority.title.startswith("Decide whether the use presents a risk")
    risky = clocks(assessed(incident("deployer"), **harmless, presents_risk=True))
    assert state_of(risky["ai_act_inform_authority"], NOW + 2 * DAY) is ClockState.LATE
    calm = assessed(incident("deployer"), **harmless, presents_risk=False)
    assert {state_of(clock, NOW) for clock in calm.clocks} == {ClockState.STOPPED}


def test_of_a_breach_that_nobody_judged_the_persons_are_owed_and_it_does_not_close():
    one = assessed(incident("controller"), serious=False, serious_reason=REASON, personal_data_breach=True)
    assert clocks(one)["gdpr_persons"].title.startswith("Decide whether the risk to persons is high")
    one = one.model_copy(update={"root_cause": "A key was published with the code."})
    first = told(one, "data_protection_authority")
    assert any("Decide whether the risk to persons is high" in open_ for open_ in what_is_open(first, NOW))
    judged = assessed(first, serious=False, serious_reason=REASON, personal_data_breach=True, breach_risk="risk")
    assert "gdpr_persons" not in clocks(judged)
    assert list(what_is_open(judged, NOW)) == ["the complete report is missing (AI Act Art. 73(5), GDPR Art. 33(4))"]


def test_a_complete_report_to_another_authority_completes_nothing():
    one = assessed(incident(), **RIGHTS, ai_office_competent=True)
    one = told(one, "ai_office").model_copy(update={"root_cause": "A threshold was set for another population."})
    other = told(one, "market_surveillance_authority", stage="final")
    assert awaits_complete_report(other)


def test_a_deployer_informs_the_provider_first_and_art_73_takes_over_when_it_cannot_be_reached():
    one = assessed(incident("deployer"), **RIGHTS, also_inform=("importer",))
    assert set(clocks(one)) == {"ai_act_inform_provider", "ai_act_inform_authority", "ai_act_inform_importer"}
    assert not any(clock.by_law for clock in one.clocks)  # the Act says immediately and names no period
    assert all(state_of(clock, NOW) is ClockState.DUE_SOON for clock in one.clocks)
    unreached = assessed(one, **RIGHTS, provider_unreachable=True)
    assert state_of(clocks(unreached)["ai_act_inform_provider"], NOW) is ClockState.STOPPED
    assert clocks(unreached)["ai_act_report"].due == NOW + 15 * DAY
    assert "26(5)" in clocks(unreached)["ai_act_report"].legal_basis


def test_a_breach_has_72_hours_from_its_own_awareness_unless_a_risk_is_unlikely():
    one = incident("controller")
    assert clocks(one)["gdpr_authority"].due == NOW + timedelta(hours=72)  # undecided: as if it were one
    aware = NOW - timedelta(hours=5)
    high = assessed(one, serious=False, serious_reason=REASON, personal_data_breach=True, breach_aware_at=aware,
                    breach_risk="high")  # fmt: skip
    assert clocks(high)["gdpr_authority"].due == aware + timedelta(hours=72)
    assert not clocks(high)["gdpr_persons"].by_law
    low = assessed(
        one, personal_data_breach=True, breach_risk="unlikely", breach_risk_reason="The laptop was encrypted well."
    )
    assert state_of(clocks(low)["gdpr_authority"], NOW) is ClockState.STOPPED
    assert set(clocks(incident("processor"))) == {"gdpr_controller"}


def test_the_ai_office_where_it_is_competent_and_nobody_else_ends_the_clock():
    one = assessed(incident(), **RIGHTS, ai_office_competent=True)
    assert state_of(clocks(told(one, "market_surveillance_authority"))["ai_act_report"], NOW) is ClockState.RUNNING
    assert state_of(clocks(told(one, "ai_office"))["ai_act_report"], NOW) is ClockState.MET


def test_a_first_report_is_in_time_and_a_late_one_needs_its_reason():
    one = assessed(incident("provider", "controller"), **RIGHTS, personal_data_breach=True, breach_risk="risk")
    first = told(one, "market_surveillance_authority", NOW + 14 * DAY)
    assert state_of(clocks(first)["ai_act_report"], NOW + 20 * DAY) is ClockState.MET
    assert told(first, "market_surveillance_authority", NOW + 14 * DAY) == first
    with pytest.raises(InvalidInputError, match=r"late_because: it was due on 2026-03-07 06:00 UTC"):
        told(first, "data_protection_authority", NOW + 4 * DAY)
    late = told(first, "data_protection_authority", NOW + 4 * DAY, late_because="The log came from abroad on Monday.")
    assert state_of(clocks(late)["gdpr_authority"], NOW) is ClockState.MET_LATE


@pytest.mark.parametrize(
    ("decided", "said"),
    [
        ({"serious": True}, "harms: a serious incident has a harm"),
        ({"serious": False}, "serious_reason: say why"),
        ({"serious": False, "serious_reason": "x"}, "serious_reason: say why"),
        ({"serious": False, "serious_reason": REASON, "harms": ("death",)}, "causal_link excluded"),
        ({**RIGHTS, "causal_link": "excluded"}, "causal_link: what the system did not lead to"),
        ({**RIGHTS, "causal_link": "likely"}, "causal_link_at: say since when"),
        ({**RIGHTS, "causal_link": "likely", "causal_link_at": NOW + DAY}, "causal_link_at: is in the future"),
        ({**RIGHTS, "limit": "medical_device"}, "limit_reason: say by which law"),
        ({"personal_data_breach": False}, "breach_reason: say why"),
        ({"breach_risk": "high"}, "breach_risk: is about a breach"),
        ({"personal_data_breach": True, "breach_risk": "unlikely"}, "breach_risk_reason: say why"),
        ({"also_inform": ("controller",)}, "also_inform: names importer and distributor"),
    ],
)
def test_an_assessment_without_its_reason_or_against_itself_is_refused(decided, said):
    with pytest.raises(InvalidInputError, match=said):
        assessed(incident(), **decided)


def test_times_that_cannot_be_are_refused():
    with pytest.raises(InvalidInputError, match="aware_at: is in the future"):
        incident(aware_at=NOW + DAY)
    with pytest.raises(InvalidInputError, match="aware_at: nobody can be aware"):
        incident(occurred_at=NOW, aware_at=NOW - DAY)
    for at, said in ((NOW + DAY, "future"), (NOW - DAY, "before the organisation became aware")):
        with pytest.raises(InvalidInputError, match=f"sent_at: is .*{said}"):
            told(incident(), "provider", at, now=NOW)


def test_it_closes_only_when_nothing_is_owed_and_everything_is_said():
    one = incident("provider", "controller")
    with pytest.raises(ConflictError) as refused:
        rules.closed(one, conclusion=REASON, now=NOW)
    for part in ("serious incident is not decided", "breached is not decided", "owed by 2026-03-19", "root cause"):
        assert part in str(refused.value)
    assert one.state is IncidentState.ASSESSING
    one = assessed(one, **RIGHTS, **NO_BREACH)
    assert one.state is IncidentState.REPORTABLE
    one = told(one, "market_surveillance_authority", NOW)
    assert one.state is IncidentState.INVESTIGATING
    one = rules.with_measure(one, {"kind": "corrective", "title": "Undo", "owner": "ada", "due": NOW.date()}, NOW)
    with pytest.raises(InvalidInputError, match="root_cause: a final report states the cause"):
        told(one, "market_surveillance_authority", NOW, stage="final")
    one = one.model_copy(update={"root_cause": "A threshold of another population."})
    with pytest.raises(ConflictError, match=r"complete report is missing.*measure 'Undo' is neither"):
        rules.closed(one, conclusion=REASON, now=NOW)
    assert "close" not in {step.name for step in steps_of(one, NOW)}
    one = told(one, "market_surveillance_authority", NOW, stage="final")
    one = rules.with_changed_measure(one, one.measures[0].id, {"done": True}, NOW)
    assert "close" in {step.name for step in steps_of(one, NOW)}
    done = rules.closed(one, conclusion=REASON, now=NOW)
    assert done.state is IncidentState.CLOSED
    assert rules.closed(done, conclusion=REASON, now=NOW + DAY) == done
    with pytest.raises(ConflictError, match="was closed on 2026-03-04: open it again first"):
        assessed(done, **RIGHTS)
    assert rules.reopened(done, NOW).state is IncidentState.INVESTIGATING


NOT_SERIOUS = {"serious": False, "serious_reason": REASON}


def test_a_provider_tells_the_authority_and_the_notified_body_of_a_risk_once_it_knows_of_one():
    assert "ai_act_risk_authority" not in clocks(assessed(incident("provider"), **NOT_SERIOUS))
    known = assessed(incident("provider"), now=NOW + 5 * DAY, **NOT_SERIOUS, presents_risk=True,
                     also_inform=("notified_body",), risk_aware_at=NOW + 4 * DAY)  # fmt: skip
    found = clocks(known)
    owed = {"ai_act_risk_authority", "ai_act_risk_notified_body"}
    assert {name: one.due for name, one in found.items() if name in owed} == dict.fromkeys(owed, NOW + 5 * DAY)
    assert not any(found[name].by_law for name in owed)  # Art. 20(2) says immediately and names no period
    sent = told(known, "market_surveillance_authority", NOW + 5 * DAY)
    assert state_of(clocks(sent)["ai_act_risk_authority"], NOW + 9 * DAY) is ClockState.MET
    assert state_of(clocks(sent)["ai_act_risk_notified_body"], NOW + 9 * DAY) is ClockState.LATE
    whole = told(sent, "notified_body", NOW + 5 * DAY)
    assert evidence(whole, now=NOW + 9 * DAY)[RISKS].status is EvidenceStatus.PASSING


@pytest.mark.parametrize(
    ("roles", "decided", "undecided"),
    [
        (("provider",), NOT_SERIOUS, 1),
        (("provider",), {**NOT_SERIOUS, "presents_risk": False}, 0),
        (("provider",), {**NOT_SERIOUS, "high_risk": False}, 0),
        (("provider",), RIGHTS, 0),  # is reported under Art. 73
        (("deployer",), NOT_SERIOUS, 0),  # informs under Art. 26(5)
    ],
)
def test_whether_there_is_a_risk_is_decided_within_a_day(roles, decided, undecided):
    one = assessed(incident(*roles), **decided)
    before = evidence(one, now=NOW + DAY - timedelta(seconds=1))[RISKS]
    assert before.facts["undecided"] == 0
    assert before.expires_at <= NOW + DAY or not undecided  # then it is looked at again
    after = evidence(one, now=NOW + DAY)[RISKS]
    assert (after.facts["undecided"], after.status is EvidenceStatus.FAILING) == (undecided, bool(undecided))
    assert any(text.endswith("79(1)) is not decided") for text in what_is_open(one, NOW)) is bool(undecided)
