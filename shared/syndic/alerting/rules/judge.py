"""Judging rules: for every model that a rule is about, whether it holds, and what follows as a finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from pydantic import JsonValue

from syndic.alerting.alerts import list_alerts, receive_findings
from syndic.alerting.keys import looks_key, rules_run_key, subject_id, subject_key
from syndic.alerting.models.rules import AlertRule, RuleTrial
from syndic.alerting.routing.dispatch import model_labels
from syndic.alerting.routing.matchers import all_hold, read_matcher
from syndic.alerting.rules.kept import NAMES, check_rule, list_rules
from syndic.canonical import sha256_of
from syndic.errors import NoAnswerError
from syndic.expressions.evaluate import compile_expression
from syndic.models import Concern, Evidence, Finding, FindingsChanged, RegisteredModel, Severity, to_json
from syndic.ports import AuditTrail, Record, Store
from syndic.records import list_evidence, list_models

EVERY: Final = timedelta(minutes=55)
"""How often rules are judged: they look at what other functions wrote, hourly or daily."""
SHOWN: Final = 100


@dataclass(frozen=True, slots=True)
class Judged:
    """Whether a rule holds for a model, and why. `holds` None: it cannot be told."""

    holds: bool | None
    reason: str
    seen: str  # the same while nothing that it looks at has changed


def judge_rules(*, store: Store, audit: AuditTrail, now: datetime, force: bool = False) -> int:
    """Judge every rule for every model, at most once an hour; returns how many findings were kept.

    A rule that does not hold any more, or is gone, says that it is over where it had been raised.
    """
    rules = list(list_rules(store))
    mark = store.get(rules_run_key())
    if mark is None and not rules:
        return 0
    before = mark.body if mark else {"at": None, "rules": []}
    if not force and before["at"] is not None and now - datetime.fromisoformat(str(before["at"])) < EVERY:
        return 0
    gone = sorted(set(before["rules"]) - {one.name for one in rules})
    kept = 0
    for model in list_models(store):
        findings = list(_findings(rules, gone, model, store, now))
        if findings:
            receive_findings(FindingsChanged(findings=tuple(findings)), store=store, audit=audit, now=now)
            kept += len(findings)
    names: list[JsonValue] = [one.name for one in rules]
    store.put(Record(rules_run_key(), {"at": now.isoformat(), "rules": names}))
    return kept


def try_rule(rule: AlertRule, *, store: Store, now: datetime) -> RuleTrial:
    """For which models a rule holds now. Nothing is written. Raises `InvalidInputError` that names the field."""
    check_rule(rule)
    holds, unjudged, models = [], {}, 0
    for model in list_models(store):
        if not is_about(rule, model):
            continue
        models += 1
        found = judge(rule, model, {one.kind: one for one in list_evidence(store, model.id)}, store, now)
        if found.holds is None:
            unjudged[model.id] = found.reason
        elif found.holds:
            holds.append(model.id)
    return RuleTrial(holds=tuple(holds[:SHOWN]), models=models, unjudged=dict(list(unjudged.items())[:SHOWN]))


def finding_now(rule: AlertRule, model: RegisteredModel, now: datetime) -> Finding:
    """What a rule that holds for a model would raise."""
    return _finding(rule.name, rule, model, now, severity=rule.severity, reason=rule.when or "it stays away")


def judge(
    rule: AlertRule, model: RegisteredModel, evidence: Mapping[str, Evidence], store: Store, now: datetime
) -> Judged:
    """Whether a rule holds for a model now. A fact that is missing is no answer, not a pass."""
    if rule.absent is not None:
        kind, after = rule.absent.evidence, rule.absent.after
        last = evidence[kind].produced_at if kind in evidence else None
        since = last or model.registered_at
        said = f"the last {kind} is of {last:%Y-%m-%d %H:%M} UTC" if last else f"there was never a {kind}"
        return Judged(now - since >= after, f"{said}; one is expected every {_hours(after)}", since.isoformat())
    compiled = compile_expression(rule.when or "", names=NAMES)
    facts: dict[str, Any] = {
        "model": to_json(model),
        "evidence": {kind: to_json(one) for kind, one in evidence.items()},
        "alerts": {
            one.concern.value: {"severity": one.severity.value, "state": one.state.value, "findings": one.findings}
            for one in list_alerts(store, now=now, model_id=model.id, limit=100).alerts
            if one.concern is not Concern.ALERTING
        },
    }
    seen = sha256_of([facts["alerts"], sorted((kind, one.sha256) for kind, one in evidence.items())])[:20]
    try:
        return Judged(compiled.holds(facts), f"{rule.when}", seen)
    except NoAnswerError as error:
        return Judged(None, str(error), seen)


def _findings(
    rules: list[AlertRule], gone: list[str], model: RegisteredModel, store: Store, now: datetime
) -> Iterator[Finding]:
    evidence: dict[str, Evidence] | None = None
    for rule in rules:
        if not is_about(rule, model):
            if _was_raised(rule.name, model, store):
                yield _finding(
                    rule.name, rule, model, now, severity=Severity.NONE, reason="the rule is no longer about it"
                )
            continue
        if evidence is None:
            evidence = {one.kind: one for one in list_evidence(store, model.id)}
        found = _over_looks(rule, model, judge(rule, model, evidence, store, now), store)
        if found.holds is None:
            continue  # as it stood: what cannot be judged is neither raised nor over
        raised = _was_raised(rule.name, model, store)
        if found.holds is not raised:
            severity = rule.severity if found.holds else Severity.NONE
            yield _finding(rule.name, rule, model, now, severity=severity, reason=found.reason)
    for name in gone:
        if _was_raised(name, model, store):
            yield _finding(name, None, model, now, severity=Severity.NONE, reason="the rule was removed")


def _over_looks(rule: AlertRule, model: RegisteredModel, found: Judged, store: Store) -> Judged:
    """K of n: over the newest looks that saw something else than the one before."""
    if rule.windows == 1 or found.holds is None:
        return found
    key = looks_key(rule.name, model.id)
    stored = store.get(key)
    looks: list[list[Any]] = list(stored.body["looks"]) if stored else []
    if not looks or looks[-1][0] != found.seen:
        looks = [*looks, [found.seen, found.holds]][-rule.windows :]
        store.put(Record(key, {"looks": looks}), expect=stored.etag if stored else None)
    held = sum(bool(one) for _, one in looks[-rule.windows :])
    return Judged(held >= rule.needed, f"{found.reason} (in {held} of the newest {len(looks)} looks)", found.seen)


def is_about(rule: AlertRule, model: RegisteredModel) -> bool:
    """Whether a rule's matchers name a model."""
    matchers = tuple(read_matcher(text, where="matchers") for text in rule.matchers)
    return all_hold(matchers, model_labels(model))


def _finding(
    name: str, rule: AlertRule | None, model: RegisteredModel, now: datetime, *, severity: Severity, reason: str
) -> Finding:
    return Finding(
        id=f"rule.{name}.{model.id}.{now:%Y%m%dT%H%M%S}",
        model_id=model.id,
        model_name=model.name,
        owner=model.owner,
        concern=Concern.ALERTING,
        subject=name,
        measure="rule",
        severity=severity,
        title=f"{model.name}: {rule.title}" if rule else f"{model.name}: {name}",
        reason=reason,
        remedy=(rule.remedy if rule else "") or "Look at the model's page, and at the rule.",
        found_at=now,
    )


def _was_raised(name: str, model: RegisteredModel, store: Store) -> bool:
    stored = store.get(
        subject_key(subject_id(_finding(name, None, model, model.registered_at, severity=Severity.NONE, reason="")))
    )
    return stored is not None and stored.body["latest"]["severity"] != Severity.NONE.value


def _hours(length: timedelta) -> str:
    hours = length.total_seconds() / 3600
    return f"{hours / 24:g} days" if hours >= 48 else f"{hours:g} hours"
