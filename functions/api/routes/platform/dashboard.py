"""Where every model stands, in one answer: what the dashboard's first page shows."""

from __future__ import annotations

from collections.abc import Sequence

from aws_lambda_powertools.event_handler.api_gateway import Router
from pydantic import Field

from functions.api.inputs import Clouds, Limit, ModelId, Token
from syndic.assessment import State
from syndic.compliance.evaluation.queries import counts_of
from syndic.discovery.keys import SOURCES
from syndic.discovery.models import KnownSource
from syndic.mirror.exchange import mirror_state, mirrored_at
from syndic.mirror.models import MirrorState
from syndic.models import Evidence, EvidenceStatus, Moment, Noun, RegisteredModel, TimeWindow
from syndic.ports import Store
from syndic.records import evidence_key, get_model, iterate
from syndic.registry.versions.catalogue import list_page
from syndic.registry.versions.narrowing import CHECKS

router = Router()


class EvidenceStanding(Noun):
    """The newest evidence of a kind, in short."""

    status: EvidenceStatus
    verdict: str | None = Field(description="the verdict of the check behind it, where it has one")
    summary: str
    source: str
    produced_at: Moment
    expires_at: Moment | None
    window: TimeWindow | None


class ModelStanding(Noun):
    """A model, what is known of it, and how many requirements are in which state."""

    model: RegisteredModel
    evidence: dict[str, EvidenceStanding] = Field(description="of the checks: drift.run, quality.run, bias.run")
    requirements: dict[State, int] | None = Field(description="over all frameworks; null: not evaluated yet")
    mirrored_at: Moment | None = Field(
        default=None, description="everything that the model's cloud had then is known here; null: it runs here"
    )


class ModelStandings(Noun):
    """A page of models, by name."""

    models: tuple[ModelStanding, ...]
    unavailable: dict[str, str] = Field(description="sources whose models cannot be listed now, and why")
    mirror: MirrorState | None = Field(default=None, description="the other cloud; null: there is none")
    next_token: str | None = None


@router.get("/dashboard/models", tags=["overview"])
def list_standings(clouds: Clouds, limit: Limit = 50, token: Token = None) -> ModelStandings:
    """Where every model stands, and which sources cannot be read."""
    page, mirror = list_page(clouds.store, limit=limit, token=token), mirror_state(clouds.store)
    return ModelStandings(
        models=_standings(clouds.store, page.models, mirror),
        mirror=mirror,
        unavailable=_unavailable(clouds.store),
        next_token=page.next_token,
    )


@router.get("/dashboard/models/<model_id>", tags=["overview"])
def read_standing(clouds: Clouds, model_id: ModelId) -> ModelStanding:
    """Where one model stands. Says which reports there are to read."""
    return _standings(clouds.store, [get_model(clouds.store, model_id)], mirror_state(clouds.store))[0]


def _standings(
    store: Store, models: Sequence[RegisteredModel], mirror: MirrorState | None
) -> tuple[ModelStanding, ...]:
    """Where models stand, in two reads of the store whatever their number."""
    counts = counts_of(store, [model.id for model in models])
    found = store.get_many([evidence_key(model.id, kind) for model in models for kind in CHECKS])
    evidence = {key: Evidence.model_validate(record.body) for key, record in found.items()}
    return tuple(
        ModelStanding(
            model=model,
            evidence={
                kind: _in_short(evidence[key]) for kind in CHECKS if (key := evidence_key(model.id, kind)) in evidence
            },
            requirements=counts.get(model.id),
            mirrored_at=mirrored_at(model, mirror),
        )
        for model in models
    )


def _in_short(item: Evidence) -> EvidenceStanding:
    verdict = item.facts.get("verdict")
    return EvidenceStanding(
        status=item.status,
        verdict=verdict if isinstance(verdict, str) else None,
        summary=item.summary,
        source=item.source,
        produced_at=item.produced_at,
        expires_at=item.expires_at,
        window=item.window,
    )


def _unavailable(store: Store) -> dict[str, str]:
    sources = (KnownSource.model_validate(record.body) for record in iterate(store, SOURCES))
    return {source.name: source.unavailable for source in sources if source.unavailable is not None}
