"""The questionnaire on Regulation (EU) 2024/1689: scope, roles, Art. 5, the ways to high risk, transparency, models."""

from __future__ import annotations

from pydantic import Field

from syndic.compliance.questionnaires.annexes import (
    AREAS,
    EXCEPTIONS,
    OBJECTIVES,
    OUTSIDE,
    SECTION_A,
    SECTION_B,
    Act,
    Area,
    ExceptedPractice,
    Ground,
    IdentificationObjective,
    Outside,
    Practice,
    described,
)
from syndic.models import Noun

REASONS = "in words: a placeholder is no reason"


class AiActAnswers(Noun):
    """Answers to the questionnaire on Regulation (EU) 2024/1689. What is null was not answered."""

    # Scope, Art. 2
    outside_scope: Outside | None = Field(default=None, description=f"why the Act does not apply: {described(OUTSIDE)}")
    outside_reasons: str = Field(default="", description=REASONS)
    # Roles, Art. 3
    provider: bool
    deployer: bool
    importer: bool = False
    distributor: bool = False
    authorised_representative: bool = False
    product_manufacturer: bool = Field(
        default=False, description="puts it on the market or in service with its product, under its own name (25(3))"
    )
    own_name: bool = Field(default=False, description="25(1)(a): put its own name on a high-risk system of another")
    substantially_modified: bool = Field(
        default=False, description="25(1)(b): substantially modified a high-risk system of another, which stays so"
    )
    purpose_changed: bool = Field(
        default=False, description="25(1)(c): changed the purpose of a system, so that it becomes high-risk"
    )
    third_party_supplies: bool | None = Field(
        default=None, description="25(4): others supply models, tools, services or components that are built into it"
    )
    exemption_reasons: str = Field(
        default="",
        description=(
            "why each exemption claimed holds: obviousness (50(1)), assistive editing (50(2)), editorial "
            "responsibility (50(4)), comfort only (6(1a)), open source (53(2)); without reasons none does"
        ),
    )
    # Prohibited practices, Art. 5
    screening: dict[Practice, bool] = Field(description="Art. 5: is the practice present? Every letter is answered.")
    practice_exceptions: dict[ExceptedPractice, str] = Field(
        default_factory=dict,
        description=f"for a practice that is present, why an exception holds, {REASONS}. {described(EXCEPTIONS)}",
    )
    identification_objective: IdentificationObjective | None = Field(
        default=None, description=f"the objective of (h) relied on: {described(OBJECTIVES)}"
    )
    # High risk, Art. 6
    annex_i_product: bool = Field(
        description=(
            "safety component of, or itself, a product of Annex I that needs third-party assessment for risks to "
            "health and safety (Art. 6(1), (1c))"
        )
    )
    annex_i_act: Act | None = Field(
        default=None,
        description=f"which. Section A: {described(SECTION_A)}. Section B (Art. 2(2)): {described(SECTION_B)}",
    )
    only_comfort: bool | None = Field(
        default=None,
        description="6(1a): solely assistance, performance, efficiency, convenience or quality, not safety",
    )
    failure_endangers: bool | None = Field(
        default=None, description="6(1b): its failure or malfunction would endanger health or safety"
    )
    area: Area | None = Field(description=f"Annex III; null: none. {described(AREAS)}")
    further_areas: tuple[Area, ...] = Field(
        default=(), max_length=len(AREAS), description="Annex III: further points it falls under, beside the first"
    )
    authority_area: bool | None = Field(
        default=None,
        description="49(4), biometrics: in law enforcement, migration, asylum or border control management",
    )
    remote_identification: bool = Field(default=False, description="identifies persons at a distance by biometrics")
    biometric_categorisation: bool = Field(
        default=False, description="assigns persons to categories of sensitive or protected attributes by biometrics"
    )
    emotion_recognition: bool = Field(default=False, description="infers emotions or intentions from biometric data")
    harmonised_standards: bool | None = Field(
        default=None, description="43(1), biometrics: harmonised standards or common specifications applied in full"
    )
    financial_fraud_detection: bool = Field(default=False, description="its purpose is to detect financial fraud")
    profiling: bool = Field(
        description="automated evaluation of aspects of natural persons (GDPR Art. 4(4)); a score of a person is"
    )
    no_profiling_reasons: str = Field(default="", description=f"why not, in employment (point 4), {REASONS}")
    exception_grounds: tuple[Ground, ...] = Field(default=(), description="Art. 6(3)(a)-(d) grounds relied on")
    exception_reasons: str = Field(default="", description=REASONS)
    providers_assessment: bool = Field(
        default=False, description="a deployer has the provider's documented assessment that it is not high-risk (6(4))"
    )
    public_body: bool = Field(default=False, description="a public authority or body, or somebody acting for one")
    public_service: bool = Field(default=False, description="a private entity that provides public services (Art. 27)")
    at_workplace: bool = False
    post_remote_law_enforcement: bool | None = Field(
        default=None,
        description="26(10): identifies persons afterwards and remotely, for law enforcement",
    )
    real_world_testing: bool = Field(
        default=False, description="60: is tested in real world conditions before it is placed on the market"
    )
    # Transparency, Art. 50
    talks_to_people: bool = False
    obvious: bool = Field(default=False, description="50(1): obvious to a reasonably well-informed person")
    generative: bool = False
    assistive_editing: bool = Field(
        default=False, description="50(2): assists standard editing, or does not substantially alter the input"
    )
    deep_fake: bool = False
    informs_public: bool = Field(default=False, description="50(4): generated text on matters of public interest")
    editorial_responsibility: bool = Field(
        default=False, description="50(4): reviewed by people, somebody holds editorial responsibility"
    )
    needs_exposure_notice: bool = Field(
        default=False,
        description="emotion recognition, biometric categories, deep fakes, generated text that informs the public",
    )
    special_categories_for_bias: bool = False
    # General-purpose models, Chapter V
    gpai_provider: bool = False
    gpai_modified: bool = Field(default=False, description="fine-tunes or modifies a general-purpose model of another")
    compute_share: float | None = Field(
        default=None,
        ge=0,
        description="compute of the modification as a share of that of the original training, 0.1 is a tenth",
    )
    open_source: bool = Field(
        default=False, description="53(2): free and open-source licence; weights, architecture and use are public"
    )
    gpai_systemic: bool = False
    gpai_third_country: bool | None = Field(
        default=None, description="54(1): the provider of the general-purpose model is established outside the Union"
    )
    gpai_same_provider: bool | None = Field(
        default=None,
        description="75(1)(a): its general-purpose model and the system are of one provider, or of one undertaking",
    )
    very_large_platform: bool | None = Field(
        default=None,
        description="75(1)(b): is, or is part of, a very large online platform or search engine under the DSA",
    )
    gpai_before_2025_08_02: bool = False
    # Dates, Art. 111
    on_market_before_2026_08_02: bool = False
    legacy_public_authority: bool = Field(
        default=False,
        description="for public authorities, on the market before its date, design not changed since (Art. 111(2))",
    )
