"""Systems, vendors, plans and conformity: entries on which each of their routes can do what it is for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from syndic.compliance.people.answers import classify
from syndic.compliance.questionnaires.annexes import PRACTICES
from syndic.models import RegisteredModel
from syndic.registers.conformity.checklists import checklists
from syndic.registers.conformity.models import ConformityProcedure, DataSection, ItemChecked
from syndic.registers.entries import change_entry, open_entry
from syndic.registers.monitoring.following import digest_of
from syndic.registers.monitoring.models import MonitoringPlan, PlannedCheck, PlanStatements
from syndic.registers.monitoring.register import PLANS
from syndic.registers.systems.models import LifeState, SystemFacts, SystemOrigin
from syndic.registers.vendors import changes as vendor_rules
from syndic.registers.vendors.models import AgreementFacts, Vendor
from syndic.registers.vendors.register import VENDORS
from syndic.registry.models import ModelVersion
from syndic.registry.versions.versions import add_version, register_model
from syndic.tasks.duties.conformity.change import open_file
from syndic.tasks.duties.eu_database import give_data
from syndic.tasks.duties.inventory import add_system
from syndic.tasks.duties.monitoring_plan import running_now
from tests.edges.world import MODEL, NOW, World

OLGA: Final = "olga@example.org"
WORDS: Final = "Read with the people who built it, in the file of March."
PURPOSE: Final = "Scores applications for consumer credit in two countries."
AGREEMENT: Final = {
    "kind": "ai_act_25_4", "title": "Supply of a scoring component", "signed_on": "2026-01-10",
    "expires_on": "2027-01-09", "location": "https://docs.example.org/25", "sha256": "7" * 64,
    "settles": ["information", "capabilities", "technical_access", "assistance"],
}  # fmt: skip
CREDIT: Final = {
    "screening": dict.fromkeys(PRACTICES, False), "provider": True, "deployer": False, "annex_i_product": False,
    "area": "5b", "profiling": True,
}  # fmt: skip
EXCEPTED: Final = {
    **CREDIT, "area": "3b", "profiling": False, "exception_grounds": ["narrow_task"],
    "exception_reasons": "It only sorts incoming files.",
}  # fmt: skip
STATEMENTS: Final = PlanStatements(feedback=WORDS, interaction=WORDS, evaluation=WORDS, action=WORDS)
BODIES: Final[dict[tuple[str, str], dict[str, Any]]] = {
    ("POST", "/systems"): {"name": "Translation service", "origin": "bought_software", "owner": OLGA},
    ("PATCH", "/systems/<system_id>"): {"state": "in_use", "purpose": PURPOSE, "countries": ["DE", "FR"]},
    ("POST", "/systems/<system_id>/review"): {"next_review": "2027-01-01"},
    ("POST", "/vendors"): {"name": "Example Models Ltd", "supplies": ["model"], "model_ids": [MODEL], "owner": OLGA},
    ("PATCH", "/vendors/<vendor_id>"): {"processes_personal_data": True},
    ("POST", "/vendors/<vendor_id>/agreements"): {**AGREEMENT, "title": "Supply of a model"},
    ("POST", "/vendors/<vendor_id>/agreements/<agreement_id>/end"): {"ended_on": "2026-03-01", "because": "replaced"},
    ("PUT", "/vendors/<vendor_id>/questionnaire"): {"answers": {"identity": {"answer": "yes"}}},
    ("POST", "/vendors/<vendor_id>/review"): {"next_review": "2027-01-01"},
    ("POST", "/models/<model_id>/monitoring-plans"): {"feedback": WORDS},
    ("POST", "/models/<model_id>/monitoring-plans/<plan_id>/approve"): {},
    ("POST", "/models/<model_id>/conformity"): {"version": "2", "route": "annex_vi", "route_reasons": WORDS},
    ("PATCH", "/models/<model_id>/conformity/<file_id>"): {"checks": {"accuracy": {"done": False}}},
    ("POST", "/models/<model_id>/conformity/<file_id>/conclude"): {},
    ("POST", "/models/<model_id>/modifications"): {
        "version": "2", "affects_compliance": False, "changes_purpose": False, "reasons": WORDS,
    },
    ("POST", "/models/<model_id>/high-risk-assessment"): {
        "version": "1", "ground_reasons": {"narrow_task": WORDS}, "no_significant_risk": WORDS,
    },
    ("POST", "/models/<model_id>/registration/points"): {"section": "B", "given": {"3": "Nobody, it is in the Union."}},
    ("POST", "/models/<model_id>/registration"): {
        "section": "B", "registered_on": "2026-03-01", "entry_url": "https://registry.example.org/17",
    },
}  # fmt: skip
OTHERS: Final[dict[tuple[str, str], dict[str, Any]]] = {
    ("PATCH", "/systems/<system_id>"): {"state": "in_use", "countries": ["DE"]},
    ("PATCH", "/vendors/<vendor_id>"): {"processes_personal_data": False},
    ("PUT", "/vendors/<vendor_id>/questionnaire"): {"answers": {"identity": {"answer": "no"}}},
    ("PATCH", "/models/<model_id>/conformity/<file_id>"): {"checks": {"accuracy": {"done": False, "note": "again"}}},
}
"""What a second client wants of the same."""
_EXCEPTED: Final = ("/high-risk-assessment", "/registration", "/registration/document", "/registration/points")
_RATED: Final = ("/monitoring-plan", "/monitoring-plans", "/conformity", "/modifications")


def whole_checks() -> dict[str, Any]:
    return {item.id: {"done": True, "note": WORDS} for item in checklists().annex_vi}


def inventoried(world: World) -> Callable[[str], dict[str, str]]:
    """Opens entries; for a route, the ids of entries on which it can do what it is for."""
    trail: dict[str, Any] = {"store": world.store, "audit": world.audit, "actor": "setup", "now": NOW}
    common: dict[str, Any] = {**trail, "bus": world.bus}
    system = add_system(
        "Mail sorter", OLGA, SystemFacts(origin=SystemOrigin.GENERAL_PURPOSE_MODEL), state=LifeState.PILOT,
        purpose=None, version="2026-02", **common,
    )  # fmt: skip
    given = {"title": "Parts Ltd", "owner": OLGA, "state": "active", "model_ids": (MODEL,)}
    vendor = open_entry(VENDORS, given, lambda own: Vendor(**own, **given), **common)
    agreed = change_entry(
        VENDORS, vendor.id,
        lambda one: vendor_rules.with_agreement(
            one, AgreementFacts.model_validate(AGREEMENT), actor="setup", now=NOW
        ),
        action="agreed", **common,
    )  # fmt: skip
    rated, excepted = (_registered(name, answers, world) for name, answers in (("rated", CREDIT), ("sorter", EXCEPTED)))
    plan = _plan(rated, world, common)
    file = open_file(
        rated.id, "1", {"route": ConformityProcedure.ANNEX_VI, "route_reasons": WORDS, "checks": _parsed()}, **common
    )  # fmt: skip
    give_data(excepted.id, DataSection.B, {"1": "Example Ltd, Example Street 1", "8": "in service"}, **common)
    made = {
        "<system_id>": system.id, "<vendor_id>": vendor.id, "<agreement_id>": agreed.agreements[0].id,
        "<plan_id>": plan.id, "<file_id>": file.id,
    }  # fmt: skip

    def ids(route: str) -> dict[str, str]:
        if route.endswith(_EXCEPTED) and route.startswith("/models/"):
            return {**made, "<model_id>": excepted.id}
        if route.startswith("/models/") and any(word in route for word in _RATED):
            return {**made, "<model_id>": rated.id}
        return made

    return ids


def _parsed() -> dict[str, Any]:
    return {name: ItemChecked.model_validate(value) for name, value in whole_checks().items()}


def _registered(name: str, answers: dict[str, Any], world: World) -> RegisteredModel:
    trail: dict[str, Any] = {"store": world.store, "audit": world.audit, "actor": "setup", "now": NOW}
    model = register_model(name=name, owner=OLGA, intended_purpose=PURPOSE, version_in_use="1", **trail)
    for version in ("1", "2"):
        made = {"model_id": model.id, "version": version, "created_at": NOW, "created_by": "setup"}
        add_version(ModelVersion.model_validate(made), **trail)
    classify(model.id, "ai_act", answers, bus=world.bus, **trail)
    return model


def _plan(model: RegisteredModel, world: World, common: dict[str, Any]) -> MonitoringPlan:
    running = running_now(world.store, model)
    drift = PlannedCheck(check="drift", runs=True, policy_sha256="0" * 64, rules={})
    content = running.model_copy(update={"checks": (drift,), "told": ("owners",)})
    values = {
        "title": "Monitoring plan no. 1", "owner": OLGA, "model_ids": (model.id,), "state": "draft", "number": 1,
        "content": content, "statements": STATEMENTS, "sha256": digest_of(content, STATEMENTS),
    }  # fmt: skip
    return open_entry(
        PLANS, {"model": model.id}, lambda own: MonitoringPlan.model_validate({**own, **values}), **common
    )
