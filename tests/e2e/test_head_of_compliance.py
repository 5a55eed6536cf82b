"""A head of compliance at the registers, by what the screen shows: nothing has to be known by heart, nothing is preset.

On the recorded API, as `test_desk_tasks.py`: what is sent is compared. The walk was done first by looking at screens.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any, Final

import pytest
from playwright.sync_api import Locator, Route, expect

from tests.e2e.desk_tasks import Desk, button, top
from tests.e2e.recording import record
from tests.e2e.test_desk_tasks import CREDIT, JOB, sit_down, url

pytestmark = pytest.mark.slow
__all__ = ["sit_down", "url"]  # its fixtures

REPORT: Final = JOB | {"request": {"kind": "compliance", "format": "evidence"}, "state": "done", "progress": 1}
FILE: Final = "https://files.example.org/report.pdf"
WHY: Final = "Each refusal is looked at by a person before it is sent."


def recorded(call: str) -> Any:
    return json.loads(record.RECORDING.read_text(encoding="utf-8"))[call]["body"]


@pytest.fixture
def desk(sit_down: Callable[..., Desk]) -> Desk:
    """The desk of a compliance officer."""
    return at_the_registers(sit_down("officer"), signs_as="compliance officer")


def at_the_registers(at: Desk, *, signs_as: str) -> Desk:
    """A change of an entry answers with the entry, as the API does; what is signed in a role is one's own."""

    def answer(route: Route) -> None:
        request = route.request
        call = f"{request.method} {re.sub(r'^.*/api/v1', '', request.url)}"
        register = re.match(r"(?:POST|PUT|PATCH) /(incidents|risks|requests|vendors)\b", call)
        if register:
            route.fulfill(json=recorded(f"GET /{register[1]}?limit=50")[register[1]][0], headers={"ETag": '"2"'})
        elif call.startswith("GET /compliance/signatures?") and "whose=mine" in call:
            everything = recorded("GET /compliance/signatures?limit=100&whose=all")
            mine = [one for one in everything["signatures"] if one["role"] == signs_as]
            route.fulfill(json={"signatures": mine, "next_token": None})
        elif re.match(r"POST \S+/attestations", call):
            route.fulfill(status=201, json={})
        elif call.startswith("GET /compliance/evidence/") or call == "GET /compliance/reports/r1":
            route.fulfill(json={"job": REPORT, "link": FILE})
        else:
            route.fallback()

    at.page.route("**/api/v1/**", answer)
    at.page.reload()  # Today has read what is due before
    at.visitor.settle()
    at.press(top(at, "Registers"))
    return at


def tab(desk: Desk, name: str) -> None:
    desk.press(desk.page.get_by_role("tab", name=name, exact=True))
    desk.visitor.settle()


def form(desk: Desk, opener: str) -> Locator:
    desk.press(button(desk, opener).first)
    return desk.page.get_by_role("dialog")


def model_by_name(dialog: Locator) -> None:
    dialog.get_by_label(re.compile("find by name$")).fill("german-credit")
    dialog.get_by_role("button", name=re.compile("^german-credit AWS")).click()


def test_an_incident_is_opened_and_its_clocks_are_seen(desk: Desk) -> None:
    dialog = form(desk, "Open an incident")
    dialog.get_by_role("button", name="Open an incident").click()
    expect(dialog.locator(".wrong").first).to_have_text("Fill this in.")  # and nothing was sent
    assert desk.sent == []
    dialog.get_by_label("What happened").fill("Applicants over 60 were refused without being looked at")
    dialog.get_by_label("Provider of the AI system").select_option(label="yes")
    dialog.get_by_label("Known by").select_option(label="A customer's message")
    expect(dialog.get_by_text(re.compile(r"In your time zone, \S+\."))).to_be_visible()
    model_by_name(dialog)
    dialog.get_by_role("button", name="Open an incident").click()
    clocks = desk.page.locator(".clocks")
    expect(clocks).to_contain_text("GDPR Art. 33(1)")
    expect(clocks).to_contain_text("AI Act Art. 73")
    ((call, sent),) = desk.sent
    assert call == "POST /incidents"
    assert (sent["roles"], sent["model_ids"], sent["source"]) == (["provider"], [CREDIT], "customer")
    # A report is recorded, not decided by, and says so on its button.
    dialog = form(desk, "Decide whether it is a breach, and if so notify the data protection authority")
    expect(dialog).to_contain_text("Syndic sends nothing.")
    expect(dialog.get_by_role("button", name="Record that it was sent")).to_be_visible()


def test_a_risk_is_accepted_by_a_decision_that_nobody_preset(desk: Desk) -> None:
    tab(desk, "Risks")
    dialog = form(desk, "Add a risk")
    dialog.get_by_label("The risk", exact=True).fill("Older applicants are refused more often")
    assert [one.input_value() for one in dialog.locator("select").all()][:2] == ["", ""]
    for name in ("To what", "From what"):
        dialog.get_by_label(name).select_option(index=1)
    model_by_name(dialog)
    dialog.get_by_role("button", name="Add a risk").click()
    dialog = form(desk, "Accept what is left, or decide otherwise")
    assert {one.input_value() for one in dialog.locator("select").all()} == {""}
    dialog.get_by_label("Decision").select_option(label="Accept what is left")
    dialog.get_by_label("In which role").select_option(label="Compliance officer")
    dialog.get_by_label("Why").fill(WHY)
    dialog.get_by_label(re.compile("^Until")).fill("2027-03-31")
    dialog.get_by_role("button", name="Accept what is left, or decide otherwise").click()
    expect(dialog).to_have_count(0)
    assert [call.split("/")[1] for call, _ in desk.sent] == ["risks", "risks"]
    assert desk.sent[1][1] == {"kind": "accept", "role": "compliance officer", "reason": WHY, "expires": "2027-03-31"}


