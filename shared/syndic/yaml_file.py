"""YAML that a person wrote, as plain data: what the file leaves open is refused, not guessed.

Of a key that is given twice the last one would win silently.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import yaml

from syndic.errors import InvalidInputError

_READ_AS_OTHER = frozenset(f"tag:yaml.org,2002:{name}" for name in ("bool", "int", "float", "timestamp"))


def load_yaml(text: str | bytes, *, where: str, as_written: Iterable[str] = ()) -> Any:
    """The one document of a file; None where it is empty.

    Args:
        text: The file.
        where: Its name, for messages.
        as_written: Keys whose values are taken literally: YAML 1.1 would read ``yes`` as a boolean.

    Raises:
        InvalidInputError: It is not YAML, or a mapping has a duplicate key; names the line.
    """
    try:
        loader = yaml.SafeLoader(text)
        try:
            node = loader.get_single_node()
            _check(node, frozenset(as_written), set(), within=False, where=where)
            return None if node is None else loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = None if mark is None else mark.line + 1
        raise InvalidInputError(f"not valid YAML: {error.problem or error.context}", where=where, line=line) from error
    except (yaml.YAMLError, ValueError) as error:  # a character that is none, or a date that does not exist
        raise InvalidInputError("not valid YAML", where=where) from error
    except RecursionError as error:
        raise InvalidInputError("not valid YAML: nested too deeply", where=where) from error


def _check(node: yaml.Node | None, as_written: frozenset[str], seen: set[int], *, within: bool, where: str) -> None:
    """Refuse keys that stand twice, and keep texts `as_written`."""
    if node is None or id(node) in seen:  # an alias may lead back to where it stands
        return
    seen.add(id(node))
    if isinstance(node, yaml.ScalarNode):
        if within and node.tag in _READ_AS_OTHER:
            node.tag = "tag:yaml.org,2002:str"
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            _check(item, as_written, seen, within=within, where=where)
    elif isinstance(node, yaml.MappingNode):
        keys: set[str] = set()
        for key, value in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else None
            if name is not None and name in keys:
                raise InvalidInputError(f"{name!r} is given twice", where=where, line=key.start_mark.line + 1)
            keys.update(() if name is None else (name,))
            _check(value, as_written, seen, within=name in as_written, where=where)
