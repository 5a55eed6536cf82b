"""Every citation names a division that its source has; the sources' divisions are data of the project."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from syndic.compliance.definitions.citations import source_of, unresolved
from syndic.compliance.definitions.load import built_in, examine, load_framework
from syndic.compliance.definitions.structures import load_structure, structures, tree_of
from syndic.errors import InvalidInputError

ROOT = Path(__file__).parents[3]
SHARED = ROOT / "shared" / "syndic"
LAW = structures()["eu_ai_act"]

PROSE = {
    **{f"compliance/questionnaires/{name}.py": "eu_ai_act"
       for name in ("annexes", "contradictions", "questions", "reliance", "risk_level")},
    "compliance/questionnaires/scoping.py": "gdpr",
    "reports/documents/drafts.py": "eu_ai_act",
    **{f"bias/policy/presets/{name}.yaml": "eu_ai_act"
       for name in ("ecoa_credit", "eu_ai_act_art10", "four_fifths", "nyc_ll144")},
}  # fmt: skip


@pytest.mark.parametrize("framework_id", built_in())
def test_every_citation_of_a_framework_resolves(framework_id):
    compiled = built_in()[framework_id]
    home = source_of(compiled.framework.source)
    assert home is not None
    assert unresolved(compiled.text, home=home) == []


@pytest.mark.parametrize("name", PROSE)
def test_every_citation_of_questionnaires_presets_and_drafts_resolves(name):
    assert unresolved((SHARED / name).read_text("utf-8"), home=structures()[PROSE[name]]) == []


@pytest.mark.parametrize("framework_id", built_in())
def test_every_legal_basis_names_a_source_whose_divisions_are_known(framework_id):
    for requirement in built_in()[framework_id].framework.requirements:
        assert source_of(requirement.legal_basis) is not None, requirement.id


RIGHT = [
    "Art. 5(1)(a)-(h)", "Art. 5(1)(ba), (bb), (1a) and (1b)", "Art. 6(1)-(3), (1a)-(1c), Art. 3(14), Annex I",
    "Art. 73(2)-(6), (9)-(10), Art. 75(1a)", "Annex III points 5(b), 5(c), 6(e)", "Annex I Section B point 21",
    "Annex III point 1(c)", "Art. 99(4)(da)", "Art. 9(2)(g) GDPR", "Art. 35(7) of Regulation (EU) 2016/679",
    "Art. 4a(1), which replaces Art. 10(5)", "29 CFR 1607.4(D)", "6 RCNY 5-303, 5-304(d)", "GOVERN 1.7, MEASURE 2.13",
    "Art. 33, 72 hours", "AI Act: Art. 16(k)-(l), 21; GDPR: Art. 39(1)(c)", "Art. 43, 47-49, 72, 73, 86",
]  # fmt: skip
WRONG = [
    ("Art. 5(1)(z)", "Art. 5(1)(z)"), ("Art. 200", "Art. 200"), ("Art. 10(5)", "exists no longer"),
    ("Annex XV", "Annex XV"), ("Art. 5(1)(h)-(a)", "no order"), ("Art. 25(1), (7)", "(7)"),
    ("Annex I Section A point 1", "Section B as point 21"), ("Annex III point 5(e)", "III(5)(e)"),
    ("Annex VIII Section B point 9", "exists no longer"), ("Art. 9(2)(k) GDPR", "9(2)(k)"),
    ("Art. 36(4) of Regulation (EU) 2016/679, Art. 16(n)", "16(n)"), ("GOVERN 1.8", "1.8"), ("MAP 6", "MAP 6"),
    ("NYC Administrative Code 20-871(b)(4)", "20-871(b)(4)"), ("6 RCNY 5-305", "5-305"), ("29 CFR 1607.4(F)", "4(F)"),
    ("Trust Services Criteria CC1.1-CC1.6", "CC1.6"), ("A.2.2, A.2.5", "A.2.5"), ("12 CFR 1002.6(b)(10)", "(b)(10)"),
]  # fmt: skip


@pytest.mark.parametrize("text", RIGHT)
def test_a_citation_of_what_exists_is_quiet(text):
    assert unresolved(text, home=LAW) == []


@pytest.mark.parametrize(("text", "told"), WRONG)
def test_a_citation_of_what_does_not_exist_is_told(text, told):
    found = unresolved(text, home=LAW)
    assert len(found) == 1
    assert told in found[0]


COUNTS = {
    ("eu_ai_act", "Art."): 119,  # 113, and 4a, 60a, 75a to 75d
    ("eu_ai_act", "Annex"): 14,
    ("gdpr", "Art."): 99,
    ("nist_ai_rmf", "GOVERN"): 6 + 19,
    ("nist_ai_rmf", "MAP"): 5 + 18,
    ("nist_ai_rmf", "MEASURE"): 4 + 22,
    ("nist_ai_rmf", "MANAGE"): 4 + 13,
    ("trust_services_criteria", ""): 20 + 61,
}


@pytest.mark.parametrize(("name", "word"), COUNTS)
def test_the_sources_have_as_many_divisions_as_they_are_known_to_have(name, word):
    assert len(structures()[name].divisions[word]) == COUNTS[name, word]


def test_all_controls_and_the_clauses_of_iso_are_there():
    divisions = structures()["iso_42001"].divisions
    assert len([number for number in divisions[""] if number.count(".") > 1 and number not in {"A.6.1", "A.6.2"}]) == 38
    assert {"4.3", "6.1.3", "9.2", "9.3", "10.2"} <= set(divisions["Clause"])


def test_the_amendments_of_2026_are_in():
    for word, number, *path in [
        ("Art.", "5", "1", "ba"), ("Art.", "6", "1c"), ("Art.", "42", "3"), ("Art.", "60a", "5", "d"),
        ("Art.", "75", "1a"), ("Art.", "99", "4", "da"), ("Art.", "111", "4"), ("Annex", "I", "B", "21"),
        ("Annex", "XIV"), ("Art.", "2", "13", "b"),
    ]:  # fmt: skip
        assert LAW.has(word, number, tuple(path)), (number, path)
    for word, number, *path in [("Art.", "10", "5"), ("Annex", "I", "A", "1"), ("Annex", "VIII", "B", "7")]:
        assert not LAW.has(word, number, tuple(path))


TEMPLATE = resources.files("syndic.compliance").joinpath("frameworks/template.yaml").read_text("utf-8")


def test_a_framework_that_cites_what_is_not_there_is_refused_with_line_and_field():
    text = TEMPLATE.replace("legal_basis: Policy MP-1, section 4", "legal_basis: AI Act, Art. 9(12)")
    compiled, problems = examine(text, where="policy.yaml")
    assert compiled is None
    assert [problem.field for problem in problems] == ["requirements[0].legal_basis"]
    assert "Art. 9(12) does not exist" in problems[0].message
    with pytest.raises(InvalidInputError, match=r"policy.yaml, line \d+"):
        load_framework(text, where="policy.yaml")


def test_a_source_of_your_own_is_not_judged():
    assert load_framework(TEMPLATE, where="policy.yaml").framework.id == "our_model_policy"


GOOD = """title: A law
names: [A law]
read_from: its text
read_on: 2026-11-30
finds: 'Art\\.'
divisions:
  Art.:
    "1": ["Scope", "1 2(a b(i ii))"]
