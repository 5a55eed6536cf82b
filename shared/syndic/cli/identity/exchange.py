"""``syndic exchange``: a pipeline's own token becomes a key of a quarter of an hour, so that it keeps no secret."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import click
import urllib3

from syndic.adapters.internet.proxies import pool_for
from syndic.cli.shell.settings import API, GITHUB_ADDRESS, read_cli_settings
from syndic.errors import InvalidInputError, UnavailableError

EPILOG = "Example: export SYNDIC_TOKEN=$(syndic exchange --audience syndic.example.org)"


@click.command("exchange", epilog=EPILOG)
@click.option("--audience", metavar="TEXT", help="Whom the token is for, as the issuer's rules say; on GitHub.")
@click.option(
    "--subject-token", "file", type=click.Path(path_type=Path), metavar="FILE",
    help="The pipeline's own token, where it is not GitHub's.",
)  # fmt: skip
@click.option("--api", metavar="URL", help="Address of the deployed API.")
def command(*, audience: str | None, file: Path | None, api: str | None) -> int:
    """Exchange the OpenID token of this pipeline for a key, and print it.

    On GitHub the job needs `permissions: id-token: write`. An admin says which tokens are taken: PUT /auth/issuers.
    """
    from syndic.adapters.internet.api_client import ApiClient

    address = api or read_cli_settings().api
    if address is None:
        raise InvalidInputError(f"where is the deployment? give --api URL or set {API}")
    token = file.read_text("ascii").strip() if file else _of_github(audience)
    made: dict[str, Any] = ApiClient(address, token=None).send("POST", "/auth/exchange", {"subject_token": token})
    click.echo(made["access_token"])
    return 0


def _of_github(audience: str | None) -> str:
    settings = read_cli_settings()
    address, permit = settings.github_address, settings.github_permit
    if not address or not permit:
        raise InvalidInputError(
            f"{GITHUB_ADDRESS} is not set: give the job `permissions: id-token: write`, or --subject-token"
        )
    if audience is None:
        raise InvalidInputError("say whom the token is for", where="--audience")
    sign = "&" if "?" in address else "?"
    try:
        answer = pool_for(address, timeout=20, retries=3).request(
            "GET", f"{address}{sign}audience={quote(audience, safe='')}", headers={"Authorization": f"bearer {permit}"}
        )
        token = answer.json().get("value") if answer.status == 200 else None
    except (urllib3.exceptions.HTTPError, ValueError) as error:
        raise UnavailableError("GitHub gave no token for this job") from error
    if not isinstance(token, str):
        raise UnavailableError(f"GitHub gave no token for this job ({answer.status})")
    return token
