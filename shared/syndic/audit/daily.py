"""The daily verification of the trail, kept as evidence on the organisation."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from pydantic import ValidationError

from syndic.assessment import ORGANISATION
from syndic.audit.models import Head, Verification
from syndic.audit.verify import verify
from syndic.canonical import sha256_of
from syndic.models import Evidence, EvidenceStatus
from syndic.ports import Store
from syndic.records import evidence_key, put_evidence

KIND: Final = "audit.verified"


def record_verification(*, store: Store, now: datetime) -> Verification:
    """Verify the whole trail, and that it continues the one that last verified; keep what was found as evidence.

    The head of the last trail that verified stays in the evidence until another one verifies, so a trail that was
    cut or written anew does not verify on the next day either. Whoever can change the evidence too escapes this: keep
    a head outside (a report holds one).
    """
    known = _last_intact(store)
    found = verify(store, known=known)
    kept = found.head if found.intact else known
    first = next(iter(found.problems), None)
    summary = (
        f"{found.head.size} entries, chain intact"
        if first is None
        else f"{found.problem_count} faults; the first: {first.fault.value} at entry {first.index}: {first.detail}"
    )
    put_evidence(
        store,
        Evidence(
            kind=KIND,
            model_id=ORGANISATION,
            status=EvidenceStatus.PASSING if found.intact else EvidenceStatus.FAILING,
            summary=summary,
            facts={
                "entries": found.head.size,
                "faults": found.problem_count,
                "intact_size": kept.size if kept else 0,
                "intact_hash": kept.hash if kept else Head().hash,
            },
            source="audit/head",
            sha256=sha256_of(found),
            produced_at=now,
        ),
    )
    return found


def _last_intact(store: Store) -> Head | None:
    record = store.get(evidence_key(ORGANISATION, KIND))
    if record is None:
        return None
    facts = record.body.get("facts", {})
    try:
        head = Head(size=facts["intact_size"], hash=facts["intact_hash"])
    except (KeyError, ValidationError):
        return None  # evidence that was put by something else, such as an import
    return head if head.size else None
