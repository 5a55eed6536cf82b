"""Measures become verdicts, by the policy and in this one place. Every verdict has its reason in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from syndic.drift.baseline.expectations import set_aside
from syndic.drift.baseline.model import Baseline
from syndic.drift.counts.model import Counts
from syndic.drift.measures.compute import Rows, measure_columns
from syndic.drift.measures.usual import Usual
from syndic.drift.models import (
    ChiSquareTest,
    FeatureDrift,
    KsTest,
    Missing,
    MultivariateDrift,
    UsualWindows,
    Verdict,
)
from syndic.drift.policy.model import DriftPolicy
from syndic.drift.verdict.column import Corrected, answer, share_change, too_few
from syndic.drift.verdict.limits import alarm_level, learnt_limits, psi_limit, rows_needed
from syndic.drift.verdict.together import together_verdict
from syndic.models import ColumnKind, Severity
from syndic.models.intake_words import beyond_tolerance, intake_notes, records_line
from syndic.statistics.multiplicity import benjamini_hochberg, holm

_MOST_NAMED = 3
T = TypeVar("T", KsTest, ChiSquareTest, Missing)


@dataclass(frozen=True, slots=True)
class Judged:
    """The answers of one run."""

    verdict: Verdict
    severity: Severity
    reason: str
    features: dict[str, FeatureDrift]
    drifted: tuple[str, ...]
    new_columns: tuple[str, ...]
    lost_columns: tuple[str, ...]
    mistyped_columns: dict[str, ColumnKind]
    not_judged: tuple[str, ...]
    multivariate: MultivariateDrift | None
    warnings: tuple[str, ...]
    tests: int
    usual: UsualWindows | None = None


def judge(
    baseline: Baseline,
    counts: Counts,
    policy: DriftPolicy,
    *,
    rows: Rows | None = None,
    usual: Usual | None = None,
) -> Judged:
    """Compare a window's counts with the baseline and judge every column and the whole.

    With `usual`, how the baseline's own windows vary, a change must also be larger than theirs.
    """
    rules = policy.rules_of(baseline.columns)
    compared = [name for name, rule in rules.items() if not rule.ignore]
    measured = measure_columns(compared, baseline, counts, policy.buckets, rows)
    family = {
        (name, test): p
        for name, column in measured.items()
        if too_few(column, rules[name]) is None and column.not_comparable is None
        for test, p in (*column.tests.items(), *((test, sign.p) for test, sign in column.signs.items()))
    }
    tested = list(family.values())
    corrected = Corrected(
        *(dict(zip(family, found, strict=True)) for found in (benjamini_hochberg(tested), holm(tested)))
    )
    total = sum(column.psi_excess for column in measured.values() if column.not_comparable is None)
    features = {}
    level = None if usual is None else alarm_level(usual, policy, len({name for name, _ in family}))
    limits = {name: learnt_limits(name, column, usual, level) for name, column in measured.items()}
    for name, column in measured.items():
        found = answer(name, column, rules[name], policy, corrected, limits=limits[name])
        tests = [(name, test) for test in (*column.tests, *column.signs) if (name, test) in family]
        strict = min((corrected.strict[test] for test in tests), default=None)
        needed, why = rows_needed(column, rules[name], limits[name])
        pages = found.verdict is Verdict.DRIFT and strict is not None and strict <= policy.paging_significance
        features[name] = FeatureDrift(
            kind=column.kind,
            role=baseline.role(name),
            verdict=found.verdict,
            severity=found.severity,
            reason=found.reason,
            psi=column.psi,
            psi_null_point=column.psi_null_point,
            limit=psi_limit(name, rules[name], limits[name], usual),
            design=column.design,
            value_psi=column.value_psi,
            ks=_adjusted(column.ks, corrected.adjusted.get((name, "ks"))),
            chi_square=_adjusted(column.chi_square, corrected.adjusted.get((name, "chi_square"))),
            wasserstein=column.wasserstein,
            jensen_shannon=column.jensen_shannon,
            l_infinity=column.l_infinity,
            missing=_adjusted(column.missing, corrected.adjusted.get((name, "missing"))),
            unseen=column.unseen,
            infinite=share_change(name, column, "infinite", corrected),
            rare=share_change(name, column, "rare", corrected),
            new=share_change(name, column, "new", corrected),
            newcomer=share_change(name, column, "newcomer", corrected),
            stopped=share_change(name, column, "stopped", corrected),
            unusual=share_change(name, column, "unusual", corrected),
            tail=share_change(name, column, "tail", corrected),
            decided_by=tuple(found.decided),
            effect=max(found.decided.values(), default=None),
            undefined=column.undefined,
            rows_needed=needed,
            rows_reason=why,
            p_holm=strict,
            pages=pages,
            share=column.psi_excess / total if total > 0 and column.not_comparable is None else None,
            baseline_moments=column.baseline_moments,
            current_moments=column.current_moments,
            histogram=column.histogram,
        )
    odd = {name: column.kind for name, column in measured.items() if column.other_kind}
    counts = replace(counts, other_kinds={**counts.other_kinds, **odd}) if odd else counts
    return _whole(baseline, counts, policy, features, tests=len(family), usual=usual, level=level)


def _adjusted(test: T, p: float | None) -> T:
    """A test with its p after correction over the tests of the run, where it is one of them."""
    return test if p is None else test.model_copy(update={"p_adjusted": p})


def _whole(
    baseline: Baseline,
    counts: Counts,
    policy: DriftPolicy,
    features: dict[str, FeatureDrift],
    *,
    tests: int,
    usual: Usual | None,
    level: float | None,
) -> Judged:
    drifted = tuple(
        sorted(
            (name for name, feature in features.items() if feature.verdict is Verdict.DRIFT),
            key=lambda name: (-(features[name].share or 0.0), name),
        )
    )
    multivariate = together_verdict(baseline, counts, policy, usual, level) if policy.multivariate else None
    together = multivariate is not None and multivariate.verdict is Verdict.DRIFT
    severity = max((features[name].severity for name in drifted), key=lambda s: s.rank, default=Severity.NONE)
    if together and not drifted:
        severity = Severity.MEDIUM
    lost = tuple(
        name for name in features if counts.rows and name not in counts.columns and name not in counts.other_kinds
    )
    unread = sorted({*lost, *(counts.other_kinds.keys() & features.keys())})
    verdict, reason = _overall(features, drifted, multivariate if together else None, counts)
    verdict, reason = _of_what_was_read(verdict, reason, counts, policy)
    unread_baseline = beyond_tolerance(baseline.intake, policy.rejected_tolerance)
    if unread_baseline is not None and verdict is Verdict.NO_DRIFT:
        verdict, reason = (
            Verdict.NOT_COMPARABLE,
            f"of the baseline, {unread_baseline}; of the rows that were read, {reason}",
        )
    unjudged = _not_judged(baseline, counts, policy, features, multivariate)
    if verdict is Verdict.NO_DRIFT:
        other = [name for name in unjudged if name not in unread]
        reason += f"; lost or of another kind, so not compared: {_some(unread)}" if unread else ""
        reason += f"; asked for and not judged: {_some(other)}" if other else ""
    return Judged(
        verdict=verdict,
        severity=severity,
        reason=reason,
        features=features,
        drifted=drifted,
        new_columns=tuple(sorted(counts.new)),
        lost_columns=lost,
        mistyped_columns={name: kind for name, kind in counts.other_kinds.items() if name in features},
        not_judged=unjudged,
        multivariate=multivariate,
        warnings=tuple(said for said in _warnings(baseline, counts, policy, lost) if said not in reason),
        tests=tests,
        usual=None
        if usual is None or level is None
        else UsualWindows(hours=usual.hours, season=usual.season, windows=usual.windows, level=level),
    )


def _not_judged(
    baseline: Baseline,
    counts: Counts,
    policy: DriftPolicy,
    features: Mapping[str, FeatureDrift],
    multivariate: MultivariateDrift | None,
) -> tuple[str, ...]:
    """What was asked for and has no answer. Columns that are not compared by rule do not count."""
    none = {Verdict.NOT_ENOUGH_DATA, Verdict.NOT_COMPARABLE}
    found = [
        name
        for name, feature in features.items()
        if feature.verdict in none and (name in counts.other_kinds or not set_aside(baseline.columns[name]))
    ]
    asked = {*(policy.features or ()), *(name for name, rule in policy.rules.items() if not rule.ignore)}
    found += sorted(asked - baseline.columns.keys())
    if multivariate is not None and multivariate.verdict in none:
        found.append("the columns together")
    return tuple(found)


def _overall(
    features: Mapping[str, FeatureDrift],
    drifted: tuple[str, ...],
    together: MultivariateDrift | None,
    counts: Counts,
) -> tuple[Verdict, str]:
    if drifted:
        first = features[drifted[0]].reason
        named = f"{len(drifted)} of {len(features)} columns drift: {_some(drifted)}"
        return Verdict.DRIFT, f"{named}. {drifted[0]}: {first}"
    if together:
        return Verdict.DRIFT, together.reason
    if counts.rows == 0:
        return Verdict.NOT_ENOUGH_DATA, "the window has no rows"
    if not features:
        return Verdict.NOT_COMPARABLE, "the baseline and the policy leave no column to compare"
    answered = [feature for feature in features.values() if feature.verdict is Verdict.NO_DRIFT]
    if answered:
        return Verdict.NO_DRIFT, f"none of {len(answered)} columns that could be compared drifts"
    few = [feature for feature in features.values() if feature.verdict is Verdict.NOT_ENOUGH_DATA]
    first_feature = few[0] if few else next(iter(features.values()))
    return first_feature.verdict, f"no column could be judged: {first_feature.reason}"


def _of_what_was_read(verdict: Verdict, reason: str, counts: Counts, policy: DriftPolicy) -> tuple[Verdict, str]:
    """The answer for the window when some of its records, perhaps those that changed, could not be read.

    Drift of the rows that were read is drift; that they show none says nothing of the others.
    """
    lost = beyond_tolerance(counts.intake, policy.rejected_tolerance)
    if lost is None:
        naming = counts.intake.naming
        return verdict, f"{reason}; {naming}" if naming and verdict is Verdict.NOT_COMPARABLE else reason
    if verdict is Verdict.DRIFT:
        return verdict, f"{reason}. These are the rows that were read: {lost}"
    return Verdict.NOT_COMPARABLE, f"{lost}. The rows that were read need not be like them; of these, {reason}"


def _some(names: Sequence[str]) -> str:
    return ", ".join(names[:_MOST_NAMED]) + (" and others" if len(names) > _MOST_NAMED else "")


def _warnings(baseline: Baseline, counts: Counts, policy: DriftPolicy, lost: tuple[str, ...]) -> tuple[str, ...]:
    said = [*baseline.notes, *intake_notes(counts.intake)]
    lost_of_baseline = records_line(baseline.intake)
    if lost_of_baseline is not None:
        said.append(f"the baseline: {lost_of_baseline}")
    if lost:
        said.append(f"the window lacks columns of the baseline: {', '.join(lost)}")
    if counts.new:
        said.append(f"the window has columns that the baseline lacks: {', '.join(sorted(counts.new))}")
    unknown = sorted({*policy.rules, *(policy.features or ())} - set(baseline.columns))
    if unknown:
        said.append(f"the policy names columns that the baseline lacks: {', '.join(unknown)}")
    return tuple(said)
