"""Files of inputs and files of outputs, put together again.

The collector writes the two sides of the calls of one instance to files of their own, and a call's two sides may lie in
neighbouring hours: so the pair of files of an hour is read beside those just before and after.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from syndic.ports import ObjectInfo
from syndic.windows.partitions import Part

_COLLECTION = re.compile(r"(?P<deployment>.*)/[^/]+/(?P<time>\d{4}(?:/\d{2}){0,4})/(?P<file>[^/]+)")


def pairs_of(objects: Iterable[ObjectInfo]) -> list[list[ObjectInfo]]:
    """Collector files of the same deployment, hour and instance together, in the order of their hours."""
    groups: dict[tuple[str, str], list[ObjectInfo]] = {}
    for item in objects:
        groups.setdefault(_place(item), []).append(item)
    return [groups[key] for key in sorted(groups)]


def paired_parts(objects: Iterable[ObjectInfo]) -> tuple[Part, ...]:
    """The pair of files of each hour as a part, with the pairs that the same instance wrote just before and after."""
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
