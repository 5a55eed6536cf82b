"""What waited in the queue is kept: lines as captured traffic, refusals apart, and the numbers that deployments watch.

Everything has a name made of what it holds, so a message that comes twice is kept once; of lines that come twice in
different company readers take one, by the row's id.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from syndic.errors import ConflictError, NotFoundError
from syndic.gateway.captured import ACTOR, know_traffic
from syndic.gateway.contract import UnknownColumnsError
from syndic.gateway.inference_record import InferenceRecord
from syndic.gateway.keys import numbers_key
from syndic.gateway.numbers import MinuteNumbers, added, latency_bin
from syndic.gateway.state import settings_of
from syndic.models import Noun, to_json
from syndic.models.capture_paths import hour_path
from syndic.ports import AuditTrail, CaptureWriter, Record, Store

log = logging.getLogger(__name__)

NUMBERS_FOR: Final = timedelta(days=30)


class Kept(Noun):
    """What was kept of some records."""

    records: int = 0
    lines: int = 0
    refused: int = 0
    failed: int = 0


def keep_records(
    records: Sequence[InferenceRecord],
    *,
    writer: CaptureWriter,
    store: Store,
    audit: AuditTrail,
    now: datetime,
    actor: str = ACTOR,
) -> Kept:
    """Keep records for good. Again is once. Raises `UnavailableError`; then they are to be told again."""
    for model_id, version in _answering(records).items():
        try:
            settings = settings_of(store, model_id).settings
            know_traffic(
                model_id, version, settings, place=writer.place, store=store, audit=audit, actor=actor, now=now
            )
        except (ConflictError, NotFoundError, UnknownColumnsError) as error:  # the lines are kept all the same
            log.warning("traffic cannot be told of", extra={"model": model_id, "reason": str(error)})
    lines: dict[str, list[InferenceRecord]] = {}
    apart: dict[str, list[InferenceRecord]] = {}
    for record in records:
        hour = hour_path(record.at)
        if record.lines:
            kind = "shadow" if record.shadow else "traffic"
            lines.setdefault(f"{kind}/{record.model_id}/{record.variant}/{hour}", []).append(record)
        if record.outcome != "answered":
            apart.setdefault(f"refused/{record.model_id}/{hour}", []).append(record)
    for folder, held in lines.items():
        data = "".join(line for one in held for line in one.lines)
        writer.put(f"{writer.place}/{folder}/{_name(held)}.jsonl", data.encode())
    for folder, held in apart.items():
        text = "".join(one.model_dump_json(exclude_defaults=True, exclude={"lines", "copied"}) + "\n" for one in held)
        writer.put(f"{writer.place}/{folder}/{_name(held)}.jsonl", text.encode())
    for numbers in count_minutes(records):
        key = numbers_key(numbers.model_id, numbers.minute, numbers.variant, numbers.batch)
        store.put(Record(key, to_json(numbers), expires=numbers.minute + NUMBERS_FOR))
    return Kept(
        records=len(records),
        lines=sum(len(one.lines) for one in records),
        refused=sum(one.outcome == "refused" for one in records),
        failed=sum(one.outcome == "failed" for one in records),
    )


def _answering(records: Sequence[InferenceRecord]) -> dict[str, str]:
    """The version that answers most of a model's requests, as the newest record of it says."""
    return {
        one.model_id: one.version
        for one in sorted(records, key=lambda one: one.at)
        if one.outcome == "answered" and one.share > 0.5
    }


def count_minutes(records: Iterable[InferenceRecord]) -> list[MinuteNumbers]:
    """The numbers of requests, by model, variant and minute. A request in several parts counts by its first."""
    groups: dict[tuple[str, str, datetime, bool], list[InferenceRecord]] = {}
    for record in records:
        if record.first:
            minute = record.at.replace(second=0, microsecond=0)
            groups.setdefault((record.model_id, record.variant, minute, record.shadow), []).append(record)
    counted = []
    for (model_id, variant, minute, shadow), held in groups.items():
        latency: dict[str, int] = {}
        for one in held:
            if one.outcome == "answered":
                place = str(latency_bin(one.milliseconds))
                latency[place] = latency.get(place, 0) + 1
        counted.append(
            MinuteNumbers(
                model_id=model_id, variant=variant, minute=minute, batch=_name(held), invocations=len(held),
                errors_5xx=sum(one.status >= 500 for one in held),
                errors_4xx=sum(400 <= one.status < 500 for one in held), latency=latency,
                shadow=shadow, compared=added(one.compared for one in held if one.compared is not None),
            )
        )  # fmt: skip
    return counted


def _name(records: Iterable[InferenceRecord]) -> str:
    return hashlib.sha256("\n".join(sorted(one.id for one in records)).encode()).hexdigest()[:32]
