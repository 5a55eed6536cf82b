"""Evidence about the capture itself: whether it is on, how much it takes, what it left out. Pure."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from syndic.canonical import sha256_of
from syndic.discovery.coverage import empty_windows, hours_in
from syndic.discovery.models import Bookmark
from syndic.models import Evidence, EvidenceStatus, RegisteredModel

KIND: Final = "capture.config"
VALID_FOR: Final = timedelta(days=7)
QUIET: Final = timedelta(days=7)
UNCAPTURED: Final = ("serverless", "asynchronous")
"""Kinds of endpoints without data capture: "serverless" by the feature exclusions of serverless inference; asynchronous
ones keep requests and answers as objects of their own (docs.aws.amazon.com/sagemaker, serverless-endpoints and
async-inference)."""

_SHOWN: Final = 24


def capture_evidence(model: RegisteredModel, bookmark: Bookmark, *, unreadable: str | None, now: datetime) -> Evidence:
    """What is known of a model's capture.

    Args:
        model: The model with its endpoint.
        bookmark: What was seen of its files.
        unreadable: Why the files could not be listed in this run, if they could not.
        now: The time of the run.
    """
    return as_evidence(
        model, _facts(model, bookmark), *_judge(model, bookmark, unreadable, now), of="endpoint", now=now
    )


def as_evidence(
    model: RegisteredModel, facts: dict[str, Any], status: EvidenceStatus, summary: str, *, of: str, now: datetime
) -> Evidence:
    """Evidence of a model's capture, which stands `of` its endpoint or of its jobs."""
    return Evidence(
        kind=KIND,
        model_id=model.id,
        status=status,
        summary=summary,
        facts=facts,
        source=f"model/{model.id}/{of}",
        sha256=sha256_of({"facts": facts, "status": status.value, "summary": summary}),
        produced_at=now,
        expires_at=now + VALID_FOR,
    )


def since_when(evidence: Evidence, model: RegisteredModel, present: Evidence | None) -> Evidence:
    """The evidence with the version that is served and, once a change of it was seen, since when.

    A window that began before says nothing on the version that came in it. What was served before the first look is
    not known, and nothing is said of it.
    """
    version, before = model.served_version, {} if present is None else present.facts
    since = before.get("version_since") if before.get("version") == version else None
    if before.get("version") not in {None, version}:
        since = evidence.produced_at.isoformat()
    facts = {**evidence.facts, "version": version, "version_since": since}
    digest = sha256_of({"facts": facts, "status": evidence.status.value, "summary": evidence.summary})
    return evidence.model_copy(update={"facts": facts, "sha256": digest})


def worth_keeping(evidence: Evidence, present: Evidence | None) -> bool:
    """Whether evidence says something new, or the present one is more than a day old."""
    return (
        present is None
        or present.sha256 != evidence.sha256
        or evidence.produced_at - present.produced_at >= timedelta(days=1)
    )


def why_not(model: RegisteredModel) -> str:
    """Why a model's endpoint captures nothing, where that is so for all of its kind; ends with a word to go on."""
    kinds = model.endpoint.kinds if model.endpoint else ()
    for kind in UNCAPTURED:
        if kind in kinds:
            return f"SageMaker captures nothing of {kind} endpoints, so send its rows to the API, or "
    return ""


def _facts(model: RegisteredModel, bookmark: Bookmark) -> dict[str, Any]:
    capture = model.endpoint.capture if model.endpoint else None
    facts: dict[str, Any] = {
        "enabled": capture is not None and capture.enabled,
        "format": capture.format.value if capture else None,
        "sampling_percent": capture.sampling_percent if capture else 0.0,
        **({} if capture is None or capture.inputs is None else {"inputs": capture.inputs}),
        **({} if capture is None or capture.outputs is None else {"outputs": capture.outputs}),
        "labels_configured": capture is not None and capture.labels_uri is not None,
        "window": model.window.value,
        **({"kinds": list(model.endpoint.kinds)} if model.endpoint and model.endpoint.kinds else {}),
        "hours_captured": hours_in(bookmark.covered),
        "newest_file_at": bookmark.modified.isoformat() if bookmark.modified else None,
    }
    if bookmark.covered:
        first, last = bookmark.covered[0].start, bookmark.covered[-1].end
        empty = empty_windows(bookmark.covered, model.window)
        if bookmark.kept_from is not None and bookmark.kept_from < last:  # not where nothing is kept any more
            facts |= {
                "oldest_hour": bookmark.kept_from.isoformat(),
                "newest_hour": (last - timedelta(hours=1)).isoformat(),
            }
        facts |= {
            "hours_without_files": int((last - first) / timedelta(hours=1)) - hours_in(bookmark.covered),
            "windows_without_files": len(empty),
            "latest_windows_without_files": [window.key for window in empty[-_SHOWN:]],
        }
    return facts


def _judge(
    model: RegisteredModel, bookmark: Bookmark, unreadable: str | None, now: datetime
) -> tuple[EvidenceStatus, str]:
    capture = model.endpoint.capture if model.endpoint else None
    if capture is None or not capture.enabled:
        return EvidenceStatus.FAILING, f"Traffic is not captured: {why_not(model)}nothing of it can be measured."
    if capture.sampling_percent <= 0:
        return EvidenceStatus.FAILING, "Capture is on and takes 0 % of the traffic."
    if unreadable is not None:
        return EvidenceStatus.INCONCLUSIVE, f"The captured files could not be listed: {unreadable}"
    if bookmark.modified is None:
        return EvidenceStatus.INCONCLUSIVE, "Capture is on; no captured file was seen yet."
    if now - bookmark.modified > QUIET:
        days = (now - bookmark.modified).days
        return (
            EvidenceStatus.INCONCLUSIVE,
            f"Capture is on; the newest file is {days} days old: there is no traffic, or capture has stopped.",
        )
    return EvidenceStatus.PASSING, f"Capture is on and takes {capture.sampling_percent:g} % of the traffic."
