"""A vendor's own rule, and its refusal."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """What a vendor does not let through, and where it says so."""

    says: str
    source: str


class RefusedError(Exception):
    """A vendor refused something."""

    def __init__(self, rule: Rule, what: str) -> None:
        super().__init__(f"{what}: {rule.says} [{rule.source}]")
        self.rule, self.what = rule, what


def refuse_unless(allowed: object, rule: Rule, what: str) -> None:
    """Raise `RefusedError` unless something holds."""
    if not allowed:
        raise RefusedError(rule, what)
