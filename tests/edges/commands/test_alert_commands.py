"""`syndic alerts`: every verb, against the API of this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from syndic.cli.shell.frame import run
from tests.edges.world import MODEL, World

pytestmark = pytest.mark.enable_socket
BIAS = f"{MODEL}.bias"
RULES = """alert_rules:
  - {name: looked, title: looked at, when: 'evidence["drift.run"].facts.verdict != "x"'}
  - {name: silent, title: silent, absent: {evidence: capture.intake, after: 2d}}
"""


@pytest.fixture
def world(wire: Callable[[str], World], reached_by_commands: None) -> World:
    return wire("checked")


@pytest.fixture
def say(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def syndic(*words: str, code: int = 0) -> str:
        got = run(["alerts", *words])
        printed, err = capsys.readouterr()
        assert got == code, (printed, err)
        lines = (printed + err).splitlines(keepends=True)
        return "".join(line for line in lines if not line.startswith('{"_aws"'))

    return syndic


def test_an_alert_is_led_through_its_life(world: World, say: Callable[..., str]) -> None:
    assert BIAS in say("list", "--state", "open")
    assert "acknowledged" in say("ack", BIAS, "--note", "known")
    assert "acknowledged" in say("assign", BIAS, "--to", "ana@example.org")
    assert "snoozed" in say("snooze", BIAS, "--for", "2026-03-10T00:00:00")
    assert say("list", "--state", "open", "--json").count(BIAS) == 0
    assert "resolved" in say("resolve", BIAS, "--reason", "justified, see DPIA 7")
    assert "open" in say("reopen", BIAS)
    say("comment", BIAS, "asked the dealer")
    shown = say("show", BIAS)
    for said in ("known", "assignee ana@example.org", "until 2026-03-10", "DPIA 7", "asked the dealer"):
        assert said in shown
    assert "nobody.drift" in say("ack", BIAS, "nobody.drift", code=1)
    assert "is no length such as 4h" in say("snooze", BIAS, "--for", "soon", code=2)


def test_silences_are_made_listed_and_ended(world: World, say: Callable[..., str]) -> None:
    assert say("silence") == "no silences\n"
    made = json.loads(say("silence", f'model="{MODEL}"', "--for", "2026-03-10T00:00", "--comment", "moving", "--json"))
    assert made["id"] in say("silence")
    assert "ended" in say("silence", "--end", made["id"])
    assert "--comment" in say("silence", "a=b", code=2)
    assert "matchers[0]" in say("silence", "a", "--for", "2026-03-10T00:00", "--comment", "x", code=2)


def test_receivers_routes_and_rules_are_tried(world: World, say: Callable[..., str], tmp_path: Path) -> None:
    file = tmp_path / "alerting.yaml"
    file.write_text(RULES)
    rules = say("rules", "--file", str(file))
    assert "looked: holds now for 1 of 1 models" in rules
    assert "in 30 days: 1 alerts at 1 models; would have told owners 1 times" in rules
    assert "silent: holds now for" in rules
    assert say("rules") == "no rules\n"
    assert "would have told" in say("routes")
    file.write_text("alerting:\n  route: {receiver: owners, repeat_interval: 0s}\n")
    assert "owners: would have told" in say("routes", "--file", str(file))
    assert "alert_rules" in say("rules", "--file", str(file), code=2)
    for wrong in ("- a", "a: [", "\x00"):
        file.write_text(wrong)
        assert "alerting.yaml" in say("rules", "--file", str(file), code=2)
        assert "alerting.yaml" in say("routes", "--file", str(file), code=2)
    assert "there is no receiver nobody" in say("test", "nobody", code=2)
