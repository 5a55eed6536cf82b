"""The stack with its Azure half: what the custom resource is given, who may do what; AWS alone stays as it was."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from azure.core.credentials import AccessToken
from azure.core.exceptions import ClientAuthenticationError

from cdk.azure.names import MIRROR_ROLE, PROVISIONER_ROLE, names_of
from cdk.azure.template import templates
from demo.deploy import uv
from functions.azure_stack import wiring
from functions.azure_stack.progress import DEADLINE
from functions.azure_stack.wanted import Wanted
from layers import azure as packer
from layers import build as builder
from syndic.errors import NotAllowedError
from syndic.settings import PREFIX, AwsSettings, variable
from tests.infra.azure_world import CHOICES, choices
from tests.infra.conftest import ROOT, Assembly, synthesise
from tests.infra.test_functions import changers_of_captures, concern_of
from tests.once import once

NOISE = ("W3005", "W3045")  # see test_security_rules.py
IMPORT = """
import json, sys
sys.path[:0] = json.loads(sys.argv[1])
import functions.azure_stack.on_event, functions.azure_stack.is_complete, boto3, azure.identity
assert callable(functions.azure_stack.on_event.handler)
from syndic.adapters.azure.credentials import aws_federated
assert hasattr(boto3.client("sts", region_name="eu-central-1"), "get_web_identity_token"), boto3.__version__
print(json.dumps({"files": [boto3.__file__, azure.identity.__file__], "numpy": "numpy" in sys.modules}))
"""


def build_azure(target: str) -> Path:
    command = [sys.executable, str(ROOT / "layers" / "build.py"), "--target", target, "--azure", "--uv", uv()]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return ROOT / "build" / "layers" / target


@pytest.fixture(scope="session")
def both(assembly: Assembly, tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    """The stack with its Azure half; after the one without, from the same layers."""
    build_azure("release")
    packer.build(uv=uv())

    def make(folder: Path) -> None:
        home = tmp_path_factory.mktemp("home")
        given = home / "azure.json"
        given.write_text(json.dumps(CHOICES), "utf-8")
        synthesise(folder, f"azure={given}", "mail_from=syndic@example.com", "erase_captures=yes", home=home)

    return Assembly(once(tmp_path_factory, "synthesised-azure", make))


def test_where_the_deployer_allows_erasing_one_function_may_and_no_other(both: Assembly) -> None:
    may = {f"s3:{verb} customer's" for verb in ("PutObject", "DeleteObject")}
    assert changers_of_captures(both) == {
        "Erasure": may,
        "Api": {"s3:PutObject sent"},
        "Predictions": {"s3:PutObject sent"},
    }
    told = {name for name, item in both.of_type("AWS::Lambda::Function").items()
            if variable("erase_captures") in item.get("Environment", {}).get("Variables", {})}  # fmt: skip
    assert {concern_of(name) for name in told} == {"Erasure", "Api"}


def the_resource(assembly: Assembly) -> dict[str, Any]:
    (found,) = assembly.of_type("Custom::SyndicAzure").values()
    return found


def statements(assembly: Assembly, role: str) -> Iterator[dict[str, Any]]:
    """What the role of a fixed name may do."""
    (logical,) = [name for name, item in assembly.of_type("AWS::IAM::Role").items() if item.get("RoleName") == role]
    for policy in assembly.of_type("AWS::IAM::Policy").values():
        if {"Ref": logical} in policy["Roles"]:
            yield from policy["PolicyDocument"]["Statement"]


def test_without_the_choice_nothing_of_azure_is_there(assembly: Assembly, both: Assembly) -> None:
    assert not [name for name in assembly.resources if "azure" in name.lower() or "mirror" in name.lower()]
    assert variable("azure_storage_account") not in (assembly.folder / "Syndic.template.json").read_text("utf-8")
    assert {name: item["Type"] for name, item in assembly.resources.items()}.items() <= {
        name: item["Type"] for name, item in both.resources.items()
    }.items()


def test_no_finding_is_left_unanswered_with_azure_either(both: Assembly) -> None:
    for plugin in both.read("validation-report.json")["pluginReports"]:
        assert plugin["conclusion"] == "success", plugin["pluginName"]
        assert plugin["violations"] == [], plugin["pluginName"]
        for finding in plugin.get("suppressedViolations", []):
            assert len(finding["reason"].split()) >= 6, finding


def test_cfn_lint_finds_no_error_with_azure_either(both: Assembly) -> None:
    linter = Path(sys.executable).with_name("cfn-lint")
    done = subprocess.run(
        [str(linter), "-r", "eu-central-1", "-i", *NOISE, "-t", str(both.folder / "Syndic.template.json")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_custom_resource_is_given_what_its_function_reads(both: Assembly) -> None:
    given = the_resource(both)
    assert set(given) - {"ServiceToken", "ServiceTimeout"} == set(Wanted.model_fields)
    files = both.read("Syndic.assets.json")["files"]
    for field, name in (
        ("results_template", "syndic-results"),
        ("stack_template", "syndic"),
        ("package_template", "syndic-package"),
    ):
        (asset,) = [one for key, one in files.items() if f"/{key}." in json.dumps(given[field])]
        assert (both.folder / asset["source"]["path"]).read_text("utf-8") == templates(choices())[name]
    (asset,) = [one for key, one in files.items() if f"/{key}." in json.dumps(given["package"])]
    package = packer.PLACE / "package" / packer.NAME
    assert (both.folder / asset["source"]["path"]).stat().st_size == package.stat().st_size


def test_the_waiter_says_a_reason_before_cloudformation_gives_up(both: Assembly) -> None:
    assert int(the_resource(both)["ServiceTimeout"]) == 3600, "CloudFormation's own limit"
    (waiter,) = [
        item
        for name, item in both.of_type("AWS::StepFunctions::StateMachine").items()
        if name.startswith("AzureProvider")
    ]
    definition = "".join(part for part in waiter["DefinitionString"]["Fn::Join"][1] if isinstance(part, str))
    assert '"IntervalSeconds":60' in definition
    attempts = int(definition.split('"MaxAttempts":')[1].split(",")[0])
    assert DEADLINE.total_seconds() / 60 < attempts < 60


def test_roles_have_names_that_azure_can_be_told_before_they_exist(both: Assembly) -> None:
    names = {item["RoleName"] for item in both.of_type("AWS::IAM::Role").values() if "RoleName" in item}
    assert names == {PROVISIONER_ROLE, MIRROR_ROLE}


@pytest.mark.parametrize("role", [PROVISIONER_ROLE, MIRROR_ROLE])
def test_tokens_are_for_entra_only_and_short(both: Assembly, role: str) -> None:
    (token,) = [one for one in statements(both, role) if "sts:GetWebIdentityToken" in one["Action"]]
    assert token["Action"] == "sts:GetWebIdentityToken"
    assert token["Condition"] == {
        "ForAllValues:StringEquals": {"sts:IdentityTokenAudience": "api://AzureADTokenExchange"},
        "Null": {"sts:IdentityTokenAudience": "false"},
        "NumericLessThanEquals": {"sts:DurationSeconds": 300},
        "StringEquals": {"sts:SigningAlgorithm": "RS256"},
    }


def test_the_provisioner_reads_its_four_files_and_nothing_else(both: Assembly) -> None:
    rest = [one for one in statements(both, PROVISIONER_ROLE) if one["Action"] != "sts:GetWebIdentityToken"]
    reading = [one for one in rest if one["Action"] == "s3:GetObject"]
    (only,) = reading
    assert len(only["Resource"]) == 4
    assert "*" not in json.dumps(only["Resource"])
    writing = [one for one in rest if one not in reading]
    assert all(action.startswith("logs:") for one in writing for action in one["Action"])


def test_the_mirror_appends_to_no_trail_and_reaches_nobody(both: Assembly) -> None:
    """The function that only a stack with Azure has; the others are looked at in `tests/vendors/test_rights.py`."""
    services = set()
    for statement in statements(both, MIRROR_ROLE):
        actions = [statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"]
        services |= {action.partition(":")[0] for action in actions}
        places = json.dumps(statement["Resource"])
        if "StorageAuditPending" in places:
            assert (actions, places.count("StorageAudit")) == (["dynamodb:PutItem"], 1)
            assert "dynamodb:LeadingKeys" in json.dumps(statement["Condition"])
        elif "StorageAudit" in places:
            assert all(re.match(r"(dynamodb:(Get|BatchGet|Query|Condition)|s3:(Get|List))", one) for one in actions)
        assert not {"*", "dynamodb:*", "dynamodb:DeleteTable", "dynamodb:PutResourcePolicy"} & {*actions}
        assert "s3:DeleteObject" not in actions or "overflow/" in places  # of what it wrote itself
    assert services <= {"dynamodb", "s3", "events", "logs", "sts", "xray", "sqs"}  # sqs: what could not be carried over


def test_the_mirror_is_told_where_azure_is_by_the_names_that_it_reads(both: Assembly) -> None:
    (mirror,) = [
        item
        for name, item in both.of_type("AWS::Lambda::Function").items()
        if name.startswith("FunctionsMirrorFunction")
    ]
    given = mirror["Environment"]["Variables"]
    assert {name for name in given if name.startswith(PREFIX)} <= {variable(name) for name in AwsSettings.model_fields}
    assert given[variable("azure_storage_account")] == names_of(choices()).results
    assert given[variable("azure_tenant_id")] == CHOICES["tenant"]
    (custom,) = both.of_type("Custom::SyndicAzure")
    assert given[variable("azure_client_id")] == {"Fn::GetAtt": [custom, "mirrorClientId"]}
    assert variable("azure_storage_connection") not in given


def test_function_and_layers_fit_into_lambda_with_azure_too() -> None:
    place = build_azure("release")
    for layers in builder.TOGETHER_WITH_AZURE:
        assert sum(builder.size_of(place / part) for part in (*layers, "code")) < builder.LIMIT


def test_the_provisioner_imports_with_its_own_layers_only_boto3_included() -> None:
    place = build_azure("local")
    path = [str(place / "code"), *(str(place / layer / "python") for layer in ("core", "azure"))]
    done = subprocess.run(
        [sys.executable, "-I", "-S", "-c", IMPORT, json.dumps(path)],
        env={"AWS_DEFAULT_REGION": "eu-central-1", "PATH": os.defpath}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    said = json.loads(done.stdout.splitlines()[-1])
    assert all(name.startswith(str(place / "azure")) for name in said["files"])
    assert said["numpy"] is False


class Credential:
    """Signs in, or does not."""

    def __init__(self, refusal: str | None = None) -> None:
        self.refusal, self.asked = refusal, ""

    def get_token(self, *scopes: str, **options: Any) -> AccessToken:
        self.asked = scopes[0]
        if self.refusal:
            raise ClientAuthenticationError(message=self.refusal)
        return AccessToken("token", 0)


def test_signing_in_asks_for_the_control_plane() -> None:
    credential = Credential()
    assert wiring.sign_in(credential) == "token"
    assert credential.asked == "https://management.azure.com/.default"


def test_a_refused_sign_in_is_said_without_the_assertion() -> None:
    refusal = (
        "AADSTS700213: No matching federated identity record found.\nclient_assertion=eyJhbGciOi.eyJzdWIi.c2ln&x=1"
    )
    with pytest.raises(NotAllowedError, match="AADSTS700213: No matching federated") as caught:
        wiring.sign_in(Credential(refusal))
    assert "eyJ" not in str(caught.value)
    assert "\n" not in str(caught.value)
