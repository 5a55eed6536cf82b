"""A metric that is no number is said as what it is, from the record to every export, and passes no condition."""

from __future__ import annotations

import json
import math
from datetime import timedelta
from typing import Any, Final

import pytest
import yaml
from cyclonedx.schema import OutputFormat, SchemaVersion
from cyclonedx.validation import make_schemabased_validator
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from syndic.adapters.memory import MemoryAudit, MemoryStore
from syndic.adapters.mlflow.text import Point, as_logged, newest_metrics, version_metrics
from syndic.models import to_json
from syndic.registry.documents.card import make_card
from syndic.registry.documents.formats import to_cyclonedx, to_sagemaker
from syndic.registry.documents.lineage import trace_version
from syndic.registry.documents.lineage_events import openlineage_event
from syndic.registry.documents.markdown import card_markdown
from syndic.registry.models import ApprovalPolicy, Measured, ModelVersion, Stage
from syndic.registry.promotion.promote import judge_gate
from syndic.registry.sync.importer import ForeignVersion, import_models
from syndic.reports.documents.cards import card_html
from tests.unit.registry.case import NOW, Registry
from tests.unit.registry.test_lineage import OWN_FACET

WORDS: Final = {"Infinity": math.inf, "-Infinity": -math.inf, "NaN": math.nan}
MEASURED: Final = TypeAdapter(Measured)


@given(value=st.floats())
def test_every_number_survives_json_and_hashes(value: float) -> None:
    version = ModelVersion(model_id="m", version="1", created_at=NOW, created_by="ann", metrics={"a": value})
    text = json.dumps(to_json(version), allow_nan=False)
    again = ModelVersion.model_validate_json(text)
    assert again == version, "a NaN too is the same record the next time"
    assert again.content_sha256 == version.content_sha256
    back = float(again.metrics["a"])
    assert back == value or (math.isnan(back) and math.isnan(value))


@pytest.mark.parametrize("text", ["inf", "infinity", "nan", "-inf", "+Infinity", "", "much"])
def test_other_words_are_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        MEASURED.validate_python(text)


@pytest.mark.parametrize("word", WORDS)
@pytest.mark.parametrize(
    "condition",
    [
        f"version.metrics.auc {sign} 0.5" for sign in ("<", "<=", ">", ">=", "==", "!=")
    ] + [
        "version.metrics['auc'] > 0.5", "!(version.metrics.auc < 0.5)", "version.metrics.auc == version.metrics.auc",
        "!has(version.metrics.auc) || version.metrics.auc > 0.5", "version.metrics.exists(k, version.metrics[k] > 0.5)",
        "production == null && version.metrics.auc > -1.0",
    ],
)  # fmt: skip
def test_no_condition_passes_by_it(word: str, condition: str) -> None:
    registry = Registry()
    registry.version("1", metrics={"auc": word})
    policy = ApprovalPolicy(name="strict", description="d", approvers=0, conditions={"good": condition})
    result = judge_gate(registry.model.id, "1", Stage.PRODUCTION, store=registry.store, now=NOW, policy=policy)
    (found,) = [one for one in result.conditions if one.name == "condition:good"]
    assert not found.met
    assert "cannot be told" in found.reason


@pytest.mark.parametrize("word", WORDS)
def test_the_gate_counts_numbers_only(word: str) -> None:
    registry = Registry()
    registry.version("1", metrics={"auc": WORDS[word]})
    result = judge_gate(registry.model.id, "1", Stage.STAGING, store=registry.store, now=NOW)
    (unmet,) = [one for one in result.unmet if one.name == "evaluation_metrics"]
    assert unmet.reason == f"0 evaluation metrics on record, at least 1 needed (not counted: auc {word})"


