"""What every service that delivers mail promises."""

from __future__ import annotations

import uuid
from dataclasses import replace

import pytest

from syndic.errors import InvalidInputError
from syndic.ports import Mail
from tests.contract.subjects import MailSubject


@pytest.fixture
def mail() -> Mail:
    return Mail(
        to=f"{uuid.uuid4().hex[:8]}@example.org",
        subject="Syndic: 2 findings, Größe",
        text="Text 東京",
        html="<p>HTML &amp; 東京</p>",
        dedupe_id="d1",
        headers={"X-Syndic-Digest": "d1"},
    )


def test_a_mail_arrives_in_text_and_html(mails: MailSubject, mail: Mail) -> None:
    assert mails.service.deliver(mail)
    (arrived,) = [one for one in mails.received() if one["to"] == mail.to]
    assert arrived == {"to": mail.to, "subject": mail.subject, "text": mail.text, "html": mail.html}


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
def test_a_header_cannot_be_broken_out_of(mails: MailSubject, mail: Mail, change: dict) -> None:
    before = len(mails.received())
    with pytest.raises(InvalidInputError):
        mails.service.deliver(replace(mail, **change))
    assert len(mails.received()) == before
