"""Starts the local clouds that the contract suites run on: each on a free port, ended by its own process id."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import boto3
from botocore.config import Config

_BIN = Path(sys.executable).parent
ROOT = Path(__file__).parents[2]
REGION = "eu-central-1"
AZURITE_ACCOUNT = "devstoreaccount1"  # the emulator's published account
AZURITE_KEY = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw=="


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(
    command: list[str], health: str, log: Path, *, port: int | None = None, **environment: str
) -> Iterator[None]:
    """A server process that within a minute answers at the address `health`, or else accepts calls at `port`."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "SYNDIC_"))}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, stdout=output, stderr=subprocess.STDOUT, env={**inherited, **environment}, cwd=log.parent
        )
        try:
            _wait(process, health, log, port)
            yield
        finally:
            process.terminate()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def _wait(process: subprocess.Popen[bytes], health: str, log: Path, port: int | None) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError(f"{process.args} ended with {process.returncode}: {log.read_text()[-2000:]}")
        try:
            if port is not None:
                socket.create_connection(("127.0.0.1", port), timeout=2).close()
                return
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


@dataclass(frozen=True)
class Azurite:
    """A running storage emulator."""

    connection: str
    blobs: str


@contextmanager
def azurite(folder: Path) -> Iterator[Azurite]:
    ports = {name: free_port() for name in ("blob", "queue", "table")}
    options = [part for name, port in ports.items() for part in (f"--{name}Port", str(port))]
    log = folder / "azurite.log"
    quiet = ["--silent", "--disableTelemetry", "--skipApiVersionCheck", "--inMemoryPersistence"]
    with running([str(azurite_command()), *quiet, *options], "", log, port=ports["table"]):  # the last one to start
        addresses = {name: f"http://127.0.0.1:{port}/{AZURITE_ACCOUNT}" for name, port in ports.items()}
        endpoints = ";".join(f"{name.title()}Endpoint={address}" for name, address in addresses.items())
        account = f"DefaultEndpointsProtocol=http;AccountName={AZURITE_ACCOUNT};AccountKey={AZURITE_KEY}"
        yield Azurite(f"{account};{endpoints};", addresses["blob"])


def azurite_command() -> Path:
    """The emulator's command; installs the project's Node tools when they are missing."""
    command = ROOT / "node_modules" / ".bin" / "azurite"
    with (ROOT / "node_modules.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not command.is_file():
            install = ["npm", "ci", "--no-audit", "--no-fund"]
            done = subprocess.run(install, cwd=ROOT, check=False, capture_output=True, text=True)
            if done.returncode:
                raise RuntimeError(f"npm ci ended with {done.returncode}: {done.stderr[-2000:]}")
    return command


def client(service: str, url: str, **options: object):
    return boto3.client(
        service,
        endpoint_url=url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(max_pool_connections=32, retries={"total_max_attempts": 2}, **options),
    )
