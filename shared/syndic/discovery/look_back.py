"""How far back captured files are still there: what was seen once may have been deleted since."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime, timedelta
from typing import Final

from syndic.discovery.models import Bookmark
from syndic.models import CaptureConfig, Endpoint, TimeWindow
from syndic.ports import CaptureReader

EVERY: Final = timedelta(days=1)
_HOUR: Final = timedelta(hours=1)


def look_back(
    bookmark: Bookmark, endpoint: Endpoint, capture: CaptureConfig, *, captures: CaptureReader, now: datetime
) -> Bookmark:
    """The bookmark with the first covered hour whose files are still there; once a day.

    One listing while the oldest known hour is there; else a bisection, since stores delete by age: about 17 listings
    for six years. Raises what listing raises.
    """
    if not bookmark.covered or (bookmark.looked_back_at is not None and now - bookmark.looked_back_at < EVERY):
        return bookmark
    since = bookmark.kept_from or bookmark.covered[0].start
    hours = [
        run.start + count * _HOUR
        for run in bookmark.covered
        for count in range(int((run.end - run.start) / _HOUR))
        if run.start + count * _HOUR >= since
    ]

    def there(hour: datetime) -> bool:
        window = TimeWindow(start=hour, end=hour + _HOUR)
        return next(iter(captures.objects(endpoint, capture, window)), None) is not None

    first = 0 if hours and there(hours[0]) else bisect_left(hours, 1, lo=min(1, len(hours)), key=there)
    kept_from = hours[first] if first < len(hours) else bookmark.covered[-1].end
    return bookmark.model_copy(update={"kept_from": kept_from, "looked_back_at": now})
