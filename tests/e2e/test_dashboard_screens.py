"""Every page of the dashboard in a real browser, on a recorded API: accessibility, keyboard, hostile text, failures.

The recording is made by the real use cases and the real API (recording/record.py).
"""

from __future__ import annotations

import copy
import gzip
import json
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from demo.site import build_site
from syndic.adapters.channels.email.render import render
from syndic.alerting.models import Alert
from syndic.alerting.notification import compose
from tests.e2e.browser import DASHBOARD, THEMES, WIDTHS, Visitor, new_visitor
from tests.e2e.recording import record
from tests.proof import ALL, share

HERE = Path(__file__).parent
Recording = dict[str, Any]

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def recording() -> Recording:
    found: Recording = json.loads(record.RECORDING.read_text(encoding="utf-8"))
    return found


@pytest.fixture(scope="module")
def built() -> None:
    """The page as it is published. Built unless it is there: others may be reading it, the deployment among them."""
    build_site()


@contextmanager
def served(recording: Recording, folder: Path) -> Iterator[str]:
    """The built page with a recording as its API; gives the address."""
    path = folder / "recording.json"
    path.write_text(json.dumps(recording), encoding="utf-8")
    command = ["node", "tests/mock/serve.mjs", "--port", "0", "--recording", str(path)]
    with subprocess.Popen(command, cwd=DASHBOARD, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            yield server.stdout.readline().strip()
        finally:
            server.terminate()


@pytest.fixture(scope="module")
def url(built: None, recording: Recording, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with served(recording, tmp_path_factory.mktemp("demo")) as address:
        yield address


RECORDED = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)


@pytest.fixture
def visitor(browser: Browser) -> Iterator[Visitor]:
    """A visitor on the morning of the recording, so that evidence is as old as it was then."""
    found, context = new_visitor(browser)
    found.page.clock.install(time=RECORDED)
    yield found
    context.close()


def model_id(recording: Recording, name: str) -> str:
    pattern = f"GET /models/{name}-"
    return next(key.split("/")[2].split("?")[0] for key in recording if key.startswith(pattern))


def entry_id(recording: Recording, register: str, listed: str | None = None) -> str:
    one = recording[f"GET /{register}?limit=50"]["body"][listed or register][0]
    found: str = one.get("entry", one)["id"]
    return found


def pages(recording: Recording) -> dict[str, str]:
    car, credit = model_id(recording, "car-loan"), model_id(recording, "german-credit")
    return {
        "today": "#/",
        "models": "#/models",
        "model": f"#/models/{credit}",
        "drift": f"#/models/{car}?section=drift&feature=car_value",
        "fairness": f"#/models/{credit}?section=bias&outcome=label",
        "quality": f"#/models/{credit}?section=quality",
        "versions": f"#/models/{credit}?section=versions",
        "requirements": f"#/models/{credit}?section=compliance",
        "activity": f"#/models/{credit}?section=activity",
        "trace": f"#/models/{credit}/trace",
        "alerts": "#/alerts",
        "rules": "#/alerts?view=rules",
        "routes": "#/alerts?view=routes",
        "receivers": "#/alerts?view=receivers",
        "silences": "#/alerts?view=silences",
        "compliance": "#/compliance",
        "dates": "#/compliance?view=dates",
        "remedies": "#/compliance?view=remedies",
        "signatures": "#/compliance?view=signatures",
        "incidents": "#/registers",
        "incident": f"#/registers/incidents/{entry_id(recording, 'incidents')}",
        "risks": "#/registers/risks",
        "risk": f"#/registers/risks/{entry_id(recording, 'risks')}",
        "requests": "#/registers/requests",
        "request": f"#/registers/requests/{entry_id(recording, 'requests')}",
        "vendors": "#/registers/vendors",
        "vendor": f"#/registers/vendors/{entry_id(recording, 'vendors')}",
        "system": f"#/registers/systems/{entry_id(recording, 'systems')}",
        "processing": f"#/registers/processing/{entry_id(recording, 'processing-records', 'records')}",
        "assignment": f"#/registers/assignments/{entry_id(recording, 'assignments')}",
        "policy": f"#/registers/policies/{entry_id(recording, 'policy-documents', 'policies')}",
        "erasures": "#/registers/erasures",
        "erasure": f"#/registers/erasures/{entry_id(recording, 'erasures')}",
        "calendar": "#/registers/calendar",
        "plan": f"#/models/{credit}?section=compliance&file=plan",
        "high-risk": f"#/models/{credit}?section=compliance&file=high-risk",
        "reports": "#/reports",
        "audit": "#/audit",
        "settings": "#/settings",
        "missing": "#/nowhere",
    }


LOOKS = list(product(WIDTHS, THEMES))
FURTHER = [look for look in share(LOOKS, 3) if ALL or look not in share(LOOKS, 5)]
"""Looks of the dashboard by which each page has to fit and to be quiet; axe looks at them in `make proof`."""


def look_at_every_page(
    url: str, browser: Browser, recording: Recording, look: tuple[int, str], judge: Callable[[Visitor], list[str]]
) -> None:
    """Each page with all its details open: judged, no wider than the window, and without a word on the console."""
    width, theme = look
    visitor, context = new_visitor(browser, width=width, theme=theme)
    visitor.page.goto(url)
    visitor.page.get_by_role("button", name="Sign in").wait_for()
    found = {"login": judge(visitor)}
    visitor.sign_in(url, "demo", "any")
    for name, address in pages(recording).items():
        visitor.visit(address)
        visitor.page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
        found[name] = judge(visitor)
        assert visitor.sideways() == 0, f"{name} is wider than {width} px"
    context.close()
    assert {name: violations for name, violations in found.items() if violations} == {}
    assert visitor.problems == []


@pytest.mark.parametrize("look", share(LOOKS, 5), ids=lambda look: f"{look[0]}-{look[1]}")  # each takes 40 seconds
def test_every_page_is_accessible_fits_and_is_quiet(
    url: str, browser: Browser, recording: Recording, look: tuple[int, str]
) -> None:
    look_at_every_page(url, browser, recording, look, Visitor.violations)


@pytest.mark.parametrize("look", FURTHER, ids=lambda look: f"{look[0]}-{look[1]}")
def test_every_page_fits_and_is_quiet(url: str, browser: Browser, recording: Recording, look: tuple[int, str]) -> None:
    look_at_every_page(url, browser, recording, look, lambda _: [])


MOST_SCRIPT = 200_000


def test_today_needs_no_more_script_than_its_budget(url: str, visitor: Visitor) -> None:
    loaded: dict[str, bytes] = {}
    visitor.page.on("response", lambda answer: loaded.update({answer.url: b""}) if answer.url.endswith(".js") else None)
    visitor.sign_in(url, "demo", "any")
    visitor.settle()
    script = sum(len(gzip.compress(visitor.page.request.get(one).body(), 9)) for one in loaded)
    assert 0 < script <= MOST_SCRIPT, f"{script} bytes of gzipped script"


def test_the_recording_has_the_shape_of_what_the_api_answers(recording: Recording) -> None:
    """After a change of reports or routes: ``python -m tests.e2e.recording.record``."""
    answered: Recording = json.loads(record.recording())
    assert sorted(answered) == sorted(recording)
    assert {key: shape(answered[key]) for key in answered} == {key: shape(recording[key]) for key in recording}


def shape(value: Any) -> Any:
    """Field names and kinds of values, not the values: wording and hashes may change, what a page reads may not."""
    if isinstance(value, dict):
        return {name: shape(item) for name, item in value.items()}
    if isinstance(value, list):
        return sorted({json.dumps(shape(item), sort_keys=True) for item in value})
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__


def test_the_overview_says_what_is_wrong_with_which_model_and_what_to_do(
    url: str, visitor: Visitor, recording: Recording
) -> None:
    visitor.sign_in(url, "demo", "any")
    visitor.settle()
    first = visitor.page.locator(".trouble").first
    expect(first).to_contain_text("car-loan")
    expect(first).to_contain_text("car_value")
    expect(first).to_contain_text("What to do:")
    expect(first).to_contain_text("since Apr 2019")
    expect(visitor.page.locator("h1")).to_have_text("2 of 2 models need attention")


def test_a_drifting_column_shows_its_number_in_each_window(url: str, visitor: Visitor, recording: Recording) -> None:
    visitor.sign_in(url, "demo", "any")
    visitor.visit(pages(recording)["drift"])
    table = visitor.page.get_by_role("grid", name="PSI of each column by window")
    cells = table.get_by_role("row").filter(has_text="car_value").get_by_role("button").all()[1:]
    shown = [float(cell.inner_text().rsplit(" ", 1)[-1].split("\n")[-1]) for cell in cells]
    assert len(shown) == 10
    assert max(shown[:5]) < 0.03
    assert all(1.5 <= value <= 1.9 for value in shown[5:])
    expect(visitor.page.locator(".began text")).to_contain_text("since Apr 19")
    cells[2].click()
    expect(visitor.page.locator(".histogram thead")).to_contain_text("Jan 2019")
    assert "window=" in visitor.page.evaluate("location.hash")


def test_the_fairness_of_the_label_is_shown_with_its_interval_and_verdict(
    url: str, visitor: Visitor, recording: Recording
) -> None:
    visitor.sign_in(url, "demo", "any")
    visitor.visit(pages(recording)["fairness"])
    expect(visitor.page.get_by_role("tab", name="Label")).to_have_attribute("aria-selected", "true")
    row = visitor.page.locator("#section-bias [role=tabpanel] > [role=group] table.forest tr").filter(has_text="<=25")
    expect(row).to_contain_text("0.795 (0.70\u20130.90)")
    expect(row).to_contain_text("adverse impact indicated")
    expect(row).to_contain_text("190")
    visitor.page.get_by_role("tab", name="Label").press("ArrowLeft")
    expect(visitor.page.get_by_role("tab", name="Prediction")).to_be_focused()
    assert "outcome=prediction" in visitor.page.evaluate("location.hash")


def test_the_page_is_usable_by_keyboard_alone(url: str, visitor: Visitor) -> None:
    page = visitor.page
    page.goto(url)
    expect(page.get_by_role("button", name="Sign in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Username")).to_be_focused()
    page.keyboard.type("demo")
    page.keyboard.press("Tab")
    page.keyboard.type("any")
    page.keyboard.press("Enter")
    page.locator("header.topbar").wait_for()
    visitor.settle()
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()
    page.get_by_role("link", name="Alerts", exact=True).press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Alerts")
    expect(page.locator("main")).to_be_focused()


def test_signing_in_and_out_goes_over_the_pools_pages(url: str, visitor: Visitor) -> None:
    page = visitor.page
    visitor.sign_in(url, "demo", "any")
    assert "code=" not in page.url, "a code in the address would be tried again on reload"
    page.reload()
    page.locator("header.topbar").wait_for()
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("status")).to_have_text("You are signed out.")
    assert page.evaluate("Object.keys(sessionStorage)") == []
    page.reload()
    expect(page.get_by_role("status")).to_have_count(0)
    assert visitor.problems == []


