"""What the register of incidents shows, and the drafts it makes: no text of people, nothing made up."""

from __future__ import annotations

from syndic.models import EvidenceStatus
from syndic.registers.incidents.draft import as_markdown, draft_of
from syndic.registers.incidents.evidence import (
    BREACHES,
    HANDLED,
    INFORMING,
    REPORTING,
    incident_evidence,
)
from syndic.registers.incidents.models import (
    Incident,
    IncidentRecipient,
    ReportStage,
)
from tests.unit.registers.incidents import DAY, NO_BREACH, NOW, REASON, RIGHTS, assessed, incident, told


def evidence(*incidents: Incident, now=NOW):
    return {one.kind: one for one in incident_evidence("m", incidents, now)}


def test_none_on_record_says_no_more_than_that():
    for one in evidence().values():
        assert one.status is EvidenceStatus.PASSING
        assert one.facts["recorded"] == 0
        assert "does not show that there was none" in one.summary


def test_a_missed_clock_fails_its_own_law_and_no_other_until_a_year_has_passed():
    one = assessed(incident("provider", "controller"), **RIGHTS, **NO_BREACH)
    running = evidence(one, now=NOW + 14 * DAY)
    assert running[REPORTING].status is EvidenceStatus.PASSING
    assert running[REPORTING].expires_at == NOW + 15 * DAY  # good until the clock ends, no longer
    late = evidence(one, now=NOW + 16 * DAY)
    assert late[REPORTING].status is late[HANDLED].status is EvidenceStatus.FAILING
    assert (late[REPORTING].facts["late_by_law"], late[REPORTING].facts["late_undecided"]) == (1, 0)
    assert late[BREACHES].status is late[INFORMING].status is EvidenceStatus.PASSING
    why = "The authority's desk was closed for days."
    sent = told(one, "market_surveillance_authority", NOW + 16 * DAY, late_because=why)
    after = evidence(sent, now=NOW + 17 * DAY)[REPORTING]
    assert (after.status, after.facts["late"], after.facts["met_late"]) == (EvidenceStatus.FAILING, 0, 1)
    assert after.facts["missed"] == ["feed ai_act_report"]
    assert evidence(sent, now=NOW + 382 * DAY)[REPORTING].status is EvidenceStatus.PASSING


def test_no_text_of_people_is_in_evidence():
    one = incident(description="Mrs Miller", title="Mrs Miller")
    assert "Miller" not in str(list(evidence(one, now=NOW + 99 * DAY).values()))


def test_a_draft_marks_what_is_not_known_and_cannot_be_injected():
    hostile = "Refused | <script>alert(1)</script>\n\n# Not a heading\n\n`x`"
    one = assessed(incident("provider", "controller", description=hostile, model_ids=("m",)), **RIGHTS)
    draft = draft_of(one, IncidentRecipient.MARKET_SURVEILLANCE_AUTHORITY, ReportStage.INITIAL,
                     names={"m": "Credit"}, now=NOW)  # fmt: skip
    assert draft.due == NOW + 15 * DAY
    assert "Cause, as far as investigated" in draft.unknown
    page = as_markdown(draft)
    assert "<script>" not in page
    assert "\n# Not a heading" not in page
    assert page.count("[unknown: to be found out]") + page.count(r"\[unknown: to be found out\]") == len(draft.unknown)
    breach = draft_of(one, IncidentRecipient.DATA_PROTECTION_AUTHORITY, ReportStage.INITIAL, names={}, now=NOW)
    assert [field.asked_by for field in breach.fields if field.name == "consequences"] == ["Art. 33(3)(c)"]


def test_the_roles_in_which_there_are_incidents_are_told():
    handled = evidence(incident("processor"), incident("processor", "deployer"))[HANDLED]
    assert handled.facts["roles"] == ["deployer", "processor"]


def test_what_a_processor_owes_its_controller_is_told_apart():
    one = assessed(incident("processor"), personal_data_breach=True, serious=False, serious_reason=REASON)
    assert evidence(one, now=NOW + DAY)[BREACHES].facts["controller_late"] == 0
    assert evidence(one, now=NOW + 2 * DAY)[BREACHES].facts["controller_late"] == 1
    sent = evidence(told(one, "controller", NOW + 2 * DAY), now=NOW + 3 * DAY)[BREACHES].facts
    assert (sent["controller_late"], sent["controller_met_late"]) == (0, 1)  # was late, for a year
