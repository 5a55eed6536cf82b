"""A year of a credit scoring model, day by day: every affected duty stands as the law and the registers have it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.edges.envelopes import PEOPLE
from tests.edges.registers.credit_year import DAYS, LACKS, LAPSED, MET, NOT_MET, TABLE, play, the_file_tells_it
from tests.edges.registers.in_process import InProcess
from tests.edges.registers.year import Year
from tests.edges.world import World


@pytest.fixture
def year(wire: Callable[[str], World], monkeypatch: pytest.MonkeyPatch) -> Year:
    rita = {"cognito:username": "rita", "email": "rita@example.org", "cognito:groups": "risk_owner"}
    monkeypatch.setitem(PEOPLE, "risk_owner", rita)
    owed = [*TABLE, "AIA-72"]
    return Year(InProcess(wire("governed"), owed), owed)


def test_a_year_of_a_high_risk_credit_model(year: Year) -> None:
    known = play(year, range(DAYS))
    the_file_tells_it(year, year.place.package(person="auditor"), known)
    year.at(366)
    year.place.daily()
    assert {one.state for name, one in year.states().items() if name != "AIA-72"} <= {LAPSED, NOT_MET, LACKS, MET}
    assert year.states()["AIA-4"].state is LACKS  # the answers, by which it applies, have ended too
    assert {name for name, one in year.states().items() if one.state is LAPSED} == {"ISO-6.1.4", "ISO-A.2.4"}
