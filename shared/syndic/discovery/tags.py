"""What an endpoint's tags say about its model. Tags are typed by people and read as untrusted text. Pure."""

from __future__ import annotations

import re
from typing import Any, Final

from syndic.models import CALENDAR, Endpoint, Noun, WindowLength

OWNER: Final = "syndic:owner"
WINDOW: Final = "syndic:window"
LABELS: Final = "syndic:labels"
LABEL_DELAY: Final = "syndic:label-delay"

_MAIL = re.compile(r"[A-Za-z0-9._+-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+")
_PLACE = re.compile(r"((s3|https|azureml|abfss|wasbs)://|http://127\.0\.0\.1:)[A-Za-z0-9][!-~]{1,1000}")
_DAYS = re.compile(r"(\d{1,3})d")


class Wishes(Noun):
    """What the tags ask for, and what of it is not understood."""

    owner: str | None = None
    window: WindowLength | None = None
    labels_uri: str | None = None
    label_delay_days: int = 0
    refused: tuple[str, ...] = ()


def read_tags(tags: dict[str, str]) -> Wishes:
    """Read the tags that begin with ``syndic:``. A wrong value is left out and said, it stops nothing."""
    found: dict[str, Any] = {}
    refused: list[str] = []
    for tag, field, read, wanted in _RULES:
        value = tags.get(tag, "").strip()
        if not value:
            continue
        result = read(value)
        if result is None:
            refused.append(f"tag {tag} is {value[:60]!r}, expected {wanted}")
        else:
            found[field] = result
    return Wishes(**found, refused=tuple(refused))


def with_labels(endpoint: Endpoint, wishes: Wishes) -> Endpoint:
    """The endpoint with the place of its ground truth."""
    if endpoint.capture is None or wishes.labels_uri is None:
        return endpoint
    capture = endpoint.capture.model_copy(update={"labels_uri": wishes.labels_uri})
    return endpoint.model_copy(update={"capture": capture})


def _owner(value: str) -> str | None:
    return value if _MAIL.fullmatch(value) and len(value) <= 254 else None


def _window(value: str) -> WindowLength | None:
    return WindowLength(value) if value in CALENDAR else None


def _labels(value: str) -> str | None:
    return value.rstrip("/") if _PLACE.fullmatch(value) and ".." not in value.split("/") else None


def _delay(value: str) -> int | None:
    found = _DAYS.fullmatch(value)
    return int(found.group(1)) if found else None


_RULES: Final[tuple[tuple[str, str, Any, str], ...]] = (
    (OWNER, "owner", _owner, "an e-mail address"),
    (WINDOW, "window", _window, "hour, day, week or month"),
    (LABELS, "labels_uri", _labels, "an address such as s3://bucket/prefix"),
    (LABEL_DELAY, "label_delay_days", _delay, "a number of days such as 30d"),
)
