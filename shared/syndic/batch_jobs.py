"""Batch jobs of registered models: where they are kept, which files hold their rows, and what served in them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from syndic.errors import InvalidInputError
from syndic.models import BatchJob, CaptureConfig, CaptureFormat, Endpoint, KeptJob, RegisteredModel, TimeWindow
from syndic.models.capture_paths import hour_path
from syndic.models.jobs import ANSWERS
from syndic.ports import TABLE_LIMIT, CaptureReader, Key, ListedPart, ObjectInfo, Readable, Store
from syndic.records import get_model, iterate

BY_TIME: Final = "job_at."
"""Sort prefix of what tells the job of a window."""

SLACK: Final = timedelta(minutes=5)
"""By which the clocks of a job and of the store of its files may differ, and writing may go on after its end."""

_HOUR: Final = timedelta(hours=1)


def job_key(model_id: str, name: str) -> Key:
    """Key of a batch job. Names are letters, digits and dashes."""
    return Key(f"model.{model_id}", f"job.{name}")


def window_key(model_id: str, window: TimeWindow) -> Key:
    """Key of what tells the job of a window: no two jobs have one."""
    return Key(f"model.{model_id}", f"{BY_TIME}{window.key}")


def find_job(store: Readable, model_id: str, name: str) -> KeptJob | None:
    """A job of a model, or None."""
    record = store.get(job_key(model_id, name))
    return None if record is None else KeptJob.model_validate(record.body)


def windows_of_jobs(store: Store, model_id: str, *, newest_first: bool = False) -> Iterator[TimeWindow]:
    """The windows of a model's jobs, by when they began."""
    for record in iterate(store, f"model.{model_id}", prefix=BY_TIME, descending=newest_first):
        yield TimeWindow.model_validate(record.body["window"])


def served_in(model: RegisteredModel, window: TimeWindow, store: Readable) -> RegisteredModel:
    """The model with what served in a window: of a job its own version, whatever the newest job used."""
    kept = None if window.job is None else find_job(store, model.id, window.job)
    if kept is None or model.endpoint is None:
        return model
    variant = {
        "model_name": kept.job.model_name, "model_version": kept.job.model_version, "image": kept.job.image
    }  # fmt: skip
    variants = tuple(one.model_copy(update=variant) for one in model.endpoint.variants)
    return model.model_copy(update={"endpoint": model.endpoint.model_copy(update={"variants": variants})})


def judged_model(store: Readable, model_id: str, window: TimeWindow) -> RegisteredModel:
    """The model of a window that is judged, with what served in it. Raises `NotFoundError`."""
    return served_in(get_model(store, model_id), window, store)


class JobCaptures:
    """A `CaptureReader` that knows the files of batch jobs; of everything else the reader behind it answers."""

    def __init__(self, captures: CaptureReader, store: Readable) -> None:
        self._captures, self._store = captures, store

    def objects(
        self,
        endpoint: Endpoint,
        capture: CaptureConfig,
        window: TimeWindow,
        *,
        variants: Collection[str] | None = None,
    ) -> Iterator[ObjectInfo]:
        """Captured files of a window; of a job its inputs and answers, none where the job is not known (any more)."""
        if capture.format is not CaptureFormat.SAGEMAKER_BATCH:
            yield from self._captures.objects(endpoint, capture, window, variants=variants)
            return
        kept = None if window.job is None else find_job(self._store, endpoint.model_id, window.job)
        if kept is not None:
            yield from job_files(kept.job, endpoint, captures=self._captures)

    def labels(self, capture: CaptureConfig, window: TimeWindow) -> Iterator[ObjectInfo]:
        """As the reader behind it."""
        return self._captures.labels(capture, window)

    def part(self, endpoint: Endpoint, capture: CaptureConfig, *, after: str | None, calls: int) -> ListedPart:
        """As the reader behind it; of batch jobs nothing, as they are listed by name."""
        if capture.format is CaptureFormat.SAGEMAKER_BATCH:
            return ListedPart(())
        return self._captures.part(endpoint, capture, after=after, calls=calls)

    def recent(
        self, endpoint: Endpoint, capture: CaptureConfig, *, hour: datetime, variants: Collection[str], span: str
    ) -> Iterator[ObjectInfo]:
        """As the reader behind it; of batch jobs nothing."""
        if capture.format is CaptureFormat.SAGEMAKER_BATCH:
            return iter(())
        return self._captures.recent(endpoint, capture, hour=hour, variants=variants, span=span)

    def below(self, endpoint: Endpoint, uri: str) -> Iterator[ObjectInfo]:
        """As the reader behind it."""
        return self._captures.below(endpoint, uri)

    def of(self, endpoint: Endpoint) -> CaptureReader:
        """As the reader behind it."""
        return JobCaptures(self._captures.of(endpoint), self._store)

    def open(self, item: ObjectInfo, *, offset: int = 0) -> Iterator[bytes]:
        """As the reader behind it."""
        return self._captures.open(item, offset=offset)

    def table(self, uri: str, *, limit: int = TABLE_LIMIT) -> bytes:
        """As the reader behind it."""
        return self._captures.table(uri, limit=limit)


