"""The Merkle tree of RFC 6962, section 2.1: hashes, the two kinds of proof, and what they prove. Pure.

A leaf is ``SHA-256(0x00 || data)``, a node ``SHA-256(0x01 || left || right)``. All hashes here are 32 bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
"""The root of the tree without leaves."""

Nodes = Callable[[int, int], bytes]
"""The hash of a complete subtree: of ``2**level`` leaves, the `index`-th of its level. Raises `KeyError`."""


def leaf_hash(data: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


@dataclass(frozen=True, slots=True)
class Frontier:
    """A tree of `size` leaves, as far as it must be known to add more.

    `peaks` are the roots of its complete subtrees, the largest first: one for each bit of the size.
    """

    size: int = 0
    peaks: tuple[bytes, ...] = ()

    def extended(self, leaves: Iterable[bytes]) -> Frontier:
        """The tree with more leaves, given as leaf hashes."""
        size, peaks = self.size, list(self.peaks)
        for leaf in leaves:
            carried, rest = leaf, size
            while rest & 1:
                carried = node_hash(peaks.pop(), carried)
                rest >>= 1
            peaks.append(carried)
            size += 1
        return Frontier(size, tuple(peaks))

    @property
    def root(self) -> bytes:
        """The root of the tree."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root

    @property
    def is_sound(self) -> bool:
        """Whether there are as many subtrees as a tree of this size has, each of 32 bytes."""
        return self.size >= 0 and len(self.peaks) == self.size.bit_count() and all(len(one) == 32 for one in self.peaks)


class Leaves:
    """Every node over leaf hashes that are all in memory (`Nodes`)."""

    def __init__(self, leaves: Sequence[bytes]) -> None:
        self._levels: list[list[bytes]] = [list(leaves)]
        while len(below := self._levels[-1]) > 1:
            pairs = range(0, len(below) - 1, 2)
            self._levels.append([node_hash(below[at], below[at + 1]) for at in pairs])

    def __call__(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree."""
        try:
            return self._levels[level][index]
        except IndexError:
            raise KeyError((level, index)) from None


def root_of(nodes: Nodes, size: int) -> bytes:
    """The root of the tree of the first `size` leaves."""
    return _range(nodes, 0, size) if size else EMPTY_ROOT


def inclusion_proof(nodes: Nodes, index: int, size: int) -> tuple[bytes, ...]:
    """The proof that leaf `index` is in the tree of `size` leaves. Raises `ValueError` when it cannot be."""
    if not 0 <= index < size:
        raise ValueError(f"a tree of {size} leaves has no leaf {index}")
    proof: list[bytes] = []
    low, high = 0, size
    while high - low > 1:
        middle = low + _split(high - low)
        if index < middle:
            proof.append(_range(nodes, middle, high))
            high = middle
        else:
            proof.append(_range(nodes, low, middle))
            low = middle
    return tuple(reversed(proof))


def consistency_proof(nodes: Nodes, old: int, size: int) -> tuple[bytes, ...]:
    """The proof that the tree of `size` leaves continues the one of `old`. Raises `ValueError` when it cannot be."""
    if not 0 <= old <= size:
        raise ValueError(f"a tree of {size} leaves does not continue one of {old}")
    if old in {0, size}:
        return ()
    proof: list[bytes] = []
    low, high, whole = 0, size, True  # whole: the part looked at is still a prefix that the verifier knows
    while old != high:
        middle = low + _split(high - low)
        if old <= middle:
            proof.append(_range(nodes, middle, high))
            high = middle
        else:
            proof.append(_range(nodes, low, middle))
            low, whole = middle, False
    if not whole:
        proof.append(_range(nodes, low, high))
    return tuple(reversed(proof))


def is_included(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether a proof shows that a leaf hash is at an index of the tree of a root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    node, last, found = index, size - 1, leaf
    for step in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(step, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, step)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def is_consistent(old: int, old_root: bytes, size: int, root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether a proof shows that one tree continues another (RFC 9162, section 2.1.4.2)."""
    if not 0 <= old <= size:
        return False
    if old == size:
        return not proof and old_root == root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    steps = list(proof) if old & (old - 1) else [old_root, *proof]
    if not steps:
        return False
    node, last = old - 1, size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    first = second = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            first, second = node_hash(step, first), node_hash(step, second)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            second = node_hash(second, step)
        node, last = node >> 1, last >> 1
    return last == 0 and first == old_root and second == root


def _split(size: int) -> int:
    """The largest power of two below a size of at least 2."""
    return 1 << (size - 1).bit_length() - 1


def _range(nodes: Nodes, low: int, high: int) -> bytes:
    """The root over the leaves from `low` to before `high`, where `low` begins a subtree as large as that."""
    size = high - low
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return nodes(level, low >> level)
    middle = low + _split(size)
    return node_hash(_range(nodes, low, middle), _range(nodes, middle, high))
