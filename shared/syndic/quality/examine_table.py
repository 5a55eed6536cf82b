"""Examining a file beside a baseline without any cloud: what the command line tool does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from syndic.canonical import sha256_of
from syndic.models import Intake
from syndic.policy import rules_of
from syndic.quality.data.profile import Profile
from syndic.quality.data.rules import describe, expected_columns, ignored_columns
from syndic.quality.data.verdict import judge
from syndic.quality.models import Expectation, FileQuality, QualityPolicy
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
    ignored, chosen = ignored_columns(policy), frozenset(columns)
    asked = {n: Expectation.model_validate(e) for n, e in known.items() if not chosen or n in chosen}
    profile = Profile(expected_columns(asked, policy), ignored)
    profile.add(window)
    judged = judge(profile, policy, asked=chosen, baseline_intake=baseline_intake)
    digest = sha256_of([baseline_sha256, current_sha256, rules_of(policy), sorted(chosen)])
    return FileQuality(
        id=f"quality.{digest[:16]}",
        verdict=judged.verdict,
        severity=judged.severity,
        reason=judged.reason,
        rows=profile.rows,
        issues=judged.issues,
        columns=describe(profile),
        duplicate_share=judged.duplicate_share,
        warnings=judged.warnings,
        intake=profile.intake,
        policy=policy,
        inputs_sha256=digest,
        checked_at=now,
        baseline_rows=baseline_rows,
        baseline_sha256=baseline_sha256,
        ignored=tuple(sorted(ignored & {*known, *window.columns})),
        not_judged=judged.not_judged,
        rows_needed=judged.rows_needed,
        rows_reason=judged.rows_reason,
    )
