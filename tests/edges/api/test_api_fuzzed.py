"""Schemathesis sends what the API's own description allows and forbids. Nothing may break or be off schema."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from functions.api.handler import handler
from syndic.alerting.alerts import list_alerts
from syndic.registry.overview import keep_overview
from syndic.tasks.watch.metrics import keep_metrics
from tests.edges.conftest import Context
from tests.edges.serving import served
from tests.edges.world import MODEL, NOW, World
from tests.fuzzing import TIMES
from tests.proof import share

ROOT = Path(__file__).parents[3]
CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
    "response_headers_conformance",
)
# Not checked: that each request off schema is refused. As usual, 0 is taken for false and "0.1" for a number.
EXAMPLES = 4 * TIMES  # of each operation, besides the coverage phase
COVERED = 1 if TIMES > 1 else 5
"""The coverage phase sends eighty requests an operation: to one in so many, and to all of them in `make fuzz`."""
METHODS = {"get", "put", "post", "patch", "delete"}
DESCRIPTION = ROOT / "docs" / "openapi.json"


def left_uncovered() -> str:
    """The part of the fuzzer's configuration that leaves operations out of the coverage phase alone."""
    paths = json.loads(DESCRIPTION.read_text("utf-8"))["paths"]
    names = [f"{method.upper()} {path}" for path, methods in paths.items() for method in methods if method in METHODS]
    covered = set(share(names, COVERED))
    left = json.dumps([name for name in names if name not in covered])
    return f"[[operations]]\ninclude-name = {left}\nphases.coverage.enabled = false\n" if covered < set(names) else ""


@pytest.mark.slow
@pytest.mark.timeout(960 * TIMES)  # the mark counts before what the command line says
@pytest.mark.enable_socket
def test_api_holds_its_own_description(wire: Callable[[str], World], context: Context, tmp_path: Path) -> None:
    world = wire("checked")
    # As the schedules do: of more models than are counted while one waits, what was counted last is told.
    keep_overview(world.store, now=NOW, daily=True)
    keep_metrics(world.store, now=NOW)
    alert = list_alerts(world.store, now=NOW).alerts[0].id
    config = tmp_path / "schemathesis.toml"
    config.write_text(f'[parameters]\n"path.model_id" = "{MODEL}"\n"path.alert_id" = "{alert}"\n' + left_uncovered())
    seen: list[int] = []

    def counted(event: dict[str, object], at: object) -> dict[str, object]:
        response = handler(event, at)
        seen.append(response["statusCode"])
        return response

    with served(counted, context) as (address, broken):
        run = subprocess.run(
            [
                *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(config)),
                *("run", str(DESCRIPTION), "--url", address),
                *("--header", "Authorization: Bearer admin", "--checks", ",".join(CHECKS)),
                *("--phases", "examples,coverage,fuzzing,stateful", "--max-examples", str(EXAMPLES)),
                *("--seed", "1", "--generation-deterministic", "--workers", "1", "--continue-on-failure"),
                *("--request-timeout", "60"),  # the description has every route loaded, on a machine that does more
            ],
            cwd=tmp_path,
            env={**os.environ, "NO_COLOR": "1", "COLUMNS": "160"},
            capture_output=True,
            text=True,
            timeout=900 * TIMES,
            check=False,
        )
    told = re.findall(
        r"^ *\S+ (?:Examples|Coverage|Fuzzing|Stateful).*|^\S* ?Test cases:.*|^\S*  *\d+ generated.*",
        run.stdout,
        re.MULTILINE,
    )
    print(len(seen), "requests", Counter(seen), *told, sep="\n")  # noqa: T201 - shown by `make fuzz`
    assert not broken
    assert run.returncode == 0, run.stdout[-20000:] + run.stderr[-2000:]
    assert [status for status in seen if status >= 500] == []
    assert len(seen) >= (3_000 if COVERED > 1 else 15_000), re.sub(r"\n+", "\n", run.stdout[-2000:])
    assert {200, 201, 202, 400, 404, 422} <= set(seen), "the fuzzer did not get past the door"
