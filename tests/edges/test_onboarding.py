"""`syndic onboard`: from endpoints that were just found to models that can be checked, through one file."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import numpy as np
import pytest
import yaml

from syndic.batch_jobs import JobCaptures
from syndic.bias.policy.kept import get_policy
from syndic.cli.shell.frame import run
from syndic.discovery.discover import discover_models
from syndic.discovery.follow_listing import Outcome, Registry
from syndic.discovery.jobs.take import take_job
from syndic.drift.report.queries import find_baseline
from syndic.mirror.change_log import ChangeLog, azure_wants
from syndic.models import BatchJob, Endpoint
from syndic.records import get_model
from syndic.tasks import mirror, onboarding
from tests.edges.mirroring import AZURE_MODEL
from tests.edges.world import ENDPOINT, MODEL, NOW, QUIET, World

pytestmark = pytest.mark.enable_socket
FIRST = QUIET - timedelta(days=9)
PLAIN = ENDPOINT.model_copy(update={"name": "plain", "resource_id": ENDPOINT.resource_id + "-plain", "tags": {}})
SILENT = ENDPOINT.model_copy(
    update={"name": "silent", "resource_id": ENDPOINT.resource_id + "-silent", "capture": None, "tags": {}}
)


def record(asked: str, answered: str, at: datetime, name: str, kind: str) -> bytes:
    sides = {
        side: {"observedContentType": kind, "mode": mode, "data": data, "encoding": "JSON" if "json" in kind else "CSV"}
        for side, mode, data in (("endpointInput", "INPUT", asked), ("endpointOutput", "OUTPUT", answered))
    }
    told = {"eventId": name, "inferenceTime": at.isoformat()}
    return json.dumps({"captureData": sides, "eventMetadata": told, "eventVersion": "0"}).encode() + b"\n"


def capture(world: World, endpoint: Endpoint, day: datetime, *, named: bool) -> None:
    draw = np.random.default_rng([day.day, named])
    lines = []
    for row in range(60):
        at, name = day + timedelta(minutes=row % 59), f"{endpoint.name}-{day:%m%d}-{row}"
        amount, woman = round(float(draw.normal(100, 15)), 2), bool(draw.random() < 0.5)
        score = round(float(draw.random()), 4)
        if named:
            asked = {"application_id": name, "amount": amount, "applicantSex": "female" if woman else "male"}
            answered = json.dumps({"granted": "yes" if score > 0.4 else "no", "chance": score})
            lines.append(record(json.dumps(asked), answered, at, name, "application/json"))
        else:
            lines.append(record(f"{amount},{int(woman)}", str(score), at, name, "text/csv"))
    world.captures.capture(endpoint, day, b"".join(lines), modified=day + timedelta(hours=1))


@pytest.fixture
def world(wire: Callable[[str], World], reached_by_commands: None) -> World:
    world = wire("empty")
    world.source.listed += [ENDPOINT, PLAIN, SILENT]
    for day in range(9):
        capture(world, ENDPOINT, FIRST + timedelta(days=day), named=True)
        capture(world, PLAIN, FIRST + timedelta(days=day), named=False)
    discover_models(
        sources=world.sources, store=world.store, captures=world.captures, bus=world.bus, audit=world.audit, now=NOW
    )
    return world


def syndic(capsys: pytest.CaptureFixture[str], *words: str, code: int = 0) -> str:
    got = run(list(words))
    printed, err = capsys.readouterr()
    assert got == code, (printed, err)
    return "".join(line for line in (printed + err).splitlines(keepends=True) if not line.startswith('{"_aws"'))


def test_a_file_makes_found_models_ready_to_be_checked(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "models.yaml"
    said = syndic(capsys, "onboard", "propose", "-o", str(file))
    assert "3 of 3 models need something" in said
    proposed: dict[str, Any] = yaml.safe_load(file.read_text("utf-8"))["models"]
    credit, plain = proposed[MODEL], proposed[PLAIN.model_id]
    assert {one["name"]: one["role"] for side in ("inputs", "outputs") for one in credit["capture_schema"][side]} == {
        "application_id": "row_id",
        "amount": "feature",
        "applicantSex": "feature",
        "granted": "prediction",
        "chance": "score",
    }
    assert credit["window"] == "month", "60 rows a day are a thousand in a month only"
    assert credit["baseline"] == {
        "start": FIRST.isoformat().replace("+00:00", "Z"),
        "end": (FIRST + timedelta(days=7)).isoformat().replace("+00:00", "Z"),
    }
    assert credit["bias_policy"]["protected_attributes"] == [{"name": "applicantSex"}]
    assert "which predictions favour a person? granted is one of no, yes" in credit["questions"]
    assert [one["name"] for one in plain["capture_schema"]["inputs"]] == ["input_0", "input_1"]
    assert any("have no names" in one for one in plain["questions"])
    assert "bias_policy" not in plain
    assert proposed[SILENT.model_id].keys() == {"name", "questions"}

    text = file.read_text("utf-8").replace("favourable: []", "favourable: [yes]")
    file.write_text(text.replace("input_0", "amount").replace("input_1", "region"), "utf-8")
    before = world.state()
    dry = syndic(capsys, "onboard", "apply", str(file), "--dry-run")
    assert f"{MODEL}: would set window and capture_schema, bias_policy, baseline" in dry
    assert world.state() == before

    done = syndic(capsys, "onboard", "apply", str(file))
    assert f"{PLAIN.model_id}: set window and capture_schema, baseline" in done
    model, policy = get_model(world.store, MODEL), get_policy(MODEL, store=world.store)
    baseline = find_baseline(MODEL, store=world.store)
    assert model.capture_schema is not None
    assert model.window == "month"
    assert policy.favourable == ("yes",)
    assert [one.name for one in policy.protected_attributes] == ["applicantSex"]
    assert baseline is not None
    assert baseline.rows == 7 * 60
    named = get_model(world.store, PLAIN.model_id).capture_schema
    assert named is not None
    assert [one.name for one in named.inputs] == ["amount", "region"]

    again = syndic(capsys, "onboard", "apply", str(file))
    assert again.count(": as it is") == 3
    left = syndic(capsys, "onboard", "propose", MODEL)
    assert "syndic:labels" in left
    assert "capture_schema" not in left, "only what a person has to answer is left"


def test_a_file_is_checked_whole_and_a_model_that_fails_stops_no_other(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "models.yaml"
    file.write_text("models:\n  credit: {windw: day}\n")
    assert "models.credit.windw" in syndic(capsys, "onboard", "apply", str(file), code=2)
    file.write_text(f"models:\n  nobody-000000: {{window: day}}\n  {MODEL}: {{window: week}}\n")
    said = syndic(capsys, "onboard", "apply", str(file), code=2)
    assert "nobody-000000: failed" in said
    assert f"{MODEL}: set window" in said
    assert get_model(world.store, MODEL).window == "week"


def test_a_model_in_azure_is_awaited_and_shown_when_its_proposal_has_come(
    wire: Callable[[str], World], reached_by_commands: None, capsys: pytest.CaptureFixture[str]
) -> None:
    world = wire("mirrored")
    assert world.azure is not None
    there = World(store=ChangeLog(world.azure.store, wanted=azure_wants, clock=lambda: NOW))  # type: ignore[arg-type]
    for _ in range(2):  # asked for twice, it is asked once
        said = syndic(capsys, "onboard", "propose", AZURE_MODEL)
        assert "1 awaited from Azure" in said
        assert "- 'awaited from Azure: propose again" in said
    (asked,) = (one for one in world.bus.published if one.type == "OnboardingRequested")
    assert asked.actor == "ada"
    onboarding.take(json.dumps({"detail": asked.model_dump(mode="json")}), there)
    mirror.meet(world)

    said = syndic(capsys, "onboard", "propose", AZURE_MODEL)
    assert "no captured file was found yet" in said
    assert "awaited" not in said
    world.moment += timedelta(minutes=1)
    assert "1 awaited from Azure" in syndic(capsys, "onboard", "propose", AZURE_MODEL, "--again")
    unknown = syndic(capsys, "onboard", "propose", "nobody-000000")
    assert "awaited" not in unknown
    assert "nobody-000000" in unknown


def job(world: World, name: str, hours: int, rows: int, **given: Any) -> str:
    """A job of a model that nobody described; its inputs name their columns."""
    draw, at = np.random.default_rng(rows), NOW - timedelta(hours=hours)
    asked, answered = ["person_id,amount,sex"], []
    for row in range(rows):
        woman, score = bool(draw.random() < 0.5), float(draw.random())
        asked.append(f"{name}-{row},{draw.normal(100, 15):.2f},{'female' if woman else 'male'}")
        answered.append(f"{'yes' if score > 0.4 else 'no'},{score:.4f}")
    files = cast("Any", world.captures)._captures
    files.add(f"s3://data/in/{name}/a.csv", "\n".join(asked).encode(), modified=at)
    files.add(f"s3://data/out/{name}/a.csv.out", "\n".join(answered).encode() + b"\n", modified=at)
    taken = BatchJob(
        **given, name=name, resource_id=f"arn:aws:sagemaker:eu-central-1:123456789012:transform-job/{name}",
        status="completed", scope="123456789012/eu-central-1", model_name="churn", created_at=at, ended_at=at,
        input_uri=f"s3://data/in/{name}/", output_uri=f"s3://data/out/{name}",
    )  # fmt: skip
    registry = Registry(world.store, world.audit, world.bus, now=NOW)
    found = take_job(taken, registry=registry, outcome=Outcome(), store=world.store, audit=world.audit, now=NOW)
    assert found is not None
    return found


def test_the_files_of_batch_jobs_tell_columns_and_the_first_large_one_is_the_baseline(
    wire: Callable[[str], World], reached_by_commands: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    world = wire("empty")
    world.captures = JobCaptures(world.captures, world.store)  # type: ignore[assignment]
    model = job(world, "tried", 30, 40)
    job(world, "lost-its-manifest", 25, 2000, input_manifest=True)
    job(world, "failed", 24, 2000, obstacle="its input is split as RecordIO")
    job(world, "full", 20, 1500)
    job(world, "newest", 10, 60)
    job(world, "lost-too", 5, 60, input_manifest=True)
    file = tmp_path / "models.yaml"
    syndic(capsys, "onboard", "propose", "-o", str(file), model)
    section = yaml.safe_load(file.read_text("utf-8"))["models"][model]
    assert [
        (one["name"], one["kind"], one["role"])
        for side in ("inputs", "outputs")
        for one in section["capture_schema"][side]
    ] == [
        ("person_id", "categorical", "row_id"),
        ("amount", "numeric", "feature"),
        ("sex", "categorical", "feature"),
        ("output_0", "categorical", "prediction"),
        ("output_1", "numeric", "score"),
    ]
    assert section["baseline"]["job"] == "full"
    assert "window" not in section, "each job is one"
    assert section["bias_policy"]["protected_attributes"] == [{"name": "sex"}]
    assert "which predictions favour a person? output_0 is one of no, yes" in section["questions"]
    assert "newest-1" not in file.read_text("utf-8"), "no row's value"

    done = syndic(capsys, "onboard", "apply", str(file))
    assert f"{model}: set capture_schema, bias_policy, baseline" in done
    baseline = find_baseline(model, store=world.store)
    assert baseline is not None
    assert baseline.rows == 1500
    assert ": as it is" in syndic(capsys, "onboard", "apply", str(file))


def test_a_small_first_job_is_proposed_with_a_question(
    wire: Callable[[str], World], reached_by_commands: None, capsys: pytest.CaptureFixture[str]
) -> None:
    world = wire("empty")
    world.captures = JobCaptures(world.captures, world.store)  # type: ignore[assignment]
    model = job(world, "tried", 30, 40)
    said = yaml.safe_load(syndic(capsys, "onboard", "propose", model).rpartition("1 of 1")[0])["models"][model]
    assert said["baseline"]["job"] == "tried"
    assert any("rows of batch job tried a baseline?" in one for one in said["questions"])
