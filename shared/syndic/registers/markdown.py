"""Text that people wrote, in Markdown: it stays text, whatever it holds. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from typing import Final

_MARKS: Final = re.compile(r"([\\`*_{}\[\]#|~!])")


def plain(text: str) -> str:
    """A text on one line without any meaning in Markdown or HTML."""
    return _MARKS.sub(r"\\\1", html.escape(" ".join(text.split()), quote=False))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of texts; each cell is made plain."""
    lines = [list(map(plain, head)), ["---"] * len(head), *(list(map(plain, row)) for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
