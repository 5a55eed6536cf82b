"""Words of a column: how a written value meets a cell, and whether two columns say the same in other words.

Two rules, and nothing is guessed beyond them:

* **Spelling.** Spaces around a value, upper and lower case, ``.0`` behind a whole number do not count, and true and
  false are 1 and 0: ``True``, ``TRUE``, ``true``, ``1``, ``1.0`` and ``" 1"`` are one value. So a value means the same
  on the command line, in a policy and in a file.
* **Meaning.** Labels may be words where predictions are numbers. Words for yes and no stand for 1 and 0; words that
  judge (good, approved) are favourable by what they mean. What is in neither table has no meaning here.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Final

from syndic.windows.cells.cell import level_text

_YES: Final = "1 y yes t true j ja oui si sí sim positive"
_NO: Final = "0 n no f false nein non não nao negative"
_GOOD: Final = (
    "good approved approve accepted accept granted grant pass passed admitted eligible qualified favourable favorable "
    "gut genehmigt bewilligt angenommen"
)
_BAD: Final = (
    "bad denied deny rejected reject refused refuse declined decline fail failed ineligible unqualified unfavourable "
    "unfavorable schlecht abgelehnt"
)
_SHOWN: Final = 40  # letters of a value in a sentence
_TRUTHS: Final = {"true": "1", "false": "0"}


class Sense(StrEnum):
    """What a known word says."""

    YES = "yes"
    NO = "no"
    GOOD = "good"
    BAD = "bad"


_SENSES: Final = {
    word: sense
    for sense, words in ((Sense.YES, _YES), (Sense.NO, _NO), (Sense.GOOD, _GOOD), (Sense.BAD, _BAD))
    for word in words.split()
}


def spelled(value: str) -> str:
    """What of a value counts when it is compared with another one: see the first rule above."""
    text = level_text(value)
    text = unicodedata.normalize("NFC", value if text is None else text).casefold()
    text = " ".join(text.split())
    if text in _TRUTHS:
        return _TRUTHS[text]
    number = number_in(text)
    return text if number is None else f"{number + 0.0:.15g}"


def number_in(text: str) -> float | None:
    """The finite number that a text is; None when it is none. An underscore is no part of a number."""
    if "_" in text:
        return None
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def find_value(wanted: str, values: Sequence[str]) -> str | None:
    """The one of some values that is spelled like the wanted one; None when there is none, or more than one.

    The very same text comes before another spelling of it: where ``F`` and ``f`` are two values, each means itself.
    """
    return finder(values)(wanted)


def finder(values: Iterable[str]) -> Callable[[str], str | None]:
    """`find_value` for many wanted ones: each value is spelled once."""
    known = frozenset(values)
    by_spelling: dict[str, str | None] = {}
    for value in known:
        key = spelled(value)
        by_spelling[key] = None if key in by_spelling else value

    def find(wanted: str) -> str | None:
        return wanted if wanted in known else by_spelling.get(spelled(wanted))

    return find


def sense_of(value: str) -> Sense | None:
    """What a word says, or None when it is in no table."""
    return _SENSES.get(spelled(value))


def means_the_same(value: str, wanted: Iterable[str]) -> bool | None:
    """Whether a word of one column means what some words of another column mean. None: it cannot be known.

    Yes and no are matched with yes and no. A word that judges is matched by its own sense, whatever stands for it on
    the other side: a good outcome favours the person. The reverse cannot be known: where "approved" is wanted, a 1 may
    be a default.
    """
    senses = {sense_of(word) for word in wanted}
    sense = sense_of(value)
    if len(senses) != 1 or sense is None or None in senses:
        return None
    asked = senses.pop()
    if sense in {Sense.GOOD, Sense.BAD}:
        return None if asked is Sense.BAD else sense is Sense.GOOD
    return sense is asked if asked in {Sense.YES, Sense.NO} else None


def is_probability(value: str) -> bool:
    """Whether a value is a number between 0 and 1, the ends excepted: no class is called so."""
    number = number_in(value.strip())
    return number is not None and 0 < number < 1


def listed(values: Iterable[str], *, at_most: int = 4) -> str:
    """Some values for a sentence."""
    ordered = [value if len(value) <= _SHOWN else f"{value[:_SHOWN]}..." for value in sorted(values)]
    return ", ".join(ordered[:at_most]) + (", ..." if len(ordered) > at_most else "")
