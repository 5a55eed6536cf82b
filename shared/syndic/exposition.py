"""Numbers in the text format that Prometheus reads.

Source: https://prometheus.io/docs/instrumenting/exposition_formats/ (text format 0.0.4).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"


@dataclass
class Family:
    """All samples of one name, with what they mean. A summary's samples end in ``_sum`` and ``_count``."""

    name: str
    help: str
    kind: Literal["gauge", "counter", "summary"] = "gauge"
    samples: list[tuple[str, dict[str, str], float]] = field(default_factory=list)

    def add(self, value: float, labels: Mapping[str, str] | None = None, *, ending: str = "") -> None:
        """Add a sample."""
        self.samples.append((f"{self.name}{ending}", dict(labels or {}), value))

    def lines(self) -> Iterator[str]:
        """The family as text; nothing where there is no sample."""
        if not self.samples:
            return
        yield f"# HELP {self.name} {_escaped(self.help, quotes=False)}"
        yield f"# TYPE {self.name} {self.kind}"
        for name, labels, value in self.samples:
            told = ",".join(f'{label}="{_escaped(text)}"' for label, text in labels.items())
            yield f"{name}{{{told}}} {_number(value)}" if told else f"{name} {_number(value)}"


def exposition(families: list[Family]) -> str:
    """The text of all families, each line ended."""
    return "".join(f"{line}\n" for family in families for line in family.lines())


def _escaped(text: str, *, quotes: bool = True) -> str:
    escaped = text.replace("\\", "\\\\").replace("\n", "\\n")
    return escaped.replace('"', '\\"') if quotes else escaped


def _number(value: float) -> str:
    if math.isnan(value):
        return "NaN"
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return str(int(value)) if value == int(value) and abs(value) < 2**53 else repr(float(value))
