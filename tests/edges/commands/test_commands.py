"""The registry's commands against the real API function, over HTTP, as different people."""

from __future__ import annotations

import http.server
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from functions.api.handler import handler
from syndic.adapters.internet.api_client import ApiClient
from syndic.cli.shell.frame import run
from syndic.errors import InvalidInputError
from syndic.registry.models import ModelVersion, TrainingData
from syndic.registry.versions.versions import add_version
from tests.edges.conftest import Context
from tests.edges.serving import served
from tests.edges.world import MODEL, NOW, World

WHY = ("--reason", "as the board decided")
SECRET = "the-secret-token"

pytestmark = pytest.mark.enable_socket


class Api:
    """The served API and the commands that are sent to it."""

    def __init__(self, address: str, world: World, capsys: pytest.CaptureFixture[str]) -> None:
        self.address, self.world, self._capsys = address, world, capsys
        self.err = ""

    def __call__(self, *arguments: str, by: str = "admin", code: int = 0) -> str:
        with pytest.MonkeyPatch.context() as environment:
            environment.setenv("SYNDIC_API", self.address)
            environment.setenv("SYNDIC_TOKEN", by)
            got = run(list(arguments))
        printed, self.err = self._capsys.readouterr()
        # The function's own log of its metrics, which is printed by the same process here.
        out = "".join(line for line in printed.splitlines(keepends=True) if not line.startswith('{"_aws"'))
        assert got == code, (out, self.err)
        return out


@pytest.fixture
def syndic(wire: Callable[[str], World], context: Context, capsys: pytest.CaptureFixture[str]) -> Iterator[Api]:
    world = wire("checked")
    with served(handler, context) as (address, broken):
        yield Api(address, world, capsys)
    assert broken == []


def described(world: World, name: str) -> None:
    version = ModelVersion(
        model_id=MODEL,
        version=name,
        created_at=NOW,
        created_by="setup",
        training=TrainingData(dataset_sha256="a" * 64, rows=10, features=2),
        metrics={"auc": 0.9},
        artefacts=({"name": "evaluation.json", "location": "x"}, {"name": "calibration.png", "location": "y"}),
    )
    add_version(version, store=world.store, audit=world.audit, actor="setup", now=NOW)


def test_a_model_goes_to_production_and_back(syndic: Api, tmp_path: Path) -> None:
    model = json.loads(syndic("models", "register", "Scoring", "--json", by="model_owner"))
    assert model["owner"] == "olga@example.org"
    said = tmp_path / "model.yaml"
    said.write_text(
        "intended_purpose: scores\nlimitations: none known\ndata_sources: [ours]\noversight_plan: a clerk\n"
    )
    syndic("models", "describe", "Scoring", "--from", str(said), by="model_owner")
    assert "basic: One other person" in syndic("models", "policy", "Scoring", "basic")
    size = ("--dataset-sha256", "a" * 64, "--rows", "10", "--features", "2", "--metric", "auc=0.9")
    reports = ("--artefact", "evaluation.json=s3://runs/1/e.json", "--artefact", "calibration.png=s3://runs/1/c.png")
    for version in ("1", "2"):
        syndic("models", "versions", "add", "Scoring", version, *size, *reports, by="model_owner")
        syndic("models", "promote", "Scoring", version, "--stage", "staging", *WHY, by="model_owner")
    syndic("models", "risk", "Scoring", "limited", *WHY, by="model_owner")
    syndic("models", "status", "Scoring", "under_review", *WHY, by="model_owner")
    syndic("models", "status", "Scoring", "approved", *WHY, by="model_owner", code=2)
    assert syndic.err == "syndic: an admin or a compliance officer approves a model, not its owner\n"
    syndic("models", "status", "Scoring", "approved", *WHY, by="compliance_officer")

    refused = syndic("gate", "Scoring", "--version", "1", by="auditor", code=1)
    unmet = "  approvals: no approval was requested; 1 approvals are needed; remedy: request the approval\n"
    assert refused.endswith(f"1 of 11 conditions unmet\n{unmet}")
    promote = ("models", "promote", "Scoring")
    assert syndic(*promote, "1", "--stage", "production", *WHY, by="model_owner", code=1) == refused
    for version in ("1", "2"):
        syndic("models", "request", "Scoring", version, by="model_owner")
        decide = ("models", "approve", "Scoring", "--role", "product_owner", "--comment", "looked at it")
        assert "is approved" in syndic(*decide, by="product_owner")
        assert syndic("gate", "Scoring", "--version", version, by="auditor").startswith("PASSED")
        syndic(*promote, version, "--stage", "production", *WHY, by="model_owner")
    assert "in production: 1" in syndic("models", "rollback", "Scoring", *WHY, by="model_owner")
    shown = json.loads(syndic("models", "show", "Scoring", "--json", by="auditor"))
    assert shown["stages"]["of"] == {"1": "production", "2": "archived"}
    assert "# Scoring, version 1" in syndic("models", "card", "Scoring", by="auditor")
    assert "# Training data of Scoring, version 1" in syndic("models", "datasheet", "Scoring", by="auditor")
    assert json.loads(syndic("models", "lineage", "Scoring", "2", by="auditor"))["version"] == "2"
    event = json.loads(syndic("models", "lineage", "Scoring", "--format", "openlineage", by="auditor"))
    assert event["outputs"][0]["name"].endswith("/1")
    assert "approved" in syndic("models", "approvals", "Scoring", by="auditor")


