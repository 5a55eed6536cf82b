"""The tree as static files (C2SP tlog-tiles): every verifier reads them, no server computes a proof.

A full tile holds 256 hashes of a level and never changes; the last one of a level is partial, under a name of its own
for each width. What was written is never written again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from syndic.audit.tree.merkle import Leaves, leaf_hash, root_of
from syndic.errors import InvalidInputError, NotFoundError
from syndic.ports import Archive

WIDTH: Final = 256
_BITS: Final = 8


def tile_path(level: int, number: int, width: int = WIDTH) -> str:
    """Path of a tile: its level, its number in groups of three digits, and how many hashes it has when not full."""
    return _path(str(level), number, width)


def entries_path(number: int, width: int = WIDTH) -> str:
    """Path of a bundle of the leaves' data."""
    return _path("entries", number, width)


def _path(kind: str, number: int, width: int) -> str:
    groups = [f"{number % 1000:03d}"]
    while number >= 1000:
        number //= 1000
        groups.append(f"x{number % 1000:03d}")
    place = f"tile/{kind}/{'/'.join(reversed(groups))}"
    return place if width == WIDTH else f"{place}.p/{width}"


def tiles_between(before: int, size: int) -> Iterator[tuple[int, int, int]]:
    """The tiles (level, number, width) that a tree of `size` leaves has and one of `before` leaves has not."""
    level = 0
    while True:
        old, new = before >> level * _BITS, size >> level * _BITS
        if new == 0:
            return
        for number in range(old // WIDTH, -(-new // WIDTH)):
            width = min(WIDTH, new - number * WIDTH)
            if width > 0 and number * WIDTH + width > old:
                yield level, number, width
        level += 1


class Tiles:
    """The nodes of a tree of `size` leaves out of its tiles (`syndic.audit.tree.merkle.Nodes`).

    Each tile is read once. Raises `NotFoundError` when one is missing, `InvalidInputError` when one is damaged.
    """

    def __init__(self, read: Callable[[str], bytes], size: int) -> None:
        self._read, self._size = read, size
        self._kept: dict[tuple[int, int], tuple[list[bytes], Leaves]] = {}

    def __call__(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree."""
        high, low = divmod(level, _BITS)
        first = index << low
        _, nodes = self._tile(high, first // WIDTH)
        return nodes(low, (first % WIDTH) >> low)

    def leaves(self, start: int, end: int) -> list[bytes]:
        """The leaf hashes from `start` to before `end`."""
        found: list[bytes] = []
        for number in range(start // WIDTH, -(-end // WIDTH)):
            hashes, _ = self._tile(0, number)
            found += hashes[max(0, start - number * WIDTH) : end - number * WIDTH]
        return found

    def _tile(self, level: int, number: int) -> tuple[list[bytes], Leaves]:
        if (level, number) not in self._kept:
            width = min(WIDTH, (self._size >> level * _BITS) - number * WIDTH)
            if width <= 0:
                raise KeyError((level, number))
            data = self._full_or(level, number, width)
            hashes = [data[at * 32 : at * 32 + 32] for at in range(width)]
            self._kept[level, number] = hashes, Leaves(hashes)
        return self._kept[level, number]

    def _full_or(self, level: int, number: int, width: int) -> bytes:
        """A tile of at least `width` hashes: a partial one may be gone once the full one is there."""
        path = tile_path(level, number, width)
        try:
            data = self._read(path)
        except NotFoundError:
            if width == WIDTH:
                raise
            path = tile_path(level, number)
            data = self._read(path)
            width = WIDTH
        if len(data) != width * 32:
            raise InvalidInputError(f"has {len(data)} bytes, a tile of {width} hashes has {width * 32}", where=path)
        return data


def write_tiles(archive: Archive, before: int, size: int, data: Callable[[int, int], Sequence[bytes]]) -> bytes:
    """Write the tiles and bundles that a tree of `size` leaves has and one of `before` has not, each once.

    Returns the root of the tree, as the tiles give it.

    Args:
        archive: Where they lie. What is there and says the same is left.
        before: The tree whose tiles are there already.
        size: The tree whose tiles are wanted.
        data: Data of the leaves from an index to before another.

    Raises `ConflictError` when a tile of another content is there: another tree was published.
    """
    start = before - before % WIDTH
    fresh = list(data(start, size))
    hashes = [leaf_hash(one) for one in fresh]
    known = Tiles(archive.get, before)
    written: dict[tuple[int, int], Leaves] = {}

    def node(level: int, index: int) -> bytes:
        """A node of the new tree: out of a tile that is new, else out of the tree before."""
        high, low = divmod(level, _BITS)
        first = index << low
        tile = written.get((high, first // WIDTH))
        return known(level, index) if tile is None else tile(low, (first % WIDTH) >> low)

    for level, number, width in tiles_between(before, size):
        at = number * WIDTH
        if level == 0:
            found = hashes[at - start : at - start + width]
            _put(archive, entries_path(number, width), b"".join(_prefixed(fresh[at - start : at - start + width])))
        else:
            below = [written.get((level - 1, at + place)) for place in range(width)]
            found = [
                known(level * _BITS, at + place) if tile is None else tile(_BITS, 0) for place, tile in enumerate(below)
            ]
        written[level, number] = Leaves(found)
        _put(archive, tile_path(level, number, width), b"".join(found))
    return root_of(node, size)


def _prefixed(data: Sequence[bytes]) -> Iterator[bytes]:
    for one in data:
        yield len(one).to_bytes(2)
        yield one


def _put(archive: Archive, path: str, data: bytes) -> None:
    archive.put(path, data, content_type="application/octet-stream", locked=True)
