"""Each channel against a server that checks its protocol."""

from __future__ import annotations

import json
import logging
import traceback
from collections.abc import Callable
from typing import Any

import pytest

from syndic.adapters.channels.receiving import TableOfChannels
from syndic.adapters.channels.table import CHANNELS
from syndic.adapters.internet.https import UnansweredError
from syndic.errors import InvalidInputError, NotSentError, SyndicError
from syndic.ports import Destination, Notification, Step
from tests.unit.channels.listening import Heard, Reply, Server
from tests.unit.channels.telling import HOSTILE, matter, notification

CANARY = "Kanarienvogel7Kanarienvogel7abcd"  # 32 letters and digits, as an integration key has
SIGNING = "whsec_" + "S2FuYXJpZW52b2dlbDdLYW5hcmllbnZvZ2VsN2FiY2Q="
CASES: dict[str, tuple[str, dict[str, str], Reply]] = {
    "slack": (f"https://hooks.slack.com/services/T000/B000/{CANARY}", {}, Reply(200, b"ok")),
    "slack_bot": (f"xoxb-{CANARY}", {"channel": "C0123ABCD"}, Reply(200, b'{"ok":true,"channel":"C0","ts":"17.1"}')),
    "teams": (f"https://prod-1.westeurope.logic.azure.com:443/workflows/1?sig={CANARY}", {}, Reply(202, b"")),
    "pagerduty": (CANARY, {}, Reply(202, b'{"status":"success","dedup_key":"d1"}')),
    "jira": (CANARY, {}, Reply(202, b'{"requestId":"r-1"}')),
    "webhook": (SIGNING, {"url": "https://hooks.example.org/in"}, Reply(204, b"")),
}
KINDS = tuple(CASES)


def make(server: Server, kind: str, **options: Any) -> Callable[[Notification], str]:
    secret, given, _ = CASES[kind]
    channels = TableOfChannels(server.means(secret=secret, **options))
    return lambda told: channels.send(Destination(kind, "one", given), told)


def test_every_channel_of_the_table_is_tested_here() -> None:
    assert {*CASES, "email", "sns"} == set(CHANNELS), "mail and topics are services of the cloud: tests/contract"


def _check_slack(heard: Heard) -> None:
    said = heard.json
    assert 1 <= len(said["blocks"]) <= 50
    assert len(heard.body) < 40_000
    texts = [block["text"]["text"] for block in said["blocks"] if "text" in block]
    texts += [one["text"] for block in said["blocks"] for one in block.get("elements", ())]
    assert sum(map(len, texts)) <= 13_200
    for block in said["blocks"]:
        if "text" in block:
            assert block["text"]["type"] == "plain_text"
            assert 1 <= len(block["text"]["text"]) <= (150 if block["type"] == "header" else 3_000)
            assert not set("<>") & set(block["text"]["text"])
    assert not set("<>") & set(said["text"])


