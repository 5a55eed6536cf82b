"""Configuration files reach the product: checked as a whole, shown as differences, applied; every field is answered."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner

from functions.api.access.authorization import PREFIX
from functions.api.handler import handler
from syndic.audit.log import AuditLog
from syndic.bias.policy import kept as bias
from syndic.changes import UNTOLD
from syndic.cli.deployment import apply as apply_command
from syndic.compliance.definitions.load import built_in
from syndic.drift.policy import kept as drift
from syndic.errors import UnavailableError
from syndic.registry.approvals.requests import find_policy
from tests.edges.conftest import Context
from tests.edges.envelopes import api_request
from tests.edges.serving import served
from tests.edges.world import MODEL, World

FILES = sorted((Path(__file__).parent / "configuration").glob("*.yaml"))


def put(
    *files: tuple[str, str], models: tuple[str, ...] = (), person: str = "admin", query: str = ""
) -> tuple[int, dict[str, Any]]:
    body = {"files": [{"name": name, "text": text} for name, text in files], "models": list(models)}
    event = api_request(
        "PUT", f"{PREFIX}/config", query=query, headers={"content-type": "application/json"}, body=json.dumps(body),
        person=person,
    )  # fmt: skip
    answer = handler(event, Context())
    return answer["statusCode"], json.loads(answer["body"])


@pytest.fixture
def world(wire: Callable[[str], World]) -> World:
    made = wire("governed")
    # The model's capture has no such columns: who says which there are is the model's owner.
    from syndic.records import get_model, model_record

    made.store.put(model_record(get_model(made.store, MODEL).model_copy(update={"capture_schema": None})))
    return made


def named(path: Path) -> tuple[str, str]:
    return path.name, path.read_text()


def leaves(value: Any, before: str = "") -> list[str]:
    if isinstance(value, dict) and value:
        return [leaf for name, inner in value.items() for leaf in leaves(inner, f"{before}.{name}".strip("."))]
    return [before]


def test_all_files_at_once_dry_then_for_good_then_again(world: World) -> None:
    files = [named(path) for path in FILES]
    before = dict(world.store._kept)
    status, dry = put(*files, models=(MODEL,), query="dry_run=true")
    assert status == 200, dry
    assert world.store._kept == before, "a dry run changes nothing"

    status, done = put(*files, models=(MODEL,))
    assert status == 200
    assert {**done, "dry_run": True} == dry, "it did what it said it would"
    targets = {one["target"] for one in done["settings"] if one["changed"]}
    assert targets == {
        f"model/{MODEL}/drift",
        f"model/{MODEL}/bias",
        "policy/governance",
        "policy/high_risk_model_policy",
    }
    assert all(one["diff"] for one in done["settings"])

    _, again = put(*files, models=(MODEL,))
    assert [one for one in again["settings"] if one["changed"] or one["diff"]] == []


def test_what_the_files_became(world: World) -> None:
    put(*(named(path) for path in FILES), models=(MODEL,))
    policy = drift.get_policy(MODEL, store=world.store)
    assert (policy.significance, policy.psi_threshold, policy.min_samples) == (0.05, 0.1, 1000)
    fair = bias.get_policy(MODEL, store=world.store)
    assert [one.reference_group for one in fair.protected_attributes] == ["26-40", "male", "group_a"]
    house = find_policy(world.store, "governance")
    assert (house.approvers, house.from_roles, house.auto_approve) == (
        2,
        ("ml_engineer", "data_scientist", "product_owner"),
        None,
    )
    strict = find_policy(world.store, "high_risk_model_policy")
    assert (strict.approvers, len(strict.from_roles), strict.strategy.value) == (3, 4, "canary")
    assert (strict.rollback.error_rate_spike, strict.rollback.performance_degradation) == (0.01, 0.02)
    assert strict.auto_approve is None, "what cannot be told approves nothing"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_no_field_is_ignored_in_silence(path: Path, world: World) -> None:
    """Every part of a file stands in a difference or is named with its meaning."""
    _, report = put(named(path), models=(MODEL,))
    said = " ".join(f"{one['field']} {one['meaning']}" for one in report["meanings"])
    diff = "\n".join(line for one in report["settings"] for line in one["diff"])
    ((root, content),) = yaml.safe_load(path.read_text()).items()
    parts = content if isinstance(content, dict) else {name: 1 for one in content for name in one}
    wanted = {
        "statistical_tests": "statistical_tests", "monitoring": "monitoring.frequency", "alerting": "alerting.channels",
        "protected_attributes": "reference_group", "fairness_metrics": "metric",
        "intersectional_analysis": "combinations", "required_approvers": "approvers",
        "approval_roles": "from_roles", "deployment_strategy": "strategy", "rollback_conditions": "rollback",
    }  # fmt: skip
    missing = [name for name in parts if wanted.get(name, name) not in said and wanted.get(name, name) not in diff]
    assert missing in ([], ["fairness_metrics"]), (root, missing)  # those of the default policy make no difference


def test_conditions_that_evidence_answers_become_an_expression(world: World) -> None:
    text = (
        "governance: {name: fair, required_approvers: 1, approval_roles: [product_owner], auto_approval_conditions: "
        "{performance_improvement: 0.05, metric: auc, passes_bias_tests: true}}"
    )
    status, report = put(("g.yaml", text))
    assert status == 200, report
    found = find_policy(world.store, "fair").auto_approve
    assert found is not None
    assert 'evidence["bias.run"].status == "passing"' in found
    assert 'production.metrics["auc"] * 1.05' in found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("drift_detektion: {}", "drift_detection"),
        ("drift_detection: {psi_treshold: 0.2}", "psi_threshold"),
        ("drift_detection: {psi_threshold: -1}", "psi_threshold"),
        ("governance: {required_aprovers: 2}", "required_approvers"),
        ("governance: {compliance_level: moderat}", "moderate"),
        ("governance: {name: x, description: y, approvers: 1, auto_approve: 'evidence['}", "auto_approve"),
        ("compliance_frameworks: {eu_ai_akt: {enabled: true}}", "eu_ai_akt"),
        ("- a list", "a mapping is expected"),
        ("a: 1\na: 2", "line"),
        ("{", "YAML"),
        ("models: 3\ndrift_detection: {}", "list of model ids"),
        ("models: [nobody]\ndrift_detection: {}", "nobody"),
    ],
)
def test_a_wrong_file_is_refused_by_name_and_nothing_is_applied(text: str, said: str, world: World) -> None:
    before = dict(world.store._kept)
    status, answer = put(named(FILES[0]), ("wrong.yaml", text), models=(MODEL,))

    assert status in {400, 404, 422}, answer
    assert said in answer["detail"]
    assert "wrong.yaml" in answer["detail"] or "nobody" in answer["detail"]
    assert world.store._kept == before


def test_without_a_model_it_is_asked_which(world: World) -> None:
    status, answer = put(("drift.yaml", "drift_detection: {psi_threshold: 0.2}"))
    assert status == 400
    assert "models" in answer["detail"]
    status, _ = put(("drift.yaml", f"models: [{MODEL}]\ndrift_detection: {{psi_threshold: 0.2}}"))
    assert status == 200


def test_one_target_is_set_once(world: World) -> None:
    one = ("a.yaml", "drift_detection: {psi_threshold: 0.2}")
    status, answer = put(one, ("b.yaml", "drift_detection: {psi_threshold: 0.3}"), models=(MODEL,))
    assert status == 400
    assert "a.yaml" in answer["detail"]


def test_owners_set_their_models_and_admins_the_rest(world: World) -> None:
    own = ("drift.yaml", "drift_detection: {psi_threshold: 0.2}")
    assert put(own, models=(MODEL,), person="model_owner")[0] == 200
    assert put(own, models=(MODEL,), person="other_owner")[0] == 403
    assert put(named(next(path for path in FILES if path.stem == "governance")), person="model_owner")[0] == 403
    assert put(own, models=(MODEL,), person="auditor")[0] == 403


def test_a_framework_is_kept_as_a_draft(world: World) -> None:
    text = built_in()["nyc_ll144"].text.replace("id: nyc_ll144", "id: house_rules", 1)
    status, report = put(("house.yaml", text))
    assert status == 200, report
    assert report["settings"][0]["target"].startswith("framework/house_rules/")
    assert "activate" in report["meanings"][0]["meaning"]


@pytest.mark.parametrize("kind", ["drift", "bias", "governance", "framework"])
def test_what_was_left_untold_is_told_when_it_is_applied_again(
    kind: str, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Applied again, each setting is as the file wants it: that the trail did not hear of it must not be missed."""

    def gone(*_: Any) -> None:
        raise UnavailableError("the trail is gone")

    paths = {path.stem: path for path in FILES}
    house = built_in()["nyc_ll144"].text.replace("id: nyc_ll144", "id: house_rules", 1)
    file = ("house.yaml", house) if kind == "framework" else named(paths[kind])
    with monkeypatch.context() as dying:
        dying.setattr(AuditLog, "take", gone)
        assert put(file, models=(MODEL,))[0] == 503
    assert world.store.query(UNTOLD).records

    status, again = put(file, models=(MODEL,))
    assert status == 200
    assert [one["changed"] for one in again["settings"]] == [False]
    assert not world.store.query(UNTOLD).records


