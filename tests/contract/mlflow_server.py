"""A real tracking server on a free port of this machine, with its SQLite store and artefacts in a folder."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

WITHOUT_JOBS = {"MLFLOW_SERVER_ENABLE_JOB_EXECUTION": "false"}
"""Its job runner is eight further processes that load all of MLflow, for evaluations that nothing here asks for."""

STARTS = 600  # tries, half a second apart: on a busy machine the server takes minutes


@contextmanager
def tracking_server(folder: Path) -> Iterator[str]:
    """Its address, while it runs."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [
        sys.executable, "-m", "mlflow", "server", "--backend-store-uri", f"sqlite:///{folder}/mlflow.db",
        "--artifacts-destination", str(folder / "mlartifacts"), "--host", "127.0.0.1", "--port", str(port),
        "--workers", "1",
    ]  # fmt: skip
    with (
        (folder / "server.log").open("wb") as log,
        subprocess.Popen(
            command, stdout=log, stderr=log, start_new_session=True, env={**os.environ, **WITHOUT_JOBS}
        ) as process,
    ):
        try:
            uri = f"http://127.0.0.1:{port}"
            for _ in range(STARTS):
                try:
                    urllib.request.urlopen(f"{uri}/health", timeout=1).close()  # noqa: S310
                    break
                except OSError:
                    assert process.poll() is None, (folder / "server.log").read_text()
                    time.sleep(0.5)
            else:
                raise TimeoutError(f"no answer after {STARTS} tries:\n{(folder / 'server.log').read_text()}")
            yield uri
        finally:
            os.killpg(process.pid, 15)
