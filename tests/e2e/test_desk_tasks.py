"""Ordinary tasks at the desk, from Today, as the roles that may do them: in how many clicks, and by keyboard alone.

On the recorded API, whose changes are only written down: what is sent is compared, not what comes of it
(test_dashboard.py does that on the deployed stack). A click is one that the browser counts; typing, and Enter in a
form, are none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Route, expect

from tests.e2e.browser import Visitor, chromium, new_visitor
from tests.e2e.recording import record
from tests.e2e.test_dashboard_screens import RECORDED, build, served
from tests.proof import share

pytestmark = pytest.mark.slow

COUNT = """window.clicks = 0;
document.addEventListener("click", event => { if (event.isTrusted && event.detail > 0) window.clicks += 1; }, true);"""
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


@dataclass
class Desk:
    """Today, as somebody in a role, and what is sent from there."""

    visitor: Visitor
    by_keyboard: bool = False
    sent: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def page(self) -> Page:
        return self.visitor.page

    @property
    def clicks(self) -> int:
        return int(self.page.evaluate("window.clicks"))

    def answer(self, route: Route) -> None:
        """Take a change, and what the recording does not have; the rest is the recording's."""
        request = route.request
        path = re.sub(r"^.*/api/v1", "", request.url)
        call = f"{request.method} {path}"
        if request.method != "GET":
            self.sent.append((call, request.post_data_json))
        if found := re.match(r"GET /models\?.*begins=([^&]*)", call):
            names = [name for name in NAMES if name.startswith(found[1])][:12]
            models = [{"id": f"id-{name}", "name": name, "cloud": "aws", "owner": None} for name in names]
            route.fulfill(json={"models": models, "next_token": None})
        elif call in ANSWERS:
            route.fulfill(json=ANSWERS[call])
        elif call == "GET /approvals?limit=50":
            waiting = json.loads(record.RECORDING.read_text(encoding="utf-8"))[call]["body"]
            for one in waiting["requests"]:
                one["vote_as"] = ["ml_engineer"]
            route.fulfill(json=waiting)
        elif request.method != "GET":
            route.fulfill(json={})
        else:
            route.fallback()

    def press(self, what: Locator) -> None:
        """Click, or do by keyboard what a click would."""
        if not self.by_keyboard:
            what.click()
            return
        what.focus()
        reached = "el => el === document.activeElement && (el.tabIndex >= 0 || el.role === 'tab')"
        assert what.evaluate(reached), f"{what} is not reached by keyboard"
        self.page.keyboard.press("Enter")

    def told(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.locator(".told")).to_contain_text(text)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    build(tmp_path_factory)
    recording = json.loads(record.RECORDING.read_text(encoding="utf-8"))
    with served(recording, tmp_path_factory.mktemp("desk")) as address:
        yield address


@pytest.fixture
def sit_down(browser: Browser, url: str) -> Iterator[Callable[..., Desk]]:
    contexts: list[BrowserContext] = []

    def sit(role: str, *, by_keyboard: bool = False) -> Desk:
        visitor, context = new_visitor(browser, accept_downloads=True)
        contexts.append(context)
        desk = Desk(visitor, by_keyboard)
        visitor.page.clock.install(time=RECORDED)
        visitor.page.route("**/api/v1/**", desk.answer)
        visitor.page.route(PDF, lambda route: route.fulfill(body="%PDF", content_type="application/pdf"))
        visitor.sign_in(url, role, "any")
        visitor.settle()
        visitor.page.evaluate(COUNT)
        return desk

    yield sit
    for context in contexts:
        context.close()


def top(desk: Desk, name: str) -> Locator:
    return desk.page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True)


def model(desk: Desk, name: str) -> Locator:
    return desk.page.locator("table.models").get_by_role("link", name=name, exact=True)


def button(desk: Desk, name: str) -> Locator:
    return desk.page.get_by_role("button", name=name, exact=True)


def trouble_and_cause(desk: Desk) -> None:
    expect(desk.page.locator(".trouble").first).to_contain_text("car_value")
    expect(desk.page.locator(".trouble").first).to_contain_text("What to do:")


