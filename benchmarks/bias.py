"""What an examination of fairness costs, as ratios of CPU time in one run on one machine: `make bench-bias`.

The unit is one ``np.bincount`` of a million codes. One million rows, three attributes of 5, 3 and 4 groups, label and
decision; all metrics of each attribute, all pairs and the triple, with intervals and p-values. Pandas and Fairlearn
run here; Aequitas runs in the interpreter given by ``--peers PYTHON``, which needs nothing but ``aequitas==1.1.0``.
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
SIZES = (5, 3, 4)
NAMES = ("race", "sex", "age")


def make_codes(rows: int) -> tuple[list[object], object, object]:
    """Codes of three attributes, labels and decisions that depend on them a little."""
    import numpy as np

    random = np.random.default_rng(7)
    groups = [random.integers(0, size, rows).astype(np.uint8) for size in SIZES]
    labels = (random.random(rows) < 0.3 + 0.04 * groups[0]).astype(np.uint8)
    decisions = (random.random(rows) < 0.2 + 0.4 * labels + 0.05 * groups[1]).astype(np.uint8)
    return groups, labels, decisions


def make_texts(rows: int) -> dict[str, object]:
    """The same rows as object columns of texts, and whole numbers for label and decision."""
    import numpy as np

    groups, labels, decisions = make_codes(rows)
    columns: dict[str, object] = {
        name: np.array([f"{name}-{i}" for i in range(size)], object)[codes]
        for name, size, codes in zip(NAMES, SIZES, groups, strict=True)
    }
    return {**columns, "label": labels.astype(np.int64), "decision": decisions.astype(np.int64)}


def cpu(work: Callable[[], object], rounds: int = 1) -> float:
    """Median CPU seconds of a call, after one call that warms up."""
    if rounds > 1:
        work()
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def growth(work: Callable[[], object]) -> float:
    """Peak of the memory that one call allocates, numpy's included, in MB."""
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 1e6


def measure_ours(rows: int) -> dict[str, float]:
    """Seconds of each way through, and memory."""
    from datetime import UTC, datetime

    import numpy as np
    import pyarrow as pa

    from syndic.bias.counting.grouping import encode_texts
    from syndic.bias.counting.tally import make_plan, tally
    from syndic.bias.counting.tensor import count_codes
    from syndic.bias.measures.bootstrap import replicate
    from syndic.bias.measures.families import families
    from syndic.bias.measures.rates import measure
    from syndic.bias.policy.model import BiasPolicy, ProtectedAttribute
    from syndic.bias.report.build import Identity, make_report
    from syndic.statistics.resampling import percentiles
    from syndic.windows import Categories, Window

    groups, labels, decisions = make_codes(rows)
    levels = [[f"{name}-{i}" for i in range(size)] for name, size in zip(NAMES, SIZES, strict=True)]
    policy = BiasPolicy(
        favourable=("1",),
        prediction="decision",
        label="label",
        protected_attributes=tuple(ProtectedAttribute(name=name) for name in NAMES),
        combinations=(*((a, b) for i, a in enumerate(NAMES) for b in NAMES[i + 1 :]), NAMES),
    )
    ready = groups[0].astype(np.int64)
    for size, codes in zip((*SIZES[1:], 2, 2), (*groups[1:], labels, decisions), strict=True):
        ready = ready * size + codes
    texts = make_texts(rows)

    def everything() -> object:
        found = families(count_codes(NAMES, levels, groups, labels, decisions), policy)
        counts = np.concatenate([family.counts for family in found])
        return measure(counts, np.concatenate([family.reference_counts for family in found]))

    tensor = count_codes(NAMES, levels, groups, labels, decisions)
    found = families(tensor, policy)

    def bootstrap() -> object:
        return [percentiles(values) for values in replicate(tensor, found, 1000, np.random.default_rng(0))]

    plan = make_plan(policy)
    identity = Identity("bench", "bench", datetime(2026, 1, 1, tzinfo=UTC))

    numbers = {name: np.asarray(texts[name], float) for name in ("label", "decision")}
    arrow = {name: pa.array(texts[name]) for name in NAMES}

    def from_objects() -> object:
        return tally(Window(rows, {**{name: encode_texts(texts[name]) for name in NAMES}, **numbers}), plan)

    def from_arrow() -> object:
        columns = {}
        for name, values in arrow.items():
            encoded = values.dictionary_encode()
            codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
            columns[name] = Categories(codes.astype(np.int32), tuple(encoded.dictionary.to_pylist()))
        return tally(Window(rows, {**columns, **numbers}), plan)

    counted = from_objects()
    return {
        "bincount": cpu(lambda: np.bincount(ready, minlength=240), 15),
        "codes": cpu(everything, 15),
        "bootstrap": cpu(bootstrap, 3),
        "objects": cpu(lambda: everything_after(from_objects().tensor, policy), 5),
        "arrow": cpu(lambda: everything_after(from_arrow().tensor, policy), 5),
        "report": cpu(lambda: make_report(counted, plan, policy, "prediction", identity), 3),
        "memory_mb": growth(everything),
        "bootstrap_memory_mb": growth(bootstrap),
    }


