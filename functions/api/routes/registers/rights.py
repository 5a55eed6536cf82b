"""Who may change an entry of a register, and the parameters that their routes share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any, Final, TypeVar

from aws_lambda_powertools.event_handler.openapi.params import Path, Query

from functions.api.access.callers import Caller, require_change
from functions.api.access.roles import ADMIN, KEEPERS, MODEL_OWNER
from functions.api.inputs import Clouds, by_whom
from syndic.errors import NotAllowedError
from syndic.ports import Store
from syndic.records import find_model
from syndic.registers.models import Entry

E = TypeVar("E", bound=Entry)

OFFICERS: Final = KEEPERS - {MODEL_OWNER}

EntryId = Annotated[str, Path(pattern=r"^[0-9a-f]{8,64}$", description="Id of an entry")]
Owner = Annotated[str | None, Query(min_length=3, max_length=254, description="Address of whoever answers for it")]
OfModel = Annotated[str | None, Query(pattern=r"^[a-z0-9][a-z0-9._-]{0,127}$", description="Only entries on a model")]


def acting(clouds: Clouds, person: Caller) -> dict[str, Any]:
    """With what an entry is changed, by whom and when: the arguments that every verb of a register takes."""
    return {**by_whom(clouds, person), "bus": clouds.bus}


def require_keeper(caller: Caller, entry: Entry, store: Store) -> None:
    """Let officers and admins change any entry, and owners of models those that they own or that are on theirs alone.

    Raises `NotAllowedError`.
    """
    if caller.roles & OFFICERS or _owns(caller, entry):
        return
    if not entry.model_ids:
        raise NotAllowedError("only its owner, an officer or an admin may change an entry that is on no model")
    for model_id in entry.model_ids:
        require_change(caller, find_model(store, model_id))


def kept_by(caller: Caller, rule: Callable[[E], E], store: Store, *, of_models: bool = True) -> Callable[[E], E]:
    """A rule as this caller may apply it: on entries that they keep, and putting them on no model of somebody else.

    It is asked of the entry that is changed, whoever came in between.

    Args:
        caller: Who changes an entry.
        rule: The entry as it is to be.
        store: Records.
        of_models: Whether owners of its models keep an entry; False where the models only hang on what is another's.
    """

    def decide(before: E) -> E:
        if of_models:
            require_keeper(caller, before, store)
        elif not (caller.roles & OFFICERS or before.opened_by == caller.name or _owns(caller, before)):
            raise NotAllowedError("only its owner, whoever opened it, an officer or an admin may change this entry")
        after = rule(before)
        added = set(after.model_ids) - set(before.model_ids)
        require_opener(caller, tuple(sorted(added)), store)
        return after

    return decide


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


def _owns(caller: Caller, entry: Entry) -> bool:
    return bool(caller.email) and entry.owner.lower() == caller.email
