"""The breast-cancer journey on the deployed stack: from a run in MLflow to a prediction that is traced, checked and
served by one version after the other.

Nobody waits for hours in a test: what moves deployments runs here, on the deployed records, with its clock moved.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from skops import io as skops

from demo.__main__ import Demonstration
from demo.users import PASSWORD, sign_in
from syndic.cli.shell.frame import run
from syndic.settings import AwsSettings, read_settings
from tests.contract.mlflow_server import tracking_server
from tests.e2e.prediction_journey import (
    DATA,
    NAMES,
    ROOT,
    SHA,
    WHY,
    Journey,
    Moved,
    approve,
    ask_for_checks,
    pass_through,
    read_checks,
    send_traffic,
    server_of_ones_own,
    take_back,
    take_over,
)

pytestmark = [pytest.mark.emulator, pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture
def journey(demonstration: Demonstration, monkeypatch: pytest.MonkeyPatch) -> Iterator[Journey]:
    tokens = {
        name: sign_in(demonstration.cloud, demonstration.deployment, f"{name}@example.com").token
        for name in ("owner", "admin")
    }
    cognito, pool = demonstration.cloud.client("cognito-idp"), demonstration.deployment["UserPoolId"]
    person: dict[str, Any] = {"UserPoolId": pool, "Username": "voter@example.com"}
    attributes = [{"Name": "email", "Value": "voter@example.com"}, {"Name": "email_verified", "Value": "true"}]
    cognito.admin_create_user(**person, UserAttributes=attributes, MessageAction="SUPPRESS")
    cognito.admin_set_user_password(**person, Password=PASSWORD, Permanent=True)
    cognito.admin_add_user_to_group(**person, GroupName="product_owner")
    tokens["voter"] = sign_in(demonstration.cloud, demonstration.deployment, "voter@example.com").token
    for name, value in demonstration.cloud.environ.items():
        monkeypatch.setenv(name, value)
    functions = demonstration.cloud.client("lambda")
    (gateway,) = [
        one["FunctionName"]
        for page in functions.get_paginator("list_functions").paginate()
        for one in page["Functions"]
        if one.get("Description") == "Answer predictions"
    ]
    values = functions.get_function_configuration(FunctionName=gateway)["Environment"]["Variables"]
    with server_of_ones_own() as backend:
        own = {"SYNDIC_SERVING_SECONDS": "1", "SYNDIC_BACKEND_HOSTS": backend}
        functions.update_function_configuration(FunctionName=gateway, Environment={"Variables": {**values, **own}})
        yield Journey(demonstration, f"http://127.0.0.1:{demonstration.cloud.ports.dashboard}", tokens, backend)


@pytest.fixture
def rolling(journey: Journey) -> Moved:
    functions = journey.demonstration.cloud.client("lambda")
    name = journey.demonstration.deployment["RolloutsFunction"]
    values = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    own = {field: value for field, value in values.items() if field.startswith("SYNDIC_")}
    return Moved(read_settings(AwsSettings, own))


def imported(
    journey: Journey, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> str:
    """Train, log to a real tracking server, import through the command line; gives the model's id."""
    with tracking_server(folder) as uri:
        subprocess.run(
            [sys.executable, "-m", "tests.e2e.breast_cancer", uri, str(folder)], cwd=ROOT, check=True,
            capture_output=True, env={**os.environ, "PYTHONPATH": f"{ROOT / 'shared'}:{ROOT}"},
        )  # fmt: skip
        monkeypatch.setenv("SYNDIC_TOKEN", journey.tokens["admin"])
        capsys.readouterr()
        assert run(["import", "mlflow", uri, "--api", journey.base, "--json"]) == 0
    (model,) = json.loads(capsys.readouterr().out)["models"]
    return str(model)


def test_the_journey_of_a_model_from_a_run_to_a_rollback(
    journey: Journey,
    rolling: Moved,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ask, cloud = journey.ask, journey.demonstration.cloud
    model = imported(journey, tmp_path, capsys, monkeypatch)
    bucket = journey.demonstration.deployment["ReceivedCaptures"].removeprefix("s3://").split("/")[0]
    for version in ("1", "2"):
        data = (tmp_path / f"{version}.skops").read_bytes()
        cloud.s3.put_object(Bucket=bucket, Key=f"models/cancer-{version}.skops", Body=data)

    approve(journey, model)

    def serve(**settings: Any) -> None:
        backends = {
            name: {"kind": "linear", "address": f"s3://{bucket}/models/cancer-{name}.skops"} for name in ("1", "2", "3")
        }
        ask("PUT", f"/models/{model}/gateway", {
            "backends": backends, "positive_class": "benign", "negative_class": "malignant", "along": ["clinic"],
            **settings,
        })  # fmt: skip

    serve(stage="staging")

    def predict(body: Any, *, status: int = 200) -> Any:
        return ask("POST", f"/gateway/{model}/predict", body, status=status)

    row = dict(zip(NAMES, map(float, DATA.data[0]), strict=True))
    answer = predict(row)
    trained = skops.loads((tmp_path / "1.skops").read_bytes(), trusted=[])
    only = answer["predictions"][0]
    assert only["probability_positive_class"] == pytest.approx(
        trained.predict_proba(pd.DataFrame([row])[list(NAMES)])[0, 1], abs=1e-9
    )
    assert (answer["model_version"], answer["stage"], answer["logged"]) == ("1", "staging", "queued")
    short = {name: value for name, value in row.items() if name != "mean area"}
    refused = predict(short, status=422)
    assert (refused["missing"], refused["extra"]) == (["mean area"], [])
    assert predict({**row, "nonsense": 1.0}, status=422)["extra"] == ["nonsense"]

    for version, stage in (("1", "production"), ("2", "staging"), ("3", "staging")):
        ask("POST", f"/models/{model}/versions/{version}/promote", {"stage": stage, "reason": WHY})
    serve()
    journey.until(lambda: predict(row)["stage"] == "production", "production does not answer")

    # A day's traffic, its ground truth, and the three checks on what was logged.
    window = send_traffic(journey, model, predict)
    ask_for_checks(journey, model, bucket, window)
    read_checks(journey, model)  # before one patient is asked about again and again, which would be drift

    take_over(journey, rolling, model, row)
    take_back(journey, rolling, model, row)

    # A rollback changes the version that answers.
    ask("POST", f"/models/{model}/rollback", {"reason": "more refusals than before"})
    journey.until(lambda: predict(row)["model_version"] == "1", "the rollback changed nothing")

    pass_through(journey, model, row)

    # What was logged is traced to the training data, and was checked.
    at = f"at={answer['predicted_at']}"
    trace = ask("GET", f"/lineage/models/{model}/predictions/{answer['request_id']}?{at}")
    assert (trace["version"], trace["request_id"]) == ("1", answer["request_id"])
    assert trace["training"]["dataset_sha256"] == SHA
    assert [one["target"] for one in trace["approvals"]] == ["production"]
