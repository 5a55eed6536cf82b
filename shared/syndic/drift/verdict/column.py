"""The verdict of one column from its measures, by the policy, with the reason in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from syndic.drift.measures.compute import Measured
from syndic.drift.measures.signs import Sign
from syndic.drift.models import ShareChange, Verdict
from syndic.drift.policy.model import DriftPolicy, FeatureRule, SeverityBands
from syndic.models import Severity

_TESTS = {
    "ks": "the KS test",
    "chi_square": "the chi-square test",
    "deciles": "the chi-square test over deciles",
    "values": "the chi-square test value by value",
    "missing": "the change of missing values",
    "infinite": "the test of their share",
    "rare": "the test of their share",
    "new": "the test that the baseline's values come back",
    "newcomer": "the exact test that it is new",
    "stopped": "the test that all values come again",
    "unusual": "the test of their share",
    "tail": "the exact test of the tails",
}
_BY_VALUE = "PSI value by value"


@dataclass(frozen=True, slots=True)
class Corrected:
    """P of every test of the run, by column and name of the test: Benjamini-Hochberg, and Holm."""

    adjusted: Mapping[tuple[str, str], float]
    strict: Mapping[tuple[str, str], float]


def _unknown(test: str) -> float | None:  # noqa: ARG001
    """The limit of a sign where nothing is learnt."""
    return None


@dataclass(frozen=True, slots=True)
class ColumnLimits:
    """How far an unchanged window may lie, as the baseline's own windows say; nothing where they cannot tell.

    `psi` is the point that PSI stays under, and `share` the change that the share of a sign does, asked for by its
    name. `source` says in words whose windows they are.
    """

    psi: float | None = None
    share: Callable[[str], float | None] = _unknown
    source: str = ""

    @property
    def gap(self) -> float | None:
        """What the largest gap stays under with that PSI: no more than half its root (Pinsker's inequality, twice)."""
        return None if self.psi is None else min(1.0, math.sqrt(self.psi) / 2.0)


@dataclass(frozen=True, slots=True)
class Answer:
    """The verdict of one column. `decided` holds the effect size of each part of it that drifts."""

    verdict: Verdict
    severity: Severity
    reason: str
    decided: Mapping[str, float] = field(default_factory=dict)


def too_few(column: Measured, rule: FeatureRule) -> str | None:
    """Which side has fewer rows than the rule asks for, None when both have enough."""
    needed = rule.min_samples or 1
    for side, rows in (("window", column.current_rows), ("baseline", column.baseline_rows)):
        if rows < needed:
            return f"the {side} has {count_of_rows(rows)}, {needed} are needed"
    return None


def answer(
    name: str, column: Measured, rule: FeatureRule, policy: DriftPolicy, corrected: Corrected, *, limits: ColumnLimits
) -> Answer:
    """The verdict of a column: what matters by its effect size, is not usual and is significant is drift."""
    obstacle = too_few(column, rule)
    if column.not_comparable is not None:
        return Answer(Verdict.NOT_COMPARABLE, Severity.NONE, column.not_comparable)
    if obstacle is not None:
        return Answer(Verdict.NOT_ENOUGH_DATA, Severity.NONE, obstacle)
    bands = rule.severity_levels or policy.severity_levels
    effect, why = _effect(column, rule, limits)
    proof = _proof(name, tuple(column.tests), policy, corrected)
    psi = max((psi for psi, *_ in _sizes(column)), default=0.0)
    watch = proof is not None and any(
        psi > max(null, limits.psi or 0.0) and bands.severity(psi).rank > 0 for psi, null, _ in _sizes(column)
    )
    decided: dict[str, float] = {}
    said: list[str] = []
    severities: list[Severity] = []
    if effect and proof:
        decided["distribution"] = psi
        said.append(f"{why}; {proof}")
        severities.append(_at_least(Severity.LOW, bands.severity(psi)))
    for test, sign in column.signs.items():
        proof = _proof(name, (test,), policy, corrected)
        change = _sign_effect(test, sign, rule, bands, limits) if proof else None
        if change is None:
            continue
        if change.usual:
            why += change.usual
        elif change.severity is not None:
            decided[test] = sign.psi
            said.append(f"{_changed(sign)}; {proof}")
            severities.append(change.severity)
        watch = watch or (not change.usual and sign.psi > sign.null_point and bands.severity(sign.psi).rank > 0)
    if decided:
        return Answer(Verdict.DRIFT, max(severities, key=lambda severity: severity.rank), "; ".join(said), decided)
    if effect:
        why += f", but no test is significant after correction over {len(corrected.adjusted)} tests"
        return Answer(Verdict.NO_DRIFT, Severity.NONE, why)
    return Answer(Verdict.NO_DRIFT, Severity.LOW if watch else Severity.NONE, why)


def _at_least(least: Severity, severity: Severity) -> Severity:
    return severity if severity.rank >= least.rank else least


@dataclass(frozen=True, slots=True)
class _Change:
    """How severe the change of a share is, None when it is too small to decide; and that it is usual, in words."""

    severity: Severity | None
    usual: str = ""


def _sign_effect(
    test: str, sign: Sign, rule: FeatureRule, bands: SeverityBands, limits: ColumnLimits
) -> _Change | None:
    """Whether the change of a share matters by its PSI or by its size, and is not usual. None: nobody would notice."""
    change = abs(sign.share.now - sign.share.before)
    by_psi = rule.psi_threshold is not None and sign.psi > max(rule.psi_threshold, sign.null_point)
    by_share = rule.share_threshold is not None and change > rule.share_threshold
    band = bands.severity(sign.psi)
    if not (by_psi or by_share or band.rank):
        return None
    usual = limits.share(test)
    if usual is not None and change <= usual:
        said = f"; {_changed(sign)}, a change within the {_percent(usual)} that {limits.source} reach"
        return _Change(None, said)
    if not (by_psi or by_share):
        return _Change(None)
    return _Change(_at_least(Severity.LOW if by_psi else Severity.MEDIUM, band))


def _changed(sign: Sign) -> str:
    now, before = _percent(sign.share.now), _percent(sign.share.before)
    return f"{now} of the values are {sign.what}, in the baseline {before} (PSI {number(sign.psi)})"


def share_change(name: str, column: Measured, test: str, corrected: Corrected) -> ShareChange | None:
    """What the report says of a sign, None when the column has none of that name."""
    sign = column.signs.get(test)
    if sign is None:
        return None
    return ShareChange(
        what=sign.what,
        baseline=sign.share.before,
        current=sign.share.now,
        psi=sign.psi,
        p_value=sign.p,
        p_adjusted=corrected.adjusted.get((name, test)),
    )


def _sizes(column: Measured) -> list[tuple[float, float, str]]:
    """Effect sizes of the distribution as a whole: PSI, its null point, and what it is called."""
    sizes = [(column.psi, column.psi_null_point, "PSI"), (column.value_psi, column.value_psi_null_point, _BY_VALUE)]
    return [(psi, null or 0.0, name) for psi, null, name in sizes if psi is not None]


def _effect(column: Measured, rule: FeatureRule, limits: ColumnLimits) -> tuple[bool, str]:
    """Whether the change is large enough to matter, and the sentence that says why."""
    said = "no effect size is defined"
    limit = rule.psi_threshold
    learnt = ""
    if limit is not None:
        if limits.psi is not None and limits.psi > limit:
            learnt = f", up to which {limits.source} vary (policy: {number(limit)})"
            limit = limits.psi
        for psi, null, what in _sizes(column):
            if psi > limit and psi > null:
                return True, f"{what} {number(psi)} is over {number(limit)}{learnt} ({_chance(null)})"
            if what != _BY_VALUE:
                said = f"{what} {number(psi)} is not over {number(limit)}{learnt}"
            if psi > limit:
                said = f"{what} {number(psi)} is over {number(limit)}, but samples of this size reach "
                said += f"{number(null)} by chance alone"
    if rule.distance_threshold is not None and column.l_infinity is not None:
        gap, limit, learnt = number(column.l_infinity), rule.distance_threshold, ""
        if limits.gap is not None and limits.gap > limit:
            learnt = f", up to which {limits.source} vary (policy: {number(limit)})"
            limit = limits.gap
        if column.l_infinity > limit:
            return True, f"the largest gap {gap} is over {number(limit)}{learnt}"
        said = f"{said}; the largest gap {gap} is not over {number(limit)}{learnt}"
    return False, said


def _proof(name: str, tests: tuple[str, ...], policy: DriftPolicy, corrected: Corrected) -> str | None:
    """The most significant of some tests in words, None when none is significant after correction."""
    found = [(corrected.adjusted[name, test], test) for test in tests if (name, test) in corrected.adjusted]
    if not found or min(found)[0] > policy.significance:
        return None
    p, test = min(found)
    return f"{_TESTS[test]} is significant (p {p_in_words(p)} after correction over {len(corrected.adjusted)} tests)"


def count_of_rows(rows: int) -> str:
    """A number of rows in words."""
    return "1 row" if rows == 1 else f"{rows} rows"


def _chance(null: float) -> str:
    return f"by chance alone 95 % of windows stay under {number(null)}"


def number(value: float) -> str:
    """A measure, with three digits that mean something."""
    return f"{value:.3g}"


def _percent(share: float) -> str:
    return f"{100.0 * share:.3g} %"


def p_in_words(p: float) -> str:
    """A p value; below 1e-12 its digits are those of the arithmetic."""
    return "under 1e-12" if p < 1e-12 else f"{p:.2g}"
