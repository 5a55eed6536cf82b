"""`syndic serve`: predictions of a governed model from a server of one's own."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from syndic.errors import InvalidInputError

EXAMPLE = "Example: syndic serve car-loan-3fa2b1 --api https://syndic.example.org --backend-host 127.0.0.1:5001"


@click.command("serve", epilog=EXAMPLE)
@click.argument("model")
@click.option("--api", required=True, envvar="SYNDIC_API", help="Address of the deployment that governs the model.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8080, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--spool", default=".syndic-spool", show_default=True, type=click.Path(file_okay=False, path_type=Path),
    help="Folder in which records wait until the deployment has them.",
)  # fmt: skip
@click.option(
    "--backend-host", "hosts", multiple=True, metavar="HOST[:PORT]",
    help="A host of your own network that backends may be on, over http too. May be given several times.",
)  # fmt: skip
@click.option(
    "--model-folder", type=click.Path(exists=True, file_okay=False, path_type=Path),
    help="Folder in which linear models (skops files) lie that backends of the kind linear name.",
)  # fmt: skip
def command(  # noqa: PLR0917 - click gives every option by name
    model: str, api: str, host: str, port: int, spool: Path, hosts: tuple[str, ...], model_folder: Path | None
) -> None:
    """Serve predictions of MODEL, held to its signature, logged and traceable.

    The version that answers is the one that the deployment's registry has in the served stage; promotion and rollback
    switch it within 15 seconds. SYNDIC_TOKEN holds a key of the deployment (see: syndic keys).
    """
    try:
        import uvicorn

        from syndic.serving.application import application
    except ImportError:
        raise InvalidInputError("install syndic[serve] for this: FastAPI and uvicorn", where="serve") from None
    from syndic.cli.serving.parts import serving_parts

    gateway, close = serving_parts(
        model, api=api, token=os.environ.get("SYNDIC_TOKEN"), spool=spool, hosts=hosts, folder=model_folder,
        clock=lambda: datetime.now(UTC),
    )  # fmt: skip
    click.echo(f"Serving {model} at http://{host}:{port} (documentation: /docs)", err=True)
    try:
        uvicorn.run(application(gateway, model), host=host, port=port, log_level="warning")
    finally:
        close()
