"""Which version answers a request: the state of its model, kept for as long as it may be stale.

A promotion or a rollback switches what answers within `STALENESS`; nothing needs to be told.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from syndic.errors import NotFoundError, UnavailableError
from syndic.gateway.contract import Contract
from syndic.gateway.models import EVERY_VERSION, GatewaySettings
from syndic.gateway.state import Candidate, ServingState
from syndic.ports import Asked

STALENESS: Final = timedelta(seconds=15)
MOST_KEPT: Final = 500

Read = Callable[[str], ServingState]
"""From a model's id to its state. Raises `NotFoundError`, `UnavailableError`."""


@dataclass(frozen=True, slots=True)
class Served:
    """A version that answers, with all that an answer needs."""

    model_id: str
    model_name: str
    candidate: Candidate
    settings: GatewaySettings
    contract: Contract
    asked: Asked
    share: float


@dataclass(frozen=True, slots=True)
class _Kept:
    state: ServingState
    served: dict[str, Served]
    read_at: datetime
    failed_at: datetime | None = None


class Serving:
    """The served versions of a process.

    While a state cannot be read again the last one goes on answering, for `GRACE` at most: a store that is away for a
    minute stops no prediction. Nor does it slow them: after a failure nobody tries for `PAUSE`.

    Args:
        read: Reads a model's state.
        clock: The time, by which what was read grows old.
        staleness: How old what was read may be.
    """

    GRACE: Final = timedelta(minutes=5)
    PAUSE: Final = timedelta(seconds=5)

    def __init__(self, read: Read, *, clock: Callable[[], datetime], staleness: timedelta = STALENESS) -> None:
        self._read_state, self._clock, self.staleness = read, clock, staleness
        self._kept: dict[str, _Kept] = {}

    def of(self, model_id: str, *, draw: float | None = None) -> Served:
        """The version that answers a request.

        Args:
            model_id: The model.
            draw: From 0 up to 1, of the request; decides between versions that share the traffic. None: the one that
                answers most.

        Raises:
            NotFoundError: No such model, it is not served here, or no version is in its stage.
            UnavailableError: Nothing says what the version takes, or where it is asked.
        """
        kept = self._read(model_id)
        candidate = kept.state.pick(draw)
        if candidate is None:
            raise NotFoundError(kept.state.trouble or f"nothing is served of {model_id}")
        return _of(kept, candidate)

    def shadow(self, model_id: str) -> Served | None:
        """The version that gets copies of a model's requests; None: no version does. Raises as `of`."""
        kept = self._read(model_id)
        return None if kept.state.shadow is None else _of(kept, kept.state.shadow)

    def state(self, model_id: str) -> ServingState:
        """What may answer for a model, as it was read last. Raises `NotFoundError`, `UnavailableError`."""
        return self._read(model_id).state

    def is_old(self, model_id: str) -> bool:
        """Whether a model's state has to be read by whoever asks next, who waits for it."""
        kept = self._kept.get(model_id)
        return kept is None or self._has_to_be_read(kept, self._clock())

    def _has_to_be_read(self, kept: _Kept, now: datetime) -> bool:
        if now - kept.read_at < self.staleness:
            return False
        waits = kept.failed_at is not None and now - kept.failed_at < self.PAUSE
        return not waits or now - kept.read_at >= self.GRACE

    def _read(self, model_id: str) -> _Kept:
        now, kept = self._clock(), self._kept.get(model_id)
        if kept is not None and not self._has_to_be_read(kept, now):
            return kept
        try:
            state = self._read_state(model_id)
        except UnavailableError:
            if kept is None or now - kept.read_at >= self.GRACE:
                raise
            # The clock again: a store that does not answer may have been waited for.
            kept = self._kept[model_id] = replace(kept, failed_at=self._clock())
            return kept
        if len(self._kept) >= MOST_KEPT:
            self._kept.pop(next(iter(self._kept)))
        kept = self._kept[model_id] = _Kept(state, {}, now)
        return kept


def _of(kept: _Kept, candidate: Candidate) -> Served:
    served = kept.served.get(candidate.variant)
    if served is None:
        served = kept.served[candidate.variant] = _served(kept.state, candidate)
    return served


def _served(state: ServingState, candidate: Candidate) -> Served:
    settings = state.settings
    if candidate.trouble is not None:
        raise UnavailableError(candidate.trouble)
    backend = settings.backends.get(candidate.version) or settings.backends.get(EVERY_VERSION)
    if backend is None:
        raise UnavailableError(
            f"version {candidate.version} of {state.model_id} has no backend in its gateway settings"
        )
    asked = Asked(
        kind=backend.kind.value, address=backend.address, version=candidate.version, variant=backend.variant,
        secret=backend.secret, timeout=backend.timeout_seconds,
    )  # fmt: skip
    contract = Contract(candidate.features, settings.features, settings.along, settings.row_id)
    share = candidate.weight / sum(one.weight for one in state.candidates)
    return Served(state.model_id, state.model_name, candidate, settings, contract, asked, share)
