"""A window split into parts that workers can read apart; their counts add up to those of the whole window."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from syndic.models import CaptureFormat
from syndic.ports import ObjectInfo

_COLLECTION = re.compile(r"(?P<deployment>.*)/[^/]+/(?P<time>\d{4}(?:/\d{2}){0,4})/(?P<file>[^/]+)")


@dataclass(frozen=True, slots=True)
class Part:
    """Capture files that are counted together.

    Attributes:
        own: The files whose records this part counts.
        beside: Files read only to find the other side of calls that fell on both sides of an hour.
    """

    own: tuple[ObjectInfo, ...]
    beside: tuple[ObjectInfo, ...] = ()


def pairs_of(objects: Iterable[ObjectInfo]) -> list[list[ObjectInfo]]:
    """Collector files of the same deployment, hour and instance together, in the order of their hours."""
    groups: dict[tuple[str, str], list[ObjectInfo]] = {}
    for item in objects:
        groups.setdefault(_place(item), []).append(item)
    return [groups[key] for key in sorted(groups)]


def parts_of(objects: Sequence[ObjectInfo], form: CaptureFormat) -> tuple[Part, ...]:
    """The parts of a window, in the order of their files.

    A SageMaker file holds whole calls and is a part by itself. The data collector writes inputs and outputs of one
    instance to files of their own, and a call's two sides may lie in neighbouring hours: the pair of files of an hour
    is a part, and the pairs that the same instance wrote just before and after are read beside it.
    """
    if form is CaptureFormat.SAGEMAKER:
        return tuple(Part((item,)) for item in sorted(objects, key=lambda item: item.uri))
    instances: dict[str, list[list[ObjectInfo]]] = {}
    for pair in pairs_of(objects):
        instances.setdefault(_place(pair[0])[1], []).append(pair)
    return tuple(part for pairs in instances.values() for part in _beside_each_other(pairs))


def _beside_each_other(pairs: Sequence[Sequence[ObjectInfo]]) -> Iterator[Part]:
    for index, pair in enumerate(pairs):
        neighbours = [*pairs[max(0, index - 1) : index], *pairs[index + 1 : index + 2]]
        yield Part(tuple(pair), tuple(item for neighbour in neighbours for item in neighbour))


def _place(item: ObjectInfo) -> tuple[str, str]:
    """Time and instance of a collector file; another file stands alone, before all others."""
    found = _COLLECTION.fullmatch(item.uri)
    return (found["time"], f"{found['deployment']} {found['file']}") if found else ("", item.uri)
