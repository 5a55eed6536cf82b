"""What the gateway's function serves predictions with."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, cast

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from functions import aws_clients
from syndic.adapters.aws.messaging.inference_queue import SqsInferenceLog
from syndic.adapters.aws.secrets import BACKENDS, SecretsManager
from syndic.adapters.inference.http import HttpBackends
from syndic.adapters.inference.linear import LinearService
from syndic.adapters.inference.protocols import AzureMlService, MlflowService, OpenInferenceService, SageMakerService
from syndic.adapters.inference.services import Services
from syndic.adapters.internet.https import PublicHttps
from syndic.errors import SyndicError, UnavailableError
from syndic.gateway.predict import Gateway
from syndic.ports import Backends, Secrets
from syndic.settings import listed

if TYPE_CHECKING:
    from functions.wiring.predictions import Predictions
    from syndic.adapters.inference.protocols import SageMakerRuntime

# Less than the gateway's own time limit, and no second try: a prediction that is late is no use.
ONCE = Config(connect_timeout=3, read_timeout=25, retries={"mode": "standard", "total_max_attempts": 1})
QUEUE = Config(connect_timeout=1, read_timeout=3, retries={"mode": "standard", "total_max_attempts": 3})


def gateway_of(wiring: Predictions) -> Gateway:
    """The gateway of this process. Raises `UnavailableError` where no queue is configured."""
    queue = wiring.settings.prediction_queue
    if queue is None:
        raise UnavailableError("predictions are not served here: no queue is set (SYNDIC_PREDICTION_QUEUE)")
    return Gateway(
        serving=wiring.serving,
        backends=wiring.backends,
        records=SqsInferenceLog(aws_clients.client("sqs", config=QUEUE), queue),
        clock=wiring.now,
        pseudonyms=wiring.pseudonyms,
    )


def backends_of(wiring: Predictions) -> Backends:
    """Every service that can answer."""
    hosts = listed(wiring.settings.backend_hosts)
    http = HttpBackends(hosts=hosts, secrets=_secrets(), public=PublicHttps())
    runtime = cast("SageMakerRuntime", aws_clients.client("sagemaker-runtime", config=ONCE))
    return Services(
        {
            "sagemaker": SageMakerService(runtime, failures=(ClientError, BotoCoreError)),
            "azure_ml": AzureMlService(http),
            "mlflow": MlflowService(http),
            "open_inference": OpenInferenceService(http),
            "linear": LinearService(wiring.captures.table),
        }
    )


def pseudonyms_of(wiring: Predictions) -> Callable[[], bytes | None]:
    """The key of pseudonyms, read once. Without one what is to be a pseudonym is withheld."""
    name = wiring.settings.pseudonym_secret

    @cache
    def read() -> bytes | None:
        try:
            return None if name is None else _secrets().read(name).encode()
        except SyndicError as error:
            raise UnavailableError(f"the key of pseudonyms: {error}") from error

    return read


def _secrets() -> Secrets:
    return SecretsManager(aws_clients.client("secretsmanager", config=QUEUE), below=BACKENDS)
