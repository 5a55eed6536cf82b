"""Doing exactly what a plan says: each object is changed only while it is the one that was read.

It may end anywhere and be gone on with: an object that is done is known again by its content, one that became another
is left as it is and counted.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import suppress

from syndic.erasure.identifiers import Matcher
from syndic.erasure.lines import Persons
from syndic.erasure.models import Erasure, ErasureDone, ErasureSheet, PlannedObject, Progress
from syndic.erasure.rewrite import content_of, content_sha256, packed, without
from syndic.errors import ConflictError, InvalidInputError, NotFoundError, TooLargeError
from syndic.models import RegisteredModel
from syndic.ports import Archive, CaptureEraser, CaptureReader, ObjectInfo


def apply_further(
    progress: Progress,
    model: RegisteredModel,
    *,
    captures: CaptureReader,
    eraser: CaptureEraser,
    archive: Archive,
    over: Callable[[], bool],
) -> tuple[Progress, bool]:
    """Do objects of the plan until all are done, or the time is over; returns how far it is and whether it ended.

    Raises `ConflictError` when a sheet in the archive is not the one that was planned: nothing is done by it.
    """
    erasure = progress.erasure
    persons = Persons(model.capture_schema, erasure.column, Matcher(erasure.id), Matcher(erasure.id))
    for number, place, planned in _left(progress, archive):
        done = _do(planned, persons, captures, eraser)
        erasure = progress.erasure
        erasure = erasure.model_copy(update={"done": _plus(erasure.done, done)})
        progress = progress.model_copy(update={"erasure": erasure, "sheet": number, "item": place + 1})
        if over():
            break
    return progress, _reached(progress, erasure.sheets)


def planned_objects(erasure: Erasure, archive: Archive, *, start: int = 0, most: int = 100) -> list[PlannedObject]:
    """Some objects of a plan in its order, from a number on."""
    found: list[PlannedObject] = []
    passed = 0
    for sheet in erasure.sheets:
        if passed + sheet.objects > start:
            found += read_sheet(sheet, archive)[max(0, start - passed) :]
        passed += sheet.objects
        if len(found) >= most:
            break
    return found[:most]


def read_sheet(sheet: ErasureSheet, archive: Archive) -> list[PlannedObject]:
    """The objects on a sheet. Raises `ConflictError` when it is not the one that was written."""
    data = archive.get(sheet.name)
    if hashlib.sha256(data).hexdigest() != sheet.sha256:
        raise ConflictError("the plan in the archive is not the one that was made: its SHA-256 differs; plan again")
    return [PlannedObject.model_validate(one) for one in json.loads(data)["objects"]]


def _left(progress: Progress, archive: Archive) -> Iterator[tuple[int, int, PlannedObject]]:
    for number, sheet in enumerate(progress.erasure.sheets):
        if number >= progress.sheet:
            first = progress.item if number == progress.sheet else 0
            for place, planned in enumerate(read_sheet(sheet, archive)[first:], first):
                yield number, place, planned


def _reached(progress: Progress, sheets: tuple[ErasureSheet, ...]) -> bool:
    return not sheets or (progress.sheet == len(sheets) - 1 and progress.item >= sheets[-1].objects)


def _plus(one: ErasureDone, other: ErasureDone) -> ErasureDone:
    return ErasureDone(**{name: getattr(one, name) + getattr(other, name) for name in ErasureDone.model_fields})


def _do(planned: PlannedObject, persons: Persons, captures: CaptureReader, eraser: CaptureEraser) -> ErasureDone:
    done = ErasureDone(objects=1, rows=planned.rows)
    present = eraser.look_at(planned.uri)
    if present is None:
        return done if planned.whole else ErasureDone(gone=1)
    if present.etag == planned.etag:
        with suppress(ConflictError, NotFoundError):
            _change(planned, present, persons, captures, eraser)
            return done
        present = eraser.look_at(planned.uri)
    if planned.after_sha256 is not None and present is not None and _is(planned.after_sha256, present, captures):
        return done  # by a call that died before it could say so
    return ErasureDone(changed=1)


def _change(
    planned: PlannedObject, present: ObjectInfo, persons: Persons, captures: CaptureReader, eraser: CaptureEraser
) -> None:
    if planned.whole:
        eraser.remove(present)
        return
    after = without(content_of(present, captures), planned.lines, planned.cut, persons)
    if content_sha256(after) != planned.after_sha256:
        raise ConflictError(f"{planned.uri}: what would stay is not what was planned")
    eraser.rewrite(present, packed(after, planned.uri))


def _is(sha256: str, present: ObjectInfo, captures: CaptureReader) -> bool:
    try:
        return content_sha256(content_of(present, captures)) == sha256
    except (ConflictError, NotFoundError, InvalidInputError, TooLargeError):
        return False
