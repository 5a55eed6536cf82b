"""Values that JSON can carry and a log, a queue or a model cannot: each is refused before a model is asked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from syndic.errors import InvalidInputError, SyndicError, TooLargeError
from syndic.gateway.bodies import read_body
from syndic.gateway.contract import Contract, ContractBrokenError, check
from syndic.gateway.models import FeatureRule, OnViolation
from syndic.gateway.predict import predict
from syndic.gateway.rows import of_named
from syndic.gateway.values import Feature, FeatureType
from syndic.serving.observed import refusal_of
from tests.unit.gateway.served import FEATURES, SIGNATURE, World, row

WIDE: dict[str, Any] = {
    "inputs": [
        *SIGNATURE["inputs"],
        *({"name": name, "type": name, "required": False} for name in ("string", "long", "float", "datetime")),
    ]
}
QUEUE = 256 * 1024


def ask(world: World, body: Any, media: str = "application/json") -> Any:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return predict(world.gateway, world.model_id, data, content_type=media, request_id="r-1").prediction


HOSTILE: dict[str, Any] = {
    "a number of 5,000 digits": b'{"mean radius": ' + b"1" * 5_000 + b"}",
    "half a pair as a name": b'{"\\ud800": 1}',
    "half a pair as the name of a list": b'{"\\uD800": []}',
    "half a pair as a value": row(string="\ud800"),
    "half a pair along": row(note="\udc00"),
    "half a pair as an id": row(patient="\udc00"),
    "NaN along": row(note=float("nan")),
    "infinity along": row(note=float("-inf")),
    "a number without end along": row(note=10**400),
    "a text without end along": row(note="a" * 10_001),
    "lines in an id": row(patient="a\nb"),
    "white space as an id": row(patient=" "),
    "an id without end": row(patient="a" * 257),
    "a number without end as an id": row(patient=10**400),
    "a name without end": {"a" * 1_000_000: []},
    "a tensor's name without end": {
        "inputs": [{"name": "a" * 1_000_000, "shape": ["x"], "datatype": "FP64", "data": []}]
    },
    "a column's name without end": {"inputs": {"a" * 1_000_000: 1}},
    "a row that no message takes": row(**{f"note {n}": '"' * 9_000 for n in range(3)}),
}


@pytest.mark.parametrize("body", HOSTILE.values(), ids=HOSTILE)
def test_what_could_not_be_logged_is_refused_and_said(body: Any) -> None:
    world = World(signature=WIDE, along=["note", *(f"note {n}" for n in range(3))], row_id="patient")

    with pytest.raises(SyndicError) as refused:
        ask(world, body)

    assert isinstance(refused.value, InvalidInputError)
    assert len(refusal_of(refused.value).body) < 2_000
    assert world.backend.asked == world.records.taken == []
    assert [one["outcome"] for one in world.records.offered] == ["refused"]


def test_a_pair_of_surrogates_is_one_sign() -> None:
    world = World(signature=WIDE)

    ask(world, b'{"mean radius": 1, "mean texture": 2, "worst area": 3, "string": "\\ud83d\\ude00"}')

    assert world.backend.asked[0][1][0]["string"] == "\U0001f600"


@pytest.mark.parametrize(("kind", "value"), [
    ("float", 1e39), ("float", -1e39), ("datetime", "hello"), ("datetime", "2026-13-01"), ("datetime", ""),
])  # fmt: skip
def test_what_is_of_the_type_by_its_look_only_is_refused(kind: str, value: Any) -> None:
    with pytest.raises(ContractBrokenError):
        check(of_named([{"x": value}], "body"), Contract((Feature(name="x", type=FeatureType(kind)),)))


@pytest.mark.parametrize("text", ["9007199254740993", "-9223372036854775808", "3", "3.0", "1e3"])
def test_a_whole_number_of_csv_is_read_to_its_last_digit(text: str) -> None:
    contract = Contract((Feature(name="x", type=FeatureType.LONG),))

    found = check(read_body(text.encode(), "text/csv"), contract).rows[0]["x"]

    assert found == (int(text) if text.lstrip("-").isdigit() else int(float(text)))


@pytest.mark.parametrize(("kind", "value", "category"), [
    ("boolean", True, "true"), ("double", 1, "1"), ("double", 1, "1.0"), ("long", 2, "2"), ("double", 0.5, "0.5"),
])  # fmt: skip
def test_a_category_is_written_as_json_writes_it(kind: str, value: Any, category: str) -> None:
    contract = Contract((Feature(name="x", type=FeatureType(kind)),), {"x": FeatureRule(categories=(category,))})

    assert check(of_named([{"x": value}], "body"), contract).rows[0]["x"] == value


def test_more_flags_than_an_answer_holds_are_refused() -> None:
    rule = FeatureRule(maximum=0, on_violation=OnViolation.FLAG)
    names = tuple("abc")
    contract = Contract(
        tuple(Feature(name=name, type=FeatureType.DOUBLE) for name in names), dict.fromkeys(names, rule)
    )

    with pytest.raises(TooLargeError, match="ask for fewer rows"):
        check(of_named([dict.fromkeys(names, 1.0)] * 10_000, "body"), contract)


def test_every_record_fits_a_message_whatever_its_texts_are() -> None:
    world = World(signature=WIDE, along=["note"])

    ask(world, [row(string='"\\' * 2_000, note="\x01ä\U0001f600" * 1_000) for _ in range(20)])

    sizes = [len(json.dumps(one, ensure_ascii=False).encode()) for one in world.records.taken]
    assert sum(len(one["lines"]) for one in world.records.taken) == 20
    assert max(sizes) < QUEUE


def test_two_inputs_of_one_name_are_not_served() -> None:
    world = World(signature={"inputs": [*SIGNATURE["inputs"], SIGNATURE["inputs"][0]]})

    with pytest.raises(SyndicError, match="the same name"):
        ask(world, [[1.0, 2.0, 3.0, 4.0]])


def test_a_value_by_place_in_quotes_is_no_number() -> None:
    with pytest.raises(ContractBrokenError):
        ask(World(), {"instances": [["1", "2", "3"]]})
    assert len(FEATURES) == 3
