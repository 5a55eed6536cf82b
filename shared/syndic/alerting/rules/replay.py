"""What a rule would have said of a model, look by look, from what is on record of the past. Pure.

Evidence is known from the reports that were kept; of kinds without reports only the newest is, from its time on. What
people did to alerts, and how the model was described then, is not on record in this form: alerts count as open, and the
model is taken as it is now. A moment that cannot be judged leaves things as they stood, as in the run that judges.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from syndic.alerting.keys import alert_id
from syndic.alerting.models import AlertState, SubjectRecord
from syndic.alerting.models.rules import Absence, AlertRule
from syndic.alerting.routing.phases import Phase
from syndic.alerting.rules.kept import NAMES
from syndic.alerting.troubles.episodes import derive_episode
from syndic.canonical import sha256_of
from syndic.errors import NoAnswerError
from syndic.expressions.evaluate import Expression, compile_expression
from syndic.models import Concern, Evidence, RegisteredModel, Severity, to_json
from syndic.records import evidence_rank

LOOK: Final = timedelta(hours=1)
"""Rules are judged so often: what changed in between is seen at the next look."""
_WORD: Final = r"[\"']([a-z_]+(?:\.[a-z_]+)+)[\"']"
_NAMED: Final = re.compile(rf"\bevidence\s*\[\s*{_WORD}\s*\]|{_WORD}\s+in\s+evidence\b")


@dataclass(frozen=True, slots=True)
class Past:
    """What is on record of a model's evidence, newest and earlier ones.

    Attributes:
        evidence: In any order.
        since: By kind, from when on it is known. Kinds without evidence that are not named are known: there was none.
    """

    evidence: tuple[Evidence, ...] = ()
    since: Mapping[str, datetime] = field(default_factory=dict)


@dataclass(slots=True)
class Replayed:
    """What a rule would have said of one model.

    Attributes:
        phases: From when on it would have held, and not.
        judged_since: The first look that it could judge; None: it could judge none.
        unjudged: Why a look could not be judged, the newest such reason.
    """

    phases: list[Phase] = field(default_factory=list)
    judged_since: datetime | None = None
    unjudged: str | None = None


def kinds_read(rule: AlertRule) -> frozenset[str] | None:
    """Kinds of evidence that a rule reads; None: any of them."""
    if rule.absent is not None:
        return frozenset({rule.absent.evidence})
    text = rule.when or ""
    named = {word for pair in _NAMED.findall(text) for word in pair if word}
    return None if "evidence" in _NAMED.sub("", text) else frozenset(named)


def reads_alerts(rule: AlertRule) -> bool:
    """Whether a rule reads the alerts of a model."""
    if rule.absent is not None:
        return False
    return any(path.split(".")[0] == "alerts" for path in compile_expression(rule.when or "", names=NAMES).paths)


def replay(
    rule: AlertRule,
    model: RegisteredModel,
    past: Past,
    subjects: Mapping[Concern, Sequence[SubjectRecord]],
    *,
    since: datetime,
    now: datetime,
) -> Replayed:
    """What a rule would have said of a model, had it been set at `since`.

    Args:
        rule: A rule that was checked.
        model: As it is now.
        past: What is on record of its evidence.
        subjects: What was seen of it, by concern: for rules that read alerts.
        since: When the looks begin.
        now: When they end.
    """
    begin = max(since, model.registered_at)
    kinds = kinds_read(rule)
    known_at = _known(kinds, past)
    holds = _absent(rule.absent, model, past) if rule.absent else _present(rule, model, past, subjects)
    found, raised = Replayed(), False
    looks: list[tuple[str, bool]] = []
    seen_at = [one.found_at for many in subjects.values() for subject in many for one in subject.sightings]
    changes = _moments(rule, past, seen_at, kinds, model.registered_at)
    for at in (begin, *sorted(at for at in changes if begin < at <= now)):
        try:
            _require_known(known_at, at)
            seen, answer = holds(at)
        except NoAnswerError as error:
            found.unjudged = str(error)
            continue
        found.judged_since = found.judged_since or at
        if not looks or looks[-1][0] != seen:
            looks = [*looks, (seen, answer)][-rule.windows :]
        now_raised = sum(held for _, held in looks) >= rule.needed if rule.windows > 1 else answer
        if now_raised is not raised:
            raised = now_raised
            found.phases.append(Phase(at, rule.severity if raised else Severity.NONE))
    return found


def _require_known(known_at: Mapping[str, datetime], at: datetime) -> None:
    for kind, known in known_at.items():
        if at < known:
            raise NoAnswerError(f"{kind} is known from {known:%Y-%m-%d %H:%M} UTC on")


def _known(kinds: frozenset[str] | None, past: Past) -> dict[str, datetime]:
    return {kind: at for kind, at in past.since.items() if kinds is None or kind in kinds}


def _moments(
    rule: AlertRule, past: Past, seen_at: Sequence[datetime], kinds: frozenset[str] | None, registered: datetime
) -> Iterator[datetime]:
    """The looks at which something may be seen that the look before did not see."""
    changes = [one.produced_at for one in past.evidence if kinds is None or one.kind in kinds]
    if rule.absent is not None:
        changes += [at + rule.absent.after for at in (*changes, registered)]
    yield from {_look_after(at) for at in (*changes, *seen_at, *past.since.values())}


def _look_after(at: datetime) -> datetime:
    """The first look at or after a moment: looks are at full hours here."""
    hour = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    return hour if hour == at else hour + LOOK


def _in_force(past: Past, at: datetime) -> dict[str, Evidence]:
    """The evidence that was the newest of its kind at a moment."""
    found: dict[str, Evidence] = {}
    for one in past.evidence:
        if one.produced_at <= at and (one.kind not in found or evidence_rank(one) >= evidence_rank(found[one.kind])):
            found[one.kind] = one
    return found


def _absent(absent: Absence, model: RegisteredModel, past: Past) -> Callable[[datetime], tuple[str, bool]]:
    def holds(at: datetime) -> tuple[str, bool]:
        last = _in_force(past, at).get(absent.evidence)
        since = last.produced_at if last else model.registered_at
        return since.isoformat(), at - since >= absent.after

    return holds


def _present(
    rule: AlertRule, model: RegisteredModel, past: Past, subjects: Mapping[Concern, Sequence[SubjectRecord]]
) -> Callable[[datetime], tuple[str, bool]]:
    compiled: Expression = compile_expression(rule.when or "", names=NAMES)
    described = to_json(model)

    def holds(at: datetime) -> tuple[str, bool]:
        evidence = _in_force(past, at)
        alerts = {
            concern.value: said
            for concern, many in subjects.items()
            if (said := _alert_at(model.id, concern, many, at))
        }
        seen = sha256_of([alerts, sorted((kind, one.sha256) for kind, one in evidence.items())])[:20]
        facts: dict[str, Any] = {
            "model": described,
            "evidence": {kind: to_json(one) for kind, one in evidence.items()},
            "alerts": alerts,
        }
        return seen, compiled.holds(facts)

    return holds


def _alert_at(
    model_id: str, concern: Concern, subjects: Sequence[SubjectRecord], at: datetime
) -> dict[str, Any] | None:
    """What a rule would have read of an alert at a moment, had nobody touched it."""
    then = []
    for subject in subjects:
        seen = tuple(one for one in subject.sightings if one.found_at <= at)
        if seen:
            then.append(subject.model_copy(update={"sightings": seen, "first_seen": min(one.start for one in seen)}))
    record = derive_episode(alert_id(model_id, concern), then)
    if record is None:
        return None
    state = AlertState.RESOLVED if record.severity is Severity.NONE else AlertState.OPEN
    return {"severity": record.severity.value, "state": state.value, "findings": record.findings}
