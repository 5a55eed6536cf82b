"""A year of a credit model on the deployed stack, its clock moved: tables of `tests/edges/registers/test_year.py`.

`make proof` plays the days on which anything turns, is told or is done, with the day before and after each;
``SYNDIC_YEAR=whole`` plays every one of the 364, ``SYNDIC_YEAR=turns`` leaves out the days before and after.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta

import pytest

from demo.__main__ import Demonstration
from demo.cloud import Ports
from demo.processes import free_port, run
from tests.e2e.deployed_year import Deployed
from tests.e2e.moved_clock import LIBRARY, ROOT, MovedClock
from tests.edges.registers.credit_year import DAYS, TABLE, key_days, play, the_file_tells_it
from tests.edges.registers.year import FIRST, Year
from tests.proof import ALL

pytestmark = [
    pytest.mark.emulator,
    pytest.mark.slow,
    pytest.mark.timeout(0),
    pytest.mark.skipif(not ALL, reason="about twenty minutes: `make proof` plays it"),
]


@pytest.fixture
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployed]:
    _, said = run(["bash", str(ROOT / "tests" / "install_clock.sh")], cwd=ROOT)
    assert LIBRARY.is_file(), said
    state = tmp_path_factory.mktemp("year")
    clock = MovedClock(state)
    demonstration = Demonstration(state, Ports(*(free_port() for _ in fields(Ports))), environ=clock.environ)
    try:
        demonstration.start()
        clock.begin(FIRST - timedelta(hours=2))
        yield Deployed(demonstration, clock)
    finally:
        demonstration.stop()
        shutil.rmtree(state, ignore_errors=True)


def test_a_year_of_a_high_risk_credit_model_on_the_deployed_stack(place: Deployed) -> None:
    year = Year(place, [*TABLE, "AIA-72"])
    asked = os.environ.get("SYNDIC_YEAR")
    days = range(DAYS) if asked == "whole" else key_days(0 if asked == "turns" else 1)
    known = play(year, days)
    the_file_tells_it(year, place.package(person="auditor"), known)
