"""The deployed platform, once for all end-to-end tests: the same object that ``make demo`` runs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

import pytest

from demo.__main__ import Demonstration
from demo.cloud import Ports
from demo.findings import Results
from demo.processes import free_port
from demo.users import Client, sign_in


@pytest.fixture(scope="session")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Demonstration, Results]]:
    ports = Ports(*(free_port() for _ in fields(Ports)))
    demonstration = Demonstration(tmp_path_factory.mktemp("demo"), ports)
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
