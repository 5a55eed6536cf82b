"""Where an app lies and what it may import: its own folder and the installed packages, not this checkout."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

CHECKOUT = Path(__file__).parents[2]
PACKAGES = Path(".python_packages", "lib", "site-packages")  # where a deployed app keeps its dependencies


def put_on_path(folder: Path) -> None:
    """Let the app's folder be imported from first, as the worker does, and take this checkout off the path.

    The checkout's own `azure_functions` is the exception: its package lies beside the folder, not in it.
    """
    own = [folder]
    if (folder / PACKAGES).is_dir():
        own.append(folder / PACKAGES)
    if folder == CHECKOUT / "azure_functions":
        own += [CHECKOUT, CHECKOUT / "shared"]
    here = {CHECKOUT, Path.cwd()} - {CHECKOUT / "shared"}
    rest = [entry for entry in sys.path if entry and Path(entry).resolve() not in here]
    sys.path[:] = [*map(str, own), *rest]


def read_values(path: Path) -> dict[str, str]:
    """The app settings in a file as `local.settings.json` is written: `{"IsEncrypted": false, "Values": {...}}`."""
    document = json.loads(path.read_text("utf-8"))
    if document.get("IsEncrypted"):
        raise SystemExit(f"{path}: encrypted settings cannot be read here")
    return {name: str(value) for name, value in document["Values"].items()}


def read_host(folder: Path, values: dict[str, str]) -> dict[str, Any]:
    """`host.json`, with the overrides that the host takes from app settings (`AzureFunctionsJobHost__a__b`)."""
    document: dict[str, Any] = json.loads((folder / "host.json").read_text("utf-8"))
    for name, value in values.items():
        first, *steps = name.split("__")
        if first == "AzureFunctionsJobHost" and steps:
            place = document
            for step in steps[:-1]:
                place = place.setdefault(step, {})
            place[steps[-1]] = value
    return document


def put_in_environment(values: dict[str, str]) -> None:
    """App settings are environment variables of the app, as in Azure."""
    os.environ.update(values)
