"""How fast captured traffic becomes columns, beside the standard library, in one process run.

    python benchmarks/parsing.py [lines] [rounds]

Prints medians of CPU time. The reference does the same work with `json`, `csv` and `float` alone: ids, times, missing
values and numbers into arrays, but none of the checks. One line in a thousand has an empty field, is base64 or holds
three rows, as real traffic does.
"""

from __future__ import annotations

import base64
import csv
import gc
import io
import json
import random
import resource
import statistics
import sys
import time
import tracemalloc
import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from demo.traffic import Call, collector_files, sagemaker_line
from syndic.models import CaptureSchema, ColumnKind, ColumnRole, ColumnSpec
from syndic.windows import parse_collector, parse_sagemaker

FEATURES = 30
NAMES = [f"feature_{place}" for place in range(FEATURES)]
SCHEMA = CaptureSchema(
    inputs=tuple(ColumnSpec(name=name, kind=ColumnKind.NUMERIC) for name in NAMES),
    outputs=(ColumnSpec(name="score", kind=ColumnKind.NUMERIC, role=ColumnRole.SCORE),),
)
MIXED_SCHEMA = CaptureSchema(
    inputs=tuple(
        ColumnSpec(name=name, kind=ColumnKind.CATEGORICAL if place % 5 == 4 else ColumnKind.NUMERIC)
        for place, name in enumerate(NAMES)
    ),
    outputs=SCHEMA.outputs,
)
BLOCK = 8 * 1024 * 1024
START = datetime(2026, 3, 2, tzinfo=UTC)


def rows(dice: random.Random, *, words: bool) -> Iterator[list[Any]]:
    while True:
        yield [
            dice.choice(["north", "south", "east", "west"])
            if words and place % 5 == 4
            else dice.randrange(18, 90)
            if place % 3 == 0
            else round(dice.lognormvariate(3, 2), 4)
            for place in range(FEATURES)
        ]


def make_calls(count: int, *, words: bool = False) -> list[Call]:
    dice = random.Random(1)  # noqa: S311
    source = rows(dice, words=words)
    calls = []
    for number in range(count):
        size = 3 if number % 1000 == 999 else 1
        given = [next(source) for _ in range(size)]
        if number % 1000 == 499:
            given[0][7] = None
        answered = [[round(dice.random(), 6)] for _ in range(size)]
        event_id = str(uuid.UUID(int=dice.getrandbits(128)))
        calls.append(Call(START + timedelta(seconds=number / 40), event_id, given, answered))
    return calls


def sagemaker_bytes(calls: list[Call]) -> bytes:
    lines = (sagemaker_line(call, encoding="BASE64" if n % 1000 == 250 else "CSV") for n, call in enumerate(calls))
    return "".join(f"{line}\n" for line in lines).encode()


def blocks(data: bytes) -> Iterator[bytes]:
    return (data[start : start + BLOCK] for start in range(0, len(data), BLOCK))


def _float(text: str | None) -> float:
    return float(text) if text not in (None, "") else float("nan")


def stdlib_sagemaker(data: bytes, texts: frozenset[int] = frozenset()) -> int:
    given: list[list[Any]] = []
    answered: list[float] = []
    ids: list[str] = []
    times: list[str] = []
    for line in io.BytesIO(data):
        record = json.loads(line)
        metadata = record["eventMetadata"]
        sides = []
        for key in ("endpointInput", "endpointOutput"):
            side = record["captureData"][key]
            text = base64.b64decode(side["data"]).decode() if side["encoding"] == "BASE64" else side["data"]
            sides.append(list(csv.reader(io.StringIO(text))))
        for row in sides[0]:
            if texts:
                given.append([cell if place in texts else _float(cell) for place, cell in enumerate(row)])
            else:
                given.append([_float(cell) for cell in row])
        answered += [_float(row[0]) for row in sides[1]]
        event_id = metadata.get("inferenceId") or metadata["eventId"]
        count = len(sides[0])
        ids += [event_id] if count == 1 else [f"{event_id}#{row}" for row in range(count)]
        times += [metadata["inferenceTime"][:-1]] * count
    columns = [
        np.unique(column, return_inverse=True)[1] if place in texts else np.array(column, float)
        for place, column in enumerate(zip(*given, strict=True))
    ]
    np.array(times, "datetime64[ms]")
    return len(columns[0])


