"""Middleware before real applications: FastAPI through ASGI, Flask through WSGI."""

from __future__ import annotations

import asyncio
import io
import json
from typing import Any

import flask
import httpx
import pytest
from fastapi import FastAPI, Request, Response

from syndic.gateway.rows import MOST_BYTES
from syndic.serving.application import application
from syndic.serving.middleware import AsgiGateway, WsgiGateway
from tests.unit.gateway.served import World, row

ODD = b'{ "predictions" :\n [0.8000] }'  # white space and digits that no encoder would write


class Asked:
    bodies: list[bytes]

    def __init__(self) -> None:
        self.bodies = []


def asgi(world: World, asked: Asked, answer: bytes = ODD, status: int = 200) -> httpx.AsyncClient:
    app = FastAPI()

    @app.post("/predict")
    async def serve(request: Request) -> Response:
        asked.bodies.append(await request.body())
        return Response(answer, status, media_type="application/json", headers={"x-own": "kept"})

    @app.get("/other")
    def other() -> str:
        return "untouched"

    transport = httpx.ASGITransport(AsgiGateway(app, gateway=world.gateway, model_id=world.model_id))  # type: ignore[arg-type]
    return httpx.AsyncClient(transport=transport, base_url="http://own.example.org")


def wsgi(world: World, asked: Asked, answer: bytes = ODD, status: int = 200) -> httpx.Client:
    app = flask.Flask("own")

    @app.post("/predict")
    def serve() -> Any:
        asked.bodies.append(flask.request.get_data())
        return flask.Response(answer, status, mimetype="application/json", headers={"x-own": "kept"})

    app.wsgi_app = WsgiGateway(app.wsgi_app, gateway=world.gateway, model_id=world.model_id)
    return httpx.Client(transport=httpx.WSGITransport(app), base_url="http://own.example.org")


async def call(kind: str, world: World, asked: Asked, body: Any, **given: Any) -> httpx.Response:
    headers = {"x-request-id": "r-1"}
    if kind == "asgi":
        async with asgi(world, asked, **given) as client:
            return await client.post("/predict", json=body, headers=headers)
    with wsgi(world, asked, **given) as client:
        return client.post("/predict", json=body, headers=headers)


def run(kind: str, world: World, asked: Asked, body: Any, **given: Any) -> httpx.Response:
    return asyncio.run(call(kind, world, asked, body, **given))


KINDS = pytest.mark.parametrize("kind", ["asgi", "wsgi"])


@KINDS
def test_the_answer_goes_out_byte_for_byte_and_is_logged(kind: str) -> None:
    world, asked = World(), Asked()

    answer = run(kind, world, asked, row())

    assert (answer.status_code, answer.content, answer.headers["x-own"]) == (200, ODD, "kept")
    assert [json.loads(body) for body in asked.bodies] == [row()]
    assert [(one["outcome"], len(one["lines"])) for one in world.records.taken] == [("answered", 1)]
    assert (
        '"probability":0.8' in json.loads(world.records.taken[0]["lines"][0])["captureData"]["endpointOutput"]["data"]
    )


@KINDS
def test_what_breaks_the_contract_never_reaches_the_application(kind: str) -> None:
    world, asked = World(), Asked()

    answer = run(kind, world, asked, {"mean radius": 1, "nonsense": 2})

    assert answer.status_code == 422
    assert (answer.json()["missing"], answer.json()["extra"]) == (["mean texture", "worst area"], ["nonsense"])
    assert asked.bodies == []
    assert [one["outcome"] for one in world.records.offered] == ["refused"]


@KINDS
def test_an_answer_that_cannot_be_logged_is_not_given_where_logging_is_required(kind: str) -> None:
    world, asked = World(), Asked()
    world.records.down = True

    assert run(kind, world, asked, row()).status_code == 503


@KINDS
@pytest.mark.parametrize(("answer", "status"), [(b"not JSON", 200), (b'{"predictions": ["x"]}', 200), (b"no", 500)])
def test_an_answer_that_cannot_be_read_goes_out_as_it_is(kind: str, answer: bytes, status: int) -> None:
    world, asked = World(), Asked()

    given = run(kind, world, asked, row(), answer=answer, status=status)

    assert (given.status_code, given.content) == (status, answer)
    assert [one["outcome"] for one in world.records.offered] == ["failed"]


