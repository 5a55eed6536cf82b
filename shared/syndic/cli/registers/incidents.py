"""``syndic incidents``: open and follow incidents, say who was told, and draft what is to be sent."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any, Final

import click

from syndic.cli.registers.asking import clock_lines, deployed, due_of, listing, past, print_page
from syndic.cli.registry.places import open_client
from syndic.cli.shell.commands import SuggestingGroup

ROLES: Final = ("provider", "deployer", "controller", "processor")
SOURCES: Final = ("alert", "person", "customer", "deployer", "authority", "other")
STATES: Final = ("assessing", "reportable", "investigating", "closed")
HARMS: Final = ("death", "health", "infrastructure", "fundamental_rights", "property_or_environment")
LINKS: Final = ("unknown", "suspected", "likely", "established", "excluded")
RECIPIENTS: Final = (
    "market_surveillance_authority", "ai_office", "data_protection_authority", "provider", "deployer", "importer",
    "distributor", "controller", "affected_persons",
)  # fmt: skip
STAGES: Final = ("initial", "follow_up", "final")
incident_argument = click.argument("incident", metavar="ID")
yes_or_no = click.Choice(["yes", "no", "unknown"])


@click.group("incidents", cls=SuggestingGroup)
def command() -> None:
    """Open, assess, report and close incidents; every clock is shown."""


@command.command("open")
@click.option("--title", required=True, help="What happened, in a line; no person's name.")
@click.option("--owner", required=True, metavar="PERSON", help="Who answers for it.")
@click.option("--source", type=click.Choice(SOURCES), default="person", show_default=True)
@click.option("--role", "roles", type=click.Choice(ROLES), multiple=True, required=True, help="What you are in it.")
@click.option("--model", "models", metavar="ID", multiple=True, help="Repeatable.")
@click.option("--alert", "alerts", metavar="ID", multiple=True, help="Its model is added; repeatable.")
@click.option("--aware", "aware_at", type=past, metavar="TIME", help="When you became aware; left out: now.")
@click.option("--occurred", "occurred_at", type=past, metavar="TIME")
@click.option("--reference", "source_reference", default="", help="Such as the customer's ticket.")
@click.option("--description", default="")
@deployed
def open_one(
    *, title: str, owner: str, source: str, roles: tuple[str, ...], models: tuple[str, ...], alerts: tuple[str, ...],
    aware_at: datetime | None, occurred_at: datetime | None, source_reference: str, description: str,
    api: str | None, token_file: Path | None, output_format: str,
) -> int:  # fmt: skip
    """Open an incident: the state of its models is taken down, and the clocks run."""
    body = {
        "title": title, "owner": owner, "source": source, "roles": list(roles), "model_ids": list(models),
        "alert_ids": list(alerts), "source_reference": source_reference, "description": description,
        "aware_at": None if aware_at is None else aware_at.isoformat(),
        "occurred_at": None if occurred_at is None else occurred_at.isoformat(),
    }  # fmt: skip
    return _say(open_client(api, token_file).send("POST", "/incidents", body), output_format)


@command.command("list")
@listing(states=STATES)
@deployed
def show_all(*, api: str | None, token_file: Path | None, output_format: str, **query: Any) -> int:
    """List incidents, what is due first before."""
    page = open_client(api, token_file).get("/incidents", **query)
    rows = ([one["id"], one["state"], due_of(one), one["owner"], one["title"]] for one in page["incidents"])
    print_page(output_format, page, rows, ("id", "state", "due", "owner", "what"), "no incidents")
    return 0


@command.command("show")
@incident_argument
@deployed
def show(*, incident: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Show an incident: its clocks, who was told, measures, and what may be done next."""
    return _say(open_client(api, token_file).get(f"/incidents/{incident}"), output_format)


@command.command("assess")
@incident_argument
@click.option("--serious", type=yes_or_no, required=True, help="A serious incident by Art. 3(49) of the AI Act.")
@click.option("--harm", "harms", type=click.Choice(HARMS), multiple=True, help="What makes it serious; repeatable.")
@click.option("--breach", type=yes_or_no, required=True, help="A breach of personal data.")
@click.option("--risk", type=click.Choice(["unknown", "unlikely", "risk", "high"]), default="unknown")
@click.option(
    "--use-risk", type=yes_or_no, help="Its use presents a risk (AI Act Art. 79(1)), serious incident or not."
)
@click.option("--link", type=click.Choice(LINKS), help="Whether the system caused it; left out: as it was decided.")
@click.option("--linked", "linked_at", type=past, metavar="TIME", help="Since when the link is suspected or known.")
@click.option("--reason", default="", help="Why it is not serious, not a breach, or a risk unlikely.")
@deployed
def assess(
    *, incident: str, serious: str, harms: tuple[str, ...], breach: str, risk: str, use_risk: str | None,
    link: str | None, linked_at: datetime | None, reason: str, api: str | None, token_file: Path | None,
    output_format: str,
) -> int:  # fmt: skip
    """Decide what an incident is; what was decided of it otherwise stays. What is unknown keeps its clock running."""
    client = open_client(api, token_file)
    decided = dict(client.get(f"/incidents/{incident}")["assessment"])
    answers = {"yes": True, "no": False, "unknown": None}
    decided |= {"serious": answers[serious], "personal_data_breach": answers[breach], "breach_risk": risk}
    if use_risk is not None:
        decided["presents_risk"] = answers[use_risk]
    given = {
        "harms": list(harms), "causal_link": link, "causal_link_at": linked_at and linked_at.isoformat(),
        "serious_reason": reason if serious == "no" else "", "breach_reason": reason if breach == "no" else "",
        "breach_risk_reason": reason if risk == "unlikely" else "",
    }  # fmt: skip
    decided |= {name: value for name, value in given.items() if value}
    return _say(client.send("PUT", f"/incidents/{incident}/assessment", decided), output_format)


