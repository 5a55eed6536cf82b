"""What a model costs: calls and units of the real code on moto, its CPU seconds, and a dated table of prices.

    make bench-cost              # prints, and ends with 1 when a goal is missed
    make bench-cost WRITE=1      # and writes docs/cost.md

One model: 60 captured files and 10,000 rows of 60 columns an hour, drift, quality and bias of each hour, for a day each
with the files of the first day, of 30 and of 365 days. Functions run as queues and schedules would call them, in this
process.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
import statistics
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from string import Template
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "shared")]
os.environ |= {"NPY_DISABLE_CPU_FEATURES": "X86_V4 AVX512_ICL AVX512_SPR", "OPENBLAS_NUM_THREADS": "1"}

from benchmarks.cost_standing import HOURS, TEMPLATE, fixed, mapped  # noqa: E402 - behind the path

PRICES = Path(__file__).with_name("prices") / "us_east_1.json"
FORM = Path(__file__).with_name("cost_page.md")
PAGE = ROOT / "docs" / "cost.md"
AGES = (1, 30, 365)
MEMORY = {"discovery": 512, "counter": 1769, "drift": 1769, "quality": 1769, "bias": 1769, "compliance": 512}
"""Of the functions that a model's hour calls: `SHAPES` in cdk/constructs/functions.py. The others: 512."""

SLOWER = 1.4  # Graviton beside the core of this run: assumed
CALL_CPU = 0.001  # seconds of the SDK's own work a call: assumed
WAITS = {  # seconds that a call takes: assumed
    "s3.GetCaptured": 0.030, "s3.GetObject": 0.030, "s3.PutObject": 0.040, "s3.ListObjectsV2": 0.060,
    "dynamodb.TransactWriteItems": 0.015, "dynamodb": 0.006, "events.PutEvents": 0.025,
}  # fmt: skip
GOALS = {
    "write units": 100.0, "read units": 80.0, "LIST": 2.0, "GET": 70.0, "GB-seconds": 8.0, "$ a model-month": 0.20,
}  # fmt: skip
FLAT = 1.05
"""Day 365 beside day 1."""

MAPPED_GOAL = 0.20
FIXED_GOAL = 10.0
SETTLING, COUNTED = 3, 24
"""Hours that are run before those that are counted: the first ones set up what later ones find; and a whole day."""


@dataclass(frozen=True)
class Hour:
    """What one model used: an ordinary hour, and the mean of a day's."""

    days: int
    quantities: dict[str, float]
    mean: dict[str, float]
    dollars: dict[str, float]
    functions: dict[str, dict[str, float]]


def measured(ages: Sequence[int], prices: dict[str, Any]) -> list[Hour]:
    """Run the code for some hours at each age and count a day of them."""
    from botocore.client import BaseClient
    from moto import mock_aws

    from benchmarks import cost_world as made
    from benchmarks.cost_meter import Meter

    send = BaseClient._make_api_call
    os.environ |= {"AWS_ACCESS_KEY_ID": "t", "AWS_SECRET_ACCESS_KEY": "t", "AWS_DEFAULT_REGION": "eu-central-1"}
    found: list[Hour] = []
    try:
        with mock_aws():
            meter = Meter()
            world = made.made(meter)
            start = hour = made.NOW.replace(minute=0) - timedelta(hours=3)
            for days in ages:
                if days > 1:
                    made.age(meter, days, until=start)
                counted: list[dict[str, dict[str, float]]] = []
                for number in range(SETTLING + COUNTED):
                    meter.used.clear()
                    made.capture(meter, hour, seed=len(found) * 100 + number)
                    hour += made.HOUR
                    world.moment = hour + timedelta(minutes=20)
                    run_hour(world, meter)
                    if number >= SETTLING:
                        counted.append({name: _function(name, used) for name, used in sorted(meter.used.items())})
                found.append(_day(days, counted, prices))
            return found
    finally:
        BaseClient._make_api_call = send  # type: ignore[method-assign]


