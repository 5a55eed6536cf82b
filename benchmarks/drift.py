"""What a drift check costs, as ratios of CPU time in one run on one machine: `make bench-drift`.

The unit is one ``np.sort`` of each numeric column of the window, with numpy's AVX2 sort: its AVX-512 sort is several
times slower on some processors and would flatter us. Peers are optional; those installed in the interpreter given by
``--peers PYTHON`` (see requirements-peers.txt) run there, each in a process of its own, on the same columns.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

SHARED = Path(__file__).resolve().parents[1] / "shared"
NUMERIC, CATEGORICAL = 50, 10


def make_columns(rows: int, seed: int) -> dict[str, object]:
    """50 numeric columns of six shapes, every fifth with missing values, and 10 of text with 2 to 1,000 levels."""
    import numpy as np

    random = np.random.default_rng(seed)
    shapes: list[Callable[[], object]] = [
        lambda: random.normal(size=rows),
        lambda: random.lognormal(1.0, 1.5, rows),
        lambda: random.poisson(7.0, rows).astype(float),
        lambda: np.where(random.random(rows) < 0.6, 0.0, random.exponential(3.0, rows)),
        lambda: np.round(random.lognormal(3.0, 0.8, rows), 2),
        lambda: random.integers(18, 91, rows).astype(float),
    ]
    columns: dict[str, object] = {}
    for place in range(NUMERIC):
        values = np.asarray(shapes[place % len(shapes)](), float)
        if place % 5 == 4:
            values[random.random(rows) < 0.05 + 0.006 * (place % 10)] = np.nan
        columns[f"number_{place:02d}"] = values
    for place, levels in enumerate((2, 3, 5, 8, 12, 20, 50, 120, 400, 1000)):
        names = np.array([f"level-{level:04d}" for level in range(levels)], object)
        weights = 1.0 / np.arange(1, levels + 1)
        columns[f"text_{place:02d}"] = names[random.choice(levels, rows, p=weights / weights.sum())]
    return columns


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def measure_ours(rows: int, rounds: int) -> dict[str, float]:
    """Seconds of each step, medians over the rounds, and the growth of memory in MB."""
    from syndic.drift.baseline.codec import column_bytes
    from syndic.drift.baseline.summary import summarise
    from syndic.drift.count_window import count_pieces
    from syndic.drift.counts.count_rows import count
    from syndic.drift.measures.distances import gaps, ks_statistic
    from syndic.drift.policy.model import DriftPolicy
    from syndic.drift.verdict.judge import judge
    from syndic.statistics.two_sample import kolmogorov_smirnov
    from syndic.windows.tables.dataframe import from_columns, pieces_of

    before, now = make_columns(rows, 1), make_columns(rows, 2)
    numbers = {name: values for name, values in now.items() if name.startswith("number")}
    texts = {name: values for name, values in now.items() if name.startswith("text")}
    seconds: dict[str, list[float]] = {name: [] for name in ("sort", "numeric", "all", "baseline")}
    baselines = []
    seconds["baseline"].append(cpu(lambda: baselines.append(summarise([from_columns(before)]))))
    baseline = baselines[0]
    exact = max(
        abs(kolmogorov_smirnov(before[name], now[name])[0] - ks_statistic(gaps(baseline.columns[name], column)))
        for name, column in count(from_columns(numbers), baseline).columns.items()
    )
    policy = DriftPolicy()
    judge(baseline, count_pieces(pieces_of(now), baseline), policy)
    for _ in range(rounds):
        seconds["sort"].append(cpu(lambda: _sort_each(numbers)))
        seconds["numeric"].append(cpu(lambda: judge(baseline, count_pieces(pieces_of(numbers), baseline), policy)))
        seconds["all"].append(
            cpu(lambda: judge(baseline, count_pieces(pieces_of({**numbers, **texts}), baseline), policy))
        )
    result = {name: statistics.median(values) for name, values in seconds.items()}
    result["ks_error"] = exact
    result["column_bytes"] = max(column_bytes(baseline.columns[name]) for name in numbers)
    result["memory_mb"] = _growth(lambda: judge(baseline, count_pieces(pieces_of(now), baseline), policy))
    return result


def _sort_each(columns: dict[str, object]) -> None:
    import numpy as np

    for values in columns.values():
        np.sort(values)  # not kept: keeping all would add the cost of fresh memory to the limit


def _growth(work: Callable[[], object]) -> float:
    """Peak of the memory that one call allocates, numpy's included, in MB."""
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6


def measure_scipy(rows: int) -> float:
    """The plain loop: scipy's tests and numpy's histogram for PSI, with pandas for missing values and counts."""
    import numpy as np
    import pandas as pd
    from scipy import stats

    before, now = pd.DataFrame(make_columns(rows, 1)), pd.DataFrame(make_columns(rows, 2))

    def psi(old: object, new: object) -> float:
        edges = np.unique(np.quantile(old, np.linspace(0, 1, 11)))
        edges[0], edges[-1] = -np.inf, np.inf
        e = np.maximum(np.histogram(old, edges)[0], 0.5) / len(old)
        a = np.maximum(np.histogram(new, edges)[0], 0.5) / len(new)
        return float(((a - e) * np.log(a / e)).sum())

    def work() -> None:
        for name in before.columns:
            if name.startswith("number"):
                old, new = before[name].dropna(), now[name].dropna()
                stats.ks_2samp(old, new, method="asymp")
                psi(old.to_numpy(), new.to_numpy())
            else:
                table = pd.concat([before[name].value_counts(), now[name].value_counts()], axis=1).fillna(0.5)
                stats.chi2_contingency(table.to_numpy().T)

    return cpu(work)


