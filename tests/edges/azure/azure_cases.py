"""Runs event files through the Azure functions in a process of its own, as the runtime wants it: one process, one app.

Reads a list of cases on standard input and writes what each did on standard output. The app lies in a folder as it is
deployed, and the path has that folder, the library and the installed packages only.
"""

from __future__ import annotations

import asyncio
import json
import logging
import shutil
import sys
from pathlib import Path
from typing import Any

from demo.azure_host.apps import App, Call, index
from demo.azure_host.folders import put_on_path
from tests.edges.azure.outcomes import outcome_of
from tests.edges.world import WORLDS, World

ROOT = Path(__file__).parents[3]
TIMER = {
    "Schedule": {"AdjustForDST": True},
    "ScheduleStatus": None,  # the host may send none
    "IsPastDue": True,
}


def stage(source: Path, folder: Path) -> Path:
    """Lay the app out as it is deployed: `function_app.py` and `host.json` at the root, beside the package."""
    shutil.copytree(source, folder / "azure_functions", ignore=shutil.ignore_patterns("__pycache__", "local.*"))
    for name in ("function_app.py", "host.json"):
        (folder / "azure_functions" / name).rename(folder / name)
    return folder


class Told(logging.Handler):
    """Keeps what timers told: on Azure they can return nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.outcomes: list[Any] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.outcomes.append(vars(record)["outcome"])


async def run_case(app: App, case: dict[str, Any], told: Told) -> dict[str, Any]:
    """Call the function that the case names once for each message, or once for its timer; twice where asked to."""
    from azure_functions import wiring

    world: World = WORLDS[case["world"]]()
    wiring.wired = lambda: world  # type: ignore[assignment]
    told.outcomes.clear()
    function = next(one for one in app.functions if one.name == case["function"])
    answers = []
    for _ in range(case["times"]):
        if "bodies" in case:
            calls = [Call(text=body, metadata={"Id": "1", "DequeueCount": 1}) for body in case["bodies"]]
        else:
            calls = [Call(json=json.dumps(TIMER))]
        outcomes = [await app.call(function, call) for call in calls]
        answers.append([number for number, one in enumerate(outcomes) if one.error is not None])
    return outcome_of(world) | {"failed": answers, "told": list(told.outcomes)}


async def main(folder: Path, cases: list[dict[str, Any]]) -> None:
    """Index once, run each case in a new world."""
    put_on_path(folder)
    app = await index(folder)
    told = Told()
    logging.getLogger("syndic.outcomes").addHandler(told)
    logging.getLogger("syndic.outcomes").setLevel(logging.INFO)
    module = sys.modules["azure_functions.wiring"]
    results = [await run_case(app, case, told) for case in cases]
    answer = {"runtime": app.runtime, "where": module.__file__, "results": results}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), json.load(sys.stdin)))
