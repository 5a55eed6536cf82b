"""Windows of any size: list, count each captured object by itself, merge. The steps of a Step Functions map.

What holds by construction: a worker holds one piece of one part at a time; its counts go to the archive under a name
that follows from its inputs, and it returns a few numbers; the last step works the names out again and reads one file
of counts at a time. So neither the 256 KB payload nor memory grows with the window, and a worker may run twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Self

from pydantic import Field, model_validator

from syndic.canonical import sha256_of
from syndic.drift.baseline.model import Baseline
from syndic.drift.check import Prepared, conclude, count_pieces, prepare, settle, size_of
from syndic.drift.counts.codec import FORMAT as COUNTS_FORMAT
from syndic.drift.counts.codec import counts_from_bytes, counts_to_bytes
from syndic.drift.counts.model import Counts
from syndic.drift.keys import counts_name
from syndic.drift.models import DriftReport
from syndic.drift.set_baseline import load_baseline
from syndic.errors import ConflictError, NotFoundError
from syndic.models import CaptureConfig, CaptureFormat, CheckRequested, Endpoint, Moment, Noun, TimeWindow
from syndic.ports import TABLE_LIMIT, Archive, AuditTrail, CaptureReader, EventBus, ListedPart, ObjectInfo, Store
from syndic.windows import FORMATS, Part, read_part

LATE: Final = 20
"""Parts without counts that the last step still counts itself: those that arrived during the run."""


class MapItem(Noun):
    """One captured object of a window."""

    uri: str
    size: int
    etag: str
    modified: Moment

    @property
    def info(self) -> ObjectInfo:
        """As the ports name it."""
        return ObjectInfo(self.uri, self.size, self.etag, self.modified)


class MapTask(Noun):
    """What one worker is given: the request and one or more objects.

    Read from ``{"request": ..., "items": [...]}``, from one object ``{"request": ..., "item": {...}}``, or from the
    batch of a distributed map, ``{"BatchInput": {"request": ...}, "Items": [...]}``. With ``"beside": [...]`` the items
    are the files of one `Part` and `beside` the files read beside it.
    """

    request: CheckRequested
    items: tuple[MapItem, ...] = Field(min_length=1)
    beside: tuple[MapItem, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _any_shape(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        batch = given.get("BatchInput")
        request = given.get("request", batch.get("request") if isinstance(batch, Mapping) else None)
        one = given.get("item")
        items = given.get("items", given.get("Items", [one] if one else []))
        return {"request": request, "items": items, "beside": given.get("beside", ())}

    def parts(self, form: CaptureFormat) -> tuple[Part, ...]:
        """What is counted and kept together."""
        own, beside = (tuple(item.info for item in items) for items in (self.items, self.beside))
        return FORMATS[form].together(Part(own, beside))


class MapPlan(Noun):
    """How large a window is and whether it can be compared at all."""

    request: CheckRequested
    items: tuple[MapItem, ...]
    bytes: int
    obstacle: str | None = None

    @model_validator(mode="after")
    def _sorted(self) -> Self:
        if list(self.items) != sorted(self.items, key=lambda item: item.uri):
            msg = "the items of a plan are in the order of their addresses"
            raise ValueError(msg)
        return self


class MapResult(Noun):
    """What one worker returns: numbers only, a few bytes however large its objects."""

    objects: int
    rows: int
    rejected: int


def plan_window(request: CheckRequested, *, store: Store, captures: CaptureReader) -> MapPlan:
    """The captured objects of a window, by address."""
    prepared = prepare(request, store=store, captures=captures)
    items = [MapItem(uri=i.uri, size=i.size, etag=i.etag, modified=i.modified) for i in prepared.items]
    return MapPlan(
        request=request,
        items=tuple(sorted(items, key=lambda item: item.uri)),
        bytes=size_of(prepared.items),
        obstacle=prepared.obstacle,
    )


def count_object(task: MapTask, *, store: Store, captures: CaptureReader, archive: Archive) -> MapResult:
    """Count captured objects of a window, one part after the other, and keep the counts of each in the archive.

    Raises `ConflictError` when the window cannot be compared: no baseline, no schema.
    """
    prepared = prepare(task.request, store=store, captures=_Only(captures, [item.info for item in task.items]))
    baseline, form = _baseline(prepared, archive)
    rows = rejected = 0
    for part in task.parts(form):
        counts = _count(part, prepared, baseline, captures)
        archive.put(_name(prepared, part), counts_to_bytes(counts), content_type="application/octet-stream")
        rows, rejected = rows + counts.rows, rejected + counts.intake.rejected
    return MapResult(objects=len(task.items), rows=rows, rejected=rejected)


def finish_window(
    request: CheckRequested,
    *,
    store: Store,
    captures: CaptureReader,
    archive: Archive,
    bus: EventBus,
    audit: AuditTrail,
    now: datetime,
) -> DriftReport:
    """Merge the counts of a window's objects, judge, keep and tell. The report is the one that one function would give.

    A few objects without counts, such as those that arrived during the run, are counted here. Raises `ConflictError`
    when there are more: workers failed, and the run is to be started again.
    """
    prepared = prepare(request, store=store, captures=captures)
    baseline, form = _baseline(prepared, archive)
    parts = FORMATS[form].parts(prepared.items)
    total, late = Counts(), []
    for part in parts:
        name = _name(prepared, part)
        try:
            total = total.plus(counts_from_bytes(archive.get(name), where=name))
        except NotFoundError:
            late.append(part)
    if len(late) > LATE:
        raise ConflictError(f"{len(late)} of {len(parts)} parts were not counted; start the map run again")
    for part in late:
        total = total.plus(_count(part, prepared, baseline, captures))
    report = conclude(prepared, baseline, total, archive=archive, now=now)
    return settle(report, prepared, store=store, bus=bus, audit=audit, force=request.force)


class _Only:
    """A capture reader that lists some known objects, and reads them as the real one does."""

    def __init__(self, captures: CaptureReader, items: Sequence[ObjectInfo]) -> None:
        self._captures, self._items = captures, tuple(items)

    def objects(self, endpoint: Endpoint, capture: CaptureConfig, window: TimeWindow) -> Iterator[ObjectInfo]:  # noqa: ARG002
        yield from self._items

    def labels(self, capture: CaptureConfig, window: TimeWindow) -> Iterator[ObjectInfo]:
        return self._captures.labels(capture, window)

    def part(self, endpoint: Endpoint, capture: CaptureConfig, *, after: str | None, calls: int) -> ListedPart:
        return self._captures.part(endpoint, capture, after=after, calls=calls)

    def recent(
        self, endpoint: Endpoint, capture: CaptureConfig, *, hour: datetime, variants: Collection[str], span: str
    ) -> Iterator[ObjectInfo]:
        return self._captures.recent(endpoint, capture, hour=hour, variants=variants, span=span)

    def open(self, item: ObjectInfo, *, offset: int = 0) -> Iterator[bytes]:
        return self._captures.open(item, offset=offset)

    def table(self, uri: str, *, limit: int = TABLE_LIMIT) -> bytes:
        return self._captures.table(uri, limit=limit)


def _baseline(prepared: Prepared, archive: Archive) -> tuple[Baseline, CaptureFormat]:
    if prepared.obstacle is not None or prepared.capture_format is None:
        raise ConflictError(f"window {prepared.window.key} of {prepared.model.id}: {prepared.obstacle}")
    return load_baseline(prepared.model.id, prepared.baseline_sha256, archive=archive), prepared.capture_format


def _count(part: Part, prepared: Prepared, baseline: Baseline, captures: CaptureReader) -> Counts:
    pieces = read_part(prepared.model, part, captures=captures)
    return count_pieces(pieces, baseline, multivariate=prepared.policy.multivariate)


def _name(prepared: Prepared, part: Part) -> str:
    files = [[item.uri, item.etag, item.size] for items in (part.own, part.beside) for item in items]
    # Counts of another format have another name: a run that spans an update is started again, and never fails for good.
    digest = sha256_of([COUNTS_FORMAT, prepared.baseline_sha256, prepared.policy.multivariate, len(part.own), files])
    return counts_name(prepared.model.id, prepared.window, digest)
