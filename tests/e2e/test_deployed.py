"""The deployed stack on the local cloud: the published numbers, calm on repetition, broken input, large windows."""

from __future__ import annotations

import dataclasses
import json
import random
import sys
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from demo.__main__ import Demonstration
from demo.azure import ACCOUNT, WORKSPACE
from demo.deploy import CAPTURES, deploy
from demo.endpoints import VARIANT, create_endpoint, replay, upload
from demo.findings import Results, differences, read_inbox
from demo.govern import describe, invoke, wait_until_quiet
from demo.scenario import Scenario, car_loan
from demo.users import Client
from syndic.adapters.azure import QueueBus, StorageClients
from syndic.audit.keys import LEASE
from syndic.models import CheckRequested, TimeWindow
from tests.unit.windows.test_malformed import KINDS
from tests.vendors.aws_services import CHECKS
from tests.vendors.cloudformation import Account, create

pytestmark = [pytest.mark.emulator, pytest.mark.slow, pytest.mark.timeout(900)]

APRIL = TimeWindow(start=datetime(2019, 4, 1, tzinfo=UTC), end=datetime(2019, 5, 1, tzinfo=UTC))


def stored(demonstration: Demonstration, *, without: tuple[str, ...] = ()) -> dict[tuple[str, str], Any]:
    """Every record of the table by key, except of partitions that begin with one of `without`."""
    pages = demonstration.cloud.client("dynamodb").get_paginator("scan")
    return {
        (item["pk"]["S"], item["sk"]["S"]): item
        for page in pages.paginate(TableName=demonstration.deployment["TableName"])
        for item in page["Items"]
        if not item["pk"]["S"].startswith(without)
    }


def request_check(demonstration: Demonstration, model_id: str, window: TimeWindow, check: str, *, force: bool) -> None:
    """What discovery publishes."""
    detail = {"type": "CountRequested", "checks": [check], "model_id": model_id, "force": force}
    entry = {
        "Source": "syndic",
        "DetailType": "CountRequested",
        "EventBusName": demonstration.deployment["EventBus"],
        "Detail": json.dumps({**detail, "window": window.model_dump(mode="json")}),
    }
    assert demonstration.cloud.client("events").put_events(Entries=[entry])["FailedEntryCount"] == 0


def drift(client: Client, model_id: str, window: TimeWindow) -> dict[str, Any]:
    return client.get(f"/models/{model_id}/drift?window={window.key}")


def test_the_published_numbers_come_out_and_one_mail_tells_them(results: Results):
    assert differences(results) == []
    assert len(results.drift) == 10
    assert len(results.mails) == 1


def test_captures_are_read_though_no_bucket_was_named(demonstration: Demonstration, results: Results):
    assert demonstration.deployment["CaptureBuckets"] == "sagemaker-*"
    assert CAPTURES != "sagemaker-*"
    name = demonstration.deployment["BiasFunction"]
    told = demonstration.cloud.client("lambda").get_function_configuration(FunctionName=name)["Environment"][
        "Variables"
    ]
    named, own = told["SYNDIC_CAPTURE_BUCKETS"].split(",")
    assert named == "sagemaker-*"
    assert own in {bucket["Name"] for bucket in demonstration.cloud.s3.list_buckets()["Buckets"]}, "what the API took"
    assert results.outcomes["intake"]["used"] > 0


def test_what_was_deployed_is_let_through_by_the_vendors_rules_too(demonstration: Demonstration):
    template = json.loads((demonstration.state / "cdk.out" / "Syndic.template.json").read_text("utf-8"))
    checks = {
        kind: check for kind, check in CHECKS.items() if kind != "AWS::Cognito::UserPoolDomain"
    }  # it has no style
    for account in (Account(), Account(lambda_quota=10), Account(region="af-south-1")):
        stack = create(template, account, checks)
        assert stack.refusal is None, stack.refusal


def test_a_second_deployment_changes_nothing(demonstration: Demonstration):
    assert not deploy(demonstration.cloud, demonstration.azure).changed


def test_the_same_windows_again_write_nothing_and_send_no_second_mail(demonstration: Demonstration, results: Results):
    # When discovery last saw them and their jobs, when both clouds last met, when another registry was last read.
    moving = ("models", "mirror", "changes.", "registry.foreign", "discovery.jobs")
    before = stored(demonstration, without=moving)
    in_azure = QueueBus(StorageClients(ACCOUNT, connection=demonstration.azure.connection).queue)
    for report in results.drift:
        window = TimeWindow.model_validate(report["window"])
        in_azure.publish([CheckRequested(check="drift", model_id=results.loan, window=window)])
    window = TimeWindow.model_validate(results.outcomes["window"])
    for check in ("drift", "quality", "bias"):
        request_check(demonstration, results.credit, window, check, force=False)
    demonstration.run_schedules()
    after = stored(demonstration, without=moving)
    for kept in (before, after):
        kept.pop(("overview", "metrics"), None)  # what Prometheus reads is taken anew each hour
        for key in [key for key in kept if key[0].startswith("projections") or key[1].startswith("~~marked.")]:
            del kept[key]  # what is still to be counted and indexed, which each hour takes up
    assert sorted(set(after) - set(before)) == []
    assert sorted(key for key in before if before[key] != after.get(key)) == []
    assert len(list(read_inbox(demonstration.cloud))) == 1


