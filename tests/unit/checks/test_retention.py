"""Results go when their time is over; days and months stay, nothing is lost or counted twice, nothing needed goes."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import pairwise

import pytest

from syndic.assessment import Attestation, AttestationDecision
from syndic.audit.erasure.contents import set_hold
from syndic.bias.report import queries as bias
from syndic.checks.history.keys import Level, window_in
from syndic.checks.history.older import read_standing
from syndic.checks.history.retention import GRACE, RetentionPolicy, read_retention, set_retention
from syndic.checks.history.summary import PeriodSummary, Spread, series_of, summed_up, window_of_its_own
from syndic.compliance.keys import attestation_key
from syndic.drift import keys as drift_keys
from syndic.drift.report import queries as drift
from syndic.errors import ConflictError
from syndic.models import Evidence, EvidenceStatus, Severity, TimeWindow, to_json
from syndic.ports import Key, Record
from syndic.quality import keys as quality_keys
from syndic.quality.report import queries as quality
from syndic.records import evidence_key, put_evidence
from syndic.registers.incidents.models import Incident, Preserved
from syndic.registers.incidents.register import change_incident, open_incident
from syndic.registers.incidents.rules import settled
from syndic.reports.content.collect import _drift
from syndic.tasks.retention.daily import keep_or_let_go
from syndic.tasks.retention.needed import EVERY
from tests.edges.world import MODEL
from tests.unit.checks.results import DAY, HOUR, Results, hour, whole_history

BEGIN = datetime(2026, 3, 4, tzinfo=UTC)


def work(results: Results, *, governs: bool = True) -> None:
    left, after = True, None
    while left:
        left, after = keep_or_let_go(results.world, after, governs=governs, over=lambda: False)


def report_of(results: Results, window: TimeWindow) -> Record | None:
    report, point = (of(MODEL, window) for of in (drift_keys.report_key, drift_keys.point_key))
    found = results.store.get_many([report, point])
    return found[report] if len(found) == 2 else None


def known(results: Results) -> dict[str, int]:
    """Windows that each history tells of, by itself or in days and months."""
    store = results.store
    found = {}
    for name, read in (
        ("drift", partial(drift.history, MODEL, store=store, limit=7)),
        ("quality", partial(quality.history, MODEL, store=store, limit=7)),
    ):
        points, periods = whole_history(read)
        found[name] = len(points) + sum(one.windows for one in periods)
    fair = bias.history(MODEL, store=store, limit=1000)
    found["bias"] = len(fair.points) + sum(one.windows for one in fair.older.periods)
    return found


def test_a_history_of_years_loses_no_window_and_counts_none_twice() -> None:
    results, chance, kept = Results(), random.Random(14), 0  # noqa: S311
    for day in range(0, 1900, 25):
        now = BEGIN + day * DAY
        for number in range(3):
            results.at(now + number * 7 * HOUR)
            results.keep(hour(now + number * 7 * HOUR), psi=chance.choice([0.1, 0.3]))
            kept += 1
        results.at(now + DAY)
        if chance.random() < 0.7:  # some runs are missed
            work(results)
        results.lose_what_is_over()
    work(results)
    points, periods = whole_history(partial(drift.history, MODEL, store=results.store, limit=7))

    assert {one.level for one in periods} == {Level.DAY, Level.MONTH}
    assert len(points) + sum(one.windows for one in periods) == kept
    assert sum(one.rows for one in periods) == 100 * sum(one.windows for one in periods)
    assert max(one.last.end for one in periods) <= min(one.window.start for one in points)
    assert results.world.moment - min(one.window.start for one in points) <= timedelta(days=192)
    income = [one.series["income"] for one in periods]
    assert sum(one.flagged for one in income) == sum(one.verdicts.get("drift", 0) for one in periods) > 0
    assert sum(one.measures["psi"].n for one in income) == sum(one.windows for one in periods)
    quality_points, quality_periods = whole_history(partial(quality.history, MODEL, store=results.store, limit=100))
    assert len(quality_points) + sum(one.windows for one in quality_periods) == kept
    assert len(quality_points) == len(points)
    reported = list(_drift(MODEL, results.store))
    assert [one.window.start for one in reported] == sorted(one.window.start for one in reported)
    assert len(reported) == len(points) + len(periods)
    assert "windows" in reported[0].verdict


def test_what_is_shown_says_from_when_on_days_stand_for_hours() -> None:
    results = Results()
    for day in range(0, 300, 5):
        results.at(BEGIN + day * DAY)
        results.keep(hour(BEGIN + day * DAY), psi=0.1 + day / 1000)
    work(results)
    first = drift.history(MODEL, store=results.store, limit=10)
    assert (len(first.points), first.older.periods, first.older.note) == (10, (), None)

    shown = drift.history(MODEL, store=results.store, limit=100)
    before = (BEGIN + (295 - 190) * DAY).date()
    assert shown.older.note == f"before {before} the reports of hourly windows are gone: days are shown in their place"
    assert shown.older.periods[-1].period.end.date() <= before <= shown.points[0].window.start.date()
    trend = drift.feature_trend(MODEL, "income", store=results.store, limit=1000)
    assert [one.series["income"].measures["psi"].mean for one in trend.older.periods] == pytest.approx(
        [0.1 + day / 1000 for day in range(0, 105, 5)]
    )
    fair = bias.history(MODEL, store=results.store, limit=1000)
    sex = fair.older.periods[0].series["sex/female"]
    assert sex.counts["selected"] / sex.counts["rows"] == pytest.approx(sex.measures["selection_rate"].mean)
    assert len(fair.points) + len(fair.older.periods) == len(range(0, 300, 5))


def window(number: int) -> PeriodSummary:
    chance = random.Random(number)  # noqa: S311
    measures = {"psi": chance.choice([None, chance.random()]), "mean": chance.gauss(0, 100)}
    series = {
        name: series_of(
            verdict=chance.choice("ab"), flagged=chance.random() < 0.5, counts={"n": number}, measures=measures
        )
        for name in chance.sample(["x", "y", "z"], 2)
    }
    at = hour(BEGIN + number * HOUR)
    return window_of_its_own(
        at, rows=number, verdict=chance.choice("ab"), severity=chance.choice(list(Severity)), series=series
    )


@pytest.mark.parametrize("seed", range(6))
def test_summaries_add_up_however_windows_are_parted(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311
    windows = [window(number) for number in range(60)]
    month = TimeWindow(start=BEGIN, end=BEGIN + 30 * DAY)
    at_once = summed_up(windows, Level.MONTH, month)
    cuts = [0, *sorted(chance.sample(range(1, 60), 5)), 60]
    parts = [summed_up(windows[a:b], Level.DAY, month) for a, b in pairwise(cuts)]
    chance.shuffle(parts)
    parted = summed_up(parts, Level.MONTH, month)

    def edges(measure: tuple[str, Spread]) -> object:
        name, found = measure
        return name, found.n, found.least, found.most

    def exact(one: PeriodSummary) -> object:
        return to_json(one.model_copy(update={"series": {}})), {
            name: (
                found.verdicts,
                found.flagged,
                found.counts,
                {m: (s.n, s.least, s.most) for m, s in found.measures.items()},
            )
            for name, found in one.series.items()
        }

    assert exact(parted) == exact(at_once)
    for name, found in at_once.series.items():
        for measure, spread in found.measures.items():
            assert parted.series[name].measures[measure].total == pytest.approx(spread.total)
    assert Spread(n=2, total=3.0, least=1.0, most=2.0).mean == 1.5


@pytest.mark.parametrize("seed", range(3))
def test_nothing_that_something_on_record_rests_on_goes(seed: int) -> None:
    """Whoever refers to a result, however: by its id in any record about the model, or by a signature."""
    results, chance = Results(), random.Random(seed)  # noqa: S311
    store, rests = results.store, dict[str, TimeWindow]()
    newest = hour(BEGIN)
    for day in range(0, 900, 9):
        now = BEGIN + day * DAY
        results.at(now + 2 * HOUR)
        if day < 400 or chance.random() < 0.1:  # then it falls silent, its newest evidence stays as it is
            newest = hour(now)
            results.keep(newest)
            put_evidence(store, evidence(newest))
            rests["evidence"] = newest
        if chance.random() < 0.1:
            store.put(signature(chance, now + 2 * HOUR))
            rests[f"signed {day}"] = newest
        if chance.random() < 0.1:
            named = drift_keys.report_id(MODEL, newest)
            store.put(Record(Key(f"model.{MODEL}", f"version.{day}"), {"because": [{"deep": f"see {named}"}]}))
            rests[f"version {day}"] = newest
        if chance.random() < 0.6:
            work(results)
        results.lose_what_is_over()
        for why, one in rests.items():
            assert report_of(results, one) is not None, (why, day)
            assert store.get(quality_keys.report_key(MODEL, one)) is not None, (why, day)
    gone = sum(report_of(results, hour(BEGIN + day * DAY)) is None for day in range(0, 400, 9))
    assert gone > 20
    assert len(rests) > 5


def evidence(window: TimeWindow) -> Evidence:
    return Evidence(
        kind="drift.run", model_id=MODEL, status=EvidenceStatus.PASSING, summary="quiet", sha256="0" * 64,
        source=drift_keys.report_id(MODEL, window), produced_at=window.end, window=window,
    )  # fmt: skip


def signature(chance: random.Random, now: datetime) -> Record:
    identity = f"{chance.getrandbits(64):016x}"
    signed = Attestation(
        id=identity, topic="human_oversight", model_id=MODEL, role="oversight", signer="ada", statement="It is so.",
        decision=AttestationDecision.AFFIRMED, subject_sha256="0" * 64, signed_at=now, expires_at=now + 3650 * DAY,
    )  # fmt: skip
    return Record(attestation_key(MODEL, signed.topic, now, identity), to_json(signed))


def test_what_nobody_refers_to_any_more_goes() -> None:
    results = Results()
    results.at(BEGIN)
    results.keep(hour(BEGIN))
    put_evidence(results.store, evidence(hour(BEGIN)))
    for day in range(0, 1400, 35):
        results.at(BEGIN + day * DAY)
        work(results)
        results.lose_what_is_over()
        if day == 700:
            assert report_of(results, hour(BEGIN)) is not None
            results.store.delete(evidence_key(MODEL, "drift.run"))
    assert report_of(results, hour(BEGIN)) is None
    assert known(results)["drift"] == 1


def test_all_of_a_model_stays_while_a_legal_hold_is_on_it() -> None:
    results = Results()
    results.at(BEGIN)
    results.keep(hour(BEGIN))
    results.keep(hour(BEGIN + HOUR))
    common = {"store": results.store, "audit": results.world.audit, "actor": "ada", "reason": "a case in court"}
    set_hold(f"model/{MODEL}", held=True, now=BEGIN, **common)
    for day in range(0, 1200, 40):
        results.at(BEGIN + day * DAY)
        work(results)
        results.lose_what_is_over()
        if day == 800:
            assert report_of(results, hour(BEGIN)) is not None
            assert report_of(results, hour(BEGIN + HOUR)) is not None
            set_hold(f"model/{MODEL}", held=False, now=results.world.moment, **common)
    results.at(BEGIN + 1300 * DAY)
    results.lose_what_is_over()
    assert report_of(results, hour(BEGIN)) is None


def test_what_an_incident_on_record_refers_to_stays_and_all_of_its_model_while_it_is_open() -> None:
    results = Results()
    early, named, newest = (hour(BEGIN + place * HOUR) for place in range(3))
    results.at(BEGIN)
    for window in (early, named, newest):
        results.keep(window)
    common = {"store": results.store, "audit": results.world.audit, "bus": results.world.bus, "actor": "ada"}
    told = {
        "title": "People were refused", "owner": "ada@example.org", "source": "alert", "roles": ("provider",),
        "model_ids": (MODEL,), "description": f"First seen in {drift_keys.report_id(MODEL, named)}.",
    }  # fmt: skip
    incident = open_incident(told, lambda: Preserved(at=BEGIN + 4 * HOUR), now=BEGIN + 4 * HOUR, **common)
    ends = BEGIN + 800 * DAY

    def closed(one: Incident) -> Incident:
        return settled(one.model_copy(update={"closed_at": ends}), ends)

    for day in range(0, 1200, 40):
        results.at(BEGIN + day * DAY)
        work(results)
        results.lose_what_is_over()
        if day == 800:
            assert all(report_of(results, window) is not None for window in (early, named, newest))
            change_incident(incident.id, closed, action="closed", now=ends, **common)
    results.at(BEGIN + 1400 * DAY)
    results.lose_what_is_over()
    assert report_of(results, early) is None  # it neither names it, nor was it the newest when it opened
    assert report_of(results, named) is not None
    assert report_of(results, newest) is not None


def test_results_of_an_earlier_release_get_their_time_once_they_are_summed_up() -> None:
    results = Results()
    for day in range(0, 400, 4):
        results.keep(hour(BEGIN + day * DAY), timed=False)
    results.at(BEGIN + 400 * DAY)
    store, calls = results.store, iter(range(10_000))
    left, after = True, None
    steps = 0
    while left:  # each call does a little and goes on where the last one ended
        left, after = keep_or_let_go(results.world, after, governs=True, over=lambda: next(calls) % 40 == 39)
        steps += 1
    assert steps > 5
    assert known(results) == {"drift": 100, "quality": 100, "bias": 100}
    standing = read_standing(store, MODEL)
    assert (standing.timed_by, standing.timing) == (0, None)
    for place in store.list_places(drift_keys.partition(MODEL)):
        record = store.get(place.key)
        window = window_in(place.sort)
        assert window is not None
        assert record.expires == max(window.end + 200 * DAY, results.world.moment + GRACE)
    results.at(BEGIN + 411 * DAY)
    results.lose_what_is_over()
    work(results)
    assert known(results) == {"drift": 100, "quality": 100, "bias": 100}


def test_a_new_policy_holds_for_what_is_there() -> None:
    results = Results()
    results.at(BEGIN)
    results.keep(hour(BEGIN))
    work(results)
    common = {"store": results.store, "audit": results.world.audit, "actor": "ada", "now": BEGIN}
    changed = set_retention(RetentionPolicy(hourly_days=400), **common)
    assert (changed.version, changed.changed_by) == (1, "ada")
    assert set_retention(RetentionPolicy(hourly_days=400, version=9), **common) == changed
    with pytest.raises(ConflictError):
        set_retention(RetentionPolicy(hourly_days=500), expect_version=0, **common)
    work(results)
    record = report_of(results, hour(BEGIN))
    assert record is not None
    assert record.expires == hour(BEGIN).end + 410 * DAY
    assert read_retention(results.store) == changed


@pytest.mark.parametrize(
    "given",
    [{"hourly_days": 189}, {"daily_days": 365}, {"hourly_days": 1200}, {"monthly_days": 1000}, {"hourly_days": True}],
)
def test_days_that_the_law_or_sense_forbid_are_refused(given: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"days|number"):
        RetentionPolicy(**given)


def test_longer_windows_are_kept_longer() -> None:
    policy = RetentionPolicy()
    for span, wanted in ((HOUR, 190), (DAY, 1100), (7 * DAY, 1100), (31 * DAY, 3660)):
        at = TimeWindow(start=BEGIN, end=BEGIN + span)
        expires = at.end + wanted * DAY + GRACE + (31 * DAY if wanted == 1100 else 0 * DAY)
        assert policy.expires(f"point.{at.key}", at=at.end) == expires
        assert policy.expires(at.key, at=at.end + 500 * DAY) == expires + 500 * DAY
    assert policy.expires("looks.prediction", at=BEGIN) is None


def test_where_nobody_governs_results_go_and_are_not_summed_up() -> None:
    """Azure keeps no history: what is shown of its models is summed up in AWS, from AWS's copies."""
    results = Results()
    results.keep(hour(BEGIN), timed=False)
    results.at(BEGIN + 195 * DAY)
    work(results, governs=False)
    results.at(BEGIN + 206 * DAY)
    work(results, governs=False)
    assert report_of(results, hour(BEGIN)) is None
    assert [place.sort for place in results.store.list_places(f"history.{MODEL}")] == ["standing"]
    assert timedelta(days=7) == EVERY
