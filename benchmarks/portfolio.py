"""A portfolio PDF: 100 models by every framework that ships, all answers given, findings in each; time and memory.

    PYTHONPATH=shared:. .venv/bin/python benchmarks/portfolio.py [MODELS ...]

Each size runs in a process of its own, three times; the median time and the largest peak are told. The store is in
memory, so this is collecting and typesetting without the network. Every pack stands at half of the models or at all:
every second one generates content, which one pack is about and another leaves out. The function that makes reports has
1 GB and 120 s.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from benchmarks.compliance import FACTS, NOW
from syndic.adapters.memory import MemoryAudit, MemoryBus, MemoryStore
from syndic.canonical import sha256_of
from syndic.compliance.definitions.load import built_in
from syndic.compliance.evaluation.evaluate import evaluate_all
from syndic.models import (
    Cloud,
    Endpoint,
    EndpointVariant,
    Evidence,
    EvidenceStatus,
    RegisteredModel,
    TimeWindow,
    to_json,
)
from syndic.ports import Key, Record
from syndic.records import model_key, put_evidence
from syndic.reports.content.collect import collect
from syndic.reports.content.view import judged
from syndic.reports.formats.pdf import report_pdf
from syndic.reports.models import ReportRequest

RUNS = 3
FOUND = {"drift.run": "income drifts: PSI 0.41 against a threshold of 0.25", "bias.run": "adverse impact for age <=25"}
ANSWERED = {
    "classification.hiring_nyc": {"bound": True},
    "classification.soc2": dict.fromkeys(("availability", "confidentiality", "processing_integrity", "privacy"), True),
}
NOES = frozenset({"insurer", "health_entity"})  # by a yes to these, a pack is not about a model


def answers(*, generative: bool) -> dict[str, dict[str, Any]]:
    """Every questionnaire answered, those of the packs by yes, so that a pack stands where it can."""
    found: dict[str, dict[str, Any]] = {**FACTS, **ANSWERED}
    found["classification.ai_act"] = {**found["classification.ai_act"], "generative": generative}
    for compiled in built_in().values():
        if kind := compiled.framework.questionnaire:
            asked = compiled.framework.questions
            found[kind] = {name: generative if name == "generative" else name not in NOES for name in asked}
    return found


def add_model(store: MemoryStore, name: str, *, generative: bool) -> None:
    """A model with every questionnaire answered, ten windows of drift, and a fairness finding."""
    endpoint = Endpoint(
        cloud=Cloud.AWS, scope="123456789012/eu-central-1", name=name, status="InService",
        resource_id=f"arn:aws:sagemaker:eu-central-1:123456789012:endpoint/{name}",
        variants=(EndpointVariant(name="AllTraffic", model_name=f"{name}-7", weight=1.0),),
    )  # fmt: skip
    model = RegisteredModel(
        id=name, name=name, cloud=Cloud.AWS, owner="owner@example.org", endpoint=endpoint, registered_at=NOW,
        intended_purpose="Estimates whether an applicant will repay a consumer loan.",
        data_sources=("loan applications", "payment history"), oversight_plan="A clerk decides; the score is advice.",
    )  # fmt: skip
    store.put(Record(model_key(name), to_json(model)))
    window = TimeWindow(start=datetime(2026, 10, 1, tzinfo=UTC), end=datetime(2026, 11, 1, tzinfo=UTC))
    for kind, facts in answers(generative=generative).items():
        failing = kind in FOUND
        put_evidence(
            store,
            Evidence(
                kind=kind, model_id=name, facts={**facts, "model_version": f"{name}-7"}, source=kind,
                status=EvidenceStatus.FAILING if failing else EvidenceStatus.PASSING,
                summary=FOUND.get(kind, f"{kind} is fine"), produced_at=NOW - timedelta(hours=1),
                sha256=sha256_of([name, kind]), window=window if kind == "bias.run" else None,
            ),
        )  # fmt: skip
    for month in range(1, 11):
        span = TimeWindow(start=datetime(2026, month, 1, tzinfo=UTC), end=datetime(2026, month + 1, 1, tzinfo=UTC))
        columns = {f"column_{number}": {"psi": 0.01 * number * month} for number in range(8)}
        point = {"window": to_json(span), "verdict": "drift", "severity": "high", "rows": 1000, "columns": columns}
        store.put(Record(Key(f"drift.{name}", f"point.{span.key}"), {"point": point}))
        store.put(Record(Key(f"drift.{name}", span.key), {"policy": {"psi_threshold": 0.25}}))
    groups = {
        label: {"n": 200, "is_reference": label == ">25", "verdict": verdict, "reason": "numbers as shown",
                "disparate_impact": {"value": value, "low": value - 0.1, "high": value + 0.1}}
        for label, value, verdict in (("<=25", 0.795, "adverse_impact_indicated"), (">25", 1.0, "reference"))
    }  # fmt: skip
    rule = {"metric": "disparate_impact", "threshold": 0.8, "enabled": True}
    body = {
        "outcome": "prediction",
        "attributes": {"age": {"reference": ">25", "groups": groups}},
        "policy": {"fairness_metrics": [rule]},
    }
    store.put(Record(Key(f"bias.{name}", f"prediction.{window.key}"), body))


def run(models: int) -> dict[str, float]:
    """One report in this process: seconds of collecting and typesetting, megabytes at the peak and of the file."""
    store, audit, bus = MemoryStore(), MemoryAudit(), MemoryBus()
    for number in range(models):
        add_model(store, f"model-{number:03}", generative=number % 2 == 1)
    evaluate_all(store=store, audit=audit, bus=bus, now=NOW)
    began = time.perf_counter()
    content = collect(ReportRequest(), store=store)
    collected = time.perf_counter()
    data = report_pdf(content)
    done = time.perf_counter()
    standing = {status.framework_id for section in content.sections for status in judged(section)}
    if models > 1 and standing != set(built_in()):
        raise SystemExit(f"not about any model, so not measured: {sorted(set(built_in()) - standing)}")
    with Path("/proc/self/status").open(
        encoding="ascii"
    ) as status:  # not ru_maxrss: a child's starts with its parent's
        peak = next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
    return {
        "collect": collected - began,
        "typeset": done - collected,
        "peak": peak / 1024,
        "file": len(data) / 1e6,
        "packs": len(standing),
    }


def main(sizes: list[int]) -> None:
    """Print a line for each size."""
    print("models  packs  collect  typeset     peak     file")
    for models in sizes:
        command = [sys.executable, __file__, "--one", str(models)]
        found = [json.loads(subprocess.run(command, check=True, capture_output=True).stdout) for _ in range(RUNS)]
        collect_s, typeset_s, size = (
            statistics.median(it[name] for it in found) for name in ("collect", "typeset", "file")
        )
        peak = max(it["peak"] for it in found)
        packs = min(it["packs"] for it in found)
        print(f"{models:6}  {packs:5}  {collect_s:5.1f} s  {typeset_s:5.1f} s  {peak:4.0f} MB  {size:4.1f} MB")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(run(int(sys.argv[2]))))
    else:
        main([int(size) for size in sys.argv[1:]] or [1, 10, 100])
