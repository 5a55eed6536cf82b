"""Writes car_loan.json: the car-loan stream measured with pandas and scipy, without any code of Syndic."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import scipy
from scipy import stats
from scipy.spatial import distance

DATA = Path(__file__).resolve().parents[3] / "demo" / "data"
NUMERIC = ("car_value", "debt_to_income_ratio", "loan_length", "driver_tenure", "y_pred_proba")
CATEGORICAL = ("salary_range", "repaid_loan_on_prev_car", "size_of_downpayment", "y_pred")


def bins(before: pd.Series, after: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Counts on the deciles of the reference, equal ones merged, the outer bins open, an empty last one dropped."""
    edges = np.unique(np.quantile(before, np.arange(1, 10) / 10, method="inverted_cdf"))
    edges = edges[edges < before.max()]
    names = [np.searchsorted(edges, side, side="left") for side in (before, after)]
    return np.bincount(names[0], minlength=len(edges) + 1), np.bincount(names[1], minlength=len(edges) + 1)


def psi(before: np.ndarray, after: np.ndarray) -> float:
    e, a = (np.where(side > 0, side, 0.5) for side in (before, after))
    e, a = e / e.sum(), a / a.sum()
    return float(((a - e) * np.log(a / e)).sum())


def main() -> None:
    before = pd.read_csv(DATA / "car_loan_reference_1k_per_month.csv.gz")
    stream = pd.read_csv(DATA / "car_loan_analysis_1k_per_month.csv.gz")
    found: dict[str, dict[str, dict[str, float]]] = {}
    for month, after in stream.groupby(stream["timestamp"].str[:7]):
        found[str(month)] = {}
        for name in NUMERIC:
            e, a = bins(before[name], after[name])
            ks = stats.ks_2samp(before[name], after[name], method="asymp")
            found[str(month)][name] = {
                "psi": psi(e, a),
                "ks": float(ks.statistic),
                "wasserstein": float(stats.wasserstein_distance(before[name], after[name]) / before[name].std(ddof=0)),
                "jensen_shannon": float(distance.jensenshannon(e, a, base=2)),
            }
        for name in CATEGORICAL:
            levels = sorted({*before[name].astype(str), *after[name].astype(str)})
            e, a = (side[name].astype(str).value_counts().reindex(levels, fill_value=0) for side in (before, after))
            test = stats.chi2_contingency(np.array([e, a]), correction=False)
            found[str(month)][name] = {
                "psi": psi(e.to_numpy(), a.to_numpy()),
                "chi_square": float(test.statistic),
                "p_value": float(test.pvalue),
                "jensen_shannon": float(distance.jensenshannon(e, a, base=2)),
            }
    versions = {"numpy": np.__version__, "pandas": pd.__version__, "scipy": scipy.__version__}
    origin = "tests/golden/drift/make_car_loan.py on demo/data/car_loan_*_1k_per_month.csv.gz"
    content = json.dumps({"origin": origin, "versions": versions, "months": found}, indent=1)
    (Path(__file__).parent / "car_loan.json").write_text(content + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
