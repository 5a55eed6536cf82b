"""What answers to the AI Act's questionnaire leave open."""

from __future__ import annotations

from syndic.compliance.questionnaires.annexes import SUB_POINTS
from syndic.compliance.questionnaires.outcomes import named
from syndic.compliance.questionnaires.questions import AiActAnswers
from syndic.compliance.questionnaires.reliance import areas, biometric_points, outside


def open_questions(answers: AiActAnswers) -> tuple[str, ...]:
    """What has to be answered before the classification is complete."""
    lettered = {point[0] for point in SUB_POINTS}
    component = answers.annex_i_product or "2" in areas(answers)
    biometric = any(point.startswith("1") for point in (*areas(answers), *biometric_points(answers)))
    whole = [point for point in areas(answers) if point in lettered]
    return named([
        (bool(whole), f"which sub-point of Annex III point {', '.join(whole)} it falls under, if any"),
        (
            biometric and answers.authority_area is None and answers.provider and not outside(answers),
            "whether it is for law enforcement, migration, asylum or border control (Art. 49(4): registration)",
        ),
        (
            answers.annex_i_product and answers.annex_i_act is None,
            "which act of Annex I it falls under: of Section B only Art. 6(1), 60a and 102-112 apply (Art. 2(2))",
        ),
        (
            component and answers.failure_endangers is None,
            "whether its failure would endanger health or safety (Art. 6(1a)-(1b))",
        ),
        (
            answers.gpai_modified and answers.compute_share is None and not answers.gpai_provider,
            "which share of the original compute the modification of the general-purpose model took",
        ),
        (
            biometric and answers.provider and answers.harmonised_standards is None,
            "whether harmonised standards were applied in full (Art. 43(1): decides who assesses conformity)",
        ),
    ])  # fmt: skip
