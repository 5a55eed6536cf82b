from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

import pytest

from functions.api import problems, resolver
from functions.api.handler import handler
from functions.api.routes.platform import overview
from syndic import errors
from syndic.errors import SyndicError, UnavailableError

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, SyndicError)]


def health(monkeypatch: pytest.MonkeyPatch, raised: Exception) -> dict[str, Any]:
    """Ask for health while it raises."""

    def broken() -> None:
        raise raised

    resolver.load("platform.overview")
    route = next(one for one in resolver.app._static_routes if one.path == "/api/v1/health")
    monkeypatch.setattr(route, "_middleware_stack", lambda *_a, **_k: broken())
    monkeypatch.setattr(route, "_middleware_stack_built", True)
    return handler({"httpMethod": "GET", "path": "/api/v1/health", "headers": {}, "requestContext": {}}, None)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_error_has_a_status(kind: type[SyndicError]) -> None:
    status = problems.status_of(kind("said in one sentence"))

    assert 400 <= status < 500 or issubclass(kind, UnavailableError) or kind is SyndicError


def test_every_kind_of_problem_has_a_code_of_its_own() -> None:
    assert set(problems.STATUS) <= set(problems.CODES)
    codes = [*problems.CODES.values(), *problems.OWN, problems.OFF_DESCRIPTION]
    assert len(set(codes)) == len(codes)


def test_every_error_that_names_its_code_has_a_status_for_it() -> None:
    resolver.description()  # loads every concern

    def below(kind: type[SyndicError]) -> set[type[SyndicError]]:
        return {kind}.union(*(below(one) for one in kind.__subclasses__()))

    assert {kind.code for kind in below(SyndicError) if kind.code is not None} == set(problems.OWN)


def test_docstring_of_the_tree_and_the_table_agree() -> None:
    said = {
        line.split()[1]: int(line.rpartition("(")[2].split(",")[0].rstrip(")"))
        for line in (errors.__doc__ or "").splitlines()
        if "Error " in line and line.rstrip().endswith(")") and "── " in line
        for line in [line.replace("│", " ").replace("├──", "").replace("└──", "").strip()]
        for line in [f"x {line}"]
    }

    assert len(said) == len(KINDS) - 1
    assert said == {kind.__name__: problems.status_of(kind("x")).value for kind in KINDS if kind is not SyndicError}


def test_an_error_nobody_planned_shows_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    response = health(monkeypatch, RuntimeError("password=hunter2"))

    assert response["statusCode"] == 500
    assert "hunter2" not in json.dumps(response)
    assert "Traceback" not in json.dumps(response)
    assert "hunter2" in caplog.text


def test_a_planned_error_is_told_in_its_own_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    response = health(monkeypatch, UnavailableError("the table did not answer"))

    assert response["statusCode"] == 503
    assert json.loads(response["body"]) == {
        "type": "about:blank",
        "title": "Service Unavailable",
        "status": 503,
        "code": "unavailable",
        "detail": "the table did not answer",
        "errors": [],
    }
    assert response["multiValueHeaders"]["Content-Type"] == [problems.PROBLEM_JSON]
    assert response["multiValueHeaders"]["Cache-Control"] == ["no-store"]


def test_health_says_only_that_it_answers() -> None:
    assert overview.Health().model_dump() == {"status": "ok"}
    assert HTTPStatus.OK == 200
