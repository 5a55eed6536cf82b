"""What a model in Azure needs: asked for in AWS, found where its traffic lies, shown when it has come."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import numpy as np
import pytest

from demo.collected import Deployed, Logged, RollingRate, envelope, line
from syndic.adapters.memory import MemoryBus, MemoryCaptures, MemorySource, MemoryStore
from syndic.audit.log import AuditLog
from syndic.discovery.discover import discover_models
from syndic.errors import NotFoundError
from syndic.models import CaptureConfig, CaptureFormat, Cloud, OnboardingRequested, RegisteredModel, to_json
from syndic.onboarding.models import Proposal
from syndic.onboarding.propose import propose
from syndic.onboarding.traffic import BYTES
from syndic.records import get_model
from syndic.registry.versions.versions import change_model
from syndic.tasks.awaited_proposals import ask_for_proposal, proposal_key, show_proposal
from syndic.tasks.onboarding import propose_settings
from tests.edges.world import ENDPOINT as AWS_ENDPOINT
from tests.unit.mirror.two_clouds import ENDPOINT as PLAIN_ENDPOINT
from tests.unit.mirror.two_clouds import MODEL, NOW, QUIET, SCHEMA, TwoClouds, found
from tests.unit.windows.captured import sagemaker, side

FIRST = QUIET - timedelta(days=9)
ENDPOINT = PLAIN_ENDPOINT.model_copy(
    update={
        "capture": CaptureConfig(
            enabled=True, format=CaptureFormat.AZURE_COLLECTOR, uri="https://lake.blob.core.windows.net/data/collected"
        )
    }
)


def calls(seed: int, rows: int, *, wide: int = 0) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    draw = np.random.default_rng(seed)
    made = []
    for row in range(rows):
        asked = {
            "application_id": f"a-{seed}-{row}",
            "amount": round(float(draw.normal(100, 15)), 2),
            "applicantSex": "female" if draw.random() < 0.5 else "male",
            **({"note": "x" * wide} if wide else {}),
        }
        chance = round(float(draw.random()), 4)
        made.append((asked, {"granted": "yes" if chance > 0.4 else "no", "chance": chance}))
    return made


def collection_files(
    at: datetime, given: list[Any], rate: RollingRate = RollingRate.HOUR
) -> Iterator[tuple[str, bytes]]:
    """What the two collections of a deployment hold of some calls: files of their own, joined by the call's id."""
    deployed = Deployed("car-loan", rate=rate)
    for place, collection in enumerate(("model_inputs", "model_outputs")):
        logged = (
            Logged(f"{collection}-{at}-{row}", collection, at, [sides[place]], 9, correlation=f"{at}-{row}")
            for row, sides in enumerate(given)
        )
        yield deployed.file(collection, at), b"".join(line(envelope(one, deployed.source)) for one in logged)


def collect(captures: MemoryCaptures, at: datetime, given: list[Any], rate: RollingRate = RollingRate.HOUR) -> None:
    assert ENDPOINT.capture is not None
    for path, data in collection_files(at, given, rate):
        captures.add(f"{ENDPOINT.capture.uri}/{path}", data, modified=at + timedelta(hours=1))


def collected() -> TwoClouds:
    """Nine days of an endpoint in Azure whose collector is on, known on both sides."""
    world = TwoClouds()
    world.azure.source.listed.append(ENDPOINT)
    for day in range(9):
        collect(world.azure.captures, FIRST + timedelta(days=day), calls(day, 60))
    world.azure.discover()
    world.settle()
    return world


def shown(world: TwoClouds) -> Proposal:
    return show_proposal(get_model(world.aws.store, MODEL), store=world.aws.store)


def ask(world: TwoClouds) -> datetime:
    model = get_model(world.aws.store, MODEL)
    return ask_for_proposal(model, bus=world.aws.telling, actor="ada", **world.aws.common)


def actions(world: TwoClouds) -> list[str]:
    trail = [one.body["entry"]["action"] for one in world.azure.store.query("audit", prefix="entry.").records]
    return [one for one in trail if one.startswith("onboarding.")]


