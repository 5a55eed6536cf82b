"""What each kind of evidence can say against somebody, fact by fact.

`AGAINST` and `NEUTRAL` together hold every fact that the modules of `MADE_BY` write. A turn is one that evidence can
make: with the status that goes with it, and with what else is then so.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from syndic.models import EvidenceStatus

_FAILS, _OPEN = EvidenceStatus.FAILING, EvidenceStatus.INCONCLUSIVE


@dataclass(frozen=True, slots=True)
class Turn:
    """One fact turned: its name, what is then written, and the status where that makes it another."""

    name: str
    facts: Mapping[str, Any]
    status: EvidenceStatus | None = None


def _one(name: str, value: Any = 1, status: EvidenceStatus | None = None, **with_it: Any) -> Turn:
    return Turn(name, {name: value, **with_it}, status)


def _clocks(*more: str) -> tuple[Turn, ...]:
    late = (
        _one("late", status=_FAILS),
        _one("late_by_law", late=1, status=_FAILS),
        _one("late_undecided", late=1, status=_FAILS),
        _one("met_late", missed=["i1 x"], status=_FAILS),
    )
    return (*late, *(_one(one, status=_FAILS, **{"met_late" if "met" in one else "late": 1}) for one in more))


_SOUND = {"version": "credit-7", "at": "2026-11-02T00:00:00+00:00", "sound": True, "tested": True, "approved": True}
_FIELDS = ["intended_purpose", "limitations", "oversight_plan", "data_sources"]
_GAPS = [
    "controller", "purposes", "legal_basis", "basis_note", "recipients", "transfers", "retention", "security",
    "special_categories", "special_condition", "special_note", "consent_obtained", "consent_withdrawn",
]  # fmt: skip
_RIGHTS = ("access", "automated", "consent", "erasure", "explanation", "handled", "objection", "portability",
           "rectification", "restriction")  # fmt: skip
_HOLLOW = _one("hollow_limits", ["psi_threshold 1000"])
_COULD_NOT_TELL = _one("not_judged", ["age"], _OPEN)

AGAINST: dict[str, tuple[Turn, ...]] = {
    "alerts.handled": (_one("late", status=_FAILS),),
    "applicability.iso_42001": (_one("complete", False),),
    "bias.run": (
        _one("verdict", "indication", _FAILS), _one("unjudged", ["sex"], _OPEN), _one("grounds", []),
        _one("thresholds_set_before", False), _HOLLOW,
    ),
    "capture.config": (
        _one("enabled", False, _FAILS), _one("sampling_percent", 0.1), _one("windows_without_files", 3),
        _one("inputs", False), _one("outputs", False), _one("version", "credit-8"),
        _one("oldest_hour", "2015-01-01T00:00:00+00:00"), Turn("kept", {"oldest_hour": "2026-11-20T00:00:00+00:00"}),
    ),
    "conformity.modification": (_one("decision", "substantial", _FAILS, assessed=False),),
    "directory.accounts": (_one("without_second_factor", status=_FAILS),),
    **{
        f"document.{one}": (
            _one("missing_fields", _GAPS, _FAILS, missing=[f"p-1 {name}" for name in _GAPS]),
            _one("unconfirmed", ["p-1"], _FAILS),
        )
        for one in ("processing_record", "processor_record")
    },
    "drift.run": (
        _one("verdict", "drift", _FAILS), _one("new_columns", ["national_id"]),
        Turn("rows_current", {"rows_current": 0, "verdict": "not_enough_data"}, _OPEN),
        _one("thresholds_set_before", False), _HOLLOW,
    ),
    "erasure.run": (_one("left_of_persons", status=_OPEN), _one("left_of_age", status=_OPEN)),
    "incidents.handled": (_one("with_something_late", status=_FAILS), _one("measures_overdue", status=_FAILS)),
    "incidents.reporting": _clocks(),
    "incidents.informing": _clocks(),
    "incidents.breaches": _clocks("persons_late", "persons_met_late", "controller_late", "controller_met_late"),
    "incidents.risks": (*_clocks(), _one("undecided", status=_FAILS)),
    "monitoring.plan": (_one("overdue", ["drift: none since"], _FAILS), _one("differences", ["checks.drift.policy"])),
    "oversight.assigned": (
        _one("able", 0, _FAILS), _one("trained", 0, _FAILS, able=0), _one("accepted", 0, _FAILS, able=0, trained=0),
        _one("assigned", 0, _FAILS, able=0, trained=0, accepted=0),
    ),
    "policies.kept": (
        _one("in_force", 0, _FAILS), _one("review_overdue", status=_FAILS),
        _one("acknowledgements_outstanding", status=_FAILS),
    ),
    "quality.performance": (
        _one("verdict", "below_level", _FAILS), Turn("no level", {"verdict": "no_level"}, _OPEN),
        _one("thresholds_set_before", False), _one("hollow_limits", ["accuracy 0.01"]),
    ),
    "quality.run": (_one("verdict", "issues", _FAILS), _COULD_NOT_TELL, _one("hollow_limits", ["missing_tolerance 1"])),
    "registry.profile": (
        _one("empty", _FIELDS, _FAILS), _one("thin", _FIELDS), _one("owner_named", False, _FAILS),
        _one("domain_named", False, _FAILS),
    ),
    "registry.promotion": (
        Turn("newest", {"tested": False, "period": [{**_SOUND, "sound": False, "tested": False}]}, _FAILS),
        Turn("untested", {"period": [{**_SOUND, "sound": False, "tested": False}, _SOUND]}),
        Turn("approved", {"period": [{**_SOUND, "sound": False, "approved": False}, _SOUND]}),
        _one("served_as", ["credit-6"]),
    ),
    "remediations.handled": (
        _one("overdue", status=_FAILS), _one("missed_without_action", ["quality.performance"]),
        _one("found_without_action", ["drift.run"]), _one("closed_late"), _one("hollow_limits", ["AIA-9 due in 2040"]),
    ),
    **{f"requests.{one}": (_one("late", status=_FAILS), _one("answered_late", status=_FAILS)) for one in _RIGHTS},
    "risks.decided": (
        _one("not_assessed", status=_FAILS, undecided=1), _one("undecided", status=_FAILS),
        _one("expired", status=_FAILS), _one("vulnerable_not_looked_at"),
    ),
    "risks.reviewed": (_one("overdue", status=_FAILS), _one("without_date", status=_FAILS)),
    "risks.treated": (_one("overdue", status=_FAILS), _one("without_control")),
    "storage.captures": (
        _one("encrypted", False),
        _one("deletes", False, deleted_after_days=None, some_deleted_after_days=None),
        Turn("gone_after_days", {"gone_after_days": None, "gone_after": None}),
    ),
    "storage.platform": (_one("unencrypted", ["trail"]), _one("locked", [])),
    "vendors.agreements": (
        _one("without_supply_agreement", ["v-1: none on record"], _FAILS),
        _one("without_processing_agreement", ["v-1: none on record"], _FAILS),
        _one("processors_unknown", ["v-1"]), _one("questionnaire_due", ["v-1"]),
    ),
}  # fmt: skip
"""By kind, each fact that can speak against somebody."""

_CLOCKS = {"recorded", "owed", "missed", "missed_sha256", "open", "closed", "roles", "made_at"}
_DOCUMENT = {"title", "location", "model_version", "recorded_by", "made_at"}
_RUN = {"records", "inputs_sha256", "revision", "verdict"}

NEUTRAL: dict[str, set[str]] = {
    "alerts.handled": {"raised", "acknowledged", "waiting", "waiting_since"},  # waiting is in time until it is late
    "audit.verified": {
        "entries", "faults", "looked_at", "intact_size", "intact_hash", "checkpoint_size",
    },
    "audit.azure_verified": {"anchored", "looked_at_again"},
    "bias.run": {
        "outcomes", "groups", "lowest_ratio", "reference", "set_aside", "smallest_group", "worst_off",
        "compared_with", "protected_attributes", "intersectional", "policy_version", "policy_changed_at",
        "metrics", *_RUN,
    },
    "capture.config": {
        "format", "labels_configured", "window", "kinds", "hours_captured", "newest_file_at", "newest_hour",
        "hours_without_files", "latest_windows_without_files", "version_since",
    },
    "compliance.run": {"blocking", "left", "frameworks"},
    "conformity.modification": {"model_version", "assessed", "decisions"},
    # who is in no role may do nothing; a directory keeps no last sign-in
    "directory.accounts": {
        "accounts", "may_sign_in", "disabled", "never_signed_in", "without_role", "second_factor_elsewhere", "by_role",
    },
    "document": _DOCUMENT,
    "document.ai_literacy_record": {*_DOCUMENT, "people", "lapsed", "roles"},  # what lapsed is not passing
    # each article reads the fields that it is about: test_signed_otherwise
    "document.processing_record": {*_DOCUMENT, "entries", "transfers", "missing", "missing_fields", "unconfirmed"},
    "drift.run": {
        "severity", "rows_baseline", "columns", "drifted", "confirmed", "largest_psi", "not_judged", "harm",
        "baseline_sha256", *_RUN,
    },
    # of the newest erasure alone; what any of them left is counted in left_of_*
    "erasure.run": {
        "recorded", "of_persons", "erasure_id", "of", "objects", "rows", "gone", "plan_sha256", "reference", "complete",
        "unreadable", "unresolved", "changed",
    },
    "incidents.handled": _CLOCKS,
    "incidents.reporting": _CLOCKS,
    "inventory.entry": {
        "life_state", "origin", "roles", "supplier_named", "data_categories", "countries", "review_due",
    },
    "monitoring.plan": {"number", "plan_sha256", "model_version", "checks", "review_due", *_DOCUMENT},
    "policies.kept": {"templates"},
    "quality.performance": {"rows", "labelled", "label_coverage", "metrics", *_RUN},
    "quality.run": {"rows", "issues", "performance", *_RUN},
    "registry.deployment": {"deployment", "version", "stage", "strategy", "state", "looks"},
    "registry.profile": {
        "risk_level", "annex_iii_area", "profiles_people", "compliance_status", "cloud",
    },
    "registry.promotion": {"version", "stage", "policy", "promoted_by", "approvers", "waived", "tested", "sound", "at"},
    "remediations.handled": {"open", "closed_in_time"},
    "requests.handled": {"recorded", "open", "answered", "refused", "missed", "of_this_model"},
    "risks.decided": {"recorded", "open", "residual", "accepted"},
    "risks.reviewed": {"recorded", "open", "never_reviewed"},  # a risk of yesterday has a day of its first review
    "risks.treated": {"recorded", "controls", "in_place", "planned"},
    "storage.captures": {"captured", "encryption", "locked_days", "lock_can_be_lifted", "earlier_versions"},
    "storage.platform": {"stores"},
    "vendors.agreements": {"vendors", "suppliers", "processors", "run_by", "processors_outside"},
}  # fmt: skip
"""By kind, each fact that by itself speaks against nobody."""

_OF_PEOPLE: tuple[
    str, ...
] = ()  # what people answer, sign and record has tables of its own (denied answers, signatures)

MADE_BY: dict[str, tuple[str, ...]] = {
    "alerting/response.py": ("alerts.handled",),
    "audit/anchors.py": ("audit.azure_verified",),
    "audit/daily.py": ("audit.verified",),
    "bias/report/findings.py": ("bias.run",),
    "compliance/people/answers.py": _OF_PEOPLE,
    "compliance/people/applicability.py": _OF_PEOPLE,
    "compliance/people/attest.py": _OF_PEOPLE,
    "compliance/people/documents.py": _OF_PEOPLE,
    "compliance/people/handling.py": ("remediations.handled",),
    "discovery/evidence.py": ("capture.config",),
    "discovery/storage.py": ("storage.captures", "storage.platform"),
    "drift/report/build.py": ("drift.run",),
    "erasure/evidence.py": ("erasure.run",),
    "identity/accounts.py": ("directory.accounts",),
    "quality/report/facts.py": ("quality.run", "quality.performance"),
    "registers/assignments/register.py": ("oversight.assigned",),
    "registers/conformity/register.py": ("conformity.modification", "document"),
    "registers/incidents/evidence.py": (
        "incidents.handled", "incidents.reporting", "incidents.informing", "incidents.breaches", "incidents.risks",
    ),
    "registers/monitoring/register.py": ("monitoring.plan",),
    "registers/policies/register.py": ("policies.kept",),
    "registers/processing/evidence.py": ("document.processing_record",),
    "registers/requests/evidence.py": ("requests.handled",),
    "registers/risks/evidence.py": ("risks.reviewed", "risks.decided", "risks.treated"),
    "registers/systems/register.py": ("inventory.entry",),
    "registers/training/register.py": ("document.ai_literacy_record",),
    "registers/vendors/register.py": ("vendors.agreements",),
    "registry/deployments/store.py": ("registry.deployment",),
    "registry/promotion/compliance_run.py": ("compliance.run",),
    "registry/promotion/evidence.py": ("registry.promotion",),
    "registry/versions/versions.py": ("registry.profile",),
}  # fmt: skip
"""The modules that make evidence, by concern and file, with the kinds that they make."""
