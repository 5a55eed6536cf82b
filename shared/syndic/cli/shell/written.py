"""A document in the form that ``--format`` asks for."""

from __future__ import annotations

import json
from typing import Any

from pydantic import BaseModel

from syndic.cli.shell.comma_separated import comma_separated


def written(form: str, value: BaseModel | dict[str, Any] | list[Any]) -> str:
    """A document as JSON whose shape is stable, or as comma-separated values."""
    document = value.model_dump(mode="json") if isinstance(value, BaseModel) else value
    return comma_separated(document) if form == "csv" else json.dumps(document, indent=2, ensure_ascii=False)
