"""Timers: each fires when its schedule says, and when asked to; one call at a time, as the host's lock has it."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

from azure_functions.schedules import Schedule, timer_schedule
from demo.azure_host.apps import AppError, Call, Function, Outcome
from demo.azure_host.work import Work
from syndic.errors import InvalidInputError

NEVER = "0001-01-01T00:00:00+00:00"  # how the host writes that a timer did not fire yet
LONGEST_SLEEP = 60.0  # looked at again at least so often, should the machine's clock be set


@dataclass
class Timer:
    """A timer of the app."""

    function: Function
    schedule: Schedule
    work: Work
    last: datetime | None = None
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    @classmethod
    def of(cls, function: Function, settings: Mapping[str, str], work: Work) -> Timer:
        """The timer of a function. Raises `AppError` when its schedule is none."""
        try:
            return cls(function, timer_schedule(function.trigger["schedule"], settings), work)
        except InvalidInputError as error:
            raise AppError(f"timer {function.name}: {error}") from error

    @property
    def next(self) -> datetime:
        """When it fires next."""
        return self.schedule.next_after(datetime.now(UTC))

    async def fire(self) -> Outcome:
        """Call its function now."""
        async with self.lock:
            status = {
                "Last": NEVER if self.last is None else self.last.isoformat(),
                "Next": self.next.isoformat(),
                "LastUpdated": NEVER if self.last is None else self.last.isoformat(),
            }
            payload = {"Schedule": {"AdjustForDST": True}, "ScheduleStatus": status, "IsPastDue": False}
            self.last = datetime.now(UTC)
            return await self.work.call(self.function, Call(json=json.dumps(payload)))

    async def run(self) -> None:
        """Fire by the clock, for ever."""
        due = self.next
        while True:
            wait = (due - datetime.now(UTC)).total_seconds()
            await asyncio.sleep(max(0.0, min(wait, LONGEST_SLEEP)))
            if datetime.now(UTC) >= due:
                await self.fire()
                due = self.next
