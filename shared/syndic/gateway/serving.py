"""Which version answers: settings, stages and shares, read through a cache whose staleness is stated.

A promotion or a rollback switches what answers within `STALENESS`; nothing needs to be told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from syndic.errors import NotFoundError, UnavailableError
from syndic.gateway.contract import Contract, features_of
from syndic.gateway.keys import settings_key, traffic_key
from syndic.gateway.models import EVERY_VERSION, GatewayRecord, GatewaySettings
from syndic.gateway.shares import Shares
from syndic.models import RegisteredModel
from syndic.ports import Asked, Store
from syndic.records import model_key
from syndic.registry.keys import stages_key
from syndic.registry.models import ModelVersion, Stage, Stages
from syndic.registry.versions.versions import get_version

STALENESS: Final = timedelta(seconds=15)
SERVED: Final = (Stage.STAGING, Stage.PRODUCTION)
MOST_KEPT: Final = 500


@dataclass(frozen=True, slots=True)
class Served:
    """A version that answers, with all that an answer needs."""

    model: RegisteredModel
    version: ModelVersion
    stage: Stage
    variant: str
    settings: GatewaySettings
    contract: Contract
    asked: Asked


@dataclass(frozen=True, slots=True)
class _Kept:
    model: RegisteredModel
    settings: GatewaySettings
    stages: Stages
    shares: Shares | None
    read_at: datetime


class Serving:
    """The served versions of a process.

    Args:
        store: Records.
        clock: The time, by which what was read grows old.
        staleness: How old what was read may be.
    """

    def __init__(self, store: Store, *, clock: Callable[[], datetime], staleness: timedelta = STALENESS) -> None:
        self._store, self._clock, self._staleness = store, clock, staleness
        self._kept: dict[str, _Kept] = {}
        self._versions: dict[tuple[str, str], tuple[datetime, ModelVersion, Contract]] = {}

    def of(self, model_id: str, *, draw: float = 0.0) -> Served:
        """The version that answers a request.

        Args:
            model_id: The model.
            draw: From 0 up to 1, of the request; decides between versions that share the traffic.

        Raises:
            NotFoundError: No such model, it is not served here, or no version is in its stage.
            UnavailableError: Nothing says what the version takes, or where it is asked.
        """
        kept = self._read(model_id)
        version, stage, variant = _chosen(kept, draw)
        described, contract = self._version(kept, version)
        backends = kept.settings.backends
        backend = backends.get(version) or backends.get(EVERY_VERSION)
        if backend is None:
            raise UnavailableError(f"version {version} of {model_id} has no backend in its gateway settings")
        asked = Asked(
            kind=backend.kind.value, address=backend.address, version=version, variant=backend.variant,
            secret=backend.secret, timeout=backend.timeout_seconds,
        )  # fmt: skip
        return Served(kept.model, described, stage, variant, kept.settings, contract, asked)

    def _read(self, model_id: str) -> _Kept:
        now, kept = self._clock(), self._kept.get(model_id)
        if kept is not None and now - kept.read_at < self._staleness:
            return kept
        keys = [model_key(model_id), settings_key(model_id), stages_key(model_id), traffic_key(model_id)]
        found = self._store.get_many(keys)
        model, settings, stages, shares = (found.get(key) for key in keys)
        if model is None:
            raise NotFoundError(f"no model has the id {model_id!r}")
        if settings is None:
            raise NotFoundError(f"{model_id} is not served by the gateway: it has no gateway settings")
        kept = _Kept(
            RegisteredModel.model_validate(model.body),
            GatewayRecord.model_validate(settings.body).settings,
            Stages(model_id=model_id) if stages is None else Stages.model_validate(stages.body),
            None if shares is None else Shares.model_validate(shares.body),
            now,
        )
        if len(self._kept) >= MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        self._kept[model_id] = kept
        return kept

    def _version(self, kept: _Kept, version: str) -> tuple[ModelVersion, Contract]:
        place = (kept.model.id, version)
        known = self._versions.get(place)
        if known is not None and known[0] == kept.read_at:
            return known[1], known[2]
        described = get_version(self._store, kept.model.id, version)
        features = features_of(described.signature, kept.model.capture_schema)
        settings = kept.settings
        contract = Contract(features, settings.features, settings.along, settings.row_id)
        if len(self._versions) >= 2 * MOST_KEPT:
            self._versions.pop(next(iter(self._versions)))
        self._versions[place] = (kept.read_at, described, contract)
        return described, contract


@dataclass(frozen=True, slots=True)
class Standing:
    """The version in a stage, and since when."""

    version: str
    since: datetime


def standing_in(stages: Stages, stage: Stage) -> Standing | None:
    """The version in a stage; of several in staging the one that came last."""
    there = {version for version, held in stages.of.items() if held is stage}
    came = [one for one in stages.history if one.target is stage and one.version in there]
    if came:
        return Standing(came[-1].version, came[-1].at)
    return Standing(max(there), datetime.min.replace(tzinfo=UTC)) if there else None


def settings_of(store: Store, model_id: str) -> GatewayRecord:
    """A model's settings. Raises `NotFoundError`."""
    record = store.get(settings_key(model_id))
    if record is None:
        raise NotFoundError(f"{model_id} is not served by the gateway: it has no gateway settings")
    return GatewayRecord.model_validate(record.body)


def _chosen(kept: _Kept, draw: float) -> tuple[str, Stage, str]:
    """Version, its stage and the variant's name.

    The shares of a deployment hold until the stage is changed by hand: a rollback is at once what answers.
    """
    wanted = Stage(kept.settings.stage)
    standing = standing_in(kept.stages, wanted)
    if standing is not None and kept.shares is not None and kept.shares.holds(standing.version, standing.since):
        picked = kept.shares.pick(draw)
        stage = kept.stages.of.get(picked.version, Stage.DEVELOPMENT)
        if stage in SERVED:
            return picked.version, stage, picked.name
    if standing is None:
        raise NotFoundError(f"no version of {kept.model.id} is in {wanted}: nothing is served")
    return standing.version, wanted, f"v-{standing.version}"
