"""What every `Notifier` promises."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from syndic.errors import InvalidInputError
from syndic.ports import Message
from tests.contract.subjects import NotifierSubject


@pytest.fixture
def message() -> Message:
    return Message(
        to=f"{uuid.uuid4().hex[:8]}@example.org",
        subject="Syndic: 2 findings, Größe",
        text="Text 東京",
        html="<p>HTML &amp; 東京</p>",
        dedupe_id="d1",
        headers={"X-Syndic-Digest": "d1"},
    )


def test_a_message_arrives_in_text_and_html(notifier: NotifierSubject, message: Message) -> None:
    assert notifier.notifier.send(message)
    (arrived,) = [one for one in notifier.received() if one["to"] == message.to]
    assert arrived == {"to": message.to, "subject": message.subject, "text": message.text, "html": message.html}


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "a\r\nBcc: someone@example.org"},
        {"subject": "a\nb"},
        {"subject": "a\u2028b"},
        {"subject": ""},
        {"to": "a@example.org\r\nBcc: b@example.org"},
        {"to": "a@example.org, b@example.org"},
        {"to": "nobody"},
        {"to": ""},
        {"headers": {"X-A": "1\r\nBcc: b@example.org"}},
        {"headers": {"X-A: b\r\nBcc": "1"}},
    ],
)
def test_a_header_cannot_be_broken_out_of(notifier: NotifierSubject, message: Message, change: dict) -> None:
    before = len(notifier.received())
    with pytest.raises(InvalidInputError):
        notifier.notifier.send(replace(message, **change))
    assert len(notifier.received()) == before
