"""Words that every format uses, and text that every font of the report can show."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from datetime import datetime
from typing import Final

from syndic.assessment import FrameworkStatus, State

STATE_WORDS: Final = {
    State.MET: "met",
    State.NOT_MET: "not met",
    State.INSUFFICIENT_EVIDENCE: "insufficient evidence",
    State.ATTESTATION_DUE: "attestation due",
    State.EXPIRED: "expired",
    State.NOT_APPLICABLE: "not applicable",
    State.NOT_YET_IN_FORCE: "not yet in force",
}

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


SHOWN: Final = (
    *((0x0A, 0x0A), (0x20, 0x7E), (0xA1, 0xAC), (0xAE, 0x17F), (0x218, 0x21B)),  # Latin
    *((0x391, 0x3A1), (0x3A3, 0x3C9), (0x401, 0x401), (0x410, 0x44F), (0x451, 0x451)),  # Greek, Cyrillic
    *((0x2013, 0x2014), (0x2018, 0x201A), (0x201C, 0x201E), (0x2020, 0x2020), (0x2022, 0x2022), (0x2026, 0x2026)),
    *((0x2030, 0x2030), (0x2039, 0x203A), (0x20AC, 0x20AC), (0x2122, 0x2122), (0x2212, 0x2212), (0x2248, 0x2248)),
    *((0x2260, 0x2260), (0x2264, 0x2265)),
)
"""Ranges of characters that the report's fonts have; a test renders all of them."""


def printable(text: str) -> str:
    """Text in which every character has a glyph; another one is written as its code, such as ``[U+4E2D]``."""
    return "".join(map(_shown, unicodedata.normalize("NFC", text)))


def _shown(character: str) -> str:
    code = ord(character)
    if any(low <= code <= high for low, high in SHOWN):
        return character
    if character.isspace():
        return " "
    return f"[U+{code:04X}]"


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
