"""Matchers: ``severity="critical"``, ``owner!=""``, ``model=~"credit.*"``, ``concern!~"drift|quality"``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from syndic.errors import InvalidInputError

Labels = Mapping[str, str]
MOST_CHARACTERS: Final = 300
LABEL: Final = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,63}")
_MATCHER: Final = re.compile(
    r'\s*([a-zA-Z_][a-zA-Z0-9_]{0,63})\s*(=~|!~|!=|=)\s*(?:"((?:[^"\\]|\\.)*)"|([^"\s,{}]*))\s*'
)
_ESCAPE: Final = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES: Final = {"n": "\n", '"': '"', "\\": "\\"}
_SAFE: Final = re.compile(
    r"""(?:
      \\[.\-+*?()\[\]{}|^$\\/dwsDWS]              # an escaped sign or a class
    | \[\^?(?:\\[\]\\\-^dws]|[^\]\\\[])+\]        # a set
    | [^\\\[\](){}*+?|^$]                         # a sign, or any sign
    | [()|]
    | [*+?](?:\?)?
    | \{\d{1,2}(?:,\d{0,2})?\}
    )*""",
    re.VERBOSE,
)
_REPEATED_GROUP: Final = re.compile(r"(?<!\\)\)\s*(?:[*+]|\{)|(?<!\\)\(\?")
_REPEAT: Final = re.compile(r"(?<!\\)(?:[*+]|\{\d+,)")
MOST_REPEATS: Final = 4
"""Of open length, one after the other: each multiplies the steps of a comparison by the length of the value."""


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition on one label. A label that an alert has not is the empty text."""

    label: str
    operator: str
    value: str

    def holds(self, labels: Labels) -> bool:
        """Whether it holds for an alert's labels."""
        given = labels.get(self.label, "")
        if self.operator in {"=", "!="}:
            return (given == self.value) is (self.operator == "=")
        found = _compiled(self.value).fullmatch(given[:MOST_CHARACTERS]) is not None
        return found is (self.operator == "=~")


def read_matcher(text: str, *, where: str) -> Matcher:
    """Read a matcher.

    Regular expressions match the whole value, as Alertmanager's do. Of their language there are sets, classes, groups,
    alternatives and repetitions; a repeated group, references and look-around are refused, because an answer could take
    years.

    Raises `InvalidInputError` that says what is wrong.
    """
    match = _MATCHER.fullmatch(text) if len(text) <= MOST_CHARACTERS else None
    if match is None:
        raise InvalidInputError(f'{text[:60]!r} is no matcher such as severity="critical"', where=where)
    label, operator, quoted, bare = match.groups()
    value = bare if quoted is None else _ESCAPE.sub(lambda one: _ESCAPES.get(one[1], one[0]), quoted)
    if operator in {"=~", "!~"}:
        if not _SAFE.fullmatch(value) or _REPEATED_GROUP.search(value) or len(_REPEAT.findall(value)) > MOST_REPEATS:
            raise InvalidInputError(
                f"{value!r} is outside the regular expressions that are taken: no repeated groups, no references, at "
                f"most {MOST_REPEATS} repetitions",
                where=where,
            )
        try:
            _compiled(value)
        except re.error as error:
            raise InvalidInputError(f"{value!r} is no regular expression: {error}", where=where) from error
    return Matcher(label, operator, value)


def all_hold(matchers: tuple[Matcher, ...], labels: Labels) -> bool:
    """Whether every matcher holds."""
    return all(one.holds(labels) for one in matchers)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(f"(?:{pattern})", re.DOTALL)
