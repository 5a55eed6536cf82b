"""Evaluate 1,000 models by all frameworks: with all evidence new, with nothing new, and with one run new per model.

    PYTHONPATH=shared:. .venv/bin/python benchmarks/compliance.py [MODELS]

The store is in memory, so this is the functions' own time without the network. The daily call evaluates the first
models; each of the others has a message of its own, which the functions of a queue take side by side.
"""

from __future__ import annotations

import resource
import sys
import time
from datetime import UTC, datetime, timedelta

from syndic.adapters.memory import MemoryAudit, MemoryBus, MemoryStore
from syndic.canonical import sha256_of
from syndic.compliance.definitions.load import built_in
from syndic.compliance.evaluation.evaluate import evaluate_all, evaluate_model
from syndic.models import Cloud, Evidence, EvidenceChanged, EvidenceStatus, RegisteredModel, to_json
from syndic.ports import Record
from syndic.records import model_key, put_evidence

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
ANSWERS = {
    "level": "high", "route": "annex_iii", "area": "5b", "provider": True, "deployer": True, "prohibited": [],
    "prohibited_added": [], "contradictions": [], "public_body": False, "at_workplace": False, "talks_to_people": False,
    "generative": False, "needs_exposure_notice": False, "special_categories_for_bias": False, "gpai_provider": False,
    "gpai_systemic": False, "gpai_before_2025_08_02": False, "on_market_before_2026_08_02": False,
    "legacy_public_authority": False, "in_scope": True, "open_questions": [], "conformity_route": "annex_vi",
    "importer": False, "distributor": False, "authorised_representative": False, "third_party_supplies": False,
    "own_name": False, "substantially_modified": False, "purpose_changed": False, "open_source": False,
    "public_service": False, "screened": True, "screened_added": True,
}  # fmt: skip
FACTS = {
    "drift.run": {}, "quality.run": {}, "bias.run": {}, "registry.promotion": {}, "audit.verified": {},
    "capture.config": {"enabled": True, "sampling_percent": 100, "windows_without_files": 0,
                       "oldest_hour": "2026-05-01T00:00:00+00:00", "newest_hour": "2026-11-20T23:00:00+00:00"},
    "registry.profile": {"empty": [], "thin": [], "domain_named": True, "owner_named": True, "cloud": "aws"},
    "classification.ai_act": ANSWERS,
    "classification.processing": {"personal_data": True, "special_categories": False, "basis": "contract",
                                  "solely_automated": False, "dpia_required": True},
}  # fmt: skip


def put(store: MemoryStore, model_id: str, kind: str, at: datetime) -> None:
    facts = FACTS[kind]
    put_evidence(
        store,
        Evidence(
            kind=kind, model_id=model_id, status=EvidenceStatus.PASSING, summary=kind, facts=facts, source=kind,
            sha256=sha256_of([model_id, kind, at.isoformat()]), produced_at=at,
        ),
    )  # fmt: skip


def main(models: int) -> None:
    store, audit = MemoryStore(), MemoryAudit()
    for number in range(models):
        name = f"model-{number:04}"
        model = RegisteredModel(id=name, name=name, cloud=Cloud.AWS, registered_at=NOW)
        store.put(Record(model_key(name), to_json(model)))
        for kind in FACTS:
            put(store, name, kind, NOW)
    began = time.perf_counter()
    built_in()
    print(f"load and compile {len(built_in())} frameworks: {time.perf_counter() - began:.2f} s")
    for label, at in (
        ("all new", NOW),
        ("nothing new", NOW + timedelta(hours=1)),
        ("one run new", NOW + timedelta(days=1)),
    ):
        if label == "one run new":
            for number in range(models):
                put(store, f"model-{number:04}", "drift.run", at)
        bus = MemoryBus()
        began = time.process_time()
        report = evaluate_all(store=store, audit=audit, bus=bus, now=at)
        took = time.process_time() - began
        print(f"{label}: {report.models} models, {report.statuses} statuses, {report.changed} changed: {took:.1f} s")
        handed_on = [event.model_id for event in bus.published if isinstance(event, EvidenceChanged)]
        began = time.process_time()
        for model_id in handed_on:
            evaluate_model(model_id, store=store, audit=audit, bus=bus, now=at)
        took = time.process_time() - began
        print(f"{label}: {len(handed_on)} models handed on, {1000 * took / max(1, len(handed_on)):.1f} ms a message")
    print(f"peak memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB (the store included)")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1000)