def _check_teams(heard: Heard) -> None:
    assert len(heard.body) <= 21_000
    (attachment,) = heard.json["attachments"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert {one["type"] for one in card["actions"]} == {"Action.OpenUrl"}
    assert '"TextBlock"' not in heard.body.decode()  # which reads Markdown
    assert "{{" not in heard.body.decode()


def _check_pagerduty(heard: Heard) -> None:
    event = heard.json
    assert (heard.host, heard.path) == ("events.pagerduty.com", "/v2/enqueue")
    assert len(heard.body) <= 512_000
    assert len(event["routing_key"]) == 32
    assert 1 <= len(event["dedup_key"]) <= 255
    if event["event_action"] != "trigger":
        assert set(event) == {"routing_key", "event_action", "dedup_key"}
        return
    payload = event["payload"]
    assert 1 <= len(payload["summary"]) <= 1_024
    assert payload["source"]
    assert payload["severity"] in {"critical", "error", "warning", "info"}


def _check_jira(heard: Heard) -> None:
    assert heard.headers["Authorization"] == f"GenieKey {CANARY}"
    alert = heard.json
    if heard.path == "/jsm/ops/integration/v2/alerts":
        assert 1 <= len(alert["message"]) <= 130
        assert 1 <= len(alert["alias"]) <= 512
        assert len(alert["description"]) <= 15_000
        assert alert["priority"] in {"P1", "P2", "P3", "P4", "P5"}
        assert all(isinstance(one, str) for one in alert["details"].values())
    else:
        assert heard.path.startswith("/jsm/ops/integration/v2/alerts/d1/")
        assert heard.path.endswith("?identifierType=alias")


def _check_webhook(heard: Heard) -> None:
    assert len(heard.body) <= 20_000
    event = heard.json
    assert event["specversion"] == "1.0"
    assert all(isinstance(event[name], str) and event[name] for name in ("id", "source", "type", "time", "timestamp"))
    assert heard.headers["webhook-id"] == event["id"]
    assert heard.headers["Content-Type"].startswith("application/cloudevents+json")


CHECKS = {
    "slack": _check_slack,
    "slack_bot": _check_slack,
    "teams": _check_teams,
    "pagerduty": _check_pagerduty,
    "jira": _check_jira,
    "webhook": _check_webhook,
}


def keep(server: Server, kind: str) -> None:
    server.reply = lambda heard: CASES[kind][2]


@pytest.mark.parametrize("kind", KINDS)
def test_a_notification_says_number_threshold_interval_since_cause_and_link(server: Server, kind: str) -> None:
    keep(server, kind)
    make(server, kind)(notification())
    (heard,) = server.heard
    CHECKS[kind](heard)
    said = heard.body.decode()
    for part in ("psi", "1.7", "0.25", "1.9", "2 March 2026", "psi over its limit", "look at the last release"):
        assert part in said
    assert "syndic.example.org/#/models/credit" in said


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "text", [HOSTILE * 200, "\U0001f4a3&<" * 3_000, "\u4e2d" * 9_000], ids=["hostile", "amp", "wide"]
)
def test_what_is_too_long_is_cut_with_a_note_within_the_limits(server: Server, kind: str, text: str) -> None:
    keep(server, kind)
    many = [matter(text, cause=text) for _ in range(300)]
    make(server, kind)(notification(*many, subject=HOSTILE[:150]))
    (heard,) = server.heard
    CHECKS[kind](heard)
    assert "(cut)" in heard.body.decode()
    assert "are on the dashboard" in heard.body.decode()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_service_that_is_busy_is_asked_again(server: Server, kind: str, status: int) -> None:
    server.reply = lambda heard: Reply(status, b"busy", {"Retry-After": "37"})
    with pytest.raises(NotSentError) as caught:
        make(server, kind)(notification())
    assert caught.value.after == 37
    assert len(server.heard) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [400, 401, 403, 404, 410, 413, 301, 302, 307, 308])
def test_what_is_refused_for_good_is_not_asked_again(server: Server, kind: str, status: int) -> None:
    server.reply = lambda heard: Reply(status, b"no", {"Location": "https://hooks.example.org/other"})
    with pytest.raises(InvalidInputError):
        make(server, kind)(notification())
    assert len(server.heard) == 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("reply", [Reply(cut="before"), Reply(cut="within"), Reply(502), Reply(delay=0.2)], ids=str)
def test_without_a_whole_answer_only_what_has_a_key_is_sent_again(server: Server, kind: str, reply: Reply) -> None:
    server.reply = lambda heard: reply
    expected = NotSentError if CHANNELS[kind].knows_again else UnansweredError
    with pytest.raises(expected):
        make(server, kind, answering=0.5)(notification())
    assert len(server.heard) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_no_connection_means_not_sent(server: Server, kind: str) -> None:
    with pytest.raises(NotSentError, match="cannot be reached"):
        make(server, kind, resolve=lambda host, port: [("127.0.0.1", 1)])(notification())

    def nowhere(host: str, port: int) -> list[tuple[str, int]]:
        raise OSError("no such name")

    with pytest.raises(NotSentError, match="no address"):
        make(server, kind, resolve=nowhere)(notification())


@pytest.mark.parametrize("kind", KINDS)
def test_a_certificate_that_is_not_trusted_gets_nothing(server: Server, kind: str) -> None:
    with pytest.raises(NotSentError):
        make(server, kind, context=None)(notification())
    assert server.connections == 1
    assert not server.heard


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b'{"ok":false,"error":"channel_not_found"}', InvalidInputError),
        (b'{"ok":false,"error":"invalid_auth"}', InvalidInputError),
        (b'{"ok":false,"error":"ratelimited"}', NotSentError),
        (b'{"ok":false,"error":"service_unavailable"}', NotSentError),
        (b'{"ok":false,"error":"fatal_error"}', UnansweredError),
        (b'{"ok":"true"}', UnansweredError),
        (b"<html>", UnansweredError),
        (b"[" * 60_000, UnansweredError),
        (b"\xff\xfe", UnansweredError),
        (b"", UnansweredError),
    ],
)
@pytest.mark.parametrize("kind", ["slack", "slack_bot"])
def test_slack_answers_200_to_what_it_refuses(
    server: Server, kind: str, body: bytes, expected: type[SyndicError]
) -> None:
    server.reply = lambda heard: Reply(200, body)
    with pytest.raises(expected):
        make(server, kind)(notification())


