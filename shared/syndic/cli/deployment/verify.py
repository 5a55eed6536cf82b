"""``syndic verify-deployment``: does what was deployed work?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from syndic.cli.deployment.answers import Answer, Look, good, look_at_all, told, unknown, wrong
from syndic.cli.shell.options import format_option
from syndic.errors import InvalidInputError, UnavailableError

if TYPE_CHECKING:
    from syndic.adapters.aws.inspection.account import AwsAccount
    from syndic.adapters.aws.inspection.deployment import AwsDeployment

SCHEDULES = {
    "Discovery": timedelta(hours=1),
    "Registries": timedelta(hours=1),
    "Compliance": timedelta(days=1),
    "Alerting": timedelta(minutes=5),
    "Rollouts": timedelta(minutes=5),
    "Audit": timedelta(minutes=1),
    "Mirror": timedelta(minutes=5),
}
"""How often each function is called; held equal to the infrastructure by a test."""

SLACK = timedelta(minutes=10)  # a schedule and its metric come late
DAY = timedelta(days=1)
POLICY = "content-security-policy"


@dataclass(frozen=True, slots=True)
class Deployed:
    """A stack's name and outputs."""

    stack: str
    outputs: Mapping[str, str]

    @property
    def region(self) -> str:
        """Where it is."""
        return self.outputs["UserPoolId"].partition("_")[0]

    @property
    def functions(self) -> dict[str, str]:
        """Physical names of the functions by concern."""
        return {
            name.removesuffix("Function"): value for name, value in self.outputs.items() if name.endswith("Function")
        }


@click.command("verify-deployment")
@click.option("--outputs", type=click.Path(path_type=Path), default=Path("build/outputs.json"), show_default=True,
              help="File written by `make deploy`.")  # fmt: skip
@format_option
def command(*, outputs: Path, output_format: str) -> int:
    """Look whether a deployed stack works, and say what to do. Nothing is changed.

    Exit code 0: all is good. 1: something is wrong. 2: the input is wrong. 3: something could not be
    found out yet.
    """
    from syndic.adapters.aws.inspection.account import AwsAccount
    from syndic.adapters.aws.inspection.deployment import AwsDeployment
    from syndic.cli.deployment.doctor import aws_clients

    deployed = read_outputs(outputs)
    clients, _ = aws_clients(deployed.region)
    seen = AwsDeployment(clients, deployed.stack, deployed.outputs)
    looks = deployment_looks(seen, AwsAccount(clients), deployed, now=datetime.now(UTC))
    text, code = told(look_at_all(looks), output_format)
    click.echo(text)
    return code


def read_outputs(path: Path) -> Deployed:
    """The stack of an outputs file. Raises `InvalidInputError` when it is none."""
    try:
        ((stack, outputs),) = json.loads(path.read_text("utf-8")).items()
        deployed = Deployed(stack, {str(name): str(value) for name, value in outputs.items()})
    except FileNotFoundError as error:
        raise InvalidInputError("there is no such file: run `make deploy` first", where=str(path)) from error
    except (ValueError, AttributeError) as error:
        raise InvalidInputError("it is not what `cdk deploy --outputs-file` writes", where=str(path)) from error
    for name in ("UserPoolId", "DashboardUrl", "TableName", "AlarmTopic", "CaptureBuckets", "MailFrom"):
        if name not in deployed.outputs:
            raise InvalidInputError(f"it has no output {name}: deploy this version first", where=str(path))
    return deployed


def deployment_looks(
    seen: AwsDeployment, account: AwsAccount, deployed: Deployed, *, now: datetime
) -> list[tuple[str, Look]]:
    """Everything of a stack, in the order in which it matters."""
    outputs = deployed.outputs
    return [
        ("dashboard", lambda: _pages(outputs["DashboardUrl"])),
        ("people", lambda: _people(seen, outputs["UserPoolId"])),
        ("schedules", lambda: _schedules(seen, deployed, now)),
        ("errors", lambda: _errors(seen, deployed, now)),
        ("permissions", lambda: _permissions(seen, deployed, now)),
        ("dead letters", lambda: _dead(seen)),
        ("captures", lambda: _captures(seen, outputs["CaptureBuckets"])),
        ("mail", lambda: _mail(account, outputs["MailFrom"])),
        ("alarms", lambda: _alarms(seen, outputs["AlarmTopic"])),
        ("protection", lambda: _protection(seen, outputs["TableName"])),
    ]


def _pages(url: str) -> Iterator[Answer]:
    page, api = fetch(url), fetch(f"{url}api/v1/health")
    if page[0] != 200:
        yield wrong("dashboard", f"{url} answers {page[0]}", "python -m demo.site --outputs build/outputs.json")
    elif "default-src 'none'" not in page[1].get(POLICY, ""):
        yield wrong("dashboard", f"{url} comes without its content security policy", "deploy again")
    else:
        yield good("dashboard", url)
    if api[0] != 200:
        yield wrong("api", f"{url}api/v1/health answers {api[0]}", "read the log group of the Api function")
    else:
        yield good("api", "answers")


