"""Who may change an entry of a register, and the parameters that their routes share."""

from __future__ import annotations

from typing import Annotated, Final

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from functions.api.access import Caller, require_change
from functions.api.roles import ADMIN, KEEPERS, MODEL_OWNER
from syndic.errors import NotAllowedError
from syndic.ports import Store
from syndic.records import find_model
from syndic.registers.models import Entry

OFFICERS: Final = KEEPERS - {MODEL_OWNER}

EntryId = Annotated[str, Path(pattern=r"^[0-9a-f]{8,64}$", description="Id of an entry")]
Owner = Annotated[str | None, Query(min_length=3, max_length=254, description="Address of whoever answers for it")]
OfModel = Annotated[str | None, Query(pattern=r"^[a-z0-9][a-z0-9._-]{0,127}$", description="Only entries on a model")]


def require_keeper(caller: Caller, entry: Entry, store: Store) -> None:
    """Let officers and admins change any entry, and owners of models those that they own or that are on theirs alone.

    Raises `NotAllowedError`.
    """
    if caller.roles & OFFICERS or (caller.email and entry.owner.lower() == caller.email):
        return
    if not entry.model_ids:
        raise NotAllowedError("only its owner, an officer or an admin may change an entry that is on no model")
    for model_id in entry.model_ids:
        require_change(caller, find_model(store, model_id))


def require_opener(caller: Caller, model_ids: tuple[str, ...], store: Store) -> None:
    """Let everybody who may keep registers open an entry; owners of models only on models of theirs.

    Raises `NotAllowedError`.
    """
    if caller.roles & OFFICERS or ADMIN in caller.roles:
        return
    for model_id in model_ids:
        model = find_model(store, model_id)
        if model is not None:
            require_change(caller, model)
