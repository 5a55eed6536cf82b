"""Signatures, documents, questionnaires and remediations: what people add, and what it takes to count."""

from __future__ import annotations

from datetime import date, timedelta
from hashlib import sha256

import pytest

from syndic.assessment import AttestationDecision, RemediationStatus, State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.evaluation.deadlines import upcoming
from syndic.compliance.evaluation.evaluate import evaluate_model
from syndic.compliance.models import ORGANISATION
from syndic.compliance.people.answers import classify
from syndic.compliance.people.attest import attest, list_attestations, withdraw
from syndic.compliance.people.documents import MOST_BYTES, list_documents, record_document
from syndic.compliance.people.remediate import change_remediation, list_remediations, open_remediation
from syndic.compliance.questionnaires.annexes import AREAS, PRACTICES
from syndic.compliance.questionnaires.questions import AiActAnswers
from syndic.compliance.questionnaires.risk_level import classify_ai_act
from syndic.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError
from syndic.models import EvidenceChanged, EvidenceStatus
from syndic.records import put_evidence

YES, NO = AttestationDecision.AFFIRMED, AttestationDecision.DECLINED
SCREENED = dict.fromkeys(PRACTICES, False)
CREDIT = {
    "screening": SCREENED,
    "provider": True,
    "deployer": True,
    "annex_i_product": False,
    "area": "5b",
    "profiling": True,
}


@pytest.fixture
def sign(store, audit, bus, now):
    def put(model_id, topic="human_oversight", role="model owner", decision=YES, at=now, **over):
        options = {"roles": frozenset({role}), "actor": "ada", **over}
        return attest(
            model_id, topic, role=role, decision=decision, store=store, audit=audit, bus=bus, now=at, **options
        )

    return put


@pytest.fixture
def state(store, audit, bus, now):
    def look(model_id, framework_id, requirement_id, at=now):
        statuses = evaluate_model(model_id, store=store, audit=audit, bus=bus, now=at)
        status = next(it for it in statuses if it.framework_id == framework_id)
        return next(it for it in status.requirements if it.requirement_id == requirement_id)

    return look


def signature(item):
    return next(part for part in item.parts if part.part == "attestation")


@pytest.fixture
def ready(register, keep, everything):
    model = register()
    keep(everything(built_in()["eu_ai_act"]))
    return model


# --- signatures ---


def test_a_signature_counts_for_the_version_it_was_given_for(ready, register, sign, state, now):
    signed = sign(ready.id)
    assert (signed.model_version, signed.expires_at) == ("credit-7", now + timedelta(days=365))
    assert signature(state(ready.id, "eu_ai_act", "AIA-14")).state is State.MET
    register(version="credit-8")
    assert signature(state(ready.id, "eu_ai_act", "AIA-14")).state is State.ATTESTATION_DUE


def test_a_signature_lapses(ready, sign, state, now):
    sign(ready.id)
    after = now + timedelta(days=366)
    assert signature(state(ready.id, "eu_ai_act", "AIA-14", after)).state is State.EXPIRED


def test_a_declined_statement_contradicts(ready, sign, state):
    sign(ready.id, decision=NO, comment="Nobody tested stopping it.")
    part = signature(state(ready.id, "eu_ai_act", "AIA-14"))
    assert part.state is State.NOT_MET
    assert "Nobody tested stopping it." in part.reason


def test_declining_needs_a_comment(ready, sign):
    with pytest.raises(InvalidInputError, match="say why"):
        sign(ready.id, decision=NO)


def test_nobody_signs_in_a_role_they_do_not_hold(ready, sign):
    with pytest.raises(NotAllowedError):
        sign(ready.id, roles=frozenset({"auditor"}))


def test_another_role_cannot_sign(ready, sign):
    with pytest.raises(InvalidInputError, match="has to be signed by: model owner"):
        sign(ready.id, role="auditor")


def test_what_nobody_asks_for_cannot_be_signed(ready, sign):
    with pytest.raises(NotFoundError):
        sign(ready.id, topic="everything_is_fine")


