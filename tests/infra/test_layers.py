"""The layers: small enough, for the right processor, complete, and the same bytes every time."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from demo.deploy import uv
from layers import build as builder
from tests.infra.conftest import ROOT, Assembly

AARCH64 = 0xB7
IN_THE_RUNTIME = ("boto3", "botocore", "s3transfer", "jmespath", "dateutil", "urllib3", "six")
IMPORT = """
import json, sys, time
sys.path[:0] = json.loads(sys.argv[1])
start = time.perf_counter()
module = __import__(sys.argv[2], fromlist=["handler"])
print(json.dumps({"seconds": time.perf_counter() - start, "handler": callable(module.handler),
                  "from": module.__file__, "modules": sorted({name.partition(".")[0] for name in sys.modules})}))
"""


def test_function_and_layers_fit_into_lambda(release: Path) -> None:
    sizes = {part: builder.size_of(release / part) for part in (*builder.LAYERS, "code")}
    for layers in builder.TOGETHER:
        assert sum(sizes[part] for part in (*layers, "code")) < 250 * 1024 * 1024, sizes
    assert sizes["core"] < 54 * 1024 * 1024, "functions without statistics start with this alone"


def test_every_library_of_the_release_is_for_arm(release: Path) -> None:
    libraries = [path for path in release.rglob("*") if ".so" in path.suffixes and path.is_file()]
    assert len(libraries) > 50
    for path in libraries:
        header = path.read_bytes()[:20]
        assert header[:4] == b"\x7fELF", path
        assert int.from_bytes(header[18:20], "little") == AARCH64, path


def test_libraries_fit_the_runtimes_python_and_c_library(release: Path) -> None:
    tags = {
        line.removeprefix("Tag: ")
        for wheel in release.rglob("*.dist-info/WHEEL")
        for line in wheel.read_text("utf-8").splitlines()
        if line.startswith("Tag: ") and not line.endswith("-any")
    }
    assert tags
    for tag in tags:
        python, abi, platform = tag.split("-")
        assert python == "cp313" or abi == "abi3", tag
        assert "aarch64" in platform, tag


def test_bytecode_is_shipped_where_this_python_makes_the_runtimes(release: Path) -> None:
    """Compiling at a cold start costs seconds; bytecode of another version would be ignored and only take room."""
    shipped = set(release.rglob("*.pyc"))
    wanted = {
        Path(importlib.util.cache_from_source(str(source)))
        for source in release.rglob("*.py")
        if sys.version_info[:2] == builder.RUNTIME
    }
    assert shipped == wanted


def test_layers_hold_nothing_that_no_function_imports(release: Path) -> None:
    top = {path.name.partition("-")[0].lower() for path in (release / "core" / "python").iterdir()}
    for layer in ("stats", "reports"):
        top |= {path.name.partition("-")[0].lower() for path in (release / layer / "python").iterdir()}
    assert not top & {"boto3", "botocore", "pandas", "sklearn", "pyarrow", "click", "azure", "pytest"}
    assert not (release / "core" / "python" / "syndic" / "cli").exists()


def test_the_same_sources_give_the_same_bytes(local: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(builder, "BUILD", tmp_path)
    # The packages are installed again too: from the lock, out of order of nothing, into another folder.
    builder.build(builder.target_called("local"), uv=uv())
    for part in (*builder.LAYERS, "code"):
        assert contents(tmp_path / "local" / part) == contents(local / part)


def contents(folder: Path) -> dict[str, str]:
    """Hash of each file by its path."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What Lambda's Python brings along: boto3 and what it needs, nothing else of this environment."""
    folder = tmp_path_factory.mktemp("runtime")
    for name in IN_THE_RUNTIME:
        found = importlib.util.find_spec(name)
        assert found is not None
        assert found.origin is not None
        place = Path(found.origin)
        target = place.parent if place.name == "__init__.py" else place
        (folder / target.name).symlink_to(target)
    return folder


@pytest.mark.parametrize("concern", [
    "Discovery", "Counter", "CounterPart", "CounterMerge", "Drift", "Quality", "Bias", "Compliance", "Alerting",
    "Api", "Reports", "Rollouts", "Registries", "Erasure",
])  # fmt: skip
def test_a_function_imports_with_its_own_layers_only(
    concern: str, assembly: Assembly, local: Path, runtime: Path, record_property: Any
) -> None:
    (item,) = [
        found
        for name, found in assembly.of_type("AWS::Lambda::Function").items()
        if name.startswith(f"Functions{concern}Function")
    ]
    layers = [next(name for name in builder.LAYERS if name.capitalize() in layer["Ref"]) for layer in item["Layers"]]
    assert tuple(layers) in builder.TOGETHER
    path = [str(local / "code"), *(str(local / layer / "python") for layer in layers), str(runtime)]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", IMPORT, json.dumps(path), item["Handler"].rpartition(".")[0]],
        env={"AWS_DEFAULT_REGION": "eu-central-1", "PATH": os.defpath},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["handler"]
    assert said["from"].startswith(str(local))
    record_property("import_seconds", round(said["seconds"], 3))
    heavy = {"pandas", "sklearn", "scipy"} | (set() if "stats" in layers else {"numpy"})
    assert not heavy & set(said["modules"])


def test_a_missing_network_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offline = tmp_path / "uv"
    offline.write_text(
        f'#!/bin/sh\n[ "$1" = export ] && exec {uv()} "$@"\necho "error: dns error" >&2\nexit 2\n', "utf-8"
    )
    offline.chmod(0o755)
    monkeypatch.setattr(builder, "BUILD", tmp_path)
    with pytest.raises(SystemExit, match=r"core layer could not be installed; is there a network\? error: dns error"):
        builder.build(builder.target_called("local"), uv=str(offline))
    assert not (tmp_path / "local" / "core").exists(), "half a layer must not be used by the next run"


def test_every_tool_that_is_fetched_is_of_one_version() -> None:
    """What installs the rest decides what is installed: a newer one by itself would be code that nobody looked at."""
    texts = [ROOT / "Makefile", *(ROOT / ".github" / "workflows").glob("*.yml"), *(ROOT / "tests").glob("*.sh")]
    fetched = [
        (path.name, line.strip())
        for path in texts
        for line in path.read_text("utf-8").splitlines()
        if re.search(r"\b(pip|pipx|uv tool|npm|gem|cargo) install\b|\bnpx\b|\buvx\b", line)
    ]
    assert fetched
    loose = [one for one in fetched if not re.search(r"==|@\d|\./|--require-hashes", one[1])]
    assert loose == []
    assert re.search(r"^UV_VERSION := \d+\.\d+\.\d+$", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
