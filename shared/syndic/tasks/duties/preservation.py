"""The state of the governed system, taken down when an incident is opened, and what changed of it since."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from syndic.audit.public.showing import newest_checkpoint
from syndic.canonical import sha256_of
from syndic.errors import NotFoundError
from syndic.models import RegisteredModel, to_json
from syndic.policy import policy_key
from syndic.ports import Store
from syndic.records import find_model, list_evidence
from syndic.registers.incidents.models import Preserved, PreservedEvidence, PreservedModel, PreservedTrail
from syndic.tasks.clouds import Clouds

POLICIES: Final = ("drift", "quality", "bias", "approval")
MOST_EVIDENCE: Final = 80


def preserve(clouds: Clouds, model_ids: Iterable[str]) -> Preserved:
    """What the models of an incident are now, each by hashes, and the newest checkpoint of the audit trail."""
    models = (find_model(clouds.store, one) for one in model_ids)
    return Preserved(
        at=clouds.now(),
        models=tuple(_state(model, clouds.store) for model in models if model is not None),
        trail=_trail(clouds),
    )


def altered(preserved: Preserved | None, store: Store) -> tuple[str, ...]:
    """What is another now than when the incident was opened: versions, endpoints and policies, as sentences' parts."""
    found: list[str] = []
    for before in preserved.models if preserved else ():
        model = find_model(store, before.model_id)
        if model is None:
            found.append(f"{before.model_id} is not registered any more")
            continue
        after = _configuration(model, store)
        if after.version != before.version:
            found.append(f"{model.id} serves {after.version or 'no version'}, then {before.version or 'none'}")
        elif after.endpoint_sha256 != before.endpoint_sha256:
            found.append(f"the endpoint of {model.id} is configured otherwise")
        changed = sorted(
            name
            for name in {*before.policies, *after.policies}
            if before.policies.get(name) != after.policies.get(name)
        )
        found += [f"the {name} policy of {model.id} is another" for name in changed]
    return tuple(found)


def _state(model: RegisteredModel, store: Store) -> PreservedModel:
    evidence = sorted(list_evidence(store, model.id), key=lambda one: one.produced_at, reverse=True)[:MOST_EVIDENCE]
    kept = (
        PreservedEvidence(kind=one.kind, status=one.status, produced_at=one.produced_at, sha256=one.sha256)
        for one in sorted(evidence, key=lambda one: one.kind)
    )
    return _configuration(model, store).model_copy(update={"evidence": tuple(kept)})


def _configuration(model: RegisteredModel, store: Store) -> PreservedModel:
    keys = {name: policy_key(name, model.id) for name in POLICIES}
    read = store.get_many(list(keys.values()))
    return PreservedModel(
        model_id=model.id,
        version=model.served_version,
        endpoint_sha256=None if model.endpoint is None else sha256_of(to_json(model.endpoint)),
        policies={name: sha256_of(dict(read[key].body)) for name, key in keys.items() if key in read},
    )


def _trail(clouds: Clouds) -> PreservedTrail | None:
    try:
        found = newest_checkpoint(clouds.log_archive)
    except NotFoundError:
        return None
    return PreservedTrail(origin=_origin(found.note), size=found.size, root=found.root)


def _origin(note: str) -> str:
    return next(iter(note.splitlines()), "")
