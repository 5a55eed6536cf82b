"""A rule tried on the past says what it would have said: the same as the run that judges, hour by hour."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from syndic.alerting.alerts import receive_findings
from syndic.alerting.models.rules import AlertRule
from syndic.alerting.routing.phases import phases_of
from syndic.alerting.rules.replay import Past, kinds_read, replay
from syndic.alerting.store import subjects_of
from syndic.alerting.telling.trial import CONCERNS, try_rule
from syndic.alerting.troubles.episodes import derive_episode
from syndic.alerting.troubles.subjects import take
from syndic.models import Concern, Evidence, FindingsChanged, RegisteredModel, Severity
from syndic.records import get_model
from tests.proof import share
from tests.unit.alerting.makers import NOW, finding, month
from tests.unit.alerting.test_rules import HIGH, STALE, House

START = NOW - timedelta(days=30)
RULES = (
    HIGH,
    {**HIGH, "needed": 2, "windows": 3},
    {**STALE, "absent": {"evidence": "drift.run", "after": "12h"}},
    {**HIGH, "when": 'has(alerts.drift) && alerts.drift.state == "open" && alerts.drift.severity == "critical"'},
    {**HIGH, "when": '"drift.run" in evidence && evidence["drift.run"].status == "passing" && model.risk != "x"'},
    {**HIGH, "when": "evidence.exists(kind, evidence[kind].facts.share > 0.6)", "needed": 1, "windows": 2},
)  # fmt: skip


@pytest.mark.parametrize("values", RULES)
@pytest.mark.parametrize("seed", share(range(40), 10))
def test_looking_back_says_what_the_hourly_run_said(seed: int, values: dict[str, Any]) -> None:
    rng = random.Random(seed)  # noqa: S311 - a course of evidence, no secret
    house, told = House(), list[Evidence]()
    house.now = NOW
    house.rule({**values, "matchers": ["model=car-loan"]})
    for hour in range(96):
        house.now = NOW + timedelta(hours=hour)
        if rng.random() < 0.3:
            house.now -= timedelta(hours=1)  # `evidence` moves the clock on by one
            house.evidence(rng.choice((0.1, 0.5, 0.9)))
            told += [one for one in _evidence(house) if one not in told]
        if rng.random() < 0.1:
            severity = rng.choice((Severity.CRITICAL, Severity.NONE, Severity.HIGH))
            found = finding(hour, severity, found_at=house.now, model_id="car-loan")
            receive_findings(FindingsChanged(findings=(found,)), store=house.store, audit=house.audit, now=house.now)
        house.judge(timedelta())
    mark = house.store.get_many([one.key for one in house.store.query("alerts", limit=100).records])
    courses = [one.body for one in mark.values() if one.body["latest"]["measure"] == "rule"]
    live = [(one["found_at"], one["severity"]) for body in courses for one in body["sightings"]]
    model = get_model(house.store, "car-loan")
    seen = {one: subjects_of(model.id, one, house.store) for one in CONCERNS}
    rule = AlertRule.model_validate({**values})
    found_back = replay(rule, model, Past(tuple(told)), seen, since=START, now=house.now)
    back = [(one.since, one.severity.value) for one in found_back.phases]

    assert [(at.isoformat().replace("+00:00", "Z"), severity) for at, severity in back] == live


def _evidence(house: House) -> list[Evidence]:
    return [Evidence.model_validate(one.body) for one in house.store.query("evidence.car-loan").records]


def test_what_is_known_of_the_newest_alone_is_judged_from_then_on_and_said() -> None:
    house = House()
    house.now = NOW + timedelta(days=20)
    house.evidence(0.9)
    newest = _evidence(house)[0]
    rule, model = AlertRule.model_validate(HIGH), get_model(house.store, "car-loan")
    past = Past((newest,), {"drift.run": newest.produced_at})
    found = replay(rule, model, past, {}, since=NOW, now=NOW + timedelta(days=30))

    assert [(one.since, one.severity) for one in found.phases] == [(newest.produced_at, Severity.HIGH)]
    assert found.judged_since == newest.produced_at
    assert found.unjudged == f"drift.run is known from {newest.produced_at:%Y-%m-%d %H:%M} UTC on"


def test_a_trial_counts_alerts_and_messages_and_names_what_it_did_not_look_at() -> None:
    house = House()
    house.now = NOW + timedelta(days=30)
    rule = AlertRule.model_validate(HIGH)

    def past(model: RegisteredModel, kinds: frozenset[str] | None, since: Any) -> Past | None:
        assert kinds == {"drift.run"}
        assert since == NOW
        shares = (0.1, 0.9, 0.1, 0.9, 0.9, 0.1, 0.9)
        found = (
            Evidence(
                kind="drift.run", model_id=model.id, status="passing", summary="s", facts={"share": one},
                source=f"{day}", sha256=f"{day}", produced_at=NOW + timedelta(days=day),
            )
            for day, one in enumerate(shares)
        )  # fmt: skip
        return Past(tuple(found)) if model.id == "car-loan" else None

    tried = try_rule(rule, past=lambda _: past, store=house.store, now=house.now).past

    assert tried is not None
    assert (tried.raised, tried.models, tried.unread) == (3, ("car-loan",), 1)
    assert [(one.receiver, one.messages) for one in tried.tells] == [("owners", 3)]
    assert (tried.shortened, tried.unjudged) == ({}, {})


@pytest.mark.parametrize(
    ("when", "kinds"),
    [
        ('evidence["drift.run"].facts.x > 1', {"drift.run"}),
        ("evidence['bias.run'].status == \"failing\" || alerts.drift.findings > 1", {"bias.run"}),
        ('"drift.run" in evidence && model.name == "a"', {"drift.run"}),
        ('model.name == "a.b" && size(evidence) > 1', None),
        ('evidence.exists(k, evidence[k].status == "failing")', None),
        ("alerts.drift.findings > 1", set()),
    ],
)  # fmt: skip
def test_the_kinds_that_a_rule_reads_are_known(when: str, kinds: set[str] | None) -> None:
    assert kinds_read(AlertRule.model_validate({**HIGH, "when": when})) == kinds


@pytest.mark.parametrize("seed", range(25))
def test_how_bad_an_alert_was_ends_as_its_episode_ends(seed: int) -> None:
    """After each arrival the course says what the episode that follows from the findings says."""
    rng = random.Random(seed)  # noqa: S311 - likewise
    severities = (Severity.NONE, Severity.MEDIUM, Severity.CRITICAL)
    arrivals = [
        finding(rng.randrange(8), rng.choice(severities), subject=rng.choice("xyz"), revision=number)
        for number in range(30)
    ]
    arrivals += [finding(0, Severity.NONE, subject="x", revision=30, window=None)]
    kept: dict[str, Any] = {}
    for one in arrivals:
        kept[one.subject] = take(kept.get(one.subject), one)
        phases, episode = phases_of(kept.values()), derive_episode("a", kept.values())
        expected = episode.severity if episode else Severity.NONE
        assert (phases[-1].severity if phases else Severity.NONE) is expected


def test_a_value_that_swings_about_its_threshold_is_tried_as_one_trouble() -> None:
    kept = None
    for number in range(12):
        severity = Severity.NONE if number % 2 else Severity.HIGH
        kept = take(kept, finding(number, severity, window=month(number), found_at=NOW + timedelta(days=number)))
    assert kept is not None
    assert [one.severity for one in phases_of([kept])] == [Severity.HIGH]
    assert Concern.ALERTING not in CONCERNS