def everything_after(tensor: object, policy: object) -> object:
    """All metrics of counts that are there."""
    import numpy as np

    from syndic.bias.measures.families import families
    from syndic.bias.measures.rates import measure

    found = families(tensor, policy)
    counts = np.concatenate([family.counts for family in found])
    return measure(counts, np.concatenate([family.reference_counts for family in found]))


def measure_pandas(rows: int) -> dict[str, float]:
    """The group-by that gives the counts of the rates and nothing else, on both kinds of text columns."""
    import pandas as pd

    frame = pd.DataFrame(make_texts(rows))
    objects = frame.astype(dict.fromkeys(NAMES, object))
    found = {}
    for name, table in (("arrow", frame), ("objects", objects)):
        found[name] = cpu(lambda table=table: table.groupby([*NAMES, "label", "decision"], observed=True).size(), 3)
    return found


def measure_fairlearn(rows: int, replicates: int = 2) -> float:
    """Fairlearn's MetricFrame over the triple with a bootstrap of a few replicates: seconds for each replicate."""
    import warnings

    import pandas as pd
    from fairlearn import metrics

    warnings.simplefilter("ignore")
    frame = pd.DataFrame(make_texts(rows))
    wanted = {
        "selection": metrics.selection_rate,
        "tpr": metrics.true_positive_rate,
        "fpr": metrics.false_positive_rate,
    }
    work = lambda: metrics.MetricFrame(  # noqa: E731
        metrics=wanted,
        y_true=frame["label"],
        y_pred=frame["decision"],
        sensitive_features=frame[list(NAMES)],
        n_boot=replicates,
        ci_quantiles=[0.025, 0.975],
        random_state=1,
    )
    return cpu(work) / (replicates + 1)


def measure_aequitas(rows: int) -> float:
    """Aequitas' crosstabs and disparities of the three attributes and of their combination; no intervals."""
    import pandas as pd
    from aequitas.bias import Bias
    from aequitas.group import Group

    frame = pd.DataFrame(make_texts(rows)).rename(columns={"label": "label_value", "decision": "score"})
    frame["all"] = frame["race"] + " & " + frame["sex"] + " & " + frame["age"]
    columns = [*NAMES, "all"]

    def work() -> object:
        table, _ = Group().get_crosstabs(frame, attr_cols=columns)
        return Bias().get_disparity_major_group(table, original_df=frame, mask_significance=True)

    return cpu(work)


PEERS = {"pandas": measure_pandas, "fairlearn": measure_fairlearn, "aequitas": measure_aequitas}


