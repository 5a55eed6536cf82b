# ruff: noqa: F811 - fixtures of another module are arguments here
"""Bodies that are none, through the API's function: no server error, and nothing that breaks the contract is asked."""

from __future__ import annotations

import json
import math
import random
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import httpx
import pytest

from functions.api.handler import handler
from syndic.ports import Asked, Cell
from tests.edges.calling import event_of
from tests.edges.conftest import Context
from tests.edges.gateway.test_gateway import NAMES, row, served, trained, world  # noqa: F401
from tests.edges.world import World
from tests.proof import ALL

BODIES = 5_000 if ALL else 250
MEDIA = ("application/json", "application/json; charset=utf-8", "text/csv", "", "text/plain", "application/JSON")
ENDLESS = "a number of 5,000 digits"
NASTY: tuple[Any, ...] = (
    None, True, "", "NaN", "1e999", -0.0, 1e308, 10**400, 2**63, [], {}, [[]], {"a": {}}, "\x00", "\ud800", "é", 0,
    [None], "Infinity", 1.5, "1.5", math.nan, -math.inf, {"\ud800": []}, {"\udfff": 1}, "\uffff", "a" * 10_001, ENDLESS,
)  # fmt: skip
BESIDE = ("clinic", "patient")


def shapes(rows: list[dict[str, float]]) -> list[Any]:
    """The same rows in every family of bodies."""
    data = [list(one.values()) for one in rows]
    tensors = [
        {"name": name, "shape": [len(rows)], "datatype": "FP64", "data": [one[name] for one in rows]} for name in NAMES
    ]
    flat = [value for one in data for value in one]
    return [
        rows[0], rows, data, {"dataframe_split": {"columns": list(NAMES), "data": data}}, {"dataframe_records": rows},
        {"instances": data}, {"instances": rows}, {"instances": [{"features": one} for one in data]},
        {"inputs": data}, {"inputs": {name: [one[name] for one in rows] for name in NAMES}}, {"inputs": tensors},
        {"inputs": [{"name": "x", "shape": [len(rows), len(NAMES)], "datatype": "FP64", "data": flat}]},
    ]  # fmt: skip


def broken(value: Any, rng: random.Random) -> Any:
    """A value with something in it replaced, removed, doubled or renamed."""
    if isinstance(value, dict) and value and rng.random() < 0.9:
        name = rng.choice(list(value))
        if rng.random() < 0.6:
            return {**value, name: broken(value[name], rng)}
        kept = {key: one for key, one in value.items() if key != name}
        return (
            kept
            if rng.random() < 0.5
            else {**kept, f"{name}{rng.choice(['', 's', ' ', chr(0), chr(0xD800)])}x": value[name]}
        )
    if isinstance(value, list) and value and rng.random() < 0.9:
        place = rng.randrange(len(value))
        if rng.random() < 0.6:
            return [*value[:place], broken(value[place], rng), *value[place + 1 :]]
        return [*value[:place], *value[place + 1 :]] if rng.random() < 0.5 else [*value, value[place]]
    return rng.choice(NASTY)


def body_of(rng: random.Random) -> tuple[bytes, str]:
    value = rng.choice(shapes([row(rng.randrange(569)) for _ in range(rng.randint(1, 3))]))
    if isinstance(value, dict) and NAMES[0] in value:  # what may come along is broken as well
        value = {**value, **{name: rng.choice((*NASTY, "a", 7)) for name in BESIDE if rng.random() < 0.5}}
    for _ in range(rng.choice((0, 1, 1, 1, 2, 3))):
        value = broken(value, rng)
    media = rng.choice(MEDIA) if rng.random() < 0.3 else MEDIA[0]
    if media == "text/csv":
        return "\n".join(",".join(map(str, one)) for one in shapes([row(1), row(2)])[2]).encode()[
            : rng.randint(0, 900)
        ], media
    text = json.dumps(value, ensure_ascii=rng.random() < 0.9).replace(f'"{ENDLESS}"', "7" * 5_000)
    data = text.encode("utf-8", "surrogatepass")
    if rng.random() < 0.25:  # bytes that are cut, swapped or inserted
        place = rng.randrange(len(data) + 1)
        data = rng.choice((data[:place], data[:place] + rng.randbytes(3) + data[place:], data[place:]))
    return data, media


@pytest.mark.timeout(3_600)
def test_no_body_breaks_the_server_and_nothing_unvalidated_reaches_the_model(world: World) -> None:
    asked: list[int] = []

    def answer(_asked: Asked, rows: Sequence[Mapping[str, Cell]]) -> Sequence[Any]:
        for one in rows:
            assert tuple(one) == NAMES
            assert all(type(value) is float and math.isfinite(value) for value in one.values()), one
        asked.append(len(rows))
        return [0.5] * len(rows)

    world.backends.answer = answer
    model, rng, statuses = served(world, along=["clinic"], row_id="patient"), random.Random(22), Counter[int]()  # noqa: S311 - cases, no secret
    for number in range(BODIES):
        data, media = body_of(rng)
        headers = {"authorization": "Bearer auditor", "x-request-id": f"r-{number}"} | (
            {"content-type": media} if media else {}
        )
        request = httpx.Request(
            "POST", f"https://s.example.org/api/v1/gateway/{model}/predict", headers=headers, content=data
        )
        said = handler(event_of(request), Context())
        statuses[said["statusCode"]] += 1
        assert said["statusCode"] < 500, (data[:300], said["body"])
    assert sum(count for status, count in statuses.items() if status == 200) == len(asked)
    assert statuses[200] > BODIES // 20 < statuses[422], statuses
    print(dict(statuses), "asked", len(asked))  # noqa: T201 - read with -s
