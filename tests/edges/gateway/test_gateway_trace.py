# ruff: noqa: F811 - fixtures of another module are arguments here
"""A trace where ids are not what one would wish: twice, by two versions, or with signs that JSON escapes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from syndic.registry.models import Stage
from tests.edges.gateway.test_gateway import ask, in_stage, keep_all, row, served, trained, world  # noqa: F401
from tests.edges.world import World


def predicted(world: World, model: str, row_id: str, **given: Any) -> datetime:
    body = {"dataframe_records": [row(0)], "row_ids": [row_id]}
    status, told = ask("POST", f"/gateway/{model}/predict", json=body, **given)
    assert status == 200, told
    return world.moment


def traced(model: str, row_id: str, at: datetime) -> Any:
    path = f"/lineage/models/{model}/predictions/{quote(row_id, safe='')}"
    status, told = ask("GET", path, params={"at": f"{at:%Y-%m-%dT%H:%M:%SZ}"})
    assert status == 200, told
    return told


def test_of_an_id_that_two_versions_answered_the_nearest_is_traced_and_the_other_said(world: World) -> None:
    model = served(world)
    first = predicted(world, model, "patient-7", headers={"x-request-id": "one"})
    keep_all(world)
    world.moment += timedelta(minutes=10)
    in_stage(world, model, v2=Stage.PRODUCTION)
    second = predicted(world, model, "patient-7", headers={"x-request-id": "two"})
    only = predicted(world, model, "patient-8")
    keep_all(world)

    for at, version, request in ((first, "1", "one"), (second, "2", "two")):
        trace = traced(model, "patient-7", at)
        assert (trace["version"], trace["request_id"]) == (version, request)
        assert any("of version 1, 2" in gap for gap in trace["gaps"]), trace["gaps"]
        assert datetime.fromisoformat(trace["predicted_at"]) == at.replace(microsecond=0)
    assert not any("several" in gap for gap in traced(model, "patient-8", only)["gaps"])


def test_an_id_with_signs_that_json_escapes_is_found_with_the_version_that_answered(world: World) -> None:
    model = served(world)
    at = predicted(world, model, 'the "first"\\of all', headers={"x-request-id": "one"})
    keep_all(world)
    world.moment += timedelta(minutes=1)
    in_stage(world, model, v2=Stage.PRODUCTION)  # what a guess by time would say of a line without a version

    trace = traced(model, 'the "first"\\of all', at)

    assert (trace["version"], trace["request_id"]) == ("1", "one")


def test_a_row_is_traced_by_its_own_name_whatever_its_signs(world: World) -> None:
    model = served(world)
    names = ["a?b", "a#b", "a%23b", "ä b", "a`b", "a'b", "日本", "..."]
    for name in names:
        predicted(world, model, name)
    keep_all(world)

    assert [traced(model, name, world.moment)["prediction_id"] for name in names] == names


def test_each_row_of_a_request_is_traced_by_the_name_that_it_was_given(world: World) -> None:
    model = served(world)
    status, answer = ask(
        "POST", f"/gateway/{model}/predict", json=[row(0), row(1)], headers={"x-request-id": "r-1"}
    )  # fmt: skip
    assert status == 200
    keep_all(world)

    names = [one["row_id"] for one in answer["predictions"]]

    assert names == ["r-1#0", "r-1#1"]
    assert [traced(model, name, world.moment)["request_id"] for name in (*names, "r-1")] == ["r-1"] * 3


def test_whatever_name_a_row_is_answered_by_can_be_labelled(world: World) -> None:
    model = served(world)
    status, answer = ask(
        "POST", f"/gateway/{model}/predict", json=[row(0), row(1)], headers={"x-request-id": "r" * 128}
    )
    assert status == 200, answer
    predicted(world, model, "Müller 7")
    keep_all(world)
    names = [*(one["row_id"] for one in answer["predictions"]), "Müller 7"]

    status, told = ask("POST", f"/models/{model}/labels", json={"labels": [{"id": name, "label": 1} for name in names]})

    assert (status, told.get("labels")) == (202, 3), told
    for wrong in ("", " ", "a\nb", "a" * 257):
        assert ask("POST", f"/models/{model}/labels", json={"labels": [{"id": wrong, "label": 1}]})[0] == 422
