"""Real servers of predictions on a free port of this machine, each with the same trained model behind it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from demo.processes import free_port

STARTS = 240  # tries, half a second apart


@contextmanager
def mlflow_models_serve(model: Path) -> Iterator[str]:
    """MLflow's scoring server of a saved model: ``mlflow models serve``."""
    port = free_port()
    command = [
        sys.executable, "-m", "mlflow", "models", "serve", "--model-uri", str(model), "--env-manager", "local",
        "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
    ]  # fmt: skip
    with _running(command, f"http://127.0.0.1:{port}/ping", model.parent / "serve.log") as address:
        yield address.removesuffix("/ping")


@contextmanager
def mlserver(python: Path, folder: Path, *, name: str, settings: Mapping[str, Any]) -> Iterator[str]:
    """MLServer, a server of the Open Inference protocol, of an environment of its own: it needs older packages.

    Args:
        python: The interpreter of an environment with ``mlserver``.
        folder: Where its settings are written.
        name: The model's.
        settings: The model's.
    """
    port, grpc, metrics = free_port(), free_port(), free_port()
    (folder / "settings.json").write_text(json.dumps({
        "http_port": port, "grpc_port": grpc, "metrics_port": metrics, "host": "127.0.0.1", "parallel_workers": 0,
        "debug": False,
    }))  # fmt: skip
    (folder / "model-settings.json").write_text(json.dumps({"name": name, **settings}))
    command = [str(python.parent / "mlserver"), "start", str(folder)]
    with _running(command, f"http://127.0.0.1:{port}/v2/models/{name}/ready", folder / "mlserver.log") as address:
        yield address.removesuffix("/ready")


@contextmanager
def _running(command: Sequence[str], ready: str, log: Path) -> Iterator[str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # of what a server starts by its name
    environment = {**os.environ, "PATH": path}
    with (
        log.open("wb") as said,
        subprocess.Popen(command, stdout=said, stderr=said, start_new_session=True, env=environment) as process,
    ):
        try:
            for _ in range(STARTS):
                try:
                    urllib.request.urlopen(ready, timeout=1).close()  # noqa: S310 - always http://127.0.0.1
                    break
                except OSError:
                    assert process.poll() is None, log.read_text()
                    time.sleep(0.5)
            else:
                raise TimeoutError(f"no answer after {STARTS} tries:\n{log.read_text()}")
            yield ready
        finally:
            os.killpg(process.pid, signal.SIGTERM)
