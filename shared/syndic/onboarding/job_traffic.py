"""What the files of a model's batch jobs show: columns in those of the newest, a baseline among the first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from syndic.errors import InvalidInputError, NotFoundError
from syndic.models import TimeWindow
from syndic.onboarding.models import Seen
from syndic.onboarding.spans import ENOUGH, MOST_BYTES
from syndic.onboarding.traffic import FILES, Listed, Traffic, beginning
from syndic.ports import CaptureReader, ObjectInfo
from syndic.windows.formats.sagemaker.paired_files import FilePair, paired
from syndic.windows.tables.captures import find_rows
from syndic.windows.tables.job_records import job_records
from syndic.windows.tables.sources import TableSource

_JOINED: Final = "answers hold their inputs: the last column is taken for the answer, move the others that are answers"


def look_at_jobs(jobs: Sequence[TimeWindow], listed: Listed, captures: CaptureReader) -> Traffic | str:
    """What jobs show; or why they show nothing. Raises `InvalidInputError` when none of the lines can be used.

    The baseline is the first job that has enough rows and is small enough to be read in one call; where none has
    enough, the first that is small enough, and it is asked whether that will do.
    """
    if not jobs:
        return "none of its batch jobs can be read yet: `capture.config` says why, ask again after one that completed"
    pairs: list[FilePair] = []
    joined = False
    for job in reversed(jobs):
        pairs = paired(_files(job, listed))
        joined = bool(pairs) and all(pair.asked is None for pair in pairs)
        pairs = [pair for pair in pairs if pair.answered is not None and (joined or pair.asked is not None)]
        if pairs:
            break
    if not pairs:
        return "no file of its batch jobs is there any more with its answers"
    chosen = pairs[:: max(1, len(pairs) // FILES)][:FILES]
    records: list[bytes] = []
    rows = 0.0
    for pair in chosen:
        begun = [beginning(item, captures) for item in pair.files]
        lines = list(job_records(None if joined else begun[0], begun[-1], name=f"file-{len(records)}"))
        records += lines
        # One side may be cut before the other: the one that was read less of tells how many rows there are.
        parts = [item.size / len(read) for item, read in zip(pair.files, begun, strict=True) if read]
        rows += len(lines) * max(1.0, *parts, 1.0)
    if not records:
        return "no line of its batch jobs has an answer beside it"
    found = find_rows(TableSource(b"".join(records), "files of batch jobs"))
    a_byte = rows / max(1, sum(item.size for pair in chosen for item in pair.files))
    seen = Seen(
        files=sum(len(pair.files) for pair in chosen),
        records=found.window.intake.read,
        rejected=found.window.intake.rejected,
        rows=found.window.rows,
    )
    baseline, lack = _baseline(jobs, listed, a_byte)
    unsure = (_JOINED,) if joined and len(found.schema.outputs) == 1 and found.unnamed else ()
    return Traffic(found, seen, baseline, lack, unsure)


def _baseline(jobs: Sequence[TimeWindow], listed: Listed, a_byte: float) -> tuple[TimeWindow | None, str | None]:
    small: tuple[TimeWindow, int] | None = None
    for job in jobs:
        size = sum(item.size for item in _files(job, listed))
        if not 0 < size <= MOST_BYTES:
            continue
        rows = round(size * a_byte)
        if rows >= ENOUGH:
            return job, None
        small = small or (job, rows)
    if small is None:
        return (
            None,
            f"none of its first jobs has files of at most {MOST_BYTES // 2**20} MiB: give a table as the baseline",
        )
    job, rows = small
    return job, f"are the about {rows} rows of batch job {job.job} a baseline? {ENOUGH} are enough to find a shift"


def _files(job: TimeWindow, listed: Listed) -> tuple[ObjectInfo, ...]:
    """A job's files; none where the manifest that names them is gone or is none: other jobs may tell."""
    try:
        return tuple(listed(job))
    except (NotFoundError, InvalidInputError):
        return ()
