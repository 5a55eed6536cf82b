"""``syndic models``: what is written about a version: its card, the data sheet of its data, its lineage."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from syndic.cli.registry.places import EPILOG, place_options

if TYPE_CHECKING:
    from syndic.cli.registry.verbs import Registry

output_option = click.option(
    "-o",
    "--output",
    "--out",
    "output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write it there instead of printing it.",
)


@click.command("card", short_help="The model card of VERSION of MODEL.", epilog=EPILOG)
@click.argument("model")
@click.argument("version", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["markdown", "html", "json", "sagemaker", "cyclonedx"]),
    default="markdown",
    show_default=True,
    help="Markdown with Hugging Face metadata, HTML, JSON, SageMaker's model card, or a CycloneDX 1.6 ML-BOM.",
)
@output_option
@place_options(writes=False)
def card(*, model: str, version: str | None, form: str, output: Path | None, registry: Registry) -> None:
    """The model card of VERSION of MODEL; left out: the one in production, else the one made last.

    A card says what is missing.
    """
    identity, name = _version(registry, model, version)
    _write(registry.card(identity, name, form), output, f"card of version {name}")


@click.command("datasheet", short_help="The data sheet of its training data.", epilog=EPILOG)
@click.argument("model")
@click.argument("version", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["markdown", "html", "json"]),
    default="markdown",
    show_default=True,
    help="Markdown with Hugging Face metadata, HTML or JSON.",
)
@output_option
@place_options(writes=False)
def datasheet(*, model: str, version: str | None, form: str, output: Path | None, registry: Registry) -> None:
    """The data sheet of the training data of VERSION of MODEL; left out: as for the card.

    A sheet says what is missing.
    """
    identity, name = _version(registry, model, version)
    _write(registry.data_sheet(identity, name, form), output, f"data sheet of version {name}")


@click.command("lineage", short_help="What VERSION of MODEL was made from.", epilog=EPILOG)
@click.argument("model")
@click.argument("version", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["json", "table", "csv", "openlineage"]),
    default="json",
    show_default=True,
    help="Our own JSON, a table to read, or an OpenLineage run event to send to a collector.",
)
@output_option
@place_options(writes=False)
def lineage(*, model: str, version: str | None, form: str, output: Path | None, registry: Registry) -> None:
    """What VERSION of MODEL was made from: run, data, parameters, metrics, artefacts; left out: as for the card.

    What is not on record is listed as a gap.
    """
    identity, name = _version(registry, model, version)
    found = (registry.openlineage if form == "openlineage" else registry.lineage)(identity, name)
    _write(_lineage_text(found, form), output, f"lineage of version {name}")


def _lineage_text(found: dict[str, Any], form: str) -> str:
    from syndic.cli.shell.tables import table
    from syndic.cli.shell.written import written

    if form != "table":
        return written(form, found)
    facts = {name: value for name, value in found.items() if value not in (None, [], {}, "")}
    gaps = facts.pop("gaps", [])
    rows = [[name, one] for name, value in facts.items() for one in _told(value)]
    return table(["what", "on record"], [*rows, *(["gap", str(gap)] for gap in gaps)])


def _told(value: Any) -> list[str]:
    """A fact in words, one line for each thing that is listed."""
    if isinstance(value, dict):
        return [f"{name}: {', '.join(_told(one))}" for name, one in value.items() if one not in (None, [], {}, "")]
    if isinstance(value, list):
        return [", ".join(_told(one)) for one in value]
    return [str(value)]


def _version(registry: Registry, model: str, version: str | None) -> tuple[str, str]:
    from syndic.cli.registry.verbs import find, newest_version

    identity = find(registry, model).id
    return identity, version or registry.stages(identity).production or newest_version(registry, identity).version


def _write(text: str, output: Path | None, what: str) -> None:
    if output is None:
        click.echo(text)
    else:
        output.write_text(text if text.endswith("\n") else text + "\n", encoding="utf-8")
        click.echo(f"{what} written to {output}")


COMMANDS: Final = (card, datasheet, lineage)
