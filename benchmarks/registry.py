"""List, filter, sort and page 10,000 models through the API's own function, warm: medians per kind of request.

    .venv/bin/python benchmarks/registry.py [MODELS]

Once with the store in memory and once on a DynamoDB emulator on this machine. The emulator sorts a whole partition for
each query, which DynamoDB does not, so the time spent waiting for it is measured apart: what is left is the function's
own time, parsing of the answers included. To that DynamoDB adds a few milliseconds for each operation listed.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import redirect_stdout
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "shared")]

from functions import wiring  # noqa: E402
from functions.api.handler import handler  # noqa: E402
from syndic.adapters.aws import DynamoStore  # noqa: E402
from syndic.adapters.aws.dynamo.items import listing_item, new_etag, record_item  # noqa: E402
from syndic.adapters.bodies import pack  # noqa: E402
from syndic.adapters.documents import encode_body  # noqa: E402
from syndic.adapters.memory import MemoryStore  # noqa: E402
from syndic.assessment import State  # noqa: E402
from syndic.compliance.keys import counts_key  # noqa: E402
from syndic.models import (  # noqa: E402
    Cloud,
    ComplianceStatus,
    Evidence,
    EvidenceStatus,
    RegisteredModel,
    RiskDecision,
    RiskLevel,
    to_json,
)
from syndic.ports import Record  # noqa: E402
from syndic.records import evidence_key, model_record  # noqa: E402
from syndic.registry.overview import keep_overview  # noqa: E402
from syndic.registry.versions.narrowing import CHECKS  # noqa: E402
from tests.contract import clouds  # noqa: E402
from tests.edges.conftest import Context  # noqa: E402
from tests.edges.envelopes import api_request  # noqa: E402
from tests.edges.world import World  # noqa: E402

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
WORDS = ("car", "loan", "fraud", "credit", "churn", "price", "claims", "triage", "demand", "ranking")
REQUESTS = {
    "list": "models?limit=50",
    "by status": "models?limit=50&status=approved",
    "by risk": "models?limit=50&risk=high",
    "by cloud": "models?limit=50&cloud=azure",
    "by owner": f"models?limit=50&owner={quote('team7@example.org')}",
    "by stage": "models?limit=50&stage=production",
    "newest first": "models?limit=50&sort=newest",
    "newest of a status": "models?limit=50&sort=newest&status=draft",
    "last names first": "models?limit=50&order=descending",
    "name begins with": "models?limit=50&begins=Fraud",
    "three filters": "models?limit=50&status=approved&risk=high&cloud=aws",
    "part of the name": "models?limit=50&name=triage",
    "where they stand": "dashboard/models?limit=100",
}
ROUNDS = 15
RESULTS = sys.stdout
HEAD = f"{'store':9} {'request':20} {'median':>9} {'slowest':>11} {'models':>8}  calls of one page"


def model(number: int) -> RegisteredModel:
    """One of many models: values spread so that every filter leaves some and none leaves all."""
    name = f"{WORDS[number % 10]} {WORDS[number // 10 % 10]} {number:05}"
    levels = (*RiskLevel, None)
    level = levels[number // 4 % 5]
    return RegisteredModel(
        id=f"{name.replace(' ', '-')}-{number:06x}",
        name=name,
        cloud=Cloud.AWS if number % 3 else Cloud.AZURE,
        owner=f"team{number % 100}@example.org",
        description="ranks cases for a clerk, who decides each of them " * 4,
        compliance_status=tuple(ComplianceStatus)[number % 4],
        risk=None if level is None else RiskDecision(
            level=level, reason="as the questionnaire says", decided_by="cora", decided_at=NOW
        ),
        stages=(("development",), ("production",), ("archived", "staging"), ())[number // 7 % 4],
        registered_at=NOW - timedelta(minutes=number),
    )  # fmt: skip


def records(number: int) -> Iterator[Record]:
    """What is kept of one of many models and read in a page: itself, newest evidence, requirements by state."""
    one = model(number)
    yield model_record(one)
    for kind in CHECKS:
        evidence = Evidence(
            kind=kind, model_id=one.id, status=EvidenceStatus.PASSING, summary="nothing was found", facts={},
            source=kind, sha256="0" * 64, produced_at=NOW,
        )  # fmt: skip
        yield Record(evidence_key(one.id, kind), to_json(evidence))
    yield Record(counts_key(one.id), {"counts": dict.fromkeys(State, 3)})


def page(request: str) -> tuple[float, int, str | None]:
    """Milliseconds, models in the answer, and the token of the next page."""
    path, _, query = request.partition("?")
    event = api_request("GET", f"/api/v1/{path}", query=query, person="auditor")
    began = time.perf_counter()
    answer = handler(event, Context())
    took = (time.perf_counter() - began) * 1000
    if answer["statusCode"] != 200:
        raise SystemExit(answer["body"])
    body = json.loads(answer["body"])
    return took, len(body["models"]), body["next_token"]


def measure(name: str, calls: Counter[str], waited: list[float]) -> None:
    """Print the median of each kind of request: its first page and the one after it, in turn."""
    for label, query in REQUESTS.items():
        token = page(query)[2]
        own: list[float] = []
        found = 0
        calls.clear()
        for turn in range(ROUNDS):
            waited.clear()
            took, found, _ = page(query if turn % 2 == 0 or token is None else f"{query}&token={quote(token)}")
            own.append(took - sum(waited) * 1000)
        each = ", ".join(f"{count / ROUNDS:.0f} {kind}" for kind, count in sorted(calls.items()))
        print(
            f"{name:9} {label:20} {statistics.median(own):6.1f} ms {max(own):8.1f} ms {found:8}  {each}", file=RESULTS
        )


class Counted:
    """A store that counts what is asked of it."""

    def __init__(self, store: Any, calls: Counter[str]) -> None:
        self._store, self._calls = store, calls

    def __getattr__(self, name: str) -> Any:
        self._calls[name] += 1
        return getattr(self._store, name)


def in_memory(models: int) -> None:
    """The function's own time."""
    calls: Counter[str] = Counter()
    store = MemoryStore()
    for number in range(models):
        for record in records(number):
            store.put(record)
    world = World(store=Counted(store, calls))  # type: ignore[arg-type]
    wiring.wired = lambda: world  # type: ignore[assignment]
    measure("memory", calls, [])
    began = time.perf_counter()
    keep_overview(store, now=NOW, daily=True)
    print(
        f"memory    {'count all models':20} {(time.perf_counter() - began) * 1000:6.0f} ms, on a schedule", file=RESULTS
    )


