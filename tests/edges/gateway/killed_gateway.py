"""A server that is meant to be killed: ``python -m tests.edges.gateway.killed_gateway FOLDER GUARANTEE PORT``.

Its state is fixed, its model adds up, and what is handed on is appended to a file of the folder.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import uvicorn

from syndic.adapters.inference.spool import Spool
from syndic.adapters.memory import MemoryBackends
from syndic.gateway.models import GatewaySettings
from syndic.gateway.predict import Gateway
from syndic.gateway.serving import Serving
from syndic.gateway.state import Candidate, ServingState
from syndic.gateway.values import Feature, FeatureType
from syndic.registry.models import Stage
from syndic.serving.application import application

MODEL = "one-abc123"


def state(guarantee: str) -> ServingState:
    """A model of one feature, served by one version."""
    settings = GatewaySettings.model_validate({
        "backends": {"*": {"kind": "mlflow", "address": "https://m.example.org"}}, "log": {"guarantee": guarantee},
    })  # fmt: skip
    only = Candidate(
        version="1", stage=Stage.PRODUCTION, variant="v-1", weight=1,
        features=(Feature(name="x", type=FeatureType.DOUBLE),),
    )  # fmt: skip
    return ServingState(model_id=MODEL, model_name="one", settings=settings, candidates=(only,))


def shipping(file: Path) -> Spool:
    """The spool of a folder; what it hands on is in one file. Half of what is taken comes twice, as after a timeout."""
    lock = threading.Lock()

    def ship(records: Sequence[bytes]) -> None:
        again = records[: len(records) // 2]
        with lock, file.open("ab") as taken:
            taken.write(b"".join(one + b"\n" for one in (*records, *again)))

    return Spool(file.parent / "spool", ship=ship, roll=0.1)


def main() -> None:
    """Serve until killed."""
    folder, guarantee, port = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    known = state(guarantee)
    gateway = Gateway(
        Serving(lambda _model: known, clock=lambda: datetime.now(UTC)),
        MemoryBackends(lambda _asked, rows: [0.5] * len(rows)),
        shipping(folder / "taken"),
        lambda: datetime.now(UTC),
    )
    uvicorn.run(application(gateway, MODEL), host="127.0.0.1", port=port, log_level="error")


if __name__ == "__main__":
    main()
