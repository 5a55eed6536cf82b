"""How a gateway model's traffic is shared between two versions: a record that deployments change and predictions read.

It does for any backend what SageMaker's endpoint configurations do for theirs, so that a version on Azure ML or on a
server of one's own takes over in steps, is watched, and is taken back.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from pydantic import Field

from syndic.errors import ConflictError, NotFoundError
from syndic.gateway.keys import traffic_key
from syndic.models import TOLD, Finite, Moment, Noun, to_json
from syndic.ports import ABSENT, Record, Store, Write
from syndic.records import retried
from syndic.registry.deployments.models import GATEWAY
from syndic.traffic import ServedTraffic, ServedVariant, VariantChange


class Variant(Noun):
    """A version that gets some of the traffic."""

    name: str
    version: str
    weight: Finite = Field(ge=0)
    shadow: bool = Field(default=False, description="whether it gets copies of what the others are asked")


class Shares(Noun):
    """Which versions of a model answer, and how much each."""

    model_id: str
    configuration: str
    variants: tuple[Variant, ...] = Field(min_length=1)
    before: tuple[Variant, ...] = ()
    changed_at: Moment

    def holds(self, version: str, since: datetime) -> bool:
        """Whether they are newer than what was decided by stage: that `version` stands in it since `since`.

        Older ones hold only where they share nothing out: a deployment ends by the promotion of the version that has
        all traffic. Else a canary that was left behind would come back with the version that it began with.
        """
        return since <= self.changed_at or {one.version for one in self.variants} == {version}


def read_shares(store: Store, model_id: str) -> Shares | None:
    """The shares of a model's traffic; None: the version of its stage gets all."""
    record = store.get(traffic_key(model_id))
    return None if record is None else Shares.model_validate(record.body)


class GatewayTraffic:
    """Moves the traffic of gateway models. Follows `syndic.traffic.TrafficShifter`.

    Args:
        store: Where the shares are kept.
        serving: The version that stands in a model's stage and since when; raises `NotFoundError` for none.
        clock: The time of a change.
    """

    def __init__(
        self, store: Store, *, serving: Callable[[str], tuple[str, datetime]], clock: Callable[[], datetime]
    ) -> None:
        self._store, self._serving, self._clock = store, serving, clock

    def describe(self, endpoint: str) -> ServedTraffic:
        """The shares as they are now. Raises `NotFoundError` where no version serves."""
        model_id = model_of(endpoint)
        shares = self._shares(model_id)
        variants = tuple(ServedVariant(one.name, one.weight) for one in shares.variants)
        return ServedTraffic(endpoint, f"{TOLD}{model_id}", shares.configuration, ready=True, variants=variants)

    def begin(self, change: VariantChange) -> None:
        """Put the new version beside the old one, which keeps all traffic."""
        self._change(change, lambda now: (_old(now, change), Variant(
            name=change.new_variant, version=change.model_name, weight=0.0, shadow=change.shadows
        )), change.both_configuration, needs=change.old_configuration)  # fmt: skip

    def weigh(self, change: VariantChange, *, percent: int) -> None:
        """Give the new version its percentage and the old one the rest."""
        weights = {change.new_variant: percent / 100, change.old_variant: 1 - percent / 100}
        self._change(change, lambda now: tuple(
            one.model_copy(update={"weight": weights[one.name], "shadow": False}) for one in now.variants
        ), change.both_configuration, needs=change.both_configuration)  # fmt: skip

    def finish(self, change: VariantChange) -> None:
        """Serve the new version only."""
        new = Variant(name=change.new_variant, version=change.model_name, weight=1.0)
        self._change(change, lambda _now: (new,), change.new_configuration)

    def restore(self, change: VariantChange) -> None:
        """Serve what was there before."""
        self._change(change, lambda now: now.before or (_old(now, change),), change.old_configuration)

    def _shares(self, model_id: str) -> Shares:
        kept, (version, since) = read_shares(self._store, model_id), self._serving(model_id)
        if kept is not None and kept.holds(version, since):
            return kept
        only = Variant(name=f"v-{version}", version=version, weight=1.0)
        return Shares(model_id=model_id, configuration=f"stage-{version}", variants=(only,), changed_at=self._clock())

    def _change(
        self,
        change: VariantChange,
        to: Callable[[Shares], Sequence[Variant]],
        configuration: str,
        *,
        needs: str | None = None,
    ) -> None:
        model_id = model_of(change.endpoint)
        key = traffic_key(model_id)

        def step() -> None:
            record = self._store.get(key)
            now = self._shares(model_id)
            if needs is not None and now.configuration not in {needs, configuration}:
                raise ConflictError(f"{change.endpoint} serves {now.configuration}, not {needs}")
            known = {change.old_configuration, change.both_configuration, change.new_configuration}
            if now.configuration not in known:
                raise ConflictError(f"{change.endpoint} serves {now.configuration}, which is not of this deployment")
            before = now.variants if now.configuration == change.old_configuration else now.before
            variants = tuple(to(now))
            if configuration == now.configuration and variants == now.variants:
                return
            wanted = Shares(
                model_id=model_id, configuration=configuration, variants=variants, before=before,
                changed_at=self._clock(),
            )  # fmt: skip
            self._store.put_together(
                [Write(Record(key, to_json(wanted)), record.etag if record is not None else ABSENT)]
            )

        retried(step, what=f"the traffic of {model_id}")


def _old(now: Shares, change: VariantChange) -> Variant:
    for one in (*now.variants, *now.before):
        if one.name == change.old_variant:
            return one.model_copy(update={"weight": 1.0})
    raise NotFoundError(f"{change.endpoint} has no variant {change.old_variant}")


def model_of(endpoint: str) -> str:
    """The model whose endpoint the gateway is. Raises `NotFoundError` for an endpoint of another kind."""
    if not endpoint.startswith(GATEWAY):
        raise NotFoundError(f"{endpoint} is not served by the gateway")
    return endpoint.removeprefix(GATEWAY)
