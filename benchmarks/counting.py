"""A captured window from its bytes to three verdicts, beside decoding its envelopes and one sort.

    make bench-counting

CPU seconds, one thread, medians of interleaved rounds. Goals: 100,000 lines of 60 columns in at most 3 times the
decoding of the envelopes plus one sort of the numeric columns; 10,000 rows of 60 columns judged for drift in at most 8
times one sort.
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "shared")]
# numpy's AVX-512 sort is several times slower than its AVX2 one on Zen 4, which would flatter the ratio.
os.environ |= {"NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR", "OPENBLAS_NUM_THREADS": "1"}

import msgspec  # noqa: E402
import numpy as np  # noqa: E402

GOALS = {"bytes to three verdicts": 3.0, "10,000 rows judged": 8.0}
BLOCK = 8 * 1024 * 1024
HOUR = datetime(2026, 11, 30, 10, tzinfo=UTC)


class _Payload(msgspec.Struct, gc=False):
    data: str


class _Sides(msgspec.Struct, gc=False):
    endpointInput: _Payload  # noqa: N815 (AWS's names)
    endpointOutput: _Payload  # noqa: N815


class _Metadata(msgspec.Struct, gc=False):
    eventId: str  # noqa: N815
    inferenceTime: str  # noqa: N815


class _Line(msgspec.Struct, gc=False):
    captureData: _Sides  # noqa: N815
    eventMetadata: _Metadata  # noqa: N815


def cpu(work: Callable[[], Any]) -> float:
    """CPU seconds of a call."""
    begun = time.process_time()
    work()
    return time.process_time() - begun


def main() -> int:
    """Print both ratios; 1 when one is over its goal."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--lines", type=int, default=100_000)
    parser.add_argument("--profile", action="store_true", help="where the time goes, by function")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    from benchmarks.counted_window import judged_rows, made, sorted_columns, verdicts

    data, world = made(asked.lines, HOUR)
    decode = msgspec.json.Decoder(_Line).decode_lines
    if asked.profile:
        import cProfile

        verdicts(world)
        cProfile.runctx("verdicts(world)", globals(), {"verdicts": verdicts, "world": world}, sort="tottime")
        return 0
    columns = sorted_columns(data)
    few = [column[:10_000] for column in columns]
    rows = judged_rows(data, 10_000)
    seconds: dict[str, list[float]] = {name: [] for name in ("envelopes", "sort", "verdicts", "sort 10k", "judge 10k")}
    for number in range(asked.rounds + 1):
        found = {
            "envelopes": cpu(lambda: decode(data)),
            "sort": cpu(lambda: [np.sort(column) for column in columns]),
            "verdicts": cpu(lambda: verdicts(world)),
            "sort 10k": cpu(lambda: [[np.sort(column) for column in few] for _ in range(10)]) / 10,
            "judge 10k": cpu(lambda: [rows() for _ in range(10)]) / 10,
        }
        for name, one in found.items():
            if number:  # the first warms up
                seconds[name].append(one)
    median = {name: statistics.median(values) for name, values in seconds.items()}
    ratios = {
        "bytes to three verdicts": median["verdicts"] / (median["envelopes"] + median["sort"]),
        "10,000 rows judged": median["judge 10k"] / median["sort 10k"],
    }
    print(f"{len(data) / 1e6:.0f} MB; " + ", ".join(f"{name} {1000 * one:.1f} ms" for name, one in median.items()))
    for name, ratio in ratios.items():
        print(f"{name}: {ratio:.2f} x (goal {GOALS[name]:g})")
    return any(ratio > GOALS[name] for name, ratio in ratios.items())


if __name__ == "__main__":
    sys.exit(main())
