"""Checks of batch jobs, asked for by name through the API."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, cast

import pytest

from functions import wiring
from functions.api.handler import handler as api
from syndic.batch_jobs import JobCaptures, find_job
from syndic.bias.policy.kept import set_policy
from syndic.bias.policy.model import BiasPolicy, ProtectedAttribute
from syndic.discovery.follow_listing import Outcome, Registry
from syndic.discovery.jobs.take import take_job
from syndic.drift.keys import baseline_key
from syndic.models import BatchJob, CheckRequested, to_json
from syndic.ports import Record
from syndic.records import get_model, model_record
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.world import MODEL, NOW, SCHEMA, World, governed
from tests.reading import check_bias

JSON = {"Content-Type": "application/json"}
DAY = {"start": "2026-03-03T00:00:00Z", "end": "2026-03-04T00:00:00Z"}


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = governed()
    monkeypatch.setattr(wiring, "wired", lambda: made)
    return made


def taken(world: World, name: str, **given: Any) -> str:
    """A job that ended, of a model that is ready."""
    job = BatchJob.model_validate(
        {
            "name": name, "resource_id": f"arn:aws:sagemaker:eu-central-1:123456789012:transform-job/{name}",
            "scope": "123456789012/eu-central-1", "status": "completed", "model_name": "churn",
            "created_at": NOW - timedelta(hours=2), "ended_at": NOW - timedelta(hours=1), "input_uri": "s3://data/in/",
            "output_uri": "s3://data/out", **given,
        }
    )  # fmt: skip
    registry = Registry(world.store, world.audit, world.bus, now=NOW)
    model_id = take_job(job, registry=registry, outcome=Outcome(), store=world.store, audit=world.audit, now=NOW)
    assert model_id is not None
    model = get_model(world.store, model_id).model_copy(update={"capture_schema": SCHEMA, "owner": "olga@example.org"})
    world.store.put(model_record(model))
    baseline = world.store.get(baseline_key(MODEL))
    assert baseline is not None
    world.store.put(Record(baseline_key(model_id), baseline.body))
    return model_id


def ask(model_id: str, body: dict[str, Any], *, method: str = "POST", path: str = "/checks") -> tuple[int, Any]:
    request = api_request(
        method, f"/api/v1/models/{model_id}{path}", headers=JSON, body=json.dumps(body), person="admin"
    )
    answer = api(request, Context())
    return answer["statusCode"], json.loads(answer["body"])


def test_a_job_is_asked_for_by_name_and_the_last_one_without(world: World) -> None:
    model_id = taken(world, "first", created_at=NOW - timedelta(days=2), ended_at=NOW - timedelta(days=2))
    taken(world, "second")
    status, asked = ask(model_id, {"checks": ["drift"], "job": "first"})
    assert status == 202
    assert [one["window"]["job"] for one in asked["requested"]] == ["first"]
    status, asked = ask(model_id, {"checks": ["drift"]})
    assert [one["window"]["job"] for one in asked["requested"]] == ["second"]
    assert {one.window.job for one in world.bus.of("CountRequested")} == {"first", "second"}


@pytest.mark.parametrize(
    ("body", "field", "says"),
    [
        ({"job": "unknown"}, "body.job", "is known"),
        ({"job": "../x"}, "body.job", "is known"),
        ({"job": "bad"}, "body.job", "it failed: out of memory"),
        ({"window": DAY}, "body.window", "name one as job"),
    ],
)
def test_what_is_no_job_that_can_be_judged_is_refused(
    world: World, body: dict[str, Any], field: str, says: str
) -> None:
    model_id = taken(world, "first")
    taken(world, "bad", status="failed", reason="out of memory")
    status, answer = ask(model_id, {"checks": ["drift"], **body})
    assert status in {400, 422}
    assert says in json.dumps(answer)
    assert field in json.dumps(answer)


def test_a_model_with_an_endpoint_has_no_jobs_and_keeps_its_hours(world: World) -> None:
    status, answer = ask(MODEL, {"checks": ["drift"], "job": "first"})
    assert status in {400, 422}
    assert "does not answer in batch jobs" in json.dumps(answer)
    status, _ = ask(MODEL, {"window": "job"}, method="PATCH", path="")
    assert status in {400, 422}
    assert to_json(get_model(world.store, MODEL))["window"] == "day"


def test_each_job_is_a_look_of_its_own_at_fairness_and_a_disparity_is_told(world: World) -> None:
    """The same people scored again are no more evidence than once."""
    world.captures = JobCaptures(world.captures, world.store)  # type: ignore[assignment]
    files = cast("Any", world.captures)._captures
    looks = []
    for name in ("first", "again"):
        rows = [("female", "yes" if one % 4 == 0 else "no") if one % 2 else ("male", "yes") for one in range(800)]
        place, ended = f"s3://data/in/{name}/", NOW - timedelta(hours=2 if name == "first" else 1)
        model_id = taken(
            world, name, input_uri=place, output_uri=f"s3://data/out/{name}", created_at=ended, ended_at=ended
        )
        files.add(
            f"{place}a.csv", "".join(f"{one},{sex}\n" for one, (sex, _) in enumerate(rows)).encode(), modified=ended
        )
        answers = "".join(f"{granted}\n" for _, granted in rows).encode()
        files.add(f"s3://data/out/{name}/a.csv.out", answers, modified=ended)
        attribute = ProtectedAttribute(name="sex", reference_group="male")
        policy = BiasPolicy(favourable=("yes",), outcomes=("prediction",), protected_attributes=(attribute,))
        common: dict[str, Any] = {"store": world.store, "audit": world.audit, "now": NOW}
        set_policy(model_id, policy, actor="ann", **common)
        world.bus.published.clear()
        kept = find_job(world.store, model_id, name)
        assert kept is not None
        request = CheckRequested(check="bias", model_id=model_id, window=kept.window)
        (report,) = check_bias(request, captures=world.captures, archive=world.archive, bus=world.bus, **common)
        assert report.looks is not None
        looks.append([one.model_dump() for one in report.looks.looks])
        findings = [one for event in world.bus.of("FindingsChanged") for one in event.findings]
        assert [one.severity.value for one in findings if one.severity.rank] != []
        assert all(one.window.job == name for one in findings if one.window is not None)
    assert looks[0] == looks[1]
