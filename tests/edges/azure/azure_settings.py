"""App settings that the Azure functions need, by their bindings and settings model: the template must set them."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from azure.functions.decorators.function_app import Function

from azure_functions.function_app import app
from azure_functions.schedules import SETTING
from syndic.settings import AzureSettings, variable

# What the host and the worker read themselves. An identity-based connection is its name and these endings.
HOST_SETTINGS = {
    "AzureWebJobsStorage__accountName",
    "AzureWebJobsStorage__credential",
    "AzureWebJobsStorage__clientId",
    "APPLICATIONINSIGHTS_CONNECTION_STRING",
}
CONNECTION_ENDINGS = ("queueServiceUri", "credential", "clientId")


@cache
def app_functions() -> tuple[Function, ...]:
    """The functions of the app. They can be taken from it once in a process, so everybody takes them here."""
    return tuple(app.get_functions())


@cache
def bindings() -> dict[str, dict[str, Any]]:
    """The trigger of each function by the function's name."""
    return {one.get_function_name(): json.loads(one.get_raw_bindings()[0]) for one in app_functions()}


def settings_in_bindings() -> set[str]:
    """Settings that stand between percent signs."""
    return {
        name for trigger in bindings().values() for value in trigger.values() for name in SETTING.findall(str(value))
    }


def connections() -> set[str]:
    """Names of connections; each is a group of settings, or one connection string on the emulator."""
    return {trigger["connection"] for trigger in bindings().values() if "connection" in trigger}


def settings_needed() -> set[str]:
    """Every app setting without which the deployed app does not work."""
    required = {variable(name) for name, field in AzureSettings.model_fields.items() if field.is_required()}
    identity = {variable("client_id")}  # the app's identity is user-assigned
    return (
        required
        | identity
        | settings_in_bindings()
        | {f"{name}__{ending}" for name in connections() for ending in CONNECTION_ENDINGS}
    )


def settings_known() -> set[str]:
    """Every app setting that somebody reads."""
    return settings_needed() | {variable(name) for name in AzureSettings.model_fields} | HOST_SETTINGS | connections()
