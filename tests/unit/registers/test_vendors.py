"""Vendors: an agreement counts while it is in force and settles what the law names, and the day it ends is told."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from syndic.alerting.alerts import list_alerts
from syndic.errors import ConflictError, InvalidInputError
from syndic.records import list_evidence
from syndic.registers.entries import change_entry, open_entry
from syndic.registers.listing import list_entries
from syndic.registers.vendors import changes as rules
from syndic.registers.vendors.models import TERMS, AgreementFacts, Vendor, VendorAgreementKind, VendorAnswer
from syndic.registers.vendors.models import Supply as Supplies
from syndic.registers.vendors.questions import findings, questions
from syndic.registers.vendors.register import VENDORS, missing_of
from syndic.tasks.duties.dates import record_registers, watch_registers
from tests.unit.registers.supply import CREDIT, NOW, OLGA

SUPPLY, PROCESSING = VendorAgreementKind.AI_ACT_25_4, VendorAgreementKind.GDPR_28
DATA = {"personal_data": True, "basis": "contract", "processors": True}


@pytest.fixture
def model(world):
    model = world.model()
    world.answers(model.id, CREDIT)
    world.answers(model.id, DATA, "processing")
    return model


def vendor_of(world, *models, **said):
    given = {"title": "Parts Ltd", "owner": OLGA, "state": "active", "model_ids": tuple(it.id for it in models), **said}
    return open_entry(VENDORS, given, lambda own: Vendor(**own, **given), **world.told)


def facts(kind=SUPPLY, **said):
    given = {
        "kind": kind, "title": "Supply of a component", "signed_on": date(2026, 1, 10), "location": "https://d.example/1",
        "sha256": "7" * 64, "settles": tuple(TERMS.get(kind, ())), **said,
    }  # fmt: skip
    return AgreementFacts(**given)


def agreed(world, vendor, agreement):
    def rule(one):
        return rules.with_agreement(one, agreement, actor="olga", now=world.moment)

    return change_entry(VENDORS, vendor.id, rule, action="agreed", **world.told)


def test_the_requirements_follow_the_agreements(world, model):
    assert world.checks(model.id, "AIA-25(4)") == ["insufficient_evidence"] * 2
    vendor = vendor_of(world, model, processes_personal_data=True)
    assert world.checks(model.id, "AIA-25(4)") == ["met", "not_met"]
    assert world.checks(model.id, "GDPR-28") == ["met", "not_met", "met"]
    agreed(world, vendor, facts())
    assert world.checks(model.id, "AIA-25(4)") == ["met", "met"]
    assert world.checks(model.id, "GDPR-28")[1] == "not_met", "a supply agreement is no processor's contract"
    agreed(world, vendor, facts(PROCESSING))
    assert world.checks(model.id, "GDPR-28") == ["met", "met", "met"]


def test_an_agreement_that_ends_is_told_before_and_flips_the_day_after(world, model):
    vendor = agreed(world, vendor_of(world, model), facts(expires_on=date(2026, 12, 31), notice_days=20))
    watch_registers(world)
    assert list_alerts(world.store, now=world.moment).alerts == ()
    world.moment = NOW.replace(month=12, day=12)
    watch_registers(world)
    (alert,) = list_alerts(world.store, now=world.moment).alerts
    assert "Supply of a component" in alert.title
    assert (alert.owner, alert.severity.value) == (OLGA, "medium")
    record_registers(world)
    assert world.checks(model.id, "AIA-25(4)") == ["met", "met"]

    world.moment = NOW.replace(month=12, day=31, hour=23)
    record_registers(world)
    assert world.checks(model.id, "AIA-25(4)") == ["met", "met"], "its last day is still one of its days"
    world.moment += timedelta(hours=2)
    assert world.checks(model.id, "AIA-25(4)") == ["insufficient_evidence"] * 2, "before anybody looked again"
    watch_registers(world)
    assert world.checks(model.id, "AIA-25(4)") == ["met", "not_met"]

    agreed(world, vendor, facts(signed_on=date(2026, 12, 30), title="Renewed", expires_on=date(2027, 12, 31)))
    assert world.checks(model.id, "AIA-25(4)") == ["met", "met"]
    world.later(minutes=5)
    watch_registers(world)
    assert [one.severity.value for one in list_alerts(world.store, now=world.moment).alerts] == ["none"]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"title": "tbd"}, "placeholder"),
        ({"sha256": rules.OF_NOTHING}, "empty file"),
        ({"signed_on": date(2026, 12, 24)}, "in the future"),
    ],
)
def test_what_is_no_agreement_is_refused(said, wrong, world, model):
    with pytest.raises(InvalidInputError, match=wrong):
        agreed(world, vendor_of(world, model), facts(**said))


def test_an_agreement_that_settles_less_than_the_law_names_does_not_count(world, model):
    vendor = agreed(world, vendor_of(world, model), facts(settles=("information",)))
    assert world.checks(model.id, "AIA-25(4)") == ["met", "not_met"]
    assert any("does not settle capabilities" in one for one in missing_of(vendor, NOW))
    with pytest.raises(ValueError, match="settles names everything"):
        facts(settles=("everything",))
    with pytest.raises(ValueError, match="before it was signed"):
        facts(expires_on=date(2025, 1, 1))


def test_free_and_open_source_is_left_out_but_for_general_purpose_models(world, model):
    """Art. 25(4), second subparagraph."""
    vendor = vendor_of(world, model, free_and_open_source=True, supplies=(Supplies.TOOL,))
    assert world.checks(model.id, "AIA-25(4)") == ["met", "met"]
    change_entry(
        VENDORS, vendor.id,
        lambda one: rules.changed(one, {"supplies": (Supplies.GENERAL_PURPOSE_MODEL,)}, world.moment),
        action="changed", **world.told,
    )  # fmt: skip
    assert world.checks(model.id, "AIA-25(4)") == ["met", "not_met"]


def test_a_processor_of_whom_it_is_not_known_is_no_pass(world, model):
    vendor_of(world, model)
    assert world.checks(model.id, "GDPR-28") == ["insufficient_evidence", "met", "met"]


def test_who_uses_no_processor_owes_no_contract(world, model):
    world.answers(model.id, {**DATA, "processors": False}, "processing")
    assert world.requirement(model.id, "GDPR-28").state.value == "not_applicable"
    world.answers(model.id, {"personal_data": True, "basis": "contract"}, "processing")
    assert world.requirement(model.id, "GDPR-28").state.value == "insufficient_evidence"


@pytest.mark.parametrize(
    ("country", "state"), [("US", "insufficient_evidence"), ("IE", "not_applicable"), (None, "not_applicable")]
)
def test_a_processor_outside_the_economic_area_denies_that_nothing_is_transferred(country, state, world, model):
    vendor_of(world, model, processes_personal_data=True, country=country)
    world.answers(model.id, {**DATA, "third_country_transfers": False}, "processing")
    assert world.requirement(model.id, "GDPR-44").state.value == state


@pytest.mark.parametrize("state", ["prospective", "ended"])
def test_only_an_active_vendor_supplies(state, world, model):
    vendor = agreed(world, vendor_of(world, model), facts())
    change_entry(
        VENDORS,
        vendor.id,
        lambda one: rules.changed(one, {"state": state}, world.moment),
        action="changed",
        **world.told,
    )
    assert world.checks(model.id, "AIA-25(4)")[0] == "insufficient_evidence"


def test_the_same_agreement_is_on_record_once_and_is_ended_once(world, model):
    vendor = agreed(world, vendor_of(world, model), facts())
    assert agreed(world, vendor, facts()) == vendor
    (agreement,) = vendor.agreements

    def end(on):
        return change_entry(
            VENDORS, vendor.id,
            lambda one: rules.without_agreement(one, agreement.id, on=on, because="they were sold"),
            action="agreement_ended", **world.told,
        )  # fmt: skip

    assert end(date(2026, 11, 30)) == end(date(2026, 11, 30))
    assert world.checks(model.id, "AIA-25(4)") == ["met", "not_met"]
    with pytest.raises(ConflictError):
        end(date(2026, 11, 29))


def test_the_questionnaire_names_what_is_open_and_what_raises_a_concern(world, model):
    wanted = {one.id: VendorAnswer(answer=one.wanted) for one in questions().questions}
    assert (findings(wanted).open, findings(wanted).concerns) == ((), ())
    worst = {**wanted, "training_on_our_data": VendorAnswer(answer="yes"), "exit": VendorAnswer(answer="no")}
    assert findings(worst).concerns == ("training_on_our_data", "exit")
    assert len(findings({}).open) == len(questions().questions)
    vendor = vendor_of(world, model)
    vendor = rules.answered(vendor, wanted, actor="olga", now=NOW)
    assert vendor.answers_due == date(2027, 11, 30)
    assert not any("questionnaire" in one for one in missing_of(vendor, NOW))
    assert any("were good until" in one for one in missing_of(vendor, NOW + timedelta(days=366)))
    for wrong, text in (({"nothing": "yes"}, "no question"), ({"exit": "not_applicable"}, "why it does not apply")):
        answers = {name: VendorAnswer(answer=reply) for name, reply in wrong.items()}
        with pytest.raises(InvalidInputError, match=text):
            rules.answered(vendor, answers, actor="olga", now=NOW)


def test_an_agreement_that_another_replaced_after_days_without_one_is_due_no_more(world, model):
    ended = facts(signed_on=date(2025, 1, 1), expires_on=world.moment.date() - timedelta(days=9))
    vendor = agreed(world, vendor_of(world, model), ended)
    assert [one.name for one in vendor.dated] == [f"agreement_{vendor.agreements[0].id}"]
    long = {"signed_on": world.moment.date(), "expires_on": world.moment.date() + timedelta(days=300)}
    partial = agreed(world, vendor, facts(**long, settles=("information",)))
    assert f"agreement_{vendor.agreements[0].id}" in {one.name for one in partial.dated}  # it settles less
    whole = agreed(world, vendor, facts(**long))
    assert f"agreement_{vendor.agreements[0].id}" not in {one.name for one in whole.dated}


def test_who_hosts_a_model_is_told_and_that_nobody_does_any_more_needs_no_renewal(world, model):
    def shown():
        return {one.kind: one for one in list_evidence(world.store, model.id)}.get("vendors.agreements")

    record_registers(world)
    assert shown() is None, "no vendor was ever on record, and none is asked for"
    vendor = vendor_of(world, model, supplies=(Supplies.HOSTING, Supplies.TOOL))
    vendor_of(world, model, title="Models Ltd", supplies=(Supplies.SYSTEM,))
    assert (shown().facts["vendors"], shown().facts["run_by"]) == (2, 1)
    assert shown().expires_at is not None
    for one in (vendor, *list_entries(VENDORS, world.store, model_id=model.id)):
        change_entry(VENDORS, one.id, lambda it: it.model_copy(update={"model_ids": ()}), action="moved", **world.told)
    assert (shown().facts["vendors"], shown().facts["run_by"], shown().expires_at) == (0, 0, None)
    world.later(days=30)
    record_registers(world)
    assert shown().expires_at is None
