"""Slack's buttons against a server that checks its protocol, and Slack's signature by Slack's own library's vector."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from syndic.adapters.channels.means import Means
from syndic.adapters.channels.receiving import TableOfChannels
from syndic.adapters.channels.slack.requests import verify
from syndic.adapters.internet.https import PublicHttps, UnansweredError
from syndic.adapters.memory import MemorySecrets
from syndic.errors import InvalidInputError, NotSentError, NotSignedInError, SyndicError
from syndic.models import Severity
from syndic.ports import Destination, Notification, Offer
from tests.edges.alerting.slack import SECRET, pressed, signed
from tests.unit.channels.listening import NOW, Heard, Reply, Server
from tests.unit.channels.telling import HOSTILE, matter, notification

TOKEN = "xoxb-Kanarienvogel7Kanarienvogel7abcd"
CHAT = Destination("slack_bot", "one", {"channel": "C0123ABCD", "signing_secret": "signing"}, "chat")
OFFER = Offer("credit-1.drift", datetime(2026, 3, 2, tzinfo=UTC), Severity.HIGH)
OK = b'{"ok":true,"channel":"C0123ABCD","ts":"1772600000.000100"}'


def channels(server: Server, **options: Any) -> TableOfChannels:
    brisk = server.https(connecting=0.5, **{"answering": 0.5, **options})
    means = replace(server.means(secret=TOKEN, **options), brisk=brisk)
    return TableOfChannels(means)


def slack(heard: Heard) -> Reply:
    """What the Web API checks of each method that is used."""
    asked = heard.json
    needed = {
        "/api/chat.postMessage": {"channel", "text", "blocks"},
        "/api/chat.update": {"channel", "ts", "text", "blocks"},
        "/api/chat.postEphemeral": {"channel", "user", "text"},
    }[heard.path]
    if heard.host != "slack.com" or heard.headers["Authorization"] != f"Bearer {TOKEN}":
        return Reply(200, b'{"ok":false,"error":"invalid_auth"}')
    if not needed <= set(asked):
        return Reply(200, b'{"ok":false,"error":"invalid_arguments"}')
    if len(asked.get("blocks", ())) > 50 or not _sound(asked.get("blocks", ())):
        return Reply(200, b'{"ok":false,"error":"invalid_blocks"}')
    return Reply(200, OK)


def _sound(blocks: Any) -> bool:
    """The limits of a block of actions: 25 elements, labels of 75, values of 2,000, addresses of 3,000 characters."""
    elements = [one for block in blocks if block["type"] == "actions" for one in block["elements"]]
    return all(len(block["elements"]) <= 25 for block in blocks if block["type"] == "actions") and all(
        len(one["text"]["text"]) <= 75
        and one["text"]["type"] == "plain_text"
        and len(one["action_id"]) <= 255
        and len(one.get("value", "")) <= 2_000
        and len(one.get("url", "")) <= 3_000
        for one in elements
    )


def told(*, offer: Offer | None = OFFER, standing: str | None = None, many: int = 1) -> Notification:
    return notification(*(replace(matter(), offer=offer, standing=standing) for _ in range(many)))


def test_a_message_has_buttons_and_the_same_message_is_changed(server: Server) -> None:
    server.reply = slack
    table = channels(server)
    message = table.send(CHAT, told())
    table.update(CHAT, message, told(offer=None, standing="acknowledged by ada"))
    posted, updated = server.heard
    buttons = [one for block in posted.json["blocks"] if block["type"] == "actions" for one in block["elements"]]

    assert [one["text"]["text"] for one in buttons] == ["Acknowledge", "Snooze 4 hours", "Snooze 1 day", "Open"]
    assert buttons[3]["url"] == "https://syndic.example.org/#/models/credit?a=1&b=2"
    assert (updated.path, updated.json["channel"], updated.json["ts"]) == (
        "/api/chat.update", "C0123ABCD", "1772600000.000100"
    )  # fmt: skip
    left = [one for block in updated.json["blocks"] if block["type"] == "actions" for one in block["elements"]]
    assert [one["text"]["text"] for one in left] == ["Open"]
    assert "Now: acknowledged by ada" in updated.body.decode()


def test_without_a_signing_secret_there_are_no_buttons(server: Server) -> None:
    server.reply = slack
    channels(server).send(Destination("slack_bot", "one", {"channel": "C0123ABCD"}, "chat"), told())

    assert "syndic_acknowledge" not in server.heard[0].body.decode()


def test_a_full_message_keeps_to_the_limits(server: Server) -> None:
    server.reply = slack
    long = Offer("m" * 250 + ".drift", OFFER.episode, Severity.CRITICAL)
    said = replace(matter(HOSTILE, cause=HOSTILE), offer=long, link="https://syndic.example.org/" + "a" * 2_900)
    channels(server).send(replace(CHAT, name="r" * 63), notification(*[said] * 60))


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(429, b"", {"Retry-After": "30"}), NotSentError),
        (Reply(200, b'{"ok":false,"error":"ratelimited"}'), NotSentError),
        (Reply(503, b""), NotSentError),
        (Reply(200, b'{"ok":false,"error":"message_not_found"}'), InvalidInputError),
        (Reply(200, b'{"ok":false,"error":"cant_update_message"}'), InvalidInputError),
        (Reply(200, b'{"ok":false,"error":"token_revoked"}'), InvalidInputError),
        (Reply(200, b'{"ok":false,"error":"fatal_error"}'), UnansweredError),
        (Reply(cut="before"), UnansweredError),
        (Reply(delay=0.2), UnansweredError),
    ],
)
@pytest.mark.parametrize("verb", ["update", "whisper"])
def test_what_slack_refuses_is_told_apart(server: Server, verb: str, reply: Reply, expected: type[SyndicError]) -> None:
    server.reply = lambda heard: reply
    table = channels(server)
    given = {
        "update": (CHAT, "C0123ABCD:1772600000.000100", told()),
        "whisper": (CHAT, table_press(pressed("credit-1.drift")), "no"),
    }
    with pytest.raises(expected) as caught:
        getattr(table, verb)(*given[verb])
    assert TOKEN not in str(caught.value)
    if reply.status == 429:
        assert isinstance(caught.value, NotSentError)
        assert caught.value.after == 30


def table_press(payload: Any) -> Any:
    headers, body = signed(payload, NOW)
    table = TableOfChannels(_means())
    return table.read_press("signing", {name.lower(): value for name, value in headers.items()}, body.encode())


def _means() -> Means:
    return Means(PublicHttps(), MemorySecrets({"signing": SECRET}), lambda: NOW)


def test_only_who_pressed_is_told_and_nothing_is_formatted(server: Server) -> None:
    server.reply = slack
    channels(server).whisper(CHAT, table_press(pressed("credit-1.drift")), "<!channel> & *b*")
    (heard,) = server.heard

    assert heard.json == {"channel": "C0123ABCD", "user": "U0456EFGH", "text": "&lt;!channel&gt; &amp; *b*"}


def test_slacks_own_example_of_a_signature_is_taken() -> None:
    # https://api.slack.com/authentication/verifying-requests-from-slack
    body = (
        b"token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V"
        b"&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text="
        b"&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN"
        b"&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c"
    )
    headers = {
        "x-slack-request-timestamp": "1531420618",
        "x-slack-signature": "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
    }
    secret, at = "8f742231b10e8888abcd99yyyzzz85a5", datetime.fromtimestamp(1531420618, UTC)
    verify(headers, body, secret, at + timedelta(minutes=5))
    for wrong in (body + b" ", body[:-1], b""):
        with pytest.raises(NotSignedInError):
            verify(headers, wrong, secret, at)
    with pytest.raises(NotSignedInError):
        verify(headers, body, secret, at + timedelta(minutes=5, seconds=1))


def test_a_press_says_who_where_and_what() -> None:
    press = table_press(pressed("credit-1.drift", button=1, ts="1772600000.000100", episode=OFFER.episode))

    assert (press.member, press.place) == ("T0123ABCD-U0456EFGH", "T0123ABCD/C0123ABCD")
    assert (press.message, press.receiver) == ("C0123ABCD:1772600000.000100", "chat")
    assert press.offer == Offer("credit-1.drift", OFFER.episode, Severity.CRITICAL)
    assert press.snooze == timedelta(hours=4)
    assert json.loads(pressed("a.b")["actions"][0]["value"])[4] is None
