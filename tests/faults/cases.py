"""What is run under faults, found from the tables: every route of the access table, every function of both clouds.

A route that changes something joins by itself: it is in the access table, and its body in the access tests, which
demand one. A function joins with its first file under ``events/``, which is demanded too.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from typing import Any

import azure.functions as func
from aws_lambda_powertools.utilities.batch.exceptions import BatchProcessingError

from azure_functions import wiring as azure_wiring
from functions import wiring
from functions.api.access.authorization import PREFIX
from functions.api.access.permissions import TABLE
from functions.api.handler import handler
from syndic.errors import SyndicError
from syndic.models import ListingRequested, LookRequested
from tests.edges.access import test_api_access as access
from tests.edges.azure.azure_settings import app_functions
from tests.edges.azure.test_azure_parity import TIMERS, envelope
from tests.edges.conftest import Context
from tests.edges.deploying import DEPLOYMENT_WORLDS
from tests.edges.envelopes import api_request, queue_batch
from tests.edges.mirroring import MIRROR_WORLDS
from tests.edges.test_events import CASES
from tests.edges.world import MODEL, NOW, WORLDS, World
from tests.faults.faulty import FaultyWorld

TICK = timedelta(minutes=25)  # longer than a digest's holder is waited for
TURNS = 5  # calls of a schedule until nothing moves any more: after a death models are counted a call later
DEPLOYMENT_TURNS = 12  # a canary goes up its steps
ALL_WORLDS = {**WORLDS, **DEPLOYMENT_WORLDS, **MIRROR_WORLDS}


@dataclass(frozen=True)
class Case:
    """One thing that is run: in which world, how, and whether a schedule calls it again by itself."""

    name: str
    world: Callable[[], World]
    send: Callable[[FaultyWorld], bool]
    turns: int = 0  # how often a schedule calls again; 0: a client or a queue tries again until it is answered
    by_client: bool = False  # whose own retry must tell everything, before any sweeper comes

    @property
    def scheduled(self) -> bool:
        return self.turns > 0


@cache
def _checked() -> tuple[World, Callable[[str], str]]:
    world = WORLDS["checked"]()
    return world, access.filler(world)


def routes() -> Iterator[Case]:
    """Every route of the table, reading ones included: whether one changes anything is seen when it runs."""
    for method, path in sorted(TABLE):
        yield _route(method, path, access.query_of((method, path)))
        if method == "POST":
            yield _route(method, path, access.query_of((method, path)), key="k-1")
    yield _route("GET", "/models/<model_id>/versions/<version>/card", "format=pdf")


def _route(method: str, path: str, query: str, *, key: str | None = None) -> Case:
    body = access.BODIES.get((method, path))
    if method != "GET":
        assert body is not None, f"{method} {path} needs a body in tests/edges/access/test_api_access.py"
    if (method, path) == ("POST", "/models"):
        body = {**(body or {}), "owner": "olga@example.org"}
    person = access.SIGNED.get((method, path), "admin")

    headers, text = access.sent_of((method, path), body)
    headers |= {"Content-Type": "application/json"} if not headers else {}
    headers |= {"Idempotency-Key": key} if key else {}

    def send(world: FaultyWorld) -> bool:
        request = api_request(
            method, PREFIX + _checked()[1](path), query=query, headers=headers, body=text, person=person
        )
        wiring.wired = lambda: world  # type: ignore[assignment]
        with contextlib.redirect_stdout(io.StringIO()):
            return int(handler(request, Context())["statusCode"]) < 300

    name = f"{method} {path}{'?' if query else ''}{query}{' with a key' if key else ''}"
    return Case(name, lambda: _checked()[0], send, by_client=True)


def functions_of_aws() -> Iterator[Case]:
    """Each event file of every function but the API's."""
    for path in CASES:
        if path.parent.name == "api":
            continue
        case = json.loads(path.read_text())
        module = importlib.import_module(f"functions.{path.parent.name}.{case.get('handler', 'handler')}")
        yield Case(
            f"aws {path.parent.name}/{path.stem}",
            _world(case["world"]),
            _on_aws(module, case),
            turns=0 if "schedule" not in case else DEPLOYMENT_TURNS if path.parent.name == "rollouts" else TURNS,
        )


def _on_aws(module: Any, case: dict[str, Any]) -> Callable[[FaultyWorld], bool]:
    def call(event: Any) -> bool:
        try:
            with contextlib.redirect_stdout(io.StringIO()):
                answer = module.handler(event, Context())
        except (BatchProcessingError, SyndicError):
            return False
        return not (isinstance(answer, dict) and answer.get("batchItemFailures"))

    def send(world: FaultyWorld) -> bool:
        wiring.wired = lambda: world  # type: ignore[assignment]
        if "messages" in case:
            return _in_order([queue_batch([message]) for message in case["messages"]], call)
        return call(case.get("schedule", case.get("call")))

    return send


