"""What registry commands print for people, and the JSON beside it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import click
from pydantic import BaseModel

from syndic.cli.shell.tables import plain, table
from syndic.cli.shell.written import written
from syndic.models import RegisteredModel, to_json
from syndic.registry.approvals.rules import missing
from syndic.registry.models import ApprovalRequest, GateResult, ModelVersion, RequestState, Stage, Stages
from syndic.registry.sync.importer import ImportReport


def say(form: str, value: BaseModel | dict[str, Any], text: str) -> None:
    """Print a value as JSON or comma-separated, or its text."""
    click.echo(text if form == "table" else written(form, value))


def models_table(models: Sequence[RegisteredModel], next_token: str | None) -> str:
    """A page of models."""
    if not models and next_token is None:
        return "no models"
    rows = [
        [one.id, one.compliance_status.value, _risk(one), one.cloud.value, one.owner or "-", one.name] for one in models
    ]
    shown = table(["id", "status", "risk", "cloud", "owner", "name"], rows)
    return shown if next_token is None else f"{shown}\nMore follow: --token {next_token}"


def model_text(model: RegisteredModel, versions: Sequence[ModelVersion], stages: Stages) -> str:
    """A model with its versions."""
    risk = model.risk
    facts = {
        "name": model.name,
        "owner": model.owner,
        "cloud": model.cloud.value,
        "compliance status": model.compliance_status.value,
        "risk": "undecided" if risk is None else f"{risk.level.value}, decided by {risk.decided_by}: {risk.reason}",
        "description": model.description,
        "domain": model.domain,
        "intended purpose": model.intended_purpose,
        "limitations": model.limitations,
        "data sources": ", ".join(model.data_sources) or None,
        "oversight plan": model.oversight_plan,
        "registered": f"{model.registered_at:%Y-%m-%d %H:%M} UTC",
    }
    rows = [[name, value or "-"] for name, value in facts.items()]
    return f"{table([model.id, ''], rows)}\n\n{versions_table(versions, stages)}"


def versions_table(versions: Sequence[ModelVersion], stages: Stages) -> str:
    """Versions and where each stands."""
    if not versions:
        return "no versions"
    rows = [
        [
            one.version,
            stages.of.get(one.version, Stage.DEVELOPMENT).value,
            f"{one.created_at:%Y-%m-%d %H:%M}",
            one.created_by,
            ", ".join(
                f"{name} {value if isinstance(value, str) else format(value, '.4g')}"
                for name, value in sorted(one.metrics.items())
            )
            or "-",
        ]
        for one in versions
    ]
    return table(["version", "stage", "made (UTC)", "by", "metrics"], rows)


def stages_text(stages: Stages) -> str:
    """Which version is in production, and the last step."""
    last = stages.history[-1] if stages.history else None
    said = "" if last is None else f"version {last.version}: {last.source} -> {last.target} ({last.kind})\n"
    return f"{said}in production: {stages.production or 'none'}"


def gate_json(result: GateResult) -> dict[str, Any]:
    """A judgement with its outcome spelled out."""
    return {"passed": result.passed, "unmet": [one.name for one in result.unmet], **to_json(result)}


def gate_lines(result: GateResult) -> Iterator[str]:
    """One line for the judgement, one for each unmet condition and one for each waiver."""
    what = f"{result.model_id} version {result.version} to {result.target} (policy {result.policy})"
    count, unmet = len(result.conditions), len(result.unmet)
    yield (
        f"PASSED   {what}: {count} conditions met"
        if result.passed
        else (f"REFUSED  {what}: {unmet} of {count} conditions unmet")
    )
    for one in result.unmet:
        remedy = f"; remedy: {one.remedy}" if one.remedy else ""
        yield plain(f"  {one.name}: {one.reason}{remedy}")
    for one in result.conditions:
        if one.waived_by is not None:
            yield plain(f"  {one.name}: {one.reason}")


def request_text(request: ApprovalRequest) -> str:
    """An approval request and what it waits for."""
    what = f"request {request.id}: version {request.version} to {request.target} is {request.state}"
    if request.state is not RequestState.PENDING:
        return plain(f"{what}: {request.state_reason}")
    count, roles = missing(request)
    who = f" ({', '.join(roles)})" if roles else ""
    return plain(f"{what}; {count} more approvals{who}, until {request.expires_at:%Y-%m-%d %H:%M} UTC")


def requests_table(requests: Sequence[ApprovalRequest], next_token: str | None) -> str:
    """A page of approval requests."""
    if not requests:
        return "no approval requests"
    rows = [
        [
            one.id,
            one.version,
            one.target.value,
            one.state.value,
            one.requested_by,
            ", ".join(f"{vote.actor} ({vote.role}) {vote.decision}" for vote in one.votes) or "-",
        ]
        for one in requests
    ]
    shown = table(["request", "version", "to", "state", "asked by", "votes"], rows)
    return shown if next_token is None else f"{shown}\nMore follow: --token {next_token}"


def import_lines(report: ImportReport) -> Iterator[str]:
    """What an import did, and what it could not read."""
    yield plain(
        f"{report.source}: {len(report.models)} models; versions: {len(report.added)} added, "
        f"{len(report.changed)} changed, {report.unchanged} unchanged"
    )
    yield from (plain(f"  added    {label}") for label in report.added)
    yield from (plain(f"  changed  {label}") for label in report.changed)
    if report.unsound:
        yield f"Not imported, or not whole ({len(report.unsound)}):"
        yield from (plain(f"  {item.where}: {item.reason}") for item in report.unsound)


def _risk(model: RegisteredModel) -> str:
    return "undecided" if model.risk is None else model.risk.level.value
