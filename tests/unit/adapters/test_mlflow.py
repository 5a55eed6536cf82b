"""MLflow stores as a careless or hostile person leaves them: what is sound is read, the rest is listed."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import pytest

from syndic.adapters.mlflow import open_mlflow
from syndic.adapters.mlflow.folder import MOST_FILES, list_files
from syndic.adapters.mlflow.text import moment, read_json, read_mlmodel, read_yaml
from syndic.errors import UnavailableError
from syndic.registry.sync.importer import ForeignVersion, Unsound

TIME = 1795235057049
SECRET = "aws_secret_access_key = hunter2"
DATABASE = """
create table registered_models (name, description);
create table model_versions (name, version, creation_time, run_id, current_stage);
create table runs (run_uuid, experiment_id, artifact_uri);
create table experiments (experiment_id, name);
create table params (run_uuid, key, value);
create table tags (run_uuid, key, value);
create table metrics (run_uuid, key, value, timestamp, step, is_nan);
insert into registered_models values ('Scoring', '');
insert into experiments values (7, 'churn');
insert into runs values ('r1', 7, null);
insert into metrics values ('r1', 'auc', 0.9, 1795235057049, 0, 0), ('r1', 'auc', 0.9, 1795235057049, 0, 0),
                           ('r1', 'loss', 0, 1795235057049, 0, 1);
insert into model_versions values ('Scoring', 1, 1795235057049, 'r1', 'None'),
                                  ('Scoring', 2, 1795235057049, 'REDACTED-RUN-ID', 'Deleted_Internal');
"""


class Store:
    """An ``mlruns/`` folder with one experiment and one model."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.text("1/meta.yaml", "name: churn\nexperiment_id: '1'\n")
        self.text("models/Scoring/meta.yaml", "name: Scoring\n")

    def text(self, name: str, text: str) -> Path:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        return path

    def version(self, number: int, run: str = "", **fields: object) -> None:
        values = {"name": "Scoring", "version": number, "creation_timestamp": TIME, "run_id": run, **fields}
        self.text(f"models/Scoring/version-{number}/meta.yaml", json.dumps(values))

    def run(self, name: str) -> Path:
        self.text(f"1/{name}/meta.yaml", "user_id: ann\n")
        self.text(f"1/{name}/metrics/auc", f"{TIME} 0.9 0\n")
        return self.root / "1" / name

    def read(self) -> tuple[dict[str, ForeignVersion], dict[str, str]]:
        found = list(open_mlflow(str(self.root)).versions())
        return (
            {one.version: one for one in found if isinstance(one, ForeignVersion)},
            {one.where: one.reason for one in found if isinstance(one, Unsound)},
        )


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "mlruns")


def test_the_experiment_of_a_run_is_kept(store: Store) -> None:
    store.run("r1")
    store.version(1, "r1")
    versions, unsound = store.read()
    assert (versions["1"].experiment, versions["1"].metrics, unsound) == ("churn", {"auc": 0.9}, {})


def test_a_version_deleted_in_mlflow_is_not_imported(store: Store) -> None:
    store.version(1)
    store.version(2, current_stage="Deleted_Internal")
    versions, unsound = store.read()
    assert (list(versions), unsound) == (["1"], {})


@pytest.mark.parametrize("place", ["params/key", "tags/key", "metrics/loss", "params", "meta.yaml"])
def test_a_link_out_of_the_folder_is_not_read(store: Store, tmp_path: Path, place: str) -> None:
    outside = tmp_path / "home"
    outside.mkdir()
    (outside / "credentials").write_text(SECRET)
    run = store.run("r1")
    target = outside if place == "params" else outside / "credentials"
    (run / place).unlink(missing_ok=True)
    (run / place).parent.mkdir(exist_ok=True)
    (run / place).symlink_to(target)
    store.version(1, "r1")
    store.version(2)
    versions, unsound = store.read()
    assert list(versions) == ["2"]
    assert "a link that leads out of the store" in unsound["models/Scoring/version-1"]
    assert SECRET not in json.dumps(list(unsound.values()))


@pytest.mark.parametrize(
    ("meta", "reason"),
    [
        ("[" * 5000, "nested too deep"),
        ("a: &a [x]\nb: &b [*a,*a]\nversion: *nowhere\n", "meta.yaml is broken"),
        ("version: 1\ncreation_timestamp: 1e300\n", "not a time in milliseconds"),
        ("version: 1\ncreation_timestamp: .inf\n", "not a time in milliseconds"),
        (f"version: 1\ncreation_timestamp: {'9' * 40}\n", "not a time in milliseconds"),
        (f"version: ../../1\ncreation_timestamp: {TIME}\nname: [\n", "meta.yaml is broken"),
    ],
)
def test_what_no_reader_survives_is_listed_and_the_rest_is_read(store: Store, meta: str, reason: str) -> None:
    store.text("models/Scoring/version-1/meta.yaml", meta)
    store.version(2)
    versions, unsound = store.read()
    assert list(versions) == ["2"]
    assert reason in unsound["models/Scoring/version-1"]


