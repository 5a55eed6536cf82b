from __future__ import annotations

from collections.abc import Callable

import pytest

from functions import wiring
from tests.edges.deploying import DEPLOYMENT_WORLDS
from tests.edges.mirroring import MIRROR_WORLDS
from tests.edges.world import WORLDS, World


class Context:
    """What Lambda tells a function about its call."""

    function_name = "syndic"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:syndic"
    aws_request_id = "request-1"


@pytest.fixture
def context() -> Context:
    return Context()


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], World]:
    """Wire the real handlers to a world of that name."""

    def put(name: str) -> World:
        world = {**WORLDS, **DEPLOYMENT_WORLDS, **MIRROR_WORLDS}[name]()
        monkeypatch.setattr(wiring, "wired", lambda: world)
        return world

    return put
