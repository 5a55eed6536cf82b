"""Every route is found in the file that `PLACES` names, and loading one concern before another changes nothing."""

from __future__ import annotations

import itertools
import subprocess
import sys
from importlib import import_module
from pkgutil import walk_packages

import pytest

from functions.api import routes
from functions.api.access.permissions import TABLE
from functions.api.concerns import PLACES, concern_of


def routes_of(concern: str) -> set[tuple[str, str]]:
    found = import_module(f"functions.api.routes.{concern}").router._routes
    return {(method, path) for path, methods, *_ in found for method in methods}


def test_every_route_is_in_the_file_that_is_named_for_it() -> None:
    assert {route: concern for concern in PLACES for route in routes_of(concern)} == {
        route: concern_of(*route) for route in TABLE
    }


def test_every_file_of_routes_is_named() -> None:
    prefix = f"{routes.__name__}."
    modules = {one.name for one in walk_packages(routes.__path__, prefix) if not one.ispkg}
    files = {name.removeprefix(prefix) for name in modules if hasattr(import_module(name), "router")}
    assert files == set(PLACES)


def test_no_path_leads_to_two_concerns() -> None:
    """The resolver takes the first route that fits, and which is first hangs on which concern was loaded first."""

    def overlap(one: str, other: str) -> bool:
        parts = list(zip(one.split("/"), other.split("/"), strict=False))
        return one.count("/") == other.count("/") and all(a == b or "<" in a or "<" in b for a, b in parts)

    open_ones = [route for route in TABLE if "<" in route[1]]
    pairs = itertools.combinations(open_ones, 2)
    both = [(a, b) for a, b in pairs if a[0] == b[0] and concern_of(*a) != concern_of(*b) and overlap(a[1], b[1])]
    assert both == []


def test_an_unknown_route_is_said() -> None:
    with pytest.raises(KeyError, match="no file of routes"):
        concern_of("GET", "/nowhere")


def test_a_start_loads_no_concern() -> None:
    """What a cold start of the API imports: no route, of the concerns their keys alone, no YAML, no cryptography."""
    code = "import functions.api.handler, sys; print(*sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    below = ("functions.api.routes.", "syndic.compliance.", "syndic.registers.", "syndic.registry.", "syndic.drift.")
    loaded = {name for name in said if name.startswith(below) and not name.endswith(".keys")}
    assert loaded == set()
    assert not {"yaml", "numpy", "jwt", "cryptography", "boto3", "s3transfer"} & set(said)
    later = ("syndic.mirror", "syndic.alerting.models", "functions.members")
    assert not {name for name in said if name.startswith(later)}
