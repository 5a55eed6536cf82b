"""A category of the AI RMF is met by no less than its subcategories: what speaks against one speaks against it."""

from __future__ import annotations

import re

import pytest

from syndic.compliance.definitions.load import built_in

CATEGORIES = {it.id: it for it in built_in()["nist_ai_rmf"].framework.requirements}
SUBCATEGORIES = built_in()["nist_ai_rmf_core"].framework.requirements
APART = {
    ("classification.ai_act", fact)
    for fact in ("prohibited", "prohibited_added", "practice_contradictions", "screened", "screened_added")
}  # the categories ask for no questionnaire of another continent


def facts_read(requirement):
    """Each fact of each kind that the checks of a requirement read; its status is one too."""
    found = set()
    for check in requirement.checks:
        for kind in {need.kind for need in check.needs}:
            found |= {(kind, name) for name in re.findall(rf"\b{re.escape(kind)}\.(\w+)", check.met_when)}
            found |= {(kind, "status")} if f'evidence["{kind}"].status' in check.met_when else set()
    return found


@pytest.mark.parametrize("name", CATEGORIES)
def test_a_category_reads_what_its_subcategories_read(name):
    own = facts_read(CATEGORIES[name])
    below = {fact: it.id for it in SUBCATEGORIES if it.id.startswith(f"{name}.") for fact in facts_read(it)}
    covered = own | APART | {(kind, fact) for kind, status in own if status == "status" for fact in PARTS.get(kind, ())}
    assert {fact: of for fact, of in below.items() if fact not in covered} == {}


PARTS = {
    # facts that make evidence of their kind failing, so that its status says them too
    "risks.decided": ("not_assessed", "undecided", "expired"),
    "risks.reviewed": ("overdue", "without_date"),
    "risks.treated": ("overdue",),
    "registry.promotion": ("version",),
}
