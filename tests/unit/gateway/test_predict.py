"""From a request to an answer, its record, and the version that gave it."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from syndic.errors import InvalidInputError, NotFoundError, UnavailableError
from syndic.gateway.contract import ContractBrokenError
from syndic.gateway.models import Prediction
from syndic.gateway.outputs import BackendFailedError
from syndic.gateway.predict import predict
from syndic.registry.models import Stage
from tests.unit.gateway.served import FEATURES, World, row


def ask(world: World, body: Any = None, request_id: str = "r-1") -> Prediction:
    data = json.dumps(row() if body is None else body).encode()
    return predict(
        world.gateway, world.model_id, data, content_type="application/json", request_id=request_id
    ).prediction


def captured(record: dict[str, Any]) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in record["lines"]]
    return [
        {
            "in": json.loads(line["captureData"]["endpointInput"]["data"]),
            "out": json.loads(line["captureData"]["endpointOutput"]["data"]),
            "id": line["eventMetadata"]["inferenceId"],
            "about": line["syndic"],
        }
        for line in lines
    ]


def test_a_prediction_says_what_answered_and_is_queued_before_it_is_given() -> None:
    world = World()

    answer = ask(world)

    assert (answer.model_version, answer.stage, answer.request_id) == ("1", "production", "r-1")
    only = answer.predictions[0]
    assert (only.prediction, only.prediction_label, only.probability_positive_class) == (1, "benign", 0.8)
    assert (only.row_id, answer.logged, answer.threshold) == ("r-1", "queued", 0.5)
    (line,) = captured(world.records.taken[0])
    assert line["in"] == row()
    assert line["out"] == {"prediction": 1, "probability": 0.8, "prediction_label": "benign"}
    assert (line["id"], line["about"]["model_version"]) == ("r-1", "1")


def test_under_the_threshold_it_is_the_other_class() -> None:
    assert ask(World(threshold=0.81)).predictions[0].prediction_label == "malignant"


def test_a_regression_has_no_threshold_and_no_class() -> None:
    answer = ask(World(task="regression"))

    assert (answer.threshold, answer.predictions[0].prediction) == (None, 0.8)
    assert answer.predictions[0].probability_positive_class is None


def test_29_and_31_features_are_refused_with_both_lists_and_reach_no_model() -> None:
    world = World()
    short = {name: value for name, value in row().items() if name != "worst area"}

    with pytest.raises(ContractBrokenError) as refused:
        ask(world, {**short, "nonsense": 1})

    assert (refused.value.missing, refused.value.extra) == (("worst area",), ("nonsense",))
    assert world.backend.asked == []
    assert [(one["outcome"], one["status"]) for one in world.records.offered] == [("refused", 422)]
    assert world.records.taken == []


@pytest.mark.parametrize(
    "answers",
    [
        [], [0.1, 0.2], [None], ["0.5"], [True], [float("nan")], [float("inf")], [1.2], [-0.1], [[0.1, 0.9]],
        [{"score": 0.3}], [[]], [{}], [10**400],
    ],
)  # fmt: skip
def test_an_answer_that_is_no_score_is_no_decision(answers: Any) -> None:
    world = World()
    world.backend.answers = answers

    with pytest.raises(BackendFailedError):
        ask(world)

    assert [one["outcome"] for one in world.records.offered] == ["failed"]
    assert world.records.taken == []


@pytest.mark.parametrize(
    ("output", "answers"),
    [(1, [[0.25, 0.75]]), (-1, [[0.25, 0.75]]), ("score", [{"score": 0.75, "other": 3}]), ("probability", [[0.75]])],
)
def test_the_score_is_where_the_settings_say(output: str | int, answers: Any) -> None:
    world = World(output=output)
    world.backend.answers = answers

    assert ask(world).predictions[0].probability_positive_class == 0.75


def test_where_logging_is_required_nothing_is_answered_that_is_not_queued() -> None:
    world = World()
    world.records.down = True

    with pytest.raises(UnavailableError, match="could not be logged, so it is not given"):
        ask(world)


def test_where_it_is_fast_the_answer_does_not_wait_for_the_log() -> None:
    world = World(log={"guarantee": "fast"})
    world.records.down = True

    assert ask(world).logged == "after the answer"
    assert len(world.records.offered) == 1


def test_a_gap_in_the_log_shows_by_its_numbers() -> None:
    world = World(log={"guarantee": "fast"})

    for n in range(3):
        ask(world, request_id=f"r-{n}")

    assert [(one["stream"], one["number"]) for one in world.records.offered] == [("test", 1), ("test", 2), ("test", 3)]


def test_a_sample_is_the_same_each_time_and_says_its_share() -> None:
    world = World(log={"guarantee": "fast", "sampling_percent": 30})
    for n in range(400):
        ask(world, request_id=f"r-{n}")

    kept = [captured(one) for one in world.records.offered if one.get("lines")]

    assert 90 <= len(kept) <= 150
    assert {line["about"]["sampling_percent"] for lines in kept for line in lines} == {30.0}
    assert len(world.records.offered) == 400  # each is counted, also without a line


def test_what_may_not_be_logged_is_not() -> None:
    world = World(
        along=["name", "sex"],
        log={"redacted": ["mean texture"], "pseudonymised": ["name"], "columns": [*FEATURES[:2], "name", "sex"]},
    )

    ask(world, row(name="Ann Smith", sex="f"))

    text = json.dumps(world.records.taken)
    (line,) = captured(world.records.taken[0])
    assert "Ann Smith" not in text
    assert set(line["in"]) == {"mean radius", "mean texture", "name", "sex"}
    assert line["in"]["mean texture"] is None
    assert len(line["in"]["name"]) == 24
    assert [list(one) for _, rows in world.backend.asked for one in rows] == [list(FEATURES)]  # nothing along


def test_many_rows_go_in_messages_that_a_queue_takes_and_the_first_counts_the_request() -> None:
    world = World(along=["note"])
    rows = [row(note="ä" * 400) for _ in range(500)]

    answer = ask(world, rows)

    assert [one.row_id for one in answer.predictions][:2] == ["r-1#0", "r-1#1"]
    sizes = [len(json.dumps(one, ensure_ascii=False).encode()) for one in world.records.taken]
    assert max(sizes) < 256_000
    assert sum(len(one["lines"]) for one in world.records.taken) == 500
    assert [one.get("first", True) for one in world.records.taken] == [True, *[False] * (len(sizes) - 1)]


def test_a_rollback_switches_what_answers_within_the_stated_staleness() -> None:
    world = World()
    assert ask(world).model_version == "1"

    world.stages({"1": Stage.ARCHIVED, "2": Stage.PRODUCTION})
    assert ask(world).model_version == "1"
    world.now += timedelta(seconds=15)

    assert ask(world).model_version == "2"


def test_only_versions_in_the_served_stage_are_asked() -> None:
    world = World()
    world.stages({"1": Stage.ARCHIVED, "2": Stage.DEVELOPMENT})

    with pytest.raises(NotFoundError, match=r"no version of .* is in production"):
        ask(world)


def test_a_model_without_settings_is_not_served() -> None:
    with pytest.raises(NotFoundError, match="it has no gateway settings"):
        ask(World(served=False))


def test_settings_that_fit_no_version_are_refused() -> None:
    backends = {"1": {"kind": "mlflow", "address": "https://models.example.org"}}
    with pytest.raises(InvalidInputError, match="version 1 has no feature of this name"):
        World(backends=backends, features={"nonsense": {"minimum": 0}})
    with pytest.raises(InvalidInputError, match="it comes anyway"):
        World(backends=backends, along=["mean radius"])


def test_a_flag_is_said_and_logged_and_the_answer_given() -> None:
    world = World(features={"mean radius": {"maximum": 50, "on_violation": "flag"}})

    answer = ask(world)

    assert [one.feature for one in answer.predictions[0].flags] == ["mean radius"]
    assert captured(world.records.taken[0])[0]["about"]["flags"] == [
        {"feature": "mean radius", "problem": "is over 50"}
    ]
