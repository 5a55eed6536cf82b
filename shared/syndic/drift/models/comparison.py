"""The nouns of one comparison: baseline, measures of a column, report."""

from __future__ import annotations

from enum import StrEnum

from pydantic import Field

from syndic.drift.models.slices import Slices
from syndic.drift.policy.model import DriftPolicy, Season
from syndic.models import ColumnKind, ColumnRole, Finite, Intake, Moment, Noun, Severity, TimeWindow


class Verdict(StrEnum):
    """The answer for a feature, or for the window."""

    DRIFT = "drift"
    NO_DRIFT = "no_drift"
    NOT_ENOUGH_DATA = "not_enough_data"
    NOT_COMPARABLE = "not_comparable"


class KsTest(Noun):
    """Two-sample Kolmogorov-Smirnov test of the present values, or null and the reason.

    Its p is far too large for values that repeat often: there it decides nothing, `p_adjusted` is null, and the
    chi-square test takes its place.
    """

    statistic: Finite | None = None
    p_value: Finite | None = None
    p_adjusted: Finite | None = Field(default=None, description="Benjamini-Hochberg over the tests of the run")
    max_error: Finite | None = Field(default=None, description="the exact statistic is at most this much larger")
    reason: str | None = None


class ChiSquareTest(Noun):
    """Chi-square test of homogeneity over the values, rare ones in bands, or null and the reason."""

    statistic: Finite | None = None
    p_value: Finite | None = None
    p_adjusted: Finite | None = Field(default=None, description="Benjamini-Hochberg over the tests of the run")
    degrees: int | None = Field(default=None, description="degrees of freedom")
    reason: str | None = None


class Missing(Noun):
    """Share of missing values, 0 to 1, and the test of no change."""

    baseline: Finite | None = None
    current: Finite | None = None
    p_value: Finite | None = None
    p_adjusted: Finite | None = None


class ShareChange(Noun):
    """A share of the rows that have a value, before and now, and the test of no change. 0 to 1."""

    what: str = Field(description="which values")
    baseline: Finite
    current: Finite
    psi: Finite = Field(description="of two bins: those values, and all others")
    p_value: Finite
    p_adjusted: Finite | None = Field(default=None, description="Benjamini-Hochberg over the tests of the run")


class Unseen(Noun):
    """Values that the baseline does not have."""

    share: Finite | None = Field(default=None, description="of all rows of the window, 0 to 1; null: see the reason")
    examples: tuple[str, ...] = Field(default=(), description="some of the values")
    reason: str | None = None


class Moments(Noun):
    """Mean, standard deviation and range of the finite values of one side; null without any."""

    mean: Finite | None = None
    std: Finite | None = None
    min: Finite | None = None
    max: Finite | None = None
    infinite: int = 0


class Histogram(Noun):
    """Shares of the rows before and after.

    Numeric: ``len(edges) + 1`` bins, the outer ones open. Categorical: bins named by `labels`.
    """

    edges: tuple[Finite, ...] = ()
    labels: tuple[str, ...] = ()
    baseline: tuple[Finite, ...]
    current: tuple[Finite, ...]
    missing_baseline: Finite = 0.0
    missing_current: Finite = 0.0


class PsiLimit(Noun):
    """The PSI from which a column drifts: the policy's threshold, or the point that its own windows say is usual."""

    value: Finite = Field(description="the larger of both")
    policy: Finite | None = Field(default=None, description="psi_threshold of the policy")
    learnt: Finite | None = Field(default=None, description="upper point learnt from the baseline's own windows")
    typical: Finite | None = Field(default=None, description="PSI of a usual window of endless rows, on average")
    windows: int = Field(default=0, description="windows of the baseline that it was learnt from")
    correlation: Finite | None = Field(default=None, description="of one window with the next")


class UsualWindows(Noun):
    """The baseline's own windows that limits were learnt from."""

    hours: int = Field(description="length of a window")
    season: Season = Field(description="what each was compared with: the whole, or its part of the season")
    windows: int
    level: Finite = Field(description="chance, for each column, that an unchanged window is over its limit")