def test_a_model_in_azure_is_judged_there_and_shown_with_its_age(
    demonstration: Demonstration, results: Results, admin: Client
):
    model = admin.get(f"/models/{results.loan}")
    assert (model["cloud"], model["endpoint"]["scope"]) == ("azure", WORKSPACE)
    age = datetime.now(UTC) - datetime.fromisoformat(model["mirrored_at"])
    assert timedelta(0) < age < timedelta(minutes=15)
    assert admin.get(f"/models/{results.credit}").get("mirrored_at") is None
    names = {one["name"]: one["cloud"] for one in admin.get("/models?limit=100")["models"]}
    assert names["claims-triage"] == "azure"
    # Nothing captured, and no summary of it, lies in AWS: only reports and what is told of them.
    pages = demonstration.cloud.s3.get_paginator("list_objects_v2")
    for bucket in (CAPTURES, demonstration.deployment["ArchiveBucket"]):
        keys = [item["Key"] for page in pages.paginate(Bucket=bucket) for item in page.get("Contents", [])]
        assert [key for key in keys if "car-loan/" in key or results.loan in key] == []


def test_a_check_of_a_model_in_azure_waits_for_the_next_exchange(
    demonstration: Demonstration, results: Results, admin: Client
):
    asked = {"checks": ["drift"], "window": APRIL.model_dump(mode="json"), "force": True}
    before = drift(admin, results.loan, APRIL)
    assert admin.call("POST", f"/models/{results.loan}/checks", asked)["at_next_exchange"]
    demonstration.mirror()
    demonstration.azure.wait_until_quiet()
    demonstration.mirror()
    wait_until_quiet(demonstration.cloud)
    assert drift(admin, results.loan, APRIL)["revision"] == before["revision"] + 1


def test_the_real_runtime_ran_the_azure_functions(demonstration: Demonstration):
    expected = "azure-functions-runtime" if sys.version_info >= (3, 13) else "plain"
    assert expected in demonstration.azure.runtime


def test_the_audit_trail_verifies(admin: Client):
    answer = admin.get("/audit/verify")
    assert answer["intact"], answer
    assert answer["head"]["size"] > 20


def test_the_sequencer_rests_when_nothing_waits(demonstration: Demonstration):
    """It writes whose turn it is into the table whose news wake it: in a loop it would take its turn without end."""
    tables = demonstration.cloud.client("dynamodb")
    (pending,) = [name for name in tables.list_tables()["TableNames"] if "AuditPending" in name]
    wait_until_quiet(demonstration.cloud)
    lease = {"pk": {"S": LEASE.partition}, "sk": {"S": LEASE.sort}}
    deadline = time.monotonic() + 30
    while tables.scan(TableName=pending, Select="COUNT")["Count"] > 1 and time.monotonic() < deadline:
        time.sleep(0.2)
    turns = []
    for _ in range(8):
        turns.append(json.dumps(tables.get_item(TableName=pending, Key=lease, ConsistentRead=True)["Item"]))
        time.sleep(0.25)
    assert len(set(turns)) <= 3, "its schedule may begin and end one turn meanwhile"


def test_a_schedule_really_starts_a_function(demonstration: Demonstration):
    scheduler, name = demonstration.cloud.client("scheduler"), "test-once"
    target = next(
        scheduler.get_schedule(Name=item["Name"], GroupName=item["GroupName"])["Target"]
        for item in scheduler.list_schedules()["Schedules"]
        if "Discovery" in item["Name"]
    )
    logs, function = demonstration.cloud.client("lambda"), demonstration.deployment["DiscoveryFunction"]
    group = logs.get_function_configuration(FunctionName=function)["LoggingConfig"]["LogGroup"]

    def runs() -> int:
        events = demonstration.cloud.client("logs").filter_log_events(logGroupName=group)["events"]
        return sum(event["message"].startswith("START") for event in events)

    before, moment = runs(), datetime.now(UTC) + timedelta(seconds=2)
    scheduler.create_schedule(
        Name=name,
        ScheduleExpression=f"at({moment:%Y-%m-%dT%H:%M:%S})",
        FlexibleTimeWindow={"Mode": "OFF"},
        Target={"Arn": target["Arn"], "RoleArn": target["RoleArn"], "Input": target["Input"]},
        ActionAfterCompletion="DELETE",
    )
    deadline = time.monotonic() + 90
    while runs() == before and time.monotonic() < deadline:
        time.sleep(1)
    assert runs() > before


