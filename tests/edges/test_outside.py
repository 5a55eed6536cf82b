"""A model that no cloud runs, from registration to production by the client alone."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from syndic.models import to_json
from syndic.tasks import bias, compliance, counter, drift, quality
from syndic.tasks.discovery import discover
from syndic_client import errors
from syndic_client.schemas import ApprovalPolicy, BiasPolicy, ProtectedAttribute
from tests.edges.calling import Gateway
from tests.edges.envelopes import bridge_event
from tests.edges.world import QUIET, SHIFTED, World

COLUMNS = {
    "inputs": [
        {"name": "amount", "kind": "numeric"},
        {"name": "sex", "kind": "categorical", "role": "protected"},
    ],
    "outputs": [{"name": "granted", "kind": "categorical", "role": "prediction"}],
    "label": {"name": "repaid", "kind": "categorical", "role": "label"},
}
PROFILE: dict[str, Any] = {
    "name": "Scoring on premises",
    "owner": "olga@example.org",
    "intended_purpose": "Decides on consumer credit up to 10,000 EUR; people look at each refusal.",
    "limitations": "Not for companies, and not for applicants without two years of history.",
    "data_sources": ["applications of 2025"],
    "oversight_plan": "Two clerks look at each refusal and may decide otherwise; the team looks at drift each day.",
    "capture_schema": COLUMNS,
}
TAKES = {"drift": drift.take, "quality": quality.take, "bias": bias.take}


def applications(rows: int, seed: int) -> Iterator[dict[str, Any]]:
    draw = random.Random(seed)  # noqa: S311
    for _ in range(rows):
        sex = draw.choice(["female", "male"])
        yield {"amount": round(draw.lognormvariate(7, 0.5), 2), "sex": sex, "granted": draw.choice(["yes", "no"])}


def traffic(day: datetime, rows: int = 4000) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{day:%d}-{number}",
            "at": day + timedelta(hours=9, seconds=number % 7200),
            "inputs": {"amount": one["amount"], "sex": one["sex"]},
            "outputs": {"granted": one["granted"]},
        }
        for number, one in enumerate(applications(rows, day.day))
    ]


@pytest.fixture
def world(wire: Callable[[str], World]) -> World:
    return wire("empty")


def work(world: World) -> None:
    """The schedule of discovery, then whatever waits, as the queues hand it over."""
    discover(world)
    while world.bus.published:
        waiting = list(world.bus.published)
        world.bus.published.clear()
        for event in waiting:
            body = json.dumps(bridge_event(to_json(event)))
            if event.type == "CountRequested":
                counter.take(body, world)
            elif event.type == "WindowCounted":
                TAKES[event.check](body, world)
            elif event.type == "EvidenceChanged":
                compliance.take(body, world)


def test_from_registration_to_production(world: World) -> None:
    gateway = Gateway(sent=world.captures.add)
    owner, admin = gateway.client("model_owner"), gateway.client("admin")
    model = owner.models.register(**PROFILE)
    evaluation = [
        {"name": name, "location": f"https://files.example.org/{name}", "sha256": hashlib.sha256(b"").hexdigest()}
        for name in ("classification_report.json", "confusion_matrix.png")
    ]
    version = owner.registry.add_version(
        model, version="7", metrics={"auc": 0.81}, artefacts=evaluation,
        training={"dataset_sha256": "a" * 64, "rows": 4000, "features": 2},
    )  # fmt: skip
    table = "amount,sex,granted\n" + "".join(
        f"{one['amount']},{one['sex']},{one['granted']}\n" for one in applications(4000, 1)
    )
    owner.drift.set_baseline(model, uri=owner.models.upload(model, table.encode(), kind="baseline", suffix="csv"))
    fairness = BiasPolicy(
        favourable=("yes",), outcomes=("prediction",), protected_attributes=(ProtectedAttribute(name="sex"),)
    )
    owner.bias.set_policy(model, fairness)
    for day in (QUIET, SHIFTED):
        kept = owner.models.capture(model, traffic(day), version=version)
    owner.models.add_labels(model, {f"03-{number}": "yes" for number in range(100)}, label_delay_days=30)
    work(world)

    assert (kept.rows, kept.version, kept.hours) == (
        4000,
        "7",
        (SHIFTED + timedelta(hours=9), SHIFTED + timedelta(hours=10)),
    )
    report = owner.drift.get_metrics(model)
    assert (report.verdict, report.window.end) == ("no_drift", SHIFTED + timedelta(days=1))
    assert report.intake.used == report.intake.read == 4000
    assert owner.bias.get_metrics(model).reports

    policy = ApprovalPolicy(
        name="outside", description="One other person, on fresh evidence.", approvers=1, waivers_allowed=False,
        evidence={"drift.run": timedelta(days=7), "bias.run": timedelta(days=7)},
    )  # fmt: skip
    admin.registry.save_approval_policy(policy)
    admin.registry.set_approval_policy(model, "outside")
    owner.models.set_risk(model, level="limited", reason="people decide on every refusal themselves")
    owner.models.set_compliance_status(model, status="under_review", reason="ready to be looked at")
    gateway.client("compliance_officer").models.set_compliance_status(model, status="approved", reason="looked at it")
    owner.registry.promote(model, version, stage="staging", reason="release 2026.3")
    with pytest.raises(errors.GateRefusedError):
        owner.registry.promote(model, version, stage="production", reason="release 2026.3")
    asked = owner.registry.request_approval(model, version)
    gateway.client("product_owner").registry.vote(
        model, asked, role="product_owner", decision="approve", comment="evidence is fresh"
    )
    stages = owner.registry.promote(model, version, stage="production", reason="release 2026.3")

    assert stages.of["7"] == "production"
    gate = owner.registry.gate(model, version)
    assert {one.name: one.met for one in gate.conditions}["evidence:drift.run"]
    assert not [one for one in gate.conditions if one.waived_by]