def test_a_few_bytes_of_yaml_never_stand_for_gigabytes_or_for_themselves() -> None:
    levels = "\n".join(f"l{n}: &l{n} [{','.join([f'*l{n - 1}'] * 9)}]" for n in range(1, 12))
    for text in (f"l0: &l0 [lol]\n{levels}\n", "&a [*a]", "&a {b: *a}"):
        with pytest.raises(ValueError, match="stands for more than"):
            read_yaml(text)
        assert read_mlmodel(text) == (None, None)
    assert read_yaml("one: &a {x: 1}\ntwo: *a") == {"one": {"x": 1}, "two": {"x": 1}}
    assert read_json("[" * 100_000) is None
    assert read_mlmodel("flavors: 3") == (None, None)
    with pytest.raises(ValueError, match="not a time"):
        moment("1e400")


def test_files_are_listed_up_to_a_limit_and_links_are_not_walked(tmp_path: Path) -> None:
    folder = tmp_path / "artifacts"
    (folder / "deep").mkdir(parents=True)
    for number in range(MOST_FILES + 5):
        (folder / "deep" / f"{number:04d}.txt").touch()
    (folder / "loop").symlink_to(tmp_path, target_is_directory=True)
    names = [one.name for one in list_files(folder)]
    assert names == [f"deep/{number:04d}.txt" for number in range(MOST_FILES)]


def test_a_database_leaves_out_what_was_deleted_and_names_the_experiment(tmp_path: Path) -> None:
    path = tmp_path / "mlflow.db"
    with sqlite3.connect(path) as connection:
        connection.executescript(DATABASE)
    connection.close()
    (found,) = open_mlflow(f"sqlite:///{path}").versions()
    assert isinstance(found, ForeignVersion)
    assert (found.version, found.experiment, found.metrics) == ("1", "churn", {"auc": 0.9, "loss": "NaN"})


class Tracking(BaseHTTPRequestHandler):
    """A tracking server of three versions: of one the run, of another the list of files cannot be read."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        asked = {key: values[0] for key, values in parse_qs(parts.query).items()}
        status, answer = self.answer(parts.path.removeprefix("/api/2.0/mlflow/"), asked)
        body = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def answer(self, what: str, asked: dict[str, str]) -> tuple[int, dict[str, Any]]:
        run = asked.get("run_id")
        broken = (500, {"error_code": "INTERNAL_ERROR", "message": "the files of the run are damaged"})
        versions = [{"name": "Scoring", "version": n, "creation_timestamp": TIME, "run_id": f"r{n}"} for n in (1, 2, 3)]
        held: dict[str, tuple[int, dict[str, Any]]] = {
            "registered-models/search": (200, {"registered_models": [{"name": "Scoring"}]}),
            "model-versions/search": (200, {"model_versions": versions}),
            "runs/get": (200, {"run": {"info": {"experiment_id": "7"}, "data": {}}}) if run != "r1" else broken,
            "artifacts/list": (200, {"files": [{"path": "a.json"}]}) if run != "r2" else broken,
            "experiments/get": (200, {"experiment": {"name": "churn"}}),
        }
        return held.get(what, (404, {"error_code": "RESOURCE_DOES_NOT_EXIST"}))


@pytest.fixture
def server() -> Iterator[str]:
    with HTTPServer(("127.0.0.1", 0), Tracking) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://127.0.0.1:{running.server_port}"
        running.shutdown()
        thread.join()


class Portal(BaseHTTPRequestHandler):
    """Something else at the address of a tracking server: it sends elsewhere, or shows a page to a browser."""

    asked: ClassVar[list[str]] = []

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.asked.append(self.path)
        host = self.headers["Host"]
        page = b"<!doctype html><html><head><title>Sign in &amp; <go></title><script>x()</script></head><body>no</body>"
        self.send_response(302 if self.path.startswith("/moved") else 403)
        self.send_header("Location", f"http://user:secret@{host.replace('127.0.0.1', 'localhost')}/stolen")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)


@pytest.mark.enable_socket
def test_a_server_that_sends_elsewhere_is_not_followed_and_its_pages_are_not_quoted() -> None:
    with HTTPServer(("127.0.0.1", 0), Portal) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        base = f"http://127.0.0.1:{running.server_port}"
        with pytest.raises(
            UnavailableError, match=r"sends us on to http://localhost:\d+, which is not followed"
        ) as moved:
            list(open_mlflow(f"{base}/moved", token="t").versions())
        with pytest.raises(UnavailableError, match="answered 403: an HTML page, 'Sign in &amp; ") as shown:
            list(open_mlflow(base).versions())
        running.shutdown()
        thread.join()
    assert "secret" not in str(moved.value)
    assert not set("<>") & set(str(shown.value))
    assert not [path for path in Portal.asked if path.startswith("/stolen")]


@pytest.mark.enable_socket
def test_a_run_that_the_server_cannot_read_hides_no_other(server: str) -> None:
    found = list(open_mlflow(server).versions())
    sound = {one.version: one for one in found if isinstance(one, ForeignVersion)}
    unsound = {one.where: one.reason for one in found if isinstance(one, Unsound)}
    assert list(sound) == ["2", "3"]
    assert [one.name for one in sound["3"].artefacts] == ["a.json"]
    assert (sound["2"].artefacts, sound["2"].experiment) == ((), "churn")
    assert list(unsound) == ["Scoring version 1", "Scoring version 2, artefacts"]
    assert unsound["Scoring version 1"] == (f"mlflow {server}: runs/get answered 500: the files of the run are damaged")
