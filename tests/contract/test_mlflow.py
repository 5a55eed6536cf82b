"""Importing from MLflow: a real tracking server, its SQLite store and a legacy folder, all written by MLflow itself."""

from __future__ import annotations

import hashlib
import os
import shutil
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from syndic.adapters.memory import MemoryAudit, MemoryStore
from syndic.adapters.mlflow import open_mlflow
from syndic.errors import InvalidInputError, UnavailableError
from syndic.ports import Record
from syndic.records import get_model
from syndic.registry.keys import stages_key
from syndic.registry.models import Stage
from syndic.registry.sync.importer import import_models, write_back
from syndic.registry.versions.queries import get_version
from tests.contract.mlflow_server import tracking_server
from tests.once import once

NOW = datetime(2026, 11, 21, tzinfo=UTC)
MODEL = "breast_cancer_classifier"
TRAIN = Path(__file__).with_name("mlflow_training.py")

pytestmark = [pytest.mark.emulator, pytest.mark.slow]


def train(uri: str, **environment: str) -> None:
    command = [sys.executable, "-W", "ignore", str(TRAIN), uri]
    subprocess.run(command, check=True, capture_output=True, timeout=180, env={**os.environ, **environment})


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    def make(folder: Path) -> None:
        with tracking_server(folder) as uri:
            train(uri)

    folder = tmp_path_factory.mktemp("mlflow")
    shutil.copytree(once(tmp_path_factory, "mlflow-trained", make), folder, dirs_exist_ok=True)
    with tracking_server(folder) as uri:
        yield uri, folder


@pytest.fixture(scope="session")
def legacy(tmp_path_factory):
    folder = tmp_path_factory.mktemp("legacy") / "mlruns"
    train(folder.as_uri(), MLFLOW_ALLOW_FILE_STORE="true")
    return folder


class Here:
    """One registry to import into."""

    def __init__(self) -> None:
        self.store, self.audit = MemoryStore(), MemoryAudit()

    def take(self, uri: str):
        return import_models(open_mlflow(uri), store=self.store, audit=self.audit, actor="ann", now=NOW)


def sound(version) -> None:
    data_sha256 = hashlib.sha256(b"breast cancer, 569 rows").hexdigest()
    assert version.training.model_dump() == {
        "dataset_sha256": data_sha256, "rows": 569, "features": 30, "period": None, "sources": ("breast_cancer",),
        "description": None,
    }  # fmt: skip
    assert version.framework == "sklearn"
    assert version.hyperparameters == {"C": "1.0", "max_iter": "500"}
    assert sorted(version.metrics) == ["accuracy", "roc_auc"]
    assert 0.9 < version.metrics["accuracy"] <= 1
    assert {artefact.name for artefact in version.artefacts} == {
        "classification_report.json", "confusion_matrix.json", "run_manifest.json",
    }  # fmt: skip
    assert len(version.signature["inputs"]) == 30
    assert any(line.startswith("scikit-learn==") for line in version.dependencies)
    assert version.metadata["aliases"] == ["candidate"]


def test_a_tracking_server_is_imported_once_and_kept_in_step(server):
    uri, _ = server
    here = Here()
    first = here.take(uri)
    assert (first.added, first.unsound) == ((f"{MODEL} version 1",), ())
    sound(get_version(here.store, first.models[0], "1"))
    entries = len(here.audit.entries)
    again = here.take(uri)
    assert (again.added, again.changed, again.unchanged) == ((), (), 1)
    assert len(here.audit.entries) == entries


def test_only_aliases_and_tags_are_written_back(server):
    uri, _ = server
    here = Here()
    identity = here.take(uri).models[0]
    here.store.put(Record(stages_key(identity), {"model_id": identity, "of": {"1": Stage.PRODUCTION.value}}))
    source = open_mlflow(uri)
    assert write_back(source, get_model(here.store, identity), store=here.store) == 1
    version = next(iter(source.versions()))
    assert version.tags == {"syndic.stage": "production", "syndic.status": "draft"}
    assert version.aliases == ("candidate", "production")
    assert version.stage == "None"
    here.store.put(Record(stages_key(identity), {"model_id": identity, "of": {"1": Stage.ARCHIVED.value}}))
    write_back(source, get_model(here.store, identity), store=here.store)
    assert next(iter(source.versions())).aliases == ("candidate",)


def test_the_servers_sqlite_store_says_the_same(server):
    _, folder = server
    here = Here()
    report = here.take(f"sqlite:///{folder}/mlflow.db")
    assert report.unsound == ()
    sound(get_version(here.store, report.models[0], "1"))


def test_a_legacy_folder_says_the_same_wherever_it_was_moved_to(legacy, tmp_path):
    moved = shutil.copytree(legacy, tmp_path / "elsewhere")
    here = Here()
    report = here.take(str(moved))
    assert report.unsound == ()
    sound(get_version(here.store, report.models[0], "1"))


def test_a_broken_folder_imports_what_is_sound_and_lists_what_is_not(legacy, tmp_path):
    moved = shutil.copytree(legacy, tmp_path / "broken")
    for kept in (*moved.glob("*/*/metrics/accuracy"), *moved.glob("*/models/*/metrics/accuracy")):
        kept.write_text("1795235057049 0.5 0\n17952350")
    extra = moved / "models" / MODEL / "version-2"
    extra.mkdir()
    (extra / "meta.yaml").write_text("version: [")
    lost = moved / "models" / MODEL / "version-3"
    lost.mkdir()
    (lost / "meta.yaml").write_text(f"name: {MODEL}\nversion: 3\ncreation_timestamp: 1795235057049\nrun_id: gone\n")
    here = Here()
    report = here.take(str(moved))
    assert report.added == (f"{MODEL} version 1", f"{MODEL} version 3")
    assert get_version(here.store, report.models[0], "1").metrics["accuracy"] == 0.5
    reasons = {item.where.rsplit("/", 1)[-1]: item.reason for item in report.unsound}
    assert reasons["accuracy, line 2"] == "not '<milliseconds> <value> <step>'"
    assert "broken" in reasons["version-2"]
    assert reasons[f"{MODEL} version 3"] == "its run gone is missing: imported without what the run would tell"


def test_a_sqlite_version_without_its_run_is_imported_and_the_gap_listed(server, tmp_path):
    import sqlite3

    _, folder = server
    copy = shutil.copy(folder / "mlflow.db", tmp_path / "copy.db")
    with sqlite3.connect(copy) as connection:
        connection.execute("delete from runs")
    connection.close()
    report = Here().take(f"sqlite:///{copy}")
    assert (report.added, len(report.unsound)) == ((f"{MODEL} version 1",), 1)
    assert report.unsound[0].where == f"{MODEL} version 1"
    assert "is missing: imported without what the run would tell" in report.unsound[0].reason


def test_what_is_not_an_mlflow_store_is_said_in_one_sentence(tmp_path):
    (tmp_path / "empty.db").write_bytes(b"")
    with pytest.raises(UnavailableError, match="not an MLflow store"):
        Here().take(f"sqlite:///{tmp_path}/empty.db")
    with pytest.raises(InvalidInputError, match="no such folder"):
        Here().take(str(tmp_path / "nowhere"))
    with pytest.raises(InvalidInputError, match="expected http"):
        Here().take("ftp://example.com")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        with pytest.raises(UnavailableError, match="no answer"):
            Here().take(f"http://127.0.0.1:{probe.getsockname()[1]}")