def test_a_refused_promotion_shows_reasons_and_remedies(syndic: Api) -> None:
    described(syndic.world, "1")
    syndic("models", "promote", MODEL, "1", "--stage", "staging", *WHY)
    refused = json.loads(syndic("models", "promote", MODEL, "1", "--stage", "production", *WHY, "--json", code=1))
    assert refused["unmet"] == [
        "profile_complete", "risk_acceptable", "status_approved", "evidence:drift.run", "evidence:bias.run",
        "approvals",
    ]  # fmt: skip
    assert all(one["remedy"] for one in refused["conditions"] if not one["met"])


def test_lists_go_on_page_after_page(syndic: Api) -> None:
    for number in range(5):
        syndic("models", "register", f"Scoring {number}", "--owner", "olga@example.org")
    names: list[str] = []
    token: tuple[str, ...] = ()
    while True:
        page = json.loads(syndic("models", "list", "--name", "scoring", "--limit", "2", "--json", *token))
        assert len(page["models"]) <= 2
        names += [one["name"] for one in page["models"]]
        if page["next_token"] is None:
            break
        token = ("--token", page["next_token"])
    assert names == [f"Scoring {number}" for number in range(5)]
    whole = json.loads(syndic("models", "list", "--all", "--name", "scoring", "--json"))
    assert [one["name"] for one in whole["models"]] == names
    assert syndic("models", "list", "--status", "retired") == "no models\n"


def test_an_import_is_made_once(syndic: Api, tmp_path: Path) -> None:
    model = tmp_path / "mlruns" / "models" / "credit"
    for number in (1, 2):
        (model / f"version-{number}").mkdir(parents=True)
        meta = f"name: credit\nversion: {number}\ncreation_timestamp: 1795235057049\n"
        (model / f"version-{number}" / "meta.yaml").write_text(meta if number == 1 else "version: [")
    (model / "meta.yaml").write_text("name: credit\n")
    first = json.loads(syndic("import", "mlflow", str(tmp_path / "mlruns"), "--json", code=1))
    assert first["added"] == ["credit version 1"]
    assert len(first["unsound"]) == 1
    again = json.loads(syndic("import", "mlflow", str(tmp_path / "mlruns"), "--json", code=1))
    assert (again["added"], again["unchanged"]) == ([], 1)
    syndic("import", "mlflow", str(tmp_path / "mlruns"), by="model_owner", code=2)
    assert syndic.err == "syndic: POST /api/v1/imports is for admin\n"
    syndic("import", "mlflow", str(tmp_path / "nowhere"), code=2)
    assert "no such folder" in syndic.err