def test_a_statement_on_the_organisation_is_not_signed_for_a_model(ready, sign, state):
    with pytest.raises(InvalidInputError, match="about the organisation"):
        sign(ready.id, topic="ai_literacy", role="compliance officer")
    sign(ORGANISATION, topic="ai_literacy", role="compliance officer")
    with pytest.raises(InvalidInputError, match="about one model"):
        sign(ORGANISATION)


def test_signing_twice_is_one_signature_and_one_entry(ready, sign, audit, store):
    first, second = sign(ready.id), sign(ready.id)
    assert first == second
    assert [entry.action for entry in audit.entries] == ["attestation.signed"]
    assert len(list(list_attestations(store, ready.id))) == 1


def test_one_signature_serves_every_framework_that_asks_for_the_topic(ready, sign, state):
    sign(ready.id)
    assert signature(state(ready.id, "eu_ai_act", "AIA-14")).state is State.MET
    assert signature(state(ready.id, "nist_ai_rmf", "RMF-MANAGE-2")).state is State.MET


def test_the_hash_of_what_was_signed_changes_with_the_evidence_shown(ready, sign, store, evidence, now):
    before = sign(ready.id)
    put_evidence(store, evidence("drift.run", at=now, summary="another run"))
    after = sign(ready.id, at=now + timedelta(days=1))
    assert before.subject_sha256 != after.subject_sha256


def test_a_withdrawn_signature_no_longer_counts(ready, sign, state, store, audit, bus, now):
    signed = sign(ready.id)
    later = now + timedelta(hours=1)
    withdraw(ready.id, signed.id, reason="Signed by mistake", store=store, audit=audit, bus=bus, actor="ada", now=later)
    part = signature(state(ready.id, "eu_ai_act", "AIA-14", later))
    assert part.state is State.ATTESTATION_DUE
    assert "Signed by mistake" in part.reason
    with pytest.raises(ConflictError):
        withdraw(ready.id, signed.id, reason="Again", store=store, audit=audit, bus=bus, actor="ada", now=later)


def test_a_signature_makes_compliance_look_again(ready, sign, bus):
    sign(ready.id)
    assert EvidenceChanged(model_id=ready.id, kinds=("attestation.human_oversight",)) in bus.published


# --- documents ---


def test_a_document_is_met_by_presence_and_expires(register, state, store, audit, bus, now):
    model = register()
    classify_as(model.id, CREDIT, store, audit, bus, now)
    record_document(
        model.id, "fria", title="FRIA", location="s3://docs/fria.pdf", sha256="0" * 64, dated=date(2026, 11, 1),
        store=store, audit=audit, bus=bus, actor="ada", now=now,
    )  # fmt: skip
    part = next(part for part in state(model.id, "eu_ai_act", "AIA-27").parts if part.part == "document")
    assert part.state is State.MET
    assert part.reason.endswith("its content was not judged.")


def test_a_document_dated_in_the_future_is_refused(ready, store, audit, bus, now):
    with pytest.raises(InvalidInputError, match="future"):
        record_document(
            ready.id, "fria", title="FRIA", location="s3://x", sha256="0" * 64, dated=date(2027, 1, 1),
            store=store, audit=audit, bus=bus, actor="ada", now=now,
        )  # fmt: skip


TOLD = "The gap follows income, which the law lets us consider; 40 rejected files were read again by hand."


def test_an_assessment_may_be_written_here_and_is_hashed_as_it_stands(ready, store, audit, bus, now):
    given = {"dated": now.date(), "store": store, "audit": audit, "bus": bus, "actor": "ada"}
    written = record_document(ready.id, "fairness_assessment", title="Young women", text=TOLD, now=now, **given)
    assert (written.text, written.sha256) == (TOLD, sha256(TOLD.encode()).hexdigest())
    later = record_document(
        ready.id, "fria", title="FRIA", location="s3://docs/1", sha256="1" * 64, now=now + timedelta(days=1), **given
    )
    assert list_documents(ready.id, store=store) == (later, written)
    for text in ("-" * 30, "tbd tbd tbd tbd tbd tbd"):
        with pytest.raises(InvalidInputError, match="sentence"):
            record_document(ready.id, "fairness_assessment", title="Young women", text=text, now=now, **given)
    with pytest.raises(InvalidInputError, match="SHA-256"):
        record_document(ready.id, "fairness_assessment", title="Young women", now=now, **given)


