"""The dashboard of the deployed stack in a real browser: the numbers, the sign-in, accessibility, the console."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, expect

from demo.__main__ import Demonstration
from demo.users import PASSWORD
from tests.e2e.browser import THEMES, WIDTHS, Visitor, new_visitor
from tests.proof import share

AUDITOR = "auditor@example.com"  # may read everything and change nothing

pytestmark = [pytest.mark.emulator, pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def url(demonstration: Demonstration) -> str:
    """The dashboard of the demonstration, after its schedule ran."""
    return f"http://localhost:{demonstration.ports.dashboard}"


@pytest.fixture
def visitor(browser: Browser, url: str) -> Iterator[Visitor]:
    found, context = new_visitor(browser)
    found.sign_in(url, AUDITOR, PASSWORD)
    found.settle()
    yield found
    context.close()


def model_address(visitor: Visitor, name: str) -> str:
    """Where the overview's table leads for a model."""
    visitor.visit("#/")
    link = visitor.page.locator("table.models").get_by_role("link", name=name, exact=True)
    address = link.get_attribute("href")
    assert address is not None
    return address


def test_the_overview_names_both_troubles_with_number_threshold_start_and_remedy(visitor: Visitor) -> None:
    expect(visitor.page.locator("h1")).to_have_text("2 of 3 models need attention; 1 not checked yet")
    drift = visitor.page.locator(".trouble").filter(has_text="car_value of car-loan")
    expect(drift).to_contain_text("critical")
    expect(drift).to_contain_text("since Apr 2019")
    expect(drift).to_contain_text("threshold 0.1")
    expect(drift).to_contain_text("What to do:")
    assert 1.5 <= float(drift.locator(".big").inner_text()) <= 1.9
    fairness = visitor.page.locator(".trouble").filter(has_text="<=25 & female is worse off than >25 & male")
    expect(fairness.locator(".big").first).to_have_text("0.719")
    expect(fairness).to_contain_text("threshold 0.8")
    expect(fairness).to_contain_text("prediction (what the model decided)")
    expect(fairness).to_contain_text("0.795")
    never = visitor.page.locator(".notice").filter(has_text="Not checked yet")
    expect(never).to_contain_text("claims-triage: its endpoint captures no traffic. To have it checked, turn on")
    assert visitor.problems == []


def test_the_car_loan_page_shows_drift_from_april_2019_on_and_quiet_before(visitor: Visitor) -> None:
    visitor.visit(f"{model_address(visitor, 'car-loan')}?section=drift&feature=car_value")
    shown = {
        row.get_by_role("rowheader").inner_text(): [
            cell.inner_text().split()[-1] for cell in row.get_by_role("gridcell").all()
        ]
        for row in visitor.page.locator("table.matrix tbody tr").all()
    }
    psi = {name: [0.0005 if value == "<0.001" else float(value) for value in values] for name, values in shown.items()}
    assert all(len(values) == 10 for values in psi.values())
    assert max(value for values in psi.values() for value in values[:5]) < 0.03
    assert all(1.5 <= value <= 1.9 for value in psi["car_value"][5:])
    for quiet in ("debt_to_income_ratio", "size_of_downpayment", "driver_tenure"):
        assert max(psi[quiet]) < 0.03
    expect(visitor.page.locator(".began text")).to_have_text("since Apr 19")
    expect(visitor.page.locator("#section-drift")).to_contain_text("10,000 of the baseline")
    expect(visitor.page.locator("#section-drift")).to_contain_text(re.compile(r"read = [\d,]+ used \+ \d+ rejected"))
    assert visitor.problems == []


def test_the_german_credit_page_shows_the_ratio_with_interval_and_verdict(visitor: Visitor) -> None:
    visitor.visit(f"{model_address(visitor, 'german-credit')}?section=bias&outcome=label")
    tab = visitor.page.get_by_role("tab", name="Label")
    expect(tab).to_have_attribute("aria-selected", "true")
    row = visitor.page.locator("#section-bias [role=tabpanel] > [role=group] table.forest tr").filter(has_text="<=25")
    expect(row).to_contain_text("0.795 (0.70\u20130.90)")
    expect(row).to_contain_text("p = 0.0001")
    expect(row).to_contain_text("110 of 190")
    expect(row).to_contain_text("adverse impact indicated")
    visitor.page.get_by_role("tab", name="Compliance").click()
    expect(visitor.page.locator("#section-compliance .framework h3").first).to_be_visible()
    assert visitor.problems == []