def test_a_bot_says_where_its_message_stands(server: Server) -> None:
    keep(server, "slack_bot")
    assert make(server, "slack_bot")(notification()) == "C0:17.1"
    assert server.heard[0].json["channel"] == "C0123ABCD"
    assert server.heard[0].headers["Authorization"] == f"Bearer xoxb-{CANARY}"


@pytest.mark.parametrize("kind", ["pagerduty", "jira"])
@pytest.mark.parametrize("step", Step)
def test_alerts_with_a_key_are_acknowledged_and_resolved_by_it(server: Server, kind: str, step: Step) -> None:
    keep(server, kind)
    make(server, kind)(notification(step=step))
    (heard,) = server.heard
    CHECKS[kind](heard)
    if kind == "pagerduty":
        assert (heard.json["event_action"], heard.json["dedup_key"]) == (step.value, "d1")
    else:
        assert (
            heard.path.split("?")[0].rpartition("/")[2]
            == {
                Step.TRIGGER: "alerts",
                Step.ACKNOWLEDGE: "acknowledge",
                Step.RESOLVE: "close",
            }[step]
        )


@pytest.mark.parametrize("kind", KINDS)
def test_the_secret_is_in_no_error_and_no_log(
    server: Server, kind: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    canary = SIGNING if kind == "webhook" else CANARY
    replies = [
        Reply(400, f"no such {CASES[kind][0]} or {canary}".encode()),
        Reply(500, canary.encode()),
        Reply(302, b"", {"Location": f"https://evil.example/{canary}"}),
        Reply(cut="before"),
        Reply(200, json.dumps({"ok": False, "error": canary}).encode()),
        Reply(200, json.dumps({"ok": True, "ts": canary, "requestId": canary}).encode()),
    ]
    said = ""
    for reply in replies:
        server.reply = lambda heard, reply=reply: reply
        try:
            said += make(server, kind)(notification())
        except SyndicError as error:
            said += "".join(traceback.format_exception(error))
    try:
        make(server, kind, resolve=lambda host, port: [("127.0.0.1", 1)])(notification())
    except SyndicError as error:
        said += "".join(traceback.format_exception(error))
    out = capsys.readouterr()
    assert len(server.heard) == len(replies)
    for text in (said, caplog.text, out.out, out.err):
        assert canary not in text
        assert CASES[kind][0] not in text


@pytest.mark.parametrize("kind", ["pagerduty", "jira", "webhook", "slack", "slack_bot", "teams"])
@pytest.mark.parametrize("secret", ["", "short", f"{CANARY}\r\nX-Evil: 1", f"http://127.0.0.1/{CANARY}", "\x00" * 32])
def test_a_secret_of_another_form_is_refused_and_not_shown(server: Server, kind: str, secret: str) -> None:
    channels = TableOfChannels(server.means(secret=secret))
    keep(server, kind)
    said = None
    try:
        channels.send(Destination(kind, "one", CASES[kind][1]), notification())
    except InvalidInputError as error:
        said = "".join(traceback.format_exception(error))
    if said is not None:
        assert CANARY not in said
        assert server.connections == 0
    else:  # any word may be a token
        assert kind in {"slack_bot", "jira"}
        assert all("X-Evil" not in one.headers for one in server.heard)


@pytest.mark.parametrize(
    ("destination", "said"),
    [
        (Destination("telegram"), "channel"),
        (Destination("slack"), "needs the name of a secret"),
        (Destination("email", "one", {"to": "a@example.org"}), "needs no secret"),
        (Destination("email", None, {"to": "nobody"}), "option to"),
        (Destination("slack", "one", {"channel": "C1"}), "option 'channel'"),
        (Destination("slack_bot", "one"), "option channel"),
        (Destination("slack_bot", "one", {"channel": "a b"}), "option channel"),
        (Destination("pagerduty", "one", {"region": "mars"}), "option region"),
        (Destination("jira", "one", {"base": "https://evil.example/v2"}), "option base"),
        (Destination("jira", "one", {"base": "https://api.opsgenie.com.evil.example/v2"}), "option base"),
        (Destination("jira", "one", {"base": "https://api.opsgenie.com/v2?x=1"}), "option base"),
        (Destination("webhook", "one", {"url": "http://hooks.example.org/"}), "option url"),
        (Destination("webhook", "one", {"url": "https://10.0.0.1/"}), "option url"),
    ],
)
def test_a_receiver_that_cannot_be_reached_is_refused_when_it_is_set(
    server: Server, destination: Destination, said: str
) -> None:
    with pytest.raises(InvalidInputError, match=said):
        TableOfChannels(server.means(secret=CANARY)).check(destination)