def test_as_many_texts_are_kept_as_one_record_holds_the_newest_always(ready, store, audit, bus, now):
    for number in range(70):
        record_document(
            ready.id, "fairness_assessment", title=f"Look {number}", text=TOLD * 50 + str(number), dated=now.date(),
            store=store, audit=audit, bus=bus, actor="ada", now=now + timedelta(minutes=number),
        )  # fmt: skip
    kept = list_documents(ready.id, store=store)
    assert kept[0].title == "Look 69"
    assert 40 < len(kept) < 70
    assert sum(len(one.text) for one in kept) < MOST_BYTES


# --- questionnaires ---


def classify_as(model_id, answers, store, audit, bus, now, questionnaire="ai_act"):
    return classify(model_id, questionnaire, answers, store=store, audit=audit, bus=bus, actor="ada", now=now)


def outcome(**over):
    return classify_ai_act(AiActAnswers.model_validate({**CREDIT, **over}))


@pytest.mark.parametrize("area", AREAS)
def test_a_system_in_an_annex_iii_area_is_high_risk(area):
    assert outcome(area=area).facts["level"] == "high"


def test_without_area_and_product_it_is_not():
    assert outcome(area=None, profiling=False).facts["level"] == "minimal"
    assert outcome(area=None, talks_to_people=True).facts["level"] == "limited"


@pytest.mark.parametrize("letter", PRACTICES)
def test_one_prohibited_practice_outweighs_everything(letter):
    found = outcome(screening={**SCREENED, letter: True})
    assert found.facts["level"] == "unacceptable"
    assert found.failing
    assert found.facts["prohibited_added"] == ([letter] if letter in {"ba", "bb"} else [])


def test_profiling_closes_the_exceptions_of_6_3():
    found = outcome(exception_grounds=["narrow_task"], exception_reasons="It only sorts files.")
    assert found.facts["level"] == "high"
    assert any("always high-risk" in text for text in found.contradictions)
    open_to = outcome(
        area="3b", profiling=False, exception_grounds=["narrow_task"], exception_reasons="It only sorts incoming files."
    )
    assert open_to.facts["level"] == "minimal"
    assert open_to.contradictions == ()


@pytest.mark.parametrize(
    ("over", "says"),
    [
        ({"screening": {}}, "not answered"),
        ({"provider": False, "deployer": False}, "no role"),
        ({"area": None, "exception_grounds": ["narrow_task"], "exception_reasons": "x"}, "no Annex III area"),
        ({"profiling": False, "exception_grounds": ["narrow_task"]}, "without reasons"),
        ({"financial_fraud_detection": True}, "excludes systems that detect financial fraud"),
        ({"gpai_systemic": True}, "without a general-purpose model"),
        ({"profiling": False, "screening": {**SCREENED, "d": True}}, "profiling no"),
        ({"deployer": False, "at_workplace": True}, "does not deploy"),
    ],
)
def test_contradictory_answers_are_named(over, says):
    assert any(says in text for text in outcome(**over).contradictions)


def test_good_answers_have_no_contradiction():
    assert outcome().contradictions == ()


def test_a_contradiction_in_the_answers_leaves_the_classification_unknown(register, state, store, audit, bus, now):
    model = register()
    classify_as(model.id, {**CREDIT, "financial_fraud_detection": True}, store, audit, bus, now)
    assert state(model.id, "eu_ai_act", "AIA-6").if_in_force is State.INSUFFICIENT_EVIDENCE


def test_unknown_answers_are_refused_by_name(register, store, audit, bus, now):
    model = register()
    with pytest.raises(InvalidInputError, match=r"answers\.area"):
        classify_as(model.id, {**CREDIT, "area": "9"}, store, audit, bus, now)
    with pytest.raises(NotFoundError):
        classify_as(model.id, {}, store, audit, bus, now, questionnaire="horoscope")


def test_the_same_answers_again_are_one_classification(register, store, audit, bus, now):
    model = register()
    first = classify_as(model.id, CREDIT, store, audit, bus, now)
    assert classify_as(model.id, CREDIT, store, audit, bus, now + timedelta(hours=1)) == first
    assert len(audit.entries) == 1


