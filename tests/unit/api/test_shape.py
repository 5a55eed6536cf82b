"""The house's rules about edges, counted."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from functions.api.openapi import describe_api

ROOT = Path(__file__).parents[3]
# The API has its routes beside its handler, and the function that provisions Azure its steps: neither is a concern.
MORE_THAN_HANDLERS: dict[str, set[str]] = {
    "api": {"handler"},
    "azure_stack": {"on_event", "is_complete"},
    "wiring": set(),  # what handlers are given
}
HANDLERS = sorted(
    path
    for path in (ROOT / "functions").glob("*/*.py")
    if path.stem in MORE_THAN_HANDLERS.get(path.parent.name, {path.stem} - {"__init__"})
)


@pytest.mark.parametrize("path", HANDLERS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_a_handler_parses_calls_counts_and_returns(path: Path) -> None:
    text = path.read_text()
    tree = ast.parse(text)
    bodies = {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}

    assert len(text.splitlines()) <= 40
    assert "handler" in bodies
    for name, node in bodies.items():
        code = [one for one in node.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
        assert len(code) <= 10, name
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.Try | ast.For | ast.While)] or (
        path.parts[-2:] == ("bias", "handler.py")
    ), "a loop is a decision: it belongs in the use case"


def test_description_is_up_to_date() -> None:
    written = json.loads((ROOT / "docs" / "openapi.json").read_text())

    assert written == describe_api(), "run: python -m functions.api.openapi docs/openapi.json"


def test_description_is_valid_and_names_are_the_operations_own() -> None:
    from openapi_spec_validator import validate

    document = describe_api()
    validate(document)
    operations = [operation for item in document["paths"].values() for operation in item.values()]
    identities = [operation["operationId"] for operation in operations]

    assert len(set(identities)) == len(identities)
    assert all(identity.isidentifier() and "_" not in identity for identity in identities)
    assert all(operation["summary"].endswith(".") for operation in operations)
    assert not [name for name in document["components"]["schemas"] if "__" in name]


@pytest.mark.parametrize("concern", ["api", "discovery", "compliance", "alerting", "mirror", "reports", "rollouts"])
def test_functions_without_statistics_load_none(concern: str) -> None:
    code = (
        f"import sys, functions.{concern}.handler; "
        "print([name for name in ('numpy', 'scipy', 'pandas', 'pyarrow') if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={"PYTHONPATH": "shared:."},
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout.strip() == "[]"
