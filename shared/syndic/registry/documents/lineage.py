"""Lineage: prediction -> model version -> training run -> dataset fingerprint -> parameters, metrics, artefacts.

Answers come from the registry's own records, so they hold after the training server is gone. What is not on record
is listed as a gap; nothing is guessed.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import datetime

from pydantic import Field, JsonValue

from syndic.errors import NotFoundError
from syndic.models import Moment, Noun, RegisteredModel
from syndic.ports import Store
from syndic.records import get_model
from syndic.registry.approvals.requests import list_requests
from syndic.registry.deployments.models import DeploymentState
from syndic.registry.deployments.store import list_deployments
from syndic.registry.models import (
    Artefact,
    Decision,
    Measured,
    ModelVersion,
    RequestState,
    Stage,
    StageChange,
    TrainingData,
)
from syndic.registry.promotion.promote import read_stages
from syndic.registry.versions.queries import get_version

NAMESPACE = uuid.UUID("6f1d6f4e-7d0c-5a53-9a52-6b2d3c1e0a11")
"""Namespace of our version 5 UUIDs: the same version gives the same run id in every export."""

_SHARING = {
    DeploymentState.SHIFTING,
    DeploymentState.BAKING,
    DeploymentState.FINISHING,
    DeploymentState.RETURNING,
}


class GivenApproval(Noun):
    """An approval that was in force."""

    request: str
    target: Stage
    policy: str
    by: tuple[str, ...] = Field(description="who approved, each with the role")


class Lineage(Noun):
    """Everything behind a version, or behind one prediction of it."""

    model_id: str
    model_name: str
    version: str
    made_at: Moment = Field(description="when the version was made")
    prediction_id: str | None = None
    predicted_at: Moment | None = None
    request_id: str | None = Field(default=None, description="of the gateway, where it answered")
    approvals: tuple[GivenApproval, ...] = Field(default=(), description="of the version, when it predicted")
    run_id: str | None = None
    source: str | None = None
    commit: str | None = None
    training: TrainingData
    hyperparameters: dict[str, JsonValue] = Field(default_factory=dict)
    metrics: dict[str, Measured] = Field(default_factory=dict)
    artefacts: tuple[Artefact, ...] = ()
    gaps: tuple[str, ...] = Field(default=(), description="what is not on record, in words")


def trace_version(store: Store, model_id: str, version: str) -> Lineage:
    """The lineage of a version. Raises `NotFoundError`."""
    return _lineage(get_model(store, model_id), get_version(store, model_id, version))


def trace_prediction(
    store: Store,
    model_id: str,
    *,
    prediction_id: str,
    at: datetime,
    version: str | None = None,
    request_id: str | None = None,
    doubts: tuple[str, ...] = (),
) -> Lineage:
    """The lineage of a prediction that was found in the captured traffic: of the version in production at its time.

    Args:
        store: Where the registry is kept.
        model_id: The model that predicted.
        prediction_id: The id it was found by (`find_prediction`); it is repeated in the answer.
        at: When it was made, as its record says.
        version: That answered, as its record says; None: it does not say.
        request_id: The gateway's request, as its record says.
        doubts: What was unclear when it was found; among the gaps.

    Raises:
        NotFoundError: No version is on record as being in production at that time.
    """
    model, stages = get_model(store, model_id), read_stages(store, model_id)
    name = version or _in_production(stages.history, at)
    if name is None:
        raise NotFoundError(f"no version of {model_id} is on record as in production at {at:%Y-%m-%d %H:%M:%S} UTC")
    lineage = _lineage(model, get_version(store, model_id, name))
    gaps = (*lineage.gaps, *doubts, *(() if version else _shared_traffic(store, model_id, at)))
    return lineage.model_copy(
        update={
            "prediction_id": prediction_id, "predicted_at": at, "request_id": request_id, "gaps": gaps,
            "approvals": tuple(_in_force(store, model_id, name, at)),
        }
    )  # fmt: skip


def _in_force(store: Store, model_id: str, version: str, at: datetime) -> Iterator[GivenApproval]:
    """The approvals that a version had by the end of that second: records of calls say no more."""
    until = at.replace(microsecond=999_999) if at.microsecond == 0 else at
    for one in list_requests(store, model_id, now=until):
        given = [vote for vote in one.votes if vote.decision is Decision.APPROVE and vote.at <= until]
        if one.version == version and one.state is RequestState.APPROVED and given:
            yield GivenApproval(
                request=one.id, target=one.target, policy=one.policy.name,
                by=tuple(f"{vote.actor} ({vote.role})" for vote in given),
            )  # fmt: skip


def _shared_traffic(store: Store, model_id: str, at: datetime) -> Iterator[str]:
    """Deployments that had two versions answer at that time: which of them did is not on record here."""
    token: str | None = None
    while True:
        page = list_deployments(store, model_id=model_id, limit=100, token=token)
        for one in page.deployments:
            ends = [*(event.at for event in one.history[1:]), None]
            if any(
                event.state in _SHARING and event.at <= at and (end is None or at < end)
                for event, end in zip(one.history, ends, strict=True)
            ):
                yield (
                    f"deployment {one.id} was bringing version {one.version} to {one.endpoint} at that time: "
                    f"the prediction may be of {one.version} or of the version before it"
                )
        token = page.next_token
        if token is None:
            return


def _in_production(history: tuple[StageChange, ...], at: datetime) -> str | None:
    current: str | None = None
    for change in history:
        if change.at > at:
            break
        if change.target is Stage.PRODUCTION:
            current = change.version
        elif change.version == current:
            current = None
    return current


def _lineage(model: RegisteredModel, version: ModelVersion) -> Lineage:
    training = version.training
    held = {
        "the training run": version.run_id,
        "the training data's SHA-256": training.dataset_sha256,
        "the number of training rows": training.rows,
        "the number of features": training.features,
        "the code's commit": version.commit,
        "hyperparameters": version.hyperparameters,
        "evaluation metrics": version.metrics,
        "artefacts": version.artefacts,
    }
    return Lineage(
        model_id=model.id,
        model_name=model.name,
        version=version.version,
        made_at=version.created_at,
        run_id=version.run_id,
        source=version.source,
        commit=version.commit,
        training=training,
        hyperparameters=version.hyperparameters,
        metrics=version.metrics,
        artefacts=version.artefacts,
        gaps=tuple(f"{name} is not on record" for name, value in held.items() if value in (None, {}, ())),
    )
