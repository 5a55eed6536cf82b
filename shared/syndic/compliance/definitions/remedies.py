"""What a person does about evidence that is missing: how it comes into being, and what follows once it is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from syndic.assessment import PartState, State
from syndic.compliance.models import Requirement

SOURCES: Final = {
    "alerts.handled": "the daily run makes it, from the alerts",
    "audit.verified": "the verification of the audit trail makes it, once a day",
    "bias.run": "the fairness check makes it, from a fairness policy and captured traffic",
    "capture.config": "discovery makes it, from the endpoint",
    "conformity.modification": "decide for this version whether it is a substantial modification",
    "directory.accounts": "the daily run makes it, from the user pool",
    "drift.run": "the drift check makes it, from a baseline and captured traffic",
    "erasure.run": "the daily run makes it, from the erasures of captured rows",
    **dict.fromkeys(
        ("incidents.reporting", "incidents.informing", "incidents.breaches", "incidents.risks", "incidents.handled"),
        "the daily run makes it, from the incident register",
    ),
    "oversight.assigned": "assign people who oversee it; the register of assignments makes it",
    "monitoring.plan": "draft the monitoring plan from what runs and approve it",
    "policies.kept": "the daily run makes it, from the register of policies",
    "quality.performance": "the quality check makes it, once ground truth has come for enough rows",
    "quality.run": "the quality check makes it, from captured traffic",
    "registry.profile": "describe the model in the registry",
    "remediations.handled": "the daily run makes it, from the remediations",
    **dict.fromkeys(
        ("risks.reviewed", "risks.decided", "risks.treated"), "the daily run makes it, from the risk register"
    ),
    **dict.fromkeys(
        (
            "requests.access",
            "requests.automated",
            "requests.consent",
            "requests.erasure",
            "requests.explanation",
            "requests.handled",
            "requests.objection",
            "requests.portability",
            "requests.rectification",
            "requests.restriction",
        ),
        "the daily run makes it, from the register of requests",
    ),
    "storage.captures": "the daily run makes it, from the rules of the store of captures",
    "storage.platform": "the daily run makes it, from the rules of Syndic's own buckets",
    "registry.promotion": "promote a version to production through the gate",
    "vendors.agreements": "record the vendors that this model or system depends on, and what was agreed with them",
}


def source_of_kind(kind: str) -> str | None:
    """What brings evidence of a kind into being, where Syndic knows it."""
    if kind.startswith("classification."):
        return f"answer the questionnaire {kind.removeprefix('classification.')}"
    if kind.startswith("applicability."):
        return "decide the statement of applicability"
    return SOURCES.get(kind)


def missing(kind: str) -> str:
    """The sentence that says which evidence is not there and, where Syndic knows it, where it comes from."""
    source = source_of_kind(kind)
    return f"There is no evidence of kind {kind}{f' ({source})' if source else ''}."


def remedy_of(
    requirement: Requirement, ready: State, *, waits_for: Sequence[str], parts: Sequence[PartState]
) -> str:  # fmt: skip
    """What to do in this state. A framework's own remedy is for what the evidence contradicts, or a person has to add.

    Nobody is told to stop a practice that nobody has found: while evidence is missing, what brings it comes first.
    `waits_for`: the kinds that have to say whether it applies, where they do not.
    """
    if ready in {State.ATTESTATION_DUE, State.EXPIRED} and requirement.attestation is not None:
        lapsed = [part for part in parts if part.state is ready]
        if all(part.part == "attestation" for part in lapsed):
            return f"Have the statement checked and signed (role: {requirement.attestation.role})."
    if waits_for:
        return _supply(waits_for)
    there = {reference.kind for part in parts for reference in part.evidence}
    asked = [check for check in requirement.checks if not check.where_recorded]
    absent = [need.kind for check in asked for need in check.needs if need.kind not in there]
    if ready is State.INSUFFICIENT_EVIDENCE and absent:
        return _supply(absent)
    return requirement.remedy


def _supply(kinds: Sequence[str]) -> str:
    """What brings evidence into being, each kind once."""
    told = dict.fromkeys(source_of_kind(kind) or f"supply evidence of kind {kind}" for kind in kinds)
    sentence = "; ".join(told)
    return f"{sentence[:1].upper()}{sentence[1:]}."
