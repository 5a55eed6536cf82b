"""YAML as plain data together with the line of every value, so that an error can name its line.

Only what configuration needs is accepted: no aliases (a small file could unfold into a huge one), no tags of other
languages, no key given twice.
"""

from __future__ import annotations

from typing import Any, Final

import yaml

from syndic.errors import InvalidInputError, TooLargeError

MAX_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 12

Path = tuple[str | int, ...]


class Located:
    """Plain data and the line, from 1, of each value and of each key."""

    def __init__(self, data: Any, lines: dict[Path, int]) -> None:
        self.data, self._lines = data, lines

    def line(self, path: Path) -> int:
        """The line of the value at a path, or of the nearest thing around it."""
        while path and path not in self._lines:
            path = path[:-1]
        return self._lines.get(path, 1)


def read_yaml(text: str | bytes, *, where: str) -> Located:
    """Read one YAML document. Raises `InvalidInputError` with the line, `TooLargeError` above 1 MiB."""
    if len(text) > MAX_BYTES:
        raise TooLargeError(f"{where}: {len(text)} bytes; a framework may have {MAX_BYTES}")
    try:
        decoded = text.decode("utf-8") if isinstance(text, bytes) else text
    except UnicodeDecodeError as error:
        bad = error.object[: error.start].count(b"\n") + 1
        raise InvalidInputError("is not UTF-8 text", where=where, line=bad) from error
    try:
        _refuse_aliases(decoded, where)
        loader = yaml.SafeLoader(decoded)
        root = loader.get_single_node()
        if root is None:
            raise InvalidInputError("the file is empty", where=where, line=1)
        lines: dict[Path, int] = {}
        data = _build(loader, root, (), lines, where)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = None if mark is None else mark.line + 1
        raise InvalidInputError(f"is not YAML: {error.problem or error.context}", where=where, line=place) from error
    except yaml.reader.ReaderError as error:
        line = decoded[: error.position].count("\n") + 1
        raise InvalidInputError("holds a character that YAML forbids", where=where, line=line) from error
    except RecursionError as error:
        raise InvalidInputError(f"is nested deeper than {MAX_DEPTH} levels", where=where) from error
    return Located(data, lines)


def _refuse_aliases(text: str, where: str) -> None:
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = event.start_mark.line + 1 if event.start_mark else None
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise InvalidInputError("uses a YAML anchor or alias; write the value out", where=where, line=line)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise InvalidInputError(f"is nested deeper than {MAX_DEPTH} levels", where=where, line=line)


def _build(loader: yaml.SafeLoader, node: yaml.Node, path: Path, lines: dict[Path, int], where: str) -> Any:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        return [_build(loader, child, (*path, index), lines, where) for index, child in enumerate(node.value)]
    if not isinstance(node, yaml.MappingNode):
        return _scalar(loader, node, where)
    result: dict[str, Any] = {}
    for key_node, child in node.value:
        line = key_node.start_mark.line + 1
        key = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        if key is None or key == "<<":
            raise InvalidInputError("a key must be plain text", where=where, line=line)
        if key in result:
            raise InvalidInputError(f"the field {key!r} is given twice", where=where, line=line)
        lines[(*path, key)] = line
        result[key] = _build(loader, child, (*path, key), lines, where)
    return result


def _scalar(loader: yaml.SafeLoader, node: yaml.Node, where: str) -> Any:
    try:
        return loader.construct_object(node)
    except ValueError as error:  # such as a date that does not exist
        raise InvalidInputError(
            f"{node.value!r} is not a value: {error}", where=where, line=node.start_mark.line + 1
        ) from error
