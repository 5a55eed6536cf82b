"""What one signature, document or piece of evidence settles, in every framework that asks for it: tried, not guessed.

A preview judges the model as it stands and once more as if the thing were there, by the same rules. So it tells which
requirements become met, which do not although they ask for it, and why: a document is missing too, another role has to
sign, the framework is not about the model.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import Final, Literal

from pydantic import Field

from syndic.assessment import (
    ORGANISATION,
    AttestationDecision,
    DocumentRecord,
    FrameworkStatus,
    RequirementState,
    State,
)
from syndic.compliance.catalogue import active_frameworks
from syndic.compliance.definitions.load import Compiled
from syndic.compliance.models import Requirement
from syndic.compliance.people import attest, documents
from syndic.compliance.rules.judge import Facts, evaluate, subject_of
from syndic.compliance.rules.requirement_parts import statement_sha256
from syndic.models import Evidence, Noun, Presence, RegisteredModel
from syndic.ports import Store
from syndic.records import get_model, list_evidence, list_models

MOST_MODELS: Final = 50
"""Models that a preview on the organisation looks at; it answers while a person waits."""

Part = Literal["scope", "applies", "date", "check", "assessment", "signature", "document", "applicability"]
Asking = tuple[tuple[str, Part], ...]


class Asked(Noun):
    """A requirement that asks for a kind of evidence, and in which part."""

    kind: str = Field(description="such as drift.run, attestation.human_oversight, document.fria")
    framework_id: str
    framework_title: str
    requirement_id: str | None = Field(description="null: the framework's scope")
    title: str
    part: Part
    role: str | None = Field(default=None, description="of a signature: who has to sign")
    statement: str | None = Field(default=None, description="of a signature: what is signed")


class Effect(Noun):
    """What one thing does to one requirement."""

    framework_id: str
    framework_title: str
    requirement_id: str
    title: str
    before: State = Field(description="without regard to dates of application")
    after: State
    settled: bool = Field(description="whether it is met then, and was not before")
    why: str = Field(description="of what stays open: the reason that is left")
    models: int = Field(default=1, description="at how many of the models looked at")


class Statement(Noun):
    """Words that are signed, and the requirements that rest on them."""

    text: str
    sha256: str
    requirements: tuple[str, ...] = Field(description="framework and requirement, such as eu_ai_act/AIA-14")


class Preview(Noun):
    """What a signature or a document would settle, and what it would not."""

    kind: str
    model_id: str
    statements: tuple[Statement, ...] = ()
    settles: tuple[Effect, ...]
    leaves: tuple[Effect, ...] = Field(description="ask for it too and are not met by it alone, or were met before")
    outside: tuple[str, ...] = Field(default=(), description="frameworks that ask for it and are not about the model")
    models: int = Field(description="that were looked at")
    more: bool = False


def crosswalk(store: Store, *, kind: str | None = None) -> tuple[Asked, ...]:
    """Every requirement of the active frameworks by the kinds of evidence it asks for; of one kind or of all."""
    found = (one for compiled in active_frameworks(store).values() for one in _asked(compiled))
    return tuple(sorted((it for it in found if kind in {None, it.kind}), key=lambda it: (it.kind, it.framework_id)))


def _asked(compiled: Compiled) -> Iterator[Asked]:
    framework = compiled.framework
    for need in framework.scope.needs if framework.scope else ():
        yield Asked(
            kind=need.kind, framework_id=framework.id, framework_title=framework.title, requirement_id=None,
            title=f"whether {framework.title} is about the model", part="scope",
        )  # fmt: skip
    for requirement in framework.requirements:
        signed = requirement.attestation
        for kind, part in dict.fromkeys(parts_of(requirement, framework.id)):
            yield Asked(
                kind=kind, framework_id=framework.id, framework_title=framework.title, requirement_id=requirement.id,
                title=requirement.title, part=part, role=signed.role if signed and part == "signature" else None,
                statement=signed.statement if signed and part == "signature" else None,
            )  # fmt: skip


def parts_of(requirement: Requirement, framework_id: str) -> Asking:
    """The kinds of evidence a requirement reads, each with the part that reads it."""
    found: list[tuple[str, Part]] = []
    if requirement.applies:
        found += [(need.kind, "applies") for need in requirement.applies.needs]
    found += [(need.kind, "date") for later in requirement.dates for need in later.needs]
    for check in requirement.checks:
        found += [(need.kind, "check") for need in check.needs]
        if check.assess:
            found.append((f"document.{check.assess.topic}", "assessment"))
    if requirement.attestation:
        found.append((f"attestation.{requirement.attestation.topic}", "signature"))
    if requirement.document:
        found.append((f"document.{requirement.document.topic}", "document"))
    if requirement.excludable:
        found.append((f"applicability.{framework_id}", "applicability"))
    return tuple(found)


def preview_signature(
    store: Store, model_id: str, topic: str, *, role: str, actor: str, roles: frozenset[str], now: datetime
) -> Preview:
    """What a person's signature would settle now. Writes nothing. Raises as signing does."""
    signed, statements = attest.composed(
        model_id,
        topic,
        role=role,
        decision=AttestationDecision.AFFIRMED,
        store=store,
        actor=actor,
        roles=roles,
        now=now,
    )
    frameworks = tuple(active_frameworks(store).values())
    found = _previewed(store, frameworks, attest.evidence_of(signed, statements), now=now)
    return found.model_copy(update={"statements": statements_of(frameworks, topic, statements)})


