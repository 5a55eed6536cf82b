"""``syndic import``: take models over from another registry, and keep in step with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from syndic.cli.frame import ExitCode
from syndic.cli.options import format_option
from syndic.cli.places import EPILOG, place_options

if TYPE_CHECKING:
    from syndic.cli.registry import Registry


@click.group("import")
def command() -> None:
    """Import models and versions from another registry."""


@command.command("mlflow", epilog=EPILOG)
@click.argument("uri", metavar="URI")
@place_options(writes=True)
@format_option
def mlflow(*, uri: str, registry: Registry, output_format: str) -> int:
    """Import every registered model and version from MLflow. Imported again, only what changed is changed.

    URI: a tracking server (http://, https://; its token in MLFLOW_TRACKING_TOKEN), a SQLite store (sqlite:///FILE), or
    a legacy folder (mlruns/). Models are described, never loaded. Into the deployed registry an admin imports.

    Exit code 0: everything was imported. 1: something was not sound; it is listed, the rest was imported. 2: nothing
    could be read.
    """
    from syndic.adapters.mlflow import open_mlflow
    from syndic.cli.registry_text import import_lines, say
    from syndic.cli.settings import read_cli_settings

    report = registry.import_from(open_mlflow(uri, token=read_cli_settings().mlflow_token))
    say(output_format, report, "\n".join(import_lines(report)))
    return ExitCode.FINDING if report.unsound else ExitCode.NOTHING_FOUND
