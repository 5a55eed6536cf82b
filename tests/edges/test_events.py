"""Every file under events/ goes through the real handler, wired to memory. The file's name is the test's id."""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from aws_lambda_powertools.utilities.batch.exceptions import BatchProcessingError

from syndic.alerting.alerts import list_alerts
from syndic.audit.verification.trail import verify
from syndic.compliance.evaluation.queries import statuses_of
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request, queue_batch
from tests.edges.world import MODEL, NOW, World

EVENTS = Path(__file__).parents[2] / "events"
CASES = sorted(EVENTS.glob("*/*.json"))
QUEUED = [path for path in CASES if '"messages"' in path.read_text()]
Wire = Callable[[str], World]


def names(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def run(path: Path, case: dict[str, Any], context: Context) -> Any:
    """Call the handler as AWS would. A batch that fails as a whole is told as its failures."""
    handler = importlib.import_module(f"functions.{path.parent.name}.{case.get('handler', 'handler')}").handler
    if "request" in case:
        request = dict(case["request"])
        person, hexadecimal = request.pop("as"), request.pop("body_hex", None)
        body = bytes.fromhex(hexadecimal) if hexadecimal else request.pop("body", None)
        return handler(api_request(**request, person=person, body=body), context)
    if "messages" not in case:
        return handler(case.get("schedule", case.get("call")), context)
    try:
        answer = handler(queue_batch(case["messages"]), context)
    except BatchProcessingError:
        return list(range(len(case["messages"])))
    return [int(one["itemIdentifier"].removeprefix("message-")) for one in answer["batchItemFailures"]]


def assert_holds(part: Any, whole: Any, where: str = "") -> None:
    """Every value named in `part` is found in `whole`; dictionaries may hold more."""
    if isinstance(part, dict):
        assert isinstance(whole, dict), f"{where}: {whole!r}"
        for key, value in part.items():
            assert key in whole, f"{where}.{key} is missing from {sorted(whole)}"
            assert_holds(value, whole[key], f"{where}.{key}")
    elif isinstance(part, list) and part and isinstance(part[0], dict):
        assert isinstance(whole, list), f"{where}: {whole!r}"
        assert len(part) == len(whole), f"{where}: {whole!r}"
        for number, (one, other) in enumerate(zip(part, whole, strict=True)):
            assert_holds(one, other, f"{where}[{number}]")
    else:
        assert part == whole, f"{where}: expected {part!r}, got {whole!r}"


@pytest.mark.parametrize("path", CASES, ids=names)
def test_event_gives_what_its_file_says(path: Path, wire: Wire, context: Context) -> None:
    case = json.loads(path.read_text())
    world = wire(case["world"])
    expect = case["expect"]

    answer = run(path, case, context)

    if "failed" in expect:
        assert answer == expect["failed"]
    if "status" in expect:
        assert answer["statusCode"] == expect["status"], answer["body"]
        assert answer["multiValueHeaders"]["X-Content-Type-Options"] == ["nosniff"]
        assert_holds(expect.get("json", {}), json.loads(answer["body"]))
    assert_holds(expect.get("returns", {}), answer if isinstance(answer, dict) else {})
    assert_holds(expect.get("stored", {}), world.state())
    if "published" in expect:
        assert sorted({event.type for event in world.bus.published}) == expect["published"]
    if "alerts" in expect:
        assert [[one.state, one.severity] for one in list_alerts(world.store, now=NOW).alerts] == expect["alerts"]
    if "statuses" in expect:
        assert len(statuses_of(world.store, MODEL)) == expect["statuses"]
    if "mails" in expect:
        assert world.notifier is not None
        assert len(world.notifier.sent) == expect["mails"]
    assert verify(world.store).intact


@pytest.mark.parametrize("path", QUEUED, ids=names)
def test_event_delivered_again_changes_nothing(path: Path, wire: Wire, context: Context) -> None:
    case = json.loads(path.read_text())
    world = wire(case["world"])
    first = run(path, case, context)
    before = world.state()

    again = run(path, case, context)

    assert again == first
    assert world.state() == before


def test_every_function_has_cases() -> None:
    functions = {path.parent.name for path in (EVENTS.parent / "functions").glob("*/handler.py")}

    assert functions == {path.parent.name for path in CASES}
