"""``syndic models``: ask for approval, approve, reject, and see who decided what."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from syndic.cli.registry.places import EPILOG, place_options
from syndic.cli.shell.options import format_option

if TYPE_CHECKING:
    from syndic.cli.registry.verbs import Registry


@click.command("request", epilog=EPILOG)
@click.argument("model")
@click.argument("version")
@click.option("--stage", type=click.Choice(["staging", "production"]), default="production", show_default=True)
@place_options(writes=True)
@format_option
def request(*, model: str, version: str, stage: str, registry: Registry, output_format: str) -> None:
    """Ask for approval that VERSION of MODEL reaches a stage. While such a request stands it is given again."""
    from syndic.cli.registry.text import request_text, say
    from syndic.cli.registry.verbs import find
    from syndic.registry.models import Stage

    asked = registry.request_approval(find(registry, model).id, version, Stage(stage))
    say(output_format, asked, request_text(asked))


@click.command("approve", epilog=EPILOG)
@click.argument("model")
@click.option("--request", "request_id", metavar="ID", help="Left out: the only one that waits for votes.")
@click.option("--role", required=True, help="In which you decide, such as ml_engineer or product_owner.")
@click.option("--comment", metavar="TEXT", required=True, help="What you looked at; it is kept.")
@place_options(writes=True)
@format_option
def approve(
    *, model: str, request_id: str | None, role: str, comment: str, registry: Registry, output_format: str
) -> None:
    """Approve a request on MODEL. Nobody decides on their own request, and nobody twice."""
    _vote(model, request_id, role, "approve", comment, registry=registry, output_format=output_format)


@click.command("reject", epilog=EPILOG)
@click.argument("model")
@click.option("--request", "request_id", metavar="ID", help="Left out: the only one that waits for votes.")
@click.option("--role", required=True, help="In which you decide, such as ml_engineer or product_owner.")
@click.option("--comment", metavar="TEXT", required=True, help="Why; it is kept.")
@place_options(writes=True)
@format_option
def reject(
    *, model: str, request_id: str | None, role: str, comment: str, registry: Registry, output_format: str
) -> None:
    """Reject a request on MODEL. One rejection ends it."""
    _vote(model, request_id, role, "reject", comment, registry=registry, output_format=output_format)


@click.command("approvals", short_help="List the approval requests of MODEL.", epilog=EPILOG)
@click.argument("model")
@click.option("--limit", type=click.IntRange(1, 100), default=50, show_default=True, help="Most requests in one page.")
@click.option("--token", metavar="TOKEN", help="Go on where the page before ended.")
@place_options(writes=False)
@format_option
def approvals(*, model: str, limit: int, token: str | None, registry: Registry, output_format: str) -> None:
    """List the approval requests of MODEL as they stand now, newest first."""
    from syndic.cli.registry.text import requests_table, say
    from syndic.cli.registry.verbs import find

    page = registry.requests(find(registry, model).id, limit=limit, token=token)
    say(output_format, page, requests_table(page.requests, page.next_token))


def _vote(
    model: str,
    request_id: str | None,
    role: str,
    decision: str,
    comment: str,
    *,
    registry: Registry,
    output_format: str,
) -> None:
    from syndic.cli.registry.text import request_text, say
    from syndic.cli.registry.verbs import find, pending_request
    from syndic.errors import InvalidInputError
    from syndic.registry.models import Decision

    if not 3 <= len(comment.strip()) <= 2000:
        raise InvalidInputError("say in 3 to 2000 characters what you decided on", where="--comment")
    identity = find(registry, model).id
    asked = request_id or pending_request(registry, identity)
    decided = registry.vote(identity, asked, role, Decision(decision), comment)
    say(output_format, decided, request_text(decided))


COMMANDS: Final = (request, approve, reject, approvals)
