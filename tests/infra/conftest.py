"""The infrastructure, synthesised once as a user does it: `cdk synth` without account, region or credentials."""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from demo.__main__ import prepare
from demo.deploy import uv
from tests.infra.azure_requests import World
from tests.infra.azure_world import azure_arm
from tests.infra.fake_arm import FakeArm, served
from tests.once import once

ROOT = Path(__file__).resolve().parents[2]
CDK = ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk"
JSII = {"JSII_RUNTIME_PACKAGE_CACHE_ROOT": str(ROOT / "build" / "jsii")}
"""The CDK's library is unpacked once: in a new home it would be at each synthesis, which takes longer than all else."""
DEPLOYMENT_ONLY = ("AWS_", "CDK_", "SYNDIC_")


def build_layers(target: str) -> Path:
    """The folder of a target's layers, built if they are not there."""
    command = [sys.executable, str(ROOT / "layers" / "build.py"), "--target", target, "--uv", uv()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return ROOT / "build" / "layers" / target


@dataclass(frozen=True)
class Assembly:
    """What a synthesis wrote."""

    folder: Path
    stack: str = "Syndic"

    def read(self, name: str) -> Any:
        return json.loads((self.folder / name).read_text("utf-8"))

    @property
    def resources(self) -> dict[str, dict[str, Any]]:
        found: dict[str, dict[str, Any]] = self.read(f"{self.stack}.template.json")["Resources"]
        return found

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Properties by logical id."""
        return {name: item["Properties"] for name, item in self.resources.items() if item["Type"] == kind}


UNVALIDATED = {"CDK_VALIDATION": "false"}
"""Without the CDK's own validation of templates, which takes as long as all else together; cdk-nag's rules are kept."""


def synthesise(output: Path, *context: str, home: Path, staged: bool = False, **environ: str) -> Assembly:
    """Run `cdk synth` in an environment without anything of AWS. Unless `staged`, 350 MB of assets are not copied."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith(DEPLOYMENT_ONLY)}
    clean |= {
        "HOME": str(home),
        "AWS_EC2_METADATA_DISABLED": "true",
        "CDK_DISABLE_CLI_TELEMETRY": "true",
        "JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION": "1",
        **JSII,
        **environ,
    }
    options = [part for pair in context for part in ("-c", pair)]
    command = ["node", str(CDK), "synth", "-q", *options, "--output", str(output),
               *(() if staged else ("--no-staging",)), "--app",
               shlex.join([sys.executable, "-m", "cdk.app"]), "--no-notices", "--no-color", "--ci"]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, env=clean, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-4000:]
    return Assembly(output)


@pytest.fixture(scope="session")
def release() -> Path:
    """The layers for AWS: aarch64, Python 3.13."""
    return build_layers("release")


@pytest.fixture(scope="session")
def local() -> Path:
    """The layers for this interpreter."""
    return build_layers("local")


@pytest.fixture(scope="session")
def assembly(release: Path, tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    """What would be deployed to AWS. Synthesised once, also when several processes run these tests."""
    assert release.is_dir()

    def make(folder: Path) -> None:
        prepare()
        synthesise(folder, "mail_from=syndic@example.com", home=tmp_path_factory.mktemp("home"), staged=True)

    return Assembly(once(tmp_path_factory, "synthesised", make))


@pytest.fixture
def fake() -> FakeArm:
    """A strict control plane of Azure with nothing of Syndic's in it."""
    return azure_arm()


@pytest.fixture
def world(fake: FakeArm) -> Iterator[World]:
    """The same behind the functions' own client."""
    with served(fake) as address:
        yield World(fake, address)
