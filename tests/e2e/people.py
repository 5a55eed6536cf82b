"""People at their windows on the deployed stack: who signs in, forms they fill in, files they take."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pypdf
from playwright.sync_api import Browser, BrowserContext, Locator, expect

from demo.__main__ import Demonstration
from demo.users import PASSWORD, Client, sign_in
from tests.e2e.browser import GO, Visitor, new_visitor


@dataclass
class House:
    """The deployed stack with its people: each signs in once, in the browser and at the API."""

    demonstration: Demonstration
    browser: Browser
    _seats: dict[str, tuple[Visitor, BrowserContext]] = field(default_factory=dict)
    _clients: dict[str, Client] = field(default_factory=dict)

    @property
    def base(self) -> str:
        return f"http://localhost:{self.demonstration.ports.dashboard}"

    def seat(self, name: str, address: str) -> Visitor:
        """The person's own window at an address, read anew."""
        if name not in self._seats:
            self._seats[name] = new_visitor(self.browser, accept_downloads=True)
            self._seats[name][0].sign_in(self.base, f"{name}@example.com", PASSWORD)
            self._seats[name][0].visit(address)
            return self._seats[name][0]
        visitor = self._seats[name][0]
        visitor.page.evaluate(GO, address)
        visitor.page.reload()  # others changed something meanwhile, and a page reads anew only now and then
        visitor.page.locator("header.topbar").wait_for()
        visitor.settle()
        return visitor

    def api(self, name: str) -> Client:
        if name not in self._clients:
            deployed = self.demonstration.deployment
            self._clients[name] = sign_in(self.demonstration.cloud, deployed, f"{name}@example.com")
        return self._clients[name]

    def entries(self, action: str, model: str) -> list[dict[str, Any]]:
        """What the audit trail holds of a model, oldest first."""
        asked = urlencode({"action": action, "subject": f"model/{model}", "limit": 100})
        return [one["entry"] for one in reversed(self.api("auditor").get(f"/audit-logs?{asked}")["entries"])]

    def quiet(self) -> None:
        """Nothing went wrong on any page, in no console."""
        assert {name: seat.problems for name, (seat, _) in self._seats.items() if seat.problems} == {}

    def close(self) -> None:
        for _, context in self._seats.values():
            context.close()


def hire(demonstration: Demonstration, people: dict[str, str]) -> None:
    """Make accounts that the demonstration does not have, by name and group."""
    cognito, pool = demonstration.cloud.client("cognito-idp"), demonstration.deployment["UserPoolId"]
    for name, group in people.items():
        person = {"UserPoolId": pool, "Username": f"{name}@example.com"}
        attributes = [{"Name": "email", "Value": person["Username"]}, {"Name": "email_verified", "Value": "true"}]
        cognito.admin_create_user(**person, UserAttributes=attributes, MessageAction="SUPPRESS")
        cognito.admin_set_user_password(**person, Password=PASSWORD, Permanent=True)
        cognito.admin_add_user_to_group(**person, GroupName=group)


def act(
    visitor: Visitor, label: str, fields: dict[str, str], *, confirm: str | None = None, at: Locator | None = None
) -> None:
    """Open a form by its button, fill it in and send it; it closes when the API took it."""
    (at or visitor.page).get_by_role("button", name=label, exact=True).first.click()
    dialog = visitor.page.get_by_role("dialog")
    for name, value in fields.items():
        control = dialog.get_by_label(re.compile(rf"^{re.escape(name)}(?: \(|$)"))
        if control.evaluate("one => one.tagName") == "SELECT":
            control.select_option(label=value)
        else:
            control.fill(value)
    dialog.get_by_role("button", name=confirm or label, exact=True).click()
    expect(dialog).to_have_count(0)


def told(visitor: Visitor, text: str) -> None:
    expect(visitor.page.locator(".told")).to_contain_text(text)


def tab(visitor: Visitor, name: str) -> None:
    visitor.page.get_by_role("tab", name=name).click()
    visitor.settle()


def taken(visitor: Visitor, tmp_path: Path, ask: Callable[[], None]) -> tuple[str, bytes]:
    """Ask for a file, which is taken as soon as it is there; its name and what is in it."""
    with visitor.page.expect_download(timeout=90_000) as given:
        ask()
    path = tmp_path / "report"
    given.value.save_as(path)
    return given.value.suggested_filename, path.read_bytes()


def text_of(pdf: bytes) -> str:
    text = " ".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)
    return re.sub(r"\s+", " ", text)