@pytest.mark.parametrize(
    ("arguments", "by", "sentence"),
    [
        (("gate", "nothing"), "admin", "no model has the id or the name 'nothing'"),
        (("gate", MODEL), "admin", f"model {MODEL} has no version"),
        (("gate", MODEL, "--version", "9"), "admin", f"model {MODEL} has no version '9'"),
        (("gate", MODEL, "--version", "a b"), "admin", "path.version: String should match pattern"),
        (("gate", MODEL), "nobody", "does not know you: the token is wrong or has expired; set SYNDIC_TOKEN"),
        (("models", "list"), "", "does not know you: no token was given"),
        (("models", "list"), "groupless", "GET /api/v1/models is for"),
        (("models", "approvals", MODEL, "--token", "made-up"), "admin", "this page token was not given by a listing"),
        (("models", "register", "x", "--owner", "nobody@"), "admin", "body.owner: String should match pattern"),
        (("models", "policy", MODEL, "unknown"), "admin", "no approval policy is called 'unknown'"),
        (("models", "rollback", MODEL, *WHY), "admin", "has no earlier production version"),
        (("models", "approve", MODEL, "--role", "x", "--comment", "yes"), "product_owner", "waits for votes"),
    ],
)  # fmt: skip
def test_what_the_api_refuses_is_one_sentence(syndic: Api, arguments: tuple[str, ...], by: str, sentence: str) -> None:
    syndic(*arguments, by=by, code=2)
    assert sentence in syndic.err
    assert syndic.err.count("\n") == 1


@contextmanager
def answering(status: int, body: bytes, **headers: str) -> Iterator[str]:
    """A server that answers everything the same."""

    class Same(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            self.rfile.read(int(self.headers.get("content-length") or 0))
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_PATCH = answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Same)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(
    ("status", "body", "sentence"),
    [  # what is no answer of the API to the question tells nothing: 3; what it refuses is bad input: 2
        (200, b"<html>", "answered 200, not as Syndic's API does; is the address right?"),
        (200, b'{"model": "of another version"}', "does not fit this version of syndic (models: Field required)"),
        (302, b"", "answered 302, not as Syndic's API does"),
        (403, b'{"message": "Missing Authentication Token"}', "Missing Authentication Token"),
        (404, b"nginx", "answered 404, not as Syndic's API does"),
        (500, b'{"detail": "Quote 7 to whoever runs this."}', "answered 500: Quote 7 to whoever runs this."),
        (503, b'{"message": "Service Unavailable"}', "answered 503: Service Unavailable"),
        (409, b'{"detail": "somebody was faster"}', "syndic: somebody was faster"),
        (422, b'{"detail": "Wrong.", "errors": [{"where": "a", "problem": "b"}]}', "syndic: Wrong: a: b"),
    ],
)
def test_every_answer_is_told_and_never_the_token(
    status: int, body: bytes, sentence: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SYNDIC_TOKEN", SECRET)
    with answering(status, body, Location="http://127.0.0.1:1/elsewhere") as address:
        assert run(["models", "list", "--api", address]) == (2 if status in {403, 409, 422} else 3)
    said = capsys.readouterr()
    assert sentence in said.err
    assert said.err.count("\n") == 1
    assert SECRET not in said.out + said.err


def test_no_answer_is_said_and_is_never_a_pass(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, not listening: refused
        address = f"http://127.0.0.1:{taken.getsockname()[1]}"
        assert run(["gate", "credit", "--api", address]) == 3
    assert "cannot be reached" in capsys.readouterr().err
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        import urllib3

        client = ApiClient(f"http://127.0.0.1:{silent.getsockname()[1]}", token=None, timeout=urllib3.Timeout(0.1))
        with pytest.raises(Exception, match="did not answer in time"):
            client.send("POST", "/models", {"name": "x"})


@pytest.mark.parametrize(
    ("address", "sentence"),
    [
        ("http://syndic.example.org", "only https, or the token could be read on the way"),
        ("syndic.example.org", "expected an address such as"),
        ("ftp://syndic.example.org", "expected an address such as"),
        ("https://ann:pw@syndic.example.org", "expected an address such as"),
        ("https://", "expected an address such as"),
    ],
)
def test_an_address_that_is_none_or_not_safe_is_refused(address: str, sentence: str) -> None:
    with pytest.raises(InvalidInputError, match=sentence):
        ApiClient(address, token=SECRET)


def test_a_token_of_two_lines_is_refused_without_showing_it() -> None:
    with pytest.raises(InvalidInputError, match="must be one line") as refused:
        ApiClient("https://syndic.example.org", token=f"{SECRET}\nX-Admin: 1")
    assert SECRET not in str(refused.value)
