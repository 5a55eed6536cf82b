"""Is the data sound? Counts against expectations and policy; every issue has its reason and its numbers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from syndic.models import ColumnKind, Severity
from syndic.quality.data.profile import ColumnProfile, Profile
from syndic.quality.models import Check, ColumnQuality, ColumnRule, Expectation, Issue, QualityPolicy
from syndic.statistics.proportions import wilson
from syndic.statistics.two_by_two import fisher
from syndic.windows import level_text

KEPT_TEXT: Final = 64
"""A longer value is kept by its first characters and a hash, so it is not known to be another one."""


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
        if rule.values is not None:  # as cells are read: True is true, 1.0 is 1
            changed["values"] = tuple(level_text(value) or value for value in rule.values)
        found[name] = expected.model_copy(update=changed)
    return found


def ignored_columns(policy: QualityPolicy) -> frozenset[str]:
    """The columns that a policy leaves out."""
    return frozenset(name for name, rule in policy.columns.items() if rule.ignore)


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
    judged = dict(_judged_columns(profile, policy))
    for name, column in judged.items():
        found.extend(_column_issues(name, column, profile.expected.get(name), policy, columns=len(judged)))
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
    limit = min(1.0, _repeated_by_chance(profile) + policy.duplicate_tolerance)
    if _over(duplicates, profile.rows, limit):
        yield Issue(
            check=Check.DUPLICATES,
            column=None,
            severity=Severity.LOW,
            reason=f"{duplicates} of {profile.rows} rows repeat another row of the window",
            value=_share(duplicates, profile.rows),
            threshold=limit,
        )


def _repeated_by_chance(profile: Profile) -> float:
    """The largest share of rows that may be like another one without a fault: values of the baseline repeat too.

    Rows are equal only where every column is, so the column whose baseline values differ most bounds it. In more rows
    than the baseline has the share of repeated values grows at most with their number.
    """
    shares = [
        (expected.rows - expected.distinct) / expected.rows * max(1.0, profile.rows / expected.rows)
        for name in profile.columns
        if (expected := profile.expected.get(name)) is not None and expected.distinct is not None and expected.rows
    ]
    return max(0.0, min(1.0, *shares)) if shares else 0.0


def _judged_columns(profile: Profile, policy: QualityPolicy) -> Iterator[tuple[str, ColumnProfile]]:
    for name, column in profile.columns.items():
        ignored = policy.columns.get(name, ColumnRule()).ignore
        if not ignored and name not in profile.mistyped and column.rows >= policy.min_samples:
            yield name, column


def _column_issues(
    name: str, column: ColumnProfile, expected: Expectation | None, policy: QualityPolicy, *, columns: int
) -> Iterator[Issue]:
    """The issues of a column, one of so many that are judged: a check errs as seldom over all of them as over one."""
    level = policy.significance / columns
    yield from _missing_issues(name, column, expected, policy, level)
    yield from _infinite_issues(name, column, expected, policy, level)
    if expected is None:
        return
    present, joint = column.rows - column.missing, _joint_confidence(columns)
    range_limit = max(policy.range_tolerance, expected.beyond)
    unseen_limit = max(policy.unseen_tolerance, expected.beyond)
    if column.kind is ColumnKind.NUMERIC and _over(column.outside, present, range_limit, joint):
        yield Issue(
            check=Check.RANGE,
            column=name,
            severity=Severity.MEDIUM,
            reason=f"{column.outside} of {present} values are outside {_range(expected)}; "
            f"they go from {_number(column.low)} to {_number(column.high)}",
            value=_share(column.outside, present),
            threshold=range_limit,
        )
    if _over(column.unseen, present, unseen_limit, joint) and _unseen_chance(column, expected) <= level:
        yield Issue(
            check=Check.UNSEEN,
            column=name,
            severity=Severity.MEDIUM,
            reason=f"{column.unseen} of {present} values are not expected, such as {', '.join(column.examples[:3])}",
            value=_share(column.unseen, present),
            threshold=unseen_limit,
        )
    if present >= policy.min_samples:
        yield from _constant_issues(name, column, expected, level)


def _unseen_chance(column: ColumnProfile, expected: Expectation) -> float:
    """The chance of so many unseen values where the baseline lets expect its `beyond` of them; 0 of a person's list."""
    if not expected.beyond:
        return 0.0
    return _excess(column.unseen, column.rows - column.missing, expected.beyond, expected.rows)