def job_files(job: BatchJob, endpoint: Endpoint, *, captures: CaptureReader) -> Iterator[ObjectInfo]:
    """A job's inputs as they were when it began, and the answers that were written while it ran.

    What was replaced since is not among them, so that its other side is found to be alone. Answers that hold their
    inputs are all there is to read. Where the job captured manifests of what it read and wrote, they tell which files.
    Raises what listing raises.
    """
    place = f"{job.output_uri.rstrip('/')}/"
    answers = [
        item
        for item in captures.below(endpoint, place)
        if item.uri.endswith(ANSWERS) and job.created_at - SLACK <= item.modified <= job.ended_at + SLACK
    ]
    yield from _named(answers, _captured(job, "output", place, endpoint, captures))
    if job.joined:
        return
    begin, wanted = job.input_uri, None
    if job.input_manifest:
        begin, wanted = _manifest(captures.of(endpoint).table(job.input_uri), where=job.input_uri)
    asked = [
        item
        for item in captures.below(endpoint, begin)
        if (item.modified <= job.created_at + SLACK and not item.uri.startswith(place) and item.uri != job.input_uri)
        or (item.uri == job.input_uri and not job.input_manifest)
    ]
    yield from _named(asked, wanted if wanted is not None else _captured(job, "input", begin, endpoint, captures))


def _named(items: list[ObjectInfo], names: set[str] | None) -> list[ObjectInfo]:
    return items if names is None else [item for item in items if item.uri in names]


def _captured(job: BatchJob, side: str, begin: str, endpoint: Endpoint, captures: CaptureReader) -> set[str] | None:
    """The files that the job's captured manifests name; None where there are none of its own.

    They lie in the folder of the hour in which the job ran, beside those of other jobs.
    """
    if job.captured_uri is None:
        return None
    found: set[str] = set()
    hour = job.created_at.replace(minute=0, second=0, microsecond=0)
    while hour <= job.ended_at:
        folder = f"{job.captured_uri.rstrip('/')}/{side}/{hour_path(hour)}/"
        for item in captures.below(endpoint, folder):
            try:
                _, names = _manifest(captures.table(item.uri), where=item.uri)
            except InvalidInputError:  # something else lies there too
                continue
            if names and all(name.startswith(begin) for name in names):
                found |= names
        hour += _HOUR
    return found or None


def _manifest(data: bytes, *, where: str) -> tuple[str, set[str]]:
    """What a manifest's addresses begin with, and the addresses: ``[{"prefix": "s3://bucket/in/"}, "a.csv", ...]``."""
    try:
        value: Any = json.loads(data)
    except ValueError as error:
        raise InvalidInputError("the manifest is not JSON", where=where) from error
    first = value[0] if isinstance(value, list) and value else None
    prefix = first.get("prefix") if isinstance(first, dict) else None
    if not isinstance(prefix, str) or not all(isinstance(one, str) for one in value[1:]):
        raise InvalidInputError("the manifest is not a list of a prefix and names", where=where)
    return prefix, {f"{prefix}{one}" for one in value[1:]}
