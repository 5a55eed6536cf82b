"""Citations in a text, resolved against the divisions that their source has.

Understood are ``Art. 5(1)(a)-(h)``, ``Art. 25(1), (3)``, ``Art. 35(2), 38(6), 39(1)(c)``, ``Annex III points 5(b),
6(e)``, ``20-871(b)(1)-(2)``, ``CC1.1-CC1.5``. What is cut short is read from the longest
beginning of the one before that makes it exist: after ``Art. 5(1)(ba)``, ``(bb)`` is a point and ``(1a)`` a paragraph.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from syndic.compliance.definitions.structures import Structure, structures

_STEP: Final = r"\((?:[0-9]{1,3}[a-z]?|[a-z]{1,2}|[ivx]{2,5}|[A-Z])\)"
_HEAD: Final = r"(?:[0-9]{1,2}-[0-9]{3}|[A-Z]{0,3}[0-9]+[a-z]?(?:\.[0-9]+)*|[IVX]+|A(?:\.[0-9]+)+)"
_JOIN: Final = r"(?:, and |, or |, | and | or | to |-)"
_NOT_A_NUMBER: Final = (
    r"(?! (?:days|hours|months|years|business|January|February|March|April|May|June|July|August|September|October"
    r"|November|December|%|systems|models)|%|:|\d)"
)
_PART: Final = re.compile(rf",? (?:Section ([A-C])|points? (\d+[a-z]?)((?:{_STEP})*))")
_FIRST: Final = re.compile(rf"(?P<head>{_HEAD})(?P<steps>(?:{_STEP})*)")
_NEXT: Final = re.compile(
    rf"(?P<join>{_JOIN})(?:(?P<head>{_HEAD}){_NOT_A_NUMBER}(?P<steps>(?:{_STEP})*)|(?P<more>(?:{_STEP})+))"
)
_NEAR: Final = 60


@dataclass(frozen=True, slots=True)
class Place:
    """A division as a citation gives it."""

    word: str
    number: str
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.word} {self.number}{''.join(f'({step})' for step in self.path)}".strip()


def source_of(text: str) -> Structure | None:
    """The source that a text names, of those whose divisions are known."""
    return next((it for it in structures().values() if any(name in text for name in it.names)), None)


def unresolved(text: str, *, home: Structure, known: Mapping[str, Structure] | None = None) -> list[str]:
    """Citations of a text that name a division its source does not have, each with the title of the source.

    Args:
        text: Any prose. Line ends count as blanks.
        home: The source that is meant where a citation names none.
        known: All sources, by name of their file; without it, those that come with Syndic.
    """
    flat, found = " ".join(text.split()), []
    there = known or structures()
    for source in [home, *(it for it in there.values() if it != home and not _words(it) & _words(home))]:
        for match in re.finditer(source.finds, flat):
            meant = _named(flat, match.start(), source, there)
            found += [f"{wrong} ({meant.title})" for wrong in _wrong(flat, match, meant)]
    return list(dict.fromkeys(found))


def _named(text: str, start: int, source: Structure, known: Mapping[str, Structure]) -> Structure:
    """The source that a citation names before or behind itself, among those that are cited in the same way."""
    alike = [it for it in known.values() if _words(it) & _words(source)]
    before = text[max(0, start - _NEAR) : start].rstrip(" ,;:(")
    behind = text[start : start + _NEAR]
    for other in alike:
        for name in other.names:
            if before.endswith(name) or re.match(
                rf"{source.finds} [0-9a-z(),. -]{{1,40}}?(?: of the | of | ){re.escape(name)}", behind
            ):
                return other
    return source


def _words(source: Structure) -> set[str]:
    return {word for word in source.divisions if word}


def _wrong(text: str, match: re.Match[str], source: Structure) -> Iterator[str]:
    word = match.group().strip() if match.group().strip() in source.divisions else _clause(match, source)
    at = match.end() + (text[match.end() : match.end() + 1] == " ")
    first = _FIRST.match(text, at)
    if first is None or word is None:
        return
    last = Place(word, first["head"], _steps(first["steps"]))
    at = first.end()
    while word == "Annex" and (part := _PART.match(text, at)) is not None:
        last, at = Place(word, last.number, (*last.path, part[1] or part[2], *_steps(part[3] or ""))), part.end()
    if not _exists(source, last):
        yield from _told(source, last, text, match.start())
        return
    while (more := _NEXT.match(text, at)) is not None:
        place = _continued(source, last, more)
        if place is None:
            if more["head"] and not more["head"][0].isalpha() and not more["steps"]:
                return  # a number that follows is not always a citation
            yield from _told(source, Place(word, *_cut(more)), text, match.start())
            return
        if more["join"] == "-" and not _in_order(source, last, place):
            yield f"{last} to {place}, which is no order"
        last, at = place, more.end()


def _clause(match: re.Match[str], source: Structure) -> str | None:
    if match.group().lower().startswith("clause"):
        return "Clause"
    return "" if "" in source.divisions else None


def _steps(text: str) -> tuple[str, ...]:
    return tuple(re.findall(r"\(([^)]+)\)", text))


def _cut(more: re.Match[str]) -> tuple[str, tuple[str, ...]]:
    return (more["head"], _steps(more["steps"])) if more["head"] else ("...", _steps(more["more"]))


def _exists(source: Structure, place: Place) -> bool:
    return source.has(place.word, place.number, place.path)


def _continued(source: Structure, last: Place, more: re.Match[str]) -> Place | None:
    """What a shortened citation means after the one before it."""
    if more["head"]:
        tried = [Place(last.word, more["head"], _steps(more["steps"]))]
        if last.word == "Annex" and last.path:  # Annex III points 5(b), 5(c)
            tried.append(Place(last.word, last.number, (more["head"], *_steps(more["steps"]))))
    else:
        steps = _steps(more["more"])
        ends = range(max(len(last.path) - 1, 0), -1, -1)
        tried = [Place(last.word, last.number, (*last.path[:end], *steps)) for end in ends]
    return next((place for place in tried if _exists(source, place)), None)


def _in_order(source: Structure, first: Place, last: Place) -> bool:
    if len(first.path) != len(last.path) or first.path[:-1] != last.path[:-1]:
        return False
    beside = source.siblings(first.word, first.number, first.path)
    ends = (first.path[-1], last.path[-1]) if first.path else (first.number, last.number)
    return beside.index(ends[0]) < beside.index(ends[1])


def _told(source: Structure, place: Place, text: str, start: int) -> Iterator[str]:
    """The problem, unless the text itself says that the division was deleted or replaced."""
    said = text[max(0, start - _NEAR) : start + _NEAR]
    former = source.former.get(str(place))
    if former is not None and re.search(r"replace|delete|former|was Art", said):
        return
    yield f"{place} does not exist" if former is None else f"{place} exists no longer: {former}"
