"""What may answer for a model now, in one noun: read from records by a function of the cloud, or over the API."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final

from pydantic import Field

from syndic.errors import NotFoundError, UnavailableError
from syndic.gateway.contract import features_of
from syndic.gateway.keys import traffic_key
from syndic.gateway.models import GatewayRecord, GatewaySettings
from syndic.gateway.shares import Shares
from syndic.gateway.values import Feature
from syndic.models import Finite, Noun, RegisteredModel
from syndic.ports import Store
from syndic.records import model_key
from syndic.registry.keys import gateway_key, stages_key
from syndic.registry.models import Stage, Stages
from syndic.registry.versions.queries import get_version

SERVED: Final = (Stage.STAGING, Stage.PRODUCTION)


class Candidate(Noun):
    """A version that answers some of the requests."""

    version: str
    stage: Stage
    variant: str
    weight: Finite = Field(ge=0)
    shadow: bool = Field(default=False, description="whether it gets copies, and its answers go to nobody")
    features: tuple[Feature, ...] = ()
    trouble: str | None = Field(default=None, description="why it cannot be served although it is its turn")
    run_id: str | None = None
    dataset_sha256: str | None = None


class ServingState(Noun):
    """What may answer for a model. Without candidates nothing may; `trouble` says why."""

    model_id: str
    model_name: str
    settings: GatewaySettings
    candidates: tuple[Candidate, ...] = ()
    trouble: str | None = None

    def pick(self, draw: float | None) -> Candidate | None:
        """The version that answers a request. `draw`: from 0 up to 1; the same draw gives the same version.

        None gives the version that answers most requests.
        """
        if draw is None:
            return max(self.candidates, key=lambda one: one.weight, default=None)
        mark = draw * sum(one.weight for one in self.candidates)
        for one in self.candidates:
            mark -= one.weight
            if mark < 0:
                return one
        return max(self.candidates, key=lambda one: one.weight, default=None)

    @property
    def shadow(self) -> Candidate | None:
        """The version that gets copies."""
        return next((one for one in self.candidates if one.shadow), None)


class Standing(Noun):
    """The version in a stage, and since when."""

    version: str
    since: datetime


def standing_in(stages: Stages, stage: Stage) -> Standing | None:
    """The version in a stage; of several in staging the one that came last."""
    there = {version for version, held in stages.of.items() if held is stage}
    came = [one for one in stages.history if one.target is stage and one.version in there]
    if came:
        return Standing(version=came[-1].version, since=came[-1].at)
    return Standing(version=max(there), since=datetime.min.replace(tzinfo=UTC)) if there else None


def settings_of(store: Store, model_id: str) -> GatewayRecord:
    """A model's settings. Raises `NotFoundError`."""
    record = store.get(gateway_key(model_id))
    if record is None:
        raise NotFoundError(f"{model_id} is not served by the gateway: it has no gateway settings")
    return GatewayRecord.model_validate(record.body)


def read_state(store: Store, model_id: str) -> ServingState:
    """What may answer for a model now. Raises `NotFoundError` for a model that is not served at all."""
    keys = [model_key(model_id), gateway_key(model_id), stages_key(model_id), traffic_key(model_id)]
    found = store.get_many(keys)
    record, settings, stages, shares = (found.get(key) for key in keys)
    if record is None:
        raise NotFoundError(f"no model has the id {model_id!r}")
    if settings is None:
        raise NotFoundError(f"{model_id} is not served by the gateway: it has no gateway settings")
    model = RegisteredModel.model_validate(record.body)
    wanted = GatewayRecord.model_validate(settings.body).settings
    held = Stages(model_id=model_id) if stages is None else Stages.model_validate(stages.body)
    chosen = _chosen(wanted, held, None if shares is None else Shares.model_validate(shares.body))
    return ServingState(
        model_id=model_id,
        model_name=model.name,
        settings=wanted,
        candidates=tuple(_described(store, model, one) for one in chosen),
        trouble=None if chosen else f"no version of {model_id} is in {wanted.stage}: nothing is served",
    )


def _chosen(settings: GatewaySettings, stages: Stages, shares: Shares | None) -> tuple[Candidate, ...]:
    """Who answers: what a deployment shares out, until the stage is changed by hand; else the version of the stage.

    A version that is in no served stage any more is left out, whatever the shares say.
    """
    wanted = Stage(settings.stage)
    standing = standing_in(stages, wanted)
    if standing is None:
        return ()
    if shares is not None and shares.holds(standing.version, standing.since):
        held = [(one, stages.of.get(one.version, Stage.DEVELOPMENT)) for one in shares.variants]
        served = tuple(
            Candidate(version=one.version, stage=stage, variant=one.name, weight=one.weight, shadow=one.shadow)
            for one, stage in held
            if stage in SERVED
        )
        if any(one.weight > 0 for one in served):
            return served
    return (Candidate(version=standing.version, stage=wanted, variant=f"v-{standing.version}", weight=1.0),)


def _described(store: Store, model: RegisteredModel, candidate: Candidate) -> Candidate:
    try:
        version = get_version(store, model.id, candidate.version)
        features = features_of(version.signature, model.capture_schema)
    except (NotFoundError, UnavailableError) as error:
        return candidate.model_copy(update={"trouble": str(error)})
    return candidate.model_copy(
        update={"features": features, "run_id": version.run_id, "dataset_sha256": version.training.dataset_sha256}
    )