def test_a_vendor_is_added_and_its_page_says_what_follows(desk: Desk) -> None:
    tab(desk, "Vendors")
    dialog = form(desk, "Add a vendor")
    dialog.get_by_label("Name", exact=True).fill("Northwind Scores GmbH")
    dialog.get_by_label("a model", exact=True).select_option(label="yes")
    model_by_name(dialog)
    dialog.get_by_role("button", name="Add a vendor").click()
    expect(desk.page).to_have_url(re.compile(r"#/registers/vendors/\w+"))
    assert desk.sent[0][1]["model_ids"] == [CREDIT]
    expect(desk.page.get_by_role("heading", name="What can be done")).to_be_visible()


def test_a_person_is_answered(desk: Desk) -> None:
    tab(desk, "Requests")
    desk.press(desk.page.locator("table.cards a").first)
    desk.visitor.settle()
    expect(desk.page.locator(".clocks")).to_contain_text("Art. 12(3)")
    dialog = form(desk, "Say whether it is known who asks")
    dialog.get_by_label("Who asks").select_option(label="Confirmed")
    dialog.get_by_role("button", name="Say whether it is known who asks").click()
    expect(dialog).to_have_count(0)
    dialog = form(desk, "Record the answer")
    dialog.get_by_label("What was answered").select_option(label="Granted")
    dialog.get_by_role("button", name="Record the answer").click()
    expect(dialog).to_have_count(0)
    assert [call.rsplit("/", 1)[-1] for call, _ in desk.sent] == ["identity", "answer"]


def test_one_signature_says_before_what_it_settles_and_where(desk: Desk) -> None:
    desk.press(top(desk, "Compliance"))
    tab(desk, "Signatures")
    line = desk.page.locator("li.due").filter(has_text="german-credit: AI accountability")
    expect(line).to_contain_text("for ISO-A.3.2 and RMF-GOVERN-2 of 2 frameworks")
    line.get_by_role("button", name="Sign").click()
    dialog = desk.page.get_by_role("dialog")
    expect(dialog.locator("blockquote")).to_have_count(2)
    expect(dialog).to_contain_text(re.compile("Signing settles"))
    expect(dialog.get_by_label("Decision")).to_have_value("")  # nobody affirms by leaving a form as it is
    dialog.get_by_label("Decision").select_option("affirmed")
    dialog.get_by_role("button", name="Sign").click()
    expect(dialog).to_have_count(0)
    ((call, sent),) = desk.sent
    assert call == f"POST /models/{CREDIT}/attestations"
    assert (sent["topic"], len(sent["statements"])) == ("ai_accountability", 2)


def test_one_signature_for_three_frameworks_tells_before_what_each_of_them_gets(sit_down: Callable[..., Desk]) -> None:
    """A lender's model in the Union, Colorado and California: three laws want a refusal reviewed by a person."""
    desk = at_the_registers(sit_down("owner"), signs_as="model owner")
    desk.press(top(desk, "Compliance"))
    tab(desk, "Signatures")
    line = desk.page.locator("li.due").filter(has_text="car-loan: Human review")
    expect(line).to_contain_text("for CCPA-7221(b), CO-1705 and CCD-18(8) of 3 frameworks")
    if not line.is_visible():  # further down than the first ones
        desk.press(desk.page.locator("details").filter(has=line).locator("summary"))
    line.get_by_role("button", name="Sign").click()
    dialog = desk.page.get_by_role("dialog")
    expect(dialog.locator("blockquote")).to_have_count(1)
    expect(dialog).to_contain_text("Signing settles 3 requirements in 3 frameworks.")
    assert [one.inner_text().replace("\n", "") for one in dialog.locator("ul.effects li").all()] == [
        "met CCPA CCPA-7221(b) Appeal to a person",
        "met Colorado SB 26-189 CO-1705 Correction and human review",
        "met Consumer Credit Directive CCD-18(8) Human intervention",
    ]
    assert desk.sent == []  # all of that was told before anything was signed
    dialog.get_by_label("Decision").select_option("affirmed")
    dialog.get_by_role("button", name="Sign").click()
    expect(dialog).to_have_count(0)
    ((call, sent),) = desk.sent
    assert re.fullmatch(r"POST /models/car-loan-\w+/attestations", call)
    assert (sent["topic"], len(sent["statements"])) == ("human_review", 1)


def test_the_package_for_an_authority_is_found_and_taken(desk: Desk) -> None:
    desk.press(top(desk, "Reports"))
    dialog = form(desk, "Ask for a report")
    expect(dialog).to_contain_text("For an authority or an auditor, the evidence package")
    dialog.get_by_label("Format").select_option(label="Evidence package (ZIP with hashes)")
    with desk.page.expect_download() as taken:
        dialog.get_by_role("button", name="Ask for a report").click()
    assert taken.value.url == FILE
    assert desk.sent == [("POST /compliance/reports", {"kind": "compliance", "format": "evidence"})]
