"""Expressions: as cel-python answers them, bounded, and without an answer where a fact is missing."""

from __future__ import annotations

import celpy
import pytest
from celpy.adapter import json_to_cel
from hypothesis import given
from hypothesis import strategies as st

from syndic.compliance.definitions.load import built_in
from syndic.errors import InvalidInputError, NoAnswerError
from syndic.expressions.evaluate import STEPS, compile_expression

NAMES = frozenset({"a", "b", "c", "items", "word", "when"})


def ours(text: str, facts: dict) -> object:
    try:
        return compile_expression(text, names=NAMES).value(facts)
    except NoAnswerError:
        return NoAnswerError


def theirs(text: str, facts: dict) -> object:
    environment = celpy.Environment()
    program = environment.program(environment.compile(text))
    try:
        return program.evaluate({name: json_to_cel(value) for name, value in facts.items()})
    except celpy.CELEvalError:
        return NoAnswerError


FACTS = {
    "a": {"x": 1, "y": 2.5, "s": "text", "t": True, "n": None, "deep": {"z": [1, 2, 3]}},
    "b": {"x": 2, "flag": False},
    "c": 3,
    "items": [1, 2, 3],
    "word": "drift",
}

SAME = [
    "a.x == 1", "a.x != b.x", "a.x < b.x && !b.flag", "a.t || a.missing", "a.missing || a.t", "b.flag && a.missing",
    "a.missing && b.flag", "a.missing && a.t", "a.missing || b.flag", 'a.s == "text"', 'a["s"] in ["text", "word"]',
    "c in items", "4 in items", "size(items) == 3", "size(word) == 5", 'word.startsWith("dr")', 'word.contains("if")',
    'word.endsWith("x")', "items.exists(i, i > 2)", "items.all(i, i > 0)", "items.all(i, i > 1)",
    "items.exists_one(i, i == 2)", "has(a.x)", "has(a.nothing)", "!has(a.nothing) || a.nothing > 1",
    "a.x + b.x * c == 7", "-a.x < 0", 'word + "s" == "drifts"', "a.t ? c : 0", "a.n == null",
    "a.t == true", "a.deep.z[1] == 2", "a.deep.z[9] == 2", 'word < "e"', "word > 1",
    "a.y > 2 && a.y < 3", "(a.x == 1 || b.flag) && (c > 2)", '"x" in a', '"q" in a', "a.x >= 1 && a.x <= 1",
    'timestamp("2026-11-21T00:00:00Z") < timestamp("2026-11-22T00:00:00Z") && a.t',
    'timestamp("2026-11-22T00:00:00Z") - timestamp("2026-11-21T00:00:00Z") == duration("24h") && a.t',
]  # fmt: skip


@pytest.mark.parametrize("text", SAME)
def test_an_accepted_expression_means_what_cel_python_says(text):
    assert ours(text, FACTS) == theirs(text, FACTS)


@given(
    st.lists(st.integers(-5, 5), max_size=6), st.integers(-5, 5), st.sampled_from(["exists", "all", "exists_one"]),
    st.sampled_from(["<", "<=", "==", "!=", ">", ">="]),
)  # fmt: skip
def test_macros_agree_with_cel_python_on_any_list(items, limit, macro, comparison):
    text = f"items.{macro}(i, i {comparison} c)"
    assert ours(text, {"items": items, "c": limit}) == theirs(text, {"items": items, "c": limit})


@given(st.recursive(st.sampled_from(["a.t", "b.flag", "a.missing", "a.x == 1"]),
                    lambda inner: st.builds("({} {} {})".format, inner, st.sampled_from(["&&", "||"]), inner),
                    max_leaves=8))  # fmt: skip
def test_logic_with_missing_facts_agrees_with_cel_python(text):
    assert ours(text, FACTS) == theirs(text, FACTS)


def test_every_shipped_expression_is_accepted_by_cel_python():
    environment = celpy.Environment()
    texts = {it.text for compiled in built_in().values() for it in compiled.expressions.values()}
    assert len(texts) > 30
    for text in texts:
        environment.program(environment.compile(text))


