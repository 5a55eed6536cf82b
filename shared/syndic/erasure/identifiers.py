"""Identifiers of persons as salted hashes, so that no record holds one.

The salt is the id of the erasure: it keeps hashes of two erasures apart. It is no secret, so a short identifier can be
guessed by whoever can read the record; that is why the hashes go as soon as the plan is made.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from typing import Any

from syndic.errors import InvalidInputError
from syndic.windows import level_text
from syndic.windows.rejected import UnusableError


class Matcher:
    """Tells whether a cell is one of some identifiers.

    Args:
        salt: The id of the erasure.
        hashes: Of the identifiers.
    """

    def __init__(self, salt: str, hashes: Iterable[str] = ()) -> None:
        self._salt, self.hashes = salt.encode() + b"\0", set(hashes)

    def digest(self, text: str) -> str:
        """The salted hash of a text."""
        return hashlib.sha256(self._salt + text.encode("utf-8", "surrogatepass")).hexdigest()

    def matches(self, cell: Any) -> bool:
        """Whether a cell of any type says one of the identifiers: 7, 7.0 and "7" say the same."""
        try:
            text = level_text(cell)
        except UnusableError:
            return False
        return text is not None and self.digest(text) in self.hashes

    def add(self, text: str) -> None:
        """Look for one more."""
        self.hashes.add(self.digest(level_text(text) or text))


def hashed(identifiers: AbstractSet[str], *, salt: str) -> tuple[str, ...]:
    """Hashes of identifiers as they are matched, in order. Raises `InvalidInputError` for one that says nothing."""
    matcher = Matcher(salt)
    for one in identifiers:
        text = level_text(one)
        if text is None:
            raise InvalidInputError("one of them is empty or says that a value is missing", where="identifiers")
        matcher.hashes.add(matcher.digest(text))
    return tuple(sorted(matcher.hashes))
