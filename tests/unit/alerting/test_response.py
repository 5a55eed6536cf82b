"""How alerts are taken up is measured from the alerts themselves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.adapters.memory import MemoryAudit, MemoryStore
from syndic.alerting.alerts import list_alerts, receive_findings
from syndic.alerting.life import change_alert
from syndic.alerting.models import AlertChange
from syndic.alerting.response import KIND, record_response, response_evidence
from syndic.alerting.store import read_alert
from syndic.models import Cloud, Evidence, EvidenceStatus, FindingsChanged, RegisteredModel, Severity
from syndic.records import evidence_key, model_record
from tests.unit.alerting.makers import NOW, finding

MODEL = "car-loan-123abc"
DAY = timedelta(days=1)


class Desk:
    def __init__(self) -> None:
        self.store, self.audit = MemoryStore(), MemoryAudit()

    def receive(self, *findings):
        receive_findings(FindingsChanged(findings=findings), store=self.store, audit=self.audit, now=NOW)

    def look(self, after) -> Evidence:
        records = self.store.query("episodes", limit=1000).records
        return response_evidence(MODEL, tuple(map(read_alert, records)), now=NOW + after)

    def acknowledge(self, after):
        (alert,) = list_alerts(self.store, now=NOW).alerts
        common = {"store": self.store, "audit": self.audit, "now": NOW + after}
        change_alert(alert.id, AlertChange(), by="ada", **common)


@pytest.fixture
def desk():
    return Desk()


def test_no_alert_is_nothing_late(desk):
    found = desk.look(DAY)
    assert (found.status, found.facts["raised"]) == (EvidenceStatus.PASSING, 0)


@pytest.mark.parametrize(
    ("after", "status"), [(3 * DAY, EvidenceStatus.PASSING), (3 * DAY + timedelta(seconds=1), EvidenceStatus.FAILING)]
)
def test_an_alert_that_nobody_takes_up_is_late_after_three_days(desk, after, status):
    desk.receive(finding())
    found = desk.look(after)
    assert found.status is status
    assert found.facts["waiting"] == 1
    assert found.facts["waiting_since"] == NOW.isoformat()


@pytest.mark.parametrize(("after", "late"), [(2 * DAY, 0), (5 * DAY, 1)])
def test_a_late_answer_stays_late_while_the_trouble_lasts(desk, after, late):
    desk.receive(finding())
    desk.acknowledge(after)
    found = desk.look(9 * DAY)
    assert (found.facts["acknowledged"], found.facts["late"], found.facts["waiting"]) == (1, late, 0)


def test_small_alerts_and_those_that_are_over_do_not_wait(desk):
    over = [finding(number, Severity.NONE) for number in (1, 2)]
    desk.receive(finding(0, Severity.MEDIUM, model="small"), finding(0), *over)
    found = desk.look(9 * DAY)
    assert found.facts == {"raised": 1, "acknowledged": 0, "waiting": 0, "waiting_since": None, "late": 0}


def test_it_is_kept_for_every_model_and_written_again_when_it_changes_or_grows_old(desk):
    model = RegisteredModel(id=MODEL, name="car-loan", cloud=Cloud.AWS, registered_at=NOW)
    desk.store.put(model_record(model))
    assert record_response(store=desk.store, now=NOW) == 1
    assert record_response(store=desk.store, now=NOW + DAY) == 0
    desk.receive(finding())
    assert record_response(store=desk.store, now=NOW + DAY) == 1
    assert record_response(store=desk.store, now=NOW + 4 * DAY) == 1  # late by now
    kept = Evidence.model_validate(desk.store.get(evidence_key(MODEL, KIND)).body)
    assert kept.status is EvidenceStatus.FAILING
