"""Deploy the real CDK app to the local cloud, and do by hand what the emulator does not take from CloudFormation."""

from __future__ import annotations

import contextlib
import json
import shlex
import shutil
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from demo.azure import LocalAzure
from demo.cloud import ACCOUNT, REGION, ROOT, LocalCloud
from demo.processes import run
from demo.progress import DemoError

STACK = "Syndic"
CAPTURES = f"sagemaker-{REGION}-{ACCOUNT}"
"""SageMaker's own default bucket: what a deployment may read that names none."""

MAIL_FROM = "syndic@example.com"
CDK = ROOT / "node_modules" / "aws-cdk" / "bin" / "cdk"
ZIPS_KEPT = 86_400
"""Seconds for which a zip of a layer is kept."""


@dataclass(frozen=True, slots=True)
class Deployment:
    """What the stack made, by output name."""

    outputs: dict[str, str]
    changed: bool

    def __getitem__(self, name: str) -> str:
        return self.outputs[name]


def build_layers() -> str:
    """Build the layers for this machine's interpreter; returns what the build said."""
    command = [sys.executable, str(ROOT / "layers" / "build.py"), "--target", "local", "--azure", "--uv", uv()]
    code, said = run(command, cwd=ROOT)
    if code:
        raise DemoError(f"the Lambda layers could not be built: {_end(said)}")
    return said


def uv() -> str:
    """The uv that the Makefile installed, else the one on the path."""
    own = ROOT / "build" / "tools" / "bin" / "uv"
    return str(own) if own.is_file() else "uv"


def bootstrap(cloud: LocalCloud) -> None:
    """Make the CDK's own bucket and roles, once."""
    if (cloud.state / "bootstrapped").is_file():
        return
    # Not beside cdk.json: where there is an app, the CDK synthesises it first, and needs nothing of it.
    _cdk(cloud, "bootstrap", f"aws://{ACCOUNT}/{REGION}", cwd=cloud.state)
    (cloud.state / "bootstrapped").write_text("yes\n", "utf-8")


def deploy(cloud: LocalCloud, azure: LocalAzure) -> Deployment:
    """Deploy the stack with its mirror to `azure`; the second time nothing changes."""
    outputs = cloud.state / "outputs.json"
    context = {
        "target": "local",
        "mail_from": MAIL_FROM,
        "dashboard_url": f"http://localhost:{cloud.ports.dashboard}",
        "cloud_emulator": cloud.endpoint,
        "azure_emulator": azure.connection,
    }
    chosen = [part for name, value in context.items() for part in ("-c", f"{name}={value}")]
    assembly = cloud.state / "cdk.out"
    share_zips(assembly)
    app = ["--output", str(assembly), "--app", shlex.join([sys.executable, "-m", "cdk.app"])]
    # Templates are validated when they are for an account: it takes as long as all else of the synthesis together.
    quick = ["--no-validation", "--no-staging", "--no-asset-metadata", "--require-approval", "never"]
    said = _cdk(cloud, "deploy", *chosen, *app, *quick, "--outputs-file", str(outputs), cwd=ROOT)
    values = json.loads(outputs.read_text("utf-8"))[STACK] if outputs.is_file() else {}
    return Deployment(outputs=values, changed="(no changes)" not in said)


def share_zips(assembly: Path) -> None:
    """Let the CDK keep what it zips where the next deployment finds it: each zip is called by its contents' digest."""
    kept, own = ROOT / "build" / "zipped", assembly / ".cache"
    kept.mkdir(parents=True, exist_ok=True)
    assembly.mkdir(exist_ok=True)
    for zipped in kept.iterdir():
        with contextlib.suppress(FileNotFoundError):  # another deployment does the same
            if time.time() - zipped.stat().st_mtime > ZIPS_KEPT:
                zipped.unlink()
    if own.is_dir() and not own.is_symlink():
        shutil.rmtree(own)  # of a state that is older than this
    if not own.is_symlink():
        own.symlink_to(kept, target_is_directory=True)


def fix_gaps(cloud: LocalCloud, deployment: Deployment) -> None:
    """What MiniStack does not take from CloudFormation and AWS does: see docs/local-cloud.md."""
    table = cloud.client("dynamodb")
    ttl = {"Enabled": True, "AttributeName": "ttl"}
    state = table.describe_time_to_live(TableName=deployment["TableName"])["TimeToLiveDescription"]
    if state["TimeToLiveStatus"] == "DISABLED":
        table.update_time_to_live(TableName=deployment["TableName"], TimeToLiveSpecification=ttl)
    cloud.client("ses").verify_email_identity(EmailAddress=MAIL_FROM)
    buckets = {bucket["Name"] for bucket in cloud.s3.list_buckets()["Buckets"]}
    if CAPTURES not in buckets:
        cloud.s3.create_bucket(Bucket=CAPTURES)


def _cdk(cloud: LocalCloud, *arguments: str, cwd: Path) -> str:
    command = ["node", str(CDK), *arguments, "--no-notices", "--no-color", "--ci"]
    code, said = run(command, cwd=cwd, environ=cloud.environ)
    if code:
        (cloud.state / "cdk.log").write_text(said, "utf-8")
        raise DemoError(f"cdk {arguments[0]} failed, see {cloud.state / 'cdk.log'}: {_end(said)}")
    return said


def _end(said: str) -> str:
    lines = [line for line in said.splitlines() if line.strip()]
    return " | ".join(lines[-3:]) or "it said nothing"
