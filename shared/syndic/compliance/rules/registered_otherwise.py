"""What registers say against answers on roles, on what others supply, and on kinds of data.

A further part of the table of `other_answers`: the inventory of systems, incidents, conformity and the EU database.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from syndic.compliance.rules.classified_otherwise import EMPTIED, MODIFIED
from syndic.compliance.rules.no_personal_data import OF_PERSONS, categories
from syndic.compliance.rules.other_answers import (
    AI_ACT,
    ANY,
    CCPA,
    COLORADO,
    HIPAA,
    PROCESSING,
    Denial,
    Facts,
    Says,
    all_true,
)
from syndic.models.countries import UNION

SOX: Final = "classification.sox"
SR_26_2: Final = "classification.sr_26_2"
INVENTORY: Final = "inventory.entry"
RECORD: Final = "document.processing_record"
REGISTERED: Final = "document.eu_registration"
OPERATORS: Final = ("provider", "deployer", "importer", "distributor", "authorised_representative")
_ORIGINS: Final = {
    "bought_software": "software that was bought",
    "general_purpose_model": "a general-purpose model of others, used through its interface",
}


def _lists(fact: str, value: str, words: str) -> Says:
    def says(facts: Facts) -> str | None:
        listed = facts.get(fact)
        return words if isinstance(listed, list) and value in listed else None

    return says


def _section(letter: str, words: str) -> Says:
    return lambda facts: words if facts.get("title") == f"Annex VIII Section {letter}" else None


def _origin(*among: str) -> Says:
    def says(facts: Facts) -> str | None:
        origin = facts.get("origin")
        return _ORIGINS[origin] if isinstance(origin, str) and origin in among else None

    return says


def _supplied(facts: Facts) -> str | None:
    named = "a supplier" if facts.get("supplier_named") is True else None
    return _origin(*_ORIGINS)(facts) or named


def _concluded(facts: Facts) -> str | None:
    """In the register of conformity; a document that is kept of others lies elsewhere."""
    where = facts.get("location")
    holds = isinstance(where, str) and where.startswith("/models/") and where.endswith("/conformity")
    return "an assessment of conformity that the organisation concluded, as providers do" if holds else None


def _other_than(basis: str) -> Callable[[Facts], bool]:
    return lambda facts: facts.get("basis") != basis


def _represents_nobody(facts: Facts) -> bool:
    return facts.get("authorised_representative") is not True


def _sends_data_of_persons(facts: Facts) -> str | None:
    of_persons = categories("data", OF_PERSONS)(facts)
    holds = facts.get("origin") == "general_purpose_model" and of_persons
    return "a model of others, through whose interface data of persons go to them" if holds else None


def _not_in_use(facts: Facts) -> str | None:
    return "a system that is not in use yet" if facts.get("life_state") in {"idea", "pilot"} else None


def _only_an_idea(facts: Facts) -> str | None:
    return "a system that nobody has built yet" if facts.get("life_state") == "idea" else None


def _not_on_market(facts: Facts) -> str | None:
    holds = facts.get("in_scope") is False and facts.get("outside_scope") == "not_on_market"
    return "that it is neither placed on the market nor put into service" if holds else None


def _changed_in_substance(facts: Facts) -> str | None:
    holds = facts.get("decision") == "substantial"
    return "a substantial modification of the version in use" if holds else None


def _in_use(facts: Facts) -> str | None:
    return "a system in use" if facts.get("life_state") == "in_use" else None


def _in_use_in_the_union(facts: Facts) -> str | None:
    named = facts.get("countries")
    holds = facts.get("life_state") == "in_use" and isinstance(named, list) and UNION.intersection(named)
    return "a system in use in the Union" if holds else None


def _not_yet_placed(facts: Facts) -> bool:
    return facts.get("outside_scope") == "not_on_market"


def _not_in_the_union(facts: Facts) -> bool:
    return facts.get("outside_scope") == "not_in_union"


REGISTERED_OTHERWISE: Final[tuple[Denial, ...]] = (
    *(
        Denial(AI_ACT, role, INVENTORY, _lists("roles", role, f"the organisation as its {role.replace('_', ' ')}"))
        for role in OPERATORS
    ),
    Denial(COLORADO, "deployer", INVENTORY, _lists("roles", "deployer", "the organisation as its deployer")),
    *(
        Denial(pack, role, "incidents.handled", _lists("roles", role, f"incidents on record as its {role}"))
        for pack, roles in (
            (AI_ACT, ("provider", "deployer")), (COLORADO, ("deployer",)), (PROCESSING, ("controller", "processor")),
        )
        for role in roles
    ),
    # Art. 2(8): testing and development before a system is placed on the market or put into service
    Denial(AI_ACT, "in_scope", INVENTORY, _in_use, where=_not_yet_placed, empties=EMPTIED),
    # Art. 2(1)(a), (b): what is put into service or deployed in the Union
    Denial(AI_ACT, "in_scope", INVENTORY, _in_use_in_the_union, where=_not_in_the_union, empties=EMPTIED),
    # Art. 49(1): the provider registers, or who represents it; Art. 49(3): deployers that are public authorities
    Denial(AI_ACT, "provider", REGISTERED, _section("A", "the registration that providers make (Art. 49(1))"),
           where=_represents_nobody),
    *(
        Denial(AI_ACT, fact, REGISTERED, _section("C", "the registration of a public deployer (Art. 49(3))"))
        for fact in ("deployer", "public_body")
    ),
    Denial(AI_ACT, "provider", "document.conformity_assessment", _concluded),
    Denial(AI_ACT, "third_party_supplies", INVENTORY, _supplied),
    Denial(SR_26_2, "vendor", INVENTORY, _origin(*_ORIGINS)),
    Denial(SOX, "outside_service", INVENTORY, _origin("general_purpose_model")),
    Denial(PROCESSING, "processors", INVENTORY, _sends_data_of_persons),
    Denial(HIPAA, "vendors", INVENTORY, _sends_data_of_persons),
    Denial(
        CCPA, "other_risk", INVENTORY,
        categories("that sensitive information goes in", frozenset({"special_categories", "biometric"})),
    ),
    # dates that are put off for what was in use, or on the market, before
    Denial(CCPA, "before_2026", INVENTORY, _not_in_use, answered=True),
    Denial(CCPA, "before_2026", AI_ACT, _not_on_market, answered=True),
    *(
        Denial(AI_ACT, fact, by, says, answered=True)
        for fact, by, says in (
            ("on_market_before_2026_08_02", INVENTORY, _only_an_idea),
            ("legacy_public_authority", INVENTORY, _only_an_idea),
            ("legacy_public_authority", MODIFIED, _changed_in_substance),  # Art. 111(2): design not changed since
        )
    ),
    Denial(
        PROCESSING, "special_categories", INVENTORY,
        categories("that such data go in", frozenset({"special_categories", "biometric"})),
    ),
    Denial(
        PROCESSING, "criminal_data", INVENTORY, categories("that such data go in", frozenset({"criminal_offences"}))
    ),
    Denial(PROCESSING, "children", INVENTORY, categories("that such data go in", frozenset({"of_children"}))),
    # what the record of processing says of the same, and a system registered as high-risk
    *(
        Denial(PROCESSING, "basis", RECORD, _lists("legal_bases", basis, f"{basis.replace('_', ' ')} as the basis"),
               answered=ANY, instead=basis, where=_other_than(basis))
        for basis in ("consent", "contract", "public_task", "legitimate_interests")
    ),
    *(
        Denial(PROCESSING, fact, RECORD, all_true(words, said))
        for fact, said, words in (
            ("special_categories", "special_categories", "special categories in that record"),
            ("joint_controllers", "joint_controllers", "joint controllers in that record"),
            ("officer_designated", "protection_officer", "a data protection officer in that record"),
        )
    ),
    Denial(AI_ACT, "route", REGISTERED, _section("A", "a system registered as high-risk (Art. 49(1))"),
           answered="none", instead="annex_iii"),
)  # fmt: skip
"""Looked at beside `DENIALS`."""
