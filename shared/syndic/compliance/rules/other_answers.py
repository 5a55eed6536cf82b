"""The table of denials: answers of one questionnaire that take a duty away, and the evidence that says otherwise."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

Facts = Mapping[str, Any]
Says = Callable[[Facts], str | None]
"""What evidence says against an answer, from its facts; None: nothing."""

ANY: Final = object()
AI_ACT: Final = "classification.ai_act"
PROCESSING: Final = "classification.processing"
COLORADO: Final = "classification.colorado_sb26_189"
CREDIT: Final = "classification.consumer_credit_directive"
HIRING: Final = "classification.hiring_nyc"
HIPAA: Final = "classification.hipaa"
CCPA: Final = "classification.ccpa_admt"
SOX: Final = "classification.sox"
SPECIAL_GROUNDS: Final = frozenset({"race_or_ethnicity", "religion_or_belief", "disability", "sexual_orientation"})
SCOPE_OF_AEDT: Final = ("automated_employment_decision_tool", "new_york_city", "employer_or_agency")


@dataclass(frozen=True, slots=True)
class Denial:
    """An answer that takes a duty away, and what says otherwise.

    `answered` is the value that does (`ANY`: whichever), `instead` what the answer would be, None: the opposite;
    `where` asks of the other answers of the same questionnaire whether the answer is one that can be denied;
    `empties` are facts that this answer empties, so that they are not known where it is denied.
    `on_the_duty` marks a signature or document that is made for the duty itself: answers that are younger supersede a
    document, which nobody can withdraw, and a signature that ran out; `of_version` one that is about a single version.
    """

    questionnaire: str
    fact: str
    by: str
    says: Says
    answered: Any = False
    instead: Any = None
    where: Callable[[Facts], bool] | None = None
    empties: tuple[str, ...] = ()
    on_the_duty: bool = False
    of_version: bool = False


def all_true(words: str, *facts_of: str) -> Says:
    """Says these words where each of the facts is true."""
    return lambda facts: words if all(facts.get(one) is True for one in facts_of) else None


def _more_than_none(fact: str, words: str) -> Says:
    def says(facts: Facts) -> str | None:
        number = facts.get(fact)
        return f"{number} {words}" if isinstance(number, int) and number > 0 else None

    return says


def grounds_of(words: str, among: frozenset[str] | None = None) -> Says:
    """Names the grounds that persons were examined by."""

    def says(facts: Facts) -> str | None:
        listed = facts.get("grounds")
        found = {word for one in listed for word in str(one).split(" & ")} if isinstance(listed, list) else set()
        found = found if among is None else found & among
        return f"{words} {', '.join(sorted(found))}" if found else None

    return says


def _has_officer(facts: Facts) -> str | None:
    roles = facts.get("by_role")
    number = roles.get("data_protection_officer", 0) if isinstance(roles, Mapping) else 0
    return f"{number} accounts in the role of the officer" if isinstance(number, int) and number > 0 else None


def _is(fact: str, value: str, words: str) -> Says:
    return lambda facts: words if facts.get(fact) == value else None


def points_of(facts: Facts) -> list[str]:
    """The points of Annex III that answers name."""
    listed = facts.get("points")
    named = [str(one) for one in listed] if isinstance(listed, list) else []
    area = facts.get("area")
    return [*named, *([str(area)] if area is not None and str(area) not in named else [])]


def _assesses_consumers(facts: Facts) -> str | None:
    wanted = ("creditor", "consumer_credit", "assesses")
    holds = all(facts.get(one) is True for one in wanted)
    return "the assessment of the creditworthiness of consumers (AI Act, Annex III point 5(b))" if holds else None


def _replaces_decisions(facts: Facts) -> str | None:
    wanted = ("business", "replaces_human", "significant")
    holds = all(facts.get(one) is True for one in wanted)
    return "significant decisions of the business that it replaces (11 CCR 7001(e))" if holds else None


def _for_other_than_ability(facts: Facts) -> str | None:
    named = points_of(facts)
    apart = bool(named) and not any(one.startswith(("3", "4")) for one in named)
    return f"Annex III point {', '.join(named)}, which is neither education nor work" if apart else None


def _in(point: str, words: str) -> Says:
    return lambda facts: words if point in points_of(facts) else None


def _for_its_weight(facts: Facts) -> bool:
    """Left out for the weight of the tool only, not for who uses it where."""
    return facts.get("substantially_assists") == "none" and all(facts.get(one) is not False for one in SCOPE_OF_AEDT)


def _for_what_it_is(facts: Facts) -> bool:
    """Left out because it is said to be no such tool."""
    return facts.get(SCOPE_OF_AEDT[0]) is False and all(facts.get(one) is not False for one in SCOPE_OF_AEDT[1:])


DENIALS: Final = (
    Denial(PROCESSING, "special_categories", "bias.run", grounds_of("an examination by", SPECIAL_GROUNDS)),
    Denial(
        PROCESSING, "special_categories", AI_ACT,
        all_true("special categories that are used against bias", "special_categories_for_bias"),
    ),
    Denial(
        PROCESSING, "special_categories", AI_ACT,
        all_true("remote identification by biometric data (GDPR, Art. 9(1))", "remote_identification"),
    ),
    Denial(PROCESSING, "special_categories", HIPAA, all_true("health information", "phi")),
    Denial(
        PROCESSING, "solely_automated", HIRING,
        _is("substantially_assists", "sole", "that it is relied on alone"),
    ),
    Denial(
        PROCESSING, "solely_automated", CCPA,
        all_true("that it replaces human decisions", "replaces_human"),
    ),
    Denial(
        PROCESSING, "dpia_required", AI_ACT,
        _is("route", "annex_iii", "a system that is high-risk by Annex III, whose deployer owes one by Art. 26(9)"),
    ),
    Denial(PROCESSING, "processors", "vendors.agreements", _more_than_none("processors", "processors on record")),
    Denial(AI_ACT, "third_party_supplies", "vendors.agreements", _more_than_none("suppliers", "suppliers on record")),
    Denial(AI_ACT, "special_categories_for_bias", "bias.run", grounds_of("an examination by", SPECIAL_GROUNDS)),
    *(
        Denial(AI_ACT, "generative", f"classification.{pack}", all_true("that it generates content", "generative"))
        for pack in ("nist_ai_600_1", "sr_26_2")
    ),
    Denial(
        HIPAA, "vendors", "vendors.agreements", _more_than_none("processors", "processors on record")
    ),
    Denial(
        HIRING, "bound", PROCESSING,
        all_true("that decisions rest on it with no human step", "solely_automated"), where=_for_its_weight,
    ),
    Denial(
        HIRING, "bound", CCPA, all_true("that it replaces human decisions", "replaces_human"), where=_for_its_weight,
    ),
    Denial(
        HIRING, "bound", AI_ACT, _in("4a", "recruitment and selection (Annex III point 4(a))"), where=_for_what_it_is,
    ),
    *(
        Denial(AI_ACT, "deployer", by, all_true("that the organisation uses it", fact))
        for by, fact in ((COLORADO, "deployer"), (HIRING, "employer_or_agency"))
    ),
    *(
        Denial(COLORADO, "deployer", by, all_true("that the organisation uses it", fact))
        for by, fact in ((AI_ACT, "deployer"), (HIRING, "employer_or_agency"))
    ),
    # who assesses consumers for its credit, or replaces its own decisions, uses what does it (AI Act, Art. 3(4))
    *(
        Denial(pack, "deployer", by, says)
        for pack in (AI_ACT, COLORADO)
        for by, says in ((CREDIT, _assesses_consumers), (CCPA, _replaces_decisions))
    ),
    Denial(CREDIT, "assesses", AI_ACT, _in("5b", "the assessment of creditworthiness (Annex III point 5(b))")),
    Denial(CCPA, "ability_or_work_only", AI_ACT, _for_other_than_ability, answered=True),
    Denial(
        CCPA, "ability_or_work_only", CREDIT,
        all_true("the assessment of the creditworthiness of consumers, which is neither education nor work",
                 "consumer_credit", "assesses"),
        answered=True,
    ),
    Denial(
        CCPA, "ability_or_work_only", HIPAA,
        all_true("decisions on the care of patients, which are neither education nor work", "care_decision"),
        answered=True,
    ),
    Denial(
        SOX, "outside_service", "vendors.agreements",
        _more_than_none("run_by", "vendors on record that host it or run it as a service"),
    ),
    Denial(HIPAA, "covered", COLORADO, all_true("an entity under HIPAA that uses it", "health_entity")),
    *(
        Denial(
            PROCESSING, "third_country_transfers", f"document.{record}",
            _more_than_none("transfers", "transfers in the record of processing"),
        )
        for record in ("processing_record", "processor_record")
    ),
    Denial(
        PROCESSING, "third_country_transfers", "vendors.agreements",
        _more_than_none("processors_outside", "processors outside the European Economic Area"),
    ),
    # who decides on purposes and means is a controller, whatever it calls itself (GDPR, Art. 4(7), 28(10))
    Denial(PROCESSING, "controller", CREDIT, _assesses_consumers),
    Denial(PROCESSING, "controller", CCPA, _replaces_decisions),
    Denial(
        PROCESSING, "controller", HIRING,
        all_true("candidates whom the organisation judges as employer or agency", "bound"),
    ),
    Denial(
        PROCESSING, "controller", "document.processing_record",
        _more_than_none("entries", "processing on record as its controller"),
    ),
    Denial(
        PROCESSING, "processor", "document.processor_record",
        _more_than_none("entries", "processing on record as its processor"),
    ),
    Denial(PROCESSING, "officer_designated", "directory.accounts", _has_officer),
)  # fmt: skip
"""Who leaves a supplier unmentioned, or says that people decide; who keeps personal data out stands apart."""
