"""What rows are called: as the log's policy lets them be, in the answer and in the log alike."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import replace
from typing import Any

import pytest

from syndic.errors import InvalidInputError, UnavailableError
from syndic.gateway.captured import columns_of
from syndic.gateway.models import GatewaySettings
from syndic.gateway.predict import predict
from syndic.gateway.values import Feature, FeatureType
from syndic.models import ColumnRole
from tests.unit.gateway.served import FEATURES, SETTINGS, World, row


def ask(world: World, body: Any) -> Any:
    data = json.dumps(body).encode()
    return predict(world.gateway, world.model_id, data, content_type="", request_id="r-1").prediction


def ids_in_log(world: World) -> list[str]:
    lines = [json.loads(line) for record in world.records.taken for line in record["lines"]]
    return [line["eventMetadata"]["inferenceId"] for line in lines]


BODIES = {
    "beside the features": row(patient="Ann Smith"),
    "beside the rows": {"dataframe_records": [row()], "row_ids": ["Ann Smith"]},
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
def test_a_row_id_that_is_to_be_a_pseudonym_is_one(body: Any) -> None:
    world = World(row_id="patient", log={"pseudonymised": ["patient"]})

    answer = ask(world, body)

    keyed = hmac.new(b"key", b"patient\0Ann Smith", hashlib.sha256).hexdigest()[:24]
    assert [one.row_id for one in answer.predictions] == ids_in_log(world) == [keyed]
    assert "Ann Smith" not in json.dumps(world.records.taken)


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize(("policy", "key"), [("redacted", b"key"), ("pseudonymised", None)])
def test_a_row_id_that_may_not_be_kept_gives_way_to_the_request_s(policy: str, key: bytes | None, body: Any) -> None:
    world = World(row_id="patient", log={policy: ["patient"]})
    world.gateway = replace(world.gateway, pseudonyms=lambda: key)

    answer = ask(world, body)

    assert [one.row_id for one in answer.predictions] == ids_in_log(world) == ["r-1"]
    assert "Ann Smith" not in json.dumps(world.records.taken)


def test_without_the_key_s_store_no_model_is_asked_and_the_failure_is_on_record() -> None:
    world = World(row_id="patient", log={"pseudonymised": ["patient"]})

    def away() -> bytes:
        raise UnavailableError("the key of pseudonyms: the store does not answer")

    world.gateway = replace(world.gateway, pseudonyms=away)
    with pytest.raises(UnavailableError, match="key of pseudonyms"):
        ask(world, row(patient="Ann Smith"))

    assert world.backend.asked == []
    assert [(one["outcome"], one["status"]) for one in world.records.offered] == [("failed", 503)]


@pytest.mark.parametrize("backends", [{"*": SETTINGS["backends"]["*"]}, {"1": SETTINGS["backends"]["*"]}])
@pytest.mark.parametrize("settings", [
    {"features": {"mean radus": {"minimum": 1}}}, {"log": {"redacted": ["mean radus"]}},
    {"log": {"pseudonymised": ["pateint"]}}, {"log": {"columns": ["mean radus"]}},
])  # fmt: skip
def test_a_rule_over_nothing_is_refused(backends: dict[str, Any], settings: dict[str, Any]) -> None:
    with pytest.raises(InvalidInputError, match="no feature"):
        World(backends=backends, row_id="patient", **settings)


def test_a_rule_over_one_of_the_served_versions_is_taken() -> None:
    world = World(row_id="patient", along=["sex"], log={"columns": [FEATURES[0], "sex"], "pseudonymised": ["patient"]})

    assert world.gateway.serving.of(world.model_id).settings.row_id == "patient"


def test_two_classes_have_two_names() -> None:
    with pytest.raises(ValueError, match="are the same"):
        GatewaySettings.model_validate({**SETTINGS, "negative_class": "benign"})


def test_what_is_withheld_is_no_column_of_the_checks() -> None:
    features = tuple(Feature(name=name, type=FeatureType.DOUBLE) for name in "abcd")
    settings = GatewaySettings.model_validate({
        **SETTINGS, "along": ["sex", "name"],
        "log": {"columns": ["a", "b", "c", "sex"], "redacted": ["b"], "pseudonymised": ["c", "sex"]},
    })  # fmt: skip

    roles = {one.name: one.role for one in columns_of(features, settings).inputs}

    assert {name for name, role in roles.items() if role is ColumnRole.FEATURE} == {"a"}
    assert {name for name, role in roles.items() if role is ColumnRole.IGNORED} == {"b", "c", "d", "name"}
    assert roles["sex"] is ColumnRole.PROTECTED
