"""The pipelines under examples/ run as they stand against the API of this process."""

from __future__ import annotations

import http.server
import json
import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import yaml
from jsonschema import Draft7Validator

from functions.api.handler import handler
from syndic.identity.issuers import set_issuer
from syndic.identity.models import IssuerRules
from syndic.registry.versions.queries import get_version
from tests.edges.conftest import Context
from tests.edges.serving import served
from tests.edges.tokens import RULES, token_of
from tests.edges.world import MODEL, NOW, World

ROOT = Path(__file__).parents[3]
PIPELINES = ROOT / "examples" / "pipelines"
REUSABLE = ROOT / ".github" / "workflows" / "govern-release.yml"
SARIF: dict[str, Any] = {  # what GitHub's code scanning asks of a file
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "version": {"const": "2.1.0"},
        "runs": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["tool", "results"],
                "properties": {
                    "tool": {"type": "object", "required": ["driver"]},
                    "results": {
                        "type": "array",
                        "items": {
                            "type": "object",
                            "required": ["ruleId", "message", "locations", "partialFingerprints", "level"],
                        },
                    },
                },
            },
        },
    },
}

pytestmark = pytest.mark.enable_socket


@pytest.fixture
def world(wire: Callable[[str], World]) -> World:
    world = wire("checked")
    rules = IssuerRules.model_validate({**RULES, "owner": "olga@example.org"})
    set_issuer("github", rules, store=world.store, audit=world.audit, actor="ada", now=NOW)
    return world


@pytest.fixture
def address(world: World) -> Iterator[str]:
    with served(handler, Context()) as (found, broken):
        yield found
    assert broken == []


@pytest.fixture
def github() -> Iterator[tuple[str, list[dict[str, list[str]]]]]:
    """Where a job of GitHub gets its own token."""
    asked: list[dict[str, list[str]]] = []

    class Issuer(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(parse_qs(urlsplit(self.path).query))
            known = self.headers["Authorization"] == "bearer permit"
            body = json.dumps({"value": token_of()} if known else {}).encode()
            self.send_response(200 if known else 401)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Issuer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/token?api-version=2", asked
    server.shutdown()
    server.server_close()


def shell(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    bin_ = Path(sys.executable).parent
    known = {"PATH": f"{bin_}:{os.environ['PATH']}", "HOME": str(folder), "LANG": "C.UTF-8", **environment}
    return subprocess.run(
        ["bash", "-eu", "-o", "pipefail", "-c", script], cwd=folder, env=known, capture_output=True, text=True,
        timeout=120, check=False,
    )  # fmt: skip


def test_the_workflow_releases_without_a_secret_and_the_gate_is_shown(
    world: World, address: str, github: tuple[str, list[dict[str, list[str]]]], tmp_path: Path
) -> None:
    workflow = yaml.safe_load(REUSABLE.read_text("utf-8"))
    (step,) = (one for one in workflow["jobs"]["govern"]["steps"] if one.get("id") == "release")
    (tmp_path / "syndic").symlink_to(ROOT)
    (tmp_path / "evaluation.json").write_text((PIPELINES / "evaluation.json").read_text())
    url, asked = github
    done = shell(
        step["run"], tmp_path, SYNDIC_API=address, AUDIENCE="syndic.example.org", MODEL=MODEL, VERSION="v7",
        STAGE="production", REPORT="no", GIT_COMMIT="4f1c2d", ACTIONS_ID_TOKEN_REQUEST_URL=url,
        ACTIONS_ID_TOKEN_REQUEST_TOKEN="permit",
        GITHUB_STEP_SUMMARY=str(tmp_path / "summary"), GITHUB_OUTPUT=str(tmp_path / "output"),
    )  # fmt: skip
    kept = get_version(world.store, MODEL, "v7")

    assert done.returncode == 1, done.stdout + done.stderr
    assert asked == [{"api-version": ["2"], "audience": ["syndic.example.org"]}]
    assert (kept.metrics["auc"], kept.training.rows, kept.commit) == (0.81, 4000, "4f1c2d")
    assert (tmp_path / "output").read_text() == "code=1\n"
    summary = (tmp_path / "summary").read_text()
    assert f"## {MODEL} version v7 is refused for production" in summary
    assert re.search(r"\| approvals \| \*\*no\*\* \|", summary)
    sarif = json.loads((tmp_path / "gate.sarif").read_text())
    Draft7Validator(SARIF).validate(sarif)
    assert {one["ruleId"] for one in sarif["runs"][0]["results"]} >= {"approvals", "status_approved"}
    assert "syn_" not in done.stderr
    assert re.search(r"^::add-mask::syn_", done.stdout, re.MULTILINE)


def test_the_plain_form_tells_what_is_wrong(world: World, address: str, tmp_path: Path) -> None:
    script, said = str(PIPELINES / "release.sh"), {"SYNDIC_API": address, "SYNDIC_TOKEN": "model_owner", "REPORT": "no"}
    (tmp_path / "evaluation.json").write_text((PIPELINES / "evaluation.json").read_text())
    (tmp_path / "wrong.json").write_text('{"metrics": {"auc": "high"}}')
    refused = shell(f"{script} {MODEL} 8 evaluation.json staging", tmp_path, **said)
    wrong = shell(f"{script} {MODEL} 9 wrong.json", tmp_path, **said)
    gone = shell(f"{script} {MODEL} 8 evaluation.json", tmp_path, **{**said, "SYNDIC_API": "http://127.0.0.1:1"})

    assert refused.returncode == 0, refused.stdout + refused.stderr
    assert "PASSED" in refused.stdout
    assert wrong.returncode == 2
    assert "auc" in wrong.stderr
    assert gone.returncode == 3
    assert "cannot be reached" in gone.stderr


def test_workflows_pin_what_they_use_and_hold_as_little_as_they_need() -> None:
    for path in (REUSABLE, PIPELINES / "github.yml"):
        workflow = yaml.safe_load(path.read_text("utf-8"))
        assert workflow["permissions"] in ({}, {"contents": "read"})
        text = path.read_text("utf-8")
        used = re.findall(r"uses: (\S+)", text)
        assert used
        for one in used:
            assert re.search(r"@[0-9a-f]{40}$", one) or one.startswith("syndic-ai/syndic/"), one
    runs = [step["run"] for step in yaml.safe_load(REUSABLE.read_text())["jobs"]["govern"]["steps"] if "run" in step]
    assert not [run for run in runs if "${{" in run], "what callers give comes by the environment, never as code"
    asked = set(yaml.safe_load(REUSABLE.read_text())[True]["workflow_call"]["inputs"])
    given = yaml.safe_load((PIPELINES / "github.yml").read_text())["jobs"]["govern"]["with"]
    assert set(given) <= asked
