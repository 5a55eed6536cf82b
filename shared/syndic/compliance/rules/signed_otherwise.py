"""What is signed or documented for a duty says that the answer is otherwise, which leaves that duty out.

A further part of the table of `other_answers`: who signs that transfers rest on a ground, or keeps the list of them,
has transfers. What somebody may well keep without owing it (an impact assessment, a notice) is not of it.
"""

from __future__ import annotations

from typing import Final

from syndic.compliance.rules.other_answers import AI_ACT, CREDIT, PROCESSING, Denial, Facts, Says

OWN_NAME: Final = ("own_name", "substantially_modified", "purpose_changed")


def _signed(words: str) -> Says:
    def says(facts: Facts) -> str | None:
        live = facts.get("decision") == "affirmed" and not facts.get("withdrawn")
        return f"{words}, which somebody signed for" if live else None

    return says


def _kept(words: str) -> Says:
    return lambda facts: f"{words}, which is on record"  # noqa: ARG005 - that it is there says it


def _of(
    questionnaire: str, fact: str, words: str, *, signed: tuple[str, ...] = (), kept: tuple[str, ...] = (),
    version: bool = False, **how: object,
) -> tuple[Denial, ...]:  # fmt: skip
    """A line for each signature and each document on one thing."""
    pairs = [
        *((f"attestation.{topic}", _signed(words)) for topic in signed),
        *((f"document.{topic}", _kept(words)) for topic in kept),
    ]
    return tuple(
        Denial(questionnaire, fact, by, says, on_the_duty=True, of_version=version, **how)  # type: ignore[arg-type]
        for by, says in pairs
    )


SIGNED_OTHERWISE: Final[tuple[Denial, ...]] = (
    *_of(PROCESSING, "third_country_transfers", "transfers with the ground of each",
         signed=("transfers",), kept=("transfer_assessment",)),
    *_of(PROCESSING, "joint_controllers", "an arrangement with joint controllers",
         signed=("joint_controllers",), kept=("joint_controller_arrangement",)),
    *_of(PROCESSING, "special_categories", "special categories and the condition for them",
         signed=("special_condition", "special_categories"), kept=("special_categories_record",)),
    *_of(PROCESSING, "criminal_data", "data on convictions or offences", signed=("criminal_data",), version=True),
    *_of(PROCESSING, "children", "consent of children", signed=("child_consent",)),
    *_of(PROCESSING, "processors", "processors who are bound by contract", signed=("processors",)),
    *_of(PROCESSING, "processor", "processing on behalf of controllers",
         signed=("processing_on_behalf", "processor_record"), kept=("processing_contracts",)),
    *_of(PROCESSING, "solely_automated", "decisions that are automated and their safeguards",
         signed=("automated_safeguards",), version=True),
    *_of(PROCESSING, "officer_designated", "the advice of a data protection officer", signed=("dpia_advice",)),
    *_of(AI_ACT, "special_categories_for_bias", "special categories that are used against bias",
         signed=("special_categories",), version=True),
    *_of(AI_ACT, "special_categories_for_bias", "special categories that are used against bias",
         kept=("special_categories_record",)),
    *_of(AI_ACT, "real_world_testing", "a test of this version in real world conditions",
         signed=("real_world_testing",), kept=("real_world_testing_plan",), version=True),
    *_of(AI_ACT, "importer", "the checks of an importer", signed=("importer_checks",), kept=("importer_record",)),
    *_of(AI_ACT, "distributor", "the checks of a distributor", signed=("distributor_checks",)),
    *_of(AI_ACT, "authorised_representative", "the tasks of an authorised representative",
         signed=("representative_tasks",), kept=("representative_mandate",)),
    *_of(AI_ACT, "third_party_supplies", "agreements with suppliers of this version",
         signed=("supplier_agreements",), version=True),
    *_of(AI_ACT, "public_body", "a use registered as that of a public deployer", signed=("registered_system",)),
    *_of(AI_ACT, "remote_identification", "uses for post-remote identification",
         signed=("post_remote_identification",)),
    *_of(AI_ACT, "post_remote_law_enforcement", "uses for post-remote identification",
         signed=("post_remote_identification",)),
    *_of(AI_ACT, "at_workplace", "workers who are subject to it",
         signed=("worker_information",), kept=("worker_notice",)),
    *_of(AI_ACT, "talks_to_people", "people who interact with it", signed=("interaction_notice",), version=True),
    *_of(AI_ACT, "generative", "synthetic content that it generates", signed=("synthetic_marking",), version=True),
    *_of(AI_ACT, "needs_exposure_notice", "people who are exposed to it and informed",
         signed=("exposure_notice",), version=True),
    *_of(AI_ACT, "gpai_provider", "a general-purpose model of the organisation",
         signed=("gpai_copyright", "gpai_documentation", "gpai_notification", "gpai_representative"),
         kept=("gpai_training_summary", "gpai_documentation", "gpai_mandate")),
    *_of(AI_ACT, "gpai_systemic", "a model with systemic risk", signed=("gpai_systemic", "gpai_notification")),
    *_of(AI_ACT, "gpai_third_country", "the mandate of a representative in the Union",
         signed=("gpai_representative",), kept=("gpai_mandate",)),
    # a declaration of conformity, a marking and a procedure are of what is high-risk, and of who provides it
    *(
        one
        for fact, answered, instead in (("route", "none", "annex_iii"), ("provider", False, True))
        for one in _of(
            AI_ACT, fact, "the conformity of this version as a high-risk system",
            signed=("eu_declaration", "ce_marking", "conformity_procedure"), kept=("eu_declaration",), version=True,
            answered=answered, instead=instead,
        )
    ),
    *(
        one
        for fact in OWN_NAME
        for one in _of(AI_ACT, fact, "that no name, change or purpose made the organisation its provider",
                       signed=("value_chain",), version=True, answered=True)
    ),
    *_of(CREDIT, "personalised_offers", "offers that it personalises",
         signed=("personalised_offer_notice",), kept=("personalised_offer_notice",)),
    *_of(CREDIT, "databases", "refusals on the ground of a credit database", signed=("credit_database_notice",)),
    *(
        one
        for fact in ("assesses", "creditor", "consumer_credit")
        for one in _of(
            CREDIT, fact, "the assessment of the creditworthiness of consumers",
            signed=("creditworthiness_procedure", "creditworthiness_data", "credit_decision_rule",
                    "credit_refusal_notice", "credit_increase"),
            kept=("creditworthiness_procedure", "creditworthiness_inputs", "credit_refusal_notice"),
        )
    ),
)  # fmt: skip
"""Looked at beside `DENIALS`."""
