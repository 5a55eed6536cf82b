"""Whatever outside call fails, before it, after it or with the process: tried again and swept, the end is the same.

`make test` takes every ``STRIDE``-th fault, a different share of each case, and a quarter of that of schedules and of
what draws reports, whose runs are the longest; `make proof` takes all of them.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator

import pytest

from azure_functions import wiring as azure_wiring
from functions import wiring
from functions.api.access.permissions import TABLE
from tests.edges.access import test_api_access as access
from tests.faults.cases import Case, functions_of_aws, functions_of_azure, functions_without_a_case, routes
from tests.faults.verdict import run

STRIDE = int(os.environ.get("SYNDIC_FAULTS_STRIDE", "5"))
EVERY = [*routes(), *functions_of_aws(), *functions_of_azure()]
seen: dict[str, tuple[int, int, bool]] = {}


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Faults are logged by the dozen; wiring is replaced for one test only."""
    monkeypatch.setattr(wiring, "wired", wiring.wired)
    monkeypatch.setattr(azure_wiring, "wired", azure_wiring.wired)
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(before)


@pytest.mark.parametrize("case", EVERY, ids=lambda case: case.name)
def test_a_fault_loses_and_doubles_nothing(case: Case) -> None:
    long = case.scheduled or case.name.startswith("aws reports/")
    outcome = run(case, stride=4 * STRIDE if long and STRIDE > 1 else STRIDE, offset=EVERY.index(case))
    seen[case.name] = (outcome.calls, outcome.faults, outcome.changes)
    assert not outcome.troubles, "\n".join([f"{len(outcome.troubles)} troubles", *outcome.troubles[:8]])


def test_no_function_of_azure_is_left_out() -> None:
    assert functions_without_a_case() == set()


def test_what_changes_something_was_found(capsys: pytest.CaptureFixture[str]) -> None:
    """Every route that is not a reading one changes something in these worlds, but for the dry runs."""
    if len(seen) < len(EVERY):
        pytest.skip("only some of the cases ran")
    changing = {name for name, (_, _, changes) in seen.items() if changes}
    wanted = {" ".join(route) for route in TABLE if route[0] != "GET" and route not in access.WRITES_NOTHING}
    assert wanted <= changing
    with capsys.disabled():
        faults = sum(faults for _, faults, _ in seen.values())
        calls = sum(calls for calls, _, changes in seen.values() if changes)
        print(  # noqa: T201
            f"\n{faults} faults at {calls} outside calls of {len(changing)} routes and functions: none lost or doubled"
        )
