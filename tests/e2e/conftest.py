"""The browser and the deployed platform, once for all end-to-end tests: the same object that ``make demo`` runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import fields

import pytest
from playwright.sync_api import Browser

from demo.__main__ import Demonstration
from demo.cloud import Ports
from demo.findings import Results
from demo.processes import is_free
from demo.users import Client, sign_in
from tests.e2e.browser import chromium
from tests.e2e.people import House, hire

PEOPLE = {"officer": "compliance_officer", "engineer": "ml_engineer", "product": "product_owner"}
"""Whom the demonstration does not have."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One for each file: while it runs, a loop runs too, and tests of other folders begin their own."""
    with chromium() as running:
        yield running


def ports_in_a_row() -> Ports:
    """Free ports below those that the system hands out: other tests take those while a deployment is being made."""
    count = len(fields(Ports))
    for attempt in range(500):
        first = 20_000 + (os.getpid() + attempt) * count % 12_000
        wanted = range(first, first + count)
        if all(is_free(port) for port in wanted):
            return Ports(*wanted)
    raise AssertionError(f"no {count} ports in a row are free between 20000 and 32000")


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Demonstration, Results]]:
    demonstration = Demonstration(tmp_path_factory.mktemp("demo"), ports_in_a_row())
    try:
        demonstration.start()
        yield demonstration, demonstration.govern()
    finally:
        demonstration.stop()


@pytest.fixture(scope="session")
def demonstration(started: tuple[Demonstration, Results]) -> Demonstration:
    """The running platform, after its schedule ran once."""
    return started[0]


@pytest.fixture(scope="session")
def results(started: tuple[Demonstration, Results]) -> Results:
    """What the schedule found."""
    return started[1]


@pytest.fixture
def admin(demonstration: Demonstration) -> Client:
    """The API in the name of an administrator."""
    return sign_in(demonstration.cloud, demonstration.deployment, "admin@example.com")


@pytest.fixture(scope="session")
def hired(demonstration: Demonstration) -> None:
    """Everybody has an account."""
    hire(demonstration, PEOPLE)


@pytest.fixture(scope="module")
def house(demonstration: Demonstration, hired: None, browser: Browser) -> Iterator[House]:
    """The people of the deployed platform at their windows."""
    made = House(demonstration, browser)
    yield made
    made.close()
