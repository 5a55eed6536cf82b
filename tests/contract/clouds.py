"""Starts the local clouds that the contract suites run on: each on a free port, ended by its own process id."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import boto3
from botocore.config import Config

_BIN = Path(sys.executable).parent
REGION = "eu-central-1"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], health: str, log: Path, **environment: str) -> Iterator[None]:
    """A server process that answers at `health` within a minute."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SYNDIC_"))}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env={**inherited, **environment}, cwd=log.parent
        )
        try:
            _wait(process, health, log)
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], health: str, log: Path) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended with {process.returncode}: {log.read_text()[-2000:]}")
        try:
            with urllib.request.urlopen(health, timeout=2):  # noqa: S310 - always http://127.0.0.1
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"{process.args} did not answer at {health}: {log.read_text()[-2000:]}")


@contextmanager
def ministack(folder: Path) -> Iterator[str]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running(
        [str(_BIN / "ministack")],
        f"{url}/_ministack/health",
        folder / "ministack.log",
        GATEWAY_PORT=str(port),
        BIND_HOST="127.0.0.1",
        TMPDIR=str(folder),
    ):
        yield url


@contextmanager
def moto(folder: Path) -> Iterator[str]:
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with running(
        [str(_BIN / "moto_server"), "-H", "127.0.0.1", "-p", str(port)], f"{url}/moto-api/", folder / "moto.log"
    ):
        yield url


def client(service: str, url: str, **options: object):
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(max_pool_connections=32, retries={"total_max_attempts": 2}, **options),
    )
