"""The only place that builds AWS adapters. Each is built when first asked for and kept while the process lives.

A handler asks `wired()` for what its use case needs, so a function only opens the clients it uses.
"""

from __future__ import annotations

from functools import cache

from functions.logs import write_json_logs
from functions.wiring.azure_half import AzureHalf
from functions.wiring.channels import Telling
from functions.wiring.models import RunningModels
from functions.wiring.people import People
from functions.wiring.predictions import Predictions
from syndic.settings import AwsSettings, read_settings


class AwsWiring(RunningModels, Predictions, Telling, People, AzureHalf):
    """The adapters of a deployed function."""


@cache
def wired() -> AwsWiring:
    """The adapters of this process. Settings are read, and logging is set up, on the first call."""
    settings = read_settings(AwsSettings)
    write_json_logs(settings.log_level)
    return AwsWiring(settings)
