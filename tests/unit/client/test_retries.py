from __future__ import annotations

import random
from datetime import UTC, datetime

import httpx
import pytest

from syndic_client import GovernanceClient, Retries, errors
from syndic_client._sync import transport
from syndic_client.retries import PASSING, retry_after_of

NOW = datetime(2026, 3, 4, 6, tzinfo=UTC)
MODEL = {"error": "none"}


class Api:
    """Answers from a list, and the waits in between."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: httpx.Response | type[httpx.TransportError]) -> None:
        self.answers, self.seen, self.waits = list(answers), list[httpx.Request](), list[float]()
        monkeypatch.setattr(transport.time, "sleep", self.waits.append)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        answer = self.answers.pop(0)
        if isinstance(answer, httpx.Response):
            return answer
        raise answer("broken", request=request)

    def client(self, **options: float) -> GovernanceClient:
        retries = Retries(draw=lambda: 1.0, **options)  # type: ignore[arg-type]
        return GovernanceClient("https://s.example", token="t", retries=retries, transport=httpx.MockTransport(self))


def refused(status: int, **headers: str) -> httpx.Response:
    return httpx.Response(status, headers=headers, json={"detail": "later"})


def done() -> httpx.Response:
    return httpx.Response(200, json={})


@pytest.mark.parametrize("status", sorted(PASSING))
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_what_passes_is_tried_again_under_one_key(method: str, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    api = Api(monkeypatch, refused(status), refused(status), done())
    api.client().request(method, "/models/one", body=None if method == "GET" else {})

    assert len(api.seen) == 3
    assert api.waits == [0.5, 1.0]
    keys = {request.headers.get("idempotency-key") for request in api.seen}
    assert len(keys) == 1
    assert (keys == {None}) is (method == "GET")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 412, 413, 422, 500, 501])
def test_what_does_not_pass_is_told_at_once(status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    api = Api(monkeypatch, refused(status))
    with pytest.raises(errors.ApiError) as error:
        api.client().models.register(name="x")

    assert (error.value.status, len(api.seen)) == (status, 1)


def test_patience_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    api = Api(monkeypatch, *[refused(503)] * 4)
    with pytest.raises(errors.UnavailableError):
        api.client().models.get("one")

    assert api.waits == [0.5, 1.0, 2.0]


@pytest.mark.parametrize(
    ("broken", "kind"), [(httpx.ConnectError, errors.NoAnswerError), (httpx.ReadTimeout, errors.TimedOutError)]
)
def test_no_answer_at_all(broken: type, kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    api = Api(monkeypatch, *[broken] * 4)
    with pytest.raises(kind, match="got no answer in 4 attempts"):
        api.client().models.get("one")


def test_a_server_that_asks_to_wait_is_not_asked_earlier(monkeypatch: pytest.MonkeyPatch) -> None:
    api = Api(monkeypatch, refused(429, **{"Retry-After": "7"}), done())
    api.client().request("GET", "/models/one")

    assert len(api.waits) == 1
    assert 7 <= api.waits[0] <= 8


def test_one_that_asks_for_too_much_is_left_to_the_caller(monkeypatch: pytest.MonkeyPatch) -> None:
    api = Api(monkeypatch, refused(429, **{"Retry-After": "3600"}))
    with pytest.raises(errors.RateLimitedError) as error:
        api.client().models.get("one")

    assert error.value.retry_after == 3600
    assert api.waits == []


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("0", 0.0), ("120", 120.0), ("Wed, 04 Mar 2026 06:00:30 GMT", 30.0), ("Wed, 04 Mar 2026 05:00:00 GMT", 0.0),
        ("", None), ("soon", None), ("-1", None), ("nan", None), ("1e3", None), ("\uff11", None),
        ("Wed, 99 Mar 2026 06:00:30 GMT", None), ("9" * 400, float("inf")),
    ],
)  # fmt: skip
def test_retry_after_is_seconds_or_a_date(text: str, seconds: float | None) -> None:
    assert retry_after_of({"retry-after": text}, NOW) == seconds


def test_waits_are_spread_and_bounded() -> None:
    retries = Retries(attempts=40, draw=random.Random(7).random)  # noqa: S311
    waits = [wait for attempt in range(1, 40) if (wait := retries.wait(attempt, 503, None)) is not None]

    assert len(waits) == 39
    assert all(0.25 <= wait <= 8 for wait in waits)
    assert len(set(waits[5:])) == 34


def test_a_token_is_asked_for_each_attempt(monkeypatch: pytest.MonkeyPatch) -> None:
    api = Api(monkeypatch, refused(503), done())
    tokens = iter(["old", "new"])
    http = httpx.MockTransport(api)
    GovernanceClient("https://s.example", token=lambda: next(tokens), transport=http).request("GET", "/models/one")

    assert [request.headers["authorization"] for request in api.seen] == ["Bearer old", "Bearer new"]
