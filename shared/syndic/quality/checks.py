"""Is the data sound? Counts against expectations and policy; every issue has its reason and its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from syndic.models import ColumnKind, Severity
from syndic.quality.intervals import wilson
from syndic.quality.models import Check, ColumnQuality, ColumnRule, Expectation, Issue, QualityPolicy
from syndic.quality.profile import ColumnProfile, Profile


def expected_columns(known: Mapping[str, Expectation], policy: QualityPolicy) -> dict[str, Expectation]:
    """What is expected of each column: the baseline's, with the policy's own limits in their place."""
    found: dict[str, Expectation] = {}
    for name, expected in known.items():
        rule = policy.columns.get(name, ColumnRule())
        if rule.ignore:
            continue
        changed = {key: value for key in ("low", "high", "values") if (value := getattr(rule, key)) is not None}
        if {"low", "high"} <= changed.keys() or "values" in changed:
            changed["beyond"] = 0.0  # a person's limits do not hang on how many rows a baseline had
        found[name] = expected.model_copy(update=changed)
    return found


def describe(profile: Profile) -> dict[str, ColumnQuality]:
    """The columns of a window in numbers."""
    found = {}
    for name, column in profile.columns.items():
        expected = profile.expected.get(name)
        ranged = expected is not None and (expected.low is not None or expected.high is not None)
        listed = expected is not None and expected.values is not None
        found[name] = ColumnQuality(
            kind=column.kind,
            rows=column.rows,
            missing=_share(column.missing, column.rows),
            infinite=column.infinite,
            outside=_share(column.outside, column.rows) if ranged else None,
            unseen=_share(column.unseen, column.rows) if listed else None,
            unseen_examples=column.examples,
            constant=column.constant,
        )
    return found


def find_issues(profile: Profile, policy: QualityPolicy) -> tuple[Issue, ...]:
    """Everything that is wrong with a window's data, the worst first."""
    found = [*_intake_issues(profile, policy), *_column_set_issues(profile), *_duplicate_issues(profile, policy)]
    for name, column in profile.columns.items():
        if name in profile.mistyped or policy.columns.get(name, ColumnRule()).ignore:
            continue
        found.extend(_column_issues(name, column, profile.expected.get(name), policy))
    return tuple(sorted(found, key=lambda issue: (-issue.severity.rank, issue.column or "", issue.check.value)))


def _intake_issues(profile: Profile, policy: QualityPolicy) -> Iterator[Issue]:
    intake = profile.intake
    repeated = intake.reasons.get("duplicate", 0)  # of a repeated delivery nothing is lost
    rejected, read = intake.rejected - repeated, intake.read - repeated
    if _over(rejected, read, policy.rejected_tolerance):
        reasons = ", ".join(f"{name} {count}" for name, count in intake.reasons.items() if name != "duplicate")
        share = _share(rejected, read)
        yield Issue(
            check=Check.TYPE if intake.reasons.get("type", 0) * 2 > rejected else Check.REJECTED,
            column=None,
            severity=Severity.HIGH if share > 0.5 else Severity.MEDIUM,
            reason=f"{rejected} of {read} records could not be read ({reasons})",
            value=share,
            threshold=policy.rejected_tolerance,
        )


def _column_set_issues(profile: Profile) -> Iterator[Issue]:
    for name, kind in sorted(profile.mistyped.items()):
        reason = f"the baseline is {profile.expected[name].kind.value}, the window came as {kind.value}"
        yield Issue(check=Check.TYPE, column=name, severity=Severity.HIGH, reason=reason)
    for name in sorted(profile.expected.keys() - profile.columns.keys() - profile.mistyped.keys()):
        yield Issue(
            check=Check.LOST_COLUMN, column=name, severity=Severity.HIGH, reason="the window does not have this column"
        )
    for name in sorted(profile.new):
        yield Issue(
            check=Check.NEW_COLUMN, column=name, severity=Severity.LOW, reason="the baseline does not have this column"
        )


def _duplicate_issues(profile: Profile, policy: QualityPolicy) -> Iterator[Issue]:
    duplicates = profile.duplicates
    if duplicates is None or not profile.fine:
        return
    if _over(duplicates, profile.rows, policy.duplicate_tolerance):
        yield Issue(
            check=Check.DUPLICATES,
            column=None,
            severity=Severity.LOW,
            reason=f"{duplicates} of {profile.rows} rows repeat another row of the window",
            value=_share(duplicates, profile.rows),
            threshold=policy.duplicate_tolerance,
        )


def _column_issues(
    name: str, column: ColumnProfile, expected: Expectation | None, policy: QualityPolicy
) -> Iterator[Issue]:
    if column.rows < policy.min_samples:
        return
    present = column.rows - column.missing
    limit = policy.columns.get(name, ColumnRule()).max_missing
    if limit is None:
        limit = min(1.0, (expected.missing if expected else 0.0) + policy.missing_tolerance)
    if _over(column.missing, column.rows, limit):
        share = _share(column.missing, column.rows)
        usual = f", in the baseline {expected.missing:.1%} are" if expected else ""
        yield Issue(
            check=Check.MISSING,
            column=name,
            severity=Severity.HIGH if share > 0.5 else Severity.MEDIUM,
            reason=f"{share:.1%} of the values are missing{usual}",
            value=share,
            threshold=limit,
        )
    if column.infinite:
        yield Issue(
            check=Check.INFINITE,
            column=name,
            severity=Severity.MEDIUM,
            reason=f"{column.infinite} values are infinite",
            value=_share(column.infinite, column.rows),
            threshold=0.0,
        )
    if expected is None:
        return
    range_limit = max(policy.range_tolerance, expected.beyond)
    unseen_limit = max(policy.unseen_tolerance, expected.beyond)
    if column.kind is ColumnKind.NUMERIC and _over(column.outside, present, range_limit):
        yield Issue(
            check=Check.RANGE,
            column=name,
            severity=Severity.MEDIUM,
            reason=f"{column.outside} of {present} values are outside {_range(expected)}; "
            f"they go from {_number(column.low)} to {_number(column.high)}",
            value=_share(column.outside, present),
            threshold=range_limit,
        )
    if _over(column.unseen, present, unseen_limit):
        yield Issue(
            check=Check.UNSEEN,
            column=name,
            severity=Severity.MEDIUM,
            reason=f"{column.unseen} of {present} values are not expected, such as {', '.join(column.examples[:3])}",
            value=_share(column.unseen, present),
            threshold=unseen_limit,
        )
    if column.constant and not expected.constant and present >= policy.min_samples:
        yield Issue(
            check=Check.CONSTANT,
            column=name,
            severity=Severity.MEDIUM,
            reason=f"all {present} values are the same, which the baseline's are not",
        )


def _over(count: int, rows: int, limit: float) -> bool:
    """Whether a share is over a limit beyond chance: the lower end of its interval is."""
    return rows > 0 and wilson(count, rows)[0] > limit


def _share(count: int, rows: int) -> float:
    return count / rows if rows else 0.0


def _range(expected: Expectation) -> str:
    return f"{_number(expected.low)} to {_number(expected.high)}"


def _number(value: float | None) -> str:
    return "any" if value is None else f"{value:g}"