def test_the_server_of_ones_own_answers_as_the_gateway_does() -> None:
    world = World()

    async def ask() -> list[httpx.Response]:
        transport = httpx.ASGITransport(application(world.gateway, world.model_id))
        async with httpx.AsyncClient(transport=transport, base_url="http://own") as client:
            return [
                await client.post("/predict", json=row(), headers={"x-request-id": "r-9"}),
                await client.post("/predict", json={}),
                await client.post("/predict", content=b"80,2.5,900", headers={"content-type": "text/csv"}),
                await client.get("/health"),
                await client.get("/model-info"),
                await client.get("/openapi.json"),
            ]

    answers = asyncio.run(ask())

    assert [one.status_code for one in answers] == [200, 422, 200, 200, 200, 200]
    assert answers[0].json()["predictions"][0] == {
        "row_id": "r-9", "prediction": 1, "prediction_label": "benign", "probability_positive_class": 0.8, "flags": [],
    }  # fmt: skip
    assert len(answers[1].json()["missing"]) == 3
    assert answers[3].json()["model_version"] == "1"
    assert answers[4].json()["expected_feature_count"] == 3
    assert "/predict" in answers[5].json()["paths"]


def test_a_body_in_pieces_is_read_and_given_on_whole() -> None:
    world, seen = World(), []

    def app(environ: dict[str, Any], start: Any) -> list[bytes]:
        seen.append((environ["CONTENT_LENGTH"], environ["wsgi.input"].read(), "HTTP_TRANSFER_ENCODING" in environ))
        start("200 OK", [])
        return [ODD]

    body = json.dumps(row()).encode()
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/predict", "wsgi.input": io.BytesIO(body),
        "wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked", "CONTENT_TYPE": "application/json",
    }  # fmt: skip
    told: list[str] = []

    answer = WsgiGateway(app, gateway=world.gateway, model_id=world.model_id)(environ, lambda *it: told.append(it[0]))

    assert (told, list(answer)) == (["200 OK"], [ODD])
    assert seen == [(str(len(body)), body, False)]


@pytest.mark.parametrize("length", ["", "x", "-1", "\u0665", "9" * 400])
def test_a_length_that_is_none_ends_no_server(length: str) -> None:
    world, told = World(), []
    environ = {
        "REQUEST_METHOD": "POST", "PATH_INFO": "/predict", "wsgi.input": io.BytesIO(b""), "CONTENT_LENGTH": length,
    }  # fmt: skip
    gateway = WsgiGateway(lambda *_: [b""], gateway=world.gateway, model_id=world.model_id)

    list(gateway(environ, lambda *it: told.append(it[0])))

    assert told == ["400 Bad Request"]


@KINDS
def test_an_application_that_breaks_off_is_on_record_and_leaves_no_gap(kind: str) -> None:
    world = World()

    class BrokeError(Exception):
        pass

    async def broken(*_: Any) -> None:
        raise BrokeError

    def broken_too(*_: Any) -> Any:
        raise BrokeError

    async def call_asgi() -> None:
        asgi = AsgiGateway(broken, gateway=world.gateway, model_id=world.model_id)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(asgi), base_url="http://own") as client:  # type: ignore[arg-type]
            await client.post("/predict", json=row())

    def call_wsgi() -> None:
        wsgi = WsgiGateway(broken_too, gateway=world.gateway, model_id=world.model_id)
        httpx.Client(transport=httpx.WSGITransport(wsgi), base_url="http://own").post("/predict", json=row())

    with pytest.raises(BrokeError):
        asyncio.run(call_asgi()) if kind == "asgi" else call_wsgi()

    assert [(one["outcome"], one["number"]) for one in world.records.offered] == [("failed", 1)]


def test_half_a_body_of_a_caller_that_went_away_is_no_request() -> None:
    world, asked = World(), []

    async def app(*_: Any) -> None:
        asked.append("application")

    messages = iter([
        {"type": "http.request", "body": b"80,2.5,900\n", "more_body": True}, {"type": "http.disconnect"},
    ])  # fmt: skip

    async def receive() -> Any:
        return next(messages)

    scope = {"type": "http", "method": "POST", "path": "/predict", "headers": [(b"content-type", b"text/csv")]}
    gateway = AsgiGateway(app, gateway=world.gateway, model_id=world.model_id)
    asyncio.run(gateway(scope, receive, asked.append))  # type: ignore[arg-type]

    assert asked == world.records.taken == world.records.offered == []


@KINDS
def test_an_answer_of_brackets_without_end_goes_out_as_it_is(kind: str) -> None:
    world, asked = World(), Asked()

    given = run(kind, world, asked, row(), answer=b"[" * 200_000)

    assert (given.status_code, len(given.content)) == (200, 200_000)


def test_of_a_body_without_end_the_own_server_reads_no_more_than_shows_it() -> None:
    world, given = World(), [0]

    async def pieces() -> Any:
        for _ in range(100):
            given[0] += 1_000_000
            yield b" " * 1_000_000

    async def ask() -> httpx.Response:
        transport = httpx.ASGITransport(application(world.gateway, world.model_id))
        async with httpx.AsyncClient(transport=transport, base_url="http://own") as client:
            return await client.post("/predict", content=pieces())

    assert asyncio.run(ask()).status_code == 413
    assert given[0] <= MOST_BYTES + 2_000_000
