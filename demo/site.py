"""Build the dashboard and publish it to its bucket, on the local cloud and on AWS alike.

On AWS, after a deployment: ``python -m demo.site --outputs outputs.json``.
"""

from __future__ import annotations

import argparse
import fcntl
import hashlib
import json
import mimetypes
import secrets
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import boto3

from demo.cloud import ROOT
from demo.processes import run
from demo.progress import DemoError

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

DASHBOARD = ROOT / "dashboard"
DIST = DASHBOARD / "dist"
INPUTS = ("src", "public", "index.html", "package-lock.json", "vite.config.ts", "tsconfig.json")


def build_site() -> None:
    """Install and build the dashboard, unless its sources are those it was built from. Two processes build it once."""
    stamp = ROOT / "build" / "dashboard.inputs"
    stamp.parent.mkdir(exist_ok=True)
    with stamp.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        digest = _digest()
        if DIST.is_dir() and stamp.is_file() and stamp.read_text("utf-8") == digest:
            return
        install = [] if _installed() else [["npm", "ci", "--no-audit", "--no-fund"]]
        for command in (*install, ["npm", "run", "build"]):
            code, said = run(command, cwd=DASHBOARD)
            if code:
                lines = [line for line in said.splitlines() if line.strip()]
                raise DemoError(f"{' '.join(command)} failed in dashboard/: {' | '.join(lines[-3:])}")
        stamp.write_text(digest, "utf-8")


def publish_site(s3: S3Client, bucket: str, config: dict[str, str]) -> int:
    """Upload the built dashboard and its configuration; returns how many files. Pages last, so none is half new."""
    files = sorted(path for path in DIST.rglob("*") if path.is_file())
    files.sort(key=lambda path: path.suffix == ".html")
    for path in files:
        name = path.relative_to(DIST).as_posix()
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        lasting = name.startswith("assets/")  # names hold a hash of the content
        cache = "public, max-age=31536000, immutable" if lasting else "no-cache"
        s3.put_object(Bucket=bucket, Key=name, Body=path.read_bytes(), ContentType=kind, CacheControl=cache)
    body = json.dumps(config, indent=2).encode()
    s3.put_object(Bucket=bucket, Key="config.json", Body=body, ContentType="application/json", CacheControl="no-cache")
    return len(files) + 1


def configuration(outputs: dict[str, str]) -> dict[str, str]:
    """What the page is told of a stack. The API lies below the page, also where the page is a stage of the API."""
    return {
        "region": outputs["UserPoolId"].split("_")[0],
        "userPoolClientId": outputs["UserPoolClientId"],
        "loginUrl": outputs["LoginUrl"],
        "apiBase": f"{urlsplit(outputs['DashboardUrl']).path.rstrip('/')}/api/v1",
    }


def _installed() -> bool:
    """Whether npm installed after the locked versions were last changed: anew would take away what others run from."""
    done = DASHBOARD / "node_modules" / ".package-lock.json"
    return done.is_file() and done.stat().st_mtime >= (DASHBOARD / "package-lock.json").stat().st_mtime


def _digest() -> str:
    digest = hashlib.sha256()
    for name in INPUTS:
        place = DASHBOARD / name
        files = sorted(path for path in place.rglob("*") if path.is_file()) if place.is_dir() else [place]
        for path in files:
            if path.is_file():
                digest.update(path.relative_to(DASHBOARD).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def main() -> None:
    """Publish to the stack whose outputs are given."""
    parser = argparse.ArgumentParser(description="Build the dashboard and publish it to a deployed stack.")
    parser.add_argument("--outputs", type=Path, required=True, help="file written by cdk deploy --outputs-file")
    arguments = parser.parse_args()
    outputs = next(iter(json.loads(arguments.outputs.read_text("utf-8")).values()))
    region = outputs["UserPoolId"].split("_")[0]
    build_site()
    count = publish_site(boto3.client("s3", region_name=region), outputs["DashboardBucket"], configuration(outputs))
    if "DistributionId" in outputs:
        paths = {"Quantity": 1, "Items": ["/*"]}
        boto3.client("cloudfront").create_invalidation(
            DistributionId=outputs["DistributionId"],
            InvalidationBatch={"Paths": paths, "CallerReference": secrets.token_hex(16)},
        )
    print(f"{count} files published; open {outputs['DashboardUrl']}")


if __name__ == "__main__":
    main()
