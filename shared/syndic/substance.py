"""Whether a text says something: a field that is filled in with "x", "tbd" or "-" is not.

It judges form only. What a text says is for people to judge.
"""

from __future__ import annotations

import unicodedata
from typing import Final

LEAST_LETTERS: Final = 20
LEAST_WORDS: Final = 3
LEAST_IDEOGRAPHS: Final = 8  # scripts without spaces say more with a character
PLACEHOLDERS: Final = frozenset(
    {"tbd", "tba", "todo", "none", "null", "nil", "na", "unknown", "see", "below", "above", "later", "lorem", "ipsum",
     "test", "foo", "bar", "xxx", "asdf", "placeholder", "dummy", "dolor", "sit", "amet"}
)  # fmt: skip


def says_something(text: object) -> bool:
    """Whether a text has enough different words to be a statement. Anything that is no text says nothing."""
    if not isinstance(text, str):
        return False
    letters = [sign for sign in text if unicodedata.category(sign).startswith("L")]
    if len({sign for sign in letters if ord(sign) >= 0x2E80}) >= LEAST_IDEOGRAPHS:
        return True
    words = {word for word in _words(text) if word not in PLACEHOLDERS and len(set(word)) > 1}
    return len(words) >= LEAST_WORDS and sum(map(len, words)) >= LEAST_LETTERS


def in_a_sentence(asked: str) -> str:
    """What is asked for when a text says nothing, with what a sentence is here: who wrote some words wants to know."""
    return f"{asked}, in a sentence: {LEAST_WORDS} different words and {LEAST_LETTERS} letters at least"


def is_placeholder(text: str) -> bool:
    """Whether a name names nothing: "x", "tbd", "test". A short name such as "DPIA" is one."""
    return not {
        word for word in _words(text) if word not in PLACEHOLDERS and (len(set(word)) > 1 or ord(word[0]) >= 0x2E80)
    }


def _words(text: str) -> list[str]:
    plain = "".join(sign.casefold() if unicodedata.category(sign)[0] in "LM" else " " for sign in text)
    return plain.split()
