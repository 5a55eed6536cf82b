"""What a month costs whatever the models do: alarms, polling, keys, schedules; and what a mapped window adds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HOURS = 730.0  # of a month
TEMPLATE = Path(__file__).parents[1] / "build" / "cost" / "Syndic.template.json"
"""Made by `make bench-cost`."""


def mapped(prices: dict[str, Any]) -> float:
    """What counting every hour by a map would add to a model's month: 60 files are one part, and there is the merge."""
    transitions = 4 + 4  # start, map, merge, end; of a part: start, count, end, and one more
    calls = 2 * prices["lambda_call"]
    objects = 4 * prices["s3_put"] + 5 * prices["s3_get"]
    merging = 1.5 * 1769 / 1024 * prices["lambda_gb_second_arm64"]
    return HOURS * (transitions * prices["states_transition"] + calls + objects + merging)


def fixed(prices: dict[str, Any]) -> dict[str, float]:
    """What a month costs without a model: from the synthesized template, and schedules that find nothing to do."""
    template = json.loads(TEMPLATE.read_text("utf-8"))["Resources"].values()
    kinds = [(one["Type"], one.get("Properties", {})) for one in template]
    watched = sum(
        max(1, sum("MetricStat" in m for m in p.get("Metrics", []))) for k, p in kinds if k.endswith("::Alarm")
    )
    queues = sum(kind == "AWS::Lambda::EventSourceMapping" for kind, _ in kinds)
    keys = sum(kind == "AWS::KMS::Key" for kind, _ in kinds)
    minutes = 60 * HOURS
    calls = minutes * (1 + 1 / 5 + 1 / 15) + HOURS  # the sequencer, rollouts, digests, discovery
    return {
        f"{watched} alarms": watched * prices["alarm_metric_month"],
        # Two requests are out at any time, each waiting 20 seconds, for each queue: what Lambda does at least.
        f"idle polling of {queues} queues": queues * 2 * minutes * 3 * prices["sqs_request"],
        f"{keys} key": keys * prices["kms_key_month"],
        "schedules": calls * (prices["lambda_call"] + 0.1 * 0.5 * prices["lambda_gb_second_arm64"])
        + calls * 8 * prices["dynamodb_read_unit"],
    }
