"""The gateway's functions over moto: a model in production, a request that it answers, and a record that is kept."""

from __future__ import annotations

import json
from typing import Any, cast

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from skops import io as skops

from functions import wiring
from functions.api.handler import handler as answer
from functions.gateway.keep import handler as keep
from syndic.adapters.aws import CognitoDirectory, DynamoStore, S3Archive, S3Captures, S3Received
from syndic.adapters.aws.messaging.inference_queue import SqsInferenceLog
from syndic.adapters.aws.secrets import BACKENDS, SecretsManager
from syndic.adapters.inference.linear import LinearService
from syndic.adapters.inference.protocols import SageMakerRuntime, SageMakerService
from syndic.adapters.inference.services import Services
from syndic.audit.appending.inbox import Inbox
from syndic.errors import NotFoundError
from syndic.gateway.configure import set_gateway
from syndic.gateway.models import GatewaySettings
from syndic.gateway.predict import Gateway
from syndic.gateway.serving import Serving
from syndic.gateway.state import read_state
from syndic.identity.keys import used_key
from syndic.models import AuditEntry, to_json
from syndic.ports import Asked, Record
from syndic.registry.keys import stages_key
from syndic.registry.models import ModelVersion, Stage, StageChange, Stages
from syndic.registry.versions.versions import add_version, register_model
from tests.edges.calling import ADDRESS
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.world import NOW, World
from tests.vendors.recording import ARCHIVE, MADE, RECEIVED, TABLE, Recorder, client, on_aws, tables

MODELS = f"s3://{RECEIVED}/models/one.skops"
SIGNATURE: Any = {"inputs": [{"name": "x", "type": "double", "required": True}]}
QUEUE: list[str] = []


def prepare_predictions() -> None:
    """What a deployment makes for the gateway, and a model's file."""
    QUEUE.append(client("sqs").create_queue(QueueName="predictions")["QueueUrl"])
    client("secretsmanager").create_secret(Name=f"{BACKENDS}token", SecretString="s")
    fitted = LogisticRegression().fit(np.array([[0.0], [1.0]]), [0, 1])
    client("s3").put_object(Bucket=RECEIVED, Key="models/one.skops", Body=skops.dumps(fitted))


def predict_and_keep(found: Recorder, patch: pytest.MonkeyPatch) -> None:
    """One prediction through the function that answers, and its record through the function that keeps."""
    world = on_aws("empty")
    made: dict[str, Any] = {"store": world.store, "audit": Inbox(world.store), "actor": "ann", "now": NOW}
    model = register_model(name="One", owner="olga@example.org", **made).id
    add_version(
        ModelVersion(model_id=model, version="1", created_at=NOW, created_by="ann", signature=SIGNATURE), **made
    )
    change = StageChange(
        version="1", source=Stage.STAGING, target=Stage.PRODUCTION, at=NOW, by="ann", reason="tests"
    )  # fmt: skip
    stages = Stages(model_id=model, of={"1": Stage.PRODUCTION}, history=(change,))
    world.store.put(Record(stages_key(model), to_json(stages)))
    settings = GatewaySettings.model_validate({"backends": {"*": {"kind": "linear", "address": MODELS}}})
    set_gateway(model, settings, **made)
    serving: Any = world
    serving.gateway = _gateway(world)
    patch.setattr(
        type(serving), "received", property(lambda _self: S3Received(client("s3"), f"s3://{RECEIVED}/captures"))
    )
    patch.setattr(wiring, "wired", lambda: serving)
    with found.of("Gateway"):
        said = answer(
            api_request(
                "POST", f"/api/v1/gateway/{model}/predict", body=b'{"x": 0.5}', person="auditor",
                headers={"content-type": "application/json", "host": ADDRESS.removeprefix("https://")},
            ),
            Context(),
        )  # fmt: skip
    assert said["statusCode"] == 200, said["body"]
    (message,) = client("sqs").receive_message(QueueUrl=QUEUE[0])["Messages"]
    assert json.loads(message["Body"])["model_id"] == model
    with found.of("Predictions"):
        assert keep({"Records": [{"messageId": "m", "body": message["Body"]}]}, None) == {"batchItemFailures": []}


def _gateway(world: World) -> Gateway:
    services = Services({"linear": LinearService(S3Captures(client("s3"), buckets=[RECEIVED]).table)})
    return Gateway(
        Serving(lambda model_id: read_state(world.store, model_id), clock=world.now), services,
        SqsInferenceLog(client("sqs"), QUEUE[0]), world.now,
    )  # fmt: skip


def asks() -> None:
    """What may be asked for versions: models' files, endpoints, and the secrets of backends."""
    runtime = cast("SageMakerRuntime", client("sagemaker-runtime"))
    asked = Asked("sagemaker", "shop", "1")
    with pytest.raises(Exception, match="answer"):  # moto's endpoint answers with a text; asked it was
        SageMakerService(runtime, failures=()).predict(asked, ["x"], [{"x": 1.0}])
    assert S3Captures(client("s3"), buckets=[RECEIVED]).table(MODELS)
    assert SecretsManager(client("secretsmanager"), below=BACKENDS).read("token") == "s"


def queues() -> None:
    """Where records wait."""
    records = SqsInferenceLog(client("sqs"), QUEUE[0])
    records.take("m", b"{}")
    records.offer("m", b"{}")
    records.flush()


def reads() -> None:
    """Records as the function that answers reads them; when a key was used last it notes too."""
    kept = DynamoStore(client("dynamodb"), TABLE, s3=client("s3"), bucket=ARCHIVE)
    kept.get_many([stages_key("nothing")])
    kept.query("nothing")
    kept.put(Record(used_key("one"), {"at": "2026-03-04"}))
    assert kept.get(used_key("one")) is not None
    with pytest.raises(NotFoundError):
        S3Archive(client("s3"), ARCHIVE).get("overflow/none")


def looks_up() -> None:
    """Whether somebody may still sign in."""
    CognitoDirectory(client("cognito-idp"), MADE["staff"]).get("olga")


def received() -> None:
    """Where the traffic of the gateway is kept."""
    S3Received(client("s3"), f"s3://{RECEIVED}/captures").put(f"s3://{RECEIVED}/captures/traffic/m/1.jsonl", b"{}\n")
    Inbox(tables()).append(AuditEntry(action="a.b", actor="ada", subject="model/m", at=NOW))
