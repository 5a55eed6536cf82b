"""The expressions of an approval policy: what they may read, and their answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from syndic.errors import NoAnswerError
from syndic.expressions.evaluate import compile_expression

NAMES = frozenset({"model", "version", "evidence", "production"})
"""The facts a policy's expressions may read: the model, the version, its evidence by kind, the production version."""


def answer(text: str, facts: Mapping[str, Any]) -> bool | str:
    """Whether a saved expression holds, or the sentence that says why it cannot be told."""
    expression = compile_expression(text, names=NAMES)
    try:
        return expression.holds(facts)
    except NoAnswerError as error:
        return str(error)