class FeatureDrift(Noun):
    """One column: its measures, and the verdict with its reason. A null measure has its reason in `undefined`."""

    kind: ColumnKind
    role: ColumnRole = ColumnRole.FEATURE
    verdict: Verdict
    severity: Severity
    reason: str
    psi: Finite | None = None
    psi_null_point: Finite | None = Field(default=None, description="95 % of PSI values without any change are below")
    limit: PsiLimit | None = Field(default=None, description="what PSI was judged by; null: no PSI decides")
    design: Finite = Field(default=1.0, description="rows that count as one, as those of one person do")
    value_psi: Finite | None = Field(default=None, description="PSI value by value where `psi` holds several together")
    ks: KsTest
    chi_square: ChiSquareTest
    wasserstein: Finite | None = Field(default=None, description="in standard deviations of the baseline")
    jensen_shannon: Finite | None = Field(default=None, description="distance, base 2: 0 the same, 1 disjoint")
    l_infinity: Finite | None = Field(default=None, description="largest gap of distribution functions or of shares")
    missing: Missing
    unseen: Unseen | None = Field(default=None, description="categorical columns only")
    infinite: ShareChange | None = Field(default=None, description="numeric columns with infinite values")
    rare: ShareChange | None = Field(
        default=None, description="values too rare to be compared one by one, and new ones"
    )
    new: ShareChange | None = Field(
        default=None, description="values that the baseline does not list, against what its rare ones let expect"
    )
    newcomer: ShareChange | None = Field(default=None, description="the one new value that most rows have")
    stopped: ShareChange | None = Field(
        default=None, description="values that no row has any more; baseline: beyond what chance lets be absent"
    )
    unusual: ShareChange | None = Field(default=None, description="all but the one value that nearly all rows have")
    tail: ShareChange | None = Field(default=None, description="numeric columns: the tail that grew most improbably")
    decided_by: tuple[str, ...] = Field(
        default=(),
        description="what drifts: distribution, missing, infinite, rare, new, newcomer, stopped, unusual, tail",
    )
    effect: Finite | None = Field(default=None, description="the largest PSI of what decided")
    undefined: dict[str, str] = Field(default_factory=dict, description="measure -> why it has no value")
    rows_needed: int | None = Field(
        default=None, description="rows of a window until it can be told, if it looks like this one; null: it is told"
    )
    rows_reason: str | None = Field(
        default=None, description="where it is not told and no number of rows would tell: why"
    )
    p_holm: Finite | None = Field(default=None, description="smallest p of the column's tests, Holm over the run")
    pages: bool = Field(default=False, description="drift that is also significant by Holm's stricter correction")
    share: Finite | None = Field(default=None, description="part of the run's change that this column carries, 0 to 1")
    baseline_moments: Moments | None = None
    current_moments: Moments | None = None
    histogram: Histogram | None = None


class MultivariateDrift(Noun):
    """Whether the columns hang together as before: mean reconstruction error of a PCA fitted on the baseline."""

    verdict: Verdict
    reason: str
    baseline_error: Finite | None = None
    current_error: Finite | None = None
    effect: Finite | None = Field(default=None, description="change in baseline standard deviations of the error")
    limit: Finite | None = Field(default=None, description="the change from which it is drift, in the same unit")
    rows_needed: int | None = Field(default=None, description="rows of a window until it can be told; null: it is told")
    rows_reason: str | None = Field(
        default=None, description="where it is not told and no number of rows would tell: why"
    )
    p_value: Finite | None = None
    components: int | None = None
    columns: tuple[str, ...] = ()


class DriftRows(Noun):
    """Rows compared."""

    baseline: int
    current: int


class DriftReport(Noun):
    """One comparison of a window with the baseline. Its JSON is what the command line prints."""

    id: str
    model_id: str | None = None
    model_name: str | None = None
    owner: str | None = None
    window: TimeWindow | None = None
    verdict: Verdict
    severity: Severity
    reason: str
    rows: DriftRows
    features: dict[str, FeatureDrift]
    drifted: tuple[str, ...] = Field(default=(), description="columns that drift, the largest share first")
    confirmed: tuple[str, ...] = Field(default=(), description="those that the persistence rule confirms")
    new_columns: tuple[str, ...] = ()
    lost_columns: tuple[str, ...] = ()
    mistyped_columns: dict[str, ColumnKind] = Field(default_factory=dict, description="came with this other kind")
    not_judged: tuple[str, ...] = Field(
        default=(), description="what was asked for and has no answer; columns set aside by rule do not count"
    )
    multivariate: MultivariateDrift | None = None
    usual: UsualWindows | None = Field(default=None, description="null: the baseline has no times")
    slices: Slices | None = Field(default=None, description="where drift concentrates; null: not looked for")
    error_slices: Slices | None = Field(
        default=None, description="where error does; null: no labels, or not looked for"
    )
    warnings: tuple[str, ...] = ()
    tests: int = Field(default=0, description="tests that the correction is over")
    policy: DriftPolicy
    baseline_sha256: str
    intake: Intake | None = None
    inputs_sha256: str
    revision: int = 1
    checked_at: Moment