def distribution(desk: Desk) -> None:
    desk.press(desk.page.locator(".trouble").first.locator(".what a"))
    expect(desk.page.locator(".histogram").first).to_be_visible()


def who_is_harmed(desk: Desk) -> None:
    desk.press(desk.page.locator(".trouble").filter(has_text="german-credit").locator(".what a"))
    expect(desk.page.locator("#section-bias")).to_contain_text("<=25")


def regulators_pdf(desk: Desk) -> None:
    desk.press(top(desk, "Reports"))
    desk.press(button(desk, "Ask for a report"))
    clicks = desk.clicks
    desk.press(desk.page.get_by_role("dialog").get_by_role("button", name="Ask for a report"))
    desk.page.wait_for_url(PDF)
    assert desk.sent == [("POST /compliance/reports", {"kind": "compliance", "format": "pdf"})]
    desk.page.evaluate(f"window.clicks = {0 if desk.by_keyboard else clicks + 1}")  # it has left the page that counted


def approve_a_version(desk: Desk) -> None:
    desk.press(button(desk, "Approve or reject").first)
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_label("Comment").fill("The gate was looked at")
    desk.press(dialog.get_by_role("button", name="Approve or reject"))
    desk.told("You approved.")
    ((call, body),) = desk.sent
    assert call.endswith("/approvals/000001/votes")
    assert body["decision"] == "approve"


def last_weeks_changes(desk: Desk) -> None:
    asked: list[str] = []
    desk.page.on("request", lambda request: asked.append(request.url))
    desk.page.route(
        re.compile(r".*/audit-logs\?.*from=.*"), lambda route: route.fulfill(json={"entries": [], "next_token": None})
    )
    desk.press(top(desk, "Audit"))
    desk.press(button(desk, "Last 7 days"))
    with desk.page.expect_download() as given:
        desk.press(button(desk, "CSV"))
    assert given.value.suggested_filename == "audit.csv"
    assert "from=2026-09-28T22%3A00%3A00.000Z" in asked[-1]  # the day began in Berlin


def register_a_model(desk: Desk) -> None:
    desk.press(top(desk, "Models"))
    desk.press(button(desk, "Register a model"))
    desk.page.get_by_role("dialog").get_by_label("Name", exact=True).fill("claims")
    desk.page.keyboard.press("Enter")
    desk.told("claims is registered.")
    assert desk.sent[0][1]["name"] == "claims"


def alert_rule(desk: Desk) -> None:
    desk.press(top(desk, "Alerts"))
    desk.press(desk.page.get_by_role("tab", name="Rules"))
    desk.press(button(desk, "New rule"))
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=True).fill("drift-share")
    dialog.get_by_label("When this holds").fill('evidence["drift.run"].facts.share > 0.3')
    dialog.get_by_label("What is wrong").fill("Much drift")
    desk.page.keyboard.press("Enter")
    desk.told("Saved: drift-share")
    assert desk.sent[0][0] == "POST /alerts/rules"


def tell_slack(desk: Desk) -> None:
    desk.press(top(desk, "Alerts"))
    desk.press(desk.page.get_by_role("tab", name="Receivers"))
    desk.press(button(desk, "New receiver"))
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_label("Channel", exact=True).select_option(label="Slack, by an incoming webhook")
    dialog.get_by_label("Name of its secret").fill("team")
    dialog.get_by_label("Name", exact=True).fill("team")
    desk.page.keyboard.press("Enter")
    desk.told("Saved: team")
    assert desk.sent[0][0] == "PUT /alerts/receivers/team"


def assign_owner(desk: Desk) -> None:
    desk.press(model(desk, "car-loan"))
    desk.press(button(desk, "Assign owner"))
    desk.page.get_by_role("dialog").get_by_label("Owner").fill("ada@example.org")
    desk.page.keyboard.press("Enter")
    desk.told("ada@example.org owns this model now.")


def custom_framework(desk: Desk) -> None:
    desk.press(top(desk, "Settings"))
    desk.press(button(desk, "Add a framework"))
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_label("YAML of the framework").fill("id: house_rules")
    desk.press(dialog.get_by_role("button", name="Keep as draft"))
    desk.told("The draft is kept.")


