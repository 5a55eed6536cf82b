"""Shadows of a server of one's own: asked by a thread beside the server, which nobody waits for."""

from __future__ import annotations

import logging
import queue
import threading
from typing import Final

from syndic.gateway.inference_record import InferenceRecord
from syndic.gateway.serving import Serving
from syndic.gateway.shadow import ask_shadows
from syndic.ports import Backends, InferenceLog

log = logging.getLogger(__name__)

MOST: Final = 200
"""Copies that wait; what comes then is dropped: a slow shadow slows nothing."""


class Shadows:
    """Asks shadows of copies, one at a time.

    Args:
        serving: Which version gets copies.
        backends: What is asked.
        records: Takes what was answered.
    """

    def __init__(self, serving: Serving, backends: Backends, records: InferenceLog) -> None:
        self._serving, self._backends, self._records = serving, backends, records
        self._waiting: queue.Queue[InferenceRecord | None] = queue.Queue(MOST)
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self.dropped = 0

    def offer(self, record: InferenceRecord) -> None:
        """Take a record with a copy, without waiting."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="syndic-shadows", daemon=True)
                self._thread.start()
        try:
            self._waiting.put_nowait(record)
        except queue.Full:
            self.dropped += 1

    def close(self) -> None:
        """Ask what waits, and end."""
        if self._thread is not None:
            self._waiting.put(None)
            self._thread.join()

    def _run(self) -> None:
        while (record := self._waiting.get()) is not None:
            try:
                answered = ask_shadows(
                    [record], serving=self._serving, backends=self._backends
                )  # fmt: skip
            except Exception:  # whatever a shadow's service does, the next copy is asked
                log.exception("shadow could not be asked")
                continue
            for one in answered:
                self._records.offer(one.model_id, one.model_dump_json(exclude_defaults=True).encode())
