"""A prediction on the deployed stack: a trained model behind the real API, held to its signature, logged, traced."""

from __future__ import annotations

import hashlib
import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
import urllib3
from sklearn.datasets import load_breast_cancer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from skops import io as skops

from demo.__main__ import Demonstration
from demo.users import sign_in

pytestmark = [pytest.mark.emulator, pytest.mark.slow, pytest.mark.timeout(900)]

DATA = load_breast_cancer()
NAMES = tuple(str(name) for name in DATA.feature_names)
SHA = hashlib.sha256(DATA.data.tobytes()).hexdigest()
PROFILE = {
    "name": "Breast cancer",
    "owner": "owner@example.com",
    "intended_purpose": "Shows how predictions are governed; it decides on nobody's treatment.",
    "limitations": "A public set of 569 cells of one clinic; not for any patient.",
    "data_sources": ["Breast Cancer Wisconsin (Diagnostic)"],
    "oversight_plan": "A person looks at each prediction, and the team looks at drift each day.",
}
EVALUATION = [
    {"name": name, "location": f"https://files.example.org/{name}", "sha256": hashlib.sha256(b"").hexdigest()}
    for name in ("classification_report.json", "confusion_matrix.png")
]
WHY = "to be served from the gateway"


def test_a_prediction_is_answered_logged_and_traced(demonstration: Demonstration) -> None:
    base = f"http://127.0.0.1:{demonstration.cloud.ports.dashboard}/api/v1"
    tokens = {
        name: sign_in(demonstration.cloud, demonstration.deployment, f"{name}@example.com").token
        for name in ("owner", "admin")
    }

    def ask(method: str, path: str, body: Any = None, *, by: str = "owner", status: int = 200) -> Any:
        named = {"Authorization": f"Bearer {tokens[by]}"}
        answer = urllib3.request(method, f"{base}{path}", json=body, headers=named, timeout=60)
        assert answer.status == status, (path, answer.data[:600])
        return answer.json()

    trained = make_pipeline(StandardScaler(), LogisticRegression(max_iter=5_000)).fit(DATA.data, DATA.target)
    bucket = demonstration.deployment["ReceivedCaptures"].removeprefix("s3://").split("/")[0]
    demonstration.cloud.client("s3").put_object(Bucket=bucket, Key="models/cancer.skops", Body=skops.dumps(trained))

    model = ask("POST", "/models", PROFILE, status=201)["id"]
    signature = {"inputs": [{"name": name, "type": "double", "required": True} for name in NAMES]}
    version = {
        "version": "1", "metrics": {"auc": 0.99}, "artefacts": EVALUATION, "signature": signature, "run_id": "run-1",
        "training": {"dataset_sha256": SHA, "rows": 569, "features": 30}, "hyperparameters": {"C": 1.0},
    }  # fmt: skip
    ask("POST", f"/models/{model}/versions", version, status=201)
    ask("PUT", f"/models/{model}/risk-profile", {"level": "limited", "reason": "people decide, and nobody is treated"})
    for state in ("under_review", "approved"):
        ask("PATCH", f"/models/{model}/compliance-status", {"status": state, "reason": WHY}, by="admin")
    ask("POST", f"/models/{model}/versions/1/promote", {"stage": "staging", "reason": WHY})
    settings = {
        "stage": "staging", "backends": {"*": {"kind": "linear", "address": f"s3://{bucket}/models/cancer.skops"}},
        "positive_class": "benign", "negative_class": "malignant",
    }  # fmt: skip
    ask("PUT", f"/models/{model}/gateway", settings)

    row = dict(zip(NAMES, map(float, DATA.data[0]), strict=True))
    answer = ask("POST", f"/gateway/{model}/predict", row)
    only = answer["predictions"][0]
    assert only["probability_positive_class"] == pytest.approx(trained.predict_proba(DATA.data[:1])[0, 1], abs=1e-9)
    assert (answer["model_version"], answer["stage"], answer["logged"]) == ("1", "staging", "queued")
    short = {name: value for name, value in row.items() if name != "mean area"}
    refused = ask("POST", f"/gateway/{model}/predict", short, status=422)
    assert (refused["missing"], refused["extra"]) == (["mean area"], [])
    assert ask("POST", f"/gateway/{model}/predict", {**row, "nonsense": 1.0}, status=422)["extra"] == ["nonsense"]

    at, deadline = f"at={datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", time.monotonic() + 90
    while True:  # it waits in the queue until a batch is kept
        address = f"{base}/lineage/models/{model}/predictions/{answer['request_id']}?{at}"
        found = urllib3.request("GET", address, headers={"Authorization": f"Bearer {tokens['owner']}"}, timeout=60)
        if found.status == 200:
            break
        assert time.monotonic() < deadline, found.data
        time.sleep(2)
    trace = json.loads(found.data)
    assert (trace["version"], trace["run_id"], trace["request_id"]) == ("1", "run-1", answer["request_id"])
    assert trace["training"]["dataset_sha256"] == SHA
