"""The host: an app, its timers and its queues, until it is asked to end."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Mapping, Sequence
from typing import Any

from azure.storage.queue import QueueServiceClient

from demo.azure_host.apps import App, AppError, Function, Outcome
from demo.azure_host.queues import Queue, Rules
from demo.azure_host.requests import Routes
from demo.azure_host.timers import Timer
from demo.azure_host.work import Work, say

PATIENCE = 30.0  # seconds for what runs when asked to end; its messages come back otherwise


class Host:
    """Runs an app."""

    def __init__(self, app: App, *, host: Mapping[str, Any], settings: Mapping[str, str]) -> None:
        self.app, self.work = app, Work(app)
        rules = Rules.read(host)
        kinds = {kind: _of_kind(app.functions, kind) for kind in ("timerTrigger", "queueTrigger", "httpTrigger")}
        others = sorted({one.name for one in app.functions} - {one.name for kind in kinds.values() for one in kind})
        if others:
            raise AppError(f"this host has timers, queues and HTTP only; it cannot start {', '.join(others)}")
        self.timers = {one.name: Timer.of(one, settings, self.work) for one in kinds["timerTrigger"]}
        self.queues = [Queue(one, _service(one, settings), rules, self.work) for one in kinds["queueTrigger"]]
        self.routes = Routes(kinds["httpTrigger"], self.work)

    async def run(self, stop: asyncio.Event) -> None:
        """Fire timers and take messages until asked to stop, then wait for what runs."""
        clocks = [asyncio.create_task(timer.run()) for timer in self.timers.values()]
        pollers = [asyncio.create_task(queue.run(stop)) for queue in self.queues]
        ended = asyncio.create_task(stop.wait())
        # A poller or a clock that fails ends the host: nobody would notice one queue that nobody reads.
        await asyncio.wait([ended, *clocks, *pollers], return_when=asyncio.FIRST_COMPLETED)
        stop.set()
        failed = [task for task in (*clocks, *pollers) if task.done() and task.exception() is not None]
        await asyncio.wait(pollers, timeout=PATIENCE)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(PATIENCE):
                while self.work.running:
                    await asyncio.sleep(0.05)
        for task in (*clocks, *pollers, ended):
            task.cancel()
        say("ended", running=self.work.running)
        for task in failed:
            task.result()

    async def fire(self, name: str) -> Outcome | None:
        """Call a timer's function now; None when no timer has that name."""
        timer = self.timers.get(name)
        return None if timer is None else await timer.fire()

    async def status(self) -> dict[str, Any]:
        """What is indexed, what waits and what runs. Idle: every queue is empty and nothing runs."""
        before = self.work.ended, self.work.running
        waiting = await asyncio.gather(*(asyncio.to_thread(queue.waiting) for queue in self.queues))
        queues = {queue.name: count for queue, (count, _) in zip(self.queues, waiting, strict=True)}
        poison = {queue.name: count for queue, (_, count) in zip(self.queues, waiting, strict=True) if count}
        # What ended while we counted may have sent to a queue that we had counted already.
        unchanged = before == (self.work.ended, self.work.running)
        return {
            "runtime": self.app.runtime,
            "functions": [{"name": one.name, "bindings": list(one.bindings)} for one in self.app.functions],
            "timers": {name: timer.next.isoformat() for name, timer in self.timers.items()},
            "queues": queues,
            "poison": poison,
            "running": self.work.running,
            "calls": self.work.counts,
            "idle": unchanged and not self.work.running and not any(queues.values()),
        }


def stop_on_signals() -> asyncio.Event:
    """An event that is set when the process is asked to end."""
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


def _of_kind(functions: Sequence[Function], kind: str) -> list[Function]:
    return [one for one in functions if one.trigger["type"] == kind]


def _service(function: Function, settings: Mapping[str, str]) -> QueueServiceClient:
    name = function.trigger["connection"]
    if not settings.get(name):
        raise AppError(
            f"app setting {name} is missing: a connection string of the queues, as this host has no identity"
        )
    return QueueServiceClient.from_connection_string(settings[name])
