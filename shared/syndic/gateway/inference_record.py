"""The record of one request, as it waits in the queue: what is kept of it and where it belongs.

The lines are SageMaker's capture records (docs/captures.md), one a row, so drift, quality and fairness read them as any
captured traffic. What was refused or failed has no line: it is kept apart, as it answered nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, Literal

from pydantic import Field

from syndic.gateway.contract import Checked, Violation
from syndic.gateway.models import GatewaySettings, LogPolicy
from syndic.gateway.outputs import Decision
from syndic.gateway.rows import Value
from syndic.gateway.serving import Served
from syndic.models import Finite, Instant, Noun
from syndic.models.capture_lines import capture_line

MOST_BYTES: Final = 180_000
"""Of the lines in one message: a queue takes 256 KB."""

Outcome = Literal["answered", "refused", "failed"]


class ShadowCopy(Noun):
    """What a shadow is to be asked, and what was answered instead of it. Dropped before the record is kept."""

    variant: str
    rows: tuple[dict[str, Value], ...]
    ids: tuple[str, ...]
    predictions: tuple[int | float, ...]
    scores: tuple[Finite | None, ...]


def saturated(number: float) -> float:
    """A sum as it can be kept: what overflows is the largest number, which is far enough apart."""
    return min(number, sys.float_info.max)


class Compared(Noun):
    """How far a shadow's answers agree with those that were given, in counts that add up."""

    rows: int = Field(ge=0)
    agreed: int = Field(ge=0, description="rows with the same decision")
    difference: Finite = Field(ge=0, description="sum of the absolute differences of scores, or of values")
    given: dict[str, int] = Field(default_factory=dict, description="twentieth of the scores that were given -> rows")
    own: dict[str, int] = Field(default_factory=dict, description="the same of the shadow's")


class InferenceRecord(Noun):
    """A request, or a part of one with many rows."""

    id: str = Field(max_length=1_000, description="the same whenever the same part of the same request is told")
    request_id: str = Field(max_length=256)
    model_id: str = Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,127}$")
    version: str = Field(max_length=128)
    variant: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._+-]{0,255}$", description="a folder of the log")
    at: Instant
    outcome: Outcome
    status: int = Field(description="as it was answered, of HTTP")
    milliseconds: Finite = Field(ge=0, description="until the answer, the backend included")
    first: bool = Field(default=True, description="whether it is the request's first part, which counts the request")
    share: Finite = Field(default=1.0, ge=0, le=1, description="of the requests that its version answers")
    stream: str = Field(max_length=128, description="the process that answered")
    number: int = Field(description="of the process's requests: a gap is what was lost")
    lines: tuple[str, ...] = ()
    reason: str | None = None
    shadow: bool = Field(default=False, description="whether a shadow answered, to a copy: nobody got its answer")
    copied: ShadowCopy | None = None
    compared: Compared | None = None


def answered_lines(
    served: Served,
    checked: Checked,
    decisions: Sequence[Decision],
    ids: Sequence[str],
    *,
    request_id: str,
    at: datetime,
    key: bytes | None,
) -> Iterator[str]:
    """A capture line for each row.

    Args:
        served: What answered.
        checked: The rows.
        decisions: The answers.
        ids: The rows' ids.
        request_id: The request.
        at: When it was answered.
        key: Of the pseudonyms; None where none are asked for.
    """
    flagged: dict[int, list[Violation]] = {}
    for flag in checked.flags:
        flagged.setdefault(flag.row, []).append(flag)
    for place, (row, decision) in enumerate(zip(checked.rows, decisions, strict=True)):
        logged = {**checked.along[place], **row}
        outputs: dict[str, Value] = {"prediction": decision.prediction}
        if decision.probability is not None:
            outputs["probability"] = decision.probability
        if decision.label is not None:
            outputs["prediction_label"] = decision.label
        about: dict[str, Any] = {
            "request_id": request_id, "model_id": served.model_id, "model_version": served.candidate.version,
            "variant": served.candidate.variant,
        }  # fmt: skip
        if served.settings.log.sampling_percent < 100:
            about["sampling_percent"] = served.settings.log.sampling_percent
        if place in flagged:
            about["flags"] = [{"feature": one.feature, "problem": one.problem} for one in flagged[place]]
        kept = withheld(logged, served.settings.log, key)
        yield capture_line(kept, outputs, row_id=ids[place], at=at, about=about).decode()


def withheld(row: Mapping[str, Value], policy: LogPolicy, key: bytes | None) -> dict[str, Value]:
    """A row as it may be logged: listed columns only, redacted ones as missing, pseudonyms for some."""
    kept: dict[str, Value] = {}
    for name, value in row.items():
        if policy.columns is not None and name not in policy.columns:
            continue
        if name in policy.redacted:
            kept[name] = None
        elif name in policy.pseudonymised and value is not None:
            kept[name] = pseudonym(name, value, key)
        else:
            kept[name] = value
    return kept


def pseudonym(name: str, value: Value, key: bytes | None) -> str | None:
    """A keyed hash of a value: the same for the same value of the same column. Without a key the value is withheld."""
    return None if key is None else keyed(name, value, key)


def keyed(name: str, value: Value, key: bytes) -> str:
    """The first 24 digits of HMAC-SHA256 over the column's name, a zero byte, and the value."""
    return hmac.new(key, f"{name}\0{value}".encode(), hashlib.sha256).hexdigest()[:24]


def named_rows(
    request_id: str, own: Sequence[str] | None, rows: int, settings: GatewaySettings, key: bytes | None
) -> tuple[str, ...]:
    """What the rows of a request are called, in its answer and in the log.

    The caller's own names, as far as the log's policy lets them be kept: a name that is to be a pseudonym is one, and
    one that is redacted, or whose key is missing, is not used. Without names a request with one row has its own id, one
    with several the id and the row's place.
    """
    policy, name = settings.log, settings.row_id
    if own is not None and (name is None or name not in {*policy.redacted, *policy.pseudonymised}):
        return tuple(own)
    if own is not None and name is not None and name in policy.pseudonymised and key is not None:
        return tuple(keyed(name, one, key) for one in own)
    return (request_id,) if rows == 1 else tuple(f"{request_id}#{place}" for place in range(rows))


def parts(lines: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Lines in messages that a queue takes; at least one, which may be empty."""
    part: list[str] = []
    size = 0
    for line in lines:
        length = len(json.dumps(line, ensure_ascii=False).encode()) + 1  # in a message a line is a text of JSON
        if part and size + length > MOST_BYTES:
            yield tuple(part)
            part, size = [], 0
        part.append(line)
        size += length
    yield tuple(part)


def is_sampled(request_id: str, percent: float) -> bool:
    """Whether a request is among the sampled: decided by its id, so that it is the same each time."""
    return draw_of(f"sample {request_id}") * 100 < percent


def draw_of(text: str) -> float:
    """A number from 0 up to 1 that a text stands for."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) / 2**64
