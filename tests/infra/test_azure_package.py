"""The Azure function app's package: complete, for the right machine, small, and the same bytes every time."""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pytest

from azure_functions.schedules import parse_schedule
from cdk.azure.names import QUEUES, SCHEDULES
from demo.deploy import uv
from layers import azure as packer
from layers import build as builder
from tests.infra.conftest import ROOT

X86_64 = 0x3E
SAME_MACHINE = sys.version_info[:2] == builder.RUNTIME and platform.machine() == "x86_64" and sys.platform == "linux"
INDEX = """
import asyncio, json, sys, time
sys.path[:0] = json.loads(sys.argv[1])
sys.path.append(sys.argv[2])  # the local host's reading of the runtime, after everything of the package
from demo.azure_host.apps import index
from pathlib import Path
start = time.perf_counter()
app = asyncio.run(index(Path(json.loads(sys.argv[1])[0])))
seconds = time.perf_counter() - start
import azure_functions.wiring, syndic, azure.functions, azure_functions_runtime, pydantic_core
import syndic.adapters.azure as adapters
loaded = [adapters.TableStore, adapters.StorageClients]
modules = (azure_functions.wiring, syndic, azure.functions, azure_functions_runtime, pydantic_core)
print(json.dumps({"seconds": seconds, "runtime": app.runtime, "files": [one.__file__ for one in modules],
                  "functions": {one.name: one.trigger for one in app.functions}}))
"""


@pytest.fixture(scope="session")
def package() -> Path:
    return packer.build(uv=uv())


@pytest.fixture(scope="session")
def unzipped(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wwwroot")
    with zipfile.ZipFile(package) as archive:
        archive.extractall(folder)
    return folder


def test_what_the_host_looks_for_is_where_it_looks(unzipped: Path) -> None:
    assert {path.name for path in unzipped.iterdir()} - {"__pycache__"} == {
        "host.json", "function_app.py", "azure_functions", "syndic", ".python_packages",
    }  # fmt: skip
    assert json.loads((unzipped / "host.json").read_text("utf-8"))["version"] == "2.0"
    assert (unzipped / packer.PACKAGES / "azure" / "functions").is_dir()


def test_nothing_of_this_machine_and_nothing_of_the_other_cloud_goes_along(unzipped: Path) -> None:
    names = {path.relative_to(unzipped).as_posix() for path in unzipped.rglob("*")}
    assert not [name for name in names if "local.settings" in name or name.endswith((".pyi", "direct_url.json"))]
    assert "syndic/adapters/azure/__init__.py" in names
    assert not [name for name in names if name.startswith(("syndic/cli", "syndic/adapters/aws"))]
    top = {path.name.partition("-")[0].lower() for path in (unzipped / packer.PACKAGES).iterdir()}
    assert not top & {"boto3", "botocore", "pandas", "sklearn", "scipy", "pyarrow", "click", "pytest", "demo"}


def test_every_library_is_for_the_hosts_machine_python_and_c_library(unzipped: Path) -> None:
    libraries = [path for path in unzipped.rglob("*.so*") if path.is_file()]
    assert len(libraries) > 20
    for path in libraries:
        header = path.read_bytes()[:20]
        assert header[:4] == b"\x7fELF", path
        assert int.from_bytes(header[18:20], "little") == X86_64, path
    tags = {
        line.removeprefix("Tag: ")
        for wheel in unzipped.rglob("*.dist-info/WHEEL")
        for line in wheel.read_text("utf-8").splitlines()
        if line.startswith("Tag: ") and not line.endswith("-any")
    }
    assert tags
    for tag in tags:
        python, abi, where = tag.split("-")
        assert python == "cp313" or abi == "abi3", tag
        assert "x86_64" in where, tag
        for major, minor in re.findall(r"manylinux_(\d+)_(\d+)", where):
            assert (int(major), int(minor)) <= (2, 36), f"{tag}: Debian 12 has glibc 2.36"


def test_versions_are_those_of_the_lock(unzipped: Path) -> None:
    wanted = dict(re.findall(r"^([\w.-]+)==([^\s;\\]+)", builder.locked("azure-app", uv()), re.MULTILINE))
    for name in ("azure-functions", "azure-functions-runtime", "azure-data-tables", "pydantic", "numpy"):
        folder = unzipped / packer.PACKAGES / f"{name.replace('-', '_')}-{wanted[name]}.dist-info"
        assert folder.is_dir(), name


def test_the_package_is_small(package: Path) -> None:
    assert package.stat().st_size < packer.LIMIT


def test_two_builds_give_the_same_bytes(package: Path, tmp_path: Path) -> None:
    assert packer.build(tmp_path, uv=uv()).read_bytes() == package.read_bytes()


def test_an_unchanged_package_is_kept(package: Path) -> None:
    before = package.stat().st_mtime_ns
    assert packer.build(uv=uv()).stat().st_mtime_ns == before


def test_the_zip_holds_no_times_and_no_owners(package: Path) -> None:
    with zipfile.ZipFile(package) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {packer.EPOCH}
    assert {entry.external_attr >> 16 for entry in entries} == {0o644}


@pytest.fixture(scope="session")
def indexed(unzipped: Path) -> dict[str, Any]:
    """The unpacked app, indexed by the runtime inside it, in an interpreter that has nothing else."""
    if not SAME_MACHINE:
        pytest.skip("the package's libraries run on Linux x86_64 under Python 3.13 only; this is another machine")
    path = [str(unzipped), str(unzipped / packer.PACKAGES)]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", INDEX, json.dumps(path), str(ROOT)],
        cwd=unzipped, env={"PATH": os.defpath}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (done.stdout + done.stderr)[-3000:]
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def test_the_runtime_in_the_package_indexes_the_app_from_the_package_alone(
    indexed: dict[str, Any], unzipped: Path
) -> None:
    assert indexed["runtime"] == "azure-functions-runtime"
    assert all(name.startswith(str(unzipped)) for name in indexed["files"]), indexed["files"]


def test_every_queue_and_every_schedule_of_the_template_starts_a_function(indexed: dict[str, Any]) -> None:
    triggers = indexed["functions"].values()
    assert sorted(one["queueName"] for one in triggers if one["type"] == "queueTrigger") == sorted(QUEUES)
    timers = [one["schedule"].strip("%") for one in triggers if one["type"] == "timerTrigger"]
    assert sorted(timers) == sorted(SCHEDULES)
    for name in timers:
        parse_schedule(SCHEDULES[name], where=name)
    assert {one["connection"] for one in triggers if "connection" in one} == {"SyndicStorage"}
