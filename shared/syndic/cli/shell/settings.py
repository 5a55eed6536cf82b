"""The environment variables of the command line, in one place. Options take precedence over them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

API: Final = "SYNDIC_API"
STORE: Final = "SYNDIC_STORE"
TOKEN: Final = "SYNDIC_TOKEN"  # noqa: S105 - its name, not its value
MLFLOW_TOKEN: Final = "MLFLOW_TRACKING_TOKEN"  # noqa: S105 - MLflow's own variable
REFRESH_TOKEN: Final = "SYNDIC_REFRESH_TOKEN"  # noqa: S105 - its name, not its value
GITHUB_ADDRESS: Final = "ACTIONS_ID_TOKEN_REQUEST_URL"
GITHUB_PERMIT: Final = "ACTIONS_ID_TOKEN_REQUEST_TOKEN"
COMPLETING: Final = "_SYNDIC_COMPLETE"
"""Set by a shell that asks what to complete a line with (`syndic completion`)."""


@dataclass(frozen=True, slots=True, repr=False)  # a token is shown nowhere, not even in a trace
class CliSettings:
    """What the environment says of where the registry is and who asks. Empty is the same as unset."""

    api: str | None
    store: str | None
    token: str | None
    mlflow_token: str | None
    refresh_token: str | None = None
    github_address: str | None = None
    github_permit: str | None = None
    completing: str | None = None


def read_cli_settings(environ: Mapping[str, str] | None = None) -> CliSettings:
    """Read the environment."""
    environ = os.environ if environ is None else environ
    names = (API, STORE, TOKEN, MLFLOW_TOKEN, REFRESH_TOKEN, GITHUB_ADDRESS, GITHUB_PERMIT, COMPLETING)
    return CliSettings(*(environ.get(name) or None for name in names))
