"""Writes the API's description: ``python -m functions.api.openapi docs/openapi.json``."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from functions.api.resolver import description


def describe_api() -> dict[str, Any]:
    """The OpenAPI 3.1 document of all routes."""
    return description()


def main(target: str) -> None:
    """Write the description to a file."""
    text = json.dumps(describe_api(), indent=2, sort_keys=True, ensure_ascii=False)
    Path(target).write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
