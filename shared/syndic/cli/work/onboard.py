"""``syndic onboard``: what found models need before they can be checked, as one file to review and apply."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import click

from syndic.cli.identity.keys import api_option, token_option
from syndic.cli.registry.places import open_client
from syndic.cli.shell.commands import SuggestingGroup
from syndic.cli.shell.options import format_option
from syndic.cli.shell.outcomes import ExitCode
from syndic.cli.work.progress import progress
from syndic.errors import ConflictError, InvalidInputError, NotFoundError, SyndicError, UnavailableError

HEAD: Final = """\
# Proposed by syndic onboard from captured traffic: nothing of it holds yet.
# Review it, answer the questions, take out what should stay as it is. Then:
#   syndic onboard apply {name} --dry-run
#   syndic onboard apply {name}
"""
LONG: Final = 3600.0


@click.group("onboard", cls=SuggestingGroup)
def command() -> None:
    """Propose and apply what found models need: columns, window, baseline, protected attributes."""


@command.command("propose")
@click.argument("models", nargs=-1, metavar="[MODEL]...")
@click.option("-o", "--out", type=click.Path(path_type=Path), metavar="FILE", help="Where to write; else it is shown.")
@click.option("--again", is_flag=True, help="Ask Azure anew also for models that it proposed something for already.")
@api_option
@token_option
def propose(*, models: tuple[str, ...], out: Path | None, again: bool, api: str | None, token_file: Path | None) -> int:
    """Look at the traffic of MODELs (ids; without any: all whose endpoints are there) and write what they need.

    Nothing is changed. A model for which nothing is left to propose or to ask is not in the file. Traffic in Azure is
    looked at there: Azure is asked, the file says that its answer is awaited, and the next file has it.
    """
    from syndic.cli.work.onboarding_file import as_yaml, section_of

    client = open_client(api, token_file)
    wanted = models or tuple(_all(client))
    sections: dict[str, Any] = {}
    awaited = 0
    with progress("looking at traffic", LONG) as going:
        for place, model in enumerate(wanted):
            going(place / len(wanted), model)
            try:
                proposal = _proposal(client, model, again=again)
                awaited += proposal["awaited_since"] is not None
                section = section_of(proposal)
            except (ConflictError, InvalidInputError, NotFoundError, UnavailableError) as error:
                section = {"questions": [str(error)]}
            if section:
                sections[model] = section
    text = HEAD.format(name=out or "FILE") + as_yaml({"models": sections})
    if out is None:
        click.echo(text, nl=False)
    else:
        out.write_text(text, "utf-8")
    settled = len(wanted) - len(sections)
    click.echo(
        f"{len(sections)} of {len(wanted)} models need something; {settled} {'has' if settled == 1 else 'have'} all",
        err=True,
    )
    if awaited:
        click.echo(f"{awaited} awaited from Azure: propose again after the next exchange with it", err=True)
    return ExitCode.NOTHING_FOUND


@command.command("apply")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@api_option
@token_option
@format_option
def apply(*, file: Path, dry_run: bool, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Set what FILE says, model by model. All of it is checked first.

    What holds already is left alone, so applying again goes on where it ended. A model that fails is named, the others
    are done, and the exit code is 2.
    """
    from syndic.cli.registry.text import say
    from syndic.cli.work.onboarding_file import read_sections

    sections = read_sections(file)
    client = open_client(api, token_file)
    done: list[dict[str, Any]] = []
    with progress("applying", LONG) as going:
        for place, (model, section) in enumerate(sections.items()):
            going(place / len(sections), model)
            one: dict[str, Any] = {"model": model, "changed": [], "error": None, "open": list(section.open)}
            try:
                for step in section.steps(client, model):
                    one["changed"].append(step.words)
                    if not dry_run:
                        client.send(step.method, step.path, step.body)
            except SyndicError as error:
                one["error"] = str(error)
            done.append(one)
    say(output_format, {"dry_run": dry_run, "models": done}, "\n".join(_lines(done, dry_run=dry_run)))
    return ExitCode.BAD_INPUT if any(one["error"] for one in done) else ExitCode.NOTHING_FOUND


def _proposal(client: Any, model: str, *, again: bool) -> Any:
    """What is proposed for a model. Where its own cloud has to look, and has not or not since, it is asked."""
    path = f"/models/{model}/onboarding"
    with suppress(NotFoundError):  # never asked; of an unknown model asking says so
        found = client.get(path)
        if not (found["settings_changed"] or (again and found["proposed_at"] is not None)):
            return found
    client.send("POST", path, None)
    return client.get(path)


def _all(client: Any) -> Iterator[str]:
    token: str | None = None
    while True:
        page = client.get("/models", presence="present", limit=100, token=token)
        yield from (one["id"] for one in page["models"])
        token = page.get("next_token")
        if token is None:
            return


def _lines(done: list[dict[str, Any]], *, dry_run: bool) -> Iterator[str]:
    word = "would set" if dry_run else "set"
    for one in done:
        if one["error"]:
            yield f"{one['model']}: failed: {one['error']}"
            yield from (f"  {word} before: {words}" for words in one["changed"][:-1])
        elif one["changed"]:
            yield f"{one['model']}: {word} {', '.join(one['changed'])}"
        else:
            yield f"{one['model']}: as it is"
        yield from (f"  open: {words}" for words in one["open"])
    if not done:
        yield "the file names no model"
