"""Registration by Art. 49: the points of Annex VIII by section, what is missing of them, and who leaves which out."""

from __future__ import annotations

from datetime import date

import pytest

from syndic.errors import ConflictError, InvalidInputError
from syndic.models import EvidenceStatus
from syndic.records import list_evidence
from syndic.registers.conformity.annex_viii import POINTS, as_markdown
from syndic.registers.conformity.models import (
    DataSection,
)
from syndic.tasks.duties.eu_database import give_data, read_registration, record_registration
from tests.unit.registers.supply import CREDIT, EXCEPTED, WORDS


def test_the_points_are_those_of_annex_viii_as_amended():
    """Section B has neither 7 nor 9 any more: deleted by Regulation (EU) 2026/1744."""
    assert [one.number for one in POINTS[DataSection.A]] == [str(number) for number in range(1, 14)]
    assert [one.number for one in POINTS[DataSection.B]] == ["1", "2", "3", "4", "5", "6", "8"]
    assert [one.number for one in POINTS[DataSection.C]] == ["1", "2", "3", "4", "5"]


@pytest.mark.parametrize(
    ("answers", "section"),
    [
        (CREDIT, DataSection.A),
        (EXCEPTED, DataSection.B),
        ({**CREDIT, "provider": False, "deployer": True, "public_body": True}, DataSection.C),
        ({**CREDIT, "provider": False, "deployer": True}, None),
    ],
)
def test_the_section_follows_from_the_answers(answers, section, world):
    model = world.model()
    world.answers(model.id, answers)
    view = read_registration(world.store, model.id, None)
    assert (view.data.section if view.applies else None) is section


def test_points_that_are_missing_are_named_and_keep_it_from_being_registered(world):
    model = world.model()
    world.answers(model.id, CREDIT)
    section = DataSection.A
    view = read_registration(world.store, model.id, section)
    assert {one.split(":")[0] for one in view.data.missing} == {"A.1", "A.6", "A.7", "A.10", "A.11", "A.12"}
    text = as_markdown(view.data, name="credit | scoring", as_of="2026-11-30")
    assert "credit \\| scoring" in text
    harmful = as_markdown(view.data, name="![x](https://evil.example.org) <img src=x>", as_of="2026-11-30")
    assert "\\!\\[x\\]" in harmful
    assert "<img" not in harmful
    assert "| 1 | Name, address and contact details of the provider | **missing** | - |" in text
    made = {"registered_on": date(2026, 11, 29), "entry_url": "https://registry.example.org/1"}
    with pytest.raises(ConflictError, match=r"A\.1: "):
        record_registration(model.id, section, **made, **world.told)
    points = dict.fromkeys(("1", "6", "7", "10", "11", "12"), WORDS)
    give_data(model.id, section, points, **world.told)
    with pytest.raises(InvalidInputError, match="has no point 77"):
        give_data(model.id, section, {"77": WORDS}, **world.told)
    record_registration(model.id, section, **made, **world.told)
    kept = next(one for one in list_evidence(world.store, model.id) if one.kind == "document.eu_registration")
    assert (kept.status, kept.facts["location"]) == (EvidenceStatus.PASSING, made["entry_url"])
    assert not read_registration(world.store, model.id, section).changed_since
    give_data(model.id, section, {"13": "https://example.org"}, **world.told)
    assert read_registration(world.store, model.id, section).changed_since


def test_border_control_registers_no_instructions_and_infrastructure_nationally(world):
    model = world.model()
    world.answers(model.id, {**CREDIT, "area": "7c"})
    data = read_registration(world.store, model.id, DataSection.A).data
    assert "12" not in [one.number for one in data.points]
    assert "not public" in data.database
    world.answers(model.id, {**CREDIT, "area": "2", "profiling": False})
    assert "national" in read_registration(world.store, model.id, DataSection.A).data.database


TESTED = {**CREDIT, "real_world_testing": True}
APART_A = ["1", "2", "3", "4", "5", "7", "10"]


@pytest.mark.parametrize(
    ("answers", "section", "points", "short"),
    [
        ({**CREDIT, "area": "6e", "public_body": True}, DataSection.A, APART_A, True),  # 49(4)(a)
        ({**CREDIT, "further_areas": ["7b"], "public_body": True}, DataSection.A, APART_A, True),
        ({**EXCEPTED, "area": "7d"}, DataSection.B, ["1", "2", "3", "4", "5", "8"], True),  # (b), without 9, deleted
        (
            {**CREDIT, "area": "6e", "provider": False, "deployer": True, "public_body": True},
            DataSection.C, ["1", "2", "3"], True,
        ),
        ({**TESTED, "area": "6e", "public_body": True}, DataSection.IX, ["1", "2", "3", "5"], True),
        (TESTED, DataSection.IX, ["1", "2", "3", "4", "5"], False),
        (CREDIT, DataSection.A, [str(number) for number in range(1, 14)], False),
    ],
)  # fmt: skip
def test_what_is_registered_apart_has_the_points_of_49_4_and_no_others(answers, section, points, short, world):
    model = world.model()
    world.answers(model.id, answers)
    view = read_registration(world.store, model.id, section)
    assert ([one.number for one in view.data.points], view.data.short, view.applies) == (points, short, True)
    assert ("not public" in view.data.database) is short
    shown = as_markdown(view.data, name="credit", as_of="2026-11-30")
    assert shown.startswith("# Annex IX" if section is DataSection.IX else f"# Annex VIII Section {section.value}")


def test_where_biometrics_are_used_has_to_be_answered_before_points_are_left_out(world):
    model = world.model()
    face = {**CREDIT, "area": "1a", "remote_identification": True, "harmonised_standards": True}
    world.answers(model.id, face)
    open_ = read_registration(world.store, model.id, DataSection.A).data
    assert (len(open_.points), open_.short) == (13, None)
    assert "answer whether" in open_.database
    world.answers(model.id, {**face, "authority_area": True})
    assert read_registration(world.store, model.id, DataSection.A).data.short is True


def test_a_test_that_is_registered_is_no_registration_of_the_system(world):
    model = world.model()
    world.answers(model.id, TESTED)
    give_data(model.id, DataSection.IX, dict.fromkeys(("1", "2", "3", "4"), WORDS), **world.told)
    made = {"registered_on": date(2026, 11, 29), "entry_url": "https://registry.example.org/1"}
    record_registration(model.id, DataSection.IX, **made, **world.told)
    assert "document.eu_registration" not in {one.kind for one in list_evidence(world.store, model.id)}
