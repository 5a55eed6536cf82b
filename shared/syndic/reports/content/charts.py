"""Charts as SVG: drawn the same every time, readable in grey, with their text as text.

Colours have a contrast of at least 4.5 to 1 on white and never carry meaning alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from syndic.reports.content.wording import printable
from syndic.reports.models import DriftPoint, GroupRatio

FONT = "Libertinus Serif, Noto Sans, Noto Sans CJK SC, Noto Sans Hebrew"
DRAWN = ((0x20, 0x2FF), (0x370, 0x482), (0x48A, 0x556), (0x5D0, 0x5EA), (0x2010, 0x20CF), (0x2100, 0x22FF),
         (0x3001, 0x3029), (0x3041, 0x3096), (0x30A1, 0x30FE), (0x3400, 0x4DBF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3),
         (0xFF01, 0xFF5E))  # fmt: skip
"""Ranges whose letters stand one by one. Where letters join or move, a drawing cannot say which text its shapes are,
which PDF/A asks for; such a name is drawn as its number in the table below."""
INK, RULE, GRID = "#1d2733", "#8a94a0", "#dde2e7"
LINES = ("#8c2d19", "#1f4e79", "#3f6212", "#6b3a87", "#8a5a00")
DASHES = ("", "6 3", "2 2", "8 3 2 3", "1 3")
WIDTH = 640


def _text(x: float, y: float, text: str, *, size: int = 12, anchor: str = "start", colour: str = INK) -> str:
    shown = escape(printable(text))
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-family="{FONT}" font-size="{size}" text-anchor="{anchor}" '
        f'fill="{colour}">{shown}</text>'
    )


def _line(points: Sequence[float], colour: str, *, width: float = 1, dash: str = "") -> str:
    x1, y1, x2, y2 = points
    pattern = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" '
        f'stroke-width="{width}"{pattern}/>'
    )


def drawn(name: str, number: str) -> str:
    """A name as a drawing can set it: itself, or its number."""
    simple = all(any(low <= ord(letter) <= high for low, high in DRAWN) for letter in printable(name))
    return name if simple else number


def _svg(height: float, parts: Sequence[str]) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height:.0f}" '
        f'viewBox="0 0 {WIDTH} {height:.0f}">{"".join(parts)}</svg>'
    )


def leading(points: Sequence[DriftPoint], count: int = 5) -> list[str]:
    """The columns with the largest PSI in any window, largest first."""
    largest: dict[str, float] = {}
    for point in points:
        for name, value in point.psi.items():
            if value is not None:
                largest[name] = max(largest.get(name, 0.0), value)
    return sorted(largest, key=lambda name: (-largest[name], name))[:count]


def drift_trend(points: Sequence[DriftPoint], threshold: float | None) -> str:
    """PSI per window of the columns that moved most, with the policy's threshold."""
    names = leading(points)
    values = [value for point in points for name in names if (value := point.psi.get(name)) is not None]
    top = _ceiling(max([*values, (threshold or 0.1) * 1.5]))
    left, right, low, high = 48.0, WIDTH - 160.0, 210.0, 16.0
    step = (right - left) / max(len(points) - 1, 1)

    def place(index: int, value: float) -> tuple[float, float]:
        return left + step * index, low - (low - high) * value / top

    parts = []
    for tick in range(5):
        value = top * tick / 4
        y = place(0, value)[1]
        parts += [_line((left, y, right, y), GRID), _text(left - 6, y + 4, f"{value:.2f}", size=11, anchor="end")]
    if threshold is not None:
        y = place(0, threshold)[1]
        parts += [
            _line((left, y, right, y), INK, dash="4 3"),
            _text(right + 8, y + 4, f"threshold {threshold:g}", size=11),
        ]
    every = max(1, math.ceil(len(points) / 8))
    for index, point in enumerate(points):
        if index % every == 0:
            x, _ = place(index, 0)
            parts.append(_text(x, low + 18, f"{point.window.start:%Y-%m-%d}", size=10, anchor="middle"))
    labels: list[tuple[float, str, str]] = []
    for number, name in enumerate(names):
        known = [(index, value) for index, point in enumerate(points) if (value := point.psi.get(name)) is not None]
        colour, dash = LINES[number % len(LINES)], DASHES[number % len(DASHES)]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in (place(*pair) for pair in known))
        pattern = f' stroke-dasharray="{dash}"' if dash else ""
        parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="1.8"{pattern}/>')
        parts += [
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.4" fill="{colour}"/>' for x, y in (place(*pair) for pair in known)
        ]
        labels.append((place(*known[-1])[1] + 4, drawn(name, f"column {number + 1}"), colour))
    taken = place(0, threshold)[1] + 4 if threshold is not None else None
    parts += [_text(right + 8, y, name, size=11, colour=colour) for y, name, colour in _spread(labels, taken)]
    parts.append(_line((left, low, right, low), RULE))
    return _svg(240, parts)


