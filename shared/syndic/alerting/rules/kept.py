"""Rules as they are kept: checked, set and removed on record."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from syndic.alerting.keys import RULES, rule_key
from syndic.alerting.models.rules import AlertRule
from syndic.alerting.routing.labels import OF_MODELS, check_matchers
from syndic.alerting.routing.matchers import read_matcher
from syndic.canonical import sha256_of
from syndic.changes import Change, commit, finish
from syndic.errors import InvalidInputError, NotFoundError
from syndic.expressions.evaluate import compile_expression
from syndic.models import AuditEntry, Severity, to_json
from syndic.ports import ABSENT, AuditTrail, Record, Store, Write
from syndic.records import iterate, retried

NAMES: Final = frozenset({"model", "evidence", "alerts"})
MOST: Final = 100
LEAST_ABSENCE: Final = timedelta(hours=1)


def check_rule(rule: AlertRule, *, where: str = "") -> None:
    """Raise `InvalidInputError` that names the field of a rule that is wrong."""
    if (rule.when is None) is (rule.absent is None):
        raise InvalidInputError("one of `when` and `absent` is given", where=f"{where}when")
    if rule.when is not None:
        compile_expression(rule.when, names=NAMES, where=f"{where}when")
    if rule.severity is Severity.NONE:
        raise InvalidInputError("an alert has a severity", where=f"{where}severity")
    if rule.needed > rule.windows:
        raise InvalidInputError(f"of {rule.windows} there are no {rule.needed}", where=f"{where}needed")
    if rule.absent is not None and rule.windows > 1:
        raise InvalidInputError("has no meaning for what is absent: `after` says how long", where=f"{where}windows")
    if rule.absent is not None and rule.absent.after < LEAST_ABSENCE:
        raise InvalidInputError("rules are judged once an hour, so name an hour at least", where=f"{where}absent.after")
    matchers = [read_matcher(text, where=f"{where}matchers[{number}]") for number, text in enumerate(rule.matchers)]
    check_matchers(matchers, where=f"{where}matchers", known=OF_MODELS, what="label of a model")


def list_rules(store: Store) -> Iterator[AlertRule]:
    """Every rule, by name."""
    for record in iterate(store, RULES):
        if record.body["rule"] is not None:
            yield AlertRule.model_validate(record.body["rule"])


def find_rule(store: Store, name: str) -> AlertRule | None:
    """A rule, or None."""
    record = store.get(rule_key(name))
    return None if record is None or record.body["rule"] is None else AlertRule.model_validate(record.body["rule"])


def get_rule(store: Store, name: str) -> AlertRule:
    """A rule. Raises `NotFoundError`."""
    found = find_rule(store, name)
    if found is None:
        raise NotFoundError(f"there is no rule {name}")
    return found


def set_rule(rule: AlertRule, *, store: Store, audit: AuditTrail, actor: str, now: datetime) -> AlertRule:
    """Set a rule. The same again changes nothing. Raises `InvalidInputError` that names the field."""
    check_rule(rule)
    present = [one.name for one in list_rules(store)]
    if rule.name not in present and len(present) >= MOST:
        raise InvalidInputError(f"there are {MOST} rules already", where="name")
    _change(rule.name, rule, store=store, audit=audit, actor=actor, now=now)
    return rule


def remove_rule(name: str, *, store: Store, audit: AuditTrail, actor: str, now: datetime) -> None:
    """Remove a rule: what it raised is over at the next look. Removed again it is removed. Raises `NotFoundError`."""
    if store.get(rule_key(name)) is None:
        raise NotFoundError(f"there is no rule {name}")
    _change(name, None, store=store, audit=audit, actor=actor, now=now)


def _change(name: str, rule: AlertRule | None, *, store: Store, audit: AuditTrail, actor: str, now: datetime) -> None:
    key = rule_key(name)

    def step() -> None:
        stored = store.get(key)
        wanted = None if rule is None else to_json(rule)
        if (stored.body["rule"] if stored else None) == wanted:
            finish(key, store=store, audit=audit)
            return
        version = (int(stored.body["version"]) if stored else 0) + 1
        entry = AuditEntry(
            action="rule.removed" if rule is None else "rule.set",
            actor=actor,
            subject=f"rule/{name}",
            at=now,
            details={"version": version, "rule_sha256": sha256_of(wanted)},
        )
        body = {"rule": wanted, "version": version, "changed_at": now.isoformat(), "changed_by": actor}
        write = Write(Record(key, body), stored.etag if stored else ABSENT)
        commit(Change((write,), now, entries=(entry,)), store=store, audit=audit)

    retried(step, what=f"rule {name}")
