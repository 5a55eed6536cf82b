"""``syndic alerts``: list and show alerts, and say what people do about them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import quote

import click

from syndic.cli.alerting import quiet
from syndic.cli.alerting.times import moment
from syndic.cli.registry.places import open_client
from syndic.cli.shell.commands import SuggestingGroup
from syndic.cli.shell.options import format_option
from syndic.cli.shell.tables import table

Command = TypeVar("Command", bound=Callable[..., Any])
EPILOG: Final = "Example: syndic alerts ack credit-3f9a11.drift --note 'known, the dealer changed its prices'"


def deployed(command: Command) -> Command:
    """The options of every command that asks a deployment."""
    token = click.option("--token-file", type=click.Path(path_type=Path), metavar="FILE", help="File of the ID token.")
    return format_option(token(click.option("--api", metavar="URL", help="Address of the deployed API.")(command)))


note_option = click.option("--note", default="", help="Kept on the alert, with your name.")
ids = click.argument("alerts", nargs=-1, required=True, metavar="ALERT...")


@click.group("alerts", cls=SuggestingGroup, epilog=EPILOG)
def command() -> None:
    """List alerts, and acknowledge, assign, snooze or resolve them."""


@command.command("list", epilog="Example: syndic alerts list --state open --model credit-3f9a11")
@click.option("--state", type=click.Choice(["open", "acknowledged", "snoozed", "resolved"]))
@click.option("--severity", type=click.Choice(["critical", "high", "medium", "low"]))
@click.option("--model", metavar="ID", help="Only alerts of this model.")
@click.option("--limit", type=click.IntRange(1, 100), default=50, show_default=True)
@click.option("--token", metavar="TOKEN", help="From the page before.")
@deployed
def show_all(
    *, state: str | None, severity: str | None, model: str | None, limit: int, token: str | None, api: str | None,
    token_file: Path | None, output_format: str,
) -> int:  # fmt: skip
    """List alerts, the worst first."""
    from syndic.cli.registry.text import say

    page = open_client(api, token_file).get(
        "/alerts", state=state, severity=severity, model_id=model, limit=limit, token=token
    )
    rows = [
        [one["id"], one["severity"], one["state"], one["assignee"] or "-", str(one["findings"]), one["title"]]
        for one in page["alerts"]
    ]
    shown = table(["id", "severity", "state", "assignee", "findings", "what"], rows) if rows else "no alerts"
    more = "" if page["next_token"] is None else f"\nMore follow: --token {page['next_token']}"
    say(output_format, page, shown + more)
    return 0


@command.command("show", epilog="Example: syndic alerts show credit-3f9a11.drift")
@click.argument("alert")
@deployed
def show(*, alert: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Show an alert: its findings, since when it is how bad, and what people did."""
    from syndic.cli.registry.text import say

    found = open_client(api, token_file).get(f"/alerts/{quote(alert, safe='')}")
    say(output_format, found, "\n".join(_lines(found)))
    return 0


def _lines(alert: dict[str, Any]) -> list[str]:
    quiet = f" until {alert['snoozed_until']}" if alert["snoozed_until"] else ""
    lines = [
        f"{alert['severity'].upper()}  {alert['title']}",
        f"  state:    {alert['state']}{quiet}{', recovering' if alert['recovering'] else ''}",
        f"  assignee: {alert['assignee'] or 'nobody'}; owner: {alert['owner'] or 'nobody'}",
        f"  since:    {alert['first_seen']}, in {alert['windows_seen']} windows, up to {alert['last_seen']}",
        f"  why:      {alert['reason']}",
        f"  to do:    {alert['remedy']}",
        f"  findings: {alert['findings']}",
    ]
    for one in alert["members"]:
        value = "" if one["value"] is None else f", {one['measure'] or 'value'} {one['value']:.4g}"
        lines.append(f"    {one['severity']:<8}  {one['subject']}{value}")
    lines += [f"  {one['since']}  {one['severity']}" for one in alert["history"]]
    for one in alert["actions"]:
        more = "".join(f" {name} {one[name]}" for name in ("assignee", "until") if one[name])
        lines.append(f"  {one['at']}  {one['by']}: {one['action']}{more}{': ' if one['note'] else ''}{one['note']}")
    return lines


@command.command("ack", epilog=EPILOG)
@ids
@note_option
@deployed
def ack(*, alerts: tuple[str, ...], note: str, **place: Any) -> int:
    """Say that you have seen alerts: they stay quiet until they get worse or are resolved."""
    return _change(alerts, {"action": "acknowledge", "note": note}, **place)


