"""With the rows of both sides at hand the command gives exact statistics, not those of a summary."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner
from scipy import stats

from syndic.cli.checks.drift import command


def test_ks_and_wasserstein_equal_scipys_on_rows(tmp_path: Path) -> None:
    generator = np.random.default_rng(20260921)
    before = np.where(generator.random(30_000) < 0.02, np.nan, generator.lognormal(sigma=1.5, size=30_000))
    now = generator.lognormal(mean=0.05, sigma=1.5, size=5_000)
    for name, values in (("before", before), ("now", now)):
        lines = ["x", *("" if np.isnan(value) else repr(float(value)) for value in values)]
        (tmp_path / f"{name}.csv").write_text("\n".join(lines) + "\n", "utf-8")
    answer = CliRunner().invoke(
        command,
        ["--baseline", str(tmp_path / "before.csv"), "--current", str(tmp_path / "now.csv"), "--format", "json"],
    )
    feature = json.loads(answer.output)["features"]["x"]
    present = before[~np.isnan(before)]
    expected = stats.ks_2samp(present, now, method="asymp").statistic
    assert feature["ks"]["statistic"] == pytest.approx(expected, abs=1e-12)
    assert feature["ks"]["max_error"] == 0
    distance = stats.wasserstein_distance(present, now) / present.std()
    assert feature["wasserstein"] == pytest.approx(distance, rel=1e-9)
