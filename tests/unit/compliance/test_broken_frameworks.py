"""Fifty broken framework files: each is refused with the line and what is wrong there."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from syndic.compliance.definitions.load import FrameworkRefusedError, built_in, examine, load_framework
from syndic.errors import InvalidInputError, TooLargeError

TEMPLATE = resources.files("syndic.compliance").joinpath("frameworks/template.yaml").read_text("utf-8")

# what is replaced in the template, by what, and what the message must say; the line is that of the replacement
BROKEN = {
    "id_with_capital": ("id: our_model_policy", "id: OurPolicy", "must look like"),
    "id_missing": ("id: our_model_policy\n", "# gone\n", "id: is missing"),
    "version_not_text": ('version: "2026.1"', "version: 2026.1", "valid string"),
    "version_by_name": ('version: "2026.1"', "version: latest", "must look like"),
    "title_empty": ("title: Our model policy", 'title: ""', "at least 3 characters"),
    "title_list": ("title: Our model policy", "title: [a, b]", "valid string"),
    "kind_unknown": ("kind: custom", "kind: rule", "'law', 'standard', 'voluntary', 'criteria' or 'custom'"),
    "unknown_field": (
        "jurisdiction: Internal",
        "juristiction: Internal",
        "did you mean 'jurisdiction'?",
    ),
    "date_not_a_date": ("verified_on: 2026-11-21\nnotice", "verified_on: soon\nnotice", "date"),
    "date_that_does_not_exist": ("verified_on: 2026-11-21\nnotice", "verified_on: 2026-02-30\nnotice", "day"),
    "no_requirements": ("requirements:\n", "requirements: []\nx:\n", "at least 1 item"),
    "requirements_not_a_list": ("  - id: MP-1", "    id: MP-1", "valid tuple"),
    "requirement_id_with_space": ("- id: MP-1", "- id: MP 1", "must look like"),
    "requirement_without_title": ("    title: Monitoring finds nothing\n", "", "title: is missing"),
    "requirement_title_number": ("title: Monitoring finds nothing", "title: 7", "valid string"),
    "remedy_missing": ("    remedy: Find", "    remedies: Find", "did you mean 'remedy'?"),
    "legal_basis_too_long": ("legal_basis: Policy MP-1, section 4", "legal_basis: " + "x" * 1001, "1000 characters"),
    "applies_from_text": ("applies_from: 2026-01-01", "applies_from: next year", "date"),
    "applies_without_when": ('      when: registry.profile.cloud in ["aws", "azure"]\n', "", "when: is missing"),
    "applies_without_reason": (
        "      otherwise: The model does not run in a cloud we monitor.\n",
        "",
        "otherwise: is miss",
    ),
    "applies_reads_other_evidence": ("when: registry.profile.cloud in", "when: drift.run.cloud in", "not given to it"),
    "needs_empty": ("needs: [registry.profile]", "needs: []", "at least 1 item"),
    "needs_not_a_kind": ("needs: [registry.profile]", "needs: [Registry]", "must look like"),
    "needs_twice_as_map": ("needs: [registry.profile]", "needs: {kind: registry.profile}", "tuple"),
    "need_unread": ("needs: [registry.profile]", "needs: [registry.profile, bias.run]", "does not read bias.run"),
    "max_age_zero": ("max_age_days: 14", "max_age_days: 0", "greater than or equal to 1"),
    "max_age_text": ("max_age_days: 14", "max_age_days: two weeks", "valid integer"),
    "max_age_misspelt": ("max_age_days: 14", "max_age: 14", "did you mean 'max_age_days'?"),
    "check_unreadable": ('status == "passing"\n', 'status = "passing"\n', "is not a CEL expression"),
    "check_unfinished": ('status == "passing"\n', "status ==\n", "is not a CEL expression"),
    "check_always_true": (
        'met_when: evidence["drift.run"].status == "passing"',
        "met_when: 'true'",
        "would always be the",
    ),
    "check_yaml_true": ('met_when: evidence["drift.run"].status == "passing"', "met_when: true", "valid string"),
    "check_reads_nothing_known": ('evidence["drift.run"].status == "passing"', "os.environ == 1", "reads 'os'"),
    "check_reads_unlisted": (
        'evidence["drift.run"].status',
        'evidence["bias.run"].status',
        "needs lists only drift.run",
    ),
    "check_imports": ('evidence["drift.run"].status == "passing"', '__import__("os") == drift', "calls __import__"),
    "check_opens_file": ('evidence["drift.run"].status == "passing"', 'open("/etc/passwd") == drift.run', "calls open"),
    "check_regex": ('evidence["drift.run"].status == "passing"', 'drift.run.x.matches("(a+)+b")', "calls .matches()"),
    "check_nested_macro": (
        'evidence["drift.run"].status == "passing"',
        "drift.run.all(a, drift.run.all(b, b == a))",
        "ins",
    ),
    "check_divides": ('evidence["drift.run"].status == "passing"', "drift.run.a / drift.run.b > 1", "divides"),
    "check_deep": ('evidence["drift.run"].status == "passing"', "(" * 30 + "drift.run.x" + ")" * 30, "nested deeper"),
    "check_long": ('evidence["drift.run"].status == "passing"', "drift.run.x " + "|| drift.run.x " * 200, "2000 char"),
    "check_many_terms": ('evidence["drift.run"].status == "passing"', "drift.run.x in [" + "1," * 250 + "1]", "terms"),
    "check_without_otherwise": ("        otherwise: The newest drift run found drift.\n", "", "otherwise: is missing"),
    "topic_with_dash": ("topic: model_policy\n", "topic: model-policy\n", "must look like"),
    "scope_unknown": ("scope: model_version ", "scope: team ", "'model_version', 'model' or 'organisation'"),
    "valid_for_ever": ("valid_days: 180", "valid_days: 99999", "less than or equal to 3660"),
    "blocking_text": ("blocking: true ", "blocking: maybe ", "valid boolean"),
    "asks_for_nothing": (
        TEMPLATE[TEMPLATE.index("    checks:") : TEMPLATE.index("    blocking:")],
        "",
        "asks for nothing",
    ),
    "field_twice": ("    blocking: true", "    group: Again\n    blocking: true", "'group' is given twice"),
    "tab_indent": ("    group: Operation", "\tgroup: Operation", "is not YAML"),
    "unclosed_quote": ("title: Our model policy", 'title: "Our model policy', "is not YAML"),
    "alias": ("title: Our model policy", "title: &t Our model policy", "anchor or alias"),
    "python_tag": ("title: Our model policy", "title: !!python/name:os.system x", "is not YAML"),
    "merge_key": ("publisher: Your organisation", "<<: {publisher: You}", "plain text"),
    "control_character": ("title: Our model policy", "title: Our\x07 policy", "character that YAML forbids"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_the_line_and_what_is_wrong(name):
    old, new, message = BROKEN[name]
    assert TEMPLATE.count(old) == 1, "the case must break one place"
    text = TEMPLATE.replace(old, new)
    with pytest.raises(InvalidInputError) as refused:
        load_framework(text, where="policy.yaml")
    told = str(refused.value)
    assert message in told
    assert told.startswith("policy.yaml, line "), told
    assert refused.value.line is not None
    if isinstance(refused.value, FrameworkRefusedError):  # it is YAML, so there is a field to name
        first = refused.value.problems[0]
        assert re.fullmatch(r"[a-z_]+(\[\d+\])?(\.[a-z_]+(\[\d+\])?)*", first.field), first.field
        assert f"line {first.line}: {first.field}: " in told
    else:
        assert name in {"tab_indent", "unclosed_quote", "alias", "python_tag", "merge_key", "control_character",
                        "field_twice", "date_that_does_not_exist"}  # fmt: skip
    line = TEMPLATE[: TEMPLATE.index(old)].count("\n") + 1
    # a missing field is told at the thing it is missing from, an unclosed quote where reading stopped
    loose = "is missing" in told or name in {"unclosed_quote", "asks_for_nothing", "no_requirements", "field_twice",
                                             "need_unread", "requirements_not_a_list", "tab_indent"}  # fmt: skip
    assert refused.value.line == line or loose, (refused.value.line, line, told)
    assert 1 <= refused.value.line <= text.count("\n") + 1


def test_there_are_at_least_fifty_broken_files():
    assert len(BROKEN) >= 50


def test_the_same_requirement_twice_is_refused():
    start = TEMPLATE.index("  - id: MP-1")
    with pytest.raises(InvalidInputError, match="'MP-1' is given twice"):
        load_framework(TEMPLATE + TEMPLATE[start:], where="policy.yaml")


def test_every_problem_is_listed_not_only_the_first():
    text = TEMPLATE.replace("kind: custom", "kind: rule").replace("max_age_days: 14", "max_age_days: 0")
    compiled, problems = examine(text, where="policy.yaml")
    assert compiled is None
    assert [re.sub(r"\W.*", "", problem.field) for problem in problems] == ["kind", "requirements"]
    assert problems[0].line < problems[1].line


@pytest.mark.parametrize("text", ["", "# only a comment\n", "null", "[]", "just words", "- a\n- b"])
def test_what_is_no_map_is_refused(text):
    with pytest.raises(InvalidInputError):
        load_framework(text, where="policy.yaml")


def test_bytes_that_are_no_text_are_refused_with_their_line():
    with pytest.raises(InvalidInputError, match=r"line 2: is not UTF-8"):
        load_framework(b"id: a\ntitle: \xff\xfe\n", where="policy.yaml")


def test_a_small_file_cannot_unfold_into_a_huge_one():
    bomb = "a: &a [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"{chr(98 + i)}: &{chr(98 + i)} [{','.join([f'*{chr(97 + i)}'] * 9)}]\n" for i in range(8)
    )
    with pytest.raises(InvalidInputError, match="anchor or alias"):
        load_framework(bomb, where="policy.yaml")


def test_deep_nesting_and_huge_files_are_refused():
    with pytest.raises(InvalidInputError, match="nested deeper"):
        load_framework("[" * 5000, where="policy.yaml")
    with pytest.raises(TooLargeError):
        load_framework("#" * (1024 * 1024 + 1), where="policy.yaml")


def test_the_template_is_a_working_framework_and_not_among_the_shipped():
    compiled = load_framework(TEMPLATE, where="template.yaml")
    assert compiled.framework.id not in built_in()
