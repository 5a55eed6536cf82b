"""A server of predictions that is killed under load keeps what each guarantee promises, exactly."""

from __future__ import annotations

import http.client
import json
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from pathlib import Path

import pytest

from demo.processes import free_port
from tests.edges.gateway.killed_gateway import shipping
from tests.proof import share

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]
ROOT = Path(__file__).parents[3]
CLIENTS = 4
KILLS = [(guarantee, seed) for seed in range(50) for guarantee in ("required", "fast")]
WORST: Counter[str] = Counter()


def load(port: int, name: str, answered: dict[str, float], stop: threading.Event) -> None:
    """Ask for one prediction after the other; an answer counts once it was read whole."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        number = 0
        while not stop.is_set():
            number += 1
            request_id = f"{name}-{number}"
            connection.request("POST", "/predict", b'{"x": 1.5}', {
                "Content-Type": "application/json", "X-Request-Id": request_id,
            })  # fmt: skip
            answer = connection.getresponse()
            body = answer.read()
            if answer.status == 200 and json.loads(body)["request_id"] == request_id:
                answered[request_id] = time.monotonic()
    except (OSError, http.client.HTTPException, ValueError):
        return  # it was killed
    finally:
        connection.close()


def killed(folder: Path, guarantee: str, seed: int) -> tuple[dict[str, float], float]:
    """What was answered and when, until the server was killed at a random moment."""
    port = free_port()
    command = [sys.executable, "-m", "tests.edges.gateway.killed_gateway", str(folder), guarantee, str(port)]
    environment = {**os.environ, "PYTHONPATH": f"{ROOT / 'shared'}:{ROOT}"}
    with subprocess.Popen(command, cwd=ROOT, env=environment) as process:
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=1)
            try:
                connection.request("GET", "/health")
                connection.getresponse().read()
                break
            except OSError:
                time.sleep(0.05)
            finally:
                connection.close()
        answered: dict[str, float] = {}
        stop = threading.Event()
        clients = [
            threading.Thread(target=load, args=(port, f"{guarantee}-{seed}-{one}", answered, stop))
            for one in range(CLIENTS)
        ]
        for one in clients:
            one.start()
        time.sleep(random.Random(seed).uniform(0.3, 2.5))  # noqa: S311 - a moment, no secret
        process.send_signal(signal.SIGKILL)
        end = time.monotonic()
        stop.set()
        for one in clients:
            one.join()
    return answered, end


@pytest.mark.parametrize(("guarantee", "seed"), share(KILLS, 99))
def test_killed_under_load_each_guarantee_holds(tmp_path: Path, guarantee: str, seed: int) -> None:
    answered, end = killed(tmp_path, guarantee, seed)
    assert answered

    shipping(tmp_path / "taken").close()  # the next process of the machine hands on what was left

    taken = tmp_path / "taken"
    records = [json.loads(line) for line in taken.read_bytes().splitlines()] if taken.exists() else []
    kept: dict[str, str] = {}
    for one in records:
        assert kept.setdefault(one["id"], json.dumps(one)) == json.dumps(one), "two records of one id differ"
    by_request = {one["request_id"] for one in records}
    lost = sorted(answered[one] for one in answered.keys() - by_request)
    if guarantee == "required":
        assert lost == []
    else:
        assert all(end - at <= 1.0 for at in lost), f"lost {end - lost[0]:.2f} s before the end"
        numbers = sorted({one["number"] for one in records})
        whole = set(range(1, numbers[-1] + 1)) if numbers else set()
        holes = whole - set(numbers)
        assert len(holes) <= len(lost) + CLIENTS, "a gap that nobody lost"
    assert not list((tmp_path / "spool").iterdir())
    WORST[f"{guarantee}: killed"] += 1
    WORST[f"{guarantee}: answered"] += len(answered)
    WORST[f"{guarantee}: lost"] += len(lost)
    WORST[f"{guarantee}: came twice"] += len(records) - len(kept)
    sys.stderr.write(f"{json.dumps(dict(sorted(WORST.items())))}\n")