def fetch(url: str) -> tuple[int, dict[str, str]]:
    """Status and headers of an address, names in small letters. Raises `UnavailableError` when nothing answers."""
    import urllib3

    try:
        answer = urllib3.request("GET", url, timeout=30, retries=2)
    except urllib3.exceptions.HTTPError as error:
        raise UnavailableError(f"{url} does not answer: {type(error).__name__}") from error
    return answer.status, {name.lower(): value for name, value in answer.headers.items()}


def _people(seen: AwsDeployment, pool: str) -> Iterator[Answer]:
    admins = seen.people("admin")
    if admins:
        yield good("people", f"{admins} in the group admin")
    else:
        do = f"aws cognito-idp admin-create-user --user-pool-id {pool} ..., docs/deploy.md, The first user"
        yield wrong("people", "nobody is in the group admin", do)


def _schedules(seen: AwsDeployment, deployed: Deployed, now: datetime) -> Iterator[Answer]:
    age = now - seen.created()
    for concern, every in SCHEDULES.items():
        function = deployed.functions.get(concern)
        if function is None:
            continue
        calls = seen.calls(function, since=now - every - SLACK, now=now)
        about = f"schedule {concern}"
        if calls:
            yield good(about, f"called {calls} times in the last {every + SLACK}")
        elif age < every + SLACK:
            yield unknown(about, f"the stack is younger than {every + SLACK}", "look again later")
        else:
            do = "aws scheduler list-schedules: is it ENABLED, and may its role invoke the function?"
            yield wrong(about, f"not called in the last {every + SLACK}", do)


def _errors(seen: AwsDeployment, deployed: Deployed, now: datetime) -> Iterator[Answer]:
    failed = {name: seen.calls(one, since=now - DAY, now=now, failed=True) for name, one in deployed.functions.items()}
    for name, count in failed.items():
        if count:
            yield wrong("errors", f"{name} failed {count} times in a day", f"aws logs tail <log group of {name}>")
    if not any(failed.values()):
        yield good("errors", "none in a day")


def _permissions(seen: AwsDeployment, deployed: Deployed, now: datetime) -> Iterator[Answer]:
    refused = {name: seen.refused(one, since=now - DAY) for name, one in deployed.functions.items()}
    for name, line in refused.items():
        if line is not None:
            do = "the line names the action and resource: a bucket (capture_buckets), a key (capture_keys) or an SCP?"
            yield wrong("permissions", f"{name}: {line}", do)
    if not any(refused.values()):
        yield good("permissions", "no call was refused in a day")


def _dead(seen: AwsDeployment) -> Iterator[Answer]:
    waiting = list(seen.dead_letters())
    for name, count in waiting:
        yield wrong("dead letters", f"{count} in {name}", "docs/deploy.md, Dead letters")
    if not waiting:
        yield good("dead letters", "none")


def _captures(seen: AwsDeployment, patterns: str) -> Iterator[Answer]:
    from syndic.adapters.aws.s3.buckets import AllowedBuckets

    allowed, endpoints = AllowedBuckets(patterns.split(",")), list(seen.captured())
    for one in endpoints:
        if one.uri is None:
            do = "turn on data capture in its endpoint configuration: without it nothing can be checked"
            yield wrong("captures", f"{one.endpoint} captures nothing", do)
        elif (bucket := one.uri.removeprefix("s3://").partition("/")[0]) not in allowed:
            do = f"deploy with -c capture_buckets={patterns},{bucket}"
            yield wrong("captures", f"{one.endpoint} captures to {bucket}, which is not readable", do)
        else:
            yield good("captures", f"{one.endpoint}: {one.uri}")
    if not endpoints:
        yield unknown("captures", "no endpoint is in service in this region", "deploy an endpoint, then look again")


def _mail(account: AwsAccount, sender: str) -> Iterator[Answer]:
    from syndic.cli.deployment.doctor import mail_answers

    yield from mail_answers(account, None if sender == "none" else sender)


def _alarms(seen: AwsDeployment, topic: str) -> Iterator[Answer]:
    heard = seen.heard()
    if heard:
        yield good("alarms", f"{heard} confirmed subscribers")
    else:
        do = f"aws sns subscribe --topic-arn {topic} --protocol email --notification-endpoint ..., and confirm it"
        yield wrong("alarms", "nobody hears them", do)


def _protection(seen: AwsDeployment, table: str) -> Iterator[Answer]:
    if seen.protected():
        yield good("protection", "the table refuses to be deleted")
    else:
        yield wrong("protection", f"{table} can be deleted by anybody with the right", "deploy with -c protect=yes")
