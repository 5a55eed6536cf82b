"""What is imported before anything is done, in user and system time of a process of its own.

    .venv/bin/python benchmarks/starts.py [TIMES]

Least, median and most of some processes each, in turn, so that what else the machine does meets all alike.
"""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[1]
STARTS = (
    "functions.api.handler",
    "functions.discovery.handler",
    "functions.compliance.handler",
    "functions.alerting.handler",
    "functions.drift.handler",
    "functions.gateway.keep",
    "syndic_client",
    "syndic.cli",
)


def main(times: int) -> None:
    """Print a line for each."""
    took: dict[str, list[float]] = defaultdict(list)
    for turn in range(times + 1):
        for name in STARTS:
            cpu = start(name)
            if turn:  # the first compiles
                took[name].append(cpu)
    for name, found in took.items():
        print(f"{name:32} least {min(found):4.0f}  median {statistics.median(found):4.0f}  most {max(found):4.0f} ms")


def start(name: str) -> float:
    """Milliseconds of CPU that importing a module takes, interpreter included."""
    environment = {
        **{key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"},
        "PYTHONPATH": os.pathsep.join(map(str, (ROOT / "shared", ROOT / "client" / "src", ROOT))),
    }
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", f"import {name}"], check=True, env=environment)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 11)
