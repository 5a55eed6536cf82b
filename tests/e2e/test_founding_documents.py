"""The walks that this project set out to make possible, on the deployed stack in a real browser.

Each test is a short walk of people in their roles: what they see on the page, and what the API holds afterwards. The
walks follow one another as the days of a model do: a pipeline registers it, people review, document, approve and
operate it.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import urllib3
from playwright.sync_api import expect

from tests.e2e.browser import Visitor
from tests.e2e.people import House, act, tab, taken, text_of, told

pytestmark = [pytest.mark.emulator, pytest.mark.slow, pytest.mark.timeout(900)]

MODEL: dict[str, Any] = {
    "name": "transfer-screening",
    "owner": "owner@example.com",
    "risk_level": "high",
    "domain": "finance",
    "intended_purpose": "Holds back bank transfers that a person should look at.",
    "data_sources": ["Transfers of 2025, without names"],
    "limitations": "Not trained on transfers between companies.",
    "oversight_plan": "A clerk decides on every transfer that is held back, within the hour.",
}
METRICS = {"accuracy": 0.951, "f1": 0.887, "roc_auc": 0.972, "cv_score": 0.943}
RUN: dict[str, Any] = {
    "framework": "scikit-learn",
    "algorithm": "random forest",
    "hyperparameters": {"n_estimators": 200, "max_depth": 12},
    "run_id": "nightly-0417",
    "training": {"dataset_sha256": "5e" * 32, "rows": 48210, "features": 23},
    "artefacts": [
        {"name": name, "location": f"s3://models/transfer-screening/{name}"}
        for name in ("classification_report.json", "confusion_matrix.json")
    ],
}
POLICY = {
    "name": "two_duties",
    "description": "An engineer and a product owner agree.",
    "approvers": 2,
    "roles": ["ml_engineer", "product_owner"],
    "strategy": "direct",
}
WHY = "looked at in the weekly review"


@pytest.fixture(scope="module")
def model(house: House) -> str:
    """A model as a pipeline registers it, with a key of its owner: two versions and what they reached."""
    key = house.api("owner").call("POST", "/keys", {"name": "nightly-training", "scopes": ["write"]})["secret"]

    def send(path: str, body: Any) -> Any:
        address, named = f"{house.base}/api/machine/v1{path}", {"Authorization": f"Bearer {key}"}
        answer = urllib3.request("POST", address, json=body, headers=named, timeout=60)
        assert answer.status in {200, 201}, (path, answer.status, answer.data[:900])
        return answer.json()

    identity = str(send("/models", MODEL)["id"])
    earlier = {name: round(value - 0.02, 3) for name, value in METRICS.items()}
    send(f"/models/{identity}/versions", {"version": "1.0.0", "metrics": earlier, **RUN})
    send(f"/models/{identity}/versions", {"version": "1.1.0", "metrics": METRICS, **RUN})
    late = {"version_id": f"{identity}@1.1.0", "metric_name": "bias_score", "value": 0.034}
    assert send("/metrics", late)["metrics"] == {**METRICS, "bias_score": 0.034}
    return identity


def test_a_new_model_comes_from_the_pipeline_and_is_reviewed_and_approved(house: House, model: str) -> None:
    engineer = house.seat("engineer", "#/models?name=transfer")
    row = engineer.page.locator("table tbody tr").filter(has_text="transfer-screening")
    expect(row.locator(".of-risk")).to_have_text("high")
    expect(row.locator(".of-compliance_status")).to_have_text("draft")

    officer = house.seat("officer", f"#/models/{model}?section=versions")
    expect(officer.page.locator("#title-versions").locator("xpath=..")).to_contain_text("accuracy 0.951")
    for status, shown in (("under_review", "under review"), ("approved", "approved")):
        act(officer, "Move compliance status", {"New status": shown, "Reason": f"{status}: {WHY}"})
        told(officer, f"The compliance status is {shown} now.")
        assert house.api("auditor").get(f"/models/{model}")["compliance_status"] == status
    moved = house.entries("model.status_changed", model)
    assert [one["actor"] for one in moved] == ["officer@example.com"] * 2
    assert WHY in json.dumps(moved[-1]["details"])

    auditor = house.seat("auditor", f"#/audit?subject=model/{model}")
    actions = auditor.page.locator("table.audit tbody th").all_inner_texts()
    assert actions[:2] == ["Model status changed"] * 2
    assert actions[-1] == "Model registered"
    expect(auditor.page.locator("table.audit tbody tr").first).to_contain_text("officer@example.com")
    house.quiet()


def test_a_regulator_gets_the_documentation_of_every_high_risk_system(house: House, model: str, tmp_path: Path) -> None:
    officer = house.seat("officer", "#/models")
    officer.page.get_by_label("Risk").select_option(label="high")
    expect(officer.page).to_have_url(re.compile("risk=high"))
    officer.settle()
    names = officer.page.locator("table tbody tr .of-name a").all_inner_texts()
    found = house.api("officer").get("/models?risk=high&limit=100")["models"]
    assert sorted(names) == sorted(one["name"] for one in found)
    assert "transfer-screening" in names

    reported = [MODEL["intended_purpose"], *MODEL["data_sources"], MODEL["oversight_plan"]]
    for name in names:
        officer.visit("#/models?risk=high")
        officer.page.get_by_role("link", name=name, exact=True).click()
        tab(officer, "Versions")
        _, card = taken(officer, tmp_path, officer.page.get_by_role("button", name="Model card as PDF").click)
        form = {"Model": name, "What": "Technical documentation (AI Act, Annex IV)", "Format": "PDF"}
        _, file = taken(officer, tmp_path, lambda form=form: act(officer, "Ask for a report", form))
        for pdf, expected in ((card, [*reported, "0.951"]), (file, reported)):
            assert [text for text in expected if text not in text_of(pdf)] == []
            expect(officer.page.locator(f"code[title='{hashlib.sha256(pdf).hexdigest()}']").first).to_be_visible()
    house.quiet()


def test_an_old_model_is_retired_with_a_reason_and_stays_readable(house: House) -> None:
    owner = house.seat("owner", "#/models")
    described = {"Name": "shelf-recommender", "Intended purpose": "Orders the shelves of a shop."}
    act(owner, "Register a model", described)
    expect(owner.page.locator("h1")).to_have_text("shelf-recommender")
    identity = owner.page.url.rsplit("/", 1)[-1]

    admin = house.seat("admin", f"#/models/{identity}")
    act(admin, "Retire", {"Reason": "replaced by the new search since June"})
    told(admin, "The model is retired.")
    assert house.api("auditor").get(f"/models/{identity}")["compliance_status"] == "retired"
    (entry,) = house.entries("model.status_changed", identity)
    assert entry["actor"] == "admin@example.com"
    assert "replaced by the new search since June" in json.dumps(entry["details"])

    auditor = house.seat("auditor", "#/models?status=retired")
    auditor.page.get_by_role("link", name="shelf-recommender").click()
    expect(auditor.page.locator("main")).to_contain_text("Orders the shelves of a shop.")
    tab(auditor, "Activity")
    expect(auditor.page.locator("#section-activity")).to_contain_text("replaced by the new search since June")
    house.quiet()


def open_dashboard(visitor: Visitor) -> None:
    expect(visitor.page.locator("h1")).to_contain_text("need attention")


def view_models(visitor: Visitor) -> None:
    visitor.visit("#/models")
    for name, cloud in (("german-credit", "AWS"), ("car-loan", "Azure")):
        named = visitor.page.get_by_role("link", name=name, exact=True)
        row = visitor.page.locator("table tbody tr").filter(has=named)
        expect(row.locator(".of-cloud")).to_have_text(cloud)
        expect(row.locator(".of-presence")).to_contain_text("running")


def monitor_drift(visitor: Visitor) -> None:
    visitor.page.get_by_role("link", name="car-loan", exact=True).click()
    tab(visitor, "Drift")
    visitor.page.get_by_role("grid").get_by_role("button").filter(has_text="car_value").first.click()
    expect(visitor.page.locator(".began text")).to_have_text("since Apr 19")
    expect(visitor.page.locator(".histogram").first).to_be_visible()


def review_fairness(visitor: Visitor) -> None:
    visitor.visit("#/models")
    visitor.page.get_by_role("link", name="german-credit", exact=True).click()
    tab(visitor, "Fairness")
    expect(visitor.page.locator("#section-bias")).to_contain_text("people with age ≤25 and sex female selected")
    expect(visitor.page.locator("#section-bias")).to_contain_text("very unlikely by chance")


def configure_alerts(visitor: Visitor) -> None:
    visitor.visit("#/alerts?view=receivers")
    receiver = {"Channel": "E-mail", "Address": "credit-team@example.com", "From this severity on": "Critical"}
    act(visitor, "New receiver", {"Name": "credit-team", **receiver}, confirm="Save")
    told(visitor, "Saved: credit-team")
    visitor.visit("#/alerts?view=routes")
    route = {"Tells": "credit-team", "Only for": 'domain="finance"', "Go on to the next route": "Yes"}
    act(visitor, "Add a route below", route, confirm="Save")
    expect(visitor.page.locator(".route").filter(has_text="credit-team").last).to_contain_text('domain="finance"')


STEPS: tuple[Callable[[Visitor], None], ...] = (open_dashboard, view_models, monitor_drift, review_fairness)


def test_six_steps_over_two_clouds(house: House, tmp_path: Path) -> None:
    visitor = house.seat("admin", "#/")
    for step in STEPS:
        step(visitor)
    visitor.visit("#/reports")
    form = {"Law or standard": "EU AI Act", "Format": "CSV"}
    name, file = taken(visitor, tmp_path, lambda: act(visitor, "Ask for a report", form))
    assert name.endswith(".csv")
    assert {"german-credit", "car-loan"} <= set(re.findall(r"german-credit|car-loan", file.decode()))
    configure_alerts(visitor)

    api = house.api("admin")
    assert api.get("/alerts/receivers/credit-team")["options"] == {"to": "credit-team@example.com"}
    route = api.get("/alerts/routes")["routing"]["route"]["routes"][-1]
    assert (route["receiver"], route["matchers"]) == ("credit-team", ['domain="finance"'])
    assert route["continue"]
    house.quiet()


def test_the_tabs_of_a_model_tell_of_run_card_trail_performance_and_compliance(
    house: House, model: str, tmp_path: Path
) -> None:
    engineer = house.seat("engineer", f"#/models/{model}?section=versions")
    page = engineer.page
    compared = page.locator("table.comparison")
    run = {**METRICS, **RUN["hyperparameters"], "run": RUN["run_id"], "rows": RUN["training"]["rows"]}
    for name, value in run.items():
        named = re.compile(name.replace("_", "[ _]"), re.IGNORECASE)
        expect(compared.get_by_role("row").filter(has_text=named).first).to_contain_text(str(value))
    for document, said in (("Model card", re.escape(MODEL["intended_purpose"])), ("Data sheet", "48,?210")):
        page.locator("summary").filter(has_text=document).click()
        expect(page.get_by_role("region", name=document)).to_contain_text(re.compile(said))

    engineer.visit("#/models?name=german-credit")
    page.get_by_role("link", name="german-credit", exact=True).click()
    tab(engineer, "Compliance")
    judged = page.url.split("/")[-1].split("?")[0]
    statuses = house.api("engineer").get(f"/models/{judged}/compliance")["statuses"]
    shown = set(page.locator("#section-compliance .framework h3").all_inner_texts())
    assert shown
    assert shown <= {one["framework_title"] for one in statuses}

    auditor = house.seat("auditor", f"#/audit?subject=model/{model}")
    auditor.page.get_by_label("What was done").fill("model.status_changed")
    auditor.page.get_by_role("button", name="Last 7 days").click()
    expect(auditor.page.get_by_role("status").filter(has_text="2 entries match.")).to_be_visible()
    with auditor.page.expect_download() as given:
        auditor.page.get_by_role("button", name="JSON").click()
    given.value.save_as(tmp_path / "audit.json")
    kept = json.loads((tmp_path / "audit.json").read_text(encoding="utf-8"))
    assert [one["entry"] for one in reversed(kept)] == house.entries("model.status_changed", model)
    house.quiet()


def vote(house: House, name: str, model: str, decision: str = "Approve") -> None:
    voter = house.seat(name, f"#/models/{model}?section=versions")
    act(voter, "Approve or reject", {"Decision": decision, "Comment": f"{name}: {WHY}"})
    told(voter, "You approved.")


def test_two_duties_approve_a_version_and_it_goes_to_production(house: House, model: str) -> None:
    house.api("admin").call("POST", "/policies", POLICY)
    address = f"#/models/{model}?section=versions"
    admin = house.seat("admin", address)
    act(admin, "Choose approval policy", {"Approval policy": "two duties"})
    told(admin, "two duties decides on approvals now.")
    assert house.api("auditor").get(f"/models/{model}/approval-policy")["name"] == "two_duties"

    owner = house.seat("owner", f"{address}&stage=staging")
    act(owner, "Promote to staging", {"Reason": WHY})
    told(owner, "1.1.0 is in staging now.")
    owner.visit(address)
    expect(owner.page.locator(".checks")).to_contain_text("Approvals not met")
    act(owner, "Request approval", {})
    request = owner.page.locator(".requests > li").filter(has_text="1.1.0 for production")
    expect(request).to_contain_text("You asked for it yourself, so others decide.")
    expect(request).to_contain_text("needs 2 votes of")
    vote(house, "engineer", model)
    assert house.api("auditor").get(f"/models/{model}/approvals")["requests"][0]["state"] == "pending"
    vote(house, "product", model)

    auditor = house.seat("auditor", address)
    request = auditor.page.locator(".requests > li").filter(has_text="1.1.0 for production")
    for name in ("engineer", "product"):
        expect(request).to_contain_text(f"{name}: {WHY}")
    expect(request.get_by_role("button")).to_have_count(0)

    owner = house.seat("owner", address)
    expect(owner.page.locator("main")).to_contain_text("Every condition is met.")
    act(owner, "Promote to production", {"Reason": WHY})
    told(owner, "1.1.0 is in production now.")
    held = house.api("auditor").get(f"/models/{model}/versions")
    assert held["stages"]["of"] == {"1.1.0": "production"}
    votes = house.entries("approval.voted", model)
    assert [one["actor"] for one in votes] == ["engineer@example.com", "product@example.com"]
    house.quiet()
