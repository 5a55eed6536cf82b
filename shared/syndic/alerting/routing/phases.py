"""How bad alerts were from when on, by the times at which their findings were found: what people did is left out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from syndic.alerting.models import SubjectRecord
from syndic.alerting.troubles.runs import severities
from syndic.models import Severity


@dataclass(frozen=True, slots=True)
class Phase:
    """How bad an alert was from when on."""

    since: datetime
    severity: Severity


def phases_of(subjects: Iterable[SubjectRecord]) -> list[Phase]:
    """How bad an alert was from when on: as bad as its worst subject, whose trouble ends as `subjects.runs_of` says."""
    changes = sorted(
        ((at, number, severity) for number, one in enumerate(subjects) for at, severity in severities(one)),
        key=lambda change: change[:2],
    )
    standing: dict[int, Severity] = {}
    phases: list[Phase] = []
    for at, number, severity in changes:
        standing[number] = severity
        worst = max(standing.values(), key=lambda one: one.rank)
        if phases and phases[-1].since == at:
            phases.pop()
        if worst is not (phases[-1].severity if phases else Severity.NONE):
            phases.append(Phase(at, worst))
    return phases
