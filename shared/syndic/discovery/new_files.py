"""Which captured files may be new, in calls whose number does not grow with the history that is kept.

While one call lists all files of an endpoint, that is the call. Once there are more, each run lists the folders from
the newest file's hour on, less the model's lateness, and once a day a part of all files, ten calls long, in rounds: a
late or replayed file can appear in any folder, and is found when the round comes by. The first round takes no day
between its parts, as its files are all new.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from syndic.discovery.bookmark import OVERLAP, look_from
from syndic.discovery.models import Bookmark, Round
from syndic.models import CaptureConfig, Endpoint, RegisteredModel, TimeWindow
from syndic.models.capture_paths import span_ends
from syndic.ports import CaptureReader, ObjectInfo

DAY: Final = timedelta(days=1)
HOUR: Final = timedelta(hours=1)
CALLS: Final = 10
FIRST_CALLS: Final = 50
FEW: Final = 500
"""Files that are listed whole again, once a round found no more: half a call."""

LIVELY: Final = timedelta(days=2)
"""A folder below the endpoint's with a file as new as this is one in which more are looked for."""


@dataclass(frozen=True, slots=True)
class _Place:
    """Where an endpoint captures, and how late its files may come."""

    endpoint: Endpoint
    capture: CaptureConfig
    lateness: timedelta

    def variant(self, item: ObjectInfo) -> str | None:
        """The folder below the endpoint's in which a file lies."""
        root = f"{self.capture.uri.rstrip('/')}/{self.endpoint.name}/"
        name, _, below = item.uri.removeprefix(root).partition("/")
        return name if item.uri.startswith(root) and below else None

    def variants(self, files: Iterable[ObjectInfo]) -> list[str]:
        """These folders of some files."""
        return [name for name in dict.fromkeys(map(self.variant, files)) if name is not None]


def new_files(
    bookmark: Bookmark,
    model: RegisteredModel,
    endpoint: Endpoint,
    capture: CaptureConfig,
    *,
    captures: CaptureReader,
    now: datetime,
) -> tuple[list[ObjectInfo], Bookmark]:
    """Files among which all new ones are, as far as they are looked for in this run, and the bookmark of the round.

    Raises what listing raises.
    """
    place = _Place(endpoint, capture, max(model.lateness, HOUR))
    since = look_from(bookmark)
    if bookmark.round is None:
        part = captures.part(endpoint, capture, after=None, calls=1)
        files = [item for item in part.files if since is None or item.modified > since]
        if part.after is None:
            return files, _with_variants(bookmark, place.variants(part.files), now)
        round_: Round | None = Round(began=now, since=since, after=part.after, looked_at=now)
    else:
        files, round_ = _next_part(bookmark.round, place, bookmark.variants, captures=captures, now=now)
    running = [one.name for one in endpoint.variants]
    lively = place.variants(item for item in files if now - item.modified < LIVELY)
    known = tuple(dict.fromkeys([*running, *bookmark.variants, *lively]))
    newest = min(bookmark.modified or now, now)
    recent = captures.recent(
        endpoint,
        capture,
        hour=newest - OVERLAP - place.lateness - HOUR,
        variants=known,
        span=bookmark.span if bookmark.span in {"day", "month", "year"} else "hour",
    )
    fresh = [item for item in recent if since is None or item.modified > since]
    seen = {*place.variants(files), *place.variants(fresh), *running}
    variants = tuple(name for name in known if name in seen)
    return [*files, *fresh], _with_variants(bookmark.model_copy(update={"round": round_}), variants, now)


def _with_variants(bookmark: Bookmark, variants: Sequence[str], now: datetime) -> Bookmark:
    """With the folders in which new files are looked for, and since when they are these."""
    if set(variants) == set(bookmark.variants) and bookmark.variants_since is not None:
        return bookmark
    return bookmark.model_copy(update={"variants": tuple(variants), "variants_since": now})


def only_variants(bookmark: Bookmark, window: TimeWindow) -> tuple[str, ...] | None:
    """The folders that hold all files of a window: those that were looked in since before it began. None: not known."""
    since = bookmark.variants_since
    return bookmark.variants if bookmark.variants and since is not None and since <= window.start else None


def _next_part(
    round_: Round, place: _Place, variants: tuple[str, ...], *, captures: CaptureReader, now: datetime
) -> tuple[list[ObjectInfo], Round | None]:
    """The files of the next part that no run has listed as recent, and the round after it; None: no more is needed."""
    calls = FIRST_CALLS if round_.since is None and round_.after is not None else CALLS
    if calls == CALLS and now - round_.looked_at < DAY:
        return [], round_
    if round_.after is None:
        round_ = Round(began=now, since=round_.began - OVERLAP, looked_at=now)
    part = captures.part(place.endpoint, place.capture, after=round_.after, calls=calls)
    whole = round_.after is None and part.after is None and len(part.files) < FEW
    known = [*variants, *(one.name for one in place.endpoint.variants)]
    found = [
        item
        for item in part.files
        if round_.since is None
        or (item.modified > round_.since and _passed_by(item, place, looked_in=place.variant(item) in known))
    ]
    return found, None if whole else round_.model_copy(update={"after": part.after, "looked_at": now})


def _passed_by(item: ObjectInfo, place: _Place, *, looked_in: bool) -> bool:
    """Whether no run listed a file as recent: it came too late, or to a place in which none was looked for."""
    end = span_ends(item.uri)
    return end is None or not looked_in or item.modified - end > place.lateness