def _missing_issues(
    name: str, column: ColumnProfile, expected: Expectation | None, policy: QualityPolicy, level: float
) -> Iterator[Issue]:
    limit = policy.columns.get(name, ColumnRule()).max_missing
    if limit is None:
        limit = min(1.0, (expected.missing if expected else 0.0) + policy.missing_tolerance)
        chance = _excess(column.missing, column.rows, expected.missing, expected.rows) if expected else 0.0
    else:
        chance = 0.0  # a person's limit does not hang on how many rows a baseline had
    if _over(column.missing, column.rows, limit) and chance <= level:
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


def _infinite_issues(
    name: str, column: ColumnProfile, expected: Expectation | None, policy: QualityPolicy, level: float
) -> Iterator[Issue]:
    """More infinite values than the baseline has, beyond chance; any beyond chance where it has none."""
    share = _share(column.infinite, column.rows)
    known = (expected.infinite or 0.0) if expected else 0.0
    limit = min(1.0, known + policy.infinite_tolerance) if known else 0.0
    chance = _excess(column.infinite, column.rows, known, expected.rows) if expected else 0.0
    if share > limit and chance <= level:
        usual = f", in the baseline {f'{known:.2%}' if known else 'none'} are" if expected else ""
        if expected is not None and expected.infinite is None:
            usual = (
                ", and the baseline was set before they were counted: it is taken to have none until it is set again"
            )
        yield Issue(
            check=Check.INFINITE,
            column=name,
            severity=Severity.HIGH if share > 0.5 else Severity.MEDIUM,
            reason=f"{column.infinite} of {column.rows} values are infinite{usual}",
            value=share,
            threshold=limit,
        )


def _constant_issues(name: str, column: ColumnProfile, expected: Expectation, level: float) -> Iterator[Issue]:
    """One value only, where the baseline has others: an issue when they are not absent by chance alone.

    A baseline that was set before its shares were kept cannot tell that of rare values, which is said.
    """
    chance = _chance_of_one_value(column, expected)
    if chance is None or (chance > level and expected.top_share is not None):
        return
    rarely = "under 1e-12" if chance < 1e-12 else f"{chance:.1g}"
    said = f"by chance alone that happens in {rarely} of windows"
    if chance > level:
        said = "whether by chance cannot be told before it is set again, for it was set before their shares were kept"
    yield Issue(
        check=Check.CONSTANT,
        column=name,
        severity=Severity.MEDIUM if chance <= level else Severity.LOW,
        reason=f"all {column.rows - column.missing} values are the same, which the baseline's are not; {said}",
        value=chance if chance <= level else None,
        threshold=level if chance <= level else None,
    )


def _excess(found: int, rows: int, share: float, known_rows: int) -> float:
    """The chance of so many rows by chance alone; 0 where nobody knows how many rows the baseline had."""
    return fisher(found, rows, round(share * known_rows), known_rows, alternative="greater") if known_rows else 0.0


def _chance_of_one_value(column: ColumnProfile, expected: Expectation) -> float | None:
    """How probable it is that a window like its baseline has only the one value that this one has; None: it has more.

    It is the chance that all others are absent. Another value than the baseline's most frequent one has at most as many
    of its rows as that, and at most those that it leaves. A baseline that was set before its shares were kept had at
    least as many other rows as it has other values. Of dates a window of one day has one, whatever the baseline has.
    """
    if not column.constant or expected.constant or expected.dates:
        return None
    known_rows = round(expected.rows * (1.0 - expected.missing))
    if expected.top_share is None:
        others = max(1, len(expected.values or ()) - 1)
    else:
        most = round(expected.top_share * known_rows)
        others = max(1, known_rows - most)
        if _is_another(column, expected.top):
            others = max(others, most)
    return fisher(0, column.rows - column.missing, min(others, known_rows), known_rows, alternative="less")


def _is_another(column: ColumnProfile, top: float | str | None) -> bool:
    """Whether the only value of a column is known not to be the baseline's most frequent one."""
    if top is None:
        return False
    if column.kind is ColumnKind.NUMERIC:
        return column.low != top
    value = next(iter(column.seen), "")
    return len(value) <= KEPT_TEXT and value != top


def _over(count: int, rows: int, limit: float, confidence: float = 0.95) -> bool:
    """Whether a share is over a limit beyond chance: the lower end of its interval is."""
    return rows > 0 and bool(wilson(count, rows, confidence=confidence).low > limit)


def _joint_confidence(columns: int) -> float:
    """That of one of so many intervals which hold together with 95 % (Bonferroni)."""
    return 1.0 - 0.05 / max(1, columns)


def _share(count: int, rows: int) -> float:
    return count / rows if rows else 0.0


def _range(expected: Expectation) -> str:
    return f"{_number(expected.low)} to {_number(expected.high)}"


def _number(value: float | None) -> str:
    return "any" if value is None else f"{value:g}"
