"""What a server of one's own is made of: the adapters, wired."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final

from urllib3 import Timeout

from syndic.adapters.inference.http import HttpBackends
from syndic.adapters.inference.linear import LinearService
from syndic.adapters.inference.protocols import AzureMlService, MlflowService, OpenInferenceService
from syndic.adapters.inference.services import Services
from syndic.adapters.inference.spool import Spool
from syndic.adapters.internet.api_client import ApiClient
from syndic.adapters.internet.https import PublicHttps
from syndic.errors import InvalidInputError, NotFoundError
from syndic.gateway.predict import Gateway
from syndic.gateway.serving import Serving
from syndic.serving.remote import reading_from, shipping_to
from syndic.serving.shadows import Shadows

PATIENCE: Final = Timeout(connect=2.0, read=5.0)
"""For reading what may answer, which a prediction waits for: the last state goes on meanwhile."""


def serving_parts(
    model: str,
    *,
    api: str,
    token: str | None,
    spool: Path,
    hosts: Sequence[str],
    folder: Path | None,
    clock: Callable[[], datetime],
) -> tuple[Gateway, Callable[[], None]]:
    """What a model is served with, and what ends it: records are on disk until the deployment has them."""
    client = ApiClient(api, token=token)
    records = Spool(spool / model, ship=shipping_to(client))
    http = HttpBackends(hosts=hosts, public=PublicHttps())
    backends = Services(
        {
            "mlflow": MlflowService(http),
            "azure_ml": AzureMlService(http),
            "open_inference": OpenInferenceService(http),
            "linear": LinearService(reading_in(folder)),
        }
    )
    serving = Serving(reading_from(ApiClient(api, token=token, timeout=PATIENCE)), clock=clock)
    shadows = Shadows(serving, backends, records)

    def close() -> None:
        shadows.close()
        records.close()

    return Gateway(serving, backends, records, clock, shadows=shadows.offer), close


def reading_in(folder: Path | None) -> Callable[[str], bytes]:
    """Reads files of one folder and no other."""

    def read(address: str) -> bytes:
        if folder is None:
            raise InvalidInputError("say with --model-folder where linear models lie", where="backend.address")
        path = (folder / address).resolve()
        if not path.is_relative_to(folder.resolve()):
            raise InvalidInputError("lies outside the folder of models", where="backend.address")
        try:
            return path.read_bytes()
        except OSError:
            raise NotFoundError(f"there is no {address} in {folder}") from None

    return read
