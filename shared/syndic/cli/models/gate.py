"""``syndic gate``: may this version go to production? For pipelines."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from syndic.cli.registry.places import EPILOG, place_options
from syndic.cli.shell.options import format_option
from syndic.cli.shell.outcomes import code_of

if TYPE_CHECKING:
    from syndic.cli.registry.verbs import Registry


@click.command("gate", epilog=EPILOG)
@click.argument("model", metavar="MODEL")
@click.option(
    "--stage", type=click.Choice(["staging", "production"]), default="production", show_default=True, help="Where to."
)
@click.option("--version", metavar="VERSION", help="Left out: the version that was made last.")
@click.option("--summary", type=click.Path(path_type=Path), metavar="FILE", help="Add the judgement as Markdown.")
@click.option("--sarif", type=click.Path(path_type=Path), metavar="FILE", help="Write it for code scanning.")
@place_options(writes=False)
@format_option
def command(
    *, model: str, stage: str, version: str | None, summary: Path | None, sarif: Path | None, registry: Registry,
    output_format: str,
) -> int:  # fmt: skip
    """Judge whether a version of MODEL (an id or a name) may reach a stage now. Nothing is changed.

    Exit code 0: it may. 1: refused; each unmet condition is on a line with its reason and remedy. 2: the input is
    wrong. 3: it cannot be told, for the registry does not answer. No option opens the gate.
    """
    from syndic.cli.registry.pipeline_files import gate_sarif, gate_summary
    from syndic.cli.registry.text import gate_json, gate_lines, say
    from syndic.cli.registry.verbs import find, newest_version
    from syndic.registry.models import Stage

    identity = find(registry, model).id
    name = newest_version(registry, identity).version if version is None else version
    result = registry.gate(identity, name, Stage(stage))
    if summary is not None:
        with summary.open("a", encoding="utf-8") as file:
            file.write(gate_summary(result))
    if sarif is not None:
        sarif.write_text(gate_sarif(result), "utf-8")
    say(output_format, gate_json(result), "\n".join(gate_lines(result)))
    return code_of("gate", ["passed" if result.passed else "refused"])