def _spread(labels: list[tuple[float, str, str]], taken: float | None) -> list[tuple[float, str, str]]:
    """Labels moved apart so that none covers another."""
    placed: list[tuple[float, str, str]] = []
    floor = 224.0
    for wanted, name, colour in sorted(labels, key=lambda label: -label[0]):
        y = min(wanted, floor)
        if taken is not None and abs(y - taken) < 12:
            y = taken - 13
        placed.append((y, name, colour))
        floor = y - 13
    return placed


def _ceiling(value: float) -> float:
    """The next round number above, for an axis."""
    if value <= 0:
        return 1.0
    power = 10.0 ** math.floor(math.log10(value))
    return float(next(step * power for step in (1, 1.2, 1.6, 2, 3, 4, 6, 8, 10) if step * power >= value))


def fairness_intervals(ratios: Sequence[GroupRatio], threshold: float | None) -> str:
    """Disparate impact of each group with its 95 % interval, on a logarithmic axis around 1.

    The policy's threshold is drawn with its inverse, which is the limit above; without one, nothing is drawn.
    """
    limits = () if threshold is None else (threshold, 1 / threshold)
    shown = [ratio for ratio in ratios if ratio.value is not None and ratio.value > 0]
    bounds = [
        bound for ratio in shown for bound in (ratio.low, ratio.value, ratio.high) if bound is not None and bound > 0
    ]
    low = max(min([*bounds, *limits, 0.9]) * 0.97, 0.05)
    high = min(max([*bounds, *limits, 1.1]) * 1.03, 20.0)
    left, right, row = 190.0, WIDTH - 60.0, 26.0
    bottom = 24 + row * len(shown)

    def place(value: float) -> float:
        inside = min(max(value, low), high)
        return left + (right - left) * (math.log(inside) - math.log(low)) / (math.log(high) - math.log(low))

    parts = []
    marks = [(1.0, "1.0 equal", ""), *((limit, f"{limit:.3g}", "4 3") for limit in limits)]
    for mark, label, dash in marks:
        x = place(mark)
        parts += [_line((x, 14, x, bottom), INK if dash else RULE, dash=dash)]
        parts.append(_text(x, bottom + 14, label, size=11, anchor="middle"))
    for number, ratio in enumerate(shown):
        y = 24 + row * number + row / 2 - 4
        assert ratio.value is not None  # noqa: S101  (filtered above; for the type checker)
        parts.append(
            _text(
                left - 10,
                y + 4,
                drawn(
                    f"{ratio.outcome}: {ratio.attribute} {ratio.group} (n = {ratio.n or 'hidden'})",
                    f"row {ratios.index(ratio) + 1}",
                ),
                size=11,
                anchor="end",
            )
        )
        start, end = place(ratio.low or low), place(ratio.high or high)
        parts += [
            _line((start, y, end, y), LINES[1], width=1.8),
            _line((start, y - 4, start, y + 4), LINES[1], width=1.2),
            _line((end, y - 4, end, y + 4), LINES[1], width=1.2),
            f'<rect x="{place(ratio.value) - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="{LINES[1]}"/>',
            _text(right + 12, y + 4, f"{ratio.value:.3f}", size=11),
        ]
    return _svg(bottom + 24, parts)