@pytest.mark.parametrize(
    ("text", "answer"),
    [('a.x == "1"', False), ("a.x != null", True), ("a.t == 1", False), ("a.x in [true]", False), ("a.x == 1.0", True)],
)
def test_values_of_different_types_are_not_equal_as_the_cel_specification_says(text, answer):
    # cel-python 0.5 still raises here, as CEL did before equality across types was specified
    assert ours(text, FACTS) is answer


def test_text_is_not_taken_for_true():
    assert ours("a.s && a.t", FACTS) is NoAnswerError


def test_a_missing_fact_is_no_answer_and_is_named():
    with pytest.raises(NoAnswerError, match=r"does not state a\.coverage"):
        compile_expression("a.coverage > 0.9", names=NAMES).holds({"a": {}})


def test_what_is_not_true_or_false_is_no_answer():
    with pytest.raises(NoAnswerError, match="gives text"):
        compile_expression("word", names=NAMES).holds(FACTS)


def test_not_a_number_never_passes():
    for comparison in ("<", ">", "<=", ">="):
        with pytest.raises(NoAnswerError):
            compile_expression(f"c {comparison} 1", names=NAMES).holds({"c": float("nan")})


def test_it_says_which_facts_it_reads():
    expression = compile_expression('a.deep.z[0] == 1 && b["x"] > c && items.exists(i, i > a.x)', names=NAMES)
    assert expression.paths == {"a.deep.z", "b.x", "c", "items", "a.x"}


@pytest.mark.parametrize(
    ("text", "line", "column"), [("a.x = 1", 1, 5), ("a.x == 1 &&\n  && b.x", 2, 3), ("a.x > q.y", 1, 7)]
)
def test_a_mistake_is_told_with_its_line_and_column(text, line, column):
    with pytest.raises(InvalidInputError) as refused:
        compile_expression(text, names=NAMES)
    assert (refused.value.line, refused.value.column) == (line, column)


@pytest.mark.parametrize(
    "text",
    [
        "items.map(i, i * 2) == items",
        "items.filter(i, i > 1) == items",
        'word.matches("(a+)+$")',
        "dyn(a)",
        "type(a)",
        "a / 2 > 1",
        "c % 2 == 0",
        "a{x: 1}",
        '{"k": a} == a',
        'b"bytes" == word',
        "1u == c",
        ".a",
        "1 == 1",
        "true",
        'open("f") == a',
        "a.__class__()",
        "items.exists(i, items.exists(j, i == j))",
        "items.exists(1, true)",
        "has(a)",
        "size(a, b) == 1",
        "(" * 25 + "c" + ")" * 25,
        "!" * 60 + "a.t",
        "c " + "+ c " * 120,
        "c + 1" * 900,
    ],
)
def test_what_has_no_bound_or_no_meaning_here_is_refused(text):
    with pytest.raises(InvalidInputError):
        compile_expression(text, names=NAMES)


def test_the_longest_list_ends_at_the_budget():
    expression = compile_expression("items.exists(i, i == 1 && i == 2)", names=NAMES)
    with pytest.raises(NoAnswerError, match=f"more than {STEPS} steps"):
        expression.holds({"items": list(range(9_999))})
    with pytest.raises(NoAnswerError, match="limit is"):
        expression.holds({"items": list(range(20_000))})


def test_numbers_cannot_grow_without_bound():
    with pytest.raises(NoAnswerError, match="64-bit"):
        compile_expression("c * c > 1", names=NAMES).holds({"c": 2**62})


@given(st.text(max_size=60))
def test_any_text_is_either_an_expression_or_refused(text):
    try:
        compile_expression(text, names=NAMES)
    except InvalidInputError:
        return


def test_facts_are_not_changed():
    facts = {"a": {"x": [1]}}
    compile_expression("a.x == [1]", names=NAMES).holds(facts)
    assert facts == {"a": {"x": [1]}}
