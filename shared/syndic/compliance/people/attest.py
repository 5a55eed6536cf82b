"""What people add to the evidence: signatures and documents. Each becomes evidence, so the rules see nothing else."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from pydantic import JsonValue

from syndic.assessment import ORGANISATION, Attestation, AttestationDecision, DocumentRecord
from syndic.canonical import sha256_of
from syndic.changes import Change, commit, finish
from syndic.compliance.catalogue import active_frameworks
from syndic.compliance.definitions.load import Compiled
from syndic.compliance.keys import attestation_key, documents_key
from syndic.compliance.models import AttestationNeed, DocumentNeed, Scope
from syndic.compliance.rules.found import FACT, found_sha256
from syndic.compliance.rules.judge import subject_of
from syndic.compliance.rules.requirement_parts import statement_sha256
from syndic.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError, StaleWriteError
from syndic.models import AuditEntry, Evidence, EvidenceChanged, EvidenceStatus, to_json
from syndic.ports import ABSENT, AuditTrail, EventBus, Key, Record, Store, Write
from syndic.records import get_model, iterate, list_evidence, retried
from syndic.substance import is_placeholder

OF_NOTHING: Final = hashlib.sha256(b"").hexdigest()
MOST_DOCUMENTS = 100  # kept of a topic; the audit trail names them all


def attestation_needs(store: Store, topic: str) -> tuple[AttestationNeed, ...]:
    """What the active frameworks ask for under a topic. Raises `NotFoundError` when none does."""
    needs = {
        (need.statement, need.role, need.scope): need
        for compiled in active_frameworks(store).values()
        for requirement in compiled.framework.requirements
        if (need := requirement.attestation) is not None and need.topic == topic
    }
    if not needs:
        raise NotFoundError(f"no active framework asks for an attestation on {topic!r}")
    return tuple(needs[key] for key in sorted(needs))


def attest(
    model_id: str,
    topic: str,
    *,
    role: str,
    decision: AttestationDecision,
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
    actor: str,
    roles: frozenset[str],
    now: datetime,
    comment: str = "",
) -> Attestation:
    """Sign every statement that the active frameworks make on a topic, for the version that runs now.

    `model_id` is `ORGANISATION` for statements about the organisation. `roles` are those the person holds.
    Signing the same words for the same version again on one day returns the first signature.

    Raises `NotAllowedError` in a role the person does not hold, `InvalidInputError` when another role has to sign.
    """
    if role not in roles:
        raise NotAllowedError(f"{actor} does not hold the role {role!r}")
    needs = [need for need in attestation_needs(store, topic) if need.role == role]
    scopes: set[Scope] = {need.scope for need in needs}
    if not needs:
        wanted = ", ".join(sorted({need.role for need in attestation_needs(store, topic)}))
        raise InvalidInputError(f"{topic} has to be signed by: {wanted}", where="role")
    if ("organisation" in scopes) is not (model_id == ORGANISATION):
        about = "the organisation" if "organisation" in scopes else "one model"
        raise InvalidInputError(f"{topic} is a statement about {about}", where="model_id")
    if decision is AttestationDecision.DECLINED and not comment.strip():
        raise InvalidInputError("say why you decline", where="comment")
    version = None if model_id == ORGANISATION else subject_of(get_model(store, model_id)).version
    statements = sorted({need.statement for need in needs})
    shown = sorted([item.kind, item.sha256] for item in list_evidence(store, model_id))
    attestation = Attestation(
        id=sha256_of([topic, model_id, version, role, actor, statements, decision, now.date().isoformat()])[:16],
        topic=topic,
        model_id=model_id,
        model_version=version if "model_version" in scopes else None,
        role=role,
        signer=actor,
        statement="\n".join(statements),
        decision=decision,
        comment=comment.strip(),
        subject_sha256=sha256_of({"statements": statements, "model_version": version, "evidence": shown}),
        signed_at=now,
        expires_at=now + timedelta(days=min(need.valid_days for need in needs)),
    )

    def step() -> Attestation:
        for earlier in list_attestations(store, model_id, topic):
            if earlier.id == attestation.id and earlier.withdrawn_at is None:
                finish(topic_key(earlier), store=store, audit=audit, bus=bus)
                return earlier
        _keep(attestation, ABSENT, statements, newest=True, store=store, audit=audit, bus=bus, actor=actor, now=now)
        return attestation

    return retried(step, what=f"the attestations on {topic}")


def withdraw(
    model_id: str,
    attestation_id: str,
    *,
    reason: str,
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
    actor: str,
    now: datetime,
) -> Attestation:
    """Take a signature back, with a reason; the same person's same request again returns what was done.

    Raises `NotFoundError`, or `ConflictError` when it was taken back for another reason or by somebody else.
    """
    if len(reason.strip()) < 3:
        raise InvalidInputError("say why the signature is withdrawn", where="reason")
    wanted = reason.strip()

    def step() -> Attestation:
        found = next((item for item in list_attestations(store, model_id) if item.id == attestation_id), None)
        if found is None:
            raise NotFoundError(f"there is no attestation {attestation_id!r} for {model_id}")
        key = _record(found).key
        if found.withdrawn_at is not None:
            if (found.withdrawn_by, found.withdrawn_reason) != (actor, wanted):
                day = found.withdrawn_at.date().isoformat()
                raise ConflictError(f"attestation {attestation_id} was withdrawn on {day}")
            finish(topic_key(found), store=store, audit=audit, bus=bus)
            return found
        present = store.get(key)
        if present is None or Attestation.model_validate(present.body) != found:
            raise StaleWriteError(f"attestation {attestation_id} was changed at the same moment")
        update = {"withdrawn_at": now, "withdrawn_by": actor, "withdrawn_reason": wanted}
        withdrawn = found.model_copy(update=update)
        newest = next(iter(list_attestations(store, model_id, found.topic)), found).id == found.id
        _keep(withdrawn, present.etag, [], newest=newest, store=store, audit=audit, bus=bus, actor=actor, now=now)
        return withdrawn

    return retried(step, what=f"attestation {attestation_id}")


def list_attestations(store: Store, model_id: str, topic: str | None = None) -> Iterator[Attestation]:
    """Signatures by topic, the newest of each topic first."""
    prefix = "" if topic is None else f"{topic}."
    for record in iterate(store, f"attestations.{model_id}", prefix=prefix, descending=True):
        yield Attestation.model_validate(record.body)


def record_document(
    model_id: str,
    topic: str,
    *,
    title: str,
    location: str,
    sha256: str,
    dated: date,
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
    actor: str,
    now: datetime,
) -> DocumentRecord:
    """Record that a document exists.

    Raises `NotFoundError` when no active framework asks for such a document, and `InvalidInputError` for an empty
    file, a placeholder as title, or a day to come.
    """
    frameworks = tuple(active_frameworks(store).values())
    needs = _document_needs(frameworks, topic)
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
        dated=dated,
        recorded_by=actor,
        recorded_at=now,
    )
    details = {"topic": topic, "sha256": sha256, "dated": dated.isoformat()}
    assessed = _assessed(frameworks, model_id, topic, store)
    entry = AuditEntry(
        action="document.recorded", actor=actor, subject=f"model/{model_id}", at=now, details=dict(details)
    )
    evidence = Evidence(
        kind=f"document.{topic}",
        model_id=model_id,
        status=EvidenceStatus.PASSING,
        summary=f"{title}, dated {dated.isoformat()}",
        facts={"title": title, "location": location, "model_version": document.model_version, "recorded_by": actor}
        | ({FACT: assessed} if assessed else {}),
        source=f"document/{model_id}/{topic}",
        sha256=sha256,
        produced_at=datetime.combine(dated, time.min, UTC),
    )
    event = EvidenceChanged(model_id=model_id, kinds=(evidence.kind,))
    key = documents_key(model_id, topic)

    def step() -> DocumentRecord:
        present = store.get(key)
        known = [DocumentRecord.model_validate(one) for one in present.body["documents"]] if present else []
        if known and not assessed and known[-1].model_copy(update={"recorded_at": now}) == document:
            finish(key, store=store, audit=audit, bus=bus)
            return known[-1]
        kept = {"documents": [to_json(one) for one in (*known, document)[-MOST_DOCUMENTS:]]}
        writes = (Write(Record(key, kept), present.etag if present else ABSENT),)
        commit(Change(writes, now, (entry,), (evidence,), (event,)), store=store, audit=audit, bus=bus)
        return document

    return retried(step, what=f"the documents on {topic}")


def _document_needs(frameworks: Sequence[Compiled], topic: str) -> list[DocumentNeed]:
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


def _assessed(frameworks: Sequence[Compiled], model_id: str, topic: str, store: Store) -> dict[str, JsonValue]:
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


def _record(item: Attestation) -> Record:
    return Record(attestation_key(item.model_id, item.topic, item.signed_at, item.id), to_json(item))


def _keep(
    item: Attestation,
    expect: str,
    statements: list[str],
    *,
    newest: bool,
    store: Store,
    audit: AuditTrail,
    bus: EventBus,
    actor: str,
    now: datetime,
) -> None:
    """Commit a signature, or its withdrawal. Only the newest of a topic is the evidence on it."""
    details = {
        "id": item.id,
        "topic": item.topic,
        "role": item.role,
        "decision": item.decision.value,
        "model_version": item.model_version,
        "subject_sha256": item.subject_sha256,
    }
    action = "attestation.withdrawn" if item.withdrawn_at else "attestation.signed"
    entry = AuditEntry(action=action, actor=actor, subject=f"model/{item.model_id}", at=now, details=dict(details))
    evidence = (_evidence(item, statements),) if newest else ()
    events = tuple(EvidenceChanged(model_id=one.model_id, kinds=(one.kind,)) for one in evidence)
    change = Change((Write(_record(item), expect),), now, (entry,), evidence, events, on=topic_key(item))
    commit(change, store=store, audit=audit, bus=bus)


def topic_key(item: Attestation) -> Key:
    """What signatures on a topic have in common: they are told in their order, for the newest is the evidence."""
    return Key(_record(item).key.partition, item.topic)


def _evidence(item: Attestation, statements: list[str]) -> Evidence:
    affirmed = item.decision is AttestationDecision.AFFIRMED and item.withdrawn_at is None
    status = EvidenceStatus.PASSING if affirmed else EvidenceStatus.FAILING
    word = "withdrawn" if item.withdrawn_at else item.decision.value
    return Evidence(
        kind=f"attestation.{item.topic}",
        model_id=item.model_id,
        status=status,
        summary=f"{word} by {item.withdrawn_by or item.signer} as {item.role}",
        facts={
            "id": item.id,
            "role": item.role,
            "signer": item.signer,
            "decision": item.decision.value,
            "comment": item.comment,
            "model_version": item.model_version,
            "statements_sha256": [statement_sha256(statement) for statement in statements],
            "subject_sha256": item.subject_sha256,
            "withdrawn": item.withdrawn_at is not None,
            "reason": item.withdrawn_reason,
        },
        source=f"attestation/{item.model_id}/{item.id}",
        sha256=sha256_of(item),
        produced_at=item.withdrawn_at or item.signed_at,
        expires_at=item.expires_at,
    )
