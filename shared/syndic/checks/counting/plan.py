"""Windows that are too large for one function: who counts which files, and what is made of the counts of all parts.

What holds by construction: a run follows the plan that it began with, which lies in the archive, so that a file that
arrives meanwhile is another window's, which discovery asks for again. A worker holds one piece of one part at a time,
and its counts go to the archive under the part's number. The last step reads one part's counts after the other. So
neither a message nor memory grows with the window, and every step may run twice.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final

from pydantic import JsonValue

from syndic.canonical import sha256_of
from syndic.checks.counting.codec import from_bytes
from syndic.checks.counting.counter import Counter, Guarded, MakeCounter
from syndic.checks.counting.read_once import read_once
from syndic.checks.counting.window_counts import Counted, counts_name, keep_counts
from syndic.checks.counting.window_files import ListedFile, WindowFiles
from syndic.errors import ConflictError, InvalidInputError, NotFoundError, UnavailableError
from syndic.models import CountRequested, Noun, RegisteredModel, to_json
from syndic.ports import Archive, CaptureReader, MapRunner, Store
from syndic.records import get_model
from syndic.windows import FORMATS, Part, in_batches

log = logging.getLogger(__name__)

MOST_FILES: Final = 2000
"""Files that one function reads: it fetches sixteen at once, but each is parsed by itself."""

_AT_ONCE: Final = 16
_FEW: Final = 4


class PlannedPart(Noun):
    """Some files of a window that one worker counts."""

    part: int
    own: tuple[ListedFile, ...]
    beside: tuple[ListedFile, ...] = ()

    @property
    def files(self) -> Part:
        """As the readers of windows name it."""
        return Part(tuple(item.info for item in self.own), tuple(item.info for item in self.beside))


class PartTask(Noun):
    """What a worker is given."""

    run: str
    request: CountRequested
    item: PlannedPart


class PartResult(Noun):
    """What a worker returns: a few bytes, however large its files."""

    part: int
    objects: int


class RunPlan(Noun):
    """A run of a large window, without its parts."""

    request: CountRequested
    parts: int
    labels: tuple[ListedFile, ...] = ()


@dataclass(frozen=True, slots=True)
class Counters:
    """How counters are made: one line for each check."""

    make: Mapping[str, MakeCounter]
    store: Store
    archive: Archive
    captures: CaptureReader

    def of(self, request: CountRequested, model: RegisteredModel) -> list[Counter]:
        """The counters of a request; none for a check that has nothing to count by, or cannot be counted.

        Its judge then finds out why, and fails alone. Raises `UnavailableError`.
        """
        made = (self._made(check, request, model) for check in request.checks)
        return [counter for counter in made if counter is not None]

    def _made(self, check: str, request: CountRequested, model: RegisteredModel) -> Counter | None:
        make = self.make[check]
        try:
            return make(model, request.window, store=self.store, archive=self.archive, captures=self.captures)
        except UnavailableError:
            raise
        except Exception:  # what is wrong with one check's policy or baseline is that check's
            log.exception("no counter", extra={"check": check, "model_id": model.id})
            return None


def is_large(files: WindowFiles, *, threshold_mb: int) -> bool:
    """Whether a window is too much for one function."""
    return files.bytes > threshold_mb * 1_000_000 or len(files.objects) > MOST_FILES


def start_run(
    request: CountRequested, model: RegisteredModel, files: WindowFiles, *, archive: Archive, maps: MapRunner
) -> str:
    """Plan a run, write the plan to the archive and start it; returns the run's name.

    The same request of the same files is the same run. Raises `ConflictError` when it failed too often.
    """
    capture = model.endpoint.capture if model.endpoint else None
    if capture is None:
        raise InvalidInputError("the model has no captured traffic", where=f"model {model.id}")
    run = f"{model.id[:50]}-{sha256_of([to_json(request), files.digest])[:16]}"
    parts = [
        PlannedPart(part=number, own=_listed(part.own), beside=_listed(part.beside))
        for number, part in enumerate(in_batches(FORMATS[capture.format].parts(files.objects)))
    ]
    plan = RunPlan(request=request, parts=len(parts), labels=_listed(files.labels))
    items: list[dict[str, JsonValue]] = [to_json(part) for part in parts]
    archive.put(_plan_name(run), json.dumps(to_json(plan)).encode(), content_type="application/json")
    lines = "".join(f"{json.dumps(item)}\n" for item in items)
    archive.put(items_name(run), lines.encode(), content_type="application/jsonl")
    return maps.start(run, request, items)


def count_part(task: PartTask, counters: Counters) -> PartResult:
    """Count one part of a run and keep its counts. Raises `ConflictError` when one of its files was replaced."""
    model = get_model(counters.store, task.request.model_id)
    plan = _plan(task.run, counters.archive)
    part = task.item.files
    files = WindowFiles(part.own, tuple(item.info for item in plan.labels))
    guarded = [Guarded(counter) for counter in counters.of(task.request, model)]
    captures = counters.captures if model.endpoint is None else counters.captures.of(model.endpoint)
    read_once(model, files, guarded, captures=captures, part=part)
    keep_counts(_part_name(task.run, task.item.part), files, guarded, archive=counters.archive)
    return PartResult(part=task.item.part, objects=len(part.own))


def merge_parts(run: str, counters: Counters) -> tuple[CountRequested, str]:
    """Add up the counts of a run's parts and keep the sum: the counts that one function would have made.

    Returns the request, and the name of the counts. Raises `ConflictError` when a part was not counted, or by another
    baseline or policy than those of now: the run is to be started again.
    """
    plan, archive = _plan(run, counters.archive), counters.archive
    model = get_model(counters.store, plan.request.model_id)
    guarded = [Guarded(counter) for counter in counters.of(plan.request, model)]
    objects: list[Any] = []
    for number, counted in enumerate(_parts(run, plan.parts, archive)):
        objects += counted.files.objects
        for one in guarded:
            section = counted.sections.get(one.check)
            if section is None or section.basis != one.basis:
                raise ConflictError(f"part {number} of {run} was not counted by what {one.check} is judged by now")
            one.failure = one.failure or section.failure
            one.merge(section.counts)
    files = WindowFiles(tuple(objects), tuple(item.info for item in plan.labels))
    name = counts_name(model.id, plan.request.window, files, guarded)
    keep_counts(name, files, guarded, archive=archive)
    return plan.request, name


def items_name(run: str) -> str:
    """Name of the parts of a run in the archive, a line each."""
    return f"maps/{run}/items.jsonl"


def _plan_name(run: str) -> str:
    return f"maps/{run}/window.json"


def _part_name(run: str, part: int) -> str:
    return f"maps/{run}/counts/{part:08d}.counts"


def _plan(run: str, archive: Archive) -> RunPlan:
    return RunPlan.model_validate_json(archive.get(_plan_name(run)))


def _parts(run: str, number: int, archive: Archive) -> Iterator[Counted]:
    names = [_part_name(run, part) for part in range(number)]
    for first in range(0, number, _AT_ONCE):
        for name, data in zip(names[first:], _read(names[first : first + _AT_ONCE], archive), strict=False):
            yield from_bytes(Counted, data, where=name)


def _read(names: Sequence[str], archive: Archive) -> list[bytes]:
    try:
        if len(names) <= _FEW:
            return [archive.get(name) for name in names]
        with ThreadPoolExecutor(len(names)) as pool:
            return list(pool.map(archive.get, names))
    except NotFoundError as error:
        raise ConflictError(f"a part of the run was not counted: {error}") from error


def _listed(items: Sequence[Any]) -> tuple[ListedFile, ...]:
    return tuple(ListedFile.of(item) for item in items)
