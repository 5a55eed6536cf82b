"""How a model's remediations are done, as evidence: due dates and closings are on record, so nobody signs for it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Final

from pydantic import JsonValue

from syndic.assessment import Remediation, RemediationStatus
from syndic.canonical import sha256_of
from syndic.compliance.catalogue import active_frameworks
from syndic.compliance.people.remediate import list_remediations
from syndic.compliance.rules.found import is_assessed, is_finding
from syndic.models import Evidence, EvidenceStatus, RegisteredModel
from syndic.ports import Store
from syndic.records import list_evidence, list_models, renew_evidence

KIND: Final = "remediations.handled"
PERIOD: Final = timedelta(days=400)
VALID_FOR: Final = timedelta(days=7)
RENEWED: Final = timedelta(days=3)
LONGEST: Final = timedelta(days=365)  # no law names one; a later date, set or postponed to, is one that nothing misses


MISSED: Final = "quality.performance"  # a declared level: missing it is non-conformity (AI Act, Art. 15), no finding
FOUND: Final[Mapping[str, frozenset[str]]] = {
    "drift.run": frozenset({"drift_assessment"}),
    "bias.run": frozenset({"fairness_assessment"}),
    "quality.run": frozenset({"data_quality_assessment"}),
}
"""What an examination finds, and the documents that assess it."""
Reads = Callable[[Remediation], frozenset[str]]


def record_handling(*, store: Store, now: datetime, models: Iterable[RegisteredModel] | None = None) -> int:
    """Keep, for every model or those given, how its remediations stand; returns how much evidence was written."""

    def read(remediation: Remediation) -> frozenset[str]:
        compiled = active_frameworks(store).get(remediation.framework_id)
        rule = None if compiled is None else compiled.framework.requirement(remediation.requirement_id)
        return frozenset() if rule is None else frozenset(it.kind for check in rule.checks for it in check.needs)

    def of(model_id: str) -> Evidence:
        known = {it.kind: it for it in list_evidence(store, model_id)}
        return handling_evidence(model_id, tuple(list_remediations(store, model_id)), now=now, known=known, reads=read)

    asked = list_models(store) if models is None else models
    return sum(len(renew_evidence(store, (of(model.id),), every=RENEWED)) for model in asked)


def _reads_nothing(_remediation: Remediation) -> frozenset[str]:
    return frozenset()


def handling_evidence(
    model_id: str,
    remediations: tuple[Remediation, ...],
    *,
    now: datetime,
    known: Mapping[str, Evidence] | None = None,
    reads: Reads = _reads_nothing,
) -> Evidence:
    """What stands of a model's remediations: open, overdue, and closed in the last 400 days, in time or late.

    Args:
        model_id: The model.
        remediations: All of it.
        now: The time.
        known: Its evidence by kind: what of it nothing is done about.
        reads: The kinds of evidence that the requirement of a remediation reads.
    """
    still = [it for it in remediations if it.status is not RemediationStatus.CLOSED]
    waiting = _without_action(known or {}, still, reads)
    done = [it for it in remediations if it.closed_at is not None and it.closed_at > now - PERIOD]
    overdue = sum(it.due < now.date() for it in still)
    late = sum(it.closed_at is not None and it.closed_at.date() > it.due for it in done)
    facts: dict[str, JsonValue] = {
        "open": len(still),
        "overdue": overdue,
        "closed_in_time": len(done) - late,
        "closed_late": late,
        "missed_without_action": [kind for kind in waiting if kind == MISSED],
        "found_without_action": [kind for kind in waiting if kind != MISSED],
        "hollow_limits": [
            f"{it.requirement_id} due on {it.due.isoformat()}, more than a year after it was opened"
            for it in sorted(still, key=lambda it: (it.due, it.id))
            if it.due - it.opened_at.date() > LONGEST
        ],
    }
    said = (
        f"{len(still)} remediations are open, {overdue} of them overdue; {len(done)} were closed in {PERIOD.days} "
        f"days, {late} of them late"
        if still or done
        else "no remediation is open, and none was closed"
    )
    if waiting:
        said += f"; nothing is done about what {' and '.join(waiting)} found"
    return Evidence(
        kind=KIND,
        model_id=model_id,
        status=EvidenceStatus.FAILING if overdue else EvidenceStatus.PASSING,
        summary=said,
        facts=facts,
        source=f"remediations/{model_id}",
        sha256=sha256_of(facts),
        produced_at=now,
        expires_at=now + VALID_FOR,
    )


def _without_action(known: Mapping[str, Evidence], still: list[Remediation], reads: Reads) -> list[str]:
    """Kinds of evidence that found something which no open remediation is about and no document assesses."""
    found = [known[kind] for kind in (MISSED, *FOUND) if kind in known and is_finding(known[kind])]
    mended = frozenset(kind for it in still for kind in reads(it)) if found else frozenset()
    return [one.kind for one in found if one.kind not in mended and not _is_assessed(one, known)]


def _is_assessed(found: Evidence, known: Mapping[str, Evidence]) -> bool:
    kept = (known.get(f"document.{topic}") for topic in FOUND.get(found.kind, ()))
    return any(document is not None and is_assessed([found], document) for document in kept)
