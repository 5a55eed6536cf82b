"""The tasks of desk_tasks.py on the deployed stack: in the role of each, within its clicks, and what is kept of them.

Every person keeps one window and comes back to Today for each task.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e import desk_tasks as tasks
from tests.e2e.desk_tasks import TASKS, Desk, Task
from tests.e2e.people import House
from tests.e2e.recording import record

pytestmark = [pytest.mark.emulator, pytest.mark.slow, pytest.mark.timeout(900)]

MANY = 60
"""Models of which one is looked for: each is registered by a call; 10,000 are on the recording (test_desk_tasks.py)."""

NAMES = [f"{sha256(str(number).encode()).hexdigest()[:8]}-scoring" for number in range(MANY)]
ARTEFACTS = [
    {"name": name, "location": f"s3://models/car-loan/{name}"}
    for name in ("classification_report.json", "confusion_matrix.json")
]
"""What staging asks of a version beside the fingerprint of its data."""

POLICY = {
    "name": "one_officer",
    "description": "A compliance officer agrees.",
    "approvers": 1,
    "roles": ["compliance_officer"],
    "strategy": "direct",
}


@pytest.fixture(scope="module")
def car(house: House) -> str:
    """The id of car-loan, with two versions, the newer waiting for the vote of a compliance officer."""
    admin, owner = house.api("admin"), house.api("owner")
    found = admin.get("/models?begins=car-loan&limit=12")["models"]
    identity = next(str(one["id"]) for one in found if one["name"] == "car-loan")
    recorded = json.loads(record.RECORDING.read_text(encoding="utf-8"))
    held = next(recorded[key]["body"] for key in recorded if re.match(r"GET /models/car-loan-\w+/versions\?", key))
    for one in sorted(held["versions"], key=lambda one: str(one["created_at"])):  # the desk reads the newest first
        kept = {name: one[name] for name in ("version", "metrics", "hyperparameters", "framework")}
        training = one["training"] | {"dataset_sha256": "5e" * 32}
        owner.call("POST", f"/models/{identity}/versions", kept | {"training": training, "artefacts": ARTEFACTS})
    admin.call("POST", "/policies", POLICY)
    admin.call("PUT", f"/models/{identity}/approval-policy", {"name": POLICY["name"]})
    owner.call("POST", f"/models/{identity}/versions/1.1.0/promote", {"stage": "staging", "reason": "it is trained"})
    owner.call("POST", f"/models/{identity}/approvals", {"version": "1.1.0"})
    return identity


def the_worst(house: House, desk: Desk, car: str) -> None:
    alerts = house.api("auditor").get(f"/alerts?model_id={car}&limit=100")["alerts"]
    value = next(one["value"] for one in alerts if one["subject"] == "car_value")
    assert float(tasks.trouble(desk, "car_value of car-loan").locator(".big").inner_text()) == round(value, 2)


def the_column(house: House, desk: Desk, car: str) -> None:
    assert f"#/models/{car}?section=drift&feature=car_value" in desk.page.url


def the_group(house: House, desk: Desk, car: str) -> None:
    assert "section=bias&outcome=prediction" in desk.page.url
    expect(desk.page.locator("#section-bias")).to_contain_text("very unlikely by chance")


def the_file(house: House, desk: Desk, car: str) -> None:
    assert desk.taken is not None
    pdf = Path(desk.taken.path()).read_bytes()
    assert pdf.startswith(b"%PDF")
    job = house.api("auditor").get("/compliance/reports?limit=1")["jobs"][0]
    assert (job["requested_by"], job["sha256"]) == ("officer@example.com", sha256(pdf).hexdigest())


def the_vote(house: House, desk: Desk, car: str) -> None:
    request = house.api("auditor").get(f"/models/{car}/approvals")["requests"][0]
    assert request["state"] == "approved"
    assert house.entries("approval.voted", car)[-1]["actor"] == "officer@example.com"


def the_week(house: House, desk: Desk, car: str) -> None:
    assert desk.taken is not None
    with Path(desk.taken.path()).open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {"model.registered", "approval.voted"} <= {row["action"] for row in rows}


def the_model(house: House, desk: Desk, car: str) -> None:
    expect(desk.page.locator("h1")).to_have_text("claims")
    made = house.api("auditor").get(f"/models/{desk.page.url.rsplit('/', 1)[-1]}")
    assert (made["name"], made["owner"]) == ("claims", "owner@example.com")


def the_rule(house: House, desk: Desk, car: str) -> None:
    assert "drift-share" in {one["name"] for one in house.api("admin").get("/alerts/rules")["rules"]}


def the_receiver(house: House, desk: Desk, car: str) -> None:
    kept = house.api("admin").get("/alerts/receivers/team")
    assert (kept["channel"], kept["secret"]) == ("slack", "team")


def the_draft(house: House, desk: Desk, car: str) -> None:
    held = house.api("auditor").get("/compliance/frameworks")["frameworks"]
    assert [one["state"] for one in held if one["framework_id"] == "desk_rules"] == ["draft"]


def the_dates(house: House, desk: Desk, car: str) -> None:
    dates = house.api("officer").get("/compliance/deadlines?days=730&limit=100")["dates"]
    soonest = datetime.fromisoformat(min(one["on"] for one in dates if one["kind"] == "applies")).strftime("%b %-d")
    expect(tasks.legal_dates(desk).first).to_contain_text(soonest)


def the_snooze(house: House, desk: Desk, car: str) -> None:
    (snoozed,) = house.api("admin").get("/alerts?state=snoozed&limit=100")["alerts"]
    assert datetime.fromisoformat(snoozed["snoozed_until"]) > datetime.now(UTC)


def the_threshold(house: House, desk: Desk, car: str) -> None:
    assert house.api("auditor").get(f"/models/{car}/drift/policy")["psi_threshold"] == 0.2


def the_checks(house: House, desk: Desk, car: str) -> None:
    assert house.entries("checks.requested", car)[-1]["actor"] == "owner@example.com"


def the_roles(house: House, desk: Desk, car: str) -> None:
    for address, role in (("officer", "Compliance officers"), ("auditor", "Auditors")):
        expect(desk.page.get_by_role("row", name=re.compile(f"{address}@example.com"))).to_contain_text(role)


def the_owner(house: House, desk: Desk, car: str) -> None:
    assert house.api("auditor").get(f"/models/{car}")["owner"] == "ada@example.org"
    house.api("admin").call("PATCH", f"/models/{car}", {"owner": "owner@example.com"})  # whose it stays


def nothing_more(house: House, desk: Desk, car: str) -> None:
    """What is read is all there is, and stands where the API holds it."""
    assert desk.sent == []


EFFECTS: dict[Task, Callable[[House, Desk, str], None]] = {
    tasks.trouble_and_cause: the_worst,
    tasks.distribution: the_column,
    tasks.who_is_harmed: the_group,
    tasks.regulators_pdf: the_file,
    tasks.approve_a_version: the_vote,
    tasks.last_weeks_changes: the_week,
    tasks.register_a_model: the_model,
    tasks.alert_rule: the_rule,
    tasks.tell_slack: the_receiver,
    tasks.custom_framework: the_draft,
    tasks.compare_versions: nothing_more,
    tasks.next_legal_dates: the_dates,
    tasks.snooze: the_snooze,
    tasks.set_a_threshold: the_threshold,
    tasks.check_now: the_checks,
    tasks.lineage: nothing_more,
    tasks.who_has_which_role: the_roles,
    tasks.assign_owner: the_owner,
    tasks.find_one_of_many: nothing_more,
}


def walk(house: House, task: Task, car: str) -> None:
    role, most = TASKS[task]
    desk = Desk(house.seat(role, "#/"), wanted=NAMES[-7])
    desk.sit_down()
    task(desk)
    assert desk.clicks <= most
    EFFECTS[task](house, desk, car)
    desk.leave()
    assert desk.visitor.problems == []


@pytest.mark.parametrize(
    "task", [one for one in TASKS if one is not tasks.find_one_of_many], ids=lambda one: one.__name__
)
def test_a_task_is_done_within_its_clicks_and_kept(house: House, car: str, task: Task) -> None:
    walk(house, task, car)


def test_one_of_many_models_is_found_by_six_letters_of_its_name(house: House, car: str) -> None:
    owner = house.api("owner")

    def register(name: str) -> Any:
        return owner.call("POST", "/models", {"name": name})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(register, NAMES))
    walk(house, tasks.find_one_of_many, car)
