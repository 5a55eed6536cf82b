from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache

import pytest

from functions import wiring
from functions.api.handler import handler
from tests.edges.cloning import cloned
from tests.edges.deploying import DEPLOYMENT_WORLDS
from tests.edges.mirroring import MIRROR_WORLDS
from tests.edges.serving import served
from tests.edges.world import WORLDS, World


class Context:
    """What Lambda tells a function about its call."""

    function_name = "syndic"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:syndic"
    aws_request_id = "request-1"


@cache
def made(name: str) -> World:
    """The world of that name, which nobody changes."""
    return {**WORLDS, **DEPLOYMENT_WORLDS, **MIRROR_WORLDS}[name]()


@pytest.fixture
def context() -> Context:
    return Context()


@pytest.fixture
def wire(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], World]:
    """Wire the real handlers to a world of that name: a copy, so that it is as it was for the next test."""

    def put(name: str) -> World:
        world = cloned(made(name))
        monkeypatch.setattr(wiring, "wired", lambda: world)
        return world

    return put


@pytest.fixture
def reached_by_commands(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The API of this process behind the address and the token, an admin's, that commands read from the shell."""
    monkeypatch.setenv("SYNDIC_TOKEN", "admin")
    with served(handler, Context()) as (address, broken):
        monkeypatch.setenv("SYNDIC_API", address)
        yield
    assert broken == []
