"""A proposal from the beginning of some captured files."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import numpy as np

from syndic.errors import InvalidInputError
from syndic.models import CaptureConfig, CaptureSchema, ColumnRole, Endpoint, RegisteredModel, TimeWindow
from syndic.onboarding.columns import protected_in, with_roles
from syndic.onboarding.job_traffic import look_at_jobs
from syndic.onboarding.models import Proposal, Seen
from syndic.onboarding.spans import DAYS, MOST_BYTES, baseline_of, complete_days, window_for
from syndic.onboarding.traffic import FILES, Listed, Traffic, beginning
from syndic.ports import CaptureReader, ObjectInfo
from syndic.windows import Categories, Window
from syndic.windows.formats.protocol import Format
from syndic.windows.formats.table import FORMATS
from syndic.windows.tables.captures import FoundRows, find_rows
from syndic.windows.tables.sources import TableSource

MOST_CLASSES: Final = 12
LONGEST_CLASS: Final = 40
FEWEST_OF_A_CLASS: Final = 5
"""An answer that few rows have, or a long one, may say who asked: it is not shown."""

HOUR: Final = timedelta(hours=1)
LOOKED_BACK: Final = 48  # hours before the newest, until there are files enough


def propose(
    model: RegisteredModel,
    *,
    captures: CaptureReader,
    oldest: datetime | None,
    newest: datetime | None,
    jobs: Sequence[TimeWindow] = (),
    has_baseline: bool,
    has_attributes: bool,
) -> Proposal:
    """What a model needs before it can be checked, as far as its traffic tells.

    Args:
        model: The model. A capture schema that it has is kept, and its columns are what attributes are looked for in.
        captures: Its captured traffic; only the beginning of some files is read.
        oldest: Start of the first captured hour, as discovery knows it; None: it does not.
        newest: Start of the newest one.
        jobs: Of a model that answers in batch jobs their windows, oldest first; those that can be judged.
        has_baseline: Whether a baseline is set.
        has_attributes: Whether its fairness policy names an attribute.
    """
    kept = [
        name
        for name, stands in (
            ("capture_schema", model.capture_schema is not None),
            ("baseline", has_baseline),
            ("protected_attributes", has_attributes),
        )
        if stands
    ]
    proposal = Proposal(model_id=model.id, name=model.name, kept=tuple(kept))
    endpoint = model.endpoint
    capture = None if endpoint is None else endpoint.capture
    if endpoint is None or capture is None or not capture.enabled:
        return _asking(proposal, "its traffic is not captured: turn capture on, or send rows to the API")
    listed = partial(captures.objects, endpoint, capture)
    form = FORMATS[capture.format]
    try:
        traffic = (
            look_at_jobs(jobs, listed, captures) if endpoint.batch else _hours(form, listed, captures, oldest, newest)
        )
    except InvalidInputError as error:
        return _asking(proposal, f"the captured records cannot be read: {error}")
    if isinstance(traffic, str):
        return _asking(proposal, traffic)
    found, seen = traffic.found, traffic.seen
    schema = model.capture_schema or with_roles(found.schema, found.window)
    proposal = proposal.model_copy(
        update={
            "seen": seen,
            "window": None if seen.rows_a_day is None else window_for(seen.rows_a_day),
            "capture_schema": None if model.capture_schema else schema,
            "baseline": None if has_baseline else traffic.baseline,
            "protected_attributes": () if has_attributes else protected_in(schema.captured),
        }
    )
    return _asking(proposal, *_questions(endpoint, capture, proposal, schema, traffic))


def _asking(proposal: Proposal, *questions: str) -> Proposal:
    return proposal.model_copy(update={"questions": (*proposal.questions, *questions)})


def _hours(
    form: Format, listed: Listed, captures: CaptureReader, oldest: datetime | None, newest: datetime | None
) -> Traffic | str:
    """What captured hours show; or why they show nothing. Raises `InvalidInputError` when no record can be used."""
    if oldest is None or newest is None:
        return "no captured file was found yet: ask again when discovery has seen some"
    parts = _newest_parts(form, listed, newest)
    if not parts:
        return "the files that discovery saw are not there any more"
    text = b"".join(_read_part(form, part, captures) for part in parts)
    found = find_rows(TableSource(text, "captured files"))
    days = _days(listed, complete_days(oldest, newest))
    baseline = baseline_of(days)
    lack = None if baseline else _lack_of(days)
    seen = Seen(
        files=sum(len(part) for part in parts),
        records=found.window.intake.read,
        rejected=found.window.intake.rejected,
        rows=found.window.rows,
        rows_a_day=_rows_a_day(days, found.window.rows, len(text)),
        oldest_hour=oldest,
        newest_hour=newest,
    )
    return Traffic(found, seen, baseline, lack)


def _newest_parts(form: Format, listed: Listed, newest: datetime) -> list[tuple[ObjectInfo, ...]]:
    """Some files of the newest hours, spread over what lies there; those that hold the two sides of calls together."""
    found: list[ObjectInfo] = []
    for back in range(LOOKED_BACK):
        hour = TimeWindow(start=newest - back * HOUR, end=newest - (back - 1) * HOUR)
        found += listed(hour)
        if len(found) >= FILES:
            break
    parts = [part.own for part in form.parts(found)]
    wanted = min(len(parts), FILES // max((len(part) for part in parts), default=1) or 1)
    return [parts[number * len(parts) // wanted] for number in range(wanted)]


def _read_part(form: Format, files: tuple[ObjectInfo, ...], captures: CaptureReader) -> bytes:
    """The beginnings of files. Where one is cut, the other side of some calls was not read: these are left out."""
    begun = [beginning(item, captures) for item in files]
    cut = any(len(read) < item.size for item, read in zip(files, begun, strict=True))
    return form.whole_calls(b"".join(begun)) if cut else b"".join(begun)


def _days(listed: Listed, days: tuple[TimeWindow, ...]) -> tuple[tuple[TimeWindow, int], ...]:
    """The first complete days with the bytes of their files, as far as they can be part of a baseline."""
    found: list[tuple[TimeWindow, int]] = []
    total = 0
    for day in days[: DAYS[0]]:
        size = sum(item.size for item in listed(day))
        found.append((day, size))
        total += size
        if total > MOST_BYTES:
            break
    return tuple(found)


def _rows_a_day(days: tuple[tuple[TimeWindow, int], ...], rows: int, read: int) -> int | None:
    """By the bytes of the middle one of the first days, and those in which so many rows were read."""
    usual = sorted(size for _, size in days)[len(days) // 2] if days else None
    return None if usual is None or not read else round(rows * usual / read)


def _lack_of(days: tuple[tuple[TimeWindow, int], ...]) -> str:
    if not days:
        return "no day is captured from its first to its last hour yet: a baseline needs one"
    if days[0][1] > MOST_BYTES:
        return (
            f"the first complete day has {days[0][1] // 2**20} MiB of files, too many for one call: "
            "give a table of it as the baseline"
        )
    return "the first complete day has no file: name the days of the baseline"


def _questions(
    endpoint: Endpoint, capture: CaptureConfig, proposal: Proposal, schema: CaptureSchema, traffic: Traffic
) -> Iterator[str]:
    found = traffic.found
    if proposal.capture_schema is not None:
        yield from _about_columns(schema, found)
        yield from traffic.about_columns
    if "baseline" not in proposal.kept and traffic.lack is not None:
        yield traffic.lack
    if proposal.protected_attributes:
        answers = [spec for spec in schema.outputs if spec.role is ColumnRole.PREDICTION]
        yield f"which predictions favour a person? {_classes(answers[0].name, found.window) if answers else ''}".strip()
    elif "protected_attributes" not in proposal.kept:
        yield "no column's name tells a protected attribute: name one, or a file that has them by row id"
    if capture.labels_uri is None:
        tagged = "jobs" if endpoint.batch else "endpoint"
        yield f"where do outcomes arrive? tag the {tagged} with syndic:labels, or send them to the API"


def _about_columns(schema: CaptureSchema, found: FoundRows) -> Iterator[str]:
    if found.unnamed:
        yield f"captured rows have no names: put the model's own in place of {found.unnamed[0]}, ... in this order"
    if found.nested:
        yield f"left out, as they hold lists or objects: {', '.join(found.nested[:6])}"
    if not schema.outputs:
        yield "no answer was found in the captured records: is the output captured?"
    rejected, read = found.window.intake.rejected, found.window.intake.read
    if rejected:
        why = "; ".join(sorted(found.window.intake.examples.values())[:2])
        yield f"{rejected} of {read} records could not be read: {why}"
    for spec in schema.inputs:
        if spec.role is ColumnRole.ROW_ID:
            yield f"is {spec.name} the row's id? each of {found.window.rows} rows has another one"


def _classes(name: str, window: Window) -> str:
    column = window.columns.get(name)
    if not isinstance(column, Categories) or not 1 <= len(column.levels) <= MOST_CLASSES:
        return ""
    counts = np.bincount(column.codes[column.codes >= 0], minlength=len(column.levels))
    if min(counts.tolist()) < FEWEST_OF_A_CLASS or max(map(len, column.levels)) > LONGEST_CLASS:
        return ""
    return f"{name} is one of {', '.join(sorted(column.levels))}"
