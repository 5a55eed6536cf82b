"""The local cloud: MiniStack for everything but SageMaker, which is a moto server."""

from __future__ import annotations

import os
import sys
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import boto3

from demo.processes import Processes, is_free
from demo.progress import DemoError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

ROOT = Path(__file__).resolve().parent.parent
ACCOUNT, REGION = "000000000000", "us-east-1"
CLOUD_PYTHON = ROOT / "build" / "cloud" / "bin" / "python"
"""An environment that holds the emulator and boto3 only: a package missing from a layer shows as on AWS."""


@dataclass(frozen=True, slots=True)
class Ports:
    """Loopback ports of the demonstration."""

    dashboard: int
    cloud: int
    sagemaker: int
    blob: int
    queue: int
    table: int
    control_plane: int
    functions: int

    @classmethod
    def of(cls, *, dashboard: int, cloud: int, sagemaker: int, azure: int) -> Self:
        """Azure takes five ports from one on."""
        return cls(dashboard, cloud, sagemaker, *range(azure, azure + 5))

    def check(self) -> None:
        """Raise `DemoError` naming the first port that is taken."""
        options = {"dashboard": "PORT", "cloud": "CLOUD_PORT", "sagemaker": "SAGEMAKER_PORT"}
        for field in fields(self):
            port, option = getattr(self, field.name), options.get(field.name, "AZURE_PORT")
            if not is_free(port):
                raise DemoError(f"port {port} is taken by another program: free it, or run `make demo {option}=NUMBER`")


@dataclass(frozen=True)
class LocalCloud:
    """A running local cloud."""

    ports: Ports
    state: Path

    @property
    def endpoint(self) -> str:
        """Address of every service but SageMaker."""
        return f"http://127.0.0.1:{self.ports.cloud}"

    @property
    def environ(self) -> dict[str, str]:
        """Environment of programs that talk to the local cloud."""
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "CDK_", "SYNDIC_"))}
        return {
            **kept,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ENDPOINT_URL_SAGEMAKER": f"http://127.0.0.1:{self.ports.sagemaker}",
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "CDK_DEFAULT_ACCOUNT": ACCOUNT,
            "CDK_DEFAULT_REGION": REGION,
            "CDK_DISABLE_CLI_TELEMETRY": "true",
            "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        }

    def client(self, service: str) -> Any:
        """A boto3 client of the local cloud."""
        address = f"http://127.0.0.1:{self.ports.sagemaker}" if service == "sagemaker" else self.endpoint
        make: Any = boto3.client  # its overloads name services one by one
        return make(
            service,
            endpoint_url=address,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",  # noqa: S106 - the emulator takes any
        )

    @cached_property
    def s3(self) -> S3Client:
        """S3, one client for all threads."""
        client: S3Client = self.client("s3")
        return client

    def get(self, path: str) -> bytes:
        """The body of a page of the emulator itself."""
        with urllib.request.urlopen(f"{self.endpoint}{path}", timeout=10) as answer:  # noqa: S310 - our own loopback
            body: bytes = answer.read()
        return body


def start_cloud(processes: Processes, ports: Ports, state: Path) -> LocalCloud:
    """Start both servers. Records and objects are kept below `state` and found again by the next start."""
    cloud = LocalCloud(ports, state)
    kept = state / "cloud"
    kept.mkdir(parents=True, exist_ok=True)
    own = {
        "GATEWAY_PORT": str(ports.cloud),
        "BIND_HOST": "127.0.0.1",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(kept),
        "S3_PERSIST": "1",
        "S3_DATA_DIR": str(kept / "s3"),
        "LAMBDA_ASYNC_RETRY_BASE_SECONDS": "1",
    }
    inherited: Mapping[str, str] = {key: value for key, value in cloud.environ.items() if key != "AWS_ENDPOINT_URL"}
    processes.start(
        "cloud",
        [str(CLOUD_PYTHON), "-P", str(ROOT / "demo" / "cloud_server.py")],
        environ={**inherited, **own, "MINISTACK_ACCOUNT_ID": ACCOUNT},
        ready=lambda: _answers(f"{cloud.endpoint}/_ministack/health"),
        seconds=60,
    )
    processes.start(
        "sagemaker",
        [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(ports.sagemaker)],
        environ={**inherited, "MOTO_ACCOUNT_ID": ACCOUNT},
        ready=lambda: _answers(f"http://127.0.0.1:{ports.sagemaker}/moto-api/"),
        seconds=60,
    )
    return cloud


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=1):  # noqa: S310 - our own loopback
            return True
    except (urllib.error.URLError, OSError):
        return False