def _in_order(messages: list[Any], take: Callable[[Any], bool]) -> bool:
    """One message after the other, each delivered again when it fails: a queue's order is none, a test's is one."""
    answers = [take(one) or take(one) for one in messages]
    return all(answers)


def functions_of_azure() -> Iterator[Case]:
    """Each function of the app: with the event files of its concern, its timer, or a part of a large window."""
    built = {one.get_function_name(): one.get_user_function() for one in app_functions()}
    for path in CASES:
        case = json.loads(path.read_text())
        if path.parent.name in built and "messages" in case:
            bodies = [envelope(message) for message in case["messages"]]
            yield Case(
                f"azure {path.parent.name}/{path.stem}", _world(case["world"]), _queued(built[path.parent.name], bodies)
            )
        if path.parent.name in TIMERS and "schedule" in case:
            yield Case(
                f"azure {TIMERS[path.parent.name]}/{path.stem}",
                _world(case["world"]),
                _timer(built[TIMERS[path.parent.name]]),
                turns=TURNS,
            )
    yield Case("azure windows/part", _fanned_out, _part(built["windows"]))
    yield Case("azure registries/listed", _world("listed"), _timer(built["registries"]), turns=TURNS)
    yield Case("azure discovery_page/listed_and_looked_at", _world("found"), _listed(built["discovery_page"]))


BEHIND_THE_API = frozenset({"gateway_health", "gateway_model_info", "gateway_predict", "gateway_records"})
"""They hold no store. What they hand on is taken by `POST /models/<model_id>/gateway/records`, a case of its own;
a queue and an API that fail under them are in tests/edges/azure/test_azure_gateway.py."""


def functions_without_a_case() -> set[str]:
    """Functions of Azure that no case runs."""
    names = {one.get_function_name() for one in app_functions()}
    assert names >= BEHIND_THE_API
    names -= BEHIND_THE_API
    return names - {case.name.removeprefix("azure ").partition("/")[0] for case in functions_of_azure()}


def _queued(function: Callable[[Any], None], bodies: list[str]) -> Callable[[FaultyWorld], bool]:
    def take(body: str) -> bool:
        try:
            function(func.QueueMessage(body=body.encode("utf-8", "surrogatepass")))
        except (SyndicError, UnicodeDecodeError):
            return False
        return True

    def send(world: FaultyWorld) -> bool:
        azure_wiring.wired = lambda: world  # type: ignore[assignment]
        return _in_order(bodies, take)

    return send


def _timer(function: Callable[[Any], None]) -> Callable[[FaultyWorld], bool]:
    def send(world: FaultyWorld) -> bool:
        azure_wiring.wired = lambda: world  # type: ignore[assignment]
        try:
            function(None)
        except SyndicError:
            return False
        return True

    return send


def _fanned_out() -> World:
    """A window that is too large for one function: its parts wait in the queue."""
    from syndic.checks.counting.list_files import list_files
    from syndic.checks.counting.plan import start_run
    from syndic.checks.counting.queue_run import FanOut
    from syndic.models import CountRequested, TimeWindow
    from syndic.records import get_model
    from tests.edges.world import SHIFTED

    world = WORLDS["governed"]()
    window = TimeWindow(start=SHIFTED, end=SHIFTED + timedelta(days=1))
    model = get_model(world.store, MODEL)
    files = list_files(model, window, captures=world.captures, now=world.now())
    start_run(
        CountRequested(model_id=MODEL, window=window, checks=("drift", "quality", "bias")),
        model,
        files,
        archive=world.archive,
        maps=FanOut(world.store, world.bus, clock=world.now),
    )
    return world


def _part(function: Callable[[Any], None]) -> Callable[[FaultyWorld], bool]:
    def send(world: FaultyWorld) -> bool:
        asked = [one for one in world.world.bus.published if one.type == "PartRequested"]
        bodies = [envelope(one.model_dump(mode="json")) for one in asked]
        return _queued(function, bodies)(world)

    return send


def _listed(function: Callable[[Any], None]) -> Callable[[FaultyWorld], bool]:
    """A source is listed, then what it names is looked at: each in a message of its own."""

    def send(world: FaultyWorld) -> bool:
        source = world.world.source
        names = tuple(one.name for one in source.endpoints())
        asked = [
            ListingRequested(source=source.name, asked_at=NOW),
            LookRequested(source=source.name, asked_at=NOW, endpoints=names),
        ]
        return _queued(function, [envelope(one.model_dump(mode="json")) for one in asked])(world)

    return send


@cache
def _made(name: str) -> World:
    return ALL_WORLDS[name]()


def _world(name: str) -> Callable[[], World]:
    return lambda: _made(name)
