"""Committing a change of stages, under the condition that what was judged is still so, and saying what was refused."""

from __future__ import annotations

from datetime import datetime

from pydantic import JsonValue

from syndic.changes import Change, commit, request_once
from syndic.errors import NotFoundError
from syndic.models import AuditEntry, Evidence, EvidenceChanged, to_json
from syndic.ports import ABSENT, AuditTrail, EventBus, Key, Record, Store, Write
from syndic.records import evidence_key, iterate
from syndic.registry.approvals.requests import current_request
from syndic.registry.keys import partition, stages_key, version_key
from syndic.registry.models import GateResult, ModelVersion, Stage, StageChange, Stages
from syndic.registry.promotion.evidence import KIND, promotion_evidence

HISTORY = 200


def records_judged(store: Store, model_id: str, version: str, target: Stage) -> tuple[Record, ...]:
    """The version and its newest request as they are stored before they are judged.

    They are written again, unchanged, with the stages: under the condition that nobody changed them since.
    """
    described = store.get(version_key(model_id, version))
    if described is None:
        raise NotFoundError(f"model {model_id} has no version {version!r}")
    wanted = (version, target.value)
    requests = iterate(store, partition(model_id), prefix="approval.", descending=True)
    asked = next((one for one in requests if (one.body["version"], one.body["target"]) == wanted), None)
    return (described,) if asked is None else (described, asked)


def keep_refusal(result: GateResult, *, store: Store, audit: AuditTrail, actor: str, now: datetime) -> None:
    """Say in the audit trail that the gate refused; once when the same person asks again at once."""
    unmet: list[JsonValue] = [condition.name for condition in result.unmet]
    told: dict[str, JsonValue] = {"version": result.version, "target": result.target.value, "unmet": unmet}
    entry = _entry("promotion.refused", actor, result.model_id, now, **told)
    once = Key(partition(result.model_id), f"refusal.{result.version}")
    request_once(once, {**told, "by": actor}, entry, store=store, audit=audit, now=now)


def keep_stages(
    stages: Stages,
    etag: str | None,
    change: StageChange,
    judged: tuple[Record, ...],
    left: GateResult | None,
    *,
    store: Store,
    audit: AuditTrail,
    bus: EventBus | None,
) -> Stages:
    """Commit a stage change under the condition that what was judged is still so. `left`: the evidence to leave."""
    of, changes = dict(stages.of), [change]
    replaced = stages.production if change.target is Stage.PRODUCTION else None
    if replaced is not None:
        reason = f"replaced by version {change.version}"
        of[replaced] = Stage.ARCHIVED
        changes.insert(0, change.model_copy(update={
            "version": replaced, "source": Stage.PRODUCTION, "target": Stage.ARCHIVED, "reason": reason,
            "kind": "supersession",
        }))  # fmt: skip
    of[change.version] = change.target
    changed = Stages(model_id=stages.model_id, of=of, history=(*stages.history, *changes)[-HISTORY:])
    entry = _entry(
        f"version.{change.kind}", change.by, stages.model_id, change.at, version=change.version,
        source=change.source.value, target=change.target.value, reason=change.reason, replaced=replaced,
    )  # fmt: skip
    evidence: tuple[Evidence, ...] = ()
    if left is not None:
        described = ModelVersion.model_validate(judged[0].body)
        request = current_request(store, stages.model_id, change.version, Stage.PRODUCTION, now=change.at)
        evidence = (promotion_evidence(change, described, left, request, _earlier(store, stages.model_id)),)
    events = (EvidenceChanged(model_id=stages.model_id, kinds=(KIND,)),) if evidence and bus is not None else ()
    writes = [
        Write(Record(stages_key(stages.model_id), to_json(changed)), etag or ABSENT),
        *(Write(record, record.etag) for record in judged),
    ]
    commit(Change(writes, change.at, (entry,), evidence, events), store=store, audit=audit, bus=bus)
    return changed


def _earlier(store: Store, model_id: str) -> Evidence | None:
    record = store.get(evidence_key(model_id, KIND))
    return None if record is None else Evidence.model_validate(record.body)


def _entry(action: str, actor: str, model_id: str, now: datetime, **details: object) -> AuditEntry:
    entry = {"action": action, "actor": actor, "subject": f"model/{model_id}", "at": now, "details": details}
    return AuditEntry.model_validate(entry)
