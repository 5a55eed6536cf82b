"""Reports and frameworks on the deployed platform: asked for through the API, built by the worker, fetched by link."""

from __future__ import annotations

import hashlib
import io
import json
import re
import time
import urllib.request
import zipfile
from importlib import resources
from pathlib import Path
from typing import Any

import pypdf
import pytest

from demo.__main__ import Demonstration
from demo.users import ApiError, Client, sign_in
from syndic.cli.shell.frame import run
from syndic.compliance.definitions.load import built_in

pytestmark = [pytest.mark.emulator, pytest.mark.slow, pytest.mark.timeout(900)]

TEMPLATE = resources.files("syndic.compliance").joinpath("frameworks/template.yaml").read_text("utf-8")
SECONDS = 60


def model_ids(client: Client) -> list[str]:
    found = {model["name"]: model["id"] for model in client.get("/models?limit=100")["models"]}
    return [found["german-credit"], found["car-loan"]]


def finished(client: Client, job_id: str, *, where: str = "reports") -> dict[str, Any]:
    """The report when it is done, and every progress seen on the way only grew."""
    deadline, seen = time.monotonic() + SECONDS, [0.0]
    while True:
        report: dict[str, Any] = client.get(f"/compliance/{where}/{job_id}")
        seen.append(report["job"]["progress"])
        assert seen[-2] <= seen[-1]
        if report["job"]["state"] in {"done", "failed"}:
            return report
        assert time.monotonic() < deadline, report
        time.sleep(0.3)


def fetched(report: dict[str, Any]) -> bytes:
    assert report["job"]["state"] == "done", report
    with urllib.request.urlopen(report["link"], timeout=30) as answer:  # noqa: S310 - the local cloud's own
        data: bytes = answer.read()
    assert hashlib.sha256(data).hexdigest() == report["job"]["sha256"]
    return data


def test_the_pdf_shows_every_requirement_of_both_models(demonstration: Demonstration, admin: Client) -> None:
    ids = model_ids(admin)
    auditor = sign_in(demonstration.cloud, demonstration.deployment, "auditor@example.com")

    asked = auditor.call("POST", "/compliance/reports", {"model_ids": ids, "format": "pdf"})
    data = fetched(finished(auditor, asked["id"]))

    assert data.startswith(b"%PDF")
    text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)
    shown = re.sub(r"\s+", "", text)
    for framework in ("eu_ai_act", "gdpr", "soc2"):
        for requirement in built_in()[framework].framework.requirements:
            assert shown.count(re.sub(r"\s+", "", requirement.id)) >= 2, requirement.id


def test_the_evidence_package_verifies_offline(admin: Client, tmp_path: Path) -> None:
    asked = admin.call("POST", "/compliance/reports", {"framework": "gdpr", "format": "evidence"})
    data = fetched(finished(admin, asked["id"], where="evidence"))

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        manifest = json.loads(package.read("manifest.json"))["files"]
        assert set(manifest) == set(package.namelist()) - {"manifest.json"}
    path = tmp_path / "package.zip"
    path.write_bytes(data)
    assert run(["audit", "verify", str(path)]) == 0


def test_an_uploaded_framework_judges_every_model_within_a_minute(admin: Client) -> None:
    ids = model_ids(admin)
    name = f"house_rules_{time.monotonic_ns() % 10**9}"
    file = {"text": TEMPLATE.replace("id: our_model_policy", f"id: {name}")}

    draft = admin.call("POST", "/compliance/frameworks", file)
    changes = admin.call("POST", f"/compliance/frameworks/{name}/dry-run", {"version": draft["version"]})["changes"]
    begun = time.monotonic()
    admin.call("POST", f"/compliance/frameworks/{name}/activate", {"version": draft["version"]})
    judged: set[str] = set()
    while judged != set(ids):
        assert time.monotonic() - begun < SECONDS, judged
        time.sleep(0.3)
        judged = {
            model_id
            for model_id in ids
            for status in admin.get(f"/models/{model_id}/compliance")["statuses"]
            if status["framework_id"] == name
        }
    assert {one["model_id"] for one in changes} >= set(ids)


def test_a_framework_with_mistakes_is_refused_with_their_lines(admin: Client) -> None:
    with pytest.raises(ApiError, match=r'"where": ?"line 8, kind"') as refused:
        admin.call("POST", "/compliance/frameworks", {"text": TEMPLATE.replace("kind: custom", "kind: costum")})
    assert refused.value.status == 400
