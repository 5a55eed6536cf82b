"""Issues become the verdict on a window's data, in this one place. Every verdict has its reason in words."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from syndic.models import Intake, Severity
from syndic.models.intake_words import beyond_tolerance, intake_notes, records_line
from syndic.quality.data.profile import Profile
from syndic.quality.data.rules import find_issues, ignored_columns
from syndic.quality.models import ColumnRule, Issue, QualityPolicy, Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer for the data of a window."""

    verdict: Verdict
    severity: Severity
    reason: str
    issues: tuple[Issue, ...]
    duplicate_share: float | None
    warnings: tuple[str, ...]
    not_judged: tuple[str, ...]
    rows_needed: int | None = None
    rows_reason: str | None = None


def judge(
    profile: Profile,
    policy: QualityPolicy,
    *,
    asked: Collection[str] = (),
    baseline_intake: Intake | None = None,
) -> Judged:
    """Judge the counts of a window by what is expected of its columns.

    Args:
        profile: The counts.
        policy: The limits.
        asked: Columns that are asked for by name.
        baseline_intake: How the baseline was read, where records of it were lost.
    """
    nameless = profile.intake.naming if not profile.expected.keys() & {*profile.columns, *profile.mistyped} else None
    judgeable = nameless is None and (profile.rows or profile.intake.read)
    issues = find_issues(profile, policy) if judgeable else ()
    lost = beyond_tolerance(profile.intake, policy.rejected_tolerance)
    few = _too_few(profile, policy)
    if nameless is not None:
        verdict, reason = Verdict.NOT_COMPARABLE, f"no column could be judged: {nameless}"
    elif issues:
        verdict, reason = Verdict.ISSUES, f"{_name(issues[0].column)}: {issues[0].reason}"
        if len(issues) > 1:
            reason += f"; {len(issues) - 1} more"
    elif few is not None:
        verdict, reason = Verdict.NOT_ENOUGH_DATA, few
    elif not profile.expected:
        verdict, reason = Verdict.NOT_COMPARABLE, "no baseline is set: nothing is known of what to expect"
    elif lost is not None:
        verdict = Verdict.NOT_COMPARABLE
        reason = (
            f"{lost}. The rows that were read need not be like them; of these, nothing is wrong with {profile.rows}"
        )
    else:
        verdict, reason = Verdict.SOUND, f"nothing is wrong with the {profile.rows} rows"
    lost_of_baseline = beyond_tolerance(baseline_intake, policy.rejected_tolerance)
    if lost_of_baseline is not None and verdict is Verdict.SOUND:
        verdict = Verdict.NOT_COMPARABLE
        reason = f"of the baseline, {lost_of_baseline}; of the rows that were read, {reason}"
    duplicates = profile.duplicates
    warnings = [] if profile.expected else ["no baseline is set: ranges and values cannot be judged"]
    if duplicates is None:
        warnings.append("the window has too many rows to look for equal ones")
    warnings.extend(intake_notes(profile.intake))
    line = records_line(baseline_intake)
    if line:
        warnings.append(f"the baseline: {line}")
    answered = verdict in {Verdict.SOUND, Verdict.ISSUES}
    needed, why = _rows_needed(verdict, profile, policy)
    return Judged(
        verdict=verdict,
        severity=max((issue.severity for issue in issues), key=lambda s: s.rank, default=Severity.NONE),
        reason=reason,
        issues=issues,
        duplicate_share=duplicates / profile.rows if duplicates is not None and profile.rows else None,
        warnings=tuple(warnings),
        not_judged=_not_judged(profile, policy, frozenset(asked)) if answered else (),
        rows_needed=needed,
        rows_reason=why,
    )


def _rows_needed(verdict: Verdict, profile: Profile, policy: QualityPolicy) -> tuple[int | None, str | None]:
    """How many rows it takes until the data can be judged, or why no number of rows would do."""
    if verdict is Verdict.NOT_COMPARABLE:
        return None, "this is no matter of rows"
    if verdict is not Verdict.NOT_ENOUGH_DATA:
        return None, None
    if profile.rows < policy.min_samples:
        return policy.min_samples, None
    return None, f"the baseline has too few rows: set one with {policy.min_samples} or more"


def _too_few(profile: Profile, policy: QualityPolicy) -> str | None:
    """Why there are too few rows: of the window, or of a baseline that so lets expect nearly anything."""
    known = max((expected.rows for expected in profile.expected.values()), default=0)
    for side, rows in (("window", profile.rows), ("baseline", known or policy.min_samples)):
        if rows < policy.min_samples:
            return f"the {side} has {rows} rows, {policy.min_samples} are needed"
    return None


def _not_judged(profile: Profile, policy: QualityPolicy, asked: frozenset[str]) -> tuple[str, ...]:
    """What has limits, or was asked for, and is in no column; columns of too few rows, or of unread amounts."""
    named = {name for name, rule in policy.columns.items() if rule != ColumnRule(ignore=rule.ignore)} | asked
    known = profile.columns.keys() | profile.expected.keys() | profile.mistyped.keys()
    absent = named - ignored_columns(policy) - known
    few = {name for name, column in profile.columns.items() if column.rows < policy.min_samples}
    unsettled = {name for name, expected in profile.expected.items() if expected.unsettled and name in profile.columns}
    return tuple(sorted(absent | (few & profile.expected.keys()) | unsettled))


def _name(column: str | None) -> str:
    return "records" if column is None else column
