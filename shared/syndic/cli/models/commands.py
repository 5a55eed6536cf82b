"""``syndic models``: register, list, show and describe models and their versions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from syndic.cli.models import approvals, papers, steps
from syndic.cli.registry.places import EPILOG, place_options
from syndic.cli.shell.commands import SuggestingGroup
from syndic.cli.shell.options import format_option
from syndic.errors import InvalidInputError

if TYPE_CHECKING:
    from syndic.cli.registry.verbs import Registry

F = TypeVar("F", bound=Callable[..., Any])


@click.group("models", cls=SuggestingGroup, epilog=EPILOG)
def command() -> None:
    """Register models, describe their versions, take them through approval to production and back."""


for step in (*steps.COMMANDS, *approvals.COMMANDS, *papers.COMMANDS):
    command.add_command(step)


def profile_options(function: F) -> F:
    """What a person may say of a model; given to the command as keyword arguments of the API's names."""
    for option in (
        click.option("--from", "file", type=click.Path(path_type=Path), metavar="FILE", help="Fields as JSON or YAML."),
        click.option("--oversight-plan", metavar="TEXT", help="Who can stop it, and how."),
        click.option("--data-source", "data_sources", metavar="TEXT", multiple=True, help="Repeatable."),
        click.option("--limitations", metavar="TEXT", help="What it must not be used for, where it is weak."),
        click.option("--purpose", "intended_purpose", metavar="TEXT", help="Intended purpose."),
        click.option("--domain", metavar="TEXT", help="Such as credit or health."),
        click.option("--description", metavar="TEXT"),
        click.option("--owner", metavar="ADDRESS", help="Who answers for it; alerts go there."),
    ):
        function = option(function)
    return function


@command.command("register", epilog=EPILOG)
@click.argument("name")
@profile_options
@place_options(writes=True)
@format_option
def register(*, name: str, registry: Registry, output_format: str, file: Path | None, **said: Any) -> None:
    """Register a model called NAME. The same name and owner again gives the same model.

    Without --owner the deployed registry takes your own confirmed address.
    """
    from syndic.cli.registry.text import say

    profile = _fields(file, said)
    owner = profile.pop("owner", None)
    model = registry.register(name, owner, profile)
    say(output_format, model, f"registered {model.id}")


@command.command("describe", epilog=EPILOG)
@click.argument("model")
@profile_options
@place_options(writes=True)
@format_option
def describe(*, model: str, registry: Registry, output_format: str, file: Path | None, **said: Any) -> None:
    """Change what is said of MODEL (an id or a name). What is left out stays as it is."""
    from syndic.cli.registry.text import say
    from syndic.cli.registry.verbs import find

    changes = _fields(file, said)
    if not changes:
        raise InvalidInputError("say what to change; see syndic models describe --help")
    changed = registry.describe(find(registry, model).id, changes)
    say(output_format, changed, f"described {changed.id}: {', '.join(sorted(changes))}")


@command.command("list", epilog=EPILOG)
@click.option("--name", "text", metavar="TEXT", help="Part of the name.")
@click.option("--owner", metavar="ADDRESS")
@click.option("--status", type=click.Choice(["draft", "under_review", "approved", "retired"]))
@click.option("--risk", type=click.Choice(["undecided", "minimal", "limited", "high", "unacceptable"]))
@click.option("--cloud", type=click.Choice(["aws", "azure", "mlflow", "other"]))
@click.option("--sort", type=click.Choice(["name", "newest"]), default="name", show_default=True)
@click.option("--descending", is_flag=True, help="The other way round.")
@click.option("--limit", type=click.IntRange(1, 100), default=50, show_default=True, help="Most models in one page.")
@click.option("--token", metavar="TOKEN", help="Go on where the page before ended.")
@click.option("--all", "whole", is_flag=True, help="Every page.")
@place_options(writes=False)
@format_option
def list_models(
    *,
    text: str | None,
    sort: str,
    descending: bool,
    limit: int,
    token: str | None,
    whole: bool,
    registry: Registry,
    output_format: str,
    **filters: str | None,
) -> None:
    """List models, a page at a time."""
    from syndic.cli.registry.text import models_table, say
    from syndic.cli.registry.verbs import every_model
    from syndic.registry.versions.catalogue import ModelPage

    wanted: dict[str, Any] = {
        "filters": {name: value for name, value in filters.items() if value},
        "sort": sort,
        "descending": descending,
        "text": text,
    }
    if whole and token is not None:
        raise InvalidInputError("--all begins at the beginning: leave --token out")
    if whole:
        page = ModelPage(models=tuple(every_model(registry, **wanted)))
    else:
        page = registry.page(**wanted, limit=limit, token=token)
    say(output_format, page, models_table(page.models, page.next_token))