def run_hour(world: Any, meter: Any) -> None:
    """One round of discovery, and all that it sets going."""
    from syndic.tasks import alerting, bias, compliance, counter, discovery, drift, quality, trail

    meter.events.clear()
    with meter.working("discovery"):
        discovery.discover(world)
    judges = {"drift": drift.take, "quality": quality.take, "bias": bias.take}
    done = 0
    changes: list[str] = []
    while done < len(meter.events) or changes:
        if done == len(meter.events):
            with meter.working("compliance"):
                first = compliance.once_a_batch()
                for body in changes:
                    first(body, world)
            changes = []
            continue
        detail = meter.events[done]
        done += 1
        body = json.dumps({"detail-type": detail["type"], "detail": detail})
        if detail["type"] == "CountRequested":
            name, take = "counter", counter.take
        elif detail["type"] in {"WindowCounted", "CheckRequested"}:
            name, take = detail["check"], judges[detail["check"]]
        elif detail["type"] == "EvidenceChanged":  # the queue waits half a minute for the others of a batch
            changes.append(body)
            continue
        elif detail["type"] in {"ListingRequested", "LookRequested", "JobsRequested"}:
            name, take = "discovery", discovery.take
        elif detail["type"] == "FindingsChanged":
            name, take = "alerting", alerting.take
        else:
            continue
        with meter.working(name):
            take(body, world)
    with meter.working("audit"):
        trail.run(world)


def _day(days: int, hours: Sequence[dict[str, dict[str, float]]], prices: dict[str, Any]) -> Hour:
    """The ordinary hour has the median of each quantity; functions and dollars are the mean of all hours."""
    each = [_quantities(functions) for functions in hours]
    ordinary = {name: statistics.median(one[name] for one in each) for name in each[0]}
    mean = {name: statistics.fmean(one[name] for one in each) for name in each[0]}
    nothing = dict.fromkeys(next(iter(hours[0].values())), 0.0)
    functions = {
        name: {key: statistics.fmean(hour.get(name, nothing)[key] for hour in hours) for key in nothing}
        for name in sorted({name for hour in hours for name in hour})
    }
    lambda_ = mean["GB-seconds"] * prices["lambda_gb_second_arm64"] + mean["invocations"] * prices["lambda_call"]
    hourly = {
        "Lambda": lambda_,
        "DynamoDB writes": mean["write units"] * prices["dynamodb_write_unit"],
        "DynamoDB reads": mean["read units"] * prices["dynamodb_read_unit"],
        "S3": mean["LIST"] * prices["s3_list"] + mean["GET"] * prices["s3_get"] + mean["PUT"] * prices["s3_put"],
        # Each message is sent, taken and deleted.
        "events and queues": mean["events"] * (prices["eventbridge_event"] + 3 * prices["sqs_request"]),
        "logs": mean["invocations"] * 1.5e-6 * prices["logs_gb"],  # about 1.5 KB an invocation
    }
    dollars = {name: HOURS * one for name, one in hourly.items()}
    month = {"$ a model-month": sum(dollars.values())}
    return Hour(days, ordinary | month, mean | month, dollars, functions)


