"""What a run found, apart from when it ran: an assessment counts for the finding, not for one run of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from syndic.canonical import sha256_of
from syndic.models import Evidence, EvidenceStatus

FACT: Final = "findings_sha256"
PROVEN: Final = "difference_under_threshold"  # inconclusive evidence of a difference that was proven
_ATTRIBUTE: Final = ("verdict", "worst_off")
_PROCESSING: Final = "classification.processing"
_LONG: Final = 3653  # days: ten years, the longest time for which a law kept here asks for a record (AI Act, Art. 18)


def is_finding(evidence: Evidence) -> bool:
    """Whether the evidence says that something was found: it fails, or a difference was proven within the threshold.

    Rules of stores that could be read pass, whatever they are: that one encrypts nothing is found all the same.
    """
    proven = evidence.status is EvidenceStatus.INCONCLUSIVE and evidence.facts.get("verdict") == PROVEN
    open_store = evidence.status is EvidenceStatus.PASSING and bool(_unencrypted(evidence))
    return evidence.status is EvidenceStatus.FAILING or proven or open_store or _kept_long(evidence) is not None


def found_sha256(evidence: Evidence) -> str:
    """Hash of what was found: the same finding in a later window has the same."""
    facts = evidence.facts
    what: dict[str, Any] = {"kind": evidence.kind, "status": evidence.status.value, "verdict": facts.get("verdict")}
    if evidence.kind == "drift.run":
        what |= {"confirmed": facts.get("confirmed"), "severity": facts.get("severity")}
    elif evidence.kind == "bias.run":
        what["outcomes"] = {name: _outcome(of) for name, of in _map(facts.get("outcomes")).items()}
    elif evidence.kind == "quality.performance":
        what["missed"] = sorted(name for name, of in _map(facts.get("metrics")).items() if _missed(_map(of)))
    elif evidence.kind.startswith("storage."):
        what["unencrypted"] = _unencrypted(evidence)
    elif evidence.kind == _PROCESSING:
        what = {"kind": evidence.kind, "kept": _kept_long(evidence)}
    elif evidence.kind.startswith("incidents."):
        what["missed"] = facts.get("missed_sha256", facts.get("missed"))
    else:
        what["sha256"] = evidence.sha256
    return sha256_of(what)


def is_assessed(evidence: Iterable[Evidence], document: Evidence) -> bool:
    """Whether a document was recorded on what these pieces of evidence found, each that found something."""
    known = _map(document.facts.get(FACT))
    return all(known.get(item.kind) == found_sha256(item) for item in evidence if is_finding(item))


def _unencrypted(evidence: Evidence) -> list[str]:
    if not evidence.kind.startswith("storage."):
        return []
    named = evidence.facts.get("unencrypted")
    captures = evidence.facts.get("captured") is True and evidence.facts.get("encrypted") is False
    return sorted([*map(str, named if isinstance(named, list) else ()), *(["captures"] if captures else [])])


def _kept_long(evidence: Evidence) -> int | None:
    """The days for which captured traffic is kept, where they are so many that somebody has to say why."""
    days = evidence.facts.get("capture_retention_days") if evidence.kind == _PROCESSING else None
    return days if isinstance(days, int) and days > _LONG else None


def _outcome(of: object) -> dict[str, Any]:
    attributes = _map(_map(of).get("attributes"))
    return {
        "verdict": _map(of).get("verdict"),
        "attributes": {name: [_map(one).get(key) for key in _ATTRIBUTE] for name, one in attributes.items()},
        "intersections": _map(of).get("intersections"),
    }


def _missed(metric: dict[str, Any]) -> bool:
    value, level = metric.get("value"), metric.get("level")
    return isinstance(value, int | float) and isinstance(level, int | float) and value < level


def _map(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