@command.command("show", short_help="Show MODEL with its versions.", epilog=EPILOG)
@click.argument("model")
@place_options(writes=False)
@format_option
def show(*, model: str, registry: Registry, output_format: str) -> None:
    """Show MODEL (an id or a name) with its versions, their stages and its approval policy."""
    from syndic.cli.registry.text import model_text, say
    from syndic.cli.registry.verbs import every_version, find
    from syndic.models import to_json

    found = find(registry, model)
    versions, stages = list(every_version(registry, found.id)), registry.stages(found.id)
    policy = registry.policy(found.id).name
    document = {
        "model": to_json(found),
        "approval_policy": policy,
        "versions": [to_json(version) for version in versions],
        "stages": to_json(stages),
    }
    say(output_format, document, f"{model_text(found, versions, stages)}\n\napproval policy: {policy}")


@command.group("versions")
def versions_group() -> None:
    """Describe and list the versions of a model."""


@versions_group.command("add", epilog=EPILOG)
@click.argument("model")
@click.argument("version")
@click.option("--from", "file", type=click.Path(path_type=Path), metavar="FILE", help="Fields as JSON or YAML.")
@click.option("--metric", "metrics", metavar="NAME=NUMBER", multiple=True, help="Of the evaluation; repeatable.")
@click.option("--artefact", "artefacts", metavar="NAME=LOCATION", multiple=True, help="A report; repeatable.")
@click.option("--dataset-sha256", metavar="HASH", help="Of the training data.")
@click.option("--rows", type=click.IntRange(min=0), help="Of the training data.")
@click.option("--features", type=click.IntRange(min=0), help="Of the training data.")
@click.option("--framework", metavar="NAME")
@click.option("--algorithm", metavar="NAME")
@click.option("--commit", metavar="HASH")
@click.option("--location", "artefact_location", metavar="URI", help="Where the model's files are.")
@place_options(writes=True)
@format_option
def add_version(*, model: str, version: str, registry: Registry, output_format: str, **said: Any) -> None:
    """Add VERSION to MODEL, or replace its description: that withdraws approvals, for they did not see it."""
    from syndic.cli.registry.text import say
    from syndic.cli.registry.verbs import find
    from syndic.cli.registry.version_fields import version_fields

    described = version_fields(version, _fields(said.pop("file"), {}), **said)
    added = registry.add_version(find(registry, model).id, described)
    say(output_format, added, f"version {added.version} of {added.model_id}: content {added.content_sha256[:12]}")


@versions_group.command("list", epilog=EPILOG)
@click.argument("model")
@place_options(writes=False)
@format_option
def list_versions(*, model: str, registry: Registry, output_format: str) -> None:
    """List the versions of MODEL and their stages."""
    from syndic.cli.registry.text import say, versions_table
    from syndic.cli.registry.verbs import every_version, find
    from syndic.models import to_json

    identity = find(registry, model).id
    versions, stages = list(every_version(registry, identity)), registry.stages(identity)
    document = {"versions": [to_json(one) for one in versions], "stages": to_json(stages)}
    say(output_format, document, versions_table(versions, stages))


def _fields(file: Path | None, said: dict[str, Any]) -> dict[str, Any]:
    """Fields of a file, and over them those given as options."""
    given = {name: list(value) if isinstance(value, tuple) else value for name, value in said.items() if value}
    if file is None:
        return given
    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise InvalidInputError("not UTF-8 text", where=str(file)) from None
    return {**_document(file, text), **given}


def _document(file: Path, text: str) -> dict[str, Any]:
    from syndic.json_text import load_json
    from syndic.yaml_file import load_yaml

    value = (load_json if file.suffix == ".json" else load_yaml)(text, where=str(file))
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value):
        raise InvalidInputError("expected names and values", where=str(file))
    return value
