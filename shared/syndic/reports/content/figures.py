"""Charts of a report with what they say in words, for those who do not see them, and the numbers they show."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from syndic.reports.content.charts import drawn, drift_trend, fairness_intervals, leading
from syndic.reports.content.wording import day
from syndic.reports.models import GroupRatio, ModelSection

View = dict[str, Any]

_HARM: Final = {"hurt": "yes", "not_seen": "not seen", "unknown": "not known"}


def drift_view(section: ModelSection) -> View | None:
    """The trend of drift, its picture in words and its table; None without a measured window."""
    points = [point for point in section.drift if any(value is not None for value in point.psi.values())]
    if not points:
        return None
    names = leading(points)
    last, harmed = points[-1], any(point.harm for point in points)
    measured = "; ".join(f"{name} {_number(last.psi.get(name))}" for name in names)
    return {
        "svg": drift_trend(points, section.drift_threshold) if len(points) > 1 else None,
        "alt": (
            f"Line chart of the population stability index of {len(names)} columns over {len(points)} windows from "
            f"{day(points[0].window.start)} to {day(last.window.end)}. In the newest window: {measured}."
        ),
        "caption": (
            f"Drift by window: population stability index (PSI) of the {len(names)} columns that moved most."
            f"{_numbered(names, 'column')}"
        ),
        "rows": [
            [
                f"{day(point.window.start)} to {day(point.window.end)}",
                str(point.rows),
                point.verdict.replace("_", " "),
                *([_HARM.get(point.harm or "", "")] if harmed else []),
                *(_number(point.psi.get(name)) for name in names),
            ]
            for point in points
        ],
        "columns": ["Window", "Rows", "Verdict", *(["Did it hurt?"] if harmed else []), *names],
    }


def fairness_view(section: ModelSection) -> View | None:
    """The groups compared, their picture in words and their table; None where nothing was compared."""
    ratios = section.fairness
    if not ratios:
        return None
    shown = sum(ratio.value is not None and ratio.value > 0 for ratio in ratios)
    window = section.fairness_window
    span = f" in the window from {day(window.start)} to {day(window.end)}" if window else ""
    said = "; ".join(f"{it.outcome}, {it.attribute} {it.group}: {_number(it.value)}" for it in ratios)
    return {
        "svg": fairness_intervals(ratios, section.fairness_threshold) if shown else None,
        "alt": f"Disparate impact of each group with its 95 percent interval: {said}.",
        "caption": (
            f"Disparate impact by outcome and group with 95 % interval{span}. Label: what turned out to be true; "
            f"prediction: what the model decided. {_lines(section.fairness_threshold)}"
            f"{_numbered([f'{it.outcome}{it.attribute}{it.group}' for it in ratios], 'row')}"
        ),
        "rows": [
            [
                it.outcome,
                f"{it.attribute}: {it.group}",
                it.reference or "the rest",
                "hidden" if it.n is None else str(it.n),
                _number(it.value),
                f"{_number(it.low)} to {_number(it.high)}" if it.value is not None else "-",
                _answer(it),
            ]
            for it in ratios
        ],
    }


def _numbered(names: Sequence[str], place: str) -> str:
    """The sentence that says where the names are which a drawing cannot set."""
    numbered = any(drawn(name, "") != name for name in names)
    return f" A name that cannot be drawn is the number of its {place} in the table." if numbered else ""


def _lines(threshold: float | None) -> str:
    if threshold is None:
        return "The policy sets no threshold for this ratio."
    return f"The dashed lines are the policy's threshold for this ratio, {threshold:g}, and its inverse."


_PLAIN: Final = frozenset({"no_indication", "reference"})


def _answer(ratio: GroupRatio) -> str:
    """The verdict with its reason: another measure than the ratio in the table may have decided."""
    verdict = ratio.verdict.replace("_", " ")
    return verdict if ratio.verdict in _PLAIN or not ratio.reason else f"{verdict}: {ratio.reason}"


def _number(value: float | None) -> str:
    if value is None:
        return "-"
    return "<0.001" if 0 < value < 0.0005 else f"{value:.3f}"
