"""Run the demonstration: start the local cloud, deploy, replay, check, show, stay up until Ctrl-C."""

from __future__ import annotations

import argparse
import contextlib
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType

from demo.azure import LocalAzure, start_azure
from demo.azure import replay as replay_in_azure
from demo.azure import upload as upload_to_azure
from demo.cloud import CLOUD_PYTHON, ROOT, LocalCloud, Ports, start_cloud
from demo.deploy import Deployment, bootstrap, build_layers, deploy, fix_gaps, uv
from demo.endpoints import create_endpoint, replay, upload
from demo.findings import Results, differences, read_results, show
from demo.front import serve_front
from demo.govern import describe, hand_out_again, invoke, wait_until_quiet
from demo.processes import Processes, run
from demo.progress import DemoError, complain, say, step
from demo.scenario import scenarios
from demo.site import build_site, publish_site
from demo.users import PASSWORD, make_users, sign_in

NEWEST_NODE_NEEDED = 20


def prepare() -> None:
    """Install what is not there yet: the CDK's command line, Azure's emulator and the AWS emulator's environment."""
    node = shutil.which("node")
    if node is None:
        raise DemoError(f"Node.js is missing: install Node {NEWEST_NODE_NEEDED} or newer (it runs the AWS CDK)")
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout.strip()
    if int(version.lstrip("v").split(".")[0]) < NEWEST_NODE_NEEDED:
        raise DemoError(f"Node.js is {version}: install Node {NEWEST_NODE_NEEDED} or newer (it runs the AWS CDK)")
    if not all((ROOT / "node_modules" / name).is_dir() for name in ("aws-cdk", "azurite")):
        _install(["npm", "ci", "--no-audit", "--no-fund"])
    if not CLOUD_PYTHON.is_file():
        folder = CLOUD_PYTHON.parent.parent
        listing = folder.with_suffix(".txt")
        listing.parent.mkdir(exist_ok=True)
        _install([uv(), "venv", "-q", "--clear", "--python", sys.executable, str(folder)])
        _install(
            [uv(), "export", "-q", "--frozen", "--no-emit-project", "--only-group", "emulator", "-o", str(listing)]
        )
        _install([uv(), "pip", "install", "-q", "--python", str(CLOUD_PYTHON), "--no-deps", "-r", str(listing)])


def _install(command: list[str]) -> None:
    code, said = run(command, cwd=ROOT)
    if code:
        lines = [line for line in said.splitlines() if line.strip()]
        raise DemoError(f"{' '.join(command[:3])} failed; is there a network? {' | '.join(lines[-2:])}")


