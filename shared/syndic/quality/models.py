"""The nouns of quality reports. Policies are in `syndic.quality.policy.model` and named here too."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from syndic.checks.history.older import OlderPeriods
from syndic.models import ColumnKind, ColumnRole, Finite, Intake, Moment, Noun, Severity, TimeWindow
from syndic.quality.policy.model import ColumnRule, Metric, QualityPolicy

__all__ = [
    "Check",
    "ColumnQuality",
    "ColumnRule",
    "DataQuality",
    "Estimate",
    "Expectation",
    "ExpectedPerformance",
    "ExpectedVerdict",
    "FileQuality",
    "Issue",
    "Metric",
    "Performance",
    "PerformanceVerdict",
    "QualityHistory",
    "QualityPoint",
    "QualityPolicy",
    "QualityReport",
    "Verdict",
]


class Verdict(StrEnum):
    """The answer for the data of a window."""

    SOUND = "sound"
    ISSUES = "issues"
    NOT_ENOUGH_DATA = "not_enough_data"
    NOT_COMPARABLE = "not_comparable"


class PerformanceVerdict(StrEnum):
    """The answer for the model against its declared levels."""

    BELOW_LEVEL = "below_level"  # the whole interval of a metric is on the wrong side of its level
    INCONCLUSIVE = "inconclusive"  # the value is on the wrong side, the interval reaches the level
    MEETS_LEVEL = "meets_level"
    MEASURED = "measured"  # no level is declared
    NOT_ENOUGH_DATA = "not_enough_data"
    NOT_COMPARABLE = "not_comparable"  # labels and predictions cannot be compared


class Check(StrEnum):
    """What can be wrong with data."""

    MISSING = "missing"
    TYPE = "type"
    RANGE = "range"
    INFINITE = "infinite"
    UNSEEN = "unseen"
    NEW_COLUMN = "new_column"
    LOST_COLUMN = "lost_column"
    DUPLICATES = "duplicates"
    CONSTANT = "constant"
    REJECTED = "rejected"


class Expectation(Noun):
    """What the baseline lets expect of a column."""

    kind: ColumnKind
    role: ColumnRole = ColumnRole.FEATURE
    rows: int = 0
    missing: Finite = 0.0
    constant: bool = False
    low: Finite | None = None
    high: Finite | None = None
    integer_like: bool = False
    values: tuple[str, ...] | None = None
    beyond: Finite = Field(default=0.0, description="share outside range or list that few baseline rows let expect")
    top: Finite | str | None = Field(default=None, description="the most frequent present value; null: not one of them")
    top_share: Finite | None = Field(default=None, description="its share of the present values; null: not kept")
    distinct: int | None = Field(default=None, description="different present values; null: not kept")
    infinite: Finite | None = Field(default=None, description="share of infinite values, of all rows; null: not kept")
    dates: bool = Field(default=False, description="dates or times: one of a window's day may be all it has")
    unsettled: bool = Field(default=False, description="the texts may be amounts that could not be read")


class Issue(Noun):
    """One thing that is wrong with a window's data."""

    check: Check
    column: str | None
    severity: Severity
    reason: str
    value: Finite | None = None
    threshold: Finite | None = None


class ColumnQuality(Noun):
    """What a column of the window is like. Shares are of all rows of the column, 0 to 1."""

    kind: ColumnKind
    rows: int
    missing: Finite
    infinite: int = 0
    outside: Finite | None = Field(default=None, description="share outside the expected range; null: no range known")
    unseen: Finite | None = Field(default=None, description="share of unexpected values; null: no list known")
    unseen_examples: tuple[str, ...] = ()
    constant: bool = False


class Estimate(Noun):
    """A metric with its 95 % interval, or null and the reason."""

    value: Finite | None = None
    low: Finite | None = None
    high: Finite | None = None
    n: int = Field(default=0, description="labelled rows the metric is about")
    method: str | None = None
    level: Finite | None = Field(default=None, description="the declared level")
    verdict: PerformanceVerdict | None = None
    rows_needed: int | None = Field(
        default=None, description="labelled rows until it can be told, if the value is the true one; null: it is told"
    )
    rows_reason: str | None = Field(
        default=None, description="where it is not told and no number of rows would tell: why"
    )
    reason: str | None = None


