"""How long results of checks are kept: by the length of their windows, as an admin sets it for all models.

What a record's key says is enough to know when it may go, so every one of them is written with its time.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final, Self

from pydantic import Field, model_validator

from syndic.changes import Change, commit, finish
from syndic.checks.history.keys import POLICY, window_in
from syndic.errors import ConflictError
from syndic.models import AuditEntry, Moment, Rules, TimeWindow, to_json
from syndic.ports import ABSENT, AuditTrail, Readable, Record, Store, Write
from syndic.records import retried

GRACE: Final = timedelta(days=10)
"""Between the day from which on a result is not shown in histories and its removal: time to see that it is needed."""

MONTH: Final = timedelta(days=31)
"""Days are shown until their whole month is, so they stay so much longer."""

SUMMED_UP: Final = timedelta(days=60)
"""So long before results are not shown any more they are summed up: however late that work is, nothing is lost."""

HALF_A_YEAR: Final = 190
"""Days. Logs of high-risk systems are kept for at least six months: Art. 19(1) and 26(6) of the AI Act."""


class RetentionPolicy(Rules):
    """For how many days results of checks are kept, counted from the end of their window."""

    hourly_days: int = Field(
        default=HALF_A_YEAR,
        ge=HALF_A_YEAR,
        le=3650,
        description="results of hourly windows; afterwards days are shown. At least 190: the AI Act asks for logs of "
        "six months (Art. 19(1), 26(6))",
    )
    daily_days: int = Field(
        default=1100, ge=366, le=7300, description="summaries of days, and results of daily and weekly windows"
    )
    monthly_days: int = Field(
        default=3660,
        ge=1100,
        le=36500,
        description="summaries of months, and results of monthly windows; documentation of high-risk systems is kept "
        "for ten years (Art. 18)",
    )
    version: int = Field(default=0, ge=0, description="set by Syndic; 0: the default one, that nobody set")
    changed_at: Moment | None = Field(default=None, description="set by Syndic")
    changed_by: str | None = Field(default=None, description="set by Syndic")

    @model_validator(mode="after")
    def _longer_is_kept_longer(self) -> Self:
        if not self.hourly_days <= self.daily_days <= self.monthly_days:
            raise ValueError("hourly_days, daily_days and monthly_days must not fall: what is coarser is kept longer")
        return self

    def days_of(self, window: TimeWindow) -> timedelta:
        """How long results of a window are kept after its end."""
        span = window.end - window.start
        if span < timedelta(days=1):
            return timedelta(days=self.hourly_days)
        return timedelta(days=self.daily_days if span <= timedelta(days=7) else self.monthly_days)

    def expires(self, sort: str, *, at: datetime) -> datetime | None:
        """When a result may be removed, by its sort key and the time of writing; None: it is about no window."""
        window = window_in(sort)
        return None if window is None else self.removed_at(window, max(window.end, at))

    def removed_at(self, period: TimeWindow, end: datetime) -> datetime:
        """When what is kept of a window or day may be removed, counted from `end` on."""
        days = timedelta(days=1) <= period.end - period.start <= timedelta(days=7)
        return end + self.days_of(period) + GRACE + (MONTH if days else timedelta(0))


DEFAULT: Final = RetentionPolicy()
_MARKS: Final = frozenset({"version", "changed_at", "changed_by"})


def least_kept(window: TimeWindow) -> timedelta:
    """For how long results of a window are kept at least, whatever is set."""
    return RetentionPolicy(hourly_days=190, daily_days=366, monthly_days=1100).days_of(window)


def read_retention(store: Readable) -> RetentionPolicy:
    """The policy in force; the default one until somebody sets another."""
    record = store.get(POLICY)
    return DEFAULT if record is None else RetentionPolicy.model_validate(record.body)


def set_retention(
    policy: RetentionPolicy,
    *,
    store: Store,
    audit: AuditTrail,
    actor: str,
    now: datetime,
    expect_version: int | None = None,
) -> RetentionPolicy:
    """Set the policy; returns it with its version. The same days again change nothing.

    Raises `ConflictError` when the present version is not `expect_version`, unless it is the very change that this
    person asks for again.
    """

    def step() -> RetentionPolicy:
        record = store.get(POLICY)
        present = read_retention({POLICY: record} if record else {})
        same = days(present) == days(policy)
        done = same and present.changed_by == actor and expect_version == present.version - 1
        if expect_version not in {None, present.version} and not done:
            raise ConflictError(f"the retention policy has version {present.version}, not {expect_version}")
        if same:
            finish(POLICY, store=store, audit=audit)
            return present
        marks = {"version": present.version + 1, "changed_at": now, "changed_by": actor}
        changed = policy.model_copy(update=marks)
        entry = AuditEntry(
            action="retention.policy_changed",
            actor=actor,
            subject="organisation/retention",
            at=now,
            details={"version": changed.version, **days(changed)},
        )
        write = Write(Record(POLICY, to_json(changed)), record.etag if record else ABSENT)
        commit(Change((write,), now, entries=(entry,)), store=store, audit=audit)
        return changed

    return retried(step, what="the retention policy")


def days(policy: RetentionPolicy) -> dict[str, int]:
    """What a policy says, without its marks."""
    return {name: getattr(policy, name) for name in RetentionPolicy.model_fields if name not in _MARKS}