def test_before_the_questions_are_answered_nothing_is_inapplicable(register, state):
    model = register()
    found = state(model.id, "eu_ai_act", "AIA-27")
    assert found.if_in_force is State.INSUFFICIENT_EVIDENCE
    assert "not known whether this applies" in found.reason


def test_answers_make_requirements_inapplicable_with_the_reason(register, state, store, audit, bus, now):
    model = register()
    classify_as(model.id, {**CREDIT, "area": None, "profiling": False}, store, audit, bus, now)
    found = state(model.id, "eu_ai_act", "AIA-27")
    assert found.state is State.NOT_APPLICABLE
    assert found.reason
    assert [reference.kind for reference in found.applicability] == ["classification.ai_act"]


# --- remediations ---


@pytest.fixture
def failing(register, keep, everything, evidence, store, now):
    model = register()
    keep([it for it in everything(built_in()["soc2"]) if it.kind != "registry.promotion"])
    put_evidence(store, evidence("registry.promotion", at=now - timedelta(hours=1), status=EvidenceStatus.FAILING))
    return model


def test_a_remediation_is_closed_by_fresh_evidence_and_only_by_it(failing, state, evidence, store, audit, bus, now):
    state(failing.id, "soc2", "SOC2-CC8.1")
    opened = open_remediation(
        failing.id, "soc2", "SOC2-CC8.1", title="Retrain", owner="ada", due=date(2026, 12, 1),
        store=store, audit=audit, actor="ada", now=now,
    )  # fmt: skip
    changed = change_remediation(
        failing.id, opened.id, in_progress=True, store=store, audit=audit, actor="ada", now=now
    )
    assert changed.status is RemediationStatus.IN_PROGRESS
    later = now + timedelta(days=1)
    state(failing.id, "soc2", "SOC2-CC8.1", later)
    assert next(list_remediations(store)).status is RemediationStatus.IN_PROGRESS
    put_evidence(store, evidence("registry.promotion", at=later))
    assert state(failing.id, "soc2", "SOC2-CC8.1", later).state is State.MET
    (closed,) = list_remediations(store, failing.id)
    assert (closed.status, closed.closed_at) == (RemediationStatus.CLOSED, later)
    with pytest.raises(ConflictError, match="closed by evidence"):
        change_remediation(failing.id, opened.id, note="x", store=store, audit=audit, actor="ada", now=later)


def test_there_is_nothing_to_remedy_where_the_requirement_is_met(failing, state, store, audit, now):
    state(failing.id, "soc2", "SOC2-CC4")
    with pytest.raises(ConflictError, match="nothing to repair"):
        open_remediation(
            failing.id, "soc2", "SOC2-CC4", title="Retrain", owner="ada", due=date(2026, 12, 1),
            store=store, audit=audit, actor="ada", now=now,
        )  # fmt: skip


def test_opening_twice_is_one_remediation(failing, state, store, audit, now):
    state(failing.id, "soc2", "SOC2-CC8.1")
    same = {"title": "Retrain", "owner": "ada", "due": date(2026, 12, 1), "store": store, "audit": audit, "actor": "a"}
    first = open_remediation(failing.id, "soc2", "SOC2-CC8.1", now=now, **same)
    again = open_remediation(failing.id, "soc2", "SOC2-CC8.1", now=now + timedelta(hours=1), **same)
    assert again == first


# --- deadlines ---


def test_upcoming_dates_name_what_enters_into_force_and_what_runs_out(ready, sign, store, audit, bus, now):
    sign(ready.id)
    statuses = evaluate_model(ready.id, store=store, audit=audit, bus=bus, now=now)
    near = upcoming(statuses, now=now, within=timedelta(days=14))
    assert [(it.kind, it.requirement_id) for it in near if it.kind == "applies"] == [("applies", "AIA-5(ba)")]
    year = upcoming(statuses, now=now, within=timedelta(days=380))
    assert any(it.kind == "expires" and "attestation.human_oversight" in it.what for it in year)
    assert list(year) == sorted(year, key=lambda it: it.on)