def _in_process(arguments: list[str], python: str = sys.executable) -> object:
    """The answer of this file run with other arguments; None when the peer is not installed there."""
    environment = {**os.environ, "PYTHONPATH": str(SHARED), "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    command = [python, __file__, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    if done.returncode:
        last = done.stderr.strip().splitlines()[-1:] or ["no message"]
        print(f"  ({' '.join(arguments)}: {last[0]})", file=sys.stderr)
        return None
    return json.loads(done.stdout.strip().splitlines()[-1])


def goal(said: str, value: float | None, limit: float, *, at_most: bool = True, unit: str = "x") -> bool:
    """Print one line of the table; returns whether the goal is missed."""
    if value is None:
        print(f"| {said} | not measured | {'<=' if at_most else '>='} {limit:g} {unit} | - |")
        return False
    missed = value > limit if at_most else value < limit
    shown = f"{value:,.2f}" if value < 100 else f"{value:,.0f}"
    print(
        f"| {said} | {shown} {unit} | {'<=' if at_most else '>='} {limit:g} {unit} | {'MISSED' if missed else 'met'} |"
    )
    return missed


def main() -> int:
    """Print the table; 1 when a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--peers", default=sys.executable, help="interpreter that has Aequitas")
    parser.add_argument("--only", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        work = measure_ours if options.only == "ours" else PEERS[options.only]
        print(json.dumps(work(options.rows)))
        return 0
    rows = ["--rows", str(options.rows)]
    ours = _in_process([*rows, "--only", "ours"])
    small = _in_process(["--rows", "10000", "--only", "ours"])
    if not isinstance(ours, dict) or not isinstance(small, dict):
        return 1
    pandas = _in_process([*rows, "--only", "pandas"])
    by_objects, by_arrow = (pandas["objects"], pandas["arrow"]) if isinstance(pandas, dict) else (None, None)
    fairlearn = _in_process([*rows, "--only", "fairlearn"])
    aequitas = _in_process([*rows, "--only", "aequitas"], options.peers)
    unit = f"{ours['bincount'] * 1e3:.2f} ms"
    print(f"CPU time, {options.rows:,} rows, {sys.platform}, one thread. One np.bincount: {unit}.\n")
    print("| what | measured | goal | |")
    print("|---|---|---|---|")
    with_interval = ours["codes"] + ours["bootstrap"]
    missed = [
        goal(
            "counts, all metrics, all pairs and the triple, intervals, from codes", ours["codes"] / ours["bincount"], 8
        ),
        goal(
            "the same from str objects, against pandas' group-by alone",
            _ratio(ours["objects"], by_objects),
            1,
        ),
        goal("the same from Arrow texts, against pandas' group-by alone", _ratio(ours["arrow"], by_arrow), 1),
        goal(
            "Aequitas (no intervals) against ours, from str objects",
            _ratio(aequitas, ours["objects"]),
            5,
            at_most=False,
        ),
        goal("Fairlearn, 1,000 replicates, against ours", _ratio(fairlearn, with_interval / 1000), 300, at_most=False),
        goal("1,000 bootstrap replicates", ours["bootstrap"] * 1e3, 250, unit="ms"),
        goal("1,000 bootstrap replicates at 10,000 rows", small["bootstrap"] * 1e3, 250, unit="ms"),
        goal("memory above the codes", ours["memory_mb"], 64, unit="MB"),
        goal("memory of the bootstrap", ours["bootstrap_memory_mb"], 64, unit="MB"),
    ]
    print(f"\nThe report with its texts and verdicts (131 groups): {ours['report'] * 1e3:.0f} ms, whatever the rows.")
    print("Fairlearn's cost is that of 2 replicates, scaled to 1,000.")
    return int(any(missed))


def _ratio(one: object, other: object) -> float | None:
    return float(one) / float(other) if isinstance(one, float) and isinstance(other, float) else None


if __name__ == "__main__":
    sys.exit(main())
