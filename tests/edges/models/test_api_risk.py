"""The risk profile shows proposal and decision and whether they differ; only a person decides."""

from __future__ import annotations

import json

import pytest

from functions.api.handler import handler
from syndic.compliance.questionnaires.annexes import PRACTICES
from tests.edges.envelopes import api_request
from tests.edges.world import MODEL

PATH = f"/api/v1/models/{MODEL}/risk-profile"
ANSWERS = {"screening": dict.fromkeys(PRACTICES, False), "provider": True, "deployer": True, "annex_i_product": False,
           "area": "5b", "profiling": True}  # fmt: skip


@pytest.fixture
def ask(wire, context):
    wire("governed")

    def asked(method: str, path: str, body: object = None) -> dict:
        headers = {"content-type": "application/json"}
        text = None if body is None else json.dumps(body)
        answer = handler(api_request(method, path, headers=headers, body=text, person="model_owner"), context)
        assert answer["statusCode"] == 200, answer["body"]
        return json.loads(answer["body"])

    return asked


def test_a_proposal_decides_nothing_and_a_decision_may_differ(ask):
    before = ask("GET", PATH)
    assert (before["proposal"]["level"], before["risk"], before["differs"]) == (None, None, None)
    ask("PUT", f"/api/v1/models/{MODEL}/classifications/ai_act", {"answers": ANSWERS})
    answered = ask("GET", PATH)
    assert (answered["proposal"]["level"], answered["proposal"]["firm"]) == ("high", True)
    assert (answered["risk"], answered["differs"]) == (None, None)
    decision = {"level": "limited", "reason": "only used for demonstrations", "profiles_people": True}
    decided = ask("PUT", PATH, decision)
    assert (decided["risk"]["level"], decided["risk"]["decided_by"], decided["differs"]) == ("limited", "olga", True)
    assert ask("PUT", PATH, {**decision, "level": "high"})["differs"] is False
