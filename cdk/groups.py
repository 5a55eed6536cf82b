"""The groups of people: the roles that the API knows. Imports nothing."""

from __future__ import annotations

GROUPS = {
    "admin": "Everything, users included",
    "model_owner": "Register and change models, policies, attest for own models",
    "auditor": "Read everything, change nothing",
    "compliance_officer": "Read everything, sign as compliance officer",
    "data_protection_officer": "Read everything, sign as data protection officer",
    "risk_owner": "Read everything, sign as risk owner",
    "security_officer": "Read everything, sign and vote on approvals as security officer",
    "ml_engineer": "Read everything, vote on approvals as ML engineer",
    "data_scientist": "Read everything, vote on approvals as data scientist",
    "product_owner": "Read everything, vote on approvals as product owner",
    "independent_auditor": "Read everything, sign as independent auditor",
}
