"""Ordinary tasks at the desk on the recorded API: in how many clicks, by keyboard alone, and what is sent.

Changes are only written down here; test_tasks_deployed.py looks at what comes of them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Route, expect

from demo.site import build_site
from tests.e2e import desk_tasks as tasks
from tests.e2e.browser import new_visitor
from tests.e2e.desk_tasks import TASKS, Desk, Task
from tests.e2e.recording import record
from tests.e2e.test_dashboard_screens import RECORDED, served
from tests.proof import share

pytestmark = pytest.mark.slow

CREDIT, CAR = "german-credit-bd8897", "car-loan-d12ba7"
NINA = {"name": "nina", "email": "nina@example.org", "confirmed": True, "enabled": True}
JOB = {
    "id": "r1", "request": {"kind": "compliance", "format": "pdf"}, "requested_by": "demo", "step": "queued",
    "requested_at": "2026-10-06T09:00:00Z", "state": "queued", "progress": 0,
}  # fmt: skip
PDF = "https://files.example.org/report.pdf"
# As many models as nobody scrolls through, of which one is looked for.
NAMES = [f"{sha256(str(number).encode()).hexdigest()[:8]}-scoring" for number in range(10_000)]
WANTED = NAMES[7312]
ANSWERS: dict[str, Any] = {
    "GET /users?limit=60": {"users": [NINA | {"roles": None}], "next_token": None},
    "GET /users/nina": NINA | {"roles": ["auditor", "risk_owner"]},
    "POST /models": {"id": "car-loan-d12ba7"},  # any that is recorded: its home is opened then
    "GET /auth/issuers": {"issuers": []},
    "POST /compliance/reports": JOB,
    "GET /compliance/reports?limit=50": {"jobs": [JOB | {"state": "done", "progress": 1, "sha256": "0" * 64}]},
    "GET /compliance/reports/r1": {"job": JOB | {"state": "done"}, "link": PDF},
}


def answer(route: Route) -> None:
    """Take a change, and answer what the recording does not have; the rest is the recording's."""
    request = route.request
    call = f"{request.method} {re.sub(r'^.*/api/v1', '', request.url)}"
    if found := re.match(r"GET /models\?.*begins=([^&]*)", call):
        names = [name for name in NAMES if name.startswith(found[1])][:12]
        models = [{"id": f"id-{name}", "name": name, "cloud": "aws", "owner": None} for name in names]
        route.fulfill(json={"models": models, "next_token": None})
    elif call in ANSWERS:
        route.fulfill(json=ANSWERS[call])
    elif call == "GET /approvals?limit=50":
        waiting = json.loads(record.RECORDING.read_text(encoding="utf-8"))[call]["body"]
        for one in waiting["requests"]:
            one["vote_as"] = ["compliance_officer"]
        route.fulfill(json=waiting)
    elif re.match(r"GET /audit-logs\?.*from=", call):
        route.fulfill(json={"entries": [], "next_token": None})
    elif request.method != "GET":
        route.fulfill(json={})
    else:
        route.fallback()


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    build_site()
    recording = json.loads(record.RECORDING.read_text(encoding="utf-8"))
    with served(recording, tmp_path_factory.mktemp("desk")) as address:
        yield address


@pytest.fixture
def sit_down(browser: Browser, url: str) -> Iterator[Callable[..., Desk]]:
    contexts: list[BrowserContext] = []

    def sit(role: str, *, by_keyboard: bool = False) -> Desk:
        visitor, context = new_visitor(browser, accept_downloads=True)
        contexts.append(context)
        desk = Desk(visitor, by_keyboard, WANTED)
        visitor.page.clock.install(time=RECORDED)
        visitor.page.route("**/api/v1/**", answer)
        file = {"content-disposition": 'attachment; filename="report.pdf"'}
        visitor.page.route(PDF, lambda route: route.fulfill(body="%PDF", content_type="application/pdf", headers=file))
        visitor.sign_in(url, role, "any")
        visitor.settle()
        desk.sit_down()
        return desk

    yield sit
    for context in contexts:
        context.close()


def of_the_report(desk: Desk) -> None:
    assert desk.sent == [("POST /compliance/reports", {"kind": "compliance", "format": "pdf"})]
    assert desk.taken is not None
    assert desk.taken.url == PDF


def of_the_vote(desk: Desk) -> None:
    ((call, body),) = desk.sent
    assert call.endswith("/approvals/000001/votes")
    assert body["decision"] == "approve"


def of_the_week(desk: Desk) -> None:
    assert desk.taken is not None
    assert desk.taken.suggested_filename == "audit.csv"
    assert "from=2026-09-28T22%3A00%3A00.000Z" in desk.asked[-1]  # the day began in Berlin


def of_the_snooze(desk: Desk) -> None:
    ((_, body),) = desk.sent
    assert (body["action"], body["until"] > "2026-10-06T09:00:00Z") == ("snooze", True)


def of_the_search(desk: Desk) -> None:
    assert desk.page.url.endswith(f"#/models/id-{WANTED}")
    desk.visitor.problems.clear()  # the recording has no such model


def of_the_roles(desk: Desk) -> None:
    row = desk.page.get_by_role("row", name=re.compile("nina@example.org"))
    expect(row).to_contain_text("Auditors and Risk owners")


def sent(call: str, **held: Any) -> Callable[[Desk], None]:
    """That this alone was sent, and what of it matters."""

    def look(desk: Desk) -> None:
        assert [one for one, _ in desk.sent] == [call]
        assert {name: desk.sent[0][1][name] for name in held} == held

    return look


WHAT_IS_SENT: dict[Task, Callable[[Desk], None]] = {
    tasks.regulators_pdf: of_the_report,
    tasks.approve_a_version: of_the_vote,
    tasks.last_weeks_changes: of_the_week,
    tasks.register_a_model: sent("POST /models", name="claims"),
    tasks.alert_rule: sent("POST /alerts/rules", name="drift-share"),
    tasks.tell_slack: sent("PUT /alerts/receivers/team"),
    tasks.custom_framework: sent("POST /compliance/frameworks", text=tasks.FRAMEWORK),
    tasks.snooze: of_the_snooze,
    tasks.set_a_threshold: sent(f"PUT /models/{CAR}/drift/policy?expect_version=0"),
    tasks.check_now: sent(f"POST /models/{CAR}/checks", force=False),
    tasks.who_has_which_role: of_the_roles,
    tasks.assign_owner: sent(f"PATCH /models/{CAR}", owner="ada@example.org"),
    tasks.find_one_of_many: of_the_search,
}


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.__name__)
def test_a_task_takes_no_more_clicks_than_it_may(task: Task, sit_down: Callable[..., Desk]) -> None:
    role, most = TASKS[task]
    desk = sit_down(role)
    task(desk)
    WHAT_IS_SENT.get(task, lambda _: None)(desk)
    assert desk.clicks <= most
    assert desk.visitor.problems == []


@pytest.mark.parametrize("task", share(list(TASKS), 8), ids=lambda task: task.__name__)
def test_a_task_is_done_by_keyboard_alone(task: Task, sit_down: Callable[..., Desk]) -> None:
    desk = sit_down(TASKS[task][0], by_keyboard=True)
    task(desk)
    WHAT_IS_SENT.get(task, lambda _: None)(desk)
    assert desk.clicks == 0
    assert desk.visitor.problems == []