def test_an_auditor_is_told_who_acknowledges_instead_of_being_refused(visitor: Visitor) -> None:
    visitor.visit("#/alerts")
    expect(visitor.page.locator("main")).to_contain_text("Acknowledging: This is for administrators or model owners.")
    expect(visitor.page.get_by_role("button", name="Acknowledge")).to_have_count(0)
    assert visitor.problems == []


def test_an_owner_acknowledges_with_a_note_and_hears_that_it_is_done(browser: Browser, url: str) -> None:
    visitor, context = new_visitor(browser)
    visitor.sign_in(url, "owner@example.com", PASSWORD)
    visitor.visit("#/alerts")
    last = visitor.page.locator(".trouble").last
    what = last.locator(".what").inner_text()
    last.get_by_role("button", name="Acknowledge").click()
    dialog = visitor.page.get_by_role("dialog")
    dialog.get_by_label("Note").fill("Known; the source changes next week.")
    dialog.get_by_role("button", name="Acknowledge").click()
    expect(visitor.page.locator(".told")).to_contain_text(f"Acknowledged: {what}")
    expect(dialog).to_have_count(0)
    expect(visitor.page.locator(".trouble").filter(has_text=what)).to_contain_text("source changes next week")
    context.close()
    assert visitor.problems == []


def test_a_wrong_password_stays_on_the_pools_page(browser: Browser, url: str) -> None:
    visitor, context = new_visitor(browser)
    visitor.page.goto(url)
    visitor.answer_sign_in(AUDITOR, "Not-this-one-2026!")
    expect(visitor.page.locator("body")).to_contain_text("Incorrect")
    visitor.page.goto(url)
    expect(visitor.page.get_by_role("button", name="Sign in")).to_be_focused()
    context.close()


def test_signing_out_ends_the_session_here_and_at_the_pool(browser: Browser, url: str) -> None:
    visitor, context = new_visitor(browser)
    visitor.sign_in(url, AUDITOR, PASSWORD)
    visitor.settle()
    visitor.page.get_by_role("button", name="Sign out").click()
    expect(visitor.page.get_by_role("status")).to_have_text("You are signed out.")
    assert visitor.page.evaluate("Object.keys(sessionStorage)") == []
    context.close()
    assert visitor.problems == []


# Every window is looked at on the recording (test_dashboard_screens.py); here it is what the deployed functions answer.
@pytest.mark.parametrize(("width", "theme"), share(list(product(WIDTHS, THEMES)), 5))
def test_every_page_is_accessible_and_quiet(browser: Browser, url: str, width: int, theme: str) -> None:
    visitor, context = new_visitor(browser, width=width, theme=theme)
    visitor.sign_in(url, AUDITOR, PASSWORD)
    visitor.settle()
    models = [model_address(visitor, name) for name in ("car-loan", "german-credit")]
    addresses = ["#/", "#/models", "#/alerts", "#/compliance", "#/reports", "#/audit", "#/settings", *models]
    found = {}
    for address in addresses:
        visitor.visit(address)
        visitor.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        found[address] = visitor.violations()
        assert visitor.sideways() == 0, f"{address} is wider than {width} px"
    context.close()
    assert {address: violations for address, violations in found.items() if violations} == {}
    assert visitor.problems == []


HOSTILE = "<img src=x onerror=window.hacked=1><script>window.hacked=1</script>"
ACKNOWLEDGE = """async ([id, note]) => {
  const { idToken } = JSON.parse(sessionStorage.getItem("syndic.session"));
  const headers = { authorization: `Bearer ${idToken}`, "content-type": "application/json" };
  const body = JSON.stringify({ note });
  return (await fetch(`/api/v1/alerts/${id}`, { method: "PATCH", headers, body })).status;
}"""
LEAST = """async () => {
  const { idToken } = JSON.parse(sessionStorage.getItem("syndic.session"));
  const headers = { authorization: `Bearer ${idToken}` };
  const answer = await fetch("/api/v1/alerts?limit=100&state=open", { headers });
  return (await answer.json()).alerts.at(-1).id;
}"""


def test_a_hostile_note_that_somebody_stored_is_shown_as_text(browser: Browser, url: str) -> None:
    visitor, context = new_visitor(browser)
    visitor.sign_in(url, "admin@example.com", PASSWORD)
    visitor.settle()
    alert = visitor.page.evaluate(LEAST)
    assert visitor.page.evaluate(ACKNOWLEDGE, [alert, HOSTILE]) == 200
    visitor.visit("#/alerts")
    visitor.page.reload()  # what was read a second ago is not read again by going to another page
    expect(visitor.page.locator("main")).to_contain_text(HOSTILE)
    assert visitor.page.locator("main :is(img, script)").count() == 0
    assert visitor.page.evaluate("window.hacked") is None
    context.close()
    assert visitor.problems == []
