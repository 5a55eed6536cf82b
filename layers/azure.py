"""Build the package of the Azure function app: a zip with everything in it, the same bytes every time.

    python -m layers.azure              build/azure/functions.zip, for Flex Consumption on Linux x86_64, Python 3.13

At the root lie `host.json`, `function_app.py`, and the packages `azure_functions` and `syndic`; what they need is the
dependency group ``azure-app``, exported from uv.lock with hashes, below `.python_packages/lib/site-packages`, where
the host looks for it. Nothing is built in Azure.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import shutil
import sys
import zipfile
from collections.abc import Collection
from pathlib import Path

from layers.build import (
    OWN,
    ROOT,
    RUNTIME,
    STAMP,
    Target,
    compile_sources,
    digest_of,
    install_locked,
    locked,
    once,
    size_of,
    trim,
)

EDGE = ROOT / "azure_functions"
PLACE = ROOT / "build" / "azure"
NAME = "functions.zip"
AT_ROOT = ("host.json", "function_app.py")
PACKAGES = ".python_packages/lib/site-packages"
DEPLOYED_AT = "/home/site/wwwroot"
NOT_DEPLOYED = ("cli", "adapters/aws", "adapters/mlflow")
LEFT_OUT = shutil.ignore_patterns("__pycache__", "local.settings*.json", ".funcignore", *AT_ROOT)
# glibc 2.28 and newer; the host's image is Debian 12, which has 2.36.
VERSION = f"{RUNTIME[0]}.{RUNTIME[1]}"
FLEX = Target("flex", RUNTIME, ("--python-platform", "x86_64-manylinux_2_28", "--python-version", VERSION))
LIMIT = 100 * 1024 * 1024  # zipped; the platform takes more, but each new instance fetches it before it starts
EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip can write down


def build(place: Path = PLACE, *, uv: str) -> Path:
    """Build the package unless it was built from the same inputs; returns the zip."""
    place.mkdir(parents=True, exist_ok=True)
    with (place / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        requirements = locked("azure-app", uv)
        inputs = [requirements, str(FLEX), Path(__file__).read_text("utf-8")]

        def install(folder: Path) -> None:
            install_locked(requirements, folder, arguments=FLEX.arguments, uv=uv, what="the Azure package")
            trim(folder)
            compile_sources(folder, FLEX, under=f"{DEPLOYED_AT}/{PACKAGES}")

        def fill(folder: Path) -> None:
            once(place / "packages", inputs, install)
            _stage(folder / "app", place / "packages")
            write_zip(folder / "app", folder / NAME)

        once(place / "package", [*inputs, digest_of(OWN), digest_of(EDGE)], fill)
    return place / "package" / NAME


def _stage(app: Path, packages: Path) -> None:
    """Lay the app out as it is to lie on the instance."""
    app.mkdir()
    for name in AT_ROOT:
        shutil.copy(EDGE / name, app / name)
    shutil.copytree(EDGE, app / "azure_functions", ignore=LEFT_OUT)
    shutil.copytree(OWN, app / "syndic", ignore=LEFT_OUT)
    for name in NOT_DEPLOYED:
        shutil.rmtree(app / "syndic" / name, ignore_errors=True)
    compile_sources(app, FLEX, under=DEPLOYED_AT)
    shutil.copytree(packages, app / PACKAGES, ignore=shutil.ignore_patterns(STAMP), copy_function=os.link)


def write_zip(folder: Path, target: Path, *, leave_out: Collection[str] = ()) -> None:
    """A zip of a folder: by name, without times, owners or modes of this machine. `leave_out` are names of files."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.name not in leave_out)
    files = sorted((path.relative_to(folder).as_posix(), path) for path in found)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, path in files:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o644 << 16
            entry.create_system = 3  # Unix, so that the modes above count
            archive.writestr(entry, path.read_bytes(), zipfile.ZIP_DEFLATED, 6)


def main() -> None:
    """Build, print the sizes, and fail over the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--uv", default="uv")
    archive = build(uv=parser.parse_args().uv)
    zipped, unzipped = archive.stat().st_size, size_of(archive.parent / "app")
    shown = archive.relative_to(ROOT)
    print(f"{shown}  {zipped / 1024 / 1024:.1f} MB zipped, {unzipped / 1024 / 1024:.1f} MB unzipped")
    if zipped > LIMIT:
        sys.exit(f"the package is {zipped} bytes, over the limit of {LIMIT}")


if __name__ == "__main__":
    main()
