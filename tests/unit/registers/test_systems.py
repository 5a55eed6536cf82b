"""AI that is no endpoint: it is judged like a model, and what cannot be judged of it is said."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from syndic.assessment import AttestationDecision, State
from syndic.changes import AGAIN
from syndic.compliance.people.attest import attest
from syndic.errors import ConflictError, InvalidInputError
from syndic.models import ComplianceStatus
from syndic.records import get_model
from syndic.registers.entries import get_entry, open_entry
from syndic.registers.listing import count_entries, entries_page
from syndic.registers.systems.models import DataCategory, LifeState, OperatorRole, SystemFacts, SystemOrigin
from syndic.registers.systems.register import SYSTEMS
from syndic.registers.vendors.models import Vendor
from syndic.registers.vendors.register import VENDORS
from syndic.tasks.duties.inventory import add_system, change_system, review_system, view_system
from tests.unit.registers.supply import CREDIT, NOW, OLGA

BOUGHT = SystemFacts(origin=SystemOrigin.BOUGHT_SOFTWARE)


def added(world, name="Translator", facts=BOUGHT, **said):
    given = {"state": LifeState.PILOT, "purpose": None, "version": None, **said}
    return add_system(name, OLGA, facts, **given, **world.told)


def test_a_system_is_registered_once_and_judged_by_every_framework(world):
    entry = added(world, version="2026-11")
    model = get_model(world.store, entry.model_id)
    assert (model.kind, model.served_version, model.endpoint, model.owner) == ("system", "2026-11", None, OLGA)
    assert added(world, version="2026-11") == entry
    assert world.requirement(model.id, "AIA-4").state is State.INSUFFICIENT_EVIDENCE

    view = view_system(world.store, entry, now=world.moment)
    by_framework = {one.framework_id: one for one in view.evaluated.frameworks}
    assert {"eu_ai_act", "gdpr", "iso_42001"} <= by_framework.keys()
    assert "AIA-12" in by_framework["eu_ai_act"].needs_traffic, "its requests are on no record here, and that is said"
    assert not view.evaluated.measured
    assert "Nothing of it is measured" in view.evaluated.says


def test_another_entry_for_the_same_system_is_refused(world):
    entry = added(world)
    with pytest.raises(ConflictError, match=entry.id):
        added(world, state=LifeState.IN_USE)
    world.later(minutes=int(AGAIN.total_seconds() // 60) + 1)
    with pytest.raises(ConflictError, match=entry.id):
        added(world)


def test_a_signature_is_about_the_version_in_use(world):
    entry = added(world, version="2026-11")
    world.answers(entry.model_id, CREDIT)
    attest(
        entry.model_id, "human_oversight", role="model owner", decision=AttestationDecision.AFFIRMED,
        roles=frozenset({"model owner"}), **world.told,
    )  # fmt: skip
    signed = next(one for one in world.requirement(entry.model_id, "AIA-14").parts if one.part == "attestation")
    assert signed.state is State.MET
    change_system(entry.id, {"version": "2027-01"}, **world.told)
    signed = next(one for one in world.requirement(entry.model_id, "AIA-14").parts if one.part == "attestation")
    assert signed.state is State.ATTESTATION_DUE


def test_what_is_missing_and_what_contradicts_the_questionnaire_is_named(world):
    entry = added(world, facts=SystemFacts(origin=SystemOrigin.GENERAL_PURPOSE_MODEL, roles=(OperatorRole.DEPLOYER,)))
    named = {one.partition(":")[0] for one in view_system(world.store, entry, now=NOW).missing}
    assert named == {
        "intended_purpose", "supplier", "data_categories", "countries", "review_due", "version", "classification",
        "risk",
    }  # fmt: skip
    world.answers(entry.model_id, CREDIT)
    said = view_system(world.store, entry, now=NOW).differences
    assert [one.partition(":")[0] for one in said] == ["provider", "deployer"]
    whole = {
        "purpose": "Translates letters of customers.", "supplier": "Example Ltd", "version": "3", "countries": ("DE",),
        "data_categories": (DataCategory.PERSONAL,), "review_due": date(2027, 5, 1), "roles": (OperatorRole.PROVIDER,),
    }  # fmt: skip
    view = view_system(world.store, change_system(entry.id, whole, **world.told), now=NOW)
    assert [one.partition(":")[0] for one in view.missing] == ["risk"]
    assert view.differences == ()


@pytest.mark.parametrize("supplier", ["tbd", "  ", "xxx"])
def test_a_placeholder_names_no_supplier(supplier, world):
    facts = SystemFacts(origin=SystemOrigin.BOUGHT_SOFTWARE, supplier=supplier)
    missing = view_system(world.store, added(world, facts=facts), now=NOW).missing
    assert any(one.startswith("supplier") for one in missing)


def test_a_retired_system_retires_its_model_and_is_changed_no_more(world):
    entry = added(world)
    with pytest.raises(ConflictError, match="does not become idea"):
        change_system(change_system(entry.id, {"state": LifeState.IN_USE}, **world.told).id,
                      {"state": LifeState.IDEA}, **world.told)  # fmt: skip
    change_system(entry.id, {"state": LifeState.RETIRED}, **world.told)
    again = change_system(entry.id, {"state": LifeState.RETIRED}, **world.told)
    assert again.closed_at == NOW
    assert get_model(world.store, entry.model_id).compliance_status is ComplianceStatus.RETIRED
    with pytest.raises(ConflictError):
        change_system(entry.id, {"supplier": "Other Ltd"}, **world.told)
    with pytest.raises(ConflictError):
        review_system(entry.id, next_review=date(2027, 1, 1), **world.told)


def test_a_system_and_its_vendor_know_each_other(world):
    given = {"title": "Example Ltd", "owner": OLGA, "state": "active"}
    vendor = open_entry(VENDORS, given, lambda own: Vendor(**own, **given), **world.told)
    entry = added(world, facts=SystemFacts(origin=SystemOrigin.BOUGHT_SOFTWARE, vendor_id=vendor.id))
    assert get_entry(VENDORS, world.store, vendor.id).model_ids == (entry.model_id,)
    with pytest.raises(InvalidInputError, match="there is no vendor"):
        change_system(entry.id, {"vendor_id": "0" * 16}, **world.told)


def test_two_hundred_come_in_pages_what_is_due_first_before(world):
    for number in range(200):
        facts = BOUGHT.model_copy(update={"review_due": date(2027, 1, 1) + timedelta(days=199 - number)})
        added(world, f"System {number:03}", facts)
    found, token = [], None
    while True:
        page, token = entries_page(SYSTEMS, world.store, limit=50, token=token)
        found += page
        if token is None:
            break
    assert len(found) == len({one.id for one in found}) == 200
    assert [one.review_due for one in found] == sorted(one.review_due for one in found)
    assert count_entries(SYSTEMS, world.store, now=NOW).by_state == {"pilot": 200}
