"""One model looked at window after window: evidence that holds however often it is read, and what must not break it."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from syndic.bias.counting.tally import add_up, make_plan, tally
from syndic.bias.looks.answer import look_again
from syndic.bias.looks.codec import load
from syndic.bias.models import BEYOND, BiasReport, Verdict
from syndic.bias.policy.model import BiasPolicy, Metric, MetricRule, ProtectedAttribute
from syndic.bias.report.build import make_report
from syndic.bias.report.disclosure import suppress
from syndic.models import TimeWindow
from tests.unit.bias.cases import IDENTITY, policy, window

FIRST = datetime(2026, 1, 5, tzinfo=UTC)
RATIO = (MetricRule(metric=Metric.DISPARATE_IMPACT, threshold=0.8),)
NAMED = ProtectedAttribute(name="group", reference_group="a")


class Watch:
    """A model whose windows are looked at, as the worker does it, with what is kept in plain values."""

    def __init__(self, rules: BiasPolicy, *, labels: bool = False) -> None:
        self.rules, self.labels, self.version = rules, labels, "v1"
        self.ledger: dict[str, Any] | None = None
        self.entered: dict[str, dict[str, Any]] = {}

    def look(self, week: int, counts: dict[str, tuple[int, int]], span: timedelta = timedelta(days=7)) -> BiasReport:
        groups, decisions = [], []
        for name, (selected, rows) in counts.items():
            groups += [name] * rows
            decisions += [1.0] * selected + [0.0] * (rows - selected)
        return self.see(week, window(group=groups, prediction=decisions, label=[None] * len(groups)), span)

    def see(self, week: int, rows, span: timedelta = timedelta(days=7)) -> BiasReport:
        plan = make_plan(self.rules)
        time = TimeWindow(start=FIRST + timedelta(days=7 * week), end=FIRST + timedelta(days=7 * week) + span)
        identity = replace(IDENTITY, window=time)
        report = make_report(add_up([tally(rows, plan)], plan), plan, self.rules, "prediction", identity)
        kept = (self.ledger, self.entered.get(time.key))
        report, self.ledger, self.entered[time.key] = look_again(
            report, time, kept, version=self.version, labels=self.labels
        )
        return report


def rules(*attributes: ProtectedAttribute | str, **changes: object) -> BiasPolicy:
    return policy(*(attributes or (NAMED,)), **{"fairness_metrics": RATIO, **changes})


def test_equal_windows_of_which_one_looks_unequal_are_no_finding():
    watch = Watch(rules())
    for week in range(10):
        report = watch.look(week, {"a": (60, 200), "b": (60, 200)})
    report = watch.look(10, {"a": (66, 200), "b": (44, 200)})  # by itself: ratio 0.67, p = 0.017
    assert report.attributes["group"].verdict is Verdict.ADVERSE_IMPACT_INDICATED
    assert report.verdict is Verdict.INCONCLUSIVE
    assert report.reason.startswith("this window alone would be a finding")
    assert report.looks.windows == 11
    assert report.looks.looks[0].e < 20


def test_a_true_difference_adds_up_to_a_finding_that_names_its_evidence():
    watch = Watch(rules())
    found = [watch.look(week, {"a": (40, 200), "b": (26, 200)}) for week in range(8)]
    assert found[0].verdict is Verdict.INCONCLUSIVE
    assert found[0].looks.looks[0].rows_needed.windows > 1
    assert "over 1 window; outside 0.8 to 1.25" in found[0].looks.looks[0].reason
    last = found[-1]
    assert last.verdict is Verdict.ADVERSE_IMPACT_INDICATED
    (look,) = last.looks.looks
    assert look.e_shared >= 20
    assert look.effect.value == pytest.approx(26 / 40)
    assert look.effect.low < look.effect.value < look.effect.high < 1
    assert "over 8 windows" in last.reason
    assert (look.rows, look.reference_rows, look.windows) == (1600, 1600, 8)


def test_proven_and_within_the_threshold_is_no_finding():
    watch = Watch(rules())
    for week in range(6):
        report = watch.look(week, {"a": (6000, 10_000), "b": (5400, 10_000)})
    assert report.looks.verdict is Verdict.DIFFERENCE_UNDER_THRESHOLD


def test_the_order_of_windows_does_not_matter():
    weeks = {0: {"a": (50, 200), "b": (40, 210)}, 1: {"a": (3, 9), "b": (1, 12)}, 2: {"a": (90, 300), "b": (60, 200)}}
    ends = []
    for order in ((0, 1, 2), (2, 0, 1)):
        watch = Watch(rules())
        for week in order:
            report = watch.look(week, weeks[week])
        ends.append(report.looks)
    one, other = ends
    assert one.looks[0].e == pytest.approx(other.looks[0].e, rel=1e-9)
    for name in ("value", "low", "high"):
        assert getattr(one.looks[0].effect, name) == pytest.approx(getattr(other.looks[0].effect, name))


def test_the_same_window_again_changes_nothing():
    watch = Watch(rules())
    first = watch.look(0, {"a": (50, 200), "b": (30, 200)})
    assert watch.look(0, {"a": (50, 200), "b": (30, 200)}).looks == first.looks


def test_late_rows_are_a_step_of_their_own():
    watch = Watch(rules())
    watch.look(0, {"a": (20, 100), "b": (10, 100)})
    report = watch.look(0, {"a": (50, 200), "b": (30, 200)})
    apart = Watch(rules())
    apart.look(0, {"a": (20, 100), "b": (10, 100)})
    other = apart.look(1, {"a": (30, 100), "b": (20, 100)})
    assert report.looks.looks[0].e == pytest.approx(other.looks.looks[0].e)
    assert report.looks.windows == 1
    assert report.looks.looks[0].windows == 1


def test_counts_that_shrink_are_taken_out_and_charged():
    watch = Watch(rules())
    watch.look(0, {"a": (50, 200), "b": (30, 200)})
    before = watch.look(1, {"a": (50, 200), "b": (31, 200)}).looks.looks[0]
    after = watch.look(1, {"a": (50, 200), "b": (30, 190)}).looks.looks[0]
    anew = Watch(rules())
    anew.look(0, {"a": (50, 200), "b": (30, 200)})
    fresh = anew.look(1, {"a": (50, 200), "b": (30, 190)}).looks.looks[0]
    assert after.e == pytest.approx(fresh.e)
    assert after.effect == fresh.effect
    assert (after.windows, after.rows) == (2, 390)
    assert before.e_shared == pytest.approx(0.75 * before.e)
    assert after.e_shared == pytest.approx(after.e / 8)
    again = watch.look(1, {"a": (50, 200), "b": (30, 180)}).looks.looks[0]
    assert again.e_shared == pytest.approx(again.e / 24)


def test_a_new_version_starts_anew_with_the_first_whole_window():
    watch = Watch(rules())
    for week in range(8):
        watch.look(week, {"a": (40, 200), "b": (22, 200)})
    watch.version = "v2"
    mixed = watch.look(8, {"a": (40, 200), "b": (22, 200)})
    assert mixed.looks.version == "v2"
    assert mixed.looks.windows == 0
    assert "before this version" in mixed.looks.not_counted
    late = watch.look(3, {"a": (40, 200), "b": (30, 210)})  # labels or rows of the old version
    assert late.looks.windows == 0
    report = watch.look(9, {"a": (40, 200), "b": (40, 200)})
    assert report.looks.windows == 1
    assert report.looks.looks[0].e < 1


def test_windows_that_overlap_do_not_count_a_row_twice():
    watch = Watch(rules())
    watch.look(0, {"a": (40, 200), "b": (22, 200)})
    report = watch.look(0, {"a": (10, 40), "b": (4, 40)}, timedelta(days=1))
    assert "overlap" in report.looks.not_counted
    assert report.looks.windows == 1


def test_other_groups_are_not_tested_on_the_windows_that_led_to_them():
    watch = Watch(rules())
    for week in range(6):
        watch.look(week, {"a": (40, 200), "b": (22, 200)})
    changed = FIRST + timedelta(days=6 * 7)
    watch.rules = rules(ProtectedAttribute(name="group", reference_group="b"), changed_at=changed)
    old = watch.look(5, {"a": (40, 200), "b": (23, 205)})
    assert old.looks.looks == ()
    report = watch.look(6, {"a": (40, 200), "b": (22, 200)})
    (look,) = report.looks.looks
    assert report.looks.since == changed
    assert (look.windows, look.compared_with) == (1, "b")
    assert look.e_shared == pytest.approx(look.e / 8)


def test_other_thresholds_keep_all_windows():
    watch = Watch(rules())
    for week in range(4):
        before = watch.look(week, {"a": (50, 200), "b": (44, 200)})
    stricter = (MetricRule(metric=Metric.DISPARATE_IMPACT, threshold=0.95),)
    watch.rules = rules(fairness_metrics=stricter, changed_at=FIRST + timedelta(days=28), version=2)
    report = watch.look(4, {"a": (50, 200), "b": (44, 200)})
    assert before.looks.windows + 1 == report.looks.windows == report.looks.looks[0].windows


def test_all_attributes_and_pairs_share_the_error_of_one_finding_and_keep_their_own_claim():
    attributes = ("group", "sex", "region")
    watch = Watch(rules(*(ProtectedAttribute(name=name) for name in attributes)))
    random = np.random.default_rng(8)
    rows = 400
    columns = {name: np.array(["x", "y"])[random.integers(0, 2, rows)].tolist() for name in ("sex", "region")}
    group = ["a"] * 200 + ["b"] * 200
    chosen = [float(i < 80) for i in range(200)] + [float(i < 45) for i in range(200)]
    report = watch.see(0, window(group=group, prediction=chosen, label=[None] * rows, **columns))
    parts = [load(watch.ledger).courses[name].rates["selection_rate"] for name in load(watch.ledger).courses]
    assert len(parts) == 6
    assert sum(one.shared for known in parts for one in known.values()) == pytest.approx(0.75)
    assert all(sum(one.own for one in known.values()) == pytest.approx(0.75) for known in parts)
    look = next(one for one in report.looks.looks if one.attributes == ("group",))
    assert look.e_shared == pytest.approx(look.e_own / 6)
    assert look.own_verdict in BEYOND
    assert look.verdict is Verdict.INCONCLUSIVE
    assert "By itself this claim is proven" in look.reason


def test_labels_that_come_later_add_error_rates_to_the_evidence():
    both = (*RATIO, MetricRule(metric=Metric.EQUAL_OPPORTUNITY, threshold=0.1))
    watch = Watch(rules(fairness_metrics=both), labels=True)
    groups = ["a"] * 200 + ["b"] * 200
    decided = ([1.0] * 80 + [0.0] * 120) + ([1.0] * 80 + [0.0] * 120)
    before = watch.see(0, window(group=groups, prediction=decided, label=[None] * 400))
    assert [look.metric for look in before.looks.looks] == [Metric.DISPARATE_IMPACT]
    truth = ([1.0] * 90 + [0.0] * 110) + ([1.0] * 40 + [0.0] * 40 + [1.0] * 70 + [0.0] * 50)
    after = watch.see(0, window(group=groups, prediction=decided, label=truth))
    ratio, opportunity = after.looks.looks
    assert ratio == before.looks.looks[0]
    assert opportunity.metric is Metric.EQUAL_OPPORTUNITY
    assert opportunity.effect.value == pytest.approx(40 / 110 - 80 / 90)
    assert opportunity.e_shared == pytest.approx(opportunity.e * 0.75 / 2)  # it shared the error from the beginning
    assert opportunity.verdict is Verdict.DISPARITY_INDICATED
    assert after.verdict is Verdict.DISPARITY_INDICATED


def test_many_groups_are_each_compared_with_all_others_and_judged_beside_the_best_off():
    watch = Watch(rules("group"))
    for week in range(30):
        report = watch.look(week, {"a": (100, 200), "b": (90, 200), "c": (76, 200)})
    found = {look.group: look for look in report.looks.looks}
    assert {look.compared_with for look in found.values()} == {"rest"}
    assert found["c"].effect.value > 0.79  # beside all others
    assert found["c"].to_best_off == pytest.approx(0.76)
    assert found["c"].best_off == "a"
    assert found["c"].verdict is Verdict.ADVERSE_IMPACT_INDICATED
    assert found["b"].verdict is not Verdict.ADVERSE_IMPACT_INDICATED


def test_nobody_selected_in_the_reference_is_beyond_every_threshold():
    watch = Watch(rules())
    report = watch.look(0, {"a": (0, 100), "b": (40, 100)})
    (look,) = report.looks.looks
    assert look.effect.value is None
    assert "nobody of the reference" in look.effect.reason
    assert look.verdict is Verdict.ADVERSE_IMPACT_INDICATED


def test_small_groups_say_how_many_windows_it_takes():
    watch = Watch(rules())
    report = watch.look(0, {"a": (4, 10), "b": (3, 10)})
    (look,) = report.looks.looks
    assert look.verdict is Verdict.NOT_ASSESSABLE
    assert (look.rows_needed.windows, look.rows_needed.rows) == (3, 60)


def test_a_shown_report_gives_no_count_of_one_window_away():
    watch = Watch(rules())
    watch.look(0, {"a": (40, 200), "b": (22, 203)})
    report = suppress(watch.look(1, {"a": (40, 200), "b": (1, 3)}))
    (look,) = report.looks.looks
    assert (look.rows, look.reference_rows) == (200, 400)
    assert math.isfinite(look.e)
