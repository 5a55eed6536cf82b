"""``syndic models``: the steps of both lives of a model, and the policy it is under."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import click

from syndic.cli.registry.places import EPILOG, place_options
from syndic.cli.shell.options import format_option
from syndic.cli.shell.outcomes import code_of

if TYPE_CHECKING:
    from syndic.cli.registry.verbs import Registry


def _reason(_context: click.Context, _parameter: click.Parameter, value: str) -> str:
    if not 10 <= len(value.strip()) <= 2000:
        raise click.BadParameter("give the reason in 10 to 2000 characters: it stays in the audit trail")
    return value


reason_option = click.option("--reason", metavar="TEXT", required=True, callback=_reason, help="Why; it is kept.")


@click.command("promote", epilog=EPILOG)
@click.argument("model")
@click.argument("version")
@click.option(
    "--stage",
    type=click.Choice(["development", "staging", "production", "archived"]),
    required=True,
    help="One legal step on from where the version is.",
)
@reason_option
@place_options(writes=True)
@format_option
def promote(*, model: str, version: str, stage: str, reason: str, registry: Registry, output_format: str) -> int:
    """Move VERSION of MODEL one step. To staging and production only through the gate.

    Exit code 0: it moved. 1: the gate refused; each unmet condition is on a line. 2: no such step, or bad input.
    3: the registry does not answer.
    """
    from syndic.cli.registry.text import gate_json, gate_lines, say, stages_text
    from syndic.cli.registry.verbs import find
    from syndic.registry.models import Stage
    from syndic.registry.promotion.promote import GateRefusedError

    try:
        stages = registry.promote(find(registry, model).id, version, Stage(stage), reason)
    except GateRefusedError as refused:
        say(output_format, gate_json(refused.result), "\n".join(gate_lines(refused.result)))
        return code_of("gate", ["refused"])
    say(output_format, stages, stages_text(stages))
    return code_of("gate", ["passed"])


@click.command("rollback", short_help="Return production of MODEL to an earlier version.", epilog=EPILOG)
@click.argument("model")
@click.option("--to", metavar="VERSION", help="Left out: the one that was in production before.")
@reason_option
@place_options(writes=True)
@format_option
def rollback(*, model: str, to: str | None, reason: str, registry: Registry, output_format: str) -> None:
    """Return production of MODEL to an earlier version that has been there."""
    from syndic.cli.registry.text import say, stages_text
    from syndic.cli.registry.verbs import find

    stages = registry.roll_back(find(registry, model).id, to, reason)
    say(output_format, stages, stages_text(stages))


@click.command("waive", short_help="Record why a CONDITION of the gate is waived.", epilog=EPILOG)
@click.argument("model")
@click.argument("version")
@click.argument("condition")
@reason_option
@place_options(writes=True)
@format_option
def waive(*, model: str, version: str, condition: str, reason: str, registry: Registry, output_format: str) -> None:
    """Record why CONDITION of the gate (such as evidence:bias.run) need not hold for VERSION of MODEL.

    This withdraws approvals: they did not see the waiver. What protects people is never waived.
    """
    from syndic.cli.registry.text import say
    from syndic.cli.registry.verbs import find

    changed = registry.waive(find(registry, model).id, version, condition, reason)
    say(output_format, changed, f"waived {condition} for version {changed.version}; approvals given before are void")


@click.command("status", epilog=EPILOG)
@click.argument("model")
@click.argument("status", type=click.Choice(["draft", "under_review", "approved", "retired"]))
@reason_option
@place_options(writes=True)
@format_option
def status(*, model: str, status: str, reason: str, registry: Registry, output_format: str) -> None:
    """Move MODEL one step in its compliance life. Retired is final."""
    from syndic.cli.registry.text import say
    from syndic.cli.registry.verbs import find
    from syndic.models import ComplianceStatus

    changed = registry.change_status(find(registry, model).id, ComplianceStatus(status), reason)
    say(output_format, changed, f"{changed.id} is {changed.compliance_status}")


@click.command("risk", epilog=EPILOG)
@click.argument("model")
@click.argument("level", type=click.Choice(["minimal", "limited", "high", "unacceptable"]))
@reason_option
@click.option("--annex-iii-area", metavar="AREA", help="Area of Annex III of the AI Act, if one applies.")
@click.option("--profiles-people/--profiles-nobody", default=None, help="Whether it profiles natural persons.")
@place_options(writes=True)
@format_option
def risk(
    *,
    model: str,
    level: str,
    reason: str,
    annex_iii_area: str | None,
    profiles_people: bool | None,
    registry: Registry,
    output_format: str,
) -> None:
    """Decide on the risk LEVEL of MODEL, with the reason."""
    from syndic.cli.registry.text import say
    from syndic.cli.registry.verbs import find

    identity = find(registry, model).id
    decision = {
        "level": level,
        "reason": reason,
        "annex_iii_area": annex_iii_area,
        "profiles_people": profiles_people,
    }
    registry.decide_risk(identity, decision)
    say(output_format, {"model_id": identity, "risk": decision}, f"{identity}: {level} risk")


@click.command("policy", short_help="Show or set the approval policy of MODEL.", epilog=EPILOG)
@click.argument("model")
@click.argument("name", required=False)
@place_options(writes=True)
@format_option
def policy(*, model: str, name: str | None, registry: Registry, output_format: str) -> None:
    """Show the approval policy MODEL is under, or put it under the one called NAME (basic, moderate, strict, ...)."""
    from syndic.cli.registry.text import say
    from syndic.cli.registry.verbs import find

    identity = find(registry, model).id
    held = registry.policy(identity) if name is None else registry.choose_policy(identity, name)
    roles = f": {', '.join(held.roles)}" if held.roles else ""
    evidence = f"; fresh evidence: {', '.join(held.evidence)}" if held.evidence else ""
    say(output_format, held, f"{held.name}: {held.description} {held.approvers} approvers{roles}{evidence}")


COMMANDS: Final = (promote, rollback, waive, status, risk, policy)
