"""Examining a file beside a baseline without any cloud: what the command line tool does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from syndic.canonical import sha256_of
from syndic.models import Intake
from syndic.models.intake_words import beyond_tolerance, records_line
from syndic.policy import rules_of
from syndic.quality.data.profile import Profile
from syndic.quality.data.rules import describe, expected_columns
from syndic.quality.data.verdict import judge
from syndic.quality.models import ColumnRule, Expectation, FileQuality, QualityPolicy, Verdict
from syndic.windows import Window


def examine_file(
    window: Window,
    known: Mapping[str, Mapping[str, Any]],
    policy: QualityPolicy,
    *,
    baseline_rows: int,
    baseline_sha256: str,
    current_sha256: str,
    now: datetime,
    columns: Iterable[str] = (),
    baseline_intake: Intake | None = None,
) -> FileQuality:
    """Say what is wrong with a file's rows.

    Args:
        window: The rows.
        known: What the baseline lets expect of each column, as setting one records it.
        policy: The limits; ignored columns are left out.
        baseline_rows: Rows of the baseline.
        baseline_sha256: Of the baseline's bytes.
        current_sha256: Of the file's bytes.
        now: The time of the examination.
        columns: Only these; none: all.
        baseline_intake: How the baseline was read, where records of it were lost.
    """
    ignored = {name for name, rule in policy.columns.items() if rule.ignore}
    chosen = frozenset(columns)
    asked = {n: Expectation.model_validate(e) for n, e in known.items() if not chosen or n in chosen}
    profile = Profile(expected_columns(asked, policy))
    profile.add(window)
    for name in ignored:
        profile.columns.pop(name, None)
        profile.new.discard(name)
    judged = judge(profile, policy)
    digest = sha256_of([baseline_sha256, current_sha256, rules_of(policy), sorted(chosen)])
    lost = beyond_tolerance(baseline_intake, policy.rejected_tolerance)
    if lost is not None and judged.verdict is Verdict.SOUND:
        reason = f"of the baseline, {lost}; of the rows that were read, {judged.reason}"
        judged = replace(judged, verdict=Verdict.NOT_COMPARABLE, reason=reason)
    line = records_line(baseline_intake)
    warnings = (*judged.warnings, *([f"the baseline: {line}"] if line else []))
    answered = judged.verdict in {Verdict.SOUND, Verdict.ISSUES}
    return FileQuality(
        id=f"quality.{digest[:16]}",
        verdict=judged.verdict,
        severity=judged.severity,
        reason=judged.reason,
        rows=profile.rows,
        issues=judged.issues,
        columns=describe(profile),
        duplicate_share=judged.duplicate_share,
        warnings=warnings,
        intake=profile.intake,
        policy=policy,
        inputs_sha256=digest,
        checked_at=now,
        baseline_rows=baseline_rows,
        baseline_sha256=baseline_sha256,
        ignored=tuple(sorted(ignored & {*known, *window.columns})),
        not_judged=_not_judged(profile, policy, ignored, chosen) if answered else (),
    )


def _not_judged(profile: Profile, policy: QualityPolicy, ignored: set[str], chosen: frozenset[str]) -> tuple[str, ...]:
    """What has limits, or was asked for, and is in no column; columns of too few rows, or of unread amounts."""
    named = {n for n, rule in policy.columns.items() if rule != ColumnRule(ignore=rule.ignore)} | chosen
    absent = {name for name in named - ignored if name not in profile.columns and name not in profile.expected}
    few = {name for name, column in profile.columns.items() if column.rows < policy.min_samples}
    unsettled = {name for name, expected in profile.expected.items() if expected.unsettled and name in profile.columns}
    return tuple(sorted(absent | (few & profile.expected.keys()) | unsettled))
