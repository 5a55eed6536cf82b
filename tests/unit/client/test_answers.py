from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import httpx
import msgspec
import pytest

from functions.api.problems import CODES, OFF_DESCRIPTION, OWN, STATUS
from syndic_client import AsyncGovernanceClient, GovernanceClient, errors, frame_of
from syndic_client.errors import BY_CODE, BY_STATUS, error_of
from syndic_client.schemas import DriftPolicy, Severity, Stages


def client(*answers: httpx.Response, **options: Any) -> GovernanceClient:
    left = list(answers)
    transport = httpx.MockTransport(lambda _: left.pop(0) if len(left) > 1 else left[0])
    return GovernanceClient("https://s.example", **{"token": "t", "transport": transport, **options})


def test_codes_and_statuses_are_those_of_the_api() -> None:
    codes = {code: next(STATUS[one] for one in kind.__mro__ if one in STATUS) for kind, code in CODES.items()} | OWN
    assert set(BY_CODE) <= set(codes)
    assert OFF_DESCRIPTION not in BY_CODE
    assert {int(one) for one in STATUS.values()} - {405, 415, 500} <= set(BY_STATUS)
    for code, status in codes.items():
        told = error_of(status, json.dumps({"code": code, "detail": "said"}).encode())
        assert isinstance(told, BY_STATUS.get(status, errors.ApiError))
        assert (told.code, told.detail, told.status) == (code, "said", status)


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        (b'{"message": "Forbidden"}', "Forbidden"),
        (b"<html><body><h1>502 Bad Gateway</h1></body></html>", "502 Bad Gateway"),
        (b"", "the answer does not say why"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"[1]", "[1]"),
        (b'{"detail": 7}', '{"detail": 7}'),
    ],
)
def test_what_is_no_problem_document_is_told_all_the_same(body: bytes, detail: str) -> None:
    assert error_of(403, body).detail == detail
    assert isinstance(error_of(507, body), errors.ServerError)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>sign in</html>"),
        httpx.Response(302, headers={"location": "https://elsewhere.example"}),
        httpx.Response(200, json={"id": 7}),
        httpx.Response(200, content=b"\xff"),
    ],
)
def test_what_something_in_between_answers_is_no_model(answer: httpx.Response) -> None:
    with pytest.raises(errors.UnreadableAnswerError):
        client(answer).models.get("one")


def test_a_list_that_does_not_end_is_noticed() -> None:
    page = httpx.Response(200, json={"models": [], "next_token": "again"})
    with pytest.raises(errors.UnreadableAnswerError, match="does not end"):
        client(page).models.list().all()


def test_words_and_fields_of_a_newer_api_are_read() -> None:
    read = msgspec.json.decode(b'{"model_id": "m", "of": {"1": "canary"}, "history": [], "new": 1}', type=Stages)

    assert read.of["1"] == "canary"
    assert msgspec.json.decode(b'"apocalyptic"', type=Severity).value == "apocalyptic"
    assert msgspec.json.encode(read.of) == b'{"1":"canary"}'


def test_what_was_read_knows_its_state_and_so_do_its_copies() -> None:
    policy = client(httpx.Response(200, headers={"ETag": '"a1"'}, json={})).drift.get_policy("m")
    changed = policy.with_changes(psi_threshold=0.3)

    assert (policy.etag, changed.etag, DriftPolicy().etag) == ('"a1"', '"a1"', None)
    assert changed.psi_threshold == 0.3
    assert "etag" not in json.loads(msgspec.json.encode(changed))


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"base_url": "syndic.example"}, "base_url is an address"),
        ({"base_url": "ftp://s.example"}, "base_url is an address"),
        ({"base_url": "https://s.example?x=1"}, "base_url is an address"),
        ({"base_url": "https://me:secret@s.example"}, "holds a password"),
        ({"base_url": "http://s.example"}, "over http everybody"),
        ({"token": None}, "either api_key or token"),
        ({"api_key": "k"}, "either api_key or token"),
        ({"token": " "}, "is empty"),
        ({"token": "a\nX-Evil: 1"}, "holds what no key holds"),
    ],
)
@pytest.mark.parametrize("kind", [GovernanceClient, AsyncGovernanceClient])
def test_what_cannot_be_used_is_told_at_once(kind: Any, options: dict[str, Any], told: str) -> None:
    with pytest.raises(errors.ConfigurationError, match=told) as error:
        kind(**{"base_url": "https://s.example", "token": "t", **options})
    assert "secret" not in str(error.value) or "password" not in told


@pytest.mark.parametrize("base", ["https://s.example", "https://s.example/", "https://s.example/api/v1/"])
def test_an_address_may_be_written_either_way(base: str) -> None:
    seen: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(str(request.url))
        return httpx.Response(200, json={})

    GovernanceClient(base, api_key="k", transport=httpx.MockTransport(answer)).request("GET", "health")
    assert seen == ["https://s.example/api/v1/health"]


def test_a_report_is_waited_for_and_compared_with_its_fingerprint() -> None:
    def told(state: str, sha256: str = "", link: str | None = None) -> httpx.Response:
        job = {
            "id": "r", "request": {}, "requested_at": "2026-03-04T06:00:00Z", "requested_by": "ada", "state": state,
            "sha256": sha256 or None,
        }  # fmt: skip
        return httpx.Response(200, json={"job": job, "link": link})

    digest = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"  # of "hello"
    done = told("done", digest, "https://files.example/r")
    assert client(told("queued"), told("running"), done).reports.wait("r", every=0).job.state == "done"
    with pytest.raises(errors.ReportFailedError, match="could not be made"):
        client(told("failed")).reports.wait("r", every=0)
    with pytest.raises(errors.ReportFailedError, match="not done after 0 s"):
        client(told("queued")).reports.wait("r", timeout=0)
    assert client(done, httpx.Response(200, content=b"hello")).reports.download("r") == b"hello"
    with pytest.raises(errors.UnreadableAnswerError, match="not the one"):
        client(done, httpx.Response(200, content=b"hallo")).reports.download("r")
    with pytest.raises(errors.NotAllowedError):
        client(done, httpx.Response(403, text="<Error>Request has expired</Error>")).reports.download("r")


def test_the_key_does_not_go_where_files_are() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=b"file")

    http = httpx.MockTransport(answer)
    api = GovernanceClient("https://s.example", api_key="k", transport=http)._api
    assert api.fetch("https://files.example/r") == b"file"
    assert "authorization" not in seen[0].headers


def test_tables_take_pandas_and_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    records = [DriftPolicy(psi_threshold=0.2), DriftPolicy(psi_threshold=0.3)]
    assert list(frame_of(records)["psi_threshold"]) == [0.2, 0.3]
    assert len(frame_of([])) == 0
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(errors.PandasMissingError, match=r"syndic-client\[pandas\]"):
        records[0].to_pandas()


def test_nothing_heavy_is_loaded() -> None:
    script = "import sys, syndic_client; print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()

    assert "httpx" in loaded
    assert not {"numpy", "pandas", "pydantic", "sklearn", "mlflow", "scipy", "boto3", "syndic"} & set(loaded)
