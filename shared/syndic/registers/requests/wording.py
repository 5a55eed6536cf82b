"""Whether a text looks as if it named a person. It can tell some forms only: what it lets pass may still name one."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from syndic.errors import InvalidInputError

_ADDRESS: Final = re.compile(r"[^\s@<>]{1,64}@[^\s@<>]{1,190}\.[A-Za-z]{2,}")
_LOOKS: Final = (
    (re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b"), "an account number (IBAN)"),
    (re.compile(r"(?<![\w.])\+?\(?\d(?:[ ()./-]?\d){8,17}(?!\w)"), "a number of a person, a card or a telephone"),
    (re.compile(r"\b(?:mr|mrs|ms|dr|herr|frau|monsieur|madame)\.? [A-Z]\w+", re.IGNORECASE), "a person's name"),
)


def refuse_addresses(texts: Mapping[str, str]) -> None:
    """Refuse texts, by the names of their fields, in which an e-mail address stands. Raises `InvalidInputError`."""
    for name, text in texts.items():
        if _ADDRESS.search(text):
            raise InvalidInputError(
                "has an e-mail address in it: a person stands here as a reference, not by name", where=name
            )


def warnings_of(texts: Mapping[str, str]) -> Iterator[str]:
    """What looks as if it named a person, field by field: for the screen, before it is kept for long."""
    for name, text in texts.items():
        for pattern, what in _LOOKS:
            if pattern.search(text):
                yield f"{name} has in it what looks like {what}; write a reference instead"
                break