def test_a_refusal_is_told_in_the_pools_words(url: str, visitor: Visitor) -> None:
    page = visitor.page
    page.goto(url)
    visitor.answer_sign_in("demo", "denied")
    expect(page.get_by_role("alert")).to_have_text("You may not use this.")
    assert "error" not in page.url
    assert visitor.problems == []


def test_a_code_that_this_tab_did_not_ask_for_is_not_taken(url: str, visitor: Visitor) -> None:
    page = visitor.page
    page.goto(f"{url}/?code=stolen&state=forged")
    expect(page.get_by_role("alert")).to_have_text("This sign-in was not begun in this tab. Sign in again.")
    assert "stolen" not in page.url
    assert page.evaluate("Object.keys(sessionStorage)") == []
    assert visitor.problems == []


def test_a_session_that_ends_leads_back_to_the_same_page(url: str, visitor: Visitor, recording: Recording) -> None:
    visitor.expected = ("401",)
    page = visitor.page
    visitor.sign_in(url, "demo", "any")
    visitor.visit(pages(recording)["alerts"])
    page.route(
        "**/api/v1/**", lambda route: route.fulfill(status=401, json={"message": "The incoming token has expired"})
    )
    page.evaluate("location.hash = '#/audit'")
    expect(page.get_by_role("status")).to_contain_text("Your session has ended")
    page.unroute("**/api/v1/**")
    visitor.answer_sign_in("demo", "any")
    expect(page.locator("h1")).to_have_text("Audit trail")
    assert page.url.endswith("#/audit")
    assert visitor.problems == []


