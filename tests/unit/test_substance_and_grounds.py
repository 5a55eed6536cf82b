"""Whether a text says something, and which ground of discrimination a name stands for."""

from __future__ import annotations

import pytest

from syndic.grounds import crossed, ground_of
from syndic.substance import says_something


@pytest.mark.parametrize(
    "text",
    ["", " ", "x", "-", "tbd", "n/a", "TBD " * 30, "see above", "none none none none none", "a b c d e f g h i j k",
     "aaaaaaa bbbbbbb ccccccc ddddddd", "lorem ipsum dolor sit amet", "12345 67890 12345", None, 7, [], "ok ok ok fine",
     "\u200b\u200b\u200b", "..........", "reason reason reason reason reason"],
)  # fmt: skip
def test_what_says_nothing(text):
    assert not says_something(text)


@pytest.mark.parametrize(
    "text",
    ["It only sorts incoming files.", "Prüft nur, ob das Formular vollständig ist.",
     "\u4ec5\u5bf9\u7533\u8bf7\u8868\u683c\u7684\u5b8c\u6574\u6027\u8fdb\u884c\u68c0\u67e5",
     "Εξετάζει μόνο την πληρότητα του εντύπου."],
)  # fmt: skip
def test_what_says_something(text):
    assert says_something(text)


@pytest.mark.parametrize(
    ("name", "ground"),
    [("sex", "sex"), ("applicantGender", "sex"), ("Geschlecht", "sex"), ("género", "sex"),
     ("race", "race_or_ethnicity"), ("ethnic_origin", "race_or_ethnicity"), ("age_group", "age"), ("age", "age"),
     ("weekday", None), ("agent", None),
     ("page", None), ("trace", None), ("income", None), ("", None), ("essex", None),
     ("marital-status", "marital_status"), ("disability", "disability")],
)  # fmt: skip
def test_a_name_tells_its_ground_or_none(name, ground):
    assert ground_of(name) == ground


def test_grounds_together_are_named_in_one_order():
    assert crossed(["sex", "race"]) == crossed(["ethnicity", "gender"]) == "race_or_ethnicity & sex"
    assert crossed(["sex", "weekday"]) is None
    assert crossed([]) is None
