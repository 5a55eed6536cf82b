from __future__ import annotations

import base64
import json
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.api.guards import MOST_BYTES, MOST_DEPTH, strict_json, with_checked_body
from functions.api.problems import UnsupportedContentError
from syndic.errors import InvalidInputError, SyndicError, TooLargeError

JSON = {"Content-Type": "application/json"}
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)  # fmt: skip


@given(values)
def test_what_can_be_kept_is_read_as_it_is(value: Any) -> None:
    assert strict_json(json.dumps(value)) == value


@given(values)
def test_a_body_passes_as_text_or_as_base64(value: Any) -> None:
    text = json.dumps(value)
    encoded = base64.b64encode(text.encode()).decode()

    plain = with_checked_body({"headers": JSON, "body": text})
    wrapped = with_checked_body({"headers": JSON, "body": encoded, "isBase64Encoded": True})

    assert plain["body"] == wrapped["body"] == text
    assert wrapped["isBase64Encoded"] is False


@given(st.text())
def test_any_text_is_read_or_refused_in_our_words(text: str) -> None:
    try:
        strict_json(with_checked_body({"headers": JSON, "body": text})["body"] or "null")
    except (SyndicError, json.JSONDecodeError) as error:
        assert str(error)  # noqa: PT017


@given(st.binary())
def test_any_bytes_are_decoded_or_refused(data: bytes) -> None:
    event = {"headers": JSON, "body": base64.b64encode(data).decode(), "isBase64Encoded": True}
    try:
        checked = with_checked_body(event)
    except InvalidInputError:
        return
    assert (checked["body"] or "").encode() == data


@pytest.mark.parametrize(
    "text",
    [
        "NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9007199254740993", "1" * 5000, '"\\ud800"', '"\\udfff x"',
        '{"\\ud800": 1}', "", "{", "\ufeff{}", "tru", "'a'", "[1,]", '{"a":}', "0x10", "1 2",
        '{"a": 1, "a": 2}', '[{"b": {"c": 1, "\\u0063": 1}}]',
    ],
)  # fmt: skip
def test_refused(text: str) -> None:
    with pytest.raises(json.JSONDecodeError):
        strict_json(text)


@pytest.mark.parametrize("depth", [MOST_DEPTH, MOST_DEPTH + 1])
def test_nesting_is_limited_and_brackets_in_text_are_not_nesting(depth: int) -> None:
    text = "[" * depth + json.dumps("[{" * 50 + '"\\') + "]" * depth
    event = {"headers": JSON, "body": text}
    if depth <= MOST_DEPTH:
        assert with_checked_body(event)["body"] == text
    else:
        with pytest.raises(InvalidInputError, match="nested deeper"):
            with_checked_body(event)


@pytest.mark.parametrize("encoded", [False, True])
def test_size_is_limited_in_bytes(encoded: bool) -> None:
    def event(size: int) -> dict[str, Any]:
        text = '"' + "é" * ((size - 2) // 2) + '"'
        body = base64.b64encode(text.encode()).decode() if encoded else text
        return {"headers": JSON, "body": body, "isBase64Encoded": encoded}

    with_checked_body(event(MOST_BYTES))
    with pytest.raises(TooLargeError):
        with_checked_body(event(MOST_BYTES + 2))


@pytest.mark.parametrize(
    ("content_type", "taken"),
    [
        ("application/json", True),
        ("Application/JSON; charset=utf-8", True),
        ("application/json5", False),
        ("text/plain", False),
        ("multipart/form-data", False),
        ("", False),
        (None, False),
    ],
)
def test_only_json_is_taken(content_type: str | None, taken: bool) -> None:
    event = {"headers": None if content_type is None else {"content-TYPE": content_type}, "body": "{}"}
    if taken:
        assert with_checked_body(event)["body"] == "{}"
    else:
        with pytest.raises(UnsupportedContentError):
            with_checked_body(event)


def test_no_body_needs_no_type() -> None:
    assert with_checked_body({"headers": None, "body": None})["body"] is None
    assert with_checked_body({"headers": None, "body": ""})["body"] is None


@given(st.floats())
def test_no_number_that_is_none_gets_in(number: float) -> None:
    text = json.dumps(number)
    if math.isfinite(number):
        assert strict_json(text) == number
    else:
        with pytest.raises(json.JSONDecodeError):
            strict_json(text)