"""
BROKEN = {
    "title_missing": ("title: A law\n", "", 1, "title: is missing"),
    "misspelt": ("read_on:", "red_on:", 4, "did you mean 'read_on'?"),
    "no_names": ("names: [A law]", "names: []", 2, "at least 1 item"),
    "names_text": ("names: [A law]", "names: A law", 2, "valid tuple"),
    "no_date": ("2026-11-30", "soon", 4, "date"),
    "finds_open": ("'Art\\.'", "'(Art'", 1, "not a regular expression"),
    "no_divisions": ('  Art.:\n    "1": ["Scope", "1 2(a b(i ii))"]\n', "  {}\n", 6, "at least 1 item"),
    "one_of_a_pair": ('["Scope", "1 2(a b(i ii))"]', '["Scope"]', 8, "a heading and what it is divided into"),
    "heading_number": ('["Scope",', "[7,", 8, "valid string"),
    "bracket_open": ("(a b(i ii))", "(a b(i ii)", 8, "does not close"),
    "bracket_closed": ("(a b(i ii))", "(a b(i ii)))", 8, "did not open"),
    "bracket_after_nothing": ("1 2(a b(i ii))", "(a)", 8, "opens after nothing"),
    "twins": ("(a b(i ii))", "(a a)", 8, "stands there twice"),
    "other_signs": ("(a b(i ii))", "[a, b]", 8, "more than numbers, letters and brackets"),
    "twice": ("title: A law\n", "title: A law\ntitle: B law\n", 2, "given twice"),
    "no_yaml": ("names: [A law]", "names: [A law", 3, "is not YAML"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_structure_file_is_refused_with_line_and_field(name):
    old, new, line, told = BROKEN[name]
    assert GOOD.count(old) == 1
    with pytest.raises(InvalidInputError, match=r"law\.yaml, line ") as refused:
        load_structure(GOOD.replace(old, new), where="law.yaml")
    assert told in str(refused.value)
    assert refused.value.line == line, str(refused.value)


def test_the_good_file_is_good():
    structure = load_structure(GOOD, where="law.yaml")
    assert structure.has("Art.", "1", ("2", "b", "ii"))
    assert not structure.has("Art.", "1", ("2", "c"))
    assert tree_of("") == {}
