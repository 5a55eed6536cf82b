"""What changed in the frameworks, from their own changelogs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from syndic.compliance.definitions.load import Compiled
from syndic.models import Noun


class NewsItem(Noun):
    """What changed in one version of a framework."""

    framework_id: str
    framework_title: str
    version: str
    on: date
    says: str


def news_of(frameworks: Iterable[Compiled], *, since: date | None = None) -> tuple[NewsItem, ...]:
    """What changed since a day, the newest first."""
    found = (
        NewsItem(
            framework_id=it.framework.id,
            framework_title=it.framework.title,
            version=one.version,
            on=one.released,
            says=one.says,
        )
        for it in frameworks
        for one in it.framework.changelog
        if since is None or one.released >= since
    )
    return tuple(sorted(found, key=lambda it: (-it.on.toordinal(), it.framework_id, it.version)))