def test_a_read_that_fails_says_so_and_can_be_tried_again(url: str, visitor: Visitor, recording: Recording) -> None:
    visitor.expected = ("503",)
    page = visitor.page
    visitor.sign_in(url, "demo", "any")
    failing = {"title": "Service Unavailable", "status": 503, "detail": "The store did not answer."}
    page.route("**/api/v1/**/compliance**", lambda route: route.fulfill(status=503, json=failing))
    visitor.visit(pages(recording)["fairness"])
    expect(page.locator("#section-bias table").first).to_be_visible()  # the others are unharmed
    page.get_by_role("tab", name="Compliance").click()
    section = page.locator("#section-compliance")
    expect(section.get_by_role("alert")).to_contain_text("Could not read compliance. The store did not answer.")
    page.unroute("**/api/v1/**/compliance**")
    section.get_by_role("button", name="Try again").click()
    expect(section.locator(".framework").first).to_be_visible()
    expect(section.get_by_role("alert")).to_have_count(0)
    assert visitor.problems == []


def test_what_was_read_stays_and_is_called_old_when_a_refresh_fails(url: str, visitor: Visitor) -> None:
    visitor.expected = ("503",)
    page = visitor.page
    visitor.sign_in(url, "demo", "any")
    visitor.settle()
    page.route("**/api/v1/**", lambda route: route.fulfill(status=503, json={"detail": "No answer."}))
    page.clock.run_for(6 * 60_000)
    # Once, not in each panel.
    expect(page.get_by_role("alert")).to_contain_text("Not up to date. The API does not answer.")
    expect(page.locator(".trouble").first).to_be_visible()