def stdlib_azure(inputs: bytes, outputs: bytes) -> int:
    answers = {}
    for line in io.BytesIO(outputs):
        event = json.loads(line)
        answers[event["correlationid"]] = event["data"]
    given: list[list[float]] = []
    answered: list[float] = []
    ids: list[str] = []
    times: list[str] = []
    nan = float("nan")
    for line in io.BytesIO(inputs):
        event = json.loads(line)
        answer = answers.pop(event["correlationid"])
        count = len(event["data"])
        for row, result in zip(event["data"], answer, strict=True):
            given.append([nan if row[name] is None else float(row[name]) for name in NAMES])
            answered.append(float(result["score"]))
        ids += [event["correlationid"]] if count == 1 else [f"{event['correlationid']}#{i}" for i in range(count)]
        times += [event["time"][:-1]] * count
    columns = np.array(given, float).T.copy()
    np.array(times, "datetime64[ms]")
    return columns.shape[1]


def ours_sagemaker(data: bytes, schema: CaptureSchema) -> int:
    return sum(piece.rows for piece in parse_sagemaker(blocks(data), schema, source="bench"))


def ours_azure(inputs: bytes, outputs: bytes) -> int:
    pieces = parse_collector(
        blocks(inputs),
        SCHEMA,
        source="e/d/model_inputs/2026/03/02/i.jsonl",
        outputs=blocks(outputs),
        outputs_source="e/d/model_outputs/2026/03/02/i.jsonl",
    )
    return sum(piece.rows for piece in pieces)


def medians(functions: list[Callable[[], int]], rounds: int) -> list[float]:
    """CPU seconds, the candidates taking turns."""
    times: list[list[float]] = [[] for _ in functions]
    counts = set()
    for _ in range(rounds):
        for function, taken in zip(functions, times, strict=True):
            gc.collect()
            start = time.process_time()
            counts.add(function())
            taken.append(time.process_time() - start)
    if len(counts) > 1:
        sys.exit(f"the candidates disagree on the number of rows: {counts}")
    return [statistics.median(taken) for taken in times]


def peak_mb(function: Callable[[], int]) -> float:
    """Memory that reading takes at its highest while every piece is dropped after it was counted."""
    gc.collect()
    tracemalloc.start()
    function()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak / 1e6


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    calls = make_calls(count)
    sagemaker = sagemaker_bytes(calls)
    azure = list(dict(collector_files("bench", calls, input_names=NAMES, output_names=["score"])).values())
    mixed = sagemaker_bytes(make_calls(count, words=True))
    texts = frozenset(place for place in range(FEATURES) if place % 5 == 4)
    cases: list[tuple[str, int, Callable[[], int], Callable[[], int]]] = [
        (
            "SageMaker, 30 numbers",
            len(sagemaker),
            lambda: stdlib_sagemaker(sagemaker),
            lambda: ours_sagemaker(sagemaker, SCHEMA),
        ),
        (
            "SageMaker, 24 numbers, 6 words",
            len(mixed),
            lambda: stdlib_sagemaker(mixed, texts),
            lambda: ours_sagemaker(mixed, MIXED_SCHEMA),
        ),
        (
            "Azure ML, 30 numbers, joined",
            len(azure[0]) + len(azure[1]),
            lambda: stdlib_azure(*azure),
            lambda: ours_azure(*azure),
        ),
    ]
    print(f"{count} records a case, medians of {rounds} rounds, CPU time, Python {sys.version.split()[0]}")
    header = f"{'case':<32} {'MB':>6} {'json+csv':>10} {'syndic':>10} {'records/s':>10}"
    print(f"{header} {'MB/s':>6} {'ratio':>6} {'peak MB':>8}")
    for name, size, reference, ours in cases:
        slow, fast = medians([reference, ours], rounds)
        print(
            f"{name:<32} {size / 1e6:6.1f} {slow:9.3f}s {fast:9.3f}s {count / fast:10,.0f} {size / 1e6 / fast:6.0f} "
            f"{slow / fast:5.1f}x {peak_mb(ours):8.1f}"
        )
    print(f"highest memory of the process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3:.0f} MB")


if __name__ == "__main__":
    main()
