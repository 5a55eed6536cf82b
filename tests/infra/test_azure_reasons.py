"""ARM's nested errors as one sentence: the innermost said, once, nothing secret, not too long."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.azure_stack.reasons import LONGEST, codes, reason

LEAF = {"code": "SkuNotAvailable", "message": "FC1 is not offered here."}
SAID = "SkuNotAvailable: FC1 is not offered here."
WRAPPED = json.dumps({"error": {"code": "C", "message": "y", "details": [LEAF]}})
PATH = "/subscriptions/s/resourceGroups/g/providers/Microsoft.Web/sites/app"
JWT = "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhcm4ifQ.c2lnbmF0dXJl"
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["error", "code", "message", "details", "innererror", "target"]), inner, max_size=4
        )
    ),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("given_error", "said"),
    [
        ({"error": LEAF}, SAID),
        ({"code": "DeploymentFailed", "message": "See details.", "details": [LEAF, LEAF]}, SAID),
        ({"code": "Conflict", "message": json.dumps({"error": LEAF})}, SAID),
        ({"code": "A", "details": [{"code": "B", "message": WRAPPED}, {"code": "D", "message": "other"}]},
         f"{SAID}; D: other"),
        ({"code": "OnlyACode"}, "OnlyACode"),
        ({"code": "X", "message": "gone", "target": PATH}, "X: gone (Microsoft.Web/sites/app)"),
        ({"message": "a\n  b"}, "a b"),
        (None, "no reason was given"),
        ({}, "no reason was given"),
    ],
)  # fmt: skip
def test_the_innermost_reason_is_said_once(given_error: Any, said: str) -> None:
    assert reason(given_error) == said


@pytest.mark.parametrize("secret", [
    "https://bucket.s3.amazonaws.com/one.zip?X-Amz-Signature=SECRET&X-Amz-Security-Token=SECRET",
    "https://host.blob.core.windows.net/c/b?sv=2021&sig=SECRET%3D",
    f"client_assertion={JWT}", f"Bearer {JWT}", "authorization: bearer SECRET", "AccountKey=SECRET==;EndpointSuffix=x",
    "InstrumentationKey=SECRET;IngestionEndpoint=https://x/",
])  # fmt: skip
def test_nothing_that_opens_something_is_said(secret: str) -> None:
    said = reason({"code": "Bad", "message": f"could not use {secret} at all"})
    assert "SECRET" not in said
    assert "eyJ" not in said
    assert said.startswith("Bad: could not use ")
    assert said.endswith("at all")


def test_codes_are_found_at_any_depth() -> None:
    inner = json.dumps({"error": {"code": "DeploymentActive", "message": "wait"}})
    assert codes({"error": {"code": "Conflict", "message": inner, "details": [LEAF]}}) == {
        "Conflict", "DeploymentActive", "SkuNotAvailable",
    }  # fmt: skip


@given(VALUES)
def test_any_answer_has_a_reason_of_one_short_line(value: Any) -> None:
    said = reason(value)
    assert 0 < len(said) <= LONGEST
    assert "\n" not in said
    codes(value)


def test_an_endless_error_ends() -> None:
    error: dict[str, Any] = dict(LEAF)
    for _ in range(200):
        error = {"code": "Wrapped", "message": "more", "details": [error]}
    assert len(reason(error)) <= LONGEST