def compare_versions(desk: Desk) -> None:
    desk.press(model(desk, "car-loan"))
    desk.press(desk.page.get_by_role("tab", name="Versions"))
    expect(desk.page.get_by_role("table", name="1.0.0 and 1.1.0")).to_contain_text("+0.011")


def next_legal_dates(desk: Desk) -> None:
    dates = desk.page.get_by_role("heading", name="Next legal dates").locator("xpath=..")
    expect(dates.locator("li").first).to_contain_text("EU AI Act")
    assert 0 < dates.locator("li").count() <= 3


def snooze(desk: Desk) -> None:
    desk.press(button(desk, "Snooze").first)
    desk.press(desk.page.get_by_role("dialog").get_by_role("button", name="Snooze"))
    desk.told("Snooze:")
    ((_, body),) = desk.sent
    assert (body["action"], body["until"] > "2026-10-06T09:00:00Z") == ("snooze", True)


def find_one_of_ten_thousand(desk: Desk) -> None:
    desk.page.keyboard.press("Control+k")
    desk.page.keyboard.type(WANTED[:6])
    desk.page.keyboard.press("Enter")
    expect(desk.page).to_have_url(re.compile(f"#/models/id-{WANTED}$"))
    desk.visitor.problems.clear()  # the recording has no such model


def set_a_threshold(desk: Desk) -> None:
    desk.press(model(desk, "car-loan"))
    desk.press(button(desk, "Set threshold"))
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_label("PSI threshold").fill("0.2")
    desk.press(dialog.get_by_role("button", name="Set threshold"))
    desk.told("Drift begins at PSI 0.2")


def check_now(desk: Desk) -> None:
    desk.press(model(desk, "car-loan"))
    desk.press(button(desk, "Check now"))
    desk.told("The checks were asked for.")
    assert desk.sent == [(f"POST /models/{CAR}/checks", {"force": False})]


def lineage(desk: Desk) -> None:
    desk.press(model(desk, "car-loan"))
    desk.press(desk.page.get_by_role("tab", name="Versions"))
    expect(desk.page.get_by_role("img", name=re.compile("^Lineage of 1.1.0"))).to_be_visible()


def who_has_which_role(desk: Desk) -> None:
    desk.press(top(desk, "Settings"))
    expect(desk.page.get_by_role("row", name=re.compile("nina@example.org"))).to_contain_text(
        "Auditors and Risk owners"
    )


TASKS: dict[Callable[[Desk], None], tuple[str, int]] = {
    trouble_and_cause: ("demo", 0),
    distribution: ("demo", 1),
    who_is_harmed: ("demo", 1),
    regulators_pdf: ("demo", 3),
    approve_a_version: ("engineer", 3),
    last_weeks_changes: ("demo", 3),
    register_a_model: ("owner", 2),
    alert_rule: ("admin", 3),
    tell_slack: ("admin", 3),
    assign_owner: ("admin", 2),
    custom_framework: ("admin", 3),
    compare_versions: ("engineer", 3),
    next_legal_dates: ("officer", 0),
    snooze: ("admin", 2),
    find_one_of_ten_thousand: ("demo", 0),
    set_a_threshold: ("admin", 3),
    check_now: ("admin", 2),
    lineage: ("demo", 2),
    who_has_which_role: ("admin", 2),
}


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.__name__)
def test_a_task_takes_no_more_clicks_than_it_may(task: Callable[[Desk], None], sit_down: Callable[..., Desk]) -> None:
    role, most = TASKS[task]
    desk = sit_down(role)
    task(desk)
    assert desk.clicks <= most
    assert desk.visitor.problems == []


@pytest.mark.parametrize("task", share(list(TASKS), 8), ids=lambda task: task.__name__)
def test_a_task_is_done_by_keyboard_alone(task: Callable[[Desk], None], sit_down: Callable[..., Desk]) -> None:
    desk = sit_down(TASKS[task][0], by_keyboard=True)
    task(desk)
    assert desk.clicks == 0
    assert desk.visitor.problems == []
