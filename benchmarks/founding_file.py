"""The bias file of the first design on an equal model: three attributes, named references, two pairs, four metrics."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np

from syndic.bias.counting.tally import Tally, make_plan
from syndic.bias.counting.tensor import CountTensor
from syndic.bias.looks.answer import look_again
from syndic.bias.models import BEYOND
from syndic.bias.policy.model import BiasPolicy, ProtectedAttribute
from syndic.bias.report.build import Identity, make_report
from syndic.models import TimeWindow

WEEKS = 52
START = datetime(2026, 1, 5, tzinfo=UTC)

FOUNDING = BiasPolicy(
    prediction="prediction",
    label="label",
    favourable=("1",),
    protected_attributes=(
        ProtectedAttribute(name="age", groups=("18-25", "26-40", "41-60", "60+"), reference_group="26-40"),
        ProtectedAttribute(name="gender", groups=("male", "female", "non-binary"), reference_group="male"),
        ProtectedAttribute(name="ethnicity", groups=("group_a", "group_b", "group_c"), reference_group="group_a"),
    ),
    combinations=(("age", "gender"), ("gender", "ethnicity")),
)


def founding_counts(random: np.random.Generator, rows: int, rate: float) -> Tally:
    """Rows whose groups, decision and label are independent of each other."""
    shares = ((0.15, 0.4, 0.3, 0.15), (0.49, 0.49, 0.02), (0.6, 0.25, 0.15))
    levels = tuple(attribute.groups for attribute in FOUNDING.protected_attributes)
    cells = np.stack([random.choice(len(share), rows, p=share) for share in shares], axis=1)
    label = random.random(rows) < rate
    decision = random.random(rows) < np.where(label, 0.7, 0.3 * rate / (1 - rate))
    found, inverse = np.unique(cells, axis=0, return_inverse=True)
    counts = np.zeros((len(found), 3, 3), np.int64)
    np.add.at(counts, (inverse.ravel(), label.astype(int), decision.astype(int)), 1)
    names = tuple(attribute.name for attribute in FOUNDING.protected_attributes)
    return Tally(
        CountTensor(names, levels, found, counts), values={"label": frozenset("01"), "prediction": frozenset("01")}
    )


def founding_looks(looks: int, rows: int, seed: int) -> tuple[int, int]:
    """Looks at an equal model under the founding file: findings on the model, and own claims of any attribute."""
    random = np.random.default_rng(seed)
    plan = make_plan(FOUNDING)
    model = claims = 0
    for _ in range(looks):
        identity = Identity("report", "0" * 64, START)
        report = make_report(founding_counts(random, rows, 0.3), plan, FOUNDING, "prediction", identity)
        model += report.verdict in BEYOND
        claims += any(part.verdict in BEYOND for part in report.attributes.values())
    return model, claims


def founding_years(years: int, rows: int, seed: int) -> int:
    """Years of 52 looks through report and ledger under the founding file, with a finding on the model."""
    random = np.random.default_rng(seed)
    return sum(_year(random, rows) for _ in range(years))


def _year(random: np.random.Generator, rows: int) -> bool:
    plan, ledger, found = make_plan(FOUNDING), None, False
    for week in range(WEEKS):
        window = TimeWindow(start=START + timedelta(weeks=week), end=START + timedelta(weeks=week + 1))
        identity = Identity("report", "0" * 64, START, window=window)
        report = make_report(founding_counts(random, rows, 0.3), plan, FOUNDING, "prediction", identity)
        report, ledger, _ = look_again(report, window, (ledger, None), version="1", labels=True)
        found = found or report.verdict in BEYOND
    return found
