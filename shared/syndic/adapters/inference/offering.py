"""Records that nobody waits for: sent by a thread of their own, within a second of when they were offered."""

from __future__ import annotations

import logging
import threading
import time
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
        oldest: Seconds after which whoever offers another one sends what waits: on a busy machine the thread may come
            late, and nothing is to be answered that leaves more than a second at risk. None: nobody ever waits.
    """

    def __init__(
        self,
        send: Callable[[Sequence[bytes]], None],
        *,
        every: float = EVERY,
        most: int = MOST,
        oldest: float | None = None,
    ) -> None:
        self._send, self._every, self._most, self._oldest = send, every, most, oldest
        self._waiting: deque[bytes] = deque()
        self._since = 0.0  # when the first that waits was offered, or a little earlier
        self._lock, self._sending = threading.Lock(), threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None
        self.lost = 0

    def offer(self, record: bytes) -> None:
        """Take a record without waiting, unless others have waited for too long."""
        now = time.monotonic()
        with self._lock:
            if len(self._waiting) >= self._most:
                self.lost += 1
                return
            if not self._waiting:
                self._since = now
            self._waiting.append(record)
            late = self._oldest is not None and now - self._since > self._oldest
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="syndic-records", daemon=True)
                self._thread.start()
        self._wake.set()
        if late:
            self.flush()

    def flush(self) -> None:
        """Send what waits, now. What cannot be sent waits on."""
        with self._sending:
            begun = time.monotonic()
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
                self._since = begun

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
