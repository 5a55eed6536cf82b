"""cdk-nag's AwsSolutions pack and cfn-lint: nothing unanswered, every exception with its own reason."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.infra.conftest import JSII, ROOT, UNVALIDATED, Assembly

NOISE = (
    "W3005",  # a dependency that the CDK writes out although it is implied
    "W3045",  # an access control list on the log bucket: CloudFront's standard logs need one
)
CARELESS = """
import aws_cdk as cdk
from aws_cdk import aws_sqs as sqs
from cdk_nag import AwsSolutionsChecks
app = cdk.App()
sqs.Queue(cdk.Stack(app, "Careless"), "Open")
cdk.Validations.of(app).add_plugins(AwsSolutionsChecks(app))
app.synth()
"""


@pytest.fixture(scope="session")
def report(assembly: Assembly) -> dict[str, Any]:
    plugins = assembly.read("validation-report.json")["pluginReports"]
    (found,) = [plugin for plugin in plugins if plugin["pluginName"] == "AwsSolutions"]
    return dict(found)


def test_no_finding_is_left_unanswered(assembly: Assembly) -> None:
    for plugin in assembly.read("validation-report.json")["pluginReports"]:
        assert plugin["conclusion"] == "success", plugin["pluginName"]
        assert plugin["violations"] == [], plugin["pluginName"]


def test_every_exception_names_one_finding_and_says_why(report: dict[str, Any]) -> None:
    suppressed = report["suppressedViolations"]
    assert suppressed
    for finding in suppressed:
        assert len(finding["reason"].split()) >= 6, finding
        assert finding["acknowledgedAt"] != "Syndic", "an exception for the whole stack hides new findings"
        if finding["ruleName"].startswith("AwsSolutions-IAM"):
            assert "[" in finding["acknowledgedId"], "an exception for a wildcard names the wildcard"


def test_the_rules_do_refuse_a_careless_stack(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", CARELESS],
        env={"CDK_OUTDIR": str(tmp_path), "PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(tmp_path), **JSII,
             **UNVALIDATED},
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode != 0
    report = json.loads((tmp_path / "validation-report.json").read_text("utf-8"))
    rules = {finding["ruleName"] for finding in report["pluginReports"][0]["violations"]}
    assert {"AwsSolutions-SQS3", "AwsSolutions-SQS4"} <= rules


def test_cfn_lint_finds_no_error(assembly: Assembly) -> None:
    linter = Path(sys.executable).with_name("cfn-lint")
    done = subprocess.run(
        [str(linter), "-r", "eu-central-1", "-i", *NOISE, "-t", str(assembly.folder / "Syndic.template.json")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
