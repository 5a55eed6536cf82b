"""Signatures that are due: under which topic, in which role, and the words, so that nobody has to look for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Final

from pydantic import Field

from syndic.assessment import ORGANISATION, FrameworkStatus, PartState, RequirementState, State
from syndic.compliance.catalogue import active_frameworks
from syndic.compliance.definitions.load import Compiled
from syndic.compliance.evaluation.crosswalk import Statement, statements_of
from syndic.compliance.evaluation.deadlines import LegalDate, legal_dates
from syndic.compliance.models import AttestationNeed
from syndic.models import Noun, Presence, RegisteredModel
from syndic.ports import Store
from syndic.records import ASIDE, MODELS, get_model, list_statuses

DUE: Final = frozenset({State.ATTESTATION_DUE, State.EXPIRED})
OWNER: Final = "model owner"

Signs = Callable[[str, RegisteredModel | None], bool]
"""Whether somebody signs in a role, about a model or the organisation."""


class DueSignature(Noun):
    """A signature that is due: one settles all statements under its topic that its role signs."""

    model_id: str = Field(description="a model's id, or organisation")
    model_name: str
    model_version: str | None = None
    owner: str | None = None
    topic: str
    role: str
    state: State = Field(description="due, or expired")
    why: str
    needed_from: date | None = Field(default=None, description="first day a requirement with it applies; null: now")
    valid_days: int = Field(description="for how long a signature is good")
    statements: tuple[Statement, ...]
    requirements: tuple[str, ...] = Field(description="that wait for it now, such as eu_ai_act/AIA-14")


class DuePage(Noun):
    """Signatures that are due at some models, and the token for the next ones."""

    signatures: tuple[DueSignature, ...]
    next_token: str | None = None


class DatePage(Noun):
    """Dates to come at some models, and the token for the next ones."""

    dates: tuple[LegalDate, ...]
    next_token: str | None = None


def due_at(store: Store, model_id: str, *, signs: Signs) -> tuple[DueSignature, ...]:
    """What is to be signed about a model, and about the organisation for its sake."""
    model = get_model(store, model_id)
    needs = _Asked(tuple(active_frameworks(store).values()))
    found = list(_due(model, list_statuses(store, model_id), needs))
    return tuple(it for it in found if signs(it.role, model))


def due_page(store: Store, *, signs: Signs, limit: int = 50, token: str | None = None) -> DuePage:
    """What is to be signed, `limit` models at a time; what is about the organisation stands once in each page."""
    needs = _Asked(tuple(active_frameworks(store).values()))
    models, next_token = _models(store, limit=limit, token=token)
    found: dict[tuple[str, str, str], DueSignature] = {}
    for model in models:
        for one in _due(model, list_statuses(store, model.id), needs):
            if not signs(one.role, model):
                continue
            key = (one.model_id, one.topic, one.role)
            known = found.get(key)
            every = dict.fromkeys((*(known.requirements if known else ()), *one.requirements))
            earliest = one.needed_from
            if known is not None:
                both = (known.needed_from, one.needed_from)
                earliest = None if None in both else min(day for day in both if day is not None)
            found[key] = one.model_copy(update={"requirements": tuple(every), "needed_from": earliest})
    ordered = sorted(found.values(), key=lambda it: (it.model_id != ORGANISATION, it.model_id, it.topic, it.role))
    return DuePage(signatures=tuple(ordered), next_token=next_token)


def dates_page(
    store: Store, *, now: datetime, within: timedelta, limit: int = 50, token: str | None = None
) -> DatePage:
    """Legal dates, `limit` models at a time, by date within a page."""
    models, next_token = _models(store, limit=limit, token=token)
    statuses = [status for model in models for status in list_statuses(store, model.id)]
    return DatePage(dates=legal_dates(statuses, now=now, within=within), next_token=next_token)


def _models(store: Store, *, limit: int, token: str | None) -> tuple[list[RegisteredModel], str | None]:
    page = store.query(MODELS, end=ASIDE, limit=limit, token=token)
    models = (RegisteredModel.model_validate(record.body) for record in page.records)
    return [model for model in models if model.presence is not Presence.GONE], page.next_token


class _Asked:
    """What the active frameworks have signed, by topic and role."""

    def __init__(self, frameworks: tuple[Compiled, ...]) -> None:
        self.frameworks = frameworks
        self.needs: dict[tuple[str, str], list[AttestationNeed]] = {}
        for compiled in frameworks:
            for requirement in compiled.framework.requirements:
                if (need := requirement.attestation) is not None:
                    self.needs.setdefault((need.topic, need.role), []).append(need)
        self._statements: dict[tuple[str, str], tuple[Statement, ...]] = {}

    def statements(self, topic: str, role: str) -> tuple[Statement, ...]:
        """All that one signature says."""
        if (topic, role) not in self._statements:
            texts = sorted({need.statement for need in self.needs[topic, role]})
            self._statements[topic, role] = statements_of(self.frameworks, topic, texts)
        return self._statements[topic, role]


def _due(model: RegisteredModel, statuses: Iterable[FrameworkStatus], asked: _Asked) -> Iterator[DueSignature]:
    waiting: dict[tuple[str, str], list[tuple[RequirementState, PartState]]] = {}
    for status in statuses:
        for item in status.requirements:
            if item.if_in_force is State.NOT_APPLICABLE or item.waits_for:
                continue
            for part in item.parts:
                if part.part == "attestation" and part.state in DUE and part.topic and part.role:
                    waiting.setdefault((part.topic, part.role), []).append((item, part))
    for (topic, role), found in waiting.items():
        needs = asked.needs.get((topic, role))
        if not needs:
            continue  # the framework was switched off and the model was not looked at since
        organisation = needs[0].scope == "organisation"
        yield DueSignature(
            model_id=ORGANISATION if organisation else model.id,
            model_name="the organisation" if organisation else model.name,
            model_version=None if organisation else model.served_version,
            owner=None if organisation else model.owner,
            topic=topic,
            role=role,
            state=State.EXPIRED if all(part.state is State.EXPIRED for _, part in found) else State.ATTESTATION_DUE,
            why=found[0][1].reason,
            valid_days=min(need.valid_days for need in needs),
            statements=asked.statements(topic, role),
            needed_from=_needed_from([item for item, _ in found]),
            requirements=tuple(f"{item.framework_id}/{item.requirement_id}" for item, _ in found),
        )


def _needed_from(items: list[RequirementState]) -> date | None:
    later = [item.applies_from for item in items if item.state is State.NOT_YET_IN_FORCE]
    return None if len(later) < len(items) else min((day for day in later if day is not None), default=None)
