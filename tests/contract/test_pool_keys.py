"""The user pool's page of keys, over a connection: what does not answer is no refusal of whoever asked."""

from __future__ import annotations

import pytest

from syndic.adapters.issuer_keys import fetch_own
from syndic.errors import UnavailableError
from tests.local_server import local_server


def test_the_page_is_read() -> None:
    with local_server(lambda *_: (200, {}, b'{"keys": []}')) as address:
        assert fetch_own(f"{address}/keys") == b'{"keys": []}'


@pytest.mark.parametrize("status", [301, 403, 404, 500])
def test_another_answer_is_said(status: int) -> None:
    said = local_server(lambda *_: (status, {"Location": "/"}, b""))
    with said as address, pytest.raises(UnavailableError, match=str(status)):
        fetch_own(f"{address}/keys")


def test_silence_is_said() -> None:
    with pytest.raises(UnavailableError, match="cannot be had"):
        fetch_own("http://127.0.0.1:9/keys")