class Demonstration:
    """Everything that runs; the end-to-end tests use the same object."""

    def __init__(self, state: Path, ports: Ports, *, environ: Mapping[str, str] | None = None) -> None:
        self.state, self.ports = state, ports
        self.processes = Processes(state / "logs", scratch=state / "scratch", environ=environ or {})
        self.cloud: LocalCloud
        self.azure: LocalAzure
        self.deployment: Deployment

    def start(self) -> None:
        """From nothing to a deployed platform with its dashboard."""
        self.ports.check()
        self.state.mkdir(parents=True, exist_ok=True)
        with step("Install the CDK and the emulators"):
            prepare()
        with step("Build the Lambda layers"):
            build_layers()
        with step("Build the dashboard"):
            build_site()
        with step("Start the local cloud"):
            self.cloud = start_cloud(self.processes, self.ports, self.state)
            hand_out_again(self.cloud)
        with step("Start the local Azure"):
            self.azure = start_azure(self.processes, self.ports, self.state)
        with step("Bootstrap the CDK"):
            bootstrap(self.cloud)
        with step("Deploy the stack"):
            self.deployment = deploy(self.cloud, self.azure)
        with step("Create users and the sender's address"):
            fix_gaps(self.cloud, self.deployment)
            make_users(self.cloud, self.deployment)
        with step("Publish the dashboard"):
            self._publish()

    def _publish(self) -> None:
        address = f"http://localhost:{self.ports.dashboard}"
        config = {
            "region": "us-east-1",
            "userPoolClientId": self.deployment["UserPoolClientId"],
            "loginUrl": address,
            "apiBase": "/api/v1",
        }
        publish_site(self.cloud.s3, self.deployment["DashboardBucket"], config)
        serve_front(self.cloud, bucket=self.deployment["DashboardBucket"], api_id=self.deployment["ApiId"])

    def govern(self) -> Results:
        """Replay the traffic of a model in each cloud, describe them, run the schedules once, read what was found."""
        credit, loan = scenarios()
        with step("Replay the traffic of two models, one in each cloud"):
            create_endpoint(self.cloud, credit)
            replay(self.cloud, credit)
            replay_in_azure(self.azure, loan)
        client = sign_in(self.cloud, self.deployment, "admin@example.com")
        with step("Discover the endpoints"):
            invoke(self.cloud, self.deployment, "Discovery")
            self.azure.fire("discovery")
            self.mirror()
        with step("Describe the models, set their baselines"):
            table = loan.baseline.to_csv(index=False).encode()
            identities = [
                describe(client, credit, baseline=upload(self.cloud, credit)),
                describe(client, loan, baseline=upload_to_azure(self.azure, "baselines/car-loan.csv", table)),
            ]
            self.mirror()
            self.azure.wait_until_quiet()
        with step("Run the schedules once, wait for every check"):
            self.run_schedules()
        with step("Read what was found"):
            return read_results(self.cloud, client, credit=identities[0], loan=identities[1])

    def mirror(self) -> None:
        """Let both clouds exchange what they have for each other."""
        report = invoke(self.cloud, self.deployment, "Mirror")
        if report.get("unavailable"):
            raise DemoError(f"the mirror did not reach Azure: {report['unavailable']}")

    def run_schedules(self) -> None:
        """What the schedules of both clouds do within an hour."""
        invoke(self.cloud, self.deployment, "Discovery")
        self.azure.fire("discovery")
        self.azure.wait_until_quiet()
        self.mirror()
        wait_until_quiet(self.cloud)
        invoke(self.cloud, self.deployment, "Alerting")

    def stop(self) -> None:
        """End everything that was started."""
        self.processes.stop()


def main() -> int:
    """Parse the options and run; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m demo", description=__doc__)
    parser.add_argument("--once", action="store_true", help="end by itself: 0 if the findings are as expected")
    parser.add_argument("--state", type=Path, default=ROOT / ".demo", help="folder that keeps the cloud's state")
    parser.add_argument("--port", type=int, default=8350, help="of the dashboard")
    parser.add_argument("--cloud-port", type=int, default=14566, help="of the local cloud")
    parser.add_argument("--sagemaker-port", type=int, default=14567, help="of the SageMaker emulator")
    parser.add_argument("--azure-port", type=int, default=14570, help="first of five for what stands for Azure")
    options = parser.parse_args()
    ports = Ports.of(
        dashboard=options.port, cloud=options.cloud_port, sagemaker=options.sagemaker_port, azure=options.azure_port
    )
    demonstration, begun = Demonstration(options.state.resolve(), ports), time.monotonic()
    ended, stopped_early = threading.Event(), 130

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, end)
    try:
        demonstration.start()
        results = demonstration.govern()
        wrong = differences(results)
        say()
        show(results)
        say()
        for line in wrong:
            complain(f"  not as expected: {line}")
        say(f"  Ready after {time.monotonic() - begun:.0f} s. Dashboard: http://localhost:{options.port}")
        say(f"  Sign in as admin@example.com, owner@example.com or auditor@example.com with {PASSWORD}")
        if options.once:
            return 1 if wrong else 0
        say("  Ctrl-C ends everything.")
        stopped_early = 0
        while not ended.wait(3600):
            pass
    except DemoError as error:
        say()
        complain(f"  {error}")
        return 1
    except KeyboardInterrupt:
        say("\n  Ending.")
    finally:
        with contextlib.suppress(KeyboardInterrupt):
            demonstration.stop()
    return stopped_early


if __name__ == "__main__":
    sys.exit(main())
