"""What the gateway costs beside the model: the function's handler, and middleware before an application.

The model answers at once, so what is measured is reading, checking, deciding and making the record. Medians of one
process; the middleware's cost is a ratio of two rates of the same run.

    make bench-gateway
"""

from __future__ import annotations

import asyncio
import contextlib
import io
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI, Request

from functions import wiring
from functions.api.handler import handler
from syndic.adapters.inference.spool import Spool
from syndic.gateway.configure import set_gateway
from syndic.gateway.models import GatewaySettings
from syndic.gateway.predict import Gateway
from syndic.gateway.serving import Serving
from syndic.gateway.state import read_state
from syndic.models import to_json
from syndic.ports import Record
from syndic.registry.keys import stages_key
from syndic.registry.models import ModelVersion, Stage, Stages
from syndic.registry.versions.versions import add_version, register_model
from syndic.serving.middleware import AsgiGateway
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.world import NOW, World

FEATURES = tuple(f"feature {n}" for n in range(30))
ROW = {name: 0.5 + n for n, name in enumerate(FEATURES)}
REQUESTS = 600
AT_ONCE = 16


def served() -> tuple[World, str]:
    world = World()
    common: dict[str, Any] = {"store": world.store, "audit": world.audit, "actor": "olga", "now": NOW}
    model = register_model(name="Thirty", owner="olga@example.org", **common)
    inputs = [{"name": name, "type": "double", "required": True} for name in FEATURES]
    version = ModelVersion(
        model_id=model.id, version="1", created_at=NOW, created_by="olga", signature={"inputs": inputs}
    )
    add_version(version, **common)
    world.store.put(Record(stages_key(model.id), to_json(Stages(model_id=model.id, of={"1": Stage.PRODUCTION}))))
    settings = {
        "backends": {"*": {"kind": "mlflow", "address": "https://m.example.org"}},
        "log": {"guarantee": "fast"},
        "positive_class": "yes",
    }
    set_gateway(model.id, GatewaySettings.model_validate(settings), **common)
    return world, model.id


def medians(ask: Callable[[int], object]) -> tuple[float, float]:
    """Median and 95th percentile in milliseconds, warm."""
    for n in range(50):
        ask(n)
    spent = []
    for n in range(REQUESTS):
        start = time.perf_counter()
        ask(n)
        spent.append((time.perf_counter() - start) * 1_000)
    return statistics.median(spent), statistics.quantiles(spent, n=20)[-1]


def function() -> tuple[float, float]:
    """The whole handler of the function, as API Gateway calls it."""
    world, model_id = served()
    wiring.wired = lambda: world  # type: ignore[assignment]
    body = json.dumps(ROW)

    def ask(n: int) -> object:
        headers = {"content-type": "application/json", "x-request-id": f"r-{n}"}
        event = api_request("POST", f"/api/v1/gateway/{model_id}/predict", headers=headers, body=body, person="auditor")
        with contextlib.redirect_stdout(io.StringIO()):
            answer = handler(event, Context())
        if answer["statusCode"] != 200:
            raise SystemExit(answer["body"])
        return answer

    found = medians(ask)
    if len(world.predictions.waiting) != REQUESTS + 50:
        raise SystemExit(f"{len(world.predictions.waiting)} of {REQUESTS + 50} predictions were logged")
    return found


async def rate(app: Any) -> float:
    """Requests a second of an application, `AT_ONCE` at once, in process."""
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://own") as client:

        async def work(share: int) -> None:
            for _ in range(share):
                answer = await client.post("/predict", json=ROW)
                if answer.status_code != 200:
                    raise SystemExit(answer.text)

        await work(30)
        start = time.perf_counter()
        await asyncio.gather(*(work(REQUESTS // AT_ONCE) for _ in range(AT_ONCE)))
        return (REQUESTS // AT_ONCE) * AT_ONCE / (time.perf_counter() - start)


def middleware() -> list[float]:
    """Rates with the middleware and a queue on disk over rates without, in pairs."""
    world, model_id = served()
    app = FastAPI()

    @app.post("/predict")
    async def predict(request: Request) -> dict[str, list[float]]:
        await request.json()
        time.sleep(0.002)
        return {"predictions": [0.7]}

    with tempfile.TemporaryDirectory() as folder:
        records = Spool(Path(folder), ship=lambda _records: None)
        serving = Serving(lambda name: read_state(world.store, name), clock=world.now)
        gateway = Gateway(serving, world.backends, records, world.now)
        governed = AsgiGateway(app, gateway=gateway, model_id=model_id)  # type: ignore[arg-type]
        pairs = [asyncio.run(rate(governed)) / asyncio.run(rate(app)) for _ in range(5)]
        records.close()
    return pairs


def main() -> None:
    middle, late = function()
    print(f"function, {len(FEATURES)} features, log fast: median {middle:.2f} ms, 95 % under {late:.2f} ms")
    ratios = middleware()
    print(
        f"middleware before a model of 2 ms, queue on disk: {statistics.median(ratios):.2f} of the rate without "
        f"({min(ratios):.2f} to {max(ratios):.2f})"
    )


if __name__ == "__main__":
    main()
