"""The commands, by name: where each is written and what it does in one line.

A command's module is imported only when the command runs or its own help is asked for. To add one, add a line.
"""

from __future__ import annotations

from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from typing import NamedTuple

import click

from syndic.cli.shell.examples import with_example


class Entry(NamedTuple):
    """Where a command lives: ``module:attribute``, and its line in the list of commands."""

    target: str
    summary: str


COMMANDS: dict[str, Entry] = {
    "drift": Entry("syndic.cli.checks.drift:command", "Compare current data with a baseline, feature by feature."),
    "baseline": Entry("syndic.cli.checks.baseline:command", "Summarise the rows that later windows are compared with."),
    "quality": Entry("syndic.cli.checks.quality:command", "Say what is wrong with current data, beside a baseline."),
    "performance": Entry(
        "syndic.cli.checks.performance:command", "Say how good a model is where labels have not come."
    ),
    "bias": Entry("syndic.cli.checks.bias:command", "Compare a model's outcomes between groups of people."),
    "compliance": Entry(
        "syndic.cli.law.compliance:command", "Evaluate evidence by the EU AI Act, GDPR, SOC 2 and others."
    ),
    "audit": Entry(
        "syndic.cli.audit:command", "Export the audit trail; verify exports, proofs and evidence packages offline."
    ),
    "models": Entry("syndic.cli.models.commands:command", "Register, describe, approve, promote and roll back models."),
    "alerts": Entry("syndic.cli.alerting.commands:command", "List, acknowledge, assign, snooze and resolve alerts."),
    "requests": Entry("syndic.cli.registers.requests:command", "Record requests of persons and answer them in time."),
    "records": Entry("syndic.cli.registers.records:command", "Keep and export the record of processing (Art. 30)."),
    "erase": Entry("syndic.cli.registers.erase:command", "Plan and do erasures of captured rows in your stores."),
    "training": Entry("syndic.cli.registers.training:command", "Record trainings, and who is assigned to what."),
    "policies": Entry("syndic.cli.registers.policies:command", "Write, put in force, read and review policies."),
    "calendar": Entry("syndic.cli.registers.calendar:command", "Say what is due of whom, also for a calendar."),
    "incidents": Entry("syndic.cli.registers.incidents:command", "Open, assess, report and close incidents."),
    "risks": Entry("syndic.cli.registers.risks:command", "Keep the risk register and make the file of Art. 9."),
    "systems": Entry("syndic.cli.registers.systems:command", "Keep AI systems that are no endpoint in the inventory."),
    "vendors": Entry("syndic.cli.registers.vendors:command", "Keep vendors, their agreements and their answers."),
    "plan": Entry("syndic.cli.registers.plan:command", "Draft, approve and follow a monitoring plan."),
    "conformity": Entry("syndic.cli.registers.conformity:command", "Assess conformity, decide on versions, register."),
    "versions": Entry("syndic.cli.models.commands:versions_group", "Describe and list the versions of a model."),
    "checks": Entry("syndic.cli.work.checks:command", "Have a model checked now, and wait for what is found."),
    "reports": Entry("syndic.cli.work.reports:command", "Have reports made and download them."),
    "gate": Entry("syndic.cli.models.gate:command", "Judge in a pipeline whether a version may go to production."),
    "onboard": Entry("syndic.cli.work.onboard:command", "Propose and apply what found models need to be checked."),
    "apply": Entry(
        "syndic.cli.deployment.apply:command", "Apply configuration files to a deployment, or show what they change."
    ),
    "sign-in": Entry("syndic.cli.deployment.sign_in:command", "Sign in to a deployment and print a token for its API."),
    "login": Entry("syndic.cli.deployment.sign_in:command", "The same as sign-in."),
    "retention": Entry("syndic.cli.work.retention:command", "Say for how long results of checks are kept."),
    "keys": Entry("syndic.cli.identity.keys:command", "Make, list and revoke keys of programs."),
    "exchange": Entry("syndic.cli.identity.exchange:command", "Exchange a pipeline's own token for a key."),
    "users": Entry("syndic.cli.identity.users:command", "Invite people, give roles, disable and delete."),
    "serve": Entry(
        "syndic.cli.serving.command:command", "Serve predictions of a governed model from a server of your own."
    ),
    "trace": Entry("syndic.cli.work.predictions:trace", "Trace a prediction to the version, run and data behind it."),
    "shadow": Entry(
        "syndic.cli.work.predictions:shadow", "Compare a version that gets copies with the one that answers."
    ),
    "doctor": Entry("syndic.cli.deployment.doctor:command", "Look for what would stop a deployment, before it begins."),
    "verify-deployment": Entry("syndic.cli.deployment.verify:command", "Look whether a deployed stack works."),
    "import": Entry("syndic.cli.models.importing:command", "Import models and versions from MLflow."),
    "completion": Entry("syndic.cli.shell.completion:command", "Print what a shell needs to complete commands."),
}


class SuggestingGroup(click.Group):
    """A group that answers a mistyped command with the nearest one, as options are."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The command that is asked for."""
        near = get_close_matches(args[0], self.list_commands(ctx), n=1)
        if near and near[0] != args[0]:
            ctx.fail(f"No such command {args[0]!r}. Did you mean {near[0]!r}?")
        return super().resolve_command(ctx, args)


class LazyGroup(SuggestingGroup):
    """A group whose commands are imported when they are needed."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Names of the commands whose module is installed."""
        return [name for name, entry in COMMANDS.items() if find_spec(entry.target.partition(":")[0])]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module, _, attribute = COMMANDS[cmd_name].target.partition(":")
        command = getattr(import_module(module), attribute)
        if not isinstance(command, click.Command):
            raise TypeError(f"{COMMANDS[cmd_name].target} is not a command")
        return with_example(command, cmd_name)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        rows = [(name, COMMANDS[name].summary) for name in self.list_commands(ctx)]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)
