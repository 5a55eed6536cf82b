"""Shadow traffic: a version gets copies of what was asked, and its answers are compared with those that were given.

Nobody waits for it and nobody gets its answer: whoever keeps the records asks it, or a thread beside the server. What
it answered is logged apart from the model's traffic, so no check takes it for something that was decided.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from syndic.errors import SyndicError
from syndic.gateway.contract import Checked, ContractBrokenError, check
from syndic.gateway.inference_record import (
    Compared,
    InferenceRecord,
    Outcome,
    ShadowCopy,
    answered_lines,
    parts,
    saturated,
)
from syndic.gateway.outputs import Decision, decide
from syndic.gateway.rows import Rows
from syndic.gateway.serving import Served, Serving
from syndic.ports import Backends

MOST_COPIED: Final = 60_000
"""Bytes of one copy: a message takes 256 KB, most of it for the log. Larger requests are not copied."""

BINS: Final = 20
"""Of scores from 0 to 1."""

PATIENCE: Final = 20.0
"""Seconds for the copies of one batch: what keeps the log must not be kept from it."""


def copied(shadow: Served, checked: Checked, decisions: Sequence[Decision], ids: Sequence[str]) -> ShadowCopy | None:
    """What the shadow is to be asked, and what was answered; None for a request that is too large to be copied."""
    rows = tuple({**along, **row} for along, row in zip(checked.along, checked.rows, strict=True))
    if len(rows) > MOST_COPIED // 20:  # each row takes more
        return None
    copy = ShadowCopy(
        variant=shadow.candidate.variant, rows=rows, ids=tuple(ids),
        predictions=tuple(one.prediction for one in decisions), scores=tuple(one.probability for one in decisions),
    )  # fmt: skip
    return copy if len(copy.model_dump_json().encode()) <= MOST_COPIED else None


def without_copy(record: InferenceRecord) -> InferenceRecord:
    """The record as it is kept: its copy was for the shadow only."""
    return record if record.copied is None else record.model_copy(update={"copied": None})


def ask_shadows(
    records: Sequence[InferenceRecord],
    *,
    serving: Serving,
    backends: Backends,
    pseudonyms: Callable[[], bytes | None] = lambda: None,
    stopwatch: Callable[[], float] = time.perf_counter,
) -> list[InferenceRecord]:
    """The records of what shadows answered to the copies in some records.

    A copy whose shadow is gone meanwhile, or for which no time is left, is dropped: it is a copy. Never raises for what
    a shadow does.
    """
    began = stopwatch()
    found: list[InferenceRecord] = []
    for record in records:
        if record.copied is None or stopwatch() - began > PATIENCE:
            continue
        try:
            served = serving.shadow(record.model_id)
        except SyndicError:
            continue
        if served is None or served.candidate.variant != record.copied.variant:
            continue
        found += _ask(record, record.copied, served, backends=backends, pseudonyms=pseudonyms, stopwatch=stopwatch)
    return found


def _ask(
    record: InferenceRecord,
    copy: ShadowCopy,
    served: Served,
    *,
    backends: Backends,
    pseudonyms: Callable[[], bytes | None],
    stopwatch: Callable[[], float],
) -> Iterator[InferenceRecord]:
    began = stopwatch()
    lines: tuple[str, ...] = ()
    outcome: Outcome = "answered"
    status, reason, compared = 200, None, None
    try:
        checked = check(Rows(copy.rows, None, "copy", copy.ids), served.contract)
        answers = backends.predict(served.asked, [one.name for one in served.contract.features], checked.rows)
        decisions = decide(answers, served.settings, rows=len(copy.rows))
        compared = compare(copy, decisions)
        key = pseudonyms() if served.settings.log.pseudonymised else None
        lines = tuple(
            answered_lines(served, checked, decisions, copy.ids, request_id=record.request_id, at=record.at, key=key)
        )
    except ContractBrokenError as error:
        outcome, status, reason = "refused", 422, str(error)
    except SyndicError as error:
        outcome, status, reason = "failed", 503, str(error)
    milliseconds = max(0.0, (stopwatch() - began) * 1_000)
    for place, part in enumerate(parts(lines)):
        yield InferenceRecord(
            id=f"{record.id}~{copy.variant}.{place}", request_id=record.request_id, model_id=record.model_id,
            version=served.candidate.version, variant=copy.variant, at=record.at, outcome=outcome, status=status,
            milliseconds=milliseconds, first=place == 0, share=0.0, shadow=True, stream=record.stream,
            number=record.number, lines=part, reason=reason[:1_000] if reason else None,
            compared=None if place else compared,
        )  # fmt: skip


def compare(copy: ShadowCopy, decisions: Sequence[Decision]) -> Compared:
    """How far two versions agree on the same rows: decisions that are the same, and differences of scores or values."""
    scored = [
        (given, one.probability) for given, one in zip(copy.scores, decisions, strict=True)
        if given is not None and one.probability is not None
    ]  # fmt: skip
    values = scored or [
        (float(given), float(one.value)) for given, one in zip(copy.predictions, decisions, strict=True)
    ]
    return Compared(
        rows=len(decisions),
        agreed=sum(given == one.prediction for given, one in zip(copy.predictions, decisions, strict=True)),
        difference=saturated(sum(abs(given - own) for given, own in values)),
        given=_counted(given for given, _ in scored),
        own=_counted(own for _, own in scored),
    )


def _counted(scores: Iterable[float]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for score in scores:
        place = str(min(int(score * BINS), BINS - 1))
        counts[place] = counts.get(place, 0) + 1
    return counts
