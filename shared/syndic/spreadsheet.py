"""Text in cells that spreadsheets open: what people wrote is never taken for a formula."""

from __future__ import annotations

import re
from typing import Final

_STARTS: Final = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # the last four are full-width
_BREAKS: Final = ("\t", "\r", "\n")
_UNSEEN: Final = re.compile(r"[\s\x00-\x1f\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")


def safe_cell(value: str) -> str:
    """Text that no spreadsheet runs: a leading apostrophe before what starts like a formula.

    Spreadsheets skip blanks and what cannot be seen before they look for one, and may take a tab or a line break for
    the end of a cell.
    """
    if value[:1].isalnum():
        return value
    unseen = _UNSEEN.match(value)
    lead = value[unseen.end() :] if unseen else value
    return f"'{value}" if lead.startswith(_STARTS) or value.startswith(_BREAKS) else value
