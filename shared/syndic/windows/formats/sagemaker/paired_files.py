"""Which answers of a batch transform job are of which input, by the names of its files. Pure.

Of an input ``in/2026/a.csv`` the answers are ``<output>/2026/a.csv.out``, or ``<output>/a.csv.out``: how much of the
input's path is kept depends on how the job named its inputs. Therefore files go together whose paths end alike.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from syndic.models.jobs import ANSWERS
from syndic.ports import ObjectInfo


@dataclass(frozen=True, slots=True)
class FilePair:
    """An input and its answers; where one is missing, it was not found, or may be of several."""

    asked: ObjectInfo | None
    answered: ObjectInfo | None

    @property
    def files(self) -> tuple[ObjectInfo, ...]:
        """Those that there are."""
        return tuple(one for one in (self.asked, self.answered) if one is not None)


def paired(objects: Iterable[ObjectInfo]) -> list[FilePair]:
    """Files that go together, by name. A file stands in one pair; paths that end alike twice tell nothing."""
    every = sorted(set(objects), key=lambda item: item.uri)
    names = {_name(item.uri) for item in every}
    answers = [item for item in every if _is_answers(item.uri, names)]
    inputs = [item for item in every if not _is_answers(item.uri, names)]
    of: dict[ObjectInfo, ObjectInfo] = {}
    left = {item: _parts(item.uri.removesuffix(ANSWERS)) for item in answers}
    waiting = {item: _parts(item.uri) for item in inputs}
    for depth in range(max(map(len, (*left.values(), *waiting.values())), default=0), 0, -1):
        ending = _by_ending(left, depth)
        for path, some in _by_ending(waiting, depth).items():
            found = ending.get(path, [])
            if len(some) == len(found) == 1:
                of[some[0]] = found[0]
                del left[found[0]], waiting[some[0]]
    pairs = [FilePair(item, of.get(item)) for item in inputs]
    return [*pairs, *(FilePair(None, item) for item in left)]


def _is_answers(uri: str, names: set[str]) -> bool:
    """Whether a file holds answers: one of which there are answers is an input, whatever its own name."""
    return uri.endswith(ANSWERS) and f"{_name(uri)}{ANSWERS}" not in names


def _by_ending(items: dict[ObjectInfo, tuple[str, ...]], depth: int) -> dict[tuple[str, ...], list[ObjectInfo]]:
    found: dict[tuple[str, ...], list[ObjectInfo]] = defaultdict(list)
    for item, path in items.items():
        if len(path) >= depth:
            found[path[-depth:]].append(item)
    return found


def _parts(uri: str) -> tuple[str, ...]:
    return tuple(uri.partition("://")[2].split("/")[1:])


def _name(uri: str) -> str:
    return uri.rpartition("/")[2]
