"""Which buckets may be read: by name, or by a pattern as IAM reads it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_NAME: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")


class AllowedBuckets:
    """An allow-list. `*` stands for any characters, also none, and `?` for one; everything else for itself.

    The role's policy is written with the same patterns, so what is allowed here is what the role may read.
    Source: IAM user guide, "IAM JSON policy elements: Resource", using wildcards in resource ARNs.
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._patterns = [re.compile(_expression(pattern)) for pattern in patterns]

    def __contains__(self, bucket: str) -> bool:
        """Whether a bucket is allowed. A text that can be no bucket's name never is, also not a pattern itself."""
        return bool(_NAME.fullmatch(bucket)) and any(pattern.fullmatch(bucket) for pattern in self._patterns)


def _expression(pattern: str) -> str:
    return "".join({"*": ".*", "?": "."}.get(letter, re.escape(letter)) for letter in pattern)
