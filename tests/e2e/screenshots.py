"""Every page of the dashboard as a picture, on the recorded API: ``python -m tests.e2e.screenshots --out FOLDER``."""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import tempfile
from functools import partial
from pathlib import Path
from typing import Any

from playwright.sync_api import Route

from tests.e2e.browser import DASHBOARD, THEMES, chromium, new_visitor
from tests.e2e.recording import record
from tests.e2e.test_dashboard_screens import RECORDED, pages, served
from tests.e2e.test_desk_tasks import ANSWERS

WIDTHS = (360, 768, 1280)
"""A phone, a tablet and a desk; the tests look at 320 too, which is what 400 % zoom leaves of a desk."""


def fulfill(body: Any, route: Route) -> None:
    """The same answer whoever asks."""
    route.fulfill(json=body)


def main() -> None:
    """Build the page, open each address in each theme and width, and keep what is seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", default="", help="names of pages, by commas; all of them when nothing is said")
    options = parser.parse_args()
    out: Path = options.out
    chosen = set(options.only.split(",")) - {""}
    out.mkdir(parents=True, exist_ok=True)
    if not (DASHBOARD / "node_modules").exists():
        subprocess.run(["npm", "ci", "-s", "--no-audit", "--no-fund"], cwd=DASHBOARD, check=True)
    subprocess.run(["npm", "run", "-s", "build"], cwd=DASHBOARD, check=True)
    recording = json.loads(record.RECORDING.read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder, served(recording, Path(folder)) as url, chromium() as browser:
        for theme in THEMES:
            for width in WIDTHS:
                visitor, context = new_visitor(browser, width=width, theme=theme)
                visitor.page.clock.install(time=RECORDED)
                # Who may sign in is the user pool's, which is not recorded.
                for call, body in ANSWERS.items():
                    if call.startswith(("GET /users", "GET /auth")):
                        ends = re.compile(re.escape(call.removeprefix("GET ")) + "$")
                        visitor.page.route(ends, partial(fulfill, body))
                visitor.page.goto(url)
                visitor.page.get_by_role("button", name="Sign in").wait_for()
                visitor.page.screenshot(path=out / f"login-{theme}-{width}.png", full_page=True)
                visitor.sign_in(url, "admin", "any")  # who sees every action
                for name, address in pages(recording).items():
                    if chosen and name not in chosen:
                        continue
                    visitor.visit(address)
                    visitor.page.screenshot(path=out / f"{name}-{theme}-{width}.png", full_page=True)
                visitor.visit("#/audit")
                visitor.page.get_by_role("button", name="Prove entry").first.click()
                visitor.page.get_by_role("dialog").get_by_role("listitem").first.wait_for()
                visitor.page.screenshot(path=out / f"proof-{theme}-{width}.png")
                context.close()
    print(f"{len(list(out.glob('*.png')))} pictures in {out}")


if __name__ == "__main__":
    main()