HOSTILE: tuple[str, ...] = tuple(json.loads((HERE / "hostile_texts.json").read_text(encoding="utf-8")))
TEXTS = {
    "name",
    "model_name",
    "title",
    "reason",
    "remedy",
    "summary",
    "owner",
    "actor",
    "note",
    "caveat",
    "description",
}


def poisoned(value: Any, pick: Callable[[], str], key: str = "") -> Any:
    """A recording whose stored texts are hostile; ids, states and times stay what they are."""
    if isinstance(value, dict):
        return {name: poisoned(item, pick, name) for name, item in value.items()}
    if isinstance(value, list):
        return [poisoned(item, pick, key) for item in value]
    return pick() if key in TEXTS and isinstance(value, str) else value


def test_hostile_stored_text_is_shown_as_text(
    built: None, browser: Browser, recording: Recording, tmp_path: Path
) -> None:
    used: list[str] = []

    def pick() -> str:
        used.append(HOSTILE[len(used) % len(HOSTILE)])
        return used[-1]

    hostile = poisoned(copy.deepcopy(recording), pick)
    assert set(used) == set(HOSTILE)
    visitor, context = new_visitor(browser)
    visitor.expected = ("404",)  # whoever has such a name has no namesakes on record
    dialogs: list[str] = []
    visitor.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    asked: list[str] = []
    visitor.page.on("request", lambda request: asked.append(request.url))
    # A model's page looks for others whose names begin alike; the recording knows no such search by a hostile name.
    nothing = {"models": [], "next_token": None}
    visitor.page.route("**/api/v1/models?*begins=*", lambda route: route.fulfill(json=nothing))
    with served(hostile, tmp_path) as url:
        visitor.sign_in(url, "demo", "any")
        shown = ""
        for name, address in pages(recording).items():
            visitor.visit(address)
            shown += visitor.page.locator("main").text_content() or ""
            # One word of hundreds of letters breaks where it stands alone; a column of a table keeps words whole.
            assert name not in {"model", "incident", "vendor", "system"} or visitor.sideways() == 0, name
            alien = "main :is(script, img, iframe, object, embed, style, link, base, meta, template, video, math, body)"
            assert visitor.page.locator(alien).count() == 0
            scripted = (
                "[...document.querySelectorAll('main a')].filter(one => !/^(#|https?:)/.test(one.getAttribute('href')))"
            )
            assert visitor.page.evaluate(f"{scripted}.length") == 0
        assert visitor.page.evaluate("window.hacked") is None
        assert all(one.startswith(url) for one in asked)
    context.close()
    assert dialogs == []
    assert visitor.problems == []
    assert sum(text in shown for text in HOSTILE) >= 30


