"""Records that nobody waits for: sent by a thread of their own, within a second of when they were offered."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final

from syndic.errors import SyndicError

log = logging.getLogger(__name__)

EVERY: Final = 0.5
"""Seconds between two sendings."""

MOST: Final = 20_000
"""Records that wait; what comes then is lost, and the numbers of those that are kept show the gap."""


class Offering:
    """Sends what was offered.

    Args:
        send: Sends some records, in their order; raises `SyndicError` when they have to be sent again.
        every: Seconds between two sendings.
        most: Records that may wait.
    """

    def __init__(self, send: Callable[[Sequence[bytes]], None], *, every: float = EVERY, most: int = MOST) -> None:
        self._send, self._every, self._most = send, every, most
        self._waiting: deque[bytes] = deque()
        self._lock, self._sending = threading.Lock(), threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self.lost = 0

    def offer(self, record: bytes) -> None:
        """Take a record without waiting."""
        with self._lock:
            if len(self._waiting) >= self._most:
                self.lost += 1
                return
            self._waiting.append(record)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="syndic-records", daemon=True)
                self._thread.start()
        self._wake.set()

    def flush(self) -> None:
        """Send what waits, now. What cannot be sent waits on."""
        with self._sending:
            with self._lock:
                batch = list(self._waiting)
            if not batch:
                return
            try:
                self._send(batch)
            except SyndicError as error:
                log.warning("records could not be sent yet", extra={"waiting": len(batch), "reason": str(error)})
                return
            with self._lock:
                for _ in batch:
                    self._waiting.popleft()

    def _run(self) -> None:
        pause = threading.Event()
        while True:
            self._wake.wait()
            self._wake.clear()
            pause.wait(self._every)
            self.flush()
            with self._lock:
                if self._waiting:
                    self._wake.set()