def proposed_in_aws() -> Proposal:
    """The same calls, captured by SageMaker and looked at in AWS."""
    store, captures, source = MemoryStore(), MemoryCaptures(), MemorySource("sagemaker 123456789012/eu-central-1")
    source.listed.append(AWS_ENDPOINT)
    for day in range(9):
        at = FIRST + timedelta(days=day)
        lines = sagemaker((side(asked), side(answered)) for asked, answered in calls(day, 60))
        lines = lines.replace(b'"eventId": "', f'"eventId": "{day}-'.encode())
        captures.capture(AWS_ENDPOINT, at, lines, modified=at + timedelta(hours=1))
    audit = AuditLog(store)
    discover_models(sources=[source], store=store, captures=captures, bus=MemoryBus(), audit=audit, now=NOW)
    return propose_settings(get_model(store, AWS_ENDPOINT.model_id), store=store, captures=captures)


def test_azure_proposes_what_aws_proposes_for_the_same_traffic() -> None:
    world = collected()
    with pytest.raises(NotFoundError, match="has to be asked"):
        shown(world)
    asked_at = ask(world)
    waiting = shown(world)
    assert (waiting.awaited_since, waiting.seen, waiting.proposed_at) == (asked_at, None, None)
    assert "awaited from Azure" in waiting.questions[0]
    world.settle()

    proposal, expected = shown(world), proposed_in_aws()
    assert (proposal.awaited_since, proposal.settings_changed) == (None, False)
    assert proposal.proposed_at is not None
    assert proposal.seen is not None
    assert proposal.seen.rows == 2 * 60, "of the last two days"
    assert [one.column for one in proposal.protected_attributes] == ["applicantSex"]
    same = {"window", "capture_schema", "baseline", "protected_attributes", "kept", "questions"}
    assert proposal.model_dump(include=same) == expected.model_dump(include=same)
    row_id, sex = proposal.capture_schema.inputs[0], proposal.capture_schema.inputs[2]  # type: ignore[union-attr]
    assert (row_id.role, sex.name) == ("row_id", "applicantSex")


def test_a_request_is_answered_once_and_a_new_one_when_settings_changed() -> None:
    world = collected()
    first = ask(world)
    assert ask(world) == first, "asked again before it is answered, it is the same request"
    world.settle()
    before = world.azure.store.get(proposal_key(MODEL))
    for late in (first, first - timedelta(hours=1)):
        world.azure.propose(OnboardingRequested(model_id=MODEL, actor="ada", asked_at=late))
    assert world.azure.store.get(proposal_key(MODEL)) == before
    assert actions(world) == ["onboarding.proposed"]

    change_model(MODEL, {"capture_schema": to_json(SCHEMA)}, actor="ada", **world.aws.common)
    old = shown(world)
    assert old.settings_changed
    assert old.capture_schema is None
    assert old.baseline is not None, "what is not set yet still helps"
    assert [*old.kept] == ["capture_schema"]
    second = ask(world)
    assert second > first
    assert shown(world).awaited_since == second
    world.settle()
    new = shown(world)
    assert (new.settings_changed, new.awaited_since, new.capture_schema) == (False, None, None)
    assert [*new.kept] == ["capture_schema"]
    assert not any("row's id" in one for one in new.questions)


def test_only_calls_of_which_both_sides_were_read_are_looked_at() -> None:
    """Thirteen files of each side, of which not all are looked into; inputs are cut, their answers are not."""
    captures, wide = MemoryCaptures(), 4000
    for minute in range(13):
        collect(captures, QUIET + timedelta(minutes=minute), calls(minute, 100, wide=wide), RollingRate.MINUTE)
    model = RegisteredModel(
        id=MODEL, name="car-loan", cloud=Cloud.AZURE, endpoint=ENDPOINT, registered_at=NOW, last_seen_at=NOW
    )
    proposal = propose(model, captures=captures, oldest=QUIET, newest=QUIET, has_baseline=False, has_attributes=False)
    assert proposal.seen is not None
    assert proposal.seen.rows < 6 * BYTES / wide
    assert proposal.seen.records == 2 * proposal.seen.rows
    assert proposal.capture_schema is not None
    assert proposal.capture_schema.inputs[0].role == "row_id", "no row lacks its inputs"


def test_a_model_whose_traffic_is_not_collected_is_said_to_be_so_by_azure() -> None:
    world = found()
    world.azure.source.listed[0] = PLAIN_ENDPOINT.model_copy(update={"capture": None})
    world.azure.discover()
    world.settle()
    ask(world)
    world.settle()
    assert shown(world).questions == ("its traffic is not captured: turn capture on, or send rows to the API",)
