"""Every page of the dashboard as a picture, on the recorded API: ``python -m tests.e2e.screenshots --out FOLDER``."""

from __future__ import annotations

import argparse
import json
import subprocess
import tempfile
from pathlib import Path

from tests.e2e.browser import DASHBOARD, THEMES, WIDTHS, chromium, new_visitor
from tests.e2e.recording import record
from tests.e2e.test_dashboard_screens import RECORDED, pages, served


def main() -> None:
    """Build the page, open each address in each theme and width, and keep what is seen."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    out: Path = parser.parse_args().out
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
                visitor.page.goto(url)
                visitor.page.get_by_role("button", name="Sign in").wait_for()
                visitor.page.screenshot(path=out / f"login-{theme}-{width}.png", full_page=True)
                visitor.sign_in(url, "admin", "any")  # who sees every action
                for name, address in pages(recording).items():
                    visitor.visit(address)
                    visitor.page.screenshot(path=out / f"{name}-{theme}-{width}.png", full_page=True)
                context.close()
    print(f"{len(list(out.glob('*.png')))} pictures in {out}")


if __name__ == "__main__":
    main()
