"""``syndic trace`` and ``syndic shadow``: what is behind a prediction, and how a version does that only gets copies."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from syndic.cli.identity.keys import api_option, token_option
from syndic.cli.registry.places import open_client
from syndic.cli.shell.options import format_option
from syndic.errors import InvalidInputError


@click.command("trace")
@click.argument("model")
@click.argument("prediction", metavar="REQUEST|ROW")
@click.option(
    "--at", metavar="TIME", help="When it was made, to the hour (ISO 8601, UTC unless it says); left out: now."
)
@api_option
@token_option
@format_option
def trace(
    *, model: str, prediction: str, at: str | None, api: str | None, token_file: Path | None, output_format: str
) -> None:
    """Trace a prediction of MODEL (an id) to the version, run and data behind it, by its request's or row's id.

    The captured traffic of the hour and the two beside it is searched. What is not on record is listed as missing.
    """
    from syndic.cli.registry.text import say
    from syndic.cli.shell.tables import table

    when = _moment(at) if at else datetime.now(UTC)
    path = f"/lineage/models/{quote(model, safe='')}/predictions/{quote(prediction, safe='')}"
    found = open_client(api, token_file).get(path, at=when.isoformat())
    say(output_format, found, table(["what", "on record"], _traced(found)))


@click.command("shadow")
@click.argument("model")
@click.option("--hours", type=click.IntRange(1, 720), default=24, show_default=True, help="Up to now.")
@click.option("--variant", help="One that was a shadow before; left out: the one of now.")
@api_option
@token_option
@format_option
def shadow(
    *, model: str, hours: int, variant: str | None, api: str | None, token_file: Path | None, output_format: str
) -> None:
    """Say how far the version that gets copies of MODEL's requests (an id) agrees with what answered."""
    from syndic.cli.registry.text import say
    from syndic.cli.shell.tables import figure, table

    path = f"/models/{quote(model, safe='')}/gateway/shadow"
    found = open_client(api, token_file).get(path, hours=hours, variant=variant)
    agreement = found["agreement"]
    same = "-" if agreement is None else (
        f"{agreement['share']:.1%} of {found['rows']} rows ({agreement['lower']:.1%} to {agreement['upper']:.1%})"
    )  # fmt: skip
    rows = [
        ["version", f"{found['version'] or '-'} ({found['variant']}), {'now' if found['active'] else 'no more'}"],
        ["copies", f"{found['copies']}, of which {found['failed']} failed and {found['refused']} were refused"],
        ["same decision", same],
        ["mean difference", figure(found["mean_difference"])],
        ["distance of scores", figure(found["distance"])],
    ]
    say(output_format, found, table(["shadow", found["model_id"]], rows))


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInputError("expected a time such as 2026-11-30T09:00:00Z", where="--at") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _traced(found: dict[str, Any]) -> list[list[str]]:
    training = found["training"]
    told = {
        "prediction": found.get("prediction_id"),
        "request": found.get("request_id"),
        "made at": found.get("predicted_at"),
        "version": f"{found['version']} of {found['model_name']} ({found['model_id']})",
        "run": found.get("run_id"),
        "commit": found.get("commit"),
        "data set (SHA-256)": training.get("dataset_sha256"),
        "rows, features": f"{training.get('rows') or '-'}, {training.get('features') or '-'}",
        "parameters": _listed(found["hyperparameters"]),
        "metrics": _listed(found["metrics"]),
        "artefacts": ", ".join(one["name"] for one in found["artefacts"]),
        "approvals": "; ".join(f"{one['target']} by {', '.join(one['by'])}" for one in found["approvals"]),
    }
    return [[name, str(value)] for name, value in told.items() if value] + [["missing", gap] for gap in found["gaps"]]


def _listed(values: dict[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())
