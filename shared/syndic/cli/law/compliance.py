"""``syndic compliance``: evaluate local evidence, write reports and packages, check framework files. No cloud."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syndic.cli.law.frameworks import group as frameworks_group
from syndic.cli.law.signing import crosswalk, dates, preview, signatures
from syndic.cli.shell.commands import SuggestingGroup
from syndic.cli.shell.options import format_option
from syndic.cli.shell.outcomes import code_of, inconclusive_option
from syndic.cli.shell.tables import table
from syndic.cli.shell.written import written
from syndic.errors import InvalidInputError

if TYPE_CHECKING:
    from syndic.adapters.memory import MemoryStore
    from syndic.assessment import FrameworkStatus, RequirementState

FRAMEWORK = click.option(
    "--framework",
    "frameworks",
    multiple=True,
    metavar="ID|FILE",
    help="A framework by id, or a framework file (YAML); repeatable. Default: every framework that is shipped.",
)
AT = click.option(
    "--at",
    metavar="TIME",
    help="Judge as of this time, such as 2026-11-21 or 2026-11-21T09:00:00Z. Default: now.",
)
EVIDENCE = click.argument("evidence", type=click.Path(path_type=Path), metavar="EVIDENCE")


@click.group("compliance", cls=SuggestingGroup)
def command() -> None:
    """Evaluate evidence by frameworks such as the EU AI Act, GDPR and SOC 2.

    EVIDENCE is a folder of JSON files, one JSON file, or an evidence package (zip). There is no score: requirements
    are counted by state, and missing or stale evidence is never a pass.
    """


@command.command("check")
@EVIDENCE
@FRAMEWORK
@AT
@click.option("--all", "show_all", is_flag=True, help="List every requirement, not only those that need something.")
@inconclusive_option
@format_option
@click.pass_context
def check(
    context: click.Context,
    *,
    evidence: Path,
    frameworks: tuple[str, ...],
    at: str | None,
    show_all: bool,
    allow_inconclusive: bool,
    output_format: str,
) -> None:
    """Evaluate evidence and say what is met, what is not, and why.

    Exit code 0: all that applies and is in force is met. 1: something is contradicted. 2: the input is wrong. 3: it
    cannot be told: evidence is missing, stale or inconclusive, or a person has to sign.
    """
    _, statuses = _evaluated(evidence, frameworks, at)
    if output_format != "table":
        rows = [status.model_dump(mode="json") for status in statuses]
        every = [{"framework_id": one["framework_id"], **item} for one in rows for item in one["requirements"]]
        click.echo(written(output_format, every if output_format == "csv" else rows))
    else:
        click.echo(_tables(statuses, show_all=show_all))
    states = [item.state.value for status in statuses for item in status.requirements]
    scopes = [it.scope.applies for it in statuses if it.scope is not None]
    states += ["insufficient_evidence"] * scopes.count(None) + ["not_applicable"] * scopes.count(False)
    context.exit(code_of("compliance", states, allow_inconclusive=allow_inconclusive))


@command.command("report")
@EVIDENCE
@FRAMEWORK
@AT
@click.option("--output", "-o", required=True, type=click.Path(path_type=Path), metavar="FILE", help="File to write.")
@click.option(
    "--format",
    "report_format",
    type=click.Choice(["pdf", "html", "json", "csv", "oscal", "cyclonedx"]),
    help="Default: by the ending of the output file.",
)
@click.option(
    "--kind",
    type=click.Choice(["compliance", "annex_iv", "eu_declaration", "fria", "dpia"]),
    default="compliance",
    show_default=True,
    help="A compliance report, or the draft of a document (one model).",
)
def report(
    *,
    evidence: Path,
    frameworks: tuple[str, ...],
    at: str | None,
    output: Path,
    report_format: str | None,
    kind: str,
) -> None:
    """Write a report. The same evidence as of the same time gives the same file."""
    chosen = report_format or _format_of(output)
    _write(evidence, frameworks, at, output, kind=kind, report_format=chosen)


@command.command("evidence", short_help="Write an evidence package (zip).")
@EVIDENCE
@FRAMEWORK
@AT
@click.option("--output", "-o", required=True, type=click.Path(path_type=Path), metavar="FILE", help="Zip to write.")
def package(*, evidence: Path, frameworks: tuple[str, ...], at: str | None, output: Path) -> None:
    """Write an evidence package: report, raw evidence and a manifest with the SHA-256 of each file."""
    _write(evidence, frameworks, at, output, kind="compliance", report_format="evidence")


@command.command("validate", short_help="Check a framework file.")
@click.argument("file", type=click.Path(path_type=Path))
def validate(*, file: Path) -> None:
    """Check a framework file and list everything that is wrong in it, by line."""
    from syndic.compliance.definitions.load import examine

    compiled, problems = examine(_read(file), where=str(file))
    if compiled is None:
        first, *rest = problems
        for problem in rest:
            click.echo(f"{file}, {problem}", err=True)
        raise InvalidInputError(f"{first.field}: {first.message}", where=str(file), line=first.line)
    framework = compiled.framework
    click.echo(f"{framework.id} {framework.version}: {len(framework.requirements)} requirements, nothing wrong.")


@command.command("news", epilog="Example: syndic compliance news --since 2026-11-01")
@click.option("--since", metavar="DATE", help="Only what changed on or after this day, such as 2026-11-01.")
@click.option("--framework", metavar="ID", help="Only of one framework.")
@format_option
def news(*, since: str | None, framework: str | None, output_format: str) -> None:
    """Say what changed in the frameworks that are shipped, from their own changelogs."""
    from syndic.compliance.definitions.load import built_in
    from syndic.compliance.definitions.news import news_of

    shipped = built_in()
    if framework is not None and framework not in shipped:
        raise InvalidInputError(f"no framework {framework!r}; there are: {', '.join(shipped)}", where="--framework")
    chosen = shipped.values() if framework is None else (shipped[framework],)
    found = news_of(chosen, since=None if since is None else _moment(since).date())
    if output_format != "table":
        click.echo(written(output_format, [one.model_dump(mode="json") for one in found]))
        return
    rows = [[one.on.isoformat(), one.framework_id, one.version, one.says] for one in found]
    click.echo(table(["on", "framework", "version", "what changed"], rows) if rows else "nothing changed")


for one in (frameworks_group, signatures, dates, preview, crosswalk):
    command.add_command(one)


def _write(
    evidence: Path, frameworks: tuple[str, ...], at: str | None, output: Path, *, kind: str, report_format: str
) -> None:
    from syndic.reports.content.collect import collect
    from syndic.reports.jobs import render
    from syndic.reports.models import ReportFormat, ReportKind, ReportRequest

    store, statuses = _evaluated(evidence, frameworks, at)
    models = tuple(sorted({status.model_id for status in statuses}))
    if kind != "compliance" and len(models) != 1:
        raise InvalidInputError(f"a {kind} draft is about one model; there are {len(models)}", where=str(evidence))
    if kind != "compliance" and report_format not in {"pdf", "html", "json"}:
        raise InvalidInputError(f"a {kind} draft is written as pdf, html or json", where="--format")
    request = ReportRequest(kind=ReportKind(kind), model_ids=models, format=ReportFormat(report_format))
    data = render(collect(request, store=store), store=store)
    try:
        output.write_bytes(data)
    except OSError as error:
        raise InvalidInputError(f"cannot be written: {error.strerror}", where=str(output)) from error
    click.echo(f"{output}: {len(data)} bytes")


def _evaluated(
    path: Path, frameworks: tuple[str, ...], at: str | None
) -> tuple[MemoryStore, tuple[FrameworkStatus, ...]]:
    from syndic.adapters.memory import MemoryAudit, MemoryBus
    from syndic.cli.law.local_evidence import load_evidence
    from syndic.compliance.definitions.load import built_in, load_framework
    from syndic.compliance.evaluation.evaluate import evaluate_model

    now = _moment(at)
    shipped = built_in()
    chosen = []
    for name in frameworks:
        if name in shipped:
            chosen.append(shipped[name])
        elif name.endswith((".yaml", ".yml")):
            chosen.append(load_framework(_read(Path(name)), where=name))
        else:
            raise InvalidInputError(f"no framework {name!r}; there are: {', '.join(shipped)}", where="--framework")
    store, models = load_evidence(path)
    audit, bus = MemoryAudit(), MemoryBus()  # files have no trail: a checkpoint of this moment would vouch for nothing
    statuses = [
        status
        for model_id in models
        for status in evaluate_model(
            model_id, store=store, audit=audit, bus=bus, now=now, frameworks=chosen or tuple(shipped.values())
        )
    ]
    return store, tuple(statuses)


def _tables(statuses: tuple[FrameworkStatus, ...], *, show_all: bool) -> str:
    from syndic.assessment import State
    from syndic.reports.content.wording import met_of_applicable

    quiet = {State.MET, State.NOT_APPLICABLE, State.NOT_YET_IN_FORCE}
    parts = _screening(statuses)
    for status in statuses:
        if status.scope is not None and not status.scope.applies:
            if status.scope.applies is False or show_all:
                parts += [f"{status.model_name}: {status.framework_title}: {status.scope.reason}", ""]
            continue
        rows = [
            [item.requirement_id, item.state.word, _reason(item)]
            for item in status.requirements
            if show_all or (item.state not in quiet and not item.waits_for)
        ]
        others = ", ".join(f"{count} {State(name).word}" for name, count in status.counts.items() if count)
        parts.append(f"{status.model_name}: {status.framework_title}, {met_of_applicable([status])} applicable met")
        parts.append(f"  {others}")
        waiting = sum(bool(item.waits_for) for item in status.requirements)
        if waiting and not show_all:
            scope = "" if status.stands else " It is not known whether the framework asks anything of this model."
            parts.append(f"  {waiting} wait for the answers named first.{scope}")
        if rows:
            parts.append(table(["requirement", "state", "reason"], rows))
        parts.append("")
    return "\n".join(parts).rstrip()


def _screening(statuses: tuple[FrameworkStatus, ...]) -> list[str]:
    """What to answer first: what settles the most requirements of a model comes first."""
    counts: dict[str, Counter[str]] = {}
    for status in statuses:
        counts.setdefault(status.model_name, Counter()).update(status.screening)
    parts = []
    for model, waiting in counts.items():
        if waiting:
            parts.append(f"{model}: answer first")
            parts += [f"  {_asked(kind)}: says of {number} requirements whether they apply" for kind, number in
                      sorted(waiting.items(), key=lambda it: (-it[1], it[0]))]  # fmt: skip
            parts.append("")
    return parts


def _asked(kind: str) -> str:
    name = kind.removeprefix("classification.")
    return kind if name == kind else f"questionnaire {name}"


def _reason(item: RequirementState) -> str:
    """Why, and for what the evidence contradicts, what to do. What is missing is named by the reason itself."""
    from syndic.assessment import State

    return f"{item.reason} Remedy: {item.remedy}" if item.state is State.NOT_MET else item.reason


def _format_of(output: Path) -> str:
    endings = {".pdf": "pdf", ".html": "html", ".json": "json", ".csv": "csv"}
    found = endings.get(output.suffix.lower())
    if found is None:
        raise InvalidInputError("say which format with --format; the ending does not tell", where=str(output))
    return found


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InvalidInputError(f"cannot be read: {error.strerror}", where=str(path)) from error


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise InvalidInputError(
            f"{text!r} is no time such as 2026-11-21 or 2026-11-21T09:00:00Z", where="--at"
        ) from error
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
