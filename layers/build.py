"""Build the Lambda layers without docker: locked wheels, trimmed, compiled, the same bytes every time.

    python layers/build.py --target release    aarch64, Python 3.13: what runs on AWS
    python layers/build.py --target local      this machine's interpreter: what runs on the local cloud
    ... --azure                                also what reaches Azure; needed when deployed with `-c azure=...`

Each layer's packages are a dependency group of pyproject.toml (``layer-core``, ``layer-stats``, ``layer-reports``,
``layer-azure``), exported from uv.lock with hashes. Results are in ``build/layers/<target>/<layer>/python``; a layer
whose inputs did not change is kept.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILD = ROOT / "build" / "layers"
LIMIT = 250 * 1024 * 1024  # unzipped, function and all its layers together: Lambda's quota
RUNTIME = (3, 13)
PLATFORM = "aarch64-manylinux_2_28"  # glibc 2.28 and newer; Lambda's Python 3.13 runs on 2.34
TRIMMED_FOLDERS = ("tests", "test", "__pycache__", "include", "bin", "testing")
TRIMMED_FILES = ("*.pyi", "*.pyx", "*.pxd", "*.c", "*.cpp", "*.h", "*.a")
KEPT = frozenset({"numpy/testing", "numpy/_core/tests", "scipy/_lib/array_api_compat"})  # imported by their packages
INSTALLER_NOTES = ("RECORD", "INSTALLER", "REQUESTED", "direct_url.json", "uv_cache.json")
STAMP = ".inputs"
COMPILE = """
import py_compile, sys
place, shown = sys.argv[1:]
for name in sys.stdin.read().split("\\n"):
    if name:
        py_compile.compile(f"{place}/{name}", dfile=f"{shown}/{name}", quiet=2,
                           invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
"""
OWN = ROOT / "shared" / "syndic"
FUNCTIONS = ROOT / "functions"
LAYERS = ("core", "stats", "reports")
AZURE = "azure"  # only built and attached when Azure is opted in
TOGETHER = (("core",), ("core", "stats"), ("core", "reports"))  # what one function may have
TOGETHER_WITH_AZURE = (*TOGETHER, ("core", AZURE))
NOT_DEPLOYED = ("cli",)


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


def build(target: Target, *, uv: str, azure: bool = False) -> dict[str, int]:
    """Build the layers and stage the functions; returns the unzipped bytes of each.

    What did not change is not touched, so a synthesis that reads it at the same time sees whole folders.
    """
    BUILD.mkdir(parents=True, exist_ok=True)
    sizes = {}
    with (BUILD / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # tests in two processes build at the same time
        for part in (*LAYERS, *([AZURE] * azure), "code"):
            built = _code(target) if part == "code" else _layer(part, target, uv)
            sizes[part] = size_of(BUILD / target.name / part)
            word = "built" if built else "kept"
            print(f"{part:<7} {target.name:<7} {word:<5} {sizes[part] / 1024 / 1024:6.1f} MB unzipped")
    return sizes


def _code(target: Target) -> bool:
    """The functions' own code: one folder for all of them, so that they share one asset."""

    def fill(place: Path) -> None:
        shutil.copytree(FUNCTIONS, place / "functions", ignore=shutil.ignore_patterns("__pycache__", "local.py"))
        compile_sources(place, target)

    return once(BUILD / target.name / "code", [digest_of(FUNCTIONS), str(target)], fill)


def _layer(layer: str, target: Target, uv: str) -> bool:
    """A layer's packages as locked, and in the core layer our own package."""
    requirements = locked(f"layer-{layer}", uv)
    packages = BUILD / target.name / f"{layer}-packages"

    def install(place: Path) -> None:
        install_locked(requirements, place, arguments=target.arguments, uv=uv, what=f"the {layer} layer")
        trim(place)
        compile_sources(place, target)

    def fill(place: Path) -> None:
        once(packages, [requirements, str(target)], install)
        shutil.copytree(packages, place / "python", ignore=shutil.ignore_patterns(STAMP), copy_function=os.link)
        if layer == "core":
            own = place / "python" / "syndic"
            shutil.copytree(OWN, own, ignore=shutil.ignore_patterns("__pycache__"))
            for name in NOT_DEPLOYED:
                shutil.rmtree(own / name, ignore_errors=True)
            compile_sources(own, target, inside="syndic")

    sources = [digest_of(OWN)] if layer == "core" else []
    return once(BUILD / target.name / layer, [requirements, str(target), *sources], fill)


def locked(group: str, uv: str) -> str:
    """The packages of a dependency group as uv.lock has them, with hashes."""
    export = [uv, "export", "--frozen", "--no-emit-project", "--only-group", group, "--no-annotate", "-q"]
    return subprocess.run(export, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def install_locked(requirements: str, place: Path, *, arguments: Sequence[str], uv: str, what: str) -> None:
    """Install wheels into a folder; ends the program with one sentence if they cannot be had."""
    listing = place / "requirements.txt"
    listing.write_text(requirements, "utf-8")
    command = [uv, "pip", "install", "-q", "--target", str(place), "--require-hashes", "--no-deps",
               "--link-mode=copy", "--only-binary", ":all:", "-r", str(listing), *arguments]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        said = " | ".join(line.strip() for line in done.stderr.splitlines()[-2:])
        sys.exit(f"the packages of {what} could not be installed; is there a network? {said}")
    listing.unlink()


def once(folder: Path, inputs: list[str], fill: Callable[[Path], None]) -> bool:
    """Fill a folder unless it was filled from the same inputs; returns whether it was filled now."""
    digest = hashlib.sha256("\0".join([*inputs, Path(__file__).read_text("utf-8")]).encode()).hexdigest()
    stamp = folder / STAMP
    if stamp.is_file() and stamp.read_text("utf-8") == digest:
        return False
    new = folder.with_name(f"{folder.name}.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(parents=True)
    fill(new)
    (new / STAMP).write_text(digest, "utf-8")
    shutil.rmtree(folder, ignore_errors=True)
    new.rename(folder)
    return True


def digest_of(sources: Path) -> str:
    """Names and hashes of all files below a folder."""
    files = sorted(path for path in sources.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
    parts = (f"{path.relative_to(sources)} {hashlib.sha256(path.read_bytes()).hexdigest()}" for path in files)
    return "\n".join(parts)


def trim(place: Path) -> None:
    """Remove what no function imports. Shared libraries (``*.libs``) stay as they are: stripping breaks them."""
    for folder in sorted(place.rglob("*"), reverse=True):
        relative = folder.relative_to(place).as_posix()
        inside_kept = any(relative == kept or relative.startswith(f"{kept}/") for kept in KEPT)
        if folder.is_dir() and folder.name in TRIMMED_FOLDERS and not inside_kept:
            shutil.rmtree(folder)
    for pattern in TRIMMED_FILES:
        for file in place.rglob(pattern):
            file.unlink()
    for name in INSTALLER_NOTES:  # where and when it was installed, and hashes of files removed above
        for file in place.rglob(f"*.dist-info/{name}"):
            file.unlink()
    (place / ".lock").unlink(missing_ok=True)


def compile_sources(place: Path, target: Target, *, inside: str = "", under: str = "/opt/python") -> None:
    """Ship bytecode, checked by nothing at import, if this interpreter makes the target's.

    What a process compiled before changes the bytes of what it compiles next. So that the same sources give the same
    bytes, the files are cut into two fixed halves, each compiled in order by a new process with a fixed hash seed.
    """
    if sys.version_info[:2] != target.version:
        wanted = ".".join(map(str, target.version))
        print(f"  no bytecode: it is made by Python {wanted}, this is {sys.version_info[0]}.{sys.version_info[1]}")
        return
    names = sorted(path.relative_to(place).as_posix() for path in place.rglob("*.py"))
    command = [sys.executable, "-S", "-c", COMPILE, str(place), f"{under}/{inside}".rstrip("/")]
    environ = {**os.environ, "PYTHONHASHSEED": "0"}
    with ThreadPoolExecutor(2) as pool:
        halves = ("\n".join(names[half::2]) for half in (0, 1))
        list(pool.map(lambda half: subprocess.run(command, input=half, text=True, env=environ, check=True), halves))


def size_of(place: Path) -> int:
    """Bytes of all files below a folder."""
    return sum(file.stat().st_size for file in place.rglob("*") if file.is_file() and file.name != STAMP)


def main() -> None:
    """Build, print the sizes, and fail over Lambda's limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--target", choices=("release", "local"), default="release")
    parser.add_argument("--uv", default="uv")
    parser.add_argument("--azure", action="store_true", help="also the layer that reaches Azure")
    arguments = parser.parse_args()
    sizes = build(target_called(arguments.target), uv=arguments.uv, azure=arguments.azure)
    together = TOGETHER_WITH_AZURE if arguments.azure else TOGETHER
    total = max(sum(sizes[part] for part in (*layers, "code")) for layers in together)
    print(f"largest function: {total / 1024 / 1024:.1f} MB of {LIMIT / 1024 / 1024:.0f} MB")
    if total > LIMIT:
        sys.exit(f"layers and function are {total} bytes unzipped, over Lambda's limit of {LIMIT}")


if __name__ == "__main__":
    main()
