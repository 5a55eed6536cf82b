"""`WitnessRequests` over the one way out to the public Internet."""

from __future__ import annotations

from syndic.adapters.internet.https import PublicHttps
from syndic.ports import WitnessAnswer

CONNECTING = 2.0  # seconds
ANSWERING = 5.0  # seconds: a witness looks at one signature and at most 63 hashes
_HEADERS = {"Content-Type": "text/plain; charset=utf-8", "User-Agent": "syndic"}


class HttpsWitnesses:
    """Asks witnesses over https.

    Args:
        https: The way out; None: one of short patience.
    """

    def __init__(self, https: PublicHttps | None = None) -> None:
        self._https = https or PublicHttps(connecting=CONNECTING, answering=ANSWERING)

    def add_checkpoint(self, url: str, request: bytes, *, where: str) -> WitnessAnswer:
        """Send a request."""
        answer = self._https.post(f"{url}/add-checkpoint", request, _HEADERS, where=where)
        return WitnessAnswer(answer.status, answer.headers.get("content-type", ""), answer.body)