class Performance(Noun):
    """The model against delayed ground truth, with how much of it there is."""

    verdict: PerformanceVerdict
    reason: str
    task: str | None = Field(default=None, description="binary, multiclass or regression")
    positive: str | None = None
    rows: int
    labelled: int
    coverage: Finite | None = None
    rows_needed: int | None = Field(default=None, description="rows until enough have a label, at the present coverage")
    rows_reason: str | None = Field(
        default=None, description="where it is not told and no number of rows would tell: why"
    )
    late: int = Field(default=0, description="labels collected after the window's end")
    orphans: int = Field(default=0, description="labels, of any window, that belong to no row of this one")
    duplicates: int = Field(default=0, description="labels replaced by a later one")
    confusion: dict[str, int] | None = None
    metrics: dict[Metric, Estimate] = Field(default_factory=dict)


class ExpectedVerdict(StrEnum):
    """The answer where labels have not come."""

    EXPECTED = "expected"
    BELOW_LEVEL = "expected_below_level"  # the whole interval of a metric is on the wrong side of its level
    CONTRADICTED = "contradicted"  # labels came and are outside of the interval
    OUTSIDE_REFERENCE = "outside_reference"  # covariate shift has left what the reference knows
    NOT_CALIBRATED = "not_calibrated"  # the reference's scores are no chances, even when corrected
    NOT_ENOUGH_DATA = "not_enough_data"


class ExpectedPerformance(Noun):
    """What the model is expected to reach on rows without labels. Each interval is for what the labels will show."""

    verdict: ExpectedVerdict
    reason: str
    rows: int
    reference_rows: int
    reference_parts: int
    rows_needed: int | None = Field(default=None, description="rows of the window until something is expected of it")
    rows_reason: str | None = Field(
        default=None, description="where it is not told and no number of rows would tell: why"
    )
    calibration_p: Finite | None = Field(default=None, description="of 'the chances are right', on every other part")
    calibration_error: Finite | None = Field(default=None, description="mean distance between chance and outcome")
    outside: Finite | None = Field(default=None, description="share of rows where the reference has hardly any")
    metrics: dict[Metric, Estimate] = Field(default_factory=dict)
    realised: dict[Metric, Finite] = Field(default_factory=dict, description="by the labels that have come")


class DataQuality(Noun):
    """What was found about some rows: the verdict, everything that is wrong, and each column in numbers."""

    id: str
    verdict: Verdict
    severity: Severity
    reason: str
    rows: int
    issues: tuple[Issue, ...] = ()
    columns: dict[str, ColumnQuality] = Field(default_factory=dict)
    duplicate_share: Finite | None = None
    warnings: tuple[str, ...] = ()
    not_judged: tuple[str, ...] = Field(default=(), description="columns that were asked for and have no answer")
    rows_needed: int | None = Field(default=None, description="rows until it can be told; null: it is told")
    rows_reason: str | None = Field(
        default=None, description="where it is not told and no number of rows would tell: why"
    )
    intake: Intake
    policy: QualityPolicy
    inputs_sha256: str
    checked_at: Moment


class FileQuality(DataQuality):
    """One examination of a file beside a baseline. Its JSON is what the command line prints."""

    baseline_rows: int
    baseline_sha256: str
    ignored: tuple[str, ...] = Field(default=(), description="columns left out, as asked")


class QualityReport(DataQuality):
    """One examination of a window."""

    model_id: str
    model_name: str
    owner: str | None = None
    window: TimeWindow
    performance: Performance | None = Field(default=None, description="null: the model has no ground truth")
    expected: ExpectedPerformance | None = Field(
        default=None, description="without labels, from windows whose labels have come; null: no chances are captured"
    )
    quarantine: str | None = Field(default=None, description="archive object that lists the rejected lines")
    revision: int = 1


class QualityPoint(Noun):
    """One window in the history of a model's quality."""

    window: TimeWindow
    report_id: str
    verdict: Verdict
    severity: Severity
    rows: int
    issues: tuple[Issue, ...]
    performance: Performance | None
    expected: ExpectedPerformance | None = Field(default=None, description="what was expected before labels came")


class QualityHistory(Noun):
    """Windows, oldest first."""

    model_id: str
    points: tuple[QualityPoint, ...]
    older: OlderPeriods = Field(
        default=OlderPeriods(), description="what stands for windows before these that are gone"
    )
    next_token: str | None = None
