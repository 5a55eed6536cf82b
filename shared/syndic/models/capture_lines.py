"""Lines of captured traffic and of ground truth, as Syndic itself writes them.

They are SageMaker's own records (docs/captures.md), so that what was sent to the API, what a gateway saw and what an
endpoint captured are read by the same reader.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

Value = str | int | float | bool | None

LONGEST_ID: Final = 256
"""Characters of a row's id."""

_VERSION: Final = "0"
_COMPACT: Final = (",", ":")


def is_row_id(text: str) -> bool:
    """Whether a text can name a row wherever rows are named: where it is answered, labelled and traced."""
    return 0 < len(text) <= LONGEST_ID and text.isprintable() and not text.isspace()


def capture_line(
    inputs: Mapping[str, Value] | None,
    outputs: Mapping[str, Value] | None,
    *,
    row_id: str,
    at: datetime,
    about: Mapping[str, object] | None = None,
) -> bytes:
    """One call as one line.

    Args:
        inputs: What the model was asked, by column; None: not known.
        outputs: What it answered, by column; None: not known.
        row_id: Names the call: labels refer to it, and of several lines with one id in a window one counts.
        at: When it was answered.
        about: What else is known of the call, such as the version that answered; readers of columns leave it alone.
    """
    sides = {"endpointInput": _side("INPUT", inputs), "endpointOutput": _side("OUTPUT", outputs)}
    moment = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    record = {
        "captureData": {name: side for name, side in sides.items() if side is not None},
        "eventMetadata": {"eventId": row_id, "inferenceId": row_id, "inferenceTime": moment},
        "eventVersion": _VERSION,
        **({"syndic": dict(about)} if about else {}),
    }
    return _line(record)


def label_line(row_id: str, label: Value, *, column: str) -> bytes:
    """The outcome of one call, once it is known, as one line."""
    record = {
        "groundTruthData": {"data": _json({column: label}), "encoding": "JSON"},
        "eventMetadata": {"eventId": row_id},
        "eventVersion": _VERSION,
    }
    return _line(record)


def _side(mode: str, values: Mapping[str, Value] | None) -> dict[str, str] | None:
    if values is None:
        return None
    return {
        "observedContentType": "application/json", "mode": mode, "data": _json(dict(values)), "encoding": "JSON"
    }  # fmt: skip


def _line(record: Mapping[str, object]) -> bytes:
    return f"{_json(record)}\n".encode()


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=_COMPACT)
