"""A page of a register with where each entry stands, and the counts that its first page comes with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Literal

from syndic.ports import Store
from syndic.registers.listing import count_entries, entries_page, standing
from syndic.registers.models import Counts, Standing
from syndic.registers.register import E, Register


@dataclass(frozen=True, slots=True)
class Listed(Generic[E]):
    """Entries, each with its standing; the counts only with the first page."""

    entries: tuple[tuple[E, Standing], ...]
    counts: Counts | None
    next_token: str | None


def listed(
    register: Register[E],
    store: Store,
    *,
    filters: Mapping[str, str | None],
    order: Literal["ascending", "descending"] | None,
    limit: int,
    token: str | None,
    now: datetime,
) -> Listed[E]:
    """The page that was asked for, as every register lists: what is due first before, closed entries last."""
    found, next_token = entries_page(
        register, store, filters=filters, latest_first=order == "descending", limit=limit, token=token
    )
    return Listed(
        entries=tuple((one, standing(register, one, now)) for one in found),
        counts=None if token else count_entries(register, store, now=now),
        next_token=next_token,
    )
