"""What the function app serves predictions with: which version answers is said by the governing API."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from urllib3 import Timeout

from syndic.adapters.azure import KeyVaultSecrets
from syndic.adapters.inference.http import HttpBackends
from syndic.adapters.inference.linear import LinearService
from syndic.adapters.inference.protocols import AzureMlService, MlflowService, OpenInferenceService
from syndic.adapters.inference.services import Services
from syndic.adapters.internet.api_client import ApiClient
from syndic.adapters.internet.https import PublicHttps
from syndic.errors import NotSentError, SyndicError, UnavailableError
from syndic.gateway.predict import Gateway
from syndic.gateway.serving import Serving
from syndic.serving.remote import reading_from, shipping_to
from syndic.settings import listed

if TYPE_CHECKING:
    from azure_functions.wiring import AzureWiring
    from syndic.ports import InferenceLog, Secrets

# Reading what may answer is tried twice at most within a prediction; the last state goes on meanwhile.
PATIENCE = Timeout(connect=3.0, read=10.0)


def gateway_of(wiring: AzureWiring, records: InferenceLog) -> Gateway:
    """The gateway of this process. Raises `UnavailableError` where none is configured."""
    secrets, api = _governing(wiring)
    http = HttpBackends(hosts=listed(wiring.settings.backend_hosts), secrets=secrets, public=PublicHttps())
    services = Services(
        {
            "azure_ml": AzureMlService(http),
            "mlflow": MlflowService(http),
            "open_inference": OpenInferenceService(http),
            "linear": LinearService(wiring.captures.table),
        }
    )
    return Gateway(
        serving=Serving(
            reading_from(api), clock=wiring.now, staleness=timedelta(seconds=wiring.settings.serving_seconds)
        ),
        backends=services,
        records=records,
        clock=wiring.now,
        pseudonyms=_key(secrets, wiring.settings.pseudonym_secret),
    )


def handing_on(wiring: AzureWiring) -> Callable[[str, Sequence[bytes]], None]:
    """Hands a model's records on to the governing API."""
    _, api = _governing(wiring)
    ship = shipping_to(api)
    return lambda _model_id, records: ship(records)


def _governing(wiring: AzureWiring) -> tuple[Secrets, ApiClient]:
    settings = wiring.settings
    if settings.governing_api is None or settings.key_vault is None:
        raise UnavailableError("predictions are not served here: choose `gateway` when deploying to Azure")
    secrets = KeyVaultSecrets(wiring.credential, settings.key_vault)
    try:
        token = secrets.read(settings.api_key_secret).strip()
    except NotSentError as error:
        raise UnavailableError(str(error)) from error
    renew = f"put a fresh key into the vault's secret {settings.api_key_secret}"
    where = "environment variable SYNDIC_GOVERNING_API"
    return secrets, ApiClient(settings.governing_api, token=token, timeout=PATIENCE, where=where, renew=renew)


def _key(secrets: Secrets, name: str | None) -> Callable[[], bytes | None]:
    """The key of pseudonyms, read once. Without one what is to be a pseudonym is withheld."""

    @cache
    def read() -> bytes | None:
        try:
            return None if name is None else secrets.read(name).encode()
        except SyndicError as error:
            raise UnavailableError(f"the key of pseudonyms: {error}") from error

    return read
