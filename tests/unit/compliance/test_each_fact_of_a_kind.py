"""A requirement that reads a kind of evidence reads each fact by which that kind can say the contrary.

Each fact that evidence may hold is read off what makes it, so that a new one has to be put into a table here: as one
that says something against somebody, with the value that says it, or as one that does not. Every requirement of every
pack is then asked by the engine itself: with everything on record and that one fact turned, it is met no more, or
stands with its reason in `APART`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import syndic
from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.rules.judge import evaluate
from syndic.models import EvidenceStatus
from tests.unit.compliance.conftest import OTHER_ANSWERS, wanted
from tests.unit.compliance.facts_of_kinds import AGAINST, APART, MADE_BY, NEUTRAL, Turn

SOURCES = Path(syndic.__file__).parent
REQUIREMENTS = {it.id: it for compiled in built_in().values() for it in compiled.framework.requirements}


def reads(requirement_id: str) -> set[str]:
    return {need.kind for check in REQUIREMENTS[requirement_id].checks for need in check.needs}


# --- each fact is known ---


def _names(tree: ast.AST) -> Iterator[str]:
    """The names of facts that a module writes: keys of what is called facts, or returned or named for it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Dict):
            yield from (key.value for key in node.keys if isinstance(key, ast.Constant) and isinstance(key.value, str))
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Subscript):
            name = node.targets[0].slice
            if isinstance(name, ast.Constant) and isinstance(name.value, str):
                yield name.value


def _makes_evidence(tree: ast.AST) -> bool:
    return any(
        isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Evidence"
        for node in ast.walk(tree)
    )


PARSED = {
    path.relative_to(SOURCES).as_posix(): ast.parse(path.read_text("utf-8")) for path in sorted(SOURCES.rglob("*.py"))
}


def test_whatever_makes_evidence_is_known():
    assert {name for name, tree in PARSED.items() if _makes_evidence(tree)} == set(MADE_BY)


@pytest.mark.parametrize("module", MADE_BY)
def test_each_fact_of_evidence_is_said_to_speak_against_somebody_or_not(module):
    kinds = MADE_BY[module]
    known = {name for kind in kinds for turn in AGAINST.get(kind, ()) for name in turn.facts}
    known |= {name for kind in kinds for name in NEUTRAL.get(kind, ())}
    new = sorted(set(_names(PARSED[module])) - known) if kinds else []
    assert new == [], "put it into AGAINST or NEUTRAL of tests/unit/compliance/facts_of_kinds.py"


def test_each_kind_that_a_check_reads_is_in_the_table():
    read = {kind for name in REQUIREMENTS for kind in reads(name)}
    measured = {kind for kind in read if not kind.startswith(("classification.", "document."))}
    assert measured - AGAINST.keys() == set()


# --- each fact is read ---


def _turned(items, kind: str, facts: Mapping[str, Any], status: EvidenceStatus | None = None):
    """The items with some facts of one kind turned, and its status where the fact decides that too."""
    return [
        item.model_copy(
            update={
                "facts": {name: value for name, value in {**item.facts, **facts}.items() if value is not None},
                "status": status or item.status,
            }
        )
        if item.kind == kind
        else item
        for item in items
    ]


@pytest.fixture
def met(subject, facts_of, now):
    def of(compiled, items):
        found = evaluate(compiled, subject, facts_of(items), now=now).requirements
        return {it.requirement_id for it in found if it.if_in_force is State.MET}

    return of


def _worlds(framework_id: str):
    """The requirements of a pack with the world in which they apply, most of them in one."""
    compiled = built_in()[framework_id]
    own = {it.id for it in compiled.framework.requirements}
    yield own - OTHER_ANSWERS.keys(), wanted(compiled)
    for name in own & OTHER_ANSWERS.keys():
        kind, facts = OTHER_ANSWERS[name]
        yield {name}, _turned(wanted(compiled), kind, facts)


def _unread(framework_id: str, met) -> Iterator[tuple[str, str, str]]:
    compiled = built_in()[framework_id]
    for names, items in _worlds(framework_id):
        before = met(compiled, items) & names
        for kind, turns in AGAINST.items():
            concerned = {name for name in before if kind in reads(name)}
            for turn in turns if concerned else ():
                after = met(compiled, _turned(items, kind, turn.facts, turn.status))
                yield from ((name, kind, turn.name) for name in sorted(concerned & after))


@pytest.mark.parametrize("framework_id", built_in())
def test_a_requirement_that_reads_a_kind_reads_all_that_it_says_against_it(framework_id, met):
    unread = set(_unread(framework_id, met))
    own = {it.id for it in built_in()[framework_id].framework.requirements}
    reasons = {
        (name, kind, turn) for (kind, turn), groups in APART.items() for names in groups.values() for name in names
    }
    assert sorted(unread - reasons) == [], "read it, or say in APART why it says nothing against the requirement"
    assert sorted({one for one in reasons if one[0] in own} - unread) == [], "a reason that nothing needs"


def test_each_turn_is_one_that_evidence_can_make():
    assert all(isinstance(turn, Turn) and turn.facts for turns in AGAINST.values() for turn in turns)
    assert {(kind, turn.name) for kind, turns in AGAINST.items() for turn in turns} >= APART.keys()