def april_rows(endpoint: str) -> Scenario:
    """The car loan stream of one month, under another endpoint."""
    scenario = car_loan()
    rows = tuple(row for row in scenario.rows if APRIL.start <= row.at < APRIL.end)
    return dataclasses.replace(scenario, endpoint=endpoint, rows=rows)


def govern(demonstration: Demonstration, client: Client, scenario: Scenario) -> str:
    invoke(demonstration.cloud, demonstration.deployment, "Discovery")
    identity = describe(client, scenario, baseline=upload(demonstration.cloud, scenario))
    invoke(demonstration.cloud, demonstration.deployment, "Discovery")
    wait_until_quiet(demonstration.cloud)
    return identity


def test_a_thousand_malformed_lines_change_no_number(demonstration: Demonstration, results: Results, admin: Client):
    dice = random.Random(20190401)  # noqa: S311
    scenario, names = april_rows("car-loan-noisy"), sorted(KINDS)
    assert len(names) >= 15
    create_endpoint(demonstration.cloud, scenario)
    replay(demonstration.cloud, scenario)
    bad = [KINDS[names[number % len(names)]][1](dice).rstrip(b"\n") for number in range(1000)]
    s3, prefix = demonstration.cloud.s3, f"capture/{scenario.endpoint}/{VARIANT}/"
    listed = s3.list_objects_v2(Bucket=CAPTURES, Prefix=prefix)["Contents"]
    share = -(-len(bad) // len(listed))
    for number, item in enumerate(listed):
        lines = s3.get_object(Bucket=CAPTURES, Key=item["Key"])["Body"].read().splitlines()
        lines += bad[number * share : (number + 1) * share]
        dice.shuffle(lines)
        s3.put_object(Bucket=CAPTURES, Key=item["Key"], Body=b"\n".join(lines) + b"\n")
    identity = govern(demonstration, admin, scenario)
    noisy, clean = drift(admin, identity, APRIL), drift(admin, results.loan, APRIL)
    assert noisy["features"] == clean["features"]
    assert (noisy["intake"]["used"], noisy["intake"]["rejected"]) == (1000, 1000)
    assert noisy["intake"]["read"] == 2000
    assert sum(noisy["intake"]["reasons"].values()) == 1000


def test_a_window_mapped_over_two_hundred_objects_gives_the_same_report(demonstration: Demonstration, admin: Client):
    scenario = car_loan()
    hours = [APRIL.start + timedelta(hours=2 * number) for number in range(200)]
    rows = tuple(dataclasses.replace(row, at=hours[number % 200]) for number, row in enumerate(scenario.rows))
    scenario = dataclasses.replace(scenario, endpoint="car-loan-large", rows=rows)
    create_endpoint(demonstration.cloud, scenario)
    replay(demonstration.cloud, scenario)
    identity = govern(demonstration, admin, scenario)
    alone = drift(admin, identity, APRIL)
    assert alone["intake"]["objects"] == 200

    functions, name = demonstration.cloud.client("lambda"), demonstration.deployment["CounterFunction"]
    variables = functions.get_function_configuration(FunctionName=name)["Environment"]["Variables"]
    lower = {**variables, "SYNDIC_MAP_THRESHOLD_MB": "1"}
    functions.update_function_configuration(FunctionName=name, Environment={"Variables": lower})
    try:
        request_check(demonstration, identity, APRIL, "drift", force=True)
        wait_until_quiet(demonstration.cloud)
        machine = demonstration.deployment["MapStateMachine"]
        states = demonstration.cloud.client("stepfunctions")
        deadline = time.monotonic() + 240
        while not (runs := states.list_executions(stateMachineArn=machine)["executions"]) or any(
            run["status"] == "RUNNING" for run in runs
        ):
            assert time.monotonic() < deadline, runs
            time.sleep(1)
        failed = [states.describe_execution(executionArn=run["executionArn"]) for run in runs]
        assert [run["status"] for run in failed] == ["SUCCEEDED"], failed
        wait_until_quiet(demonstration.cloud)  # the counts are handed on to the judge
        mapped = drift(admin, identity, APRIL)
    finally:
        functions.update_function_configuration(FunctionName=name, Environment={"Variables": variables})
    assert mapped["revision"] == alone["revision"] + 1
    same = ("features", "verdict", "severity", "rows", "inputs_sha256", "intake")
    assert {key: mapped[key] for key in same} == {key: alone[key] for key in same}