@pytest.mark.enable_socket
def test_the_command_applies_a_folder(world: World, context: Context, monkeypatch: pytest.MonkeyPatch) -> None:
    with served(handler, context) as (address, broken):
        monkeypatch.setenv("SYNDIC_API", address)
        monkeypatch.setenv("SYNDIC_TOKEN", "admin")
        options = ["-f", str(FILES[0].parent), "--model", MODEL]
        dry = CliRunner().invoke(apply_command.command, [*options, "--dry-run"], standalone_mode=False)
        assert dry.exception is None, dry.output
        assert f"would change: model/{MODEL}/drift" in dry.output
        assert drift.get_policy(MODEL, store=world.store).version == 1
        done = CliRunner().invoke(apply_command.command, [*options, "--json"], standalone_mode=False)

    assert not broken
    assert drift.get_policy(MODEL, store=world.store).min_samples == 1000
    report = json.loads(done.output[done.output.index("{\n") :])  # the function writes its metric on the same output
    assert {one["target"] for one in report["settings"]} >= {f"model/{MODEL}/drift", "policy/governance"}


def test_a_file_says_how_long_results_are_kept_and_the_route_says_it_too(world: World) -> None:
    assert put(("r.yaml", "retention:\n  hourly_days: 100\n"))[0] == 400
    status, refused = put(("r.yaml", "retention:\n  hourly_dais: 400\n"))
    assert status == 400
    assert "hourly_days" in refused["detail"]
    status, done = put(("r.yaml", "retention:\n  hourly_days: 400\n"))
    assert (status, [one["changed"] for one in done["settings"]]) == (200, [True])
    assert [one["changed"] for one in put(("r.yaml", "retention:\n  hourly_days: 400\n"))[1]["settings"]] == [False]
    answer = handler(api_request("GET", f"{PREFIX}/retention", person="auditor"), Context())
    kept = json.loads(answer["body"])
    assert (kept["hourly_days"], kept["daily_days"], kept["version"]) == (400, 1100, 1)
    assert put(("r.yaml", "retention:\n  hourly_days: 500\n"), person="model_owner")[0] == 403
