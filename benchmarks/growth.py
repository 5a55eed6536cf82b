"""Bytes that a model leaves in the table: of an hour, of a day that is summed up, of a month.

    make bench-growth

The world of `benchmarks/cost.py`: 10,000 rows of 60 columns an hour, drift, quality and bias of each hour, on moto.
Bytes are counted as the vendor bills them: names and contents of items, and 100 an item.
"""

from __future__ import annotations

import logging
import os
import sys
from collections import Counter
from datetime import timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "shared")]
os.environ |= {"AWS_ACCESS_KEY_ID": "t", "AWS_SECRET_ACCESS_KEY": "t", "AWS_DEFAULT_REGION": "eu-central-1"}
HOURS = 730
PER_ITEM = 100


def items() -> dict[tuple[str, str], tuple[int, bool]]:
    """Every item of every table: its bytes, and whether it goes by itself."""
    import boto3

    from benchmarks.cost_meter import size_of

    client = boto3.client("dynamodb")
    found: dict[tuple[str, str], tuple[int, bool]] = {}
    for name in client.list_tables()["TableNames"]:
        for page in client.get_paginator("scan").paginate(TableName=name):
            for item in page["Items"]:
                found[item["pk"]["S"], item["sk"]["S"]] = size_of(item) + PER_ITEM, "ttl" in item
    return found


def measured() -> tuple[Counter[str], Counter[str], dict[str, int]]:
    """Bytes of one hour that go by themselves, those that stay, and those of the summaries of a day, by kind."""
    from moto import mock_aws

    from benchmarks import cost_world as made
    from benchmarks.cost import run_hour
    from benchmarks.cost_meter import Meter
    from syndic.tasks.retention.daily import keep_or_let_go

    with mock_aws():
        meter = Meter()
        world = made.made(meter)
        start = made.NOW.replace(minute=0, hour=0)
        before: dict[tuple[str, str], tuple[int, bool]] = {}
        for number in range(4):
            before = items()
            made.capture(meter, start + number * made.HOUR, seed=number)
            world.moment = start + (number + 1) * made.HOUR + timedelta(minutes=20)
            run_hour(world, meter)
        after = items()
        goes, stays = Counter[str](), Counter[str]()
        for key in after.keys() - before.keys():
            size, expires = after[key]
            (goes if expires else stays)[key[0].partition(".")[0]] += size
        world.moment = start + timedelta(days=135)
        keep_or_let_go(world, None, governs=True, over=lambda: False)
        days = {sort: size for (partition, sort), (size, _) in items().items() if partition.startswith("history.")}
        return goes, stays, {sort: size for sort, size in days.items() if ".day." in sort}


def main() -> int:
    """Print the table of docs/retention.md."""
    logging.disable(logging.CRITICAL)
    goes, stays, days = measured()
    hour, day = sum(goes.values()), sum(days.values())
    print("an hour, goes:", dict(goes), "stays:", dict(stays))
    print("a day:", days)
    month, trail = HOURS * hour / 1e6, HOURS * sum(stays.values()) / 1e6
    print(f"a model-month of results: {month:.1f} MB; of the audit trail, which stays: {trail:.1f} MB")
    at_once = {"hours": 200 * 24 * hour, "days": 1141 * day, "months": 3670 / 30.4 * day}
    print("at any time: " + ", ".join(f"{size / 1e6:.1f} MB of {name}" for name, size in at_once.items()))
    print(f"without retention after 3 years: {36 * month:.0f} MB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
