"""Rules of one's own: they raise alerts, end them, wait for k of n, and never pass what they cannot judge."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from syndic.adapters.memory import MemoryAudit, MemoryStore
from syndic.alerting.alerts import list_alerts
from syndic.alerting.models import AlertState
from syndic.alerting.models.rules import AlertRule
from syndic.alerting.rules.judge import judge_rules, try_rule
from syndic.alerting.rules.kept import get_rule, list_rules, remove_rule, set_rule
from syndic.errors import InvalidInputError, NotFoundError
from syndic.models import Cloud, Evidence, EvidenceStatus, RegisteredModel
from syndic.records import model_record, put_evidence
from tests.unit.alerting.makers import NOW

HIGH = {
    "name": "high",
    "title": "too much drift",
    "when": 'evidence["drift.run"].facts.share > 0.3',
    "severity": "high",
}
STALE = {"name": "stale", "title": "no drift run", "absent": {"evidence": "drift.run", "after": "3d"}}


class House:
    def __init__(self) -> None:
        self.store, self.audit, self.now = MemoryStore(), MemoryAudit(), NOW
        for name, domain in (("car-loan", "credit"), ("churn", None)):
            model = RegisteredModel(id=name, name=name, cloud=Cloud.AWS, domain=domain, registered_at=NOW)
            self.store.put(model_record(model))

    def evidence(self, share: float, model: str = "car-loan") -> None:
        self.now += timedelta(hours=1)
        one = Evidence(
            kind="drift.run", model_id=model, status=EvidenceStatus.PASSING, summary="s", facts={"share": share},
            source="r", sha256=f"{share}{self.now}", produced_at=self.now,
        )  # fmt: skip
        put_evidence(self.store, one)

    def rule(self, values: dict[str, Any]) -> AlertRule:
        rule = AlertRule.model_validate(values)
        return set_rule(rule, store=self.store, audit=self.audit, actor="ada", now=self.now)

    def judge(self, after: timedelta = timedelta(hours=1)) -> list[tuple[str, str, str]]:
        self.now += after
        judge_rules(store=self.store, audit=self.audit, now=self.now)
        alerts = list_alerts(self.store, now=self.now, limit=100).alerts
        return [(one.model_id, one.state.value, one.title) for one in alerts if one.state is not AlertState.RESOLVED]


@pytest.fixture
def house() -> House:
    return House()


def test_a_rule_raises_an_alert_and_ends_it_when_it_no_longer_holds(house: House) -> None:
    house.rule(HIGH)
    house.evidence(0.4)
    assert house.judge() == [("car-loan", "open", "car-loan: too much drift")]
    before = house.store._writes
    judge_rules(store=house.store, audit=house.audit, now=house.now + timedelta(minutes=5))
    assert house.store._writes == before, "once an hour"
    house.evidence(0.1)
    assert house.judge() == []
    assert [one for one in house.audit.actions if one.startswith("alert")] == ["alert.opened", "alert.resolved"]


def test_what_cannot_be_judged_is_neither_raised_nor_over_and_said(house: House) -> None:
    house.rule(HIGH)
    house.evidence(0.4)
    assert len(house.judge()) == 1
    house.rule({**HIGH, "when": 'evidence["drift.run"].facts.nothing > 0.3'})
    assert len(house.judge()) == 1, "it stands as it stood"
    trial = try_rule(get_rule(house.store, "high"), store=house.store, now=house.now)
    assert (trial.holds, trial.models, set(trial.unjudged)) == ((), 2, {"car-loan", "churn"})


def test_evidence_that_stays_away_is_an_alert_also_when_it_never_came(house: House) -> None:
    house.rule({**STALE, "matchers": ["domain=credit"]})
    house.evidence(0.1)
    assert house.judge(timedelta(days=2)) == []
    assert house.judge(timedelta(days=1)) == [("car-loan", "open", "car-loan: no drift run")]
    house.rule(STALE)
    assert sorted(one[0] for one in house.judge()) == ["car-loan", "churn"]
    house.evidence(0.1)
    assert [one[0] for one in house.judge()] == ["churn"]


def test_two_of_three_looks_are_needed_where_the_rule_says_so(house: House) -> None:
    house.rule({**HIGH, "needed": 2, "windows": 3})
    found = []
    for share in (0.4, 0.1, 0.5, 0.1, 0.1):
        house.evidence(share)
        house.judge()
        found.append(len(house.judge()))  # looked at again without anything new
    assert found == [0, 0, 1, 0, 0]


def test_a_rule_that_is_removed_ends_what_it_raised_and_is_on_record(house: House) -> None:
    house.rule(HIGH)
    house.rule(HIGH)
    house.evidence(0.4)
    house.judge()
    common: dict[str, Any] = {"store": house.store, "audit": house.audit, "actor": "ada", "now": house.now}
    remove_rule("high", **common)
    remove_rule("high", **common)
    assert list(list_rules(house.store)) == []
    assert house.judge() == []
    assert [one for one in house.audit.actions if one.startswith("rule")] == ["rule.set", "rule.removed"]
    for call in (lambda: get_rule(house.store, "high"), lambda: remove_rule("nobody", **common)):
        with pytest.raises(NotFoundError):
            call()


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"when": None}, "when"), ({"absent": STALE["absent"]}, "when"), ({"when": "evidence["}, "when"),
        ({"when": "true"}, "when"), ({"when": "other.x > 1"}, "when"), ({"severity": "none"}, "severity"),
        ({"needed": 2}, "needed"), ({"matchers": ["x"]}, r"matchers\[0\]"),
        ({"when": None, "absent": STALE["absent"], "windows": 2}, "windows"),
        ({"when": None, "absent": {"evidence": "drift.run", "after": "59m"}}, "absent.after"),
        ({"matchers": ["domain=a", 'severity="high"']}, r"matchers\[1\].*label of a model"),
    ],
)  # fmt: skip
def test_a_rule_that_is_wrong_names_the_field(house: House, change: dict[str, Any], where: str) -> None:
    with pytest.raises(InvalidInputError, match=where):
        house.rule({**HIGH, **change})
    assert house.audit.actions == []
