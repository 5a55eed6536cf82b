"""A server, its SQLite store and a legacy folder say the same of every state that a model of MLflow 3 may be in."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from syndic.adapters.memory import MemoryAudit, MemoryStore
from syndic.adapters.mlflow import open_mlflow
from syndic.registry.sync.importer import import_models
from syndic.registry.versions.queries import list_versions
from tests.contract.mlflow_server import tracking_server

NOW = datetime(2026, 11, 21, tzinfo=UTC)
LOG = Path(__file__).with_name("mlflow_states.py")
RUN = {
    "recovered": 0.25, "lost": "NaN", "val/by group/F": 0.8, "up": "Infinity", "down": "-Infinity", "zero": 0.0,
}  # fmt: skip
LINKED = {**RUN, "auc": 0.77, "evaluated": "NaN", "none": 0.0}
MODELS: dict[str, tuple[str | None, dict[str, Any]]] = {
    "credit scoring v2": ("sklearn", LINKED),
    "信用": ("sklearn", LINKED),
    "outside": (None, {"f1": 0.66}),
    "copied": ("sklearn", LINKED),
    "copied twice": ("sklearn", LINKED),
    "orphan": (None, {}),
}

pytestmark = [pytest.mark.emulator, pytest.mark.slow, pytest.mark.timeout(900)]


def log(uri: str, seed: int, **environment: str) -> str:
    """Log every state; returns the run that is to go."""
    command = [sys.executable, "-W", "ignore", str(LOG), uri, str(seed)]
    done = subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=400, env={**os.environ, **environment}
    )
    return done.stdout.split()[-1]


@pytest.fixture(scope="module", params=["server", "sqlite", "folder"])
def store(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> str:
    if request.param == "folder":
        folder = tmp_path_factory.mktemp("states") / "mlruns"
        gone = log(folder.as_uri(), 2, MLFLOW_ALLOW_FILE_STORE="true")
        (run,) = folder.glob(f"*/{gone}")
        shutil.rmtree(run)
        return str(folder)
    uri, folder = request.getfixturevalue("served")
    return uri if request.param == "server" else f"sqlite:///{folder}/mlflow.db"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("served")
    with tracking_server(folder) as uri:
        gone = log(uri, 1)
        with closing(sqlite3.connect(folder / "mlflow.db")) as connection:  # as `mlflow gc` does
            for table in ("metrics", "latest_metrics", "params", "tags", "runs"):
                connection.execute(f"delete from {table} where run_uuid = ?", (gone,))  # noqa: S608
            connection.commit()
        yield uri, folder


def test_every_state_is_imported_alike_and_gaps_are_listed(store: str) -> None:
    records, audit = MemoryStore(), MemoryAudit()
    common: dict[str, Any] = {"store": records, "audit": audit, "actor": "ann", "now": NOW}
    report = import_models(open_mlflow(store), **common)

    assert {one.where: one.reason.partition(":")[0].split()[0] for one in report.unsound} == {
        "orphan version 1": "its", "empty": "has", "emptied": "has",
    }  # fmt: skip
    versions = {
        version.model_id.rpartition("-")[0]: version
        for model in report.models
        for version in list_versions(records, model)
    }
    assert sorted(report.added) == sorted(f"{name} version 1" for name in MODELS)
    by_label = {}
    for item in open_mlflow(store).versions():
        if hasattr(item, "model"):
            by_label[item.model] = (item.flavour, item.metrics)
    assert by_label == MODELS
    assert versions["orphan"].metadata["aliases"] == ["champion"]
    assert versions["credit-scoring-v2"].metrics == LINKED

    again = import_models(open_mlflow(store), **common)
    assert (again.added, again.changed, again.unchanged) == ((), (), len(MODELS)), "NaN is the same NaN the next time"
