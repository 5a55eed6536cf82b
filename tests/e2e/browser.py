"""A real browser for the end-to-end tests, and what each page is held to."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

DASHBOARD = Path(__file__).parents[2] / "dashboard"
AXE = DASHBOARD / "node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
THEMES = ("light", "dark")
WIDTHS = (320, 768, 1280)
# The page hears of a new address a moment later, and draws it a moment after that.
GO = """async address => {
  location.hash = address;
  for (let turn = 0; turn < 3; turn += 1) await new Promise(done => { const { port1, port2 } = new MessageChannel();
    port1.onmessage = done; port2.postMessage(null); });
}"""
expect.set_options(timeout=60_000)  # of the local cloud each function starts cold, while other tests run beside
NO_BROWSER = "no browser: install Debian's chromium (apt-get install chromium) or run `playwright install chromium`"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's chromium, or Playwright's own."""
    own = shutil.which("chromium")
    with sync_playwright() as playwright:
        path = own or playwright.chromium.executable_path
        if not Path(path).exists():
            raise AssertionError(NO_BROWSER)
        # The sandbox needs rights a container does not give; /dev/shm is too small there.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Visitor:
    """A page and everything that went wrong on it."""

    page: Page
    problems: list[str] = field(default_factory=list)
    expected: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        self.page.on("console", self._console)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"} and not any(part in message.text for part in self.expected):
            self.problems.append(f"console {message.type}: {message.text}")

    def sign_in(self, url: str, username: str, password: str) -> None:
        """Open the dashboard and sign in."""
        self.page.goto(url)
        self.answer_sign_in(username, password)
        self.page.locator("header.topbar").wait_for()

    def answer_sign_in(self, username: str, password: str) -> None:
        """From the dashboard's own page to the user pool's, and fill that in."""
        self.page.get_by_role("button", name="Sign in").click()
        self.page.get_by_label("Username").fill(username)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Sign in").click()

    def visit(self, address: str) -> None:
        """Go to an address within the page and wait until nothing is being read."""
        self.page.evaluate(GO, address)
        self.settle()

    def settle(self) -> None:
        """Wait until every panel has been read. By a selector: the page's policy refuses to evaluate text."""
        self.page.locator("main:not(:has([aria-busy], .waiting))").wait_for(timeout=120_000)  # functions start cold

    def violations(self) -> list[str]:
        """What axe finds against WCAG 2.2 AA."""
        # As text: a script element would be refused by the page's content security policy, rightly. Once a document.
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text(encoding="utf-8"))
        # From the top: what is scrolled half under the sticky bar would be measured by its visible half.
        self.page.evaluate("window.scrollTo({ top: 0, behavior: 'instant' })")
        result: dict[str, Any] = self.page.evaluate(
            "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES
        )
        return [
            f"{found['id']}: {found['help']}: {node['html'][:160]}"
            for found in result["violations"]
            for node in found["nodes"]
        ]

    def sideways(self) -> int:
        """By how many pixels the page is wider than the window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def new_visitor(
    browser: Browser, *, width: int = 1280, theme: str = "light", **options: Any
) -> tuple[Visitor, BrowserContext]:
    """A fresh visitor with a window of a width, in a theme, in a time zone that is not UTC."""
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme=theme,
        timezone_id="Europe/Berlin",
        **options,  # type: ignore[arg-type]
    )
    context.set_default_timeout(60_000)
    return Visitor(context.new_page()), context
