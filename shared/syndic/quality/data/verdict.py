"""Issues become the verdict on a window's data, in this one place. Every verdict has its reason in words."""

from __future__ import annotations

from dataclasses import dataclass

from syndic.models import Severity
from syndic.models.intake_words import beyond_tolerance, intake_notes
from syndic.quality.data.profile import Profile
from syndic.quality.data.rules import find_issues
from syndic.quality.models import Issue, QualityPolicy, Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """The answer for the data of a window."""

    verdict: Verdict
    severity: Severity
    reason: str
    issues: tuple[Issue, ...]
    duplicate_share: float | None
    warnings: tuple[str, ...]


def judge(profile: Profile, policy: QualityPolicy) -> Judged:
    """Judge the counts of a window by what is expected of its columns."""
    nameless = profile.intake.naming if not profile.expected.keys() & {*profile.columns, *profile.mistyped} else None
    judgeable = nameless is None and (profile.rows or profile.intake.read)
    issues = find_issues(profile, policy) if judgeable else ()
    lost = beyond_tolerance(profile.intake, policy.rejected_tolerance)
    if nameless is not None:
        verdict, reason = Verdict.NOT_COMPARABLE, f"no column could be judged: {nameless}"
    elif issues:
        verdict, reason = Verdict.ISSUES, f"{_name(issues[0].column)}: {issues[0].reason}"
        if len(issues) > 1:
            reason += f"; {len(issues) - 1} more"
    elif profile.rows < policy.min_samples:
        verdict = Verdict.NOT_ENOUGH_DATA
        reason = f"the window has {profile.rows} rows, {policy.min_samples} are needed"
    elif not profile.expected:
        verdict, reason = Verdict.NOT_COMPARABLE, "no baseline is set: nothing is known of what to expect"
    elif lost is not None:
        verdict = Verdict.NOT_COMPARABLE
        reason = (
            f"{lost}. The rows that were read need not be like them; of these, nothing is wrong with {profile.rows}"
        )
    else:
        verdict, reason = Verdict.SOUND, f"nothing is wrong with the {profile.rows} rows"
    duplicates = profile.duplicates
    warnings = [] if profile.expected else ["no baseline is set: ranges and values cannot be judged"]
    if duplicates is None:
        warnings.append("the window has too many rows to look for equal ones")
    warnings.extend(intake_notes(profile.intake))
    return Judged(
        verdict=verdict,
        severity=max((issue.severity for issue in issues), key=lambda s: s.rank, default=Severity.NONE),
        reason=reason,
        issues=issues,
        duplicate_share=duplicates / profile.rows if duplicates is not None and profile.rows else None,
        warnings=tuple(warnings),
    )


def _name(column: str | None) -> str:
    return "records" if column is None else column
