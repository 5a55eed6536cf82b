"""The divisions that a law or standard has: articles, paragraphs, points. Numbers and headings, never the text.

A citation can be wrong in a way that no reader of a pack sees: an article without that paragraph, a point that an
amendment deleted. What exists is therefore data of its own (``compliance/sources``), taken from the source itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import Annotated, Any, Final

from pydantic import Field, StringConstraints, ValidationError, model_validator

from syndic.compliance.definitions.yaml_lines import read_yaml
from syndic.errors import InvalidInputError
from syndic.models import Noun
from syndic.spelling import message

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=3, max_length=1000)]
Tree = dict[str, "Tree"]
_TOKEN: Final = re.compile(r"[0-9A-Za-z.]+|[()]| +")


class Division(Noun):
    """An article, an annex, a section: its heading, and what it is divided into, such as ``1(a b(i ii)) 2``."""

    heading: str = ""
    has: str = ""

    @model_validator(mode="before")
    @classmethod
    def _pair(cls, value: Any) -> Any:
        if isinstance(value, list):
            if len(value) != 2:
                raise ValueError("must be a heading and what it is divided into")
            return {"heading": value[0], "has": value[1]}
        return value

    @model_validator(mode="after")
    def _readable(self) -> Division:
        tree_of(self.has)
        return self


class Structure(Noun):
    """What a source is divided into."""

    title: Text
    names: tuple[Text, ...] = Field(min_length=1, description="as citations name it")
    read_from: Text = Field(description="the text that the divisions were taken from, and how sure that is")
    read_on: date
    finds: str = Field(description="regular expression of what stands before a number in a citation")
    former: dict[str, Text] = Field(default={}, description="divisions that were deleted, and by what")
    divisions: dict[str, dict[str, Division]] = Field(min_length=1, description="by the word before the number")

    @model_validator(mode="after")
    def _finds_something(self) -> Structure:
        try:
            re.compile(self.finds)
        except re.error as error:
            raise ValueError(f"finds is not a regular expression: {error}") from error
        return self

    def has(self, word: str, number: str, path: tuple[str, ...] = ()) -> bool:
        """Whether a division exists: ``has("Art.", "5", ("1", "a"))``."""
        division = self.divisions.get(word, {}).get(number)
        tree = None if division is None else tree_of(division.has)
        for step in path:
            tree = None if tree is None else tree.get(step)
        return tree is not None

    def siblings(self, word: str, number: str, path: tuple[str, ...]) -> tuple[str, ...]:
        """What stands beside a division, in its order: the numbers of articles, or the points of a paragraph."""
        if not path:
            return tuple(self.divisions.get(word, {}))
        tree = tree_of(self.divisions[word][number].has)
        for step in path[:-1]:
            tree = tree[step]
        return tuple(tree)


@lru_cache(maxsize=4096)
def tree_of(text: str) -> Tree:
    """The tree that is written as ``1(a b(i ii)) 2``. Raises `ValueError` when brackets do not match or twins exist."""
    root: Tree = {}
    open_trees, last = [root], None
    if "".join(_TOKEN.findall(text)) != text:
        raise ValueError(f"{text!r} holds more than numbers, letters and brackets")
    for mark in _TOKEN.findall(text):
        if mark == "(":
            if last is None:
                raise ValueError("a bracket opens after nothing")
            open_trees.append(open_trees[-1][last])
            last = None
        elif mark == ")":
            if len(open_trees) == 1:
                raise ValueError("a bracket closes that did not open")
            open_trees.pop()
            last = None
        elif mark.strip():
            if mark in open_trees[-1]:
                raise ValueError(f"{mark!r} stands there twice")
            open_trees[-1][mark] = {}
            last = mark
    if len(open_trees) > 1:
        raise ValueError("a bracket does not close")
    return root


def load_structure(text: str | bytes, *, where: str) -> Structure:
    """Read one file. Raises `InvalidInputError` with the line and the field of the first problem."""
    located = read_yaml(text, where=where)
    try:
        return Structure.model_validate(located.data)
    except ValidationError as error:
        first = min(error.errors(), key=lambda it: (it["type"] == "missing", located.line(tuple(it["loc"]))))
        path = tuple(first["loc"])
        field = ".".join(map(str, path)) or "file"
        said = "is missing" if first["type"] == "missing" else message(first, Structure, what="field")
        raise InvalidInputError(f"{field}: {said}", where=where, line=located.line(path)) from error


@lru_cache(maxsize=1)
def structures() -> Mapping[str, Structure]:
    """The sources whose divisions are known, by file name."""
    folder = resources.files("syndic.compliance").joinpath("sources")
    return {
        file.name.removesuffix(".yaml"): load_structure(file.read_text("utf-8"), where=file.name)
        for file in sorted(folder.iterdir(), key=lambda it: it.name)
        if file.name.endswith(".yaml")
    }
