"""The quick forms of canonical JSON are those of the reference, or what it refuses is refused."""

from __future__ import annotations

from typing import Any

import pytest
import rfc8785
from hypothesis import example, given
from hypothesis import strategies as st

from syndic.canonical import canonical_json

ODD = (0.0, -0.0, 1.0, -3.0, 1e15, 1e16, 1e20, 1e21, 1e-4, 9.9e-5, 1e-6, 1e-7, 1.5e-300, 2.0**53, 5e-324, 1234567890.0)
NUMBERS = st.floats() | st.integers() | st.sampled_from(ODD)
TEXTS = st.text() | st.sampled_from(
    ["\x00", "\x001e-7\x00", "\\u0000", '"\\u0000', "\ufb33", "\U0001f600", "\u20ac", "\x7f"]
)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner) | st.dictionaries(TEXTS, inner) | st.dictionaries(st.sampled_from("abc"), inner),
)


@given(VALUES)
@example({"a": 1e-7, "b": "\x001e-7\x00"})
@example({"\ufb33": 1.0, "\U0001f600": 5e-05})
@example([1e-7, (2.0, "\\u0000")])
@example({"a": float("nan")})
def test_it_is_what_the_reference_writes(value: Any) -> None:
    try:
        wanted = rfc8785.dumps(value)
    except rfc8785.CanonicalizationError as error:
        with pytest.raises((type(error), UnicodeEncodeError)):
            canonical_json(value)
    else:
        assert canonical_json(value) == wanted
