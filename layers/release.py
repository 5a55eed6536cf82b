"""Everything a release hands out, the same bytes every time: ``build/release``.

    python -m layers.release --tag v0.2.0

The wheels of Syndic and of its client, a zip for each Lambda layer and the functions' code, the Azure package, the
API's description, the bill of materials of what is locked (CycloneDX, by uv) and the SHA-256 of each file. The tag must
be the version of both wheels.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

from layers import azure, build
from layers.azure import write_zip
from layers.build import AZURE, BUILD, LAYERS, ROOT, STAMP

PLACE = ROOT / "build" / "release"
EPOCH = "315532800"  # 1980-01-01: the first moment that a zip, and so a wheel, can write down


def release(tag: str, *, uv: str) -> list[Path]:
    """Build all files of a release; returns them by name."""
    version = declared_version()
    if tag != f"v{version}":
        sys.exit(f"the tag {tag!r} does not name the version of pyproject.toml, {version!r}")
    shutil.rmtree(PLACE, ignore_errors=True)
    PLACE.mkdir(parents=True)
    if (clients := declared_version("client")) != version:
        sys.exit(f"client/pyproject.toml has another version, {clients!r}, than pyproject.toml, {version!r}")
    command = [uv, "build", "-q", "--wheel", "--all-packages", "--out-dir", str(PLACE)]
    subprocess.run(command, cwd=ROOT, check=True, env={**os.environ, "SOURCE_DATE_EPOCH": EPOCH})
    (PLACE / ".gitignore").unlink(missing_ok=True)
    target = build.target_called("release")
    build.build(target, uv=uv, azure=True)
    for part in (*LAYERS, AZURE, "code"):
        staged = BUILD / target.name / part
        write_zip(staged, PLACE / f"syndic-{version}-{part}.zip", leave_out={STAMP})
    shutil.copy(azure.build(uv=uv), PLACE / f"syndic-{version}-azure-functions.zip")
    shutil.copy(ROOT / "docs" / "openapi.json", PLACE / f"syndic-{version}-openapi.json")
    _bill_of_materials(PLACE / f"syndic-{version}-sbom.cdx.json", uv)
    files = sorted(PLACE.iterdir())
    sums = "".join(f"{hashlib.sha256(file.read_bytes()).hexdigest()}  {file.name}\n" for file in files)
    (PLACE / "SHA256SUMS").write_text(sums, "utf-8")
    return sorted(PLACE.iterdir())


def declared_version(package: str = ".") -> str:
    """The version that a package's pyproject.toml declares."""
    version: str = tomllib.loads((ROOT / package / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    return version


def _bill_of_materials(target: Path, uv: str) -> None:
    """What runs in the functions and in the command line tool; test and build tools are no part of it."""
    groups = ("layer-core", "layer-stats", "layer-reports", "layer-azure", "azure-app")
    command = [uv, "export", "--frozen", "-q", "--format", "cyclonedx1.5", "--all-extras", "--no-default-groups"]
    for group in groups:
        command += ["--group", group]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    target.write_bytes(done.stdout)


def main() -> None:
    """Build, and list what was built."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tag", required=True)
    parser.add_argument("--uv", default="uv")
    arguments = parser.parse_args()
    for file in release(arguments.tag, uv=arguments.uv):
        print(f"{file.stat().st_size:>12,}  {file.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
