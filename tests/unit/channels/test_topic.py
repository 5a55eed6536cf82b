"""The topic of subscribers: texts within SNS's limits, and what its answers mean."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError, ReadTimeoutError

from syndic.adapters.aws import SnsTopic
from syndic.adapters.channels.means import Means
from syndic.adapters.channels.receiving import TableOfChannels
from syndic.adapters.internet.https import PublicHttps
from syndic.adapters.memory import MemorySecrets
from syndic.errors import InvalidInputError, NotSentError, SyndicError
from syndic.models import Severity
from syndic.ports import Destination
from tests.unit.channels.listening import NOW
from tests.unit.channels.telling import HOSTILE, matter, notification


class Service:
    """What SNS checks of a message."""

    def __init__(self, fail: Exception | None = None) -> None:
        self.published: list[dict[str, Any]] = []
        self.fail = fail

    def publish(self, **given: Any) -> dict[str, Any]:
        if self.fail is not None:
            raise self.fail
        subject, message = given["Subject"], json.loads(given["Message"])
        assert 1 <= len(subject) <= 100
        assert subject.isascii()
        assert subject.isprintable()
        assert given["MessageStructure"] == "json"
        assert len(given["Message"].encode()) <= 256 * 1024 - 2_000
        assert len(message["sms"].encode()) <= 140
        assert all(one["StringValue"] for one in given["MessageAttributes"].values())
        assert len(given["MessageAttributes"]) <= 10
        self.published.append({**given, "Message": message})
        return {"MessageId": "m-1"}


def channels(service: Service | None) -> TableOfChannels:
    topic = None if service is None else SnsTopic(service, "arn:aws:sns:eu-central-1:1:alerts")
    return TableOfChannels(Means(PublicHttps(), MemorySecrets(), lambda: NOW, topic=topic))


def test_subscribers_read_number_threshold_cause_and_link_and_choose_by_attributes() -> None:
    service = Service()
    grave = replace(matter("selection of women"), severity=Severity.CRITICAL)
    assert channels(service).send(Destination("sns"), notification(matter(), grave)) == "m-1"
    (given,) = service.published
    for part in ("psi 1.7", "threshold 0.25", "2 March 2026", "psi over its limit", "#/models/credit"):
        assert part in given["Message"]["default"]
    found = {name: one["StringValue"] for name, one in given["MessageAttributes"].items()}

    assert found == {"step": "trigger", "id": "d1", "severity": "critical", "model": "credit"}


@pytest.mark.parametrize("text", [HOSTILE * 200, "\U0001f4a3" * 20_000, "\u4e2d" * 9_000, "a\nb" * 9_000, ""])
def test_what_is_too_long_or_no_ascii_is_cut_within_the_limits(text: str) -> None:
    service = Service()
    many = [matter(text, cause=text) for _ in range(300)]
    channels(service).send(Destination("sns"), notification(*many, subject=text[:150] or "x"))

    assert "are on the dashboard" in service.published[0]["Message"]["default"]


def refused(code: str, status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "Publish")


@pytest.mark.parametrize(
    ("fail", "expected"),
    [
        (refused("InvalidParameter"), InvalidInputError),
        (refused("NotFound", 404), InvalidInputError),
        (refused("AuthorizationError", 403), NotSentError),
        (refused("Throttled", 429), NotSentError),
        (refused("InternalError", 500), NotSentError),
        (EndpointConnectionError(endpoint_url="https://sns"), NotSentError),
        (ReadTimeoutError(endpoint_url="https://sns"), SyndicError),
    ],
)
def test_only_what_certainly_was_not_published_is_published_again(fail: Exception, expected: type[Exception]) -> None:
    with pytest.raises(SyndicError) as caught:
        channels(Service(fail)).send(Destination("sns"), notification())
    assert type(caught.value) is expected


def test_without_a_topic_it_is_said() -> None:
    with pytest.raises(NotSentError, match="SYNDIC_ALERTS_TOPIC"):
        channels(None).send(Destination("sns"), notification())


@pytest.mark.parametrize("destination", [Destination("sns", "one"), Destination("sns", None, {"topic": "arn:x"})])
def test_no_receiver_names_another_topic(destination: Destination) -> None:
    with pytest.raises(InvalidInputError):
        channels(Service()).check(destination)
