"""What a reader of a report asks first of each model: what for, from which data, how good, who watches, what bias."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from syndic.models import Evidence
from syndic.reports.content.wording import day
from syndic.reports.models import FOUND, ModelSection

NONE: Final = "none on record"
MOST: Final = 6
"""Findings of bias that are named; the section of the model has all."""


def overview(section: ModelSection) -> list[list[str]]:
    """Rows of name and content, always the same five."""
    model = section.model
    return [
        ["Purpose", model.intended_purpose or NONE],
        ["Data sources", ", ".join(model.data_sources) or NONE],
        ["Metrics", _metrics(section)],
        ["Oversight plan", model.oversight_plan or NONE],
        ["Bias findings", _bias(section)],
    ]


def _metrics(section: ModelSection) -> str:
    performance = _newest(section.evidence, "quality.performance")
    drift = _newest(section.evidence, "drift.run")
    said = []
    if performance is not None:
        metrics = performance.facts.get("metrics")
        values = [_value(name, of) for name, of in sorted(metrics.items())] if isinstance(metrics, dict) else []
        told = "; ".join(value for value in values if value) or performance.summary
        said.append(f"{told} ({day(performance.produced_at)})")
    if drift is not None:
        said.append(f"drift: {drift.summary} ({day(drift.produced_at)})")
    return ". ".join(text.rstrip(".") for text in said) + "." if said else "not measured yet"


def _value(name: str, of: Any) -> str | None:
    """``accuracy 0.760 (0.730 to 0.790), declared 0.75``."""
    if not isinstance(of, dict) or not isinstance(of.get("value"), int | float):
        return None
    text = f"{name.replace('_', ' ')} {of['value']:.3f}"
    if isinstance(of.get("low"), int | float) and isinstance(of.get("high"), int | float):
        text += f" ({of['low']:.3f} to {of['high']:.3f})"
    return text + (f", declared {of['level']:g}" if isinstance(of.get("level"), int | float) else "")


def _bias(section: ModelSection) -> str:
    run = _newest(section.evidence, "bias.run")
    if run is None:
        return "not examined yet"
    found = [it for it in section.fairness if it.verdict in FOUND]
    if not found:
        return f"{run.summary} ({day(run.produced_at)})"
    told = [
        f"{it.outcome}, {it.attribute} {it.group}: {it.verdict.replace('_', ' ')}"
        + (f", ratio {it.value:.3f}" if it.value is not None else "")
        for it in found[:MOST]
    ]
    more = f"; {len(found) - MOST} more" if len(found) > MOST else ""
    return f"{'; '.join(told)}{more} ({day(run.produced_at)})"


def _newest(evidence: Iterable[Evidence], kind: str) -> Evidence | None:
    return next((item for item in evidence if item.kind == kind), None)
