"""Servers of the demonstration: each started in its own group and ended by its own process id."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demo.progress import DemoError


def is_free(port: int) -> bool:
    """Whether a server could listen on a loopback port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port() -> int:
    """A loopback port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(command: Sequence[str], *, cwd: Path, environ: Mapping[str, str] | None = None) -> tuple[int, str]:
    """Run a program to its end; returns its exit code and what it said. Interrupted, all that it started ends too."""
    process = subprocess.Popen(
        command, cwd=cwd, env=None if environ is None else dict(environ), stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True, encoding="utf-8", errors="replace",
    )  # fmt: skip
    try:
        said, _ = process.communicate()
    except BaseException:
        _signal(process, signal.SIGKILL)
        process.wait()
        raise
    return process.returncode, said


@dataclass(slots=True)
class Processes:
    """Started servers, ended in the opposite order whatever happens."""

    logs: Path
    scratch: Path  # their temporary files; removed when they have ended
    environ: Mapping[str, str] = field(default_factory=dict)  # what every server is told beside its own
    started: list[subprocess.Popen[bytes]] = field(default_factory=list)

    def start(
        self,
        name: str,
        command: Sequence[str],
        *,
        environ: Mapping[str, str],
        ready: Callable[[], bool],
        seconds: float,
    ) -> None:
        """Start a server and wait until it is ready. Raises `DemoError` with the end of its log if it is not."""
        self.logs.mkdir(parents=True, exist_ok=True)
        self.scratch.mkdir(parents=True, exist_ok=True)
        path = self.logs / f"{name}.log"
        with path.open("wb") as log:
            process = subprocess.Popen(
                command,
                env={**environ, **self.environ, "TMPDIR": str(self.scratch)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.started.append(process)
        deadline = time.monotonic() + seconds
        while not ready():
            if process.poll() is not None or time.monotonic() > deadline:
                end = path.read_text("utf-8", "replace").strip().splitlines()[-3:]
                raise DemoError(f"{name} did not start; the end of {path} says: {' | '.join(end) or 'nothing'}")
            time.sleep(0.1)

    def stop(self) -> None:
        """End every server, those first that use others: asked, so that state is written; forced after ten seconds."""
        for process in reversed(self.started):
            _signal(process, signal.SIGTERM)
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                _signal(process, signal.SIGKILL)
                process.wait()
            _signal(process, signal.SIGKILL)  # what it started and left behind
        self.started.clear()
        shutil.rmtree(self.scratch, ignore_errors=True)


def _signal(process: subprocess.Popen[Any], number: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, number)