def test_nothing_governed_yet_is_said_with_what_comes_next(
    built: None, browser: Browser, recording: Recording, tmp_path: Path
) -> None:
    emptied = {key: {"status": 200, "body": without_items(entry["body"])} for key, entry in recording.items()}
    visitor, context = new_visitor(browser)
    with served(emptied, tmp_path) as url:
        visitor.sign_in(url, "demo", "any")
        visitor.settle()
        expect(visitor.page.locator("h1")).to_have_text("No model is under governance yet")
        expect(visitor.page.locator(".empty")).to_contain_text("Discovery has found no endpoint so far.")
        visitor.visit("#/alerts")
        expect(visitor.page.locator(".empty")).to_contain_text("Alerts appear here")
    context.close()
    assert visitor.problems == []


def without_items(body: Any) -> Any:
    """An answer with empty lists and no further page."""
    if isinstance(body, dict):
        return {name: [] if isinstance(value, list) else without_items(value) for name, value in body.items()}
    return [] if isinstance(body, list) else body


@pytest.mark.parametrize("motion", ["reduce", "no-preference"])
def test_reduced_motion_is_respected(url: str, browser: Browser, motion: str) -> None:
    visitor, context = new_visitor(browser, reduced_motion=motion)
    visitor.sign_in(url, "demo", "any")
    moving = visitor.page.evaluate("getComputedStyle(document.documentElement).scrollBehavior")
    context.close()
    assert moving == ("auto" if motion == "reduce" else "smooth")


def test_the_printed_page_has_no_controls(url: str, visitor: Visitor, recording: Recording) -> None:
    visitor.sign_in(url, "demo", "any")
    visitor.visit(pages(recording)["fairness"])
    visitor.page.emulate_media(media="print")
    for name in ("Sign out", "Acknowledge"):
        assert not any(one.is_visible() for one in visitor.page.get_by_role("button", name=name).all())
    expect(visitor.page.locator("table.forest").first).to_be_visible()


def test_each_card_of_the_mail_is_one_trouble_and_fits_on_a_phone(browser: Browser, recording: Recording) -> None:
    alerts = [Alert.model_validate(one) for one in recording["GET /alerts?limit=100"]["body"]["alerts"]]
    at = datetime(2026, 10, 6, tzinfo=UTC)
    told = compose(alerts, to="ana@example.org", dashboard_url="https://syndic.example.org", digest_id="d", now=at)
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.set_content(render(told).html)
    cards = page.evaluate("[...document.querySelectorAll('h2')].map(card => card.closest('table').offsetHeight)")
    assert len(cards) == len(alerts) == 2
    assert max(cards) < 1200
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    page.close()
