"""Whatever people say on a card comes out in every format: in its field, or as also said."""

from __future__ import annotations

import html
import json
import re
from typing import Any, Final

import pytest
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from syndic.models import to_json
from syndic.registry.documents.card import SECTIONS, ModelCard, make_card
from syndic.registry.documents.formats import to_cyclonedx, to_sagemaker
from syndic.registry.documents.markdown import card_markdown
from syndic.reports.documents.cards import card_html, card_view
from tests.unit.registry.case import NOW, PROFILE, Registry

# Every field of the guide's template, filled in with something that is found again.
TEMPLATE: Final[dict[str, dict[str, Any]]] = {
    "model_details": {
        "model_name": "another name", "model_version": "9.9", "model_type": "ranking", "algorithm_family": "forest",
        "training_framework": "scikit", "model_size": "42 MB", "inference_time": "7 ms",
    },
    "intended_use": {
        "primary_uses": ["rank loans", "triage"], "primary_users": ["clerks", "auditors"],
        "out_of_scope_uses": ["hiring", "policing"],
    },
    "factors": {"relevant_factors": ["age", "region"], "evaluation_factors": ["sex"]},
    "metrics": {
        "model_performance_measures": {"told auc": 0.81}, "decision_thresholds": {"refuse": 0.37, "review": "by hand"},
        "variation_approaches": ["five-fold"],
    },
    "training_data": {"datasets": ["book 2018"], "motivation": "because", "preprocessing": ["dropped duplicates"]},
    "evaluation_data": {"datasets": ["book 2019"], "motivation": "later year", "preprocessing": ["same steps"]},
    "ethical_considerations": {
        "sensitive_data": ["income"], "human_life": "no danger", "mitigations": ["appeal", "a clerk"],
        "risks_and_harms": ["young people", "newcomers"],
    },
    "caveats_and_recommendations": {"additional_information": ["retrain yearly"]},
}  # fmt: skip


def made(card: Any, *, on_version: bool = False, **profile: Any) -> ModelCard:
    registry = Registry(**profile, metadata={} if on_version else {"card": card})
    registry.version("1", metadata={"card": card} if on_version else {})
    return make_card(registry.store, registry.model.id, "1", now=NOW)


def leaves(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for key, item in value.items() for text in (key, *leaves(item))]
    if isinstance(value, list):
        return [text for item in value for text in leaves(item)]
    return [value if isinstance(value, str) else json.dumps(value)]


def assert_said_everywhere(card: ModelCard, said: list[str]) -> None:
    markdown = re.sub(r"\\(.)", r"\1", card_markdown(card))
    page = html.unescape(card_html(to_json(card)).decode())
    bill, sagemaker = to_cyclonedx(card), to_sagemaker(card)
    texts = {
        "json": " ".join(leaves(to_json(card))), "markdown": markdown, "html": page,
        "pdf": str(card_view(to_json(card))),
        "cyclonedx": " ".join(leaves(bill)), "sagemaker": " ".join(leaves(sagemaker)),
    }  # fmt: skip
    for name, text in texts.items():
        assert [one for one in said if one not in text] == [], name
    validator = make_schemabased_validator(OutputFormat.JSON, SchemaVersion.V1_6)
    assert validator.validate_str(json.dumps(bill)) is None


@pytest.mark.parametrize("on_version", [True, False])
@pytest.mark.parametrize("profile", [{}, PROFILE])
def test_every_field_of_the_template_comes_out(profile: dict[str, Any], on_version: bool) -> None:
    card = made(TEMPLATE, on_version=on_version, **profile)
    assert_said_everywhere(
        card, [text for section in TEMPLATE.values() for item in section.values() for text in leaves(item)]
    )
    assert card.intended_use.primary_users == ["clerks", "auditors"]
    assert card.metrics.decision_thresholds == {"refuse": 0.37, "review": "by hand"}
    assert card.ethical_considerations.human_life == "no danger"
    assert card.model_details.model_name == "Car loan", "what is on record goes first"
    assert card.also_said["model_details.model_name"] == "another name"
    assert card.also_said["metrics.model_performance_measures"] == {"told auc": 0.81}


def test_an_empty_template_says_nothing() -> None:
    empty = {section: {field: type(value)() for field, value in fields.items()} for section, fields in TEMPLATE.items()}
    card, bare = made(empty), made({})
    assert card == bare
    assert "intended_use.primary_users" in card.missing
    assert card.also_said == {}


def test_the_words_of_a_version_go_before_those_of_its_model_and_both_stay() -> None:
    registry = Registry(metadata={"card": {"primary_users": "clerks", "sensitive_data": "age"}})
    registry.version("1", metadata={"card": {"intended_use": {"primary_users": "auditors"}}})
    card = make_card(registry.store, registry.model.id, "1", now=NOW)
    assert card.intended_use.primary_users == "auditors"
    assert card.also_said == {"intended_use.primary_users": "clerks"}
    assert card.ethical_considerations.sensitive_data == "age"


def test_what_two_places_say_of_one_field_is_in_every_export() -> None:
    card = made({"decision_thresholds": "below 0.4", "metrics": {"decision_thresholds": "by hand"}})
    assert_said_everywhere(card, ["below 0.4", "by hand"])


WORDS: Final = st.text("abcdefgh", min_size=1, max_size=8)
VALUES: Final = st.recursive(
    st.one_of(WORDS, st.integers(-99, 99), st.booleans()),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3), st.dictionaries(WORDS, inner, min_size=1, max_size=3)
    ),
    max_leaves=6,
)
FIELDS: Final = st.sampled_from(
    [*{field for fields in TEMPLATE.values() for field in fields}, "stage", "waivers", "rows"]
)
TREES: Final = st.dictionaries(
    st.one_of(st.sampled_from(SECTIONS), FIELDS, WORDS),
    st.one_of(VALUES, st.dictionaries(st.one_of(FIELDS, WORDS), VALUES, min_size=1, max_size=3)),
    max_size=5,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(tree=TREES, on_version=st.booleans(), full=st.booleans())
def test_any_card_put_in_comes_out(tree: dict[str, Any], on_version: bool, full: bool) -> None:
    card = made(tree, on_version=on_version, **(PROFILE if full else {}))
    values = [
        text
        for name, value in tree.items()
        for item in (value.values() if name in SECTIONS and isinstance(value, dict) else [value])
        for text in leaves(item)
    ]
    assert_said_everywhere(card, values)
    kept = [
        *card.also_said.values(),
        *(value for name in SECTIONS for _, value in to_json(getattr(card, name)).items()),
    ]
    for name, value in tree.items():
        for item in value.values() if name in SECTIONS and isinstance(value, dict) else [value]:
            assert item in kept, "as it was said"
    assert made(tree, on_version=on_version, **(PROFILE if full else {})).model_dump() == card.model_dump()


def test_a_card_beyond_sagemakers_limit_says_how_much_was_left_out() -> None:
    card = made({f"{number}{'k' * 300}": "v" * 2000 for number in range(150)})
    content = to_sagemaker(card)
    assert len(json.dumps(content, indent=2)) <= 100_000
    assert content["additional_information"]["custom_details"]["syndic_said"] == "50 of 154 are named"
