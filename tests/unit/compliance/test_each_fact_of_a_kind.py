"""A requirement that reads a kind of evidence reads each fact by which that kind can say the contrary.

Each fact that evidence may hold is read off what makes it, so that a new one has to be put into a table here: as one
that says something against somebody, with the value that says it, or as one that does not. Every requirement of every
pack is then asked by the engine itself: with everything on record and that one fact turned, it is met no more, or
stands with its reason in `APART`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest

import syndic
from syndic.assessment import State
from syndic.compliance.definitions.load import built_in
from syndic.compliance.rules.judge import evaluate
from syndic.models import EvidenceStatus
from syndic.ports import StorageRules
from tests.unit.compliance.conftest import OTHER_ANSWERS, wanted
from tests.unit.compliance.facts_left_unread import APART
from tests.unit.compliance.facts_of_kinds import AGAINST, MADE_BY, NEUTRAL, Turn

SOURCES = Path(syndic.__file__).parent
GIVES_FACTS = {"_facts", "_last", "_named"}
REQUIREMENTS = {it.id: it for compiled in built_in().values() for it in compiled.framework.requirements}

REASONS = {(name, *fact) for fact, groups in APART.items() for names in groups.values() for name in names}


def reads(requirement_id: str) -> set[str]:
    return {need.kind for check in REQUIREMENTS[requirement_id].checks for need in check.needs}


# --- each fact is known ---


def _names(tree: ast.AST) -> Iterator[str]:
    """The names of facts that a module writes: keys of what is called facts, given as facts or returned for them."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for target in targets:
                if isinstance(target, ast.Name) and target.id == "facts":
                    yield from _keys(node.value)
                elif isinstance(target, ast.Subscript) and ast.unparse(target.value) == "facts":
                    yield ast.literal_eval(target.slice)
        elif isinstance(node, ast.keyword) and node.arg == "facts":
            yield from _keys(node.value)
        elif isinstance(node, ast.FunctionDef) and node.name in GIVES_FACTS:
            for one in ast.walk(node):
                if isinstance(one, ast.Return):
                    yield from _keys(one.value)


def _keys(value: ast.AST | None) -> Iterator[str]:
    """The keys of a mapping that is written out, and of those that are put into it."""
    if isinstance(value, ast.Dict):
        for key, held in zip(value.keys, value.values, strict=True):
            if key is None:
                yield from _keys(held)
            elif isinstance(key, ast.Constant):
                yield str(key.value)
    elif isinstance(value, ast.IfExp):
        yield from (*_keys(value.body), *_keys(value.orelse))
    elif isinstance(value, ast.BinOp):
        yield from (*_keys(value.left), *_keys(value.right))


def _makes_evidence(tree: ast.AST) -> bool:
    return any(
        isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Evidence"
        and any(one.arg == "kind" for one in node.keywords)
        for node in ast.walk(tree)
    )


PARSED = {
    path.relative_to(SOURCES).as_posix(): ast.parse(path.read_text("utf-8")) for path in sorted(SOURCES.rglob("*.py"))
}


def _found(module: str) -> list[str]:
    """The files that a line of `MADE_BY` means: rooms may be put between, so that a file that moves stays known."""
    parts = module.split("/")

    def is_within(path: str) -> bool:
        rest = iter(path.split("/"))
        return all(part in rest for part in parts)

    return [path for path, tree in PARSED.items() if _makes_evidence(tree) and is_within(path)]


def test_whatever_makes_evidence_is_known():
    found = {module: _found(module) for module in MADE_BY}
    assert {module: paths for module, paths in found.items() if len(paths) != 1} == {}
    making = {path for path, tree in PARSED.items() if _makes_evidence(tree)}
    assert making - {path for paths in found.values() for path in paths} == set()


@pytest.mark.parametrize("module", MADE_BY)
def test_each_fact_of_evidence_is_said_to_speak_against_somebody_or_not(module):
    kinds = MADE_BY[module]
    known = {name for kind in kinds for turn in AGAINST.get(kind, ()) for name in (turn.name, *turn.facts)}
    known |= {name for kind in kinds for name in NEUTRAL.get(kind, ())}
    rules = {one.name for one in fields(StorageRules)} if "storage.captures" in kinds else set()
    new = sorted(({name for path in _found(module) for name in _names(PARSED[path])} | rules) - known) if kinds else []
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
    assert sorted(unread - REASONS) == [], "read it, or say in APART why it says nothing against the requirement"


def test_each_reason_is_of_a_requirement_that_reads_the_kind_and_is_needed_by_some(met):
    assert [one for one in sorted(REASONS) if one[1] not in reads(one[0])] == []
    unread = {one for framework_id in built_in() for one in _unread(framework_id, met)}
    needless = [
        (fact, reason)
        for fact, groups in APART.items()
        for reason, names in groups.items()
        if not any((name, *fact) in unread for name in names)
    ]
    assert needless == []


def test_each_turn_is_one_that_evidence_can_make():
    assert all(isinstance(turn, Turn) and turn.facts for turns in AGAINST.values() for turn in turns)
    assert {(kind, turn.name) for kind, turns in AGAINST.items() for turn in turns} >= APART.keys()
