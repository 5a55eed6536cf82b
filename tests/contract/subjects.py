"""A port under test together with what the test needs to look behind it."""

from __future__ import annotations

import base64
import json
import time
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from azure.storage.queue import QueueServiceClient
from pydantic import RootModel

from syndic.adapters.aws import EventBridgeBus
from syndic.adapters.azure import QueueBus
from syndic.adapters.azure.queues import QUEUES, queue_for
from syndic.models import CaptureConfig, CaptureFormat, Cloud, Endpoint, Event
from syndic.ports import CaptureReader, CaptureWriter, EventBus, MailService
from syndic.tasks.messages import read_message


@dataclass
class CaptureSubject:
    """A reader, a way to write files behind its back, and an address below which they lie."""

    reader: CaptureReader
    write: Callable[[str, bytes], object]
    root: str
    format: CaptureFormat = CaptureFormat.SAGEMAKER
    writer: CaptureWriter | None = None

    @property
    def endpoint(self) -> Endpoint:
        return Endpoint(
            cloud=Cloud.AWS,
            scope="000000000000/eu-central-1",
            name="car-loan",
            resource_id="arn:aws:sagemaker:eu-central-1:000000000000:endpoint/car-loan",
            status="InService",
            capture=self.capture,
        )

    @property
    def collection(self) -> str:
        """The folder between a variant's and those of its hours."""
        return "/model_inputs" if self.format is CaptureFormat.AZURE_COLLECTOR else ""

    @property
    def capture(self) -> CaptureConfig:
        return CaptureConfig(
            enabled=True, format=self.format, uri=f"{self.root}/capture", labels_uri=f"{self.root}/labels"
        )


@dataclass
class BusSubject:
    """A bus and what arrived behind it, as JSON values."""

    bus: EventBus
    arrived: Callable[[], list[dict[str, Any]]]

    @classmethod
    def on_event_bridge(cls, events: Any, sqs: Any) -> BusSubject:
        name = f"bus-{uuid.uuid4().hex[:8]}"
        events.create_event_bus(Name=name)
        queue = sqs.create_queue(QueueName=name)["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        events.put_rule(Name=name, EventBusName=name, EventPattern=json.dumps({"source": ["syndic"]}))
        events.put_targets(Rule=name, EventBusName=name, Targets=[{"Id": "queue", "Arn": arn}])

        def arrived() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = []
            quiet_since = time.monotonic()
            while time.monotonic() - quiet_since < 1:
                messages = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, WaitTimeSeconds=0)
                for message in messages.get("Messages", []):
                    quiet_since = time.monotonic()
                    envelope = json.loads(message["Body"])
                    assert envelope["detail-type"] == envelope["detail"]["type"]
                    found.append(envelope["detail"])
                    sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            return found

        return cls(EventBridgeBus(events, name), arrived)

    @classmethod
    def on_queues(cls, connection: str) -> BusSubject:
        """A bus on the emulator's queues, which are made for this subject alone."""
        service = QueueServiceClient.from_connection_string(connection)
        run = uuid.uuid4().hex[:8]
        queues = {name: service.create_queue(f"{run}-{name}") for name in QUEUES}

        def arrived() -> list[dict[str, Any]]:
            found: list[dict[str, Any]] = []
            for name, queue in queues.items():
                for message in queue.receive_messages(messages_per_page=32):
                    assert len(message.content) <= 64 * 1024
                    envelope = json.loads(base64.b64decode(message.content, validate=True))
                    assert envelope["source"] == "syndic"
                    event = read_message(json.dumps(envelope), RootModel[Event]).root
                    assert envelope["detail-type"] == event.type
                    assert queue_for(event) == name
                    found.append(envelope["detail"])
                    queue.delete_message(message)
            return found

        return cls(QueueBus(queues.__getitem__), arrived)


@dataclass
class MailSubject:
    """A mail service and the mails that came out of it."""

    service: MailService
    received: Callable[[], list[dict[str, str]]]

    @classmethod
    def on_ministack(cls, service: MailService, url: str) -> MailSubject:
        def received() -> list[dict[str, str]]:
            with urllib.request.urlopen(f"{url}/_ministack/ses/messages", timeout=5) as answer:  # noqa: S310
                accounts = json.load(answer)["messages"]
            return [
                {"to": one["To"][0], "subject": one["Subject"], "text": one["BodyText"], "html": one["BodyHtml"]}
                for messages in accounts.values()
                for one in messages
            ]

        return cls(service, received)
