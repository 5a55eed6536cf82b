"""One word for one state on screens, in mails, in reports and in the API, the one of docs/glossary.md."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path

import pytest

from syndic.assessment import State
from syndic.reports.content.wording import MEANING

ROOT = Path(__file__).parents[3]
SHARED = ROOT / "shared" / "syndic"
SECOND = {
    State.MET: "compliant|compliance achieved|fulfill?ed|satisfied|conforming|in conformity",
    State.NOT_MET: "non-?compliant|violated?|violation|breached|unsatisfied|not fulfill?ed|not satisfied",
    State.INSUFFICIENT_EVIDENCE: "insufficient evidence|lack of evidence|evidence missing|missing evidence",
    State.ATTESTATION_DUE: "attestation due|unsigned|awaiting signature|(?<!has )to be signed|signature missing",
    State.EXPIRED: "lapsed signature|signature lapsed|outdated|overdue signature",
    State.NOT_APPLICABLE: "n/a|inapplicable|out of scope",
    State.NOT_YET_IN_FORCE: "not in force yet|upcoming requirement|future requirement|pending requirement",
}
ALLOWED = {
    # the terms of OSCAL and CycloneDX are those standards' own
    "reports/formats/oscal.py": ("satisfied",),
}


def glossary() -> list[str]:
    """The words of the row on the states of a requirement."""
    text = (ROOT / "docs" / "glossary.md").read_text("utf-8")
    row = next(line for line in text.splitlines() if "the states of a requirement" in line)
    return [word.strip() for word in row.split("|")[1].split(",")]


def typescript(text: str) -> list[str]:
    """Texts between quotes, without imports and comments."""
    code = re.sub(r"//[^\n]*|/\*.*?\*/", "", text, flags=re.DOTALL)
    code = "\n".join(line for line in code.splitlines() if not line.lstrip().startswith(("import ", "} from")))
    return [
        a or b or c
        for a, b, c in re.findall(r'"((?:[^"\\\n]|\\.)*)"|\'((?:[^\'\\\n]|\\.)*)\'|`((?:[^`\\]|\\.)*)`', code)
    ]


def python(text: str) -> list[str]:
    """Texts of a module that are not its docstrings."""
    tree = ast.parse(text)
    said = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.FunctionDef | ast.ClassDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
    ]


def api(text: str) -> list[str]:
    """Descriptions, titles and summaries of the API."""
    found: list[str] = []

    def walk(value: object) -> None:
        if isinstance(value, dict):
            found.extend(
                value[name] for name in ("description", "summary", "title") if isinstance(value.get(name), str)
            )
            for one in value.values():
                walk(one)
        elif isinstance(value, list):
            for one in value:
                walk(one)

    walk(json.loads(text))
    return found


def sources() -> dict[str, list[str]]:
    """Every text that a person may read, by file."""
    files: dict[str, list[str]] = {}
    for path in sorted((ROOT / "dashboard" / "src").rglob("*.ts")):
        if path.name != "schema.d.ts":
            files[str(path.relative_to(ROOT))] = typescript(path.read_text("utf-8"))
    for folder in ("alerting", "adapters/channels", "reports", "compliance", "cli", "registry"):
        for path in sorted((SHARED / folder).rglob("*")):
            if path.suffix == ".py":
                files[str(path.relative_to(SHARED))] = python(path.read_text("utf-8"))
            elif path.suffix in {".typ", ".txt", ".html", ".j2"} and path.name != "glyphs.txt":
                files[str(path.relative_to(SHARED))] = path.read_text("utf-8").splitlines()
    files["docs/openapi.json"] = api((ROOT / "docs" / "openapi.json").read_text("utf-8"))
    return files


TEXTS = sources()


def test_the_glossary_names_every_state_once():
    assert glossary() == [
        state.word for state in State if state is not State.NOT_APPLICABLE and state is not State.NOT_YET_IN_FORCE
    ] + [
        State.NOT_APPLICABLE.word,
        State.NOT_YET_IN_FORCE.word,
    ]


@pytest.mark.parametrize("state", State)
def test_the_dashboard_has_the_same_word(state):
    text = (ROOT / "dashboard" / "src" / "words.ts").read_text("utf-8")
    shown = re.search(rf"\n  {state.value}: {{[^}}]*text: \"([^\"]+)\"", text)
    assert shown is not None
    assert shown[1] == state.word


@pytest.mark.parametrize("state", State)
def test_every_state_has_a_meaning_in_the_reports(state):
    assert MEANING[state]


@pytest.mark.parametrize("name", TEXTS)
def test_no_text_has_a_second_word_for_a_state(name):
    found = [
        (state.word, text)
        for state, second in SECOND.items()
        for text in TEXTS[name]
        for match in re.finditer(rf"\b(?:{second})\b", text, re.IGNORECASE)
        if match.group().lower() not in ALLOWED.get(name, ())
    ]
    assert found == []


def test_all_the_places_are_read():
    assert len(TEXTS) > 100
    assert sum(map(len, TEXTS.values())) > 3000
    assert any(name.startswith("dashboard/") for name in TEXTS)
    assert any("channels/email/templates" in name for name in TEXTS)


def test_a_second_word_would_be_found():
    text = 'const a = "This requirement is unsigned"; // compliant\n'
    assert typescript(text) == ["This requirement is unsigned"]
    assert re.search(SECOND[State.ATTESTATION_DUE], typescript(text)[0])
    assert python('"""compliant"""\nX = "violated"') == ["violated"]
