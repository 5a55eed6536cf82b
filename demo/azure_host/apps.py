"""A function app in this process: which functions it has, and calls of them.

From Python 3.13 on Azure runs apps through the package `azure-functions-runtime`; so does this. It keeps one registry
for the process: one process, one app. On an older Python the functions are called directly, and that is said loudly.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import traceback
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from demo.azure_host.messages import Message, StatusResult, TypedData, init_request, invocation_request

PLAIN = """\
********************************************************************************************************************
  Python {version} has no azure-functions-runtime (3.13 has): the Azure functions are called DIRECTLY, without the code
  that indexes and calls them in Azure. Wrong bindings are NOT caught here. Use Python 3.13 to see what Azure sees.
********************************************************************************************************************"""


class AppError(Exception):
    """The app cannot be indexed; the message is the runtime's."""


@dataclass(frozen=True)
class Function:
    """A function as the app declares it.

    Args:
        name: Its name, unique in the app.
        id: The runtime's id of it.
        bindings: Its bindings as the host reads them, e.g. type, name, queueName.
    """

    name: str
    id: str
    bindings: tuple[dict[str, Any], ...]

    @property
    def trigger(self) -> dict[str, Any]:
        """The binding that starts it."""
        return next(one for one in self.bindings if one["type"].endswith("Trigger"))


@dataclass(frozen=True)
class Request:
    """A request over HTTP as the host hands it over."""

    method: str
    url: str
    headers: dict[str, str]
    query: dict[str, str]
    route: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Reply:
    """What a function answers over HTTP."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Outcome:
    """How a call ended; `error` is None when it succeeded. `reply` is that of a request over HTTP."""

    error: str | None = None
    trace: str | None = None
    reply: Reply | None = None


@dataclass(frozen=True)
class Call:
    """What a trigger gives: the timer's JSON, the message's text or a request, and what the host knows about it."""

    json: str | None = None
    text: str | None = None
    metadata: dict[str, Any] | None = None
    http: Request | None = None

    def value(self) -> TypedData:
        """The trigger's value as the worker hands it over."""
        if self.http is not None:
            asked = self.http
            return TypedData(http=Message(
                method=asked.method, url=asked.url, headers=asked.headers, params=asked.route, query=asked.query,
                body=TypedData(bytes=asked.body),
            ))  # fmt: skip
        return TypedData(string=self.text) if self.text is not None else TypedData(json=self.json)

    def details(self) -> dict[str, TypedData]:
        """The trigger's metadata as the worker hands it over."""
        return {name: TypedData(json=json.dumps(value)) for name, value in (self.metadata or {}).items()}


class App(Protocol):
    """An indexed app."""

    runtime: str
    functions: tuple[Function, ...]

    async def call(self, function: Function, call: Call) -> Outcome:
        """Call a function once."""


class RuntimeApp:
    """An app under `azure-functions-runtime`, as in Azure."""

    def __init__(self, runtime: Any, indexed: Iterable[Any]) -> None:
        self._runtime = runtime
        self.runtime = "azure-functions-runtime"
        self.functions = tuple(
            Function(one.name, one.function_id, tuple(json.loads(text) for text in one.raw_bindings)) for one in indexed
        )

    async def call(self, function: Function, call: Call) -> Outcome:
        """Call a function in the worker's thread pool."""
        name = function.trigger["name"]
        message = invocation_request(function.id, str(uuid.uuid4()), name, call.value(), call.details())
        answer = await self._runtime.invocation_request(message)
        result = answer.result
        if result.status == StatusResult.Success:
            return Outcome(reply=_reply_of(answer))
        return Outcome(result.exception.message, result.exception.stack_trace)


class PlainApp:
    """An app whose functions are called directly: for a Python that has no runtime."""

    def __init__(self, indexed: Iterable[Any]) -> None:
        self.runtime = "plain calls"
        self._callables = {one.get_function_name(): one.get_user_function() for one in indexed}
        self.functions = tuple(
            Function(one.get_function_name(), "", tuple(json.loads(text) for text in one.get_raw_bindings()))
            for one in indexed
        )

    async def call(self, function: Function, call: Call) -> Outcome:
        """Call a function in a thread."""
        try:
            given = {function.trigger["name"]: _argument(call)}
            answer = await asyncio.to_thread(self._callables[function.name], **given)
        except Exception as error:  # noqa: BLE001 - the runtime reports whatever a function raises
            return Outcome(f"{type(error).__name__}: {error}", traceback.format_exc())
        if call.http is None:
            return Outcome()
        headers = {"content-type": answer.mimetype, **{name.lower(): value for name, value in answer.headers.items()}}
        return Outcome(reply=Reply(answer.status_code, headers, answer.get_body()))


def _reply_of(answer: Any) -> Reply | None:
    """What a call answered over HTTP."""
    http = getattr(getattr(answer, "return_value", None), "http", None)
    return None if http is None else Reply(int(http.status_code), dict(http.headers), http.body.bytes)


def _argument(call: Call) -> Any:
    from azure.functions.http import HttpRequest  # noqa: PLC0415 - an optional extra
    from azure.functions.queue import QueueMessage  # noqa: PLC0415
    from azure.functions.timer import TimerRequest  # noqa: PLC0415

    if call.http is not None:
        asked = call.http
        return HttpRequest(
            method=asked.method, url=asked.url, headers=asked.headers, params=asked.query, route_params=asked.route,
            body_type="bytes", body=asked.body,
        )  # fmt: skip
    if call.text is not None:
        metadata = call.metadata or {}
        return QueueMessage(id=metadata.get("Id"), body=call.text, dequeue_count=metadata.get("DequeueCount"))
    timer = json.loads(call.json or "{}")
    return TimerRequest(
        past_due=timer["IsPastDue"], schedule_status=timer["ScheduleStatus"], schedule=timer["Schedule"]
    )


async def index(folder: Path) -> App:
    """Load the app in a folder, which must be on the path. Raises `AppError` with the runtime's reason."""
    try:
        runtime = importlib.import_module("azure_functions_runtime")
    except ModuleNotFoundError:
        return _index_plainly()
    runtime.start_threadpool_executor()
    answer = await runtime.worker_init_request(init_request(str(folder)))
    if answer.result.status != StatusResult.Success:
        raise AppError(answer.result.exception.message)
    indexed = (await runtime.functions_metadata_request(None)).function_metadata_results
    if not indexed:
        raise AppError(f"{folder} has no function_app.py, or no functions in it")
    return RuntimeApp(runtime, indexed)


def _index_plainly() -> PlainApp:
    sys.stderr.write(PLAIN.format(version=".".join(map(str, sys.version_info[:2]))) + "\n")
    try:
        app = importlib.import_module("function_app").app
        return PlainApp(app.get_functions())
    except (ImportError, AttributeError, ValueError) as error:
        raise AppError(f"{type(error).__name__}: {error}") from error