@command.command("assign", epilog="Example: syndic alerts assign credit-3f9a11.drift --to ana@example.org")
@ids
@click.option("--to", "assignee", required=True, metavar="PERSON", help="Who cares for them from now on.")
@note_option
@deployed
def assign(*, alerts: tuple[str, ...], assignee: str, note: str, **place: Any) -> int:
    """Say who cares for alerts."""
    return _change(alerts, {"action": "assign", "assignee": assignee, "note": note}, **place)


@command.command("snooze", epilog="Example: syndic alerts snooze credit-3f9a11.drift --for 3d")
@ids
@click.option("--for", "until", type=moment, required=True, metavar="TIME", help="Such as 4h or 3d, or a time.")
@note_option
@deployed
def snooze(*, alerts: tuple[str, ...], until: datetime, note: str, **place: Any) -> int:
    """Keep alerts quiet until a time, or until they get worse."""
    return _change(alerts, {"action": "snooze", "until": until.isoformat(), "note": note}, **place)


@command.command("resolve", epilog="Example: syndic alerts resolve credit-3f9a11.bias --reason 'justified, see DPIA 7'")
@ids
@click.option("--reason", "note", required=True, help="Why they are over, though the data do not show it.")
@deployed
def resolve(*, alerts: tuple[str, ...], note: str, **place: Any) -> int:
    """Close alerts for a reason. Newer data that show the trouble open them again."""
    return _change(alerts, {"action": "resolve", "note": note}, **place)


@command.command("reopen", epilog="Example: syndic alerts reopen credit-3f9a11.bias")
@ids
@note_option
@deployed
def reopen(*, alerts: tuple[str, ...], note: str, **place: Any) -> int:
    """Open alerts again that somebody acknowledged, snoozed or resolved."""
    return _change(alerts, {"action": "reopen", "note": note}, **place)


@command.command("comment", epilog="Example: syndic alerts comment credit-3f9a11.drift 'asked the dealer'")
@click.argument("alert")
@click.argument("text")
@deployed
def comment(*, alert: str, text: str, **place: Any) -> int:
    """Say something about an alert."""
    return _change((alert,), {"action": "comment", "note": text}, **place)


@command.command("silence", epilog="Example: syndic alerts silence 'model=credit-3f9a11' --for 4h --comment 'moving'")
@click.argument("matchers", nargs=-1, metavar="[MATCHER...]")
@click.option("--for", "until", type=moment, metavar="TIME", help="Such as 4h or 3d, or a time.")
@click.option("--comment", help="Why.")
@click.option("--end", metavar="ID", help="End this silence now.")
@deployed
def silence(
    *, matchers: tuple[str, ...], until: datetime | None, comment: str | None, end: str | None, **place: Any
) -> int:
    """Keep alerts that match quiet for a time; without matchers, list the silences."""
    return quiet.silence(matchers=matchers, until=until, comment=comment, end=end, **place)


@command.command("test", epilog="Example: syndic alerts test on-call")
@click.argument("receiver")
@deployed
def try_receiver(*, receiver: str, **place: Any) -> int:
    """Send a receiver a test message, and say what became of it."""
    return quiet.try_receiver(receiver=receiver, **place)


@command.command("routes", epilog="Example: syndic alerts routes --file config/alerting.yaml")
@click.option(
    "--file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A routing to try; else the one in force.",
)
@deployed
def try_routes(*, file: Path | None, **place: Any) -> int:
    """Say what a routing would have told in the past 30 days. Nothing is sent or changed."""
    return quiet.try_routes(file=file, **place)


@command.command("rules", epilog="Example: syndic alerts rules --file config/alerting.yaml")
@click.option(
    "--file",
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="A file with `alert_rules` to try; else those in force.",
)
@deployed
def try_rules(*, file: Path | None, **place: Any) -> int:
    """Say what rules would have raised and told in the past 30 days. Nothing is sent or changed."""
    return quiet.try_rules(file=file, **place)


def _change(
    alerts: tuple[str, ...], change: dict[str, Any], *, api: str | None, token_file: Path | None, output_format: str
) -> int:
    from syndic.cli.registry.text import say

    client = open_client(api, token_file)
    answer = client.send("POST", "/alerts/changes", {"alerts": list(alerts), **change})
    lines = [f"{one['id']}: {one['problem'] or one['alert']['state']}" for one in answer["alerts"]]
    say(output_format, answer, "\n".join(lines))
    return 1 if any(one["problem"] for one in answer["alerts"]) else 0
