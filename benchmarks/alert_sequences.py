"""Random sequences of alerts, with labels, routes, inhibit rules and silences of their own, in scaled time."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from typing import Any, Final

SCALE: Final = 8
"""Seconds of a unit. Events of one sequence lie a twentieth of it apart, so that no two timers race."""


@dataclass
class Sequence:
    """Alerts that begin and end, and a routing for them."""

    number: int
    labels: dict[str, dict[str, str]] = field(default_factory=dict)
    begins: dict[str, list[float]] = field(default_factory=dict)
    ends: dict[str, list[float]] = field(default_factory=dict)
    route: dict[str, Any] = field(default_factory=dict)
    inhibit: list[dict[str, Any]] = field(default_factory=list)
    silences: list[tuple[list[str], float, float]] = field(default_factory=list)

    def firing(self, name: str, at: float) -> bool:
        """Whether an alert fires at a moment."""
        begun = [one for one in self.begins[name] if one <= at]
        return bool(begun) and not any(begun[-1] < one <= at for one in self.ends[name])


def make(number: int, rng: random.Random) -> Sequence:
    """A random sequence. Alerts last for at least two intervals and come back once at most."""
    found = Sequence(number)
    slots = [slot / 20 for slot in range(20)]
    rng.shuffle(slots)

    def moment(units: float) -> float:
        return (int(units) + slots.pop()) * SCALE

    for index in range(rng.randint(1, 5)):
        name = f"a{index}"
        found.labels[name] = {
            "seq": str(number), "model": name, "severity": rng.choice(["critical", "high", "medium"]),
            "concern": rng.choice(["drift", "quality", "bias"]), "owner": rng.choice(["ana", "bo"]),
        }  # fmt: skip
        begin = rng.uniform(0, 6)
        at = moment(begin)
        found.begins[name], found.ends[name] = [at], []
        if rng.random() < 0.6:
            end = begin + rng.uniform(2, 6)
            found.ends[name].append(moment(end))
            if rng.random() < 0.4:
                found.begins[name].append(moment(end + rng.uniform(7, 9)))
    found.route = tree(number, rng)
    if rng.random() < 0.4:
        found.inhibit.append(
            {
                "source_matchers": [f'seq="{number}"', 'severity="critical"'],
                "target_matchers": [f'seq="{number}"', rng.choice(['severity=~"high|medium"', 'concern!="quality"'])],
                "equal": rng.choice([["owner"], ["concern"], ["seq"]]),
            }
        )
    if rng.random() < 0.4:
        start = rng.uniform(0, 5)
        matcher = rng.choice(['owner="ana"', 'concern=~"d.*"', 'severity!="critical"'])
        found.silences.append(([f'seq="{number}"', matcher], moment(start), moment(start + rng.uniform(2, 6))))
    return found


def tree(number: int, rng: random.Random) -> dict[str, Any]:
    """A random tree of routes below the sequence's own."""
    by = rng.choice([[], ["model"], ["owner"], ["concern", "owner"], ["severity"]])
    children = []
    for index in range(rng.randint(0, 3)):
        matcher = rng.choice(
            ['severity="critical"', 'severity=~"high|critical"', 'concern!="drift"', 'owner=~"a.*"', 'concern!~"b.+"']
        )
        child: dict[str, Any] = {"receiver": f"r{index + 1}", "matchers": [matcher]}
        if rng.random() < 0.5:
            child["continue"] = True
        if rng.random() < 0.4:
            child["group_by"] = rng.choice([["model"], ["owner"], []])
        if rng.random() < 0.3:
            child["routes"] = [{"receiver": "r4", "matchers": ['owner="bo"']}]
        children.append(child)
    return {"receiver": "r0", "matchers": [f'seq="{number}"'], "group_by": by, "routes": children}
