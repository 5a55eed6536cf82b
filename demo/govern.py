"""What people do in the demonstration, all through the API: describe the models, set baselines, declare fairness."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

from demo.cloud import LocalCloud
from demo.deploy import Deployment
from demo.progress import DemoError
from demo.scenario import Scenario
from demo.users import Client

QUEUES_QUIET = 3  # times in a row that nothing waits
SECONDS = 240  # for all checks of the demonstration


def invoke(cloud: LocalCloud, deployment: Deployment, name: str) -> Any:
    """Run one scheduled function now, as its schedule does."""
    function = deployment[f"{name}Function"]
    answer = cloud.client("lambda").invoke(FunctionName=function, Payload=b'{"type": "scheduled"}')
    body = answer["Payload"].read()
    if answer.get("FunctionError"):
        raise DemoError(f"the {name} function failed: {body.decode('utf-8', 'replace')[:400]}")
    return json.loads(body)


def model_id(client: Client, endpoint: str) -> str:
    """The id under which discovery registered an endpoint."""
    for model in client.get("/models?limit=100")["models"]:
        if model["name"] == endpoint:
            return str(model["id"])
    raise DemoError(f"discovery did not register the endpoint {endpoint}")


def describe(client: Client, scenario: Scenario, *, baseline: str) -> str:
    """Describe a model, set the table at an address as its baseline, declare what is protected; returns its id."""
    identity = model_id(client, scenario.endpoint)
    client.call("PATCH", f"/models/{identity}", {"capture_schema": scenario.schema, **scenario.profile})
    client.call("POST", f"/models/{identity}/drift/baseline", {"uri": baseline})
    if scenario.bias is not None:
        client.call("PUT", f"/models/{identity}/bias/policy", scenario.bias)
    for questionnaire, answers in scenario.answers.items():
        client.call("PUT", f"/models/{identity}/classifications/{questionnaire}", {"answers": answers})
    return identity


def hand_out_again(cloud: LocalCloud) -> int:
    """Requeue messages that were being worked on when the last run ended; returns how many.

    They would stay hidden for six times their function's time limit, as on AWS, and nobody wants to wait that long
    here. A message that is worked on twice changes nothing.
    """
    sqs, count = cloud.client("sqs"), 0
    for url in sqs.list_queues().get("QueueUrls", []):
        answer = json.loads(cloud.get(f"/_ministack/sqs/messages?QueueUrl={quote(url, safe='')}"))
        messages = [
            message
            for regions in answer["messages"].values()
            for queues in regions.values()
            for messages in queues.values()
            for message in messages
        ]
        if all(message["IsVisible"] for message in messages):
            continue
        sqs.purge_queue(QueueUrl=url)
        for message in messages:
            sqs.send_message(QueueUrl=url, MessageBody=message["Body"])
        count += len(messages)
    return count


def wait_until_quiet(cloud: LocalCloud, *, seconds: float = SECONDS) -> None:
    """Wait until no queue holds or hands out a message. Raises `DemoError` when a message was given up."""
    sqs, deadline, quiet = cloud.client("sqs"), time.monotonic() + seconds, 0
    while quiet < QUEUES_QUIET:
        waiting, dead = 0, 0
        for url in sqs.list_queues().get("QueueUrls", []):
            attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
            count = int(attributes["ApproximateNumberOfMessages"])
            if "Dead" in url.rsplit("/", 1)[-1]:
                dead += count
            else:
                waiting += count + int(attributes["ApproximateNumberOfMessagesNotVisible"])
        if dead:
            raise DemoError(f"{dead} messages are in a dead-letter queue: see {write_logs(cloud)}")
        if time.monotonic() > deadline:
            raise DemoError(f"{waiting} messages still wait after {seconds:.0f} s: see {write_logs(cloud)}")
        quiet = quiet + 1 if waiting == 0 else 0
        time.sleep(0.4)


def write_logs(cloud: LocalCloud) -> Path:
    """Write what the functions logged to a file, for a person to read; returns the file."""
    logs, path = cloud.client("logs"), cloud.state / "logs" / "functions.log"
    with path.open("w", encoding="utf-8") as file:
        for group in logs.describe_log_groups()["logGroups"]:
            for event in logs.filter_log_events(logGroupName=group["logGroupName"])["events"]:
                file.write(f"{group['logGroupName']}: {event['message'].rstrip()}\n")
    return path
