"""Signatures: what people affirm or withdraw. Each becomes evidence, so the rules see nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from syndic.assessment import ORGANISATION, Attestation, AttestationDecision
from syndic.canonical import sha256_of
from syndic.changes import Change, commit, finish
from syndic.compliance.catalogue import active_frameworks
from syndic.compliance.keys import attestation_key
from syndic.compliance.models import AttestationNeed, Scope
from syndic.compliance.rules.judge import subject_of
from syndic.compliance.rules.requirement_parts import statement_sha256
from syndic.errors import ConflictError, InvalidInputError, NotAllowedError, NotFoundError, StaleWriteError
from syndic.models import AuditEntry, Evidence, EvidenceChanged, EvidenceStatus, to_json
from syndic.ports import ABSENT, AuditTrail, EventBus, Key, Record, Store, Write
from syndic.records import get_model, iterate, list_evidence, retried


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
    shown: frozenset[str] | None = None,
) -> Attestation:
    """Sign every statement that the active frameworks make on a topic, for the version that runs now.

    `model_id` is `ORGANISATION` for statements about the organisation. `roles` are those the person holds.
    Signing the same words for the same version again on one day returns the first signature.

    `shown` are the hashes of the statements that the person read, where it is known: others are not signed.

    Raises `NotAllowedError` in a role the person does not hold, `InvalidInputError` when another role has to sign,
    `ConflictError` when the statements are not the ones that were shown.
    """
    attestation, statements = composed(
        model_id, topic, role=role, decision=decision, store=store, actor=actor, roles=roles, now=now, comment=comment
    )
    if shown is not None and shown != {statement_sha256(one) for one in statements}:
        raise ConflictError(f"the statements on {topic} are not the ones that you were shown; look at them again")

    def step() -> Attestation:
        for earlier in list_attestations(store, model_id, topic):
            if earlier.id == attestation.id and earlier.withdrawn_at is None:
                finish(topic_key(earlier), store=store, audit=audit, bus=bus)
                return earlier
        _keep(attestation, ABSENT, statements, newest=True, store=store, audit=audit, bus=bus, actor=actor, now=now)
        return attestation

    return retried(step, what=f"the attestations on {topic}")


def composed(
    model_id: str,
    topic: str,
    *,
    role: str,
    decision: AttestationDecision,
    store: Store,
    actor: str,
    roles: frozenset[str],
    now: datetime,
    comment: str = "",
) -> tuple[Attestation, list[str]]:
    """What `attest` would keep, and the statements under it. Writes nothing; raises as `attest` does."""
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
    known = sorted([item.kind, item.sha256] for item in list_evidence(store, model_id))
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
        subject_sha256=sha256_of({"statements": statements, "model_version": version, "evidence": known}),
        signed_at=now,
        expires_at=min(need.good_until(now) for need in needs),
    )
    return attestation, statements


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
    evidence = (evidence_of(item, statements),) if newest else ()
    events = tuple(EvidenceChanged(model_id=one.model_id, kinds=(one.kind,)) for one in evidence)
    change = Change((Write(_record(item), expect),), now, (entry,), evidence, events, on=topic_key(item))
    commit(change, store=store, audit=audit, bus=bus)


def topic_key(item: Attestation) -> Key:
    """What signatures on a topic have in common: they are told in their order, for the newest is the evidence."""
    return Key(_record(item).key.partition, item.topic)


def evidence_of(item: Attestation, statements: list[str]) -> Evidence:
    """A signature as the rules read it."""
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
