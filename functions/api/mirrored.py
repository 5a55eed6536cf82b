"""How old what is known of a model in another cloud is, and whether something asked for is done there."""

from __future__ import annotations

from collections.abc import Sequence

from syndic.mirror.exchange import mirror_state, mirrored_at
from syndic.models import Cloud, Moment, RegisteredModel
from syndic.ports import Store
from syndic.registry.versions.catalogue import ShownModel


def shown(models: Sequence[RegisteredModel], store: Store) -> tuple[ShownModel, ...]:
    """Models with the age of what is known of them."""
    elsewhere = any(model.cloud is Cloud.AZURE for model in models)
    state = mirror_state(store) if elsewhere else None
    return tuple(ShownModel(**dict(model) | {"mirrored_at": mirrored_at(model, state)}) for model in models)


def age_of(model: RegisteredModel, store: Store) -> Moment | None:
    """When its cloud was last heard; None: the model runs here, or was never mirrored."""
    return mirrored_at(model, mirror_state(store)) if model.cloud is Cloud.AZURE else None


def is_elsewhere(model: RegisteredModel, store: Store) -> bool:
    """Whether the model's captured traffic lies in the other cloud, which has to be asked."""
    return model.cloud is Cloud.AZURE and mirror_state(store) is not None