def measure_evidently(rows: int) -> float:
    """Evidently's data drift preset with KS and chi-square."""
    import pandas as pd
    from evidently import Report
    from evidently.presets import DataDriftPreset

    before, now = pd.DataFrame(make_columns(rows, 1)), pd.DataFrame(make_columns(rows, 2))
    report = Report([DataDriftPreset(num_method="ks", cat_method="chisquare")])
    return cpu(lambda: report.run(current_data=now, reference_data=before))


def measure_nannyml(rows: int) -> float:
    """NannyML's univariate KS and chi-square, fitted and calculated in one chunk."""
    import nannyml
    import pandas as pd

    before, now = pd.DataFrame(make_columns(rows, 1)), pd.DataFrame(make_columns(rows, 2))
    calculator = nannyml.UnivariateDriftCalculator(
        column_names=list(before.columns),
        continuous_methods=["kolmogorov_smirnov"],
        categorical_methods=["chi2"],
        chunk_size=rows,
    )
    return cpu(lambda: calculator.fit(before).calculate(now))


PEERS = {"scipy + pandas loop": measure_scipy, "evidently": measure_evidently, "nannyml": measure_nannyml}


def import_times(rounds: int = 5) -> dict[str, float]:
    """Milliseconds of CPU to import a module in a fresh interpreter, the interpreter's own start taken off."""
    found = {}
    for name in ("numpy", "syndic.drift.check", "syndic.registry.models"):
        times = []
        for _ in range(rounds):
            code = f"import time; s=time.process_time(); import {name}; print(time.process_time()-s)"
            done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True, env=_env())
            times.append(float(done.stdout) * 1000)
        found[name] = statistics.median(times)
    return found


def _env() -> dict[str, str]:
    return {
        **os.environ,
        "PYTHONPATH": str(SHARED),
        "NPY_DISABLE_CPU_FEATURES": _wide_features(),
        "OPENBLAS_NUM_THREADS": "1",
    }


def _wide_features() -> str:
    """Names of the AVX-512 variants that this numpy would use here."""
    code = (
        "from numpy._core._multiarray_umath import __cpu_dispatch__ as d, __cpu_features__ as f;"
        "print(' '.join(x for x in d if f.get(x) and ('512' in x or x == 'X86_V4')))"
    )
    return subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def _in_process(arguments: list[str], python: str = sys.executable) -> dict[str, float] | None:
    done = subprocess.run([python, __file__, *arguments], capture_output=True, text=True, env=_env(), check=False)
    if done.returncode:
        print(f"  not measured: {' '.join(arguments)}: {(done.stderr.strip().splitlines() or ['?'])[-1][:160]}")
        return None
    return json.loads(done.stdout.splitlines()[-1])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peers", help="a Python interpreter that has the peers installed", default=sys.executable)
    parser.add_argument("--only", choices=["ours", *PEERS], help="measure one in this process, print JSON")
    given = parser.parse_args()
    if given.only == "ours":
        print(json.dumps(measure_ours(given.rows[0], given.rounds)))
        return
    if given.only:
        print(json.dumps({"seconds": PEERS[given.only](given.rows[0])}))
        return
    print(f"CPU time; {NUMERIC} numeric and {CATEGORICAL} text columns; disabled: {_wide_features() or 'nothing'}")
    for rows in given.rows:
        ours = _in_process(["--only", "ours", "--rows", str(rows), "--rounds", str(given.rounds)])
        if ours is None:
            sys.exit(1)
        print(f"{rows:>9,} rows: np.sort of the numeric columns {ours['sort'] * 1000:.1f} ms = 1")
        print(
            f"  numeric columns, all measures {ours['numeric'] / ours['sort']:.2f}   ({ours['numeric'] * 1000:.1f} ms)"
        )
        print(f"  with text columns             {ours['all'] / ours['sort']:.2f}   ({ours['all'] * 1000:.1f} ms)")
        print(f"  baseline, once                {ours['baseline'] / ours['sort']:.2f}")
        print(
            f"  extra memory {ours['memory_mb']:.0f} MB; KS under exact by at most {ours['ks_error']:.1e}; "
            f"baseline column at most {ours['column_bytes']:.0f} bytes"
        )
        for name in PEERS:
            python = given.peers if name != "scipy + pandas loop" else sys.executable
            peer = _in_process(["--only", name, "--rows", str(rows)], python)
            if peer:
                print(f"  {name:<29} {peer['seconds'] / ours['all']:.0f} x ours   ({peer['seconds']:.2f} s)")
    print("import, CPU ms: " + ", ".join(f"{name} {ms:.0f}" for name, ms in import_times().items()))


if __name__ == "__main__":
    main()