@pytest.mark.parametrize("word", WORDS)
def test_every_export_says_the_word(word: str) -> None:
    registry = Registry()
    registry.version("1", metrics={"loss": WORDS[word], "auc": 0.5})
    card = make_card(registry.store, registry.model.id, "1", now=NOW)
    assert to_json(card)["metrics"]["model_performance_measures"] == {"auc": 0.5, "loss": word}

    bill = to_cyclonedx(card)
    metrics = bill["components"][0]["modelCard"]["quantitativeAnalysis"]["performanceMetrics"]
    assert {"type": "loss", "value": word} in metrics
    validator = make_schemabased_validator(OutputFormat.JSON, SchemaVersion.V1_6)
    assert validator.validate_str(json.dumps(bill, allow_nan=False)) is None
    (group,) = to_sagemaker(card)["evaluation_details"][0]["metric_groups"]
    assert {"name": "loss", "type": "string", "value": word} in group["metric_data"]
    markdown = card_markdown(card)
    front = yaml.safe_load(markdown.split("\n---\n")[0].removeprefix("---\n"))
    assert {"type": "loss", "value": word, "name": "loss"} in front["model-index"][0]["results"][0]["metrics"]
    assert f"| loss | {word} |" in markdown
    assert word.encode() in card_html(to_json(card))
    facet = openlineage_event(trace_version(registry.store, registry.model.id, "1"))["run"]["facets"]["syndic_training"]
    assert facet["metrics"]["loss"] == word
    assert list(OWN_FACET.iter_errors(facet)) == []


class Other:
    """A registry with one version."""

    name = "other"

    def __init__(self, metrics: dict[str, float]) -> None:
        self.metrics = metrics

    def versions(self) -> Any:
        yield ForeignVersion(model="m", version="1", created_at=NOW, metrics=self.metrics)


@given(metrics=st.dictionaries(st.text("abc", min_size=1), st.floats(), max_size=5))
def test_an_import_is_done_once_whatever_the_metrics(metrics: dict[str, float]) -> None:
    common: dict[str, Any] = {"store": MemoryStore(), "audit": MemoryAudit(), "actor": "ann"}
    assert import_models(Other(metrics), now=NOW, **common).added == ("m version 1",)
    assert import_models(Other(metrics), now=NOW + timedelta(days=1), **common).unchanged == 1


@given(
    points=st.lists(st.tuples(st.just("a"), st.integers(0, 3), st.floats(), st.integers(0, 3)), min_size=1),
    seed=st.randoms(use_true_random=False),
)
def test_the_newest_point_wins_whatever_it_is_and_in_any_order(points: list[Any], seed: Any) -> None:
    (value,) = newest_metrics(points).values()
    last = max((step, when) for _, when, _, step in points)
    candidates = [one for _, when, one, step in points if (step, when) == last]
    assert any(value == one or (math.isnan(value) and math.isnan(one)) for one in candidates)
    shuffled = list(points)
    seed.shuffle(shuffled)
    assert MEASURED.validate_python(newest_metrics(shuffled)["a"]) == MEASURED.validate_python(value)


@given(value=st.floats(allow_nan=False))
def test_what_a_sql_store_keeps_is_read_back(value: float) -> None:
    kept = math.copysign(1.7976931348623157e308, value) if math.isinf(value) else value
    if math.isinf(value) or abs(value) < 1.7976931348623157e308:
        assert as_logged(kept) == value
    assert math.isnan(as_logged(0.0, nan=True))


def test_a_metric_linked_at_step_0_is_not_the_last_of_its_own_run() -> None:
    epochs = [("auc", 10 + step, 0.5 + step / 10, step) for step in range(4)]
    linked: list[tuple[Point, str | None]] = [(epochs[0], "own"), (("f1", 9, 0.6, 0), "own")]
    assert version_metrics(epochs, linked, "own") == {"f1": 0.6, "auc": 0.8}
    assert version_metrics(epochs, [(epochs[2], "own")], "own") == {"auc": 0.7}, "a checkpoint's own step"
    assert version_metrics(epochs, [(("auc", 99, 0.1, 0), "evaluation")], "own") == {"auc": 0.1}
    assert version_metrics([], linked, None) == {"auc": 0.5, "f1": 0.6}
