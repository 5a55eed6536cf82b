"""What every channel's form is made of: facts, texts cut to size, as many matters as a message holds. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, TypeVar

from syndic.ports import Matter, Notification

CUT: Final = " ... (cut)"
T = TypeVar("T")


def cut(text: str, most: int) -> str:
    """A text of at most so many characters; what was cut says so."""
    if len(text) <= most:
        return text
    return text[: most - len(CUT)] + CUT if most > len(CUT) else text[:most]


def facts(matter: Matter) -> list[tuple[str, str]]:
    """What there is to say of a matter, by name: numbers with threshold and interval, since when, why, what to do."""
    numbers = [("Measured", number.in_words()) for number in matter.numbers]
    return [
        *([("Now", matter.standing)] if matter.standing else []),
        ("Subject", matter.about),
        *numbers,
        ("Since", matter.since),
        *([("Related", matter.related)] if matter.related else []),
        ("Why", matter.cause),
        ("To do", matter.to_do),
    ]


def headline(matter: Matter) -> str:
    """Severity, model and title."""
    return f"{matter.severity.value.upper()}  {matter.headline}"


def more(notification: Notification, shown: int) -> str | None:
    """How many matters a message could not hold, and where they are; None when it holds all."""
    left = len(notification.matters) - shown
    if left <= 0:
        return None
    return f"{left} more {'is' if left == 1 else 'are'} on the dashboard."


def fill(items: Sequence[T], most: int, size: Callable[[T], int], room: int) -> list[T]:
    """The first items, at most so many, whose sizes together fit in the room."""
    taken: list[T] = []
    for item in items[:most]:
        room -= size(item)
        if room < 0:
            break
        taken.append(item)
    return taken
