"""Documents that people name as evidence: where each lies or what it says, what it hashes to, and what it assesses."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Final

from pydantic import JsonValue

from syndic.assessment import ORGANISATION, DocumentRecord
from syndic.canonical import canonical_json
from syndic.changes import Change, commit, finish
from syndic.compliance.catalogue import active_frameworks
from syndic.compliance.definitions.load import Compiled
from syndic.compliance.keys import documents_key
from syndic.compliance.models import DocumentNeed
from syndic.compliance.rules.found import FACT, found_sha256
from syndic.compliance.rules.judge import subject_of
from syndic.errors import InvalidInputError, NotFoundError
from syndic.models import AuditEntry, Evidence, EvidenceChanged, EvidenceStatus, to_json
from syndic.ports import ABSENT, AuditTrail, EventBus, Record, Store, Write
from syndic.records import get_model, iterate, list_evidence, retried
from syndic.substance import is_placeholder, says_something

OF_NOTHING: Final = hashlib.sha256(b"").hexdigest()
MOST_DOCUMENTS: Final = 100  # kept of a topic; the audit trail names them all
MOST_BYTES: Final = 300_000  # of them together: a record of a store holds 400 KB
WRITTEN_HERE: Final = "written in Syndic"


def record_document(
    model_id: str,
    topic: str,
    *,
    title: str,
    location: str = WRITTEN_HERE,
    sha256: str | None = None,
    text: str | None = None,
    dated: date,
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
    actor: str,
    now: datetime,
) -> DocumentRecord:
    """Record that a document exists, by its hash, or as `text` that is kept here and hashed.

    Raises `NotFoundError` when no active framework asks for such a document, and `InvalidInputError` for an empty
    file, a placeholder as title or text, or a day to come.
    """
    if text is not None:
        sha256 = hashlib.sha256(text.encode()).hexdigest()
        if not says_something(text):
            raise InvalidInputError("say it in a sentence at least: a few letters document nothing", where="text")
    elif sha256 is None:
        raise InvalidInputError("give the SHA-256 of the document, or its text", where="sha256")
    frameworks = tuple(active_frameworks(store).values())
    needs = document_needs(frameworks, topic)
    if (model_id == ORGANISATION) is not any(need.scope == "organisation" for need in needs):
        raise InvalidInputError(f"{topic} is kept for {needs[0].scope.replace('_', ' ')}", where="model_id")
    if is_placeholder(title):
        raise InvalidInputError("say what the document is called; a placeholder names none", where="title")
    if sha256 == OF_NOTHING:
        raise InvalidInputError("this is the SHA-256 of an empty file, which is no document", where="sha256")
    if dated > now.date():
        raise InvalidInputError(f"{dated.isoformat()} is in the future", where="dated")
    document = DocumentRecord(
        topic=topic,
        model_id=model_id,
        model_version=None if model_id == ORGANISATION else subject_of(get_model(store, model_id)).version,
        title=title,
        location=location,
        sha256=sha256,
        text=text,
        dated=dated,
        recorded_by=actor,
        recorded_at=now,
    )
    details = {"topic": topic, "sha256": sha256, "dated": dated.isoformat()}
    assessed = assessed_by(frameworks, model_id, topic, store)
    entry = AuditEntry(
        action="document.recorded", actor=actor, subject=f"model/{model_id}", at=now, details=dict(details)
    )
    event = EvidenceChanged(model_id=model_id, kinds=(f"document.{topic}",))
    key = documents_key(model_id, topic)

    def step() -> DocumentRecord:
        present = store.get(key)
        known = [DocumentRecord.model_validate(one) for one in present.body["documents"]] if present else []
        if known and not assessed and known[-1].model_copy(update={"recorded_at": now}) == document:
            finish(key, store=store, audit=audit, bus=bus)
            return known[-1]
        kept = {"documents": _newest([to_json(one) for one in (*known, document)])}
        writes = (Write(Record(key, kept), present.etag if present else ABSENT),)
        same = [one.recorded_at for one in known if (one.sha256, one.model_version) == (sha256, document.model_version)]
        evidence = evidence_of(document, assessed, first=min((now, *same)))
        commit(Change(writes, now, (entry,), (evidence,), (event,)), store=store, audit=audit, bus=bus)
        return document

    return retried(step, what=f"the documents on {topic}")


def evidence_of(document: DocumentRecord, assessed: Mapping[str, JsonValue], *, first: datetime) -> Evidence:
    """A document as the rules read it.

    Args:
        document: As it was recorded now; its age counts from the day it bears.
        assessed: What was found when it was recorded, by kind of evidence.
        first: When this content was recorded for this version first: nobody signed for it here before.
    """
    facts: dict[str, JsonValue] = {
        "title": document.title,
        "location": document.location,
        "model_version": document.model_version,
        "recorded_by": document.recorded_by,
        "recorded_at": first.isoformat(),
    }
    return Evidence(
        kind=f"document.{document.topic}",
        model_id=document.model_id,
        status=EvidenceStatus.PASSING,
        summary=f"{document.title}, dated {document.dated.isoformat()}",
        facts=facts | ({FACT: dict(assessed)} if assessed else {}),
        source=f"document/{document.model_id}/{document.topic}",
        sha256=document.sha256,
        produced_at=datetime.combine(document.dated, time.min, UTC),
    )


def list_documents(model_id: str, *, store: Store) -> tuple[DocumentRecord, ...]:
    """The documents recorded on a model or the organisation, the newest first."""
    records = iterate(store, documents_key(model_id, "").partition)
    found = [DocumentRecord.model_validate(one) for record in records for one in record.body["documents"]]
    return tuple(sorted(found, key=lambda one: (one.recorded_at, one.topic), reverse=True))


def _newest(documents: list[JsonValue]) -> list[JsonValue]:
    """As many of the newest as one record may hold; what was recorded last is always kept."""
    kept, size = 0, 0
    for one in reversed(documents[-MOST_DOCUMENTS:]):
        size += len(canonical_json(one))
        if kept and size > MOST_BYTES:
            break
        kept += 1
    return documents[-kept:]


def document_needs(frameworks: Sequence[Compiled], topic: str) -> list[DocumentNeed]:
    """What frameworks ask for under a topic. Raises `NotFoundError` when none does."""
    needs = [
        need
        for compiled in frameworks
        for requirement in compiled.framework.requirements
        for need in (requirement.document, *(check.assess for check in requirement.checks))
        if need is not None and need.topic == topic
    ]
    if not needs:
        raise NotFoundError(f"no active framework asks for a document on {topic!r}")
    return needs


def assessed_by(frameworks: Sequence[Compiled], model_id: str, topic: str, store: Store) -> dict[str, JsonValue]:
    """What was found at this time, by the kinds of evidence that a document on this topic assesses."""
    kinds = {
        need.kind
        for compiled in frameworks
        for requirement in compiled.framework.requirements
        for check in requirement.checks
        if check.assess is not None and check.assess.topic == topic
        for need in check.needs
    }
    if not kinds:
        return {}
    return {item.kind: found_sha256(item) for item in list_evidence(store, model_id) if item.kind in kinds}
