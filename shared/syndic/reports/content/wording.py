"""Words that every format uses, and text that every font of the report can show."""

from __future__ import annotations

import sys
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from datetime import datetime
from functools import cache, lru_cache
from importlib import resources
from typing import Final

from syndic.assessment import FrameworkStatus, State

MEANING: Final = {
    State.MET: "The evidence on record supports the requirement. It says no more than that.",
    State.NOT_MET: "The evidence on record contradicts the requirement.",
    State.INSUFFICIENT_EVIDENCE: "Evidence is missing, out of date, or could not tell. This is never a pass.",
    State.ATTESTATION_DUE: "A person has to sign, or signed for another version.",
    State.EXPIRED: "A signature or a document was on record and has lapsed.",
    State.NOT_APPLICABLE: "Recorded facts say that the requirement does not apply; the reason is shown.",
    State.NOT_YET_IN_FORCE: "The requirement applies from a later date. The state it would have today is shown.",
}

LIMITATIONS: Final = (
    """A state says what the evidence on record supports. It is not a legal opinion, a conformity assessment, an audit
    opinion or a certification.""",
    """Captured traffic may be a sample. The share that was captured is part of the capture evidence; counts in this
    report are counts of captured rows, not of all traffic.""",
    """Machine checks test what can be measured. The quality of a document and the truth of a signed statement are for
    people to judge; this report shows that they exist, who signed, and when they lapse.""",
    """Dates of application were verified on the day shown with each requirement. Where the text of a law is unclear,
    all readings are shown and none is chosen.""",
    """There is no overall figure: a failed requirement is not offset by others.""",
)


JOINERS: Final = frozenset("\u200c\u200d")
"""Without a shape of their own; Indic and Persian words need them. Elsewhere they could hide in a name."""


@cache
def glyphs() -> tuple[tuple[int, int], ...]:
    """Ranges of characters that the report's fonts have, in order; a test compares them with the fonts."""
    words = resources.files("syndic.reports.content").joinpath("glyphs.txt").read_text("ascii").split()
    ends = (word.partition("-")[::2] for word in words)
    return tuple((int(first, 16), int(last or first, 16)) for first, last in ends)


def printable(text: str) -> str:
    """Text in which every character has a glyph; another one is written as its code, such as ``[U+202E]``."""
    composed = unicodedata.normalize("NFC", text)
    if composed.isascii() and composed.isprintable():
        return composed
    return "".join(_shown(now, before) for before, now in zip(" " + composed, composed, strict=False))


@lru_cache(maxsize=4096)
def _shown(character: str, before: str) -> str:
    code = ord(character)
    if character == "\n" or has_glyph(code):
        return character
    if character.isspace():
        return " "
    if character in JOINERS and ord(before) >= 0x600 and unicodedata.category(before)[0] in "LM":
        return character
    return f"[U+{code:04X}]"


def has_glyph(code: int) -> bool:
    """Whether a character has a glyph in the report's fonts."""
    place = bisect_right(glyphs(), (code, sys.maxunicode + 1)) - 1
    return place >= 0 and glyphs()[place][0] <= code <= glyphs()[place][1]


def day(moment: datetime | None) -> str:
    """A date, or a dash."""
    return "-" if moment is None else f"{moment:%Y-%m-%d}"


def minute(moment: datetime | None) -> str:
    """A date and time in UTC, or a dash."""
    return "-" if moment is None else f"{moment:%Y-%m-%d %H:%M} UTC"


def met_of_applicable(statuses: Iterable[FrameworkStatus]) -> str:
    """The only sum there is: ``7 of 12``."""
    statuses = tuple(statuses)
    return f"{sum(status.met for status in statuses)} of {sum(status.applicable for status in statuses)}"
