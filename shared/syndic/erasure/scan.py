"""Planning: every captured object is read and what would go of it is written down. Nothing is changed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from syndic.canonical import canonical_json, sha256_of
from syndic.erasure.identifiers import Matcher
from syndic.erasure.keys import sheet_name
from syndic.erasure.lines import Going, Persons, find_lines, find_records
from syndic.erasure.models import Erasure, ErasureFound, ErasureSheet, ErasureState, PlannedObject, Progress
from syndic.erasure.rewrite import content_of, content_sha256, without
from syndic.errors import ConflictError, InvalidInputError, NotFoundError, TooLargeError
from syndic.models import CaptureConfig, Endpoint, RegisteredModel, TimeWindow, to_json
from syndic.models.capture_paths import span_ends
from syndic.ports import Archive, CaptureReader, ObjectInfo

MOST_ON_A_SHEET = 1000
ALWAYS = TimeWindow(start=datetime(2000, 1, 1, tzinfo=UTC), end=datetime(2200, 1, 1, tzinfo=UTC))
"""In which all ground truth was collected."""

TOO_LARGE = "an object too large to be written in one piece"
PARQUET = "Parquet, which is not rewritten"
DAMAGED = "compressed data that is damaged"
REPLACED = "an object that was replaced while it was read"
UNDATED = "an object whose folder names no time"


@dataclass(slots=True)
class _Step:
    """What one call of the worker adds to a plan."""

    found: ErasureFound = field(default_factory=ErasureFound)
    objects: list[PlannedObject] = field(default_factory=list)

    def stays(self, reason: str) -> None:
        """An object that would have to be looked at, or to go, and stays."""
        self.found = self.found.plus(ErasureFound(unresolved=1, reasons={reason: 1}))


def plan_further(
    progress: Progress,
    model: RegisteredModel,
    *,
    captures: CaptureReader,
    archive: Archive,
    over: Callable[[], bool],
) -> Progress:
    """Look at objects until all were, or the time is over; what was found lies in the archive, counted in the record.

    Args:
        progress: As it is stored.
        model: The model, whose endpoint captures.
        captures: Reads them.
        archive: Keeps the sheets.
        over: Whether the time of this call is over.
    """
    endpoint, erasure = model.endpoint, progress.erasure
    if endpoint is None or endpoint.capture is None:
        return _finished(progress)
    persons = Persons(
        model.capture_schema, erasure.column, Matcher(erasure.id, progress.wanted), Matcher(erasure.id, progress.calls)
    )
    step, capture = _Step(), endpoint.capture
    for phase, after, item in _left(progress, endpoint, capture, captures):
        if item is not None:
            _look_at(item, erasure, persons, captures, step)
        progress = progress.model_copy(
            update={"phase": phase, "after": after, "last": None if item is None else item.uri}
        )
        if over() or len(step.objects) >= MOST_ON_A_SHEET:
            return _kept(progress, step, persons, archive)
    return _finished(_kept(progress, step, persons, archive))


def _left(
    progress: Progress, endpoint: Endpoint, capture: CaptureConfig, captures: CaptureReader
) -> Iterator[tuple[str, str | None, ObjectInfo | None]]:
    """Objects that were not looked at yet, each with the phase and the mark from where on its part is listed."""
    after, last, more = progress.after, progress.last, progress.phase == "captures"
    while more:
        part = captures.part(endpoint, capture, after=after, calls=1)
        for item in part.files:
            if last is None or item.uri > last:
                yield "captures", after, item
        after, last = part.after, None
        more = after is not None
        yield ("captures", after, None) if more else ("labels", None, None)
    for item in captures.labels(capture, ALWAYS):
        if last is None or item.uri > last:
            yield "labels", None, item


def _look_at(item: ObjectInfo, erasure: Erasure, persons: Persons, captures: CaptureReader, step: _Step) -> None:
    step.found = step.found.plus(ErasureFound(looked_at=1))
    if erasure.older_than is not None:
        ends = span_ends(item.uri)
        if ends is None:
            step.stays(UNDATED)
        elif ends <= erasure.older_than:
            _goes_whole(item, captures, step)
        return
    if item.uri.removesuffix(".gz").endswith(".parquet"):
        step.stays(PARQUET)
        return
    data = _read(item, captures, step)
    if data is None:
        return
    going = find_records(data, persons) if _is_csv(item) else find_lines(data, persons)
    _add(item, data, going, persons, step)


def _is_csv(item: ObjectInfo) -> bool:
    return item.uri.removesuffix(".gz").endswith(".csv")


def _read(item: ObjectInfo, captures: CaptureReader, step: _Step) -> bytes | None:
    try:
        return content_of(item, captures)
    except TooLargeError:
        step.stays(TOO_LARGE)
    except InvalidInputError:
        step.stays(DAMAGED)
    except (ConflictError, NotFoundError):
        step.stays(REPLACED)
    return None


def _goes_whole(item: ObjectInfo, captures: CaptureReader, step: _Step) -> None:
    """An object that goes by its age: its lines are counted, not read."""
    rows, ended = 0, True
    try:
        for block in captures.open(item):
            rows += block.count(b"\n")
            ended = block.endswith(b"\n")
    except (TooLargeError, InvalidInputError):
        ended = True  # what can be read of it is counted
    except (ConflictError, NotFoundError):
        step.stays(REPLACED)
        return
    rows += not ended
    step.objects.append(PlannedObject(uri=item.uri, etag=item.etag, size=item.size, rows=rows, whole=True))
    step.found = step.found.plus(ErasureFound(objects=1, removed=1, rows=rows, bytes_before=item.size))


def _add(item: ObjectInfo, data: bytes, going: Going, persons: Persons, step: _Step) -> None:
    reasons = dict(sorted(going.unresolved.items()))
    found = ErasureFound(unreadable=going.unreadable, unresolved=sum(reasons.values()), reasons=reasons)
    if going.rows:
        after = without(data, going.lines, going.cut, persons)
        whole = not after.strip()
        step.objects.append(
            PlannedObject(
                uri=item.uri, etag=item.etag, size=item.size, lines=tuple(going.lines), cut=going.cut, rows=going.rows,
                whole=whole, after_sha256=None if whole else content_sha256(after),
                after_size=0 if whole else len(after),
            )
        )  # fmt: skip
        found = found.plus(
            ErasureFound(
                objects=1, removed=int(whole), rows=going.rows, bytes_before=item.size,
                bytes_after=0 if whole else len(after),
            )
        )  # fmt: skip
    step.found = step.found.plus(found)


def _kept(progress: Progress, step: _Step, persons: Persons, archive: Archive) -> Progress:
    erasure = progress.erasure
    sheets = erasure.sheets
    if step.objects:
        data = canonical_json({"erasure": erasure.id, "objects": [to_json(one) for one in step.objects]})
        digest = content_sha256(data)
        sheet = ErasureSheet(name=sheet_name(erasure.id, digest), sha256=digest, objects=len(step.objects))
        archive.put(sheet.name, data, content_type="application/json")
        sheets = (*sheets, sheet)
    erasure = erasure.model_copy(update={"found": erasure.found.plus(step.found), "sheets": sheets})
    calls = tuple(sorted(persons.calls.hashes))
    return progress.model_copy(update={"erasure": erasure, "calls": calls})


def _finished(progress: Progress) -> Progress:
    """The plan is made: it gets its hash, and what was looked for is forgotten."""
    erasure = progress.erasure
    plan = {
        "id": erasure.id,
        "model_id": erasure.model_id,
        "found": to_json(erasure.found),
        "sheets": [to_json(one) for one in erasure.sheets],
    }
    update = {"state": ErasureState.PLANNED, "plan_sha256": sha256_of(plan)}
    return Progress(erasure=erasure.model_copy(update=update))
