"""Eight clients for half a minute at a registry of 10,000 models, warm: latency and errors of reads and of writes.

    .venv/bin/python benchmarks/clients.py [MODELS] [SECONDS]

The API's own function behind a server on this machine, one request at a time as one Lambda environment is; the store is
in memory, so DynamoDB's few milliseconds an operation come on top. What a request took is told three times: CPU of its
thread, which others on the machine do not change much; wall time in the function; and what the client saw, which holds
the wait for seven others, whom Lambda would give environments of their own.
"""

from __future__ import annotations

import json
import random
import sys
import threading
import time
from collections import defaultdict
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "shared")]

from benchmarks.registry import REQUESTS, model, records  # noqa: E402
from functions import wiring  # noqa: E402
from functions.api.handler import handler  # noqa: E402
from syndic.registry.overview import keep_overview  # noqa: E402
from tests.edges.conftest import Context  # noqa: E402
from tests.edges.serving import served  # noqa: E402
from tests.edges.world import NOW, World  # noqa: E402

CLIENTS = 8
OF_A_MODEL = ("", "/versions", "/drift/policy", "/approvals", "/compliance")
OF_ALL = (
    "governance/overview",
    "dashboard/stats",
    "audit?limit=50",
    "audit/verify",
    "alerts",
    "approvals",
    "deployments",
)
READS = (*REQUESTS.values(), *(f"models/{{model}}{part}" for part in OF_A_MODEL), *OF_ALL)
WRITES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("POST", "models", {"name": "Bench {number}", "owner": "ada@example.org"}),
    ("PATCH", "models/{model}", {"description": "changed {number}"}),
    ("POST", "models/{model}/versions", {"version": "{number}", "metrics": {"auc": 0.9}}),
    ("PUT", "models/{model}/drift/policy", {"psi_threshold": 0.25}),
    ("PUT", "models/{model}/risk-profile", {"level": "high", "reason": "decided in run {number}"}),
)
Took = tuple[str, float, float]


def main(models: int, seconds: float) -> None:
    """Fill the registry, let the clients run, print what they met."""
    world = World()
    for number in range(models):
        for record in records(number):
            world.store.put(record)
    keep_overview(world.store, now=NOW, daily=True)
    wiring.wired = lambda: world  # type: ignore[assignment]
    inside: list[Took] = []

    def timed(event: dict[str, Any], context: object) -> dict[str, Any]:
        cpu, wall = time.thread_time(), time.perf_counter()
        answer = handler(event, context)
        kind = "read" if event["httpMethod"] == "GET" else "write"
        label = f"{kind} {answer['statusCode']}"
        inside.append((label, (time.thread_time() - cpu) * 1000, (time.perf_counter() - wall) * 1000))
        return answer

    seen: dict[str, list[float]] = defaultdict(list)
    failed: list[str] = []
    with served(timed, Context()) as (address, broken):
        ask_all(address, models)  # warm: every concern is loaded
        inside.clear()
        end = time.monotonic() + seconds
        threads = [
            threading.Thread(target=client, args=(address, number, models, end, seen, failed))
            for number in range(CLIENTS)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    told = f"{len(inside)} requests, {len(failed)} errors, {len(broken)} broken"
    print(
        f"{models} models, {CLIENTS} clients, {seconds:.0f} s: {told}",
        *sorted(set(failed))[:5],
        sep="\n",
        file=sys.stderr,
    )
    for kind in ("read", "write"):
        own = [(cpu, wall) for label, cpu, wall in inside if label.startswith(kind)]
        columns = {"cpu": [one[0] for one in own], "in the function": [one[1] for one in own], "client": seen[kind]}
        line = "   ".join(
            f"{name} p50 {at(found, 0.5):6.1f} p95 {at(found, 0.95):6.1f} ms" for name, found in columns.items()
        )
        print(f"{kind:5} {len(own):6}   {line}", file=sys.stderr)


def at(found: list[float], share: float) -> float:
    """A quantile."""
    return sorted(found)[int(len(found) * share)] if found else float("nan")


def ask_all(address: str, models: int) -> None:
    """Every kind of request once."""
    with httpx.Client(base_url=f"{address}/api/v1/", headers={"Authorization": "Bearer admin"}, timeout=60) as http:
        for path in READS:
            http.get(path.replace("{model}", model(0).id)).raise_for_status()
        for number, one in enumerate(WRITES):
            write(http, one, model(number % models).id, -number).raise_for_status()


def client(  # noqa: PLR0917 - what a thread is given
    address: str, which: int, models: int, end: float, seen: dict[str, list[float]], failed: list[str]
) -> None:
    """One client: nine reads for each write, until the time is over."""
    choose = random.Random(which)  # noqa: S311 - a seed
    number = which * 1_000_000
    with httpx.Client(base_url=f"{address}/api/v1/", headers={"Authorization": "Bearer admin"}, timeout=60) as http:
        while time.monotonic() < end:
            number += 1
            of, began = model(choose.randrange(models) // 4 * 4).id, time.perf_counter()
            reads = number % 10 != 0
            answer = (
                http.get(choose.choice(READS).replace("{model}", of))
                if reads
                else write(http, WRITES[number // 10 % len(WRITES)], of, number)
            )
            seen["read" if reads else "write"].append((time.perf_counter() - began) * 1000)
            if answer.is_error:
                failed.append(
                    f"{answer.status_code} {answer.request.method} {answer.request.url.path}: {answer.text[:200]}"
                )


def write(http: httpx.Client, one: tuple[str, str, dict[str, Any]], of: str, number: int) -> httpx.Response:
    """One change."""
    method, path, body = one
    text = json.dumps(body).replace("{number}", str(abs(number)))
    headers = {"Content-Type": "application/json"}
    return http.request(method, path.replace("{model}", of), content=text, headers=headers)


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    with redirect_stdout(StringIO()):  # the function writes its metrics there
        main(count, float(sys.argv[2]) if len(sys.argv) > 2 else 30.0)
