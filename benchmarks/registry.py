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
from syndic.adapters.aws.dynamo_items import listing_item, new_etag, pack, record_item  # noqa: E402
from syndic.adapters.documents import encode_body  # noqa: E402
from syndic.adapters.memory import MemoryStore  # noqa: E402
from syndic.models import Cloud, ComplianceStatus, RegisteredModel, RiskDecision, RiskLevel  # noqa: E402
from syndic.ports import Record  # noqa: E402
from syndic.records import model_record  # noqa: E402
from syndic.registry.overview import keep_overview  # noqa: E402
from tests.contract import clouds  # noqa: E402
from tests.edges.conftest import Context  # noqa: E402
from tests.edges.envelopes import api_request  # noqa: E402
from tests.edges.world import World  # noqa: E402

NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
WORDS = ("car", "loan", "fraud", "credit", "churn", "price", "claims", "triage", "demand", "ranking")
REQUESTS = {
    "list": "limit=50",
    "by status": "limit=50&status=approved",
    "by risk": "limit=50&risk=high",
    "by cloud": "limit=50&cloud=azure",
    "by owner": f"limit=50&owner={quote('team7@example.org')}",
    "by stage": "limit=50&stage=production",
    "newest first": "limit=50&sort=newest",
    "newest of a status": "limit=50&sort=newest&status=draft",
    "last names first": "limit=50&order=descending",
    "name begins with": "limit=50&begins=Fraud",
    "three filters": "limit=50&status=approved&risk=high&cloud=aws",
    "part of the name": "limit=50&name=triage",
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


def page(query: str) -> tuple[float, int, str | None]:
    """Milliseconds, models in the answer, and the token of the next page."""
    event = api_request("GET", "/api/v1/models", query=query, person="auditor")
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
        store.put(model_record(model(number)))
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
    for number in range(models):
        record: Record = model_record(model(number))
        packed = pack(encode_body(record.body, record.key))
        items.append(record_item(record, packed, new_etag(listed=True, moved=False), None))
        items += [listing_item(at, record.key) for at in record.listings]
        while len(items) >= 25 or (items and number == models - 1):
            batch, items = items[:25], items[25:]
            client.batch_write_item(RequestItems={"records": [{"PutRequest": {"Item": item}} for item in batch]})


if __name__ == "__main__":
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    print(f"{count} models, pages of 50\n{HEAD}")
    with redirect_stdout(StringIO()):  # the function writes its metrics there
        in_memory(count)
        on_emulator(count)