@command.command("report")
@incident_argument
@click.option("--to", "recipient", type=click.Choice(RECIPIENTS), required=True)
@click.option("--stage", type=click.Choice(STAGES), default="initial", show_default=True)
@click.option("--sent", "sent_at", type=past, metavar="TIME", help="When it was sent: it is put on record.")
@click.option("--reference", default="", help="The recipient's own number.")
@click.option("--late-because", default="", help="Why it is late, where it is.")
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="FILE", help="Keep the draft there.")
@deployed
def report(
    *, incident: str, recipient: str, stage: str, sent_at: datetime | None, reference: str, late_because: str,
    output: Path | None, api: str | None, token_file: Path | None, output_format: str,
) -> int:  # fmt: skip
    """Draft a report; with --sent, put on record that it was sent, which ends its clock."""
    from syndic.cli.registry.text import say

    client = open_client(api, token_file)
    if sent_at is not None:
        body = {
            "recipient": recipient, "stage": stage, "sent_at": sent_at.isoformat(), "reference": reference,
            "late_because": late_because,
        }  # fmt: skip
        return _say(client.send("POST", f"/incidents/{incident}/reports", body), output_format)
    found = client.get(f"/incidents/{incident}/drafts/{recipient}", stage=stage)
    if output is not None:
        output.write_text(found["markdown"], "utf-8")
        click.echo(f"{output}: {len(found['draft']['unknown'])} fields are not known yet", err=True)
        return 0
    say(output_format, found["draft"], found["markdown"].rstrip())
    return 0


@command.command("measure")
@incident_argument
@click.option("--kind", type=click.Choice(["containment", "corrective", "preventive"]), default="corrective")
@click.option("--title", required=True)
@click.option("--owner", required=True, metavar="PERSON")
@click.option("--due", type=click.DateTime(["%Y-%m-%d"]), required=True, metavar="DAY")
@deployed
def measure(
    *, incident: str, kind: str, title: str, owner: str, due: datetime, api: str | None, token_file: Path | None,
    output_format: str,
) -> int:  # fmt: skip
    """Record what is to be done, by whom and when."""
    body = {"kind": kind, "title": title, "owner": owner, "due": due.date().isoformat()}
    return _say(open_client(api, token_file).send("POST", f"/incidents/{incident}/measures", body), output_format)


@command.command("done")
@incident_argument
@click.argument("measure_id", metavar="MEASURE")
@deployed
def done(*, incident: str, measure_id: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Say that a measure is done."""
    path = f"/incidents/{incident}/measures/{measure_id}"
    return _say(open_client(api, token_file).send("PATCH", path, {"done": True}), output_format)


@command.command("close")
@incident_argument
@click.option("--root-cause", required=True, help="What caused it.")
@click.option("--conclusion", required=True, help="What was found, and what follows from it.")
@deployed
def close(
    *, incident: str, root_cause: str, conclusion: str, api: str | None, token_file: Path | None, output_format: str
) -> int:
    """Close an incident; refused with all that is still owed, undecided or to be done."""
    client = open_client(api, token_file)
    client.send("PATCH", f"/incidents/{incident}", {"root_cause": root_cause})
    return _say(client.send("POST", f"/incidents/{incident}/close", {"conclusion": conclusion}), output_format)


@command.command("reopen")
@incident_argument
@click.option("--reason", required=True)
@deployed
def reopen(*, incident: str, reason: str, api: str | None, token_file: Path | None, output_format: str) -> int:
    """Open a closed incident again."""
    found = open_client(api, token_file).send("POST", f"/incidents/{incident}/reopen", {"reason": reason})
    return _say(found, output_format)


def _say(incident: dict[str, Any], form: str) -> int:
    from syndic.cli.registry.text import say

    lines = [
        f"{incident['id']}  {incident['title']}",
        f"  state:    {incident['state']}; owner {incident['owner']}; known since {incident['aware_at'][:16]} UTC",
        f"  models:   {', '.join(incident['model_ids']) or '-'}",
        *clock_lines(incident),
        *(f"  told:     {one['sent_at'][:16]}  {one['recipient']}, {one['stage']}" for one in incident["reports"]),
        *(f"  measure:  {one['id']}  {one['title']}, {one['owner']}, {one['due']}" for one in incident["measures"]),
        *(f"  altered:  {one}" for one in incident["altered"]),
    ]
    say(form, incident, "\n".join(lines))
    return 0
