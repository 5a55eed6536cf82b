"""Build the Lambda layers without docker: locked wheels, trimmed, compiled, the same bytes every time.

    python layers/build.py --target release    aarch64, Python 3.13: what runs on AWS
    python layers/build.py --target local      this machine's interpreter: what runs on the local cloud

Each layer's packages are a dependency group of pyproject.toml (``layer-core``, ``layer-stats``), exported from uv.lock
with hashes. Results are in ``build/layers/<target>/<layer>/python``; a layer whose inputs did not change is kept.
"""

from __future__ import annotations

import argparse
import compileall
import hashlib
import py_compile
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "layers"
LIMIT = 250 * 1024 * 1024  # unzipped, function and all its layers together: Lambda's quota
RUNTIME = (3, 13)
PLATFORM = "aarch64-manylinux_2_28"  # glibc 2.28 and newer; Lambda's Python 3.13 runs on 2.34
TRIMMED_FOLDERS = ("tests", "test", "__pycache__", "include", "bin", "testing")
TRIMMED_FILES = ("*.pyi", "*.pyx", "*.pxd", "*.c", "*.h", "*.a")
KEPT = frozenset({"numpy/testing", "numpy/_core/tests", "scipy/_lib/array_api_compat"})  # imported by their packages
OWN = ROOT / "shared" / "syndic"
NOT_DEPLOYED = ("cli", "adapters/azure")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a layer is to run."""

    name: str
    version: tuple[int, int]
    arguments: tuple[str, ...]


def target_called(name: str) -> Target:
    """The release target, or this interpreter's own."""
    if name == "release":
        version = f"{RUNTIME[0]}.{RUNTIME[1]}"
        return Target(name, RUNTIME, ("--python-platform", PLATFORM, "--python-version", version))
    return Target(name, sys.version_info[:2], ("--python", sys.executable))


def build(target: Target, *, uv: str) -> dict[str, int]:
    """Build both layers and stage the functions; returns the unzipped bytes of each."""
    sizes = {}
    for layer in ("core", "stats"):
        packages = _packages(layer, target, uv)
        place = BUILD / target.name / layer / "python"
        if layer == "core":
            _add_own_code(place, target)
        sizes[layer] = size_of(place)
        kept = "kept" if not packages else "built"
        print(f"layer {layer:<5} {target.name:<7} {kept:<5} {sizes[layer] / 1024 / 1024:6.1f} MB unzipped")
    sizes["code"] = _stage_functions(BUILD / target.name / "code")
    return sizes


def _stage_functions(place: Path) -> int:
    """The functions' own code: one folder for all of them, so that they share one asset."""
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(ROOT / "functions", place / "functions", ignore=shutil.ignore_patterns("__pycache__", "local.py"))
    return size_of(place)


def _packages(layer: str, target: Target, uv: str) -> bool:
    """Install a layer's packages unless they are there already; returns whether they were installed."""
    export = [uv, "export", "--frozen", "--no-emit-project", "--only-group", f"layer-{layer}", "--no-annotate", "-q"]
    requirements = subprocess.run(export, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    recipe = "\n".join([requirements, *target.arguments, str(target.version), Path(__file__).read_text("utf-8")])
    digest = hashlib.sha256(recipe.encode()).hexdigest()
    folder = BUILD / target.name / layer
    stamp = folder / ".inputs"
    if stamp.is_file() and stamp.read_text("utf-8") == digest:
        return False
    shutil.rmtree(folder, ignore_errors=True)
    place = folder / "python"
    place.mkdir(parents=True)
    listing = folder / ".requirements.txt"
    listing.write_text(requirements, "utf-8")
    install = [uv, "pip", "install", "-q", "--target", str(place), "--require-hashes", "--no-deps", "--link-mode=copy",
               "--only-binary", ":all:", "-r", str(listing), *target.arguments]  # fmt: skip
    subprocess.run(install, cwd=ROOT, check=True)
    _trim(place)
    _compile(place, target)
    stamp.write_text(digest, "utf-8")
    return True


def _add_own_code(place: Path, target: Target) -> None:
    own = place / "syndic"
    shutil.rmtree(own, ignore_errors=True)
    shutil.copytree(OWN, own, ignore=shutil.ignore_patterns("__pycache__"))
    for name in NOT_DEPLOYED:
        shutil.rmtree(own / name, ignore_errors=True)
    _compile(own, target)


def _trim(place: Path) -> None:
    """Remove what no function imports. Shared libraries (``*.libs``) stay as they are: stripping breaks them."""
    for folder in sorted(place.rglob("*"), reverse=True):
        relative = folder.relative_to(place).as_posix()
        inside_kept = any(relative == kept or relative.startswith(f"{kept}/") for kept in KEPT)
        if folder.is_dir() and folder.name in TRIMMED_FOLDERS and not inside_kept:
            shutil.rmtree(folder)
    for pattern in TRIMMED_FILES:
        for file in place.rglob(pattern):
            file.unlink()
    for file in place.rglob("direct_url.json"):
        file.unlink()


def _compile(place: Path, target: Target) -> None:
    """Ship bytecode, checked by nothing at import, if this interpreter makes the target's."""
    if sys.version_info[:2] != target.version:
        wanted = ".".join(map(str, target.version))
        print(f"  no bytecode: it is made by Python {wanted}, this is {sys.version_info[0]}.{sys.version_info[1]}")
        return
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    compileall.compile_dir(place, quiet=2, invalidation_mode=mode, stripdir=str(place), workers=0)


def size_of(place: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(file.stat().st_size for file in place.rglob("*") if file.is_file())


def main() -> None:
    """Build, print the sizes, and fail over Lambda's limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", choices=("release", "local"), default="release")
    parser.add_argument("--uv", default="uv")
    arguments = parser.parse_args()
    sizes = build(target_called(arguments.target), uv=arguments.uv)
    total = sum(sizes.values())
    print(f"largest function: {total / 1024 / 1024:.1f} MB of {LIMIT / 1024 / 1024:.0f} MB")
    if total > LIMIT:
        sys.exit(f"layers and function are {total} bytes unzipped, over Lambda's limit of {LIMIT}")


if __name__ == "__main__":
    main()