def statements_of(frameworks: Iterable[Compiled], topic: str, texts: Iterable[str]) -> tuple[Statement, ...]:
    """Statements with the requirements that rest on each."""
    resting: dict[str, list[str]] = {text: [] for text in texts}
    for compiled in frameworks:
        for requirement in compiled.framework.requirements:
            need = requirement.attestation
            if need is not None and need.topic == topic and need.statement in resting:
                resting[need.statement].append(f"{compiled.framework.id}/{requirement.id}")
    return tuple(
        Statement(text=text, sha256=statement_sha256(text), requirements=tuple(names))
        for text, names in resting.items()
    )


def preview_document(store: Store, model_id: str, topic: str, *, actor: str, now: datetime) -> Preview:
    """What a document dated today would settle. Writes nothing. Raises `NotFoundError` when nothing asks for one."""
    frameworks = tuple(active_frameworks(store).values())
    needs = documents.document_needs(frameworks, topic)
    where = ORGANISATION if any(need.scope == "organisation" for need in needs) else model_id
    version = None if where == ORGANISATION else subject_of(get_model(store, model_id)).version
    document = DocumentRecord(
        topic=topic, model_id=where, model_version=version, title=needs[0].title, location="not recorded yet",
        sha256="0" * 64, dated=now.date(), recorded_by=actor, recorded_at=now,
    )  # fmt: skip
    assessed = documents.assessed_by(frameworks, where, topic, store)
    return _previewed(store, frameworks, documents.evidence_of(document, assessed, first=now), now=now)


def _previewed(store: Store, frameworks: Sequence[Compiled], thing: Evidence, *, now: datetime) -> Preview:
    """Judge with and without a piece of evidence, by the frameworks that ask for it."""
    asking = {
        compiled.framework.id: {
            it.id for it in compiled.framework.requirements
            if thing.kind in {kind for kind, _ in parts_of(it, compiled.framework.id)}
        }
        for compiled in frameworks
    }  # fmt: skip
    frameworks = [compiled for compiled in frameworks if asking[compiled.framework.id]]
    organisation = {item.kind: item for item in list_evidence(store, ORGANISATION)}
    models = _models(store, thing.model_id)
    effects: dict[tuple[str, str, State, State], Effect] = {}
    outside: dict[str, None] = {}
    looked_at = 0
    for model in islice(models, MOST_MODELS):
        looked_at += 1
        own = {item.kind: item for item in list_evidence(store, model.id)}
        before, after = Facts(own, organisation), _with(own, organisation, thing)
        for compiled in frameworks:
            was, then = (evaluate(compiled, subject_of(model), facts, now=now) for facts in (before, after))
            if then.scope is not None and not then.scope.applies:
                outside[compiled.framework.title] = None
            for effect in _effects(was, then, asking[compiled.framework.id]):
                key = (effect.framework_id, effect.requirement_id, effect.before, effect.after)
                known = effects.get(key)
                effects[key] = effect if known is None else known.model_copy(update={"models": known.models + 1})
    return Preview(
        kind=thing.kind,
        model_id=thing.model_id,
        settles=tuple(it for it in effects.values() if it.settled),
        leaves=tuple(it for it in effects.values() if not it.settled),
        outside=tuple(outside),
        models=looked_at,
        more=next(models, None) is not None,
    )


def _models(store: Store, model_id: str) -> Iterator[RegisteredModel]:
    if model_id != ORGANISATION:
        return iter((get_model(store, model_id),))
    return (model for model in list_models(store) if model.presence is not Presence.GONE)


def _with(own: Mapping[str, Evidence], organisation: Mapping[str, Evidence], thing: Evidence) -> Facts:
    if thing.model_id == ORGANISATION:
        return Facts(own, {**organisation, thing.kind: thing})
    return Facts({**own, thing.kind: thing}, organisation)


def _effects(was: FrameworkStatus, then: FrameworkStatus, asking: set[str]) -> Iterator[Effect]:
    before = {item.requirement_id: item for item in was.requirements}
    for item in then.requirements:
        if item.requirement_id in asking:
            yield _effect(before[item.requirement_id], item, then.framework_title)


def _effect(before: RequirementState, after: RequirementState, title: str) -> Effect:
    settled = after.if_in_force is State.MET and before.if_in_force is not State.MET
    met = after.if_in_force is State.MET
    why = after.reason if not met else "" if settled else "It is met already."
    return Effect(
        framework_id=after.framework_id,
        framework_title=title,
        requirement_id=after.requirement_id,
        title=after.title,
        before=before.if_in_force,
        after=after.if_in_force,
        settled=settled,
        why=why,
    )
