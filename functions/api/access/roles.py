"""The roles of people, which are groups of the user pool, and the scopes of keys.

`admin` may do everything, `model_owner` changes only models that name the person's own confirmed address as owner,
`auditor` reads. The signing roles of compliance frameworks are groups too: ``data_protection_officer`` signs as "data
protection officer"; such a person reads everything and signs.
"""

from __future__ import annotations

from typing import Final

from syndic.identity.models import Scope

ADMIN, MODEL_OWNER, AUDITOR = "admin", "model_owner", "auditor"
COMPLIANCE_OFFICER: Final = "compliance_officer"
APPROVERS: Final = frozenset({"data_scientist", "ml_engineer", "product_owner", "security_officer"})
SIGNERS: Final = frozenset(
    {"compliance_officer", "data_protection_officer", "independent_auditor", "risk_owner", "security_officer"}
)

VOTERS: Final = APPROVERS | {COMPLIANCE_OFFICER, "data_protection_officer", "risk_owner"}
"""Whom an approval policy may ask for. An independent auditor signs but approves nothing, to stay independent."""

PUBLIC: Final = frozenset[str]()
READ: Final = frozenset({ADMIN, MODEL_OWNER, AUDITOR}) | SIGNERS | APPROVERS
WRITE: Final = frozenset({ADMIN, MODEL_OWNER})
SIGN: Final = WRITE | SIGNERS
GOVERN: Final = frozenset({ADMIN})

KEEPERS: Final = WRITE | {COMPLIANCE_OFFICER, "data_protection_officer", "risk_owner", "security_officer"}
"""Who keeps registers: officers and admins every entry, owners of models those on their models."""

AUDIT: Final = frozenset({ADMIN, AUDITOR, "independent_auditor", "data_protection_officer"})

ERASE: Final = frozenset({ADMIN, "data_protection_officer"})

ROLES_OF: Final = {
    Scope.READ: frozenset({AUDITOR}), Scope.WRITE: frozenset({MODEL_OWNER}), Scope.ADMIN: frozenset({ADMIN})
}  # fmt: skip
"""What a key with a scope is in the access table."""
GIVERS: Final = {Scope.READ: READ, Scope.WRITE: WRITE, Scope.ADMIN: GOVERN}
"""Who may give a key a scope: whoever may do as much without one."""


class Sensitive(frozenset[str]):
    """Who may call a route whose answers are sensitive: each of them is in the access log."""

    __slots__ = ()


def scopes_of(roles: frozenset[str]) -> frozenset[Scope]:
    """The scopes that somebody in some roles may give a key."""
    return frozenset(scope for scope, givers in GIVERS.items() if roles & givers)
