"""What Prometheus is told, read as Prometheus reads it; the files beside it name only what is told."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from functions.api.access.authorization import PREFIX
from functions.api.handler import handler
from syndic.exposition import Family, exposition
from syndic.registry.versions.versions import register_model
from syndic.tasks.watch import metrics
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.world import MODEL, NOW, World

FILES = Path(__file__).parents[3] / "examples" / "prometheus"
PROMTOOL = shutil.which("promtool")
VARIABLE = re.compile(r'"\$model"')


def scrape(person: str | None = "auditor") -> tuple[int, str, str]:
    answer = handler(api_request("GET", f"{PREFIX}/metrics", person=person), Context())
    return answer["statusCode"], answer["multiValueHeaders"]["Content-Type"][0], answer["body"]


def told(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_scrape_says_where_everything_stands(wire: Callable[[str], World]) -> None:
    wire("checked")
    status, kind, text = scrape()
    found = told(text)

    assert (status, kind) == (200, "text/plain; version=0.0.4; charset=utf-8")
    assert scrape(None)[0] == 401
    assert found["syndic_registrations_total", ()] == 1
    assert found["syndic_alerts", (("concern", "bias"), ("severity", "high"), ("state", "open"))] == 1
    assert found["syndic_model_worst_measure", (("check", "bias"), ("model", MODEL))] == 0.5
    assert found["syndic_model_worst_measure", (("check", "drift"), ("model", MODEL))] == pytest.approx(
        4.4151, abs=1e-4
    )
    for check in metrics.CHECKS:
        states = [
            value for (name, labels), value in found.items() if name.endswith("_state") and ("check", check) in labels
        ]
        assert sorted(states) == [0, 0, 1]
    assert (
        found["syndic_requirements", (("state", "met"),)]
        <= found["syndic_model_requirements_applicable", (("model", MODEL),)]
    )
    assert "feature" not in text
    assert "amount" not in text, "columns would be thousands of series"


def test_many_models_are_told_from_what_the_schedule_kept_and_the_rest_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    for number in range(30):
        register_model(
            name=f'model "{number}"', owner="o@example.org", store=world.store, audit=world.audit, actor="a", now=NOW
        )
    with pytest.raises(metrics.UnavailableError):
        metrics.read_metrics(world.store, now=NOW)
    monkeypatch.setattr(metrics, "MOST_MODELS", 20)
    monkeypatch.setattr(metrics, "BATCH", 7)
    ends = iter([False, True])
    assert metrics.keep_metrics(world.store, now=NOW, over=lambda: next(ends)) is False
    with pytest.raises(metrics.UnavailableError):
        metrics.read_metrics(world.store, now=NOW)
    assert metrics.keep_metrics(world.store, now=NOW + timedelta(hours=1)) is True
    register_model(name="new", owner="o@example.org", store=world.store, audit=world.audit, actor="a", now=NOW)
    found = told(metrics.read_metrics(world.store, now=NOW + timedelta(hours=3)))

    assert found["syndic_registrations_total", ()] == 30
    assert found["syndic_models_without_series", ()] == 10
    assert found["syndic_snapshot_timestamp_seconds", ()] == NOW.timestamp()
    assert world.store.get(metrics.TAKING) is None


def test_any_text_and_number_is_read_back() -> None:
    words = 'a "quoted" \\ word\nin two lines, ünïcode'
    family = Family("syndic_words", "about \\ and\nlines")
    for value in (0.1, 1e300, float("inf"), float("-inf"), 3, 2.0**60):
        family.add(value, {"word": words, "value": str(value)})
    (read,) = text_string_to_metric_families(exposition([family, Family("syndic_none", "nothing")]))

    assert [sample.value for sample in read.samples] == [value for _, _, value in family.samples]
    assert {sample.labels["word"] for sample in read.samples} == {words}


def expressions() -> Iterator[str]:
    for group in yaml.safe_load((FILES / "alerts.yaml").read_text("utf-8"))["groups"]:
        yield from (rule["expr"] for rule in group["rules"])
    for panel in json.loads((FILES / "dashboard.json").read_text("utf-8"))["panels"]:
        yield from (VARIABLE.sub('".*"', target["expr"]) for target in panel["targets"])


def test_rules_and_dashboard_name_only_what_is_told(wire: Callable[[str], World]) -> None:
    wire("checked")
    names = {name for name, _ in told(scrape()[2])}
    used = {name for one in expressions() for name in re.findall(r"\bsyndic_\w+", one)}

    assert used <= names
    assert len(used) >= 9
    words = {word for one in expressions() for word in re.findall(r"\b(?:by|without) \((\w+)\)|(\w+)=~?\"", one)}
    labels = {label for _, pairs in told(scrape()[2]) for label, _ in pairs}
    assert {word for pair in words for word in pair if word} <= labels


def test_promtool_takes_the_metrics_and_the_files(wire: Callable[[str], World], tmp_path: Path) -> None:
    """Where Debian's package `prometheus` is installed; without it the parser above is what there is."""
    if PROMTOOL is None:
        return
    wire("checked")
    rules: dict[str, Any] = {
        "groups": [
            {
                "name": "dashboard",
                "rules": [{"record": f"syndic:expression_{n}", "expr": one} for n, one in enumerate(expressions())],
            }
        ]
    }
    (tmp_path / "dashboard.yaml").write_text(yaml.safe_dump(rules))
    scraped = yaml.safe_load((FILES / "scrape.yaml").read_text("utf-8"))
    (tmp_path / "syndic.key").write_text("syn_")
    scraped["scrape_configs"][0]["authorization"]["credentials_file"] = str(tmp_path / "syndic.key")
    (tmp_path / "prometheus.yml").write_text(yaml.safe_dump(scraped))
    for arguments, given in (
        (["check", "metrics"], scrape()[2]),
        (["check", "rules", str(FILES / "alerts.yaml"), str(tmp_path / "dashboard.yaml")], ""),
        (["check", "config", str(tmp_path / "prometheus.yml")], ""),
    ):
        done = subprocess.run([PROMTOOL, *arguments], input=given, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_smallest_ratio_is_that_of_single_attributes_whatever_is_said_of_intersections() -> None:
    attributes = {"sex": {"lowest_ratio": 0.7}, "age": {"lowest_ratio": 0.9}, "rare": {"lowest_ratio": None}}
    facts = {"outcomes": {"prediction": {"attributes": attributes, "intersections": {"sex & age": "no_finding"}}}}

    assert metrics.WORST["bias"](facts) == 0.7
    assert metrics.WORST["bias"]({}) is None
