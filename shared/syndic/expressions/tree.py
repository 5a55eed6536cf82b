"""Reading the trees that cel-python's parser makes."""

from __future__ import annotations

import ast
from functools import lru_cache
from typing import Any, Final

from syndic.errors import InvalidInputError


def bracket_depth(text: str) -> int:
    """How deep brackets are nested."""
    depth = deepest = 0
    for character in text:
        depth += (character in "([{") - (character in ")]}")
        deepest = max(deepest, depth)
    return deepest


@lru_cache(maxsize=1)
def _environment() -> Any:
    import celpy  # noqa: PLC0415  (its import takes a fifth of a second; most functions compile nothing)

    return celpy.Environment()


def parse(text: str, where: str) -> Any:
    """The tree of an expression. Raises `InvalidInputError` with the place where reading stopped."""
    from celpy.celparser import CELParseError  # noqa: PLC0415

    try:
        return _environment().compile(text)
    except CELParseError as error:
        raise InvalidInputError(
            "is not a CEL expression: it cannot be read from here on", where=where, line=error.line, column=error.column
        ) from error
    except RecursionError as error:
        raise InvalidInputError("is nested too deeply", where=where) from error


PASS_THROUGH: Final = frozenset(
    {"expr", "conditionalor", "conditionaland", "relation", "addition", "multiplication", "unary", "member", "primary",
     "paren_expr"}
)  # fmt: skip


def arguments(node: Any) -> list[Any]:
    """The arguments of a call."""
    last = node.children[-1]
    return list(last.children) if getattr(last, "data", None) == "exprlist" else []


def unwrapped(node: Any) -> Any:
    """The node below the levels of precedence that do nothing here."""
    while len(node.children) == 1 and node.data in PASS_THROUGH:
        node = node.children[0]
    return node


def leaf(node: Any, kind: str) -> str | None:
    """The token of a node that is nothing but a `kind`."""
    node = unwrapped(node)
    return str(node.children[0]) if node.data == kind else None


def identifier(node: Any) -> str | None:
    """The name, when the node is nothing but a name."""
    return leaf(node, "ident")


def string_literal(node: Any) -> str | None:
    """The text, when the node is nothing but a text literal."""
    token = leaf(node, "literal")
    if token is None or token[-1] not in "\"'":
        return None
    value = ast.literal_eval(token)
    return value if isinstance(value, str) else None
