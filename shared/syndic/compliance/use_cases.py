"""The verbs of compliance, in one place."""

from syndic.compliance.attesting import attest, attestation_needs, list_attestations, record_document, withdraw
from syndic.compliance.catalogue import (
    activate_framework,
    active_frameworks,
    dry_run,
    get_framework,
    list_frameworks,
    upload_framework,
)
from syndic.compliance.classifying import QUESTIONNAIRES, classification_of, classify
from syndic.compliance.deadlines import upcoming
from syndic.compliance.evaluating import EvaluationReport, evaluate_all, evaluate_model
from syndic.compliance.proposing import RiskProposal, propose_risk
from syndic.compliance.reading import (
    HistoryEntry,
    counts_of,
    history,
    portfolio,
    portfolio_page,
    status_of,
    statuses_of,
)
from syndic.compliance.remedying import (
    change_remediation,
    list_remediations,
    open_remediation,
    remediations_page,
)

__all__ = [
    "QUESTIONNAIRES",
    "EvaluationReport",
    "HistoryEntry",
    "RiskProposal",
    "activate_framework",
    "active_frameworks",
    "attest",
    "attestation_needs",
    "change_remediation",
    "classification_of",
    "classify",
    "counts_of",
    "dry_run",
    "evaluate_all",
    "evaluate_model",
    "get_framework",
    "history",
    "list_attestations",
    "list_frameworks",
    "list_remediations",
    "open_remediation",
    "portfolio",
    "portfolio_page",
    "propose_risk",
    "record_document",
    "remediations_page",
    "status_of",
    "statuses_of",
    "upcoming",
    "upload_framework",
    "withdraw",
]
