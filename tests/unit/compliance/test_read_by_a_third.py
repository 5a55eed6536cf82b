"""Read by somebody who had seen no pack (77031): evidence of something else, and answers held against others."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.rules.found import FACT, found_sha256
from syndic.compliance.rules.judge import evaluate
from syndic.models import EvidenceStatus
from tests.unit.compliance.conftest import framework_of, make_evidence


@pytest.fixture
def judged(everything, subject, facts_of, now):
    """The state of a requirement with all on record, some of it altered and some added."""

    def state(name, added=(), **altered):
        changed = {kind.replace("__", "."): change for kind, change in altered.items()}
        items = [
            item.model_copy(update={**change, "facts": {**item.facts, **change.get("facts", {})}})
            if (change := changed.get(item.kind)) is not None
            else item
            for item in everything(framework_of(name))
        ]
        found = evaluate(framework_of(name), subject, facts_of([*items, *added]), now=now)
        return next((it for it in found.requirements if it.requirement_id == name), found.scope)

    return state


OWED = [
    ("AIA-20(2)", "incidents.risks", "late", "met_late"),
    ("GDPR-33(2)", "incidents.breaches", "controller_late", "controller_met_late"),
    ("AIA-26(5)", "incidents.informing", "late", "met_late"),
]


@pytest.mark.parametrize(("name", "kind", "owed", "told_late"), OWED)
def test_what_is_still_owed_is_not_assessed_away(name, kind, owed, told_late, judged):
    for fact, expected in ((owed, State.INSUFFICIENT_EVIDENCE), (told_late, State.MET)):
        facts = {"recorded": 1, fact: 1, "missed": ["i-1 told"]}
        failing = {"facts": facts, "status": EvidenceStatus.FAILING}
        hashed = found_sha256(make_evidence(kind, facts=facts, status=EvidenceStatus.FAILING))
        assessed = {"facts": {FACT: {kind: hashed}}}
        change = {kind.replace(".", "__"): failing}
        assert judged(name, **change, document__late_report_assessment=assessed).if_in_force is expected
        assert judged(name, **change).if_in_force is State.INSUFFICIENT_EVIDENCE


@pytest.mark.parametrize(
    ("grounds", "expected"),
    [
        (["religion_or_belief", "sexual_orientation"], State.INSUFFICIENT_EVIDENCE),
        (["religion_or_belief", "age"], State.MET),
        (["disability"], State.MET),
    ],
)
def test_care_tools_are_examined_by_a_ground_of_the_section(grounds, expected, judged):
    assert judged("HIPAA-92.210", bias__run={"facts": {"grounds": grounds}}).if_in_force is expected


@pytest.mark.parametrize("kind", ["alerts__handled", "incidents__handled"])
def test_handling_that_is_signed_for_does_not_stand_beside_a_register_that_denies_it(kind, judged):
    assert judged("HIPAA-incidents").if_in_force is State.MET
    found = judged("HIPAA-incidents", **{kind: {"status": EvidenceStatus.FAILING}})
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE


@pytest.mark.parametrize("name", ["LL144-audit", "LL144-audit-ratios", "LL144-audit-summary"])
def test_what_is_signed_of_an_audit_is_of_the_newest(name, judged, now):
    before, after = {"produced_at": now - timedelta(days=9)}, {"produced_at": now - timedelta(hours=1)}
    assert judged(name, document__ll144_audit=before).if_in_force is State.MET
    outdated = judged(name, document__ll144_audit=after, document__ll144_summary=after)  # a summary of it, too
    assert outdated.if_in_force is State.ATTESTATION_DUE
    assert "document.ll144_audit, which was recorded anew after it" in outdated.reason


HIRING = {"bound": True, "substantially_assists": "sole"}
CREDIT = {"creditor": True, "consumer_credit": True, "assesses": True}
DECIDES = {"business": True, "replaces_human": True, "significant": True}
LEFT_OUT = [
    ("ccpa_admt", {"significant": False}, "hiring_nyc", HIRING),
    ("ccpa_admt", {"significant": False}, "consumer_credit_directive", CREDIT),
    ("ccpa_admt", {"replaces_human": False}, "hiring_nyc", HIRING),
    ("colorado_sb26_189", {"consequential": False}, "hiring_nyc", HIRING),
    ("colorado_sb26_189", {"materially_influences": False}, "hiring_nyc", HIRING),
    ("colorado_sb26_189", {"deployer": False, "developer": False}, "hiring_nyc", HIRING),
    ("colorado_sb26_189", {"consequential": False}, "consumer_credit_directive", CREDIT),
    ("colorado_sb26_189", {"materially_influences": False}, "ccpa_admt", DECIDES),
    ("nist_ai_600_1", {"generative": False}, "sr_26_2", {"generative": True}),
]


@pytest.mark.parametrize(("pack", "answers", "other", "says"), LEFT_OUT)
def test_answers_that_leave_a_model_out_are_held_against_what_others_say(pack, answers, other, says, judged):
    name = built_in()[pack].framework.requirements[0].id
    change = {f"classification__{pack}": {"facts": answers}}
    silent = make_evidence(f"classification.{other}", facts=dict.fromkeys(says, False))
    change["bias__run"] = {"facts": {"grounds": []}}  # an examination by origin rests on sensitive information
    assert judged(name, [silent], **change).applies is False
    saying = make_evidence(f"classification.{other}", facts=says)
    held = judged(name, [saying], **change)
    assert held.applies is None
    assert f"classification.{other}" in held.reason
