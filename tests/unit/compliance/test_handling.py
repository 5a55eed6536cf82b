"""What Syndic keeps itself is measured: remediations by their dates."""

from __future__ import annotations

from datetime import timedelta

import pytest

from syndic.assessment import Remediation, RemediationStatus, State
from syndic.compliance.people.handling import KIND, handling_evidence, record_handling
from syndic.models import Evidence, EvidenceStatus
from syndic.records import evidence_key


def remediation(now, number, *, due, closed=None):
    return Remediation(
        id=f"r{number}", model_id="m", framework_id="gdpr", requirement_id="GDPR-6", title="Repair", owner="ada",
        due=(now + timedelta(days=due)).date(), opened_by="ada", opened_at=now - timedelta(days=90),
        state_when_opened=State.NOT_MET,
        status=RemediationStatus.OPEN if closed is None else RemediationStatus.CLOSED,
        closed_at=None if closed is None else now + timedelta(days=closed),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("items", "facts", "status"),
    [
        ([], (0, 0, 0, 0), EvidenceStatus.PASSING),
        ([(0, None)], (1, 0, 0, 0), EvidenceStatus.PASSING),  # due today
        ([(-1, None)], (1, 1, 0, 0), EvidenceStatus.FAILING),
        ([(-10, -10), (-10, -9)], (0, 0, 1, 1), EvidenceStatus.PASSING),
        ([(-410, -405)], (0, 0, 0, 0), EvidenceStatus.PASSING),  # before the period
        ([(5, None), (-5, None), (-20, -30)], (2, 1, 1, 0), EvidenceStatus.FAILING),
    ],
)
def test_open_overdue_and_late_remediations_are_told_apart(items, facts, status, now):
    given = tuple(remediation(now, n, due=due, closed=closed) for n, (due, closed) in enumerate(items))
    found = handling_evidence("m", given, now=now)
    assert tuple(found.facts[name] for name in ("open", "overdue", "closed_in_time", "closed_late")) == facts
    assert found.status is status


def test_the_same_standing_is_not_written_every_day_and_is_renewed_before_it_runs_out(register, store, now):
    model = register()
    assert record_handling(store=store, now=now) == 1
    assert record_handling(store=store, now=now + timedelta(days=1)) == 0
    assert record_handling(store=store, now=now + timedelta(days=3)) == 1
    kept = Evidence.model_validate(store.get(evidence_key(model.id, KIND)).body)
    assert kept.expires_at > now + timedelta(days=3)