def on_emulator(models: int) -> None:
    """The same with a DynamoDB emulator behind it."""
    with tempfile.TemporaryDirectory() as folder, clouds.ministack(Path(folder)) as url:
        client = clouds.client("dynamodb", url)
        keys = ("pk", "sk")
        client.create_table(
            TableName="records",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in keys],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        )
        fill(client, models)
        calls: Counter[str] = Counter()
        client.meta.events.register(
            "before-call.dynamodb.*", lambda model, **_: calls.update([model.name]), unique_id="count"
        )
        waited: list[float] = []
        session = client._endpoint.http_session  # noqa: SLF001 - the only place where waiting can be told apart
        send = session.send

        def timed(request: Any) -> Any:
            began = time.perf_counter()
            try:
                return send(request)
            finally:
                waited.append(time.perf_counter() - began)

        session.send = timed
        world = World(store=DynamoStore(client, "records", s3=clouds.client("s3", url), bucket="none"))  # type: ignore[arg-type]
        wiring.wired = lambda: world  # type: ignore[assignment]
        measure("DynamoDB", calls, waited)


def fill(client: Any, models: int) -> None:
    """Write the items that the store would write, 25 at a time: one by one would take minutes."""
    items: list[dict[str, Any]] = []
    for record in (record for number in range(models) for record in records(number)):
        packed = pack(encode_body(record.body, record.key))
        items.append(record_item(record, packed, new_etag(listed=bool(record.listings), moved=False), None))
        items += [listing_item(at, record.key) for at in record.listings]
        while len(items) >= 25:
            write(client, items[:25])
            items = items[25:]
    if items:
        write(client, items)


def write(client: Any, items: list[dict[str, Any]]) -> None:
    """Write at most 25 items."""
    client.batch_write_item(RequestItems={"records": [{"PutRequest": {"Item": item}} for item in items]})


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(f"{count} models, pages of 50\n{HEAD}")
    with redirect_stdout(StringIO()):  # the function writes its metrics there
        in_memory(count)
        on_emulator(count)
