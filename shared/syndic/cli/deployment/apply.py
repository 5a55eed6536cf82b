"""``syndic apply``: configuration files reach the deployed product."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import click

from syndic.cli.registry.places import open_client
from syndic.cli.shell.options import format_option
from syndic.errors import InvalidInputError

SUFFIXES: Final = (".yaml", ".yml", ".json")
MOST: Final = 50
EPILOG: Final = (
    "Files hold drift_detection, bias_monitoring, compliance_frameworks, governance, approval_policies, alerting, "
    "retention or a framework. Example: syndic apply -f config/ --model credit-3f9a11 --dry-run"
)


@click.command("apply", epilog=EPILOG)
@click.option(
    "-f", "--file", "places", type=click.Path(path_type=Path, exists=True), multiple=True, required=True,
    metavar="FILE|DIR", help="Repeatable. Of a folder every .yaml, .yml and .json file in it.",
)  # fmt: skip
@click.option("--model", "models", metavar="ID", multiple=True, help="For which models; else `models:` in the file.")
@click.option("--dry-run", is_flag=True, help="Show the differences and change nothing.")
@click.option("--api", metavar="URL", help="Address of the deployed API.")
@click.option("--token-file", type=click.Path(path_type=Path), metavar="FILE", help="File of the ID token.")
@format_option
def command(
    *, places: tuple[Path, ...], models: tuple[str, ...], dry_run: bool, api: str | None, token_file: Path | None,
    output_format: str,
) -> int:  # fmt: skip
    """Apply configuration files to a deployment.

    Every file is checked before anything changes. What has another meaning here, or none, is named: nothing is ignored
    in silence.
    """
    from syndic.cli.registry.text import say

    files = [{"name": str(path), "text": _read(path)} for path in _files(places)]
    client = open_client(api, token_file)
    path = "/config?dry_run=true" if dry_run else "/config"
    report = client.send("PUT", path, {"files": files, "models": list(models)})
    say(output_format, report, "\n".join(_lines(report)))
    return 0


def _files(places: tuple[Path, ...]) -> list[Path]:
    found = [path for place in places for path in (sorted(place.iterdir()) if place.is_dir() else [place])
             if path in places or path.suffix in SUFFIXES]  # fmt: skip
    if not found:
        raise InvalidInputError(f"no file there ends with {', '.join(SUFFIXES)}", where=str(places[0]))
    if len(found) > MOST:
        raise InvalidInputError(f"{len(found)} files; at most {MOST} at once", where=str(places[0]))
    return found


def _read(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError as error:
        raise InvalidInputError("not UTF-8 text", where=str(path)) from error


def _lines(report: dict[str, Any]) -> list[str]:
    lines = []
    for one in report["settings"]:
        word = "unchanged" if not one["changed"] else "would change" if report["dry_run"] else "changed"
        lines += [f"{word}: {one['target']} ({one['file']})", *(f"  {line}" for line in one["diff"])]
    lines += [f"{one['file']}: {one['field']}: {one['meaning']}" for one in report["meanings"]]
    return lines or ["nothing to apply"]
