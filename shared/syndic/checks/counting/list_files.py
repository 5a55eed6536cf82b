"""Listing a window's files: captured traffic, and the ground truth that has come for it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from syndic.checks.counting.window_files import WindowFiles
from syndic.models import RegisteredModel, TimeWindow
from syndic.ports import CaptureReader, ObjectInfo


def list_files(
    model: RegisteredModel,
    window: TimeWindow,
    *,
    captures: CaptureReader,
    now: datetime,
    variants: Collection[str] | None = None,
) -> WindowFiles:
    """List a window's files. Labels are filed by the hour in which they were collected: up to the running one.

    None where the model's traffic is not captured. `variants`: the only ones that can have files of the window.
    """
    capture = model.endpoint.capture if model.endpoint else None
    if model.endpoint is None or capture is None:
        return WindowFiles()
    objects = tuple(captures.objects(model.endpoint, capture, window, variants=variants))
    labels: tuple[ObjectInfo, ...] = ()
    if capture.labels_uri is not None and model.capture_schema is not None and model.capture_schema.label:
        span = TimeWindow(start=window.start, end=max(now, window.end) + timedelta(hours=1))
        labels = tuple(captures.labels(capture, span))
    return WindowFiles(objects, labels)
