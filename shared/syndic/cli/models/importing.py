"""``syndic import``: take models over from another registry, and keep in step with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from syndic.cli.registry.places import EPILOG, place_options
from syndic.cli.shell.commands import SuggestingGroup
from syndic.cli.shell.options import format_option
from syndic.cli.shell.outcomes import code_of
from syndic.errors import InvalidInputError

if TYPE_CHECKING:
    from syndic.cli.registry.verbs import Registry


@click.group("import", cls=SuggestingGroup)
def command() -> None:
    """Import models and versions from another registry."""


@command.command("mlflow", epilog=EPILOG)
@click.argument("uri", metavar="URI")
@click.option(
    "--write-back",
    is_flag=True,
    help="Then tell the server where its versions stand: tags syndic.stage, syndic.status, alias production.",
)
@place_options(writes=True)
@format_option
def mlflow(*, uri: str, write_back: bool, registry: Registry, output_format: str) -> int:
    """Import every registered model and version from MLflow. Imported again, only what changed is changed.

    URI: a tracking server (http://, https://; its token in MLFLOW_TRACKING_TOKEN), a SQLite store (sqlite:///FILE), or
    a legacy folder (mlruns/). Models are described, never loaded. Into the deployed registry an admin imports.

    Exit code 0: everything was imported. 1: something was not sound; it is listed, the rest was imported. 2: the
    address is wrong. 3: a registry does not answer.
    """
    from syndic.adapters.mlflow import MlflowServer, open_mlflow
    from syndic.cli.registry.text import import_lines, say
    from syndic.cli.shell.settings import read_cli_settings
    from syndic.registry.sync.importer import write_stages

    source = open_mlflow(uri, token=read_cli_settings().mlflow_token)
    if write_back and not isinstance(source, MlflowServer):
        raise InvalidInputError("only a tracking server takes tags and aliases", where="--write-back")
    report = registry.import_from(source)
    if write_back and isinstance(source, MlflowServer):
        for model in report.models:
            write_stages(source, registry.model(model), registry.stages(model))
    say(output_format, report, "\n".join(import_lines(report)))
    return code_of("import", ["unsound" if report.unsound else "imported"])