def _quantities(functions: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    names = {
        "write units": "writes", "read units": "reads", "LIST": "lists", "GET": "gets", "PUT": "puts",
        "events": "events", "invocations": "invocations", "GB-seconds": "gb_seconds",
    }  # fmt: skip
    return {name: sum(one[key] for one in functions.values()) for name, key in names.items()}


def _function(name: str, used: Any) -> dict[str, float]:
    from benchmarks.cost_world import CALLS_AT_ONCE

    waited = 0.0
    for call, number in used.calls.items():
        seconds = WAITS.get(call, WAITS.get(call.partition(".")[0], 0.0))
        at_once = CALLS_AT_ONCE if call == "s3.GetCaptured" else 1
        waited += -(-number // at_once) * seconds
    made = sum(number for call, number in used.calls.items() if "." in call)
    seconds = SLOWER * (used.cpu + CALL_CPU * made) + waited
    return {
        "invocations": used.invocations, "cpu": used.cpu, "seconds": seconds,
        "gb_seconds": seconds * MEMORY.get(name, 512) / 1024,
        "writes": used.write_units, "reads": used.read_units,
        "lists": used.calls["s3.ListObjectsV2"], "gets": used.calls["s3.GetCaptured"] + used.calls["s3.GetObject"],
        "puts": used.calls["s3.PutObject"], "events": used.calls["events"],
    }  # fmt: skip


def page(hours: Sequence[Hour], prices: dict[str, Any], standing: Mapping[str, float]) -> str:
    """docs/cost.md."""
    last = hours[-1]
    ages = " | ".join(f"day {hour.days}" for hour in hours)
    rows = [f"| | {ages} | goal | {ages.replace('day', 'mean, day')} |", f"|---|{'---|' * (2 * len(hours) + 1)}"]
    pairs = [(hour.quantities, hour.mean) for hour in hours]
    for name in last.quantities:
        goal = f"{GOALS[name]:g}" if name in GOALS else ""
        ordinary, mean = ([f"{one[name]:.3g}" for one in kind] for kind in zip(*pairs, strict=True))
        rows.append(f"| {name} | {' | '.join(ordinary)} | {goal} | {' | '.join(mean)} |")
    dollars = [f"| {name} | {' | '.join(f'{hour.dollars[name]:.3f}' for hour in hours)} |" for name in last.dollars]
    functions = [
        f"| {name} | {one['invocations']:.1f} | {one['cpu']:.3f} | {one['seconds']:.2f} | {one['gb_seconds']:.2f} "
        f"| {one['writes']:.1f} | {one['reads']:.1f} | {one['lists']:.1f} | {one['gets']:.1f} |"
        for name, one in last.functions.items()
    ]
    monthly = [f"| {name} | {value:.2f} |" for name, value in standing.items()]
    missing = "; ".join(missed(hours)) or "every goal is met at every age"
    standing_rows = [*monthly, f"| sum | {sum(standing.values()):.2f} |"]
    dollar_head = [f"| $ a month | {' | '.join(f'day {hour.days}' for hour in hours)} |", f"|---|{'---|' * len(hours)}"]
    return Template(FORM.read_text("utf-8")).substitute(
        prices,
        hours=f"{HOURS:g}",
        quantities="\n".join(rows),
        missed=missing,
        dollars="\n".join([*dollar_head, *dollars]),
        last=last.days,
        functions="\n".join(functions),
        slower=SLOWER,
        call_cpu=f"{1000 * CALL_CPU:g}",
        mapped=f"{mapped(prices):.2f}",
        mapped_goal=f"{MAPPED_GOAL:.2f}",
        standing="\n".join(standing_rows),
        fixed_goal=f"{FIXED_GOAL:g}",
        polling=f"{1.5 * next(value for name, value in standing.items() if 'polling' in name):.2f}",
        metric=prices["custom_metric_month"],
    )


def missed(hours: Sequence[Hour]) -> list[str]:
    """Goals that are not met."""
    found = [
        f"day {hour.days}: {name} {hour.quantities[name]:.3g} > {most:g}"
        for hour in hours
        for name, most in GOALS.items()
        if hour.quantities[name] > most
    ]
    return found + [
        f"{name} grows from {hours[0].quantities[name]:.3g} to {hours[-1].quantities[name]:.3g}"
        for name in ("write units", "read units", "LIST", "GET")
        if hours[-1].quantities[name] > FLAT * hours[0].quantities[name]
    ]


def main() -> int:
    """Print the quantities and whether the goals are met."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="write docs/cost.md")
    parser.add_argument("--detail", action="store_true", help="print every function")
    asked = parser.parse_args()
    logging.disable(logging.CRITICAL)
    prices: dict[str, Any] = json.loads(PRICES.read_text("utf-8"))
    hours = measured(AGES, prices)
    for hour in hours:
        for kind, one in (("ordinary hour", hour.quantities), ("mean of a day", hour.mean)):
            print(f"day {hour.days}, {kind}: " + ", ".join(f"{name} {value:.3g}" for name, value in one.items()))
        if asked.detail:
            for name, used in hour.functions.items():
                print(f"   {name:12}" + " ".join(f"{key} {value:.3g}" for key, value in used.items()))
    standing = fixed(prices) if TEMPLATE.exists() else {}
    print("without a model: " + ", ".join(f"{name} {value:.2f} $" for name, value in standing.items()))
    print(f"mapped: {mapped(prices):.3f} $ a model-month more")
    if asked.write:
        PAGE.write_text(page(hours, prices, standing), encoding="utf-8")
    over = missed(hours)
    if mapped(prices) > MAPPED_GOAL:
        over.append("mapped windows")
    if sum(standing.values()) > FIXED_GOAL:
        over.append("fixed cost")
    print("goals are met" if not over else "missed: " + "; ".join(over))
    return bool(over)


if __name__ == "__main__":
    sys.exit(main())
