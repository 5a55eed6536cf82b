"""Ordinary tasks at the desk, from Today: what somebody in a role presses and reads, wherever the page is served.

The recording (test_desk_tasks.py) and the deployed stack (test_tasks_deployed.py) both walk them; what comes of each is
theirs to look at. A click is one that the browser counts; typing, and Enter in a form, are none.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from playwright.sync_api import Download, Locator, Page, Request, expect

from tests.e2e.browser import Visitor

COUNT = """window.clicks = 0;
document.addEventListener("click", event => { if (event.isTrusted && event.detail > 0) window.clicks += 1; }, true);"""
TEMPLATE = resources.files("syndic.compliance").joinpath("frameworks/template.yaml").read_text("utf-8")
FRAMEWORK = TEMPLATE.replace("id: our_model_policy", "id: desk_rules").strip()


@dataclass
class Desk:
    """Today, as somebody in a role, and what is sent and taken from there."""

    visitor: Visitor
    by_keyboard: bool = False
    wanted: str = ""  # the name of a model among many
    sent: list[tuple[str, Any]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    taken: Download | None = None

    def sit_down(self) -> None:
        """Count from here on."""
        self.page.on("request", self._keep)
        self.page.evaluate(COUNT)

    def leave(self) -> None:
        """Somebody else takes the window."""
        self.page.remove_listener("request", self._keep)

    def _keep(self, request: Request) -> None:
        if "/api/v1" not in request.url:
            return
        self.asked.append(request.url)
        if request.method != "GET":
            path = re.sub(r"^.*/api/v1", "", request.url)
            self.sent.append((f"{request.method} {path}", request.post_data_json))

    @property
    def page(self) -> Page:
        return self.visitor.page

    @property
    def clicks(self) -> int:
        return int(self.page.evaluate("window.clicks"))

    def press(self, what: Locator) -> None:
        """Click, or do by keyboard what a click would."""
        if not self.by_keyboard:
            what.click()
            return
        expect(what).to_be_enabled()  # as a click waits for it: what is still read has a button that cannot be pressed
        what.focus()
        reached = "el => el === document.activeElement && (el.tabIndex >= 0 || el.role === 'tab')"
        assert what.evaluate(reached), f"{what} is not reached by keyboard"
        self.page.keyboard.press("Enter")

    def take(self, what: Locator) -> None:
        """Press what gives a file, at once or as soon as it is made."""
        with self.page.expect_download(timeout=90_000) as given:
            self.press(what)
        self.taken = given.value

    def told(self, text: str | re.Pattern[str]) -> None:
        expect(self.page.locator(".told")).to_contain_text(text)


def top(desk: Desk, name: str) -> Locator:
    return desk.page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True)


def model(desk: Desk, name: str) -> Locator:
    return desk.page.locator("table.models").get_by_role("link", name=name, exact=True)


def button(desk: Desk, name: str) -> Locator:
    return desk.page.get_by_role("button", name=name, exact=True)


def trouble(desk: Desk, about: str) -> Locator:
    return desk.page.locator(".trouble").filter(has_text=about).first


def trouble_and_cause(desk: Desk) -> None:
    expect(trouble(desk, "car_value of car-loan")).to_contain_text("since Apr 2019")
    expect(trouble(desk, "car_value of car-loan")).to_contain_text("What to do:")


def distribution(desk: Desk) -> None:
    desk.press(trouble(desk, "car_value of car-loan").locator(".what a"))
    expect(desk.page.locator(".histogram").first).to_be_visible()


def who_is_harmed(desk: Desk) -> None:
    desk.press(trouble(desk, "german-credit").locator(".what a"))
    expect(desk.page.locator("#section-bias")).to_contain_text("people with age ≤25 and sex female selected")


def regulators_pdf(desk: Desk) -> None:
    desk.press(top(desk, "Reports"))
    desk.press(button(desk, "Ask for a report"))
    desk.take(desk.page.get_by_role("dialog").get_by_role("button", name="Ask for a report"))


def approve_a_version(desk: Desk) -> None:
    desk.press(button(desk, "Approve or reject").first)
    dialog = desk.page.get_by_role("dialog")
    dialog.get_by_label("Decision").select_option("approve")
    dialog.get_by_label("Comment").fill("The gate was looked at")
    desk.press(dialog.get_by_role("button", name="Approve or reject"))
    desk.told("You approved.")


def last_weeks_changes(desk: Desk) -> None:
    desk.press(top(desk, "Audit"))
    desk.press(button(desk, "Last 7 days"))
    desk.take(button(desk, "CSV"))


def register_a_model(desk: Desk) -> None:
    desk.press(top(desk, "Models"))
    desk.press(button(desk, "Register a model"))
    desk.page.get_by_role("dialog").get_by_label("Name", exact=True).fill("claims")
    desk.page.keyboard.press("Enter")
    desk.told("claims is registered.")


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
    dialog.get_by_label("YAML of the framework").fill(FRAMEWORK)
    desk.press(dialog.get_by_role("button", name="Keep as draft"))
    desk.told("The draft is kept.")


def compare_versions(desk: Desk) -> None:
    desk.press(model(desk, "car-loan"))
    desk.press(desk.page.get_by_role("tab", name="Versions"))
    expect(desk.page.get_by_role("table", name="1.0.0 and 1.1.0")).to_contain_text("+0.011")


def legal_dates(desk: Desk) -> Locator:
    return desk.page.get_by_role("heading", name="Next legal dates").locator("xpath=..").locator("li")


def next_legal_dates(desk: Desk) -> None:
    expect(legal_dates(desk).filter(has_text="EU AI Act").first).to_be_visible()
    assert 0 < legal_dates(desk).count() <= 3


def snooze(desk: Desk) -> None:
    desk.press(button(desk, "Snooze").first)
    desk.press(desk.page.get_by_role("dialog").get_by_role("button", name="Snooze"))
    desk.told("Snooze:")


def find_one_of_many(desk: Desk) -> None:
    desk.page.keyboard.press("Control+k")
    desk.page.keyboard.type(desk.wanted[:6])
    desk.page.keyboard.press("Enter")
    expect(desk.page).to_have_url(re.compile(rf"#/models/[^/?]*{desk.wanted}[^/?]*$"))


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


def lineage(desk: Desk) -> None:
    desk.press(model(desk, "car-loan"))
    desk.press(desk.page.get_by_role("tab", name="Versions"))
    expect(desk.page.get_by_role("img", name=re.compile("^Lineage of 1.1.0"))).to_be_visible()


def who_has_which_role(desk: Desk) -> None:
    desk.press(top(desk, "Settings"))
    expect(desk.page.get_by_role("row", name=re.compile("@example"))).not_to_have_count(0)


Task = Callable[[Desk], None]
TASKS: dict[Task, tuple[str, int]] = {
    trouble_and_cause: ("auditor", 0),
    distribution: ("auditor", 1),
    who_is_harmed: ("auditor", 1),
    regulators_pdf: ("officer", 3),
    approve_a_version: ("officer", 3),
    last_weeks_changes: ("auditor", 3),
    register_a_model: ("owner", 2),
    alert_rule: ("admin", 3),
    tell_slack: ("admin", 3),
    custom_framework: ("admin", 3),
    compare_versions: ("owner", 3),
    next_legal_dates: ("officer", 0),
    snooze: ("admin", 2),
    set_a_threshold: ("owner", 3),
    check_now: ("owner", 2),
    lineage: ("auditor", 2),
    who_has_which_role: ("admin", 2),
    assign_owner: ("admin", 2),
    find_one_of_many: ("auditor", 0),
}
"""Who does each, and the most clicks that it may take."""
