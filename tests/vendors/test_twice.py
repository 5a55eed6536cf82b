"""`make deploy` creates first and protects afterwards: what failed to be created is deletable."""

from __future__ import annotations

from datetime import UTC, datetime

import boto3
import pytest

from cdk.exists import exists
from tests.infra.conftest import ROOT
from tests.vendors.clients import Account


@pytest.mark.parametrize(
    ("status", "there"),
    [
        ("CREATE_COMPLETE", True),
        ("UPDATE_COMPLETE", True),
        ("UPDATE_ROLLBACK_COMPLETE", True),
        ("ROLLBACK_COMPLETE", False),  # a creation that failed: nothing of it is there
        ("REVIEW_IN_PROGRESS", False),
        ("ValidationError", False),
    ],
)
def test_a_stack_is_there_once_it_was_created(monkeypatch: pytest.MonkeyPatch, status: str, there: bool) -> None:
    stack = {"StackName": "Syndic", "CreationTime": datetime(2026, 11, 30, tzinfo=UTC), "StackStatus": status}
    answer = status if status == "ValidationError" else {"Stacks": [stack]}
    client = Account({"cloudformation.DescribeStacks": answer})("cloudformation")
    monkeypatch.setattr(boto3, "client", lambda _: client)
    assert exists() is there


def test_it_is_protected_by_the_second_deployment_only() -> None:
    recipe = (ROOT / "Makefile").read_text("utf-8").split("\ndeploy: ")[1].split("\n\n")[0]
    first, second = [line for line in recipe.splitlines() if "bin/cdk deploy" in line]
    assert "cdk.exists $(STACK) ||" in first
    assert "protect" not in first
    assert "-c protect=yes " in second
    assert second.endswith(" $(OPTIONS)"), "what the deployer says comes last, and counts"
