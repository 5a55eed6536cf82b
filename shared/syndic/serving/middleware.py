"""Middleware before an application that serves a model already: ASGI and WSGI."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, MutableMapping
from http import HTTPStatus
from io import BytesIO
from typing import Any

from syndic.gateway.models import Guarantee
from syndic.gateway.predict import Gateway
from syndic.gateway.rows import MOST_BYTES
from syndic.serving.observed import PROBLEM_JSON, Refusal, begin, end, ending

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
AsgiApp = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
StartResponse = Callable[..., Any]
WsgiApp = Callable[[dict[str, Any], StartResponse], Iterable[bytes]]


class AsgiGateway:
    """Before an ASGI application, such as FastAPI's.

    Args:
        app: The application.
        gateway: What requests are held to and logged with.
        model_id: The model that the application serves.
        path: Of the requests for predictions; all else passes untouched.
    """

    def __init__(self, app: AsgiApp, *, gateway: Gateway, model_id: str, path: str = "/predict") -> None:
        self._app, self._gateway, self._model_id, self._path = app, gateway, model_id, path

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["method"] != "POST" or scope["path"] != self._path:
            await self._app(scope, receive, send)
            return
        body = await _read(receive)
        if body is None:  # nobody waits for an answer to the half of a body
            return
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
        if self._gateway.serving.is_old(self._model_id):  # read over the network: not in the loop
            admitted, refusal = await asyncio.to_thread(begin, self._gateway, self._model_id, body, headers)
        else:
            admitted, refusal = begin(self._gateway, self._model_id, body, headers)
        if admitted is None or refusal is not None:
            await _refuse(send, refusal or Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, b""))
            return
        messages: list[Message] = []

        async def hold(message: Message) -> None:
            messages.append(message)

        with ending(admitted):
            await self._app(scope, _again(body, receive), hold)
        status = next((int(one["status"]) for one in messages if one["type"] == "http.response.start"), 500)
        answer = b"".join(one.get("body", b"") for one in messages if one["type"] == "http.response.body")
        if admitted.served.settings.log.guarantee is Guarantee.FAST:
            refusal = end(admitted, status, answer)
        else:  # a disk has to be waited for: not in the loop, which has other requests to answer
            refusal = await asyncio.to_thread(end, admitted, status, answer)
        if refusal is not None:
            await _refuse(send, refusal)
            return
        for message in messages:
            await send(message)


class WsgiGateway:
    """Before a WSGI application, such as Flask's. Arguments as `AsgiGateway`."""

    def __init__(self, app: WsgiApp, *, gateway: Gateway, model_id: str, path: str = "/predict") -> None:
        self._app, self._gateway, self._model_id, self._path = app, gateway, model_id, path

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("REQUEST_METHOD") != "POST" or environ.get("PATH_INFO") != self._path:
            return self._app(environ, start_response)
        body = environ["wsgi.input"].read(_length(environ))
        headers = {name[5:].lower().replace("_", "-"): str(it) for name, it in environ.items() if name[:5] == "HTTP_"}
        headers["content-type"] = str(environ.get("CONTENT_TYPE") or "")
        admitted, refusal = begin(self._gateway, self._model_id, body, headers)
        if admitted is None or refusal is not None:
            return _refused(start_response, refusal or Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, b""))
        started: list[tuple[Any, ...]] = []
        given = {name: value for name, value in environ.items() if name != "HTTP_TRANSFER_ENCODING"}
        given |= {"wsgi.input": BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        with ending(admitted):
            held = self._app(given, lambda *told: started.append(told))
            try:
                answer = b"".join(held)
            finally:
                close = getattr(held, "close", None)
                if close is not None:
                    close()
        status = int(str(started[-1][0]).split(" ", 1)[0]) if started else HTTPStatus.INTERNAL_SERVER_ERROR
        refusal = end(admitted, status, answer)
        if refusal is not None:
            return _refused(start_response, refusal)
        start_response(*started[-1])
        return [answer]


def _length(environ: Mapping[str, Any]) -> int:
    """How much of a body is read: as long as it is said to be; of one in pieces, whose length nobody says, all of it.

    The server has to end such a body by itself (``wsgi.input_terminated``): reading on would wait for ever.
    """
    told = str(environ.get("CONTENT_LENGTH") or "")
    if told.isdecimal():
        return min(int(told[:20]), MOST_BYTES + 1)
    return MOST_BYTES + 1 if environ.get("wsgi.input_terminated") else 0


async def _read(receive: Receive) -> bytes | None:
    """The whole body, or as much of it as shows that it is too large; None where the caller went away meanwhile."""
    body = b""
    while len(body) <= MOST_BYTES:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += message.get("body", b"")
        if not message.get("more_body"):
            break
    return body


def _again(body: bytes, receive: Receive) -> Receive:
    """The body a second time; then whatever comes, such as that the caller has gone."""
    given = False

    async def replay() -> Message:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return replay


async def _refuse(send: Send, refusal: Refusal) -> None:
    headers = [(b"content-type", PROBLEM_JSON.encode()), (b"content-length", str(len(refusal.body)).encode())]
    await send({"type": "http.response.start", "status": int(refusal.status), "headers": headers})
    await send({"type": "http.response.body", "body": refusal.body})


def _refused(start_response: StartResponse, refusal: Refusal) -> Iterable[bytes]:
    words = f"{int(refusal.status)} {HTTPStatus(refusal.status).phrase}"
    start_response(words, [("Content-Type", PROBLEM_JSON), ("Content-Length", str(len(refusal.body)))])
    return [refusal.body]
