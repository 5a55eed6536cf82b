"""The templates: known to the vendor's models, resolvable, complete, with names that Azure takes and no key."""

from __future__ import annotations

import copy
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from azure_functions.schedules import parse_schedule
from cdk.azure.access import ROLES
from cdk.azure.choices import read_azure
from cdk.azure.names import QUEUES, SCHEDULES, names_of
from cdk.azure.template import templates
from functions.azure_stack.wanted import Wanted, stack_body
from syndic.errors import InvalidInputError
from syndic.settings import PREFIX, AzureSettings, variable
from tests.infra.arm_language import Scope, evaluate, id_of
from tests.infra.azure_world import CHOICES, GROUP, OTHER, ROLE_ARN, SUBSCRIPTION, MemoryFiles, choices, properties
from tests.infra.conftest import ROOT
from tests.infra.fake_resources import properties_of
from tests.infra.vendor_models import MODELS, objections

TEMPLATES = {name: json.loads(text) for name, text in templates(choices()).items()}
NOT_ON_FLEX = {  # https://learn.microsoft.com/azure/azure-functions/functions-app-settings#flex-consumption-plan-deprecations
    "FUNCTIONS_WORKER_RUNTIME", "FUNCTIONS_WORKER_RUNTIME_VERSION", "FUNCTIONS_EXTENSION_VERSION",
    "WEBSITE_RUN_FROM_PACKAGE", "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING", "WEBSITE_CONTENTSHARE",
    "SCM_DO_BUILD_DURING_DEPLOYMENT", "ENABLE_ORYX_BUILD", "WEBSITE_TIME_ZONE", "FUNCTIONS_MAX_HTTP_CONCURRENCY",
}  # fmt: skip
NAMES = {  # https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
    "Microsoft.Insights/actionGroups": r"[^:<>+/&%\\?|]{1,260}",
    "Microsoft.Insights/scheduledQueryRules": r"[^*#&+:<>?@%{}\\/|]{1,260}",
    "Microsoft.Insights/components": r"[^%&\\?/<>]{1,260}",
    "Microsoft.ManagedIdentity/userAssignedIdentities": r"[A-Za-z0-9][-\w]{2,127}",
    "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials": r"[A-Za-z0-9][-\w]{2,119}",
    "Microsoft.OperationalInsights/workspaces": r"[A-Za-z0-9][-A-Za-z0-9]{2,61}[A-Za-z0-9]",
    "Microsoft.Resources/deployments": r"[-\w.()]{1,64}",
    "Microsoft.Storage/storageAccounts": r"[a-z0-9]{3,24}",
    "Microsoft.Storage/storageAccounts/blobServices/containers": r"[a-z0-9](?:[a-z0-9]|-(?!-)){1,61}[a-z0-9]",
    "Microsoft.Storage/storageAccounts/queueServices/queues": r"[a-z0-9](?:[a-z0-9]|-(?!-)){1,61}[a-z0-9]",
    "Microsoft.Storage/storageAccounts/tableServices/tables": r"[A-Za-z][A-Za-z0-9]{2,62}",
    "Microsoft.Web/serverfarms": r"[-\w]{1,60}",
    # The first 32 characters are the host's id, by which timers are locked: none is cut off.
    "Microsoft.Web/sites": r"[A-Za-z0-9][-A-Za-z0-9]{0,30}[A-Za-z0-9]",
}


def scope(**parameters: str) -> Scope:
    given = {"mirrorRoleArn": ROLE_ARN, "packageUri": "https://assets.example.com/one.zip", **parameters}
    return Scope(SUBSCRIPTION, GROUP, given, lambda resource_id, version: properties_of(resource_id))


def resources(name: str) -> list[dict[str, Any]]:
    """A template's resources, evaluated, those of nested deployments too."""
    found = []
    for resource in TEMPLATES[name]["resources"]:
        found.append(evaluate(resource, scope()) if resource["type"] != "Microsoft.Resources/deployments" else resource)
        if resource["type"] == "Microsoft.Resources/deployments":
            inner = Scope(resource["subscriptionId"], resource["resourceGroup"], {"principalId": "p"})
            found += [evaluate(one, inner) for one in resource["properties"]["template"]["resources"]]
    return found


def of_type(name: str, kind: str) -> list[dict[str, Any]]:
    return [resource for resource in resources(name) if resource["type"] == kind]


def the_app() -> dict[str, Any]:
    (app,) = of_type("syndic", "Microsoft.Web/sites")
    return app


def settings() -> dict[str, str]:
    return {one["name"]: one["value"] for one in the_app()["properties"]["siteConfig"]["appSettings"]}


@pytest.mark.parametrize("name", ["syndic-results", "syndic"])
def test_the_vendors_models_know_every_field(name: str) -> None:
    checked = [resource for resource in resources(name) if resource["type"] != "Microsoft.Resources/deployments"]
    assert len(checked) > 10
    assert [objection for resource in checked for objection in objections(resource)] == []


def test_the_vendors_model_knows_the_stack() -> None:
    wanted = Wanted.model_validate(properties(choices(), MemoryFiles()))
    body = stack_body(wanted, TEMPLATES["syndic"], "operation")
    assert objections({"type": "Microsoft.Resources/deploymentStacks", "name": "syndic", **body}) == []


def broken() -> Iterator[tuple[str, dict[str, Any]]]:
    """Mistakes that the check must find: otherwise it proves nothing."""
    app = the_app()
    (plan,) = of_type("syndic", "Microsoft.Web/serverfarms")
    account = of_type("syndic", "Microsoft.Storage/storageAccounts")[0]
    role = of_type("syndic", "Microsoft.Authorization/roleAssignments")[0]
    for what, resource, path, value in (
        ("unknown", app, ("properties", "functionAppConfig", "scaleAndConcurrency", "instanceMemory"), 2048),
        ("type", app, ("properties", "functionAppConfig", "scaleAndConcurrency", "instanceMemoryMB"), "2048"),
        ("word", app, ("properties", "functionAppConfig", "deployment", "storage", "authentication", "type"), "Mine"),
        ("read only", app, ("properties", "state"), "Running"),
        ("type", plan, ("properties", "reserved"), "true"),
        ("word", account, ("properties", "minimumTlsVersion"), "TLS2"),
        ("missing", account, ("kind",), None),
        ("missing", role, ("properties", "roleDefinitionId"), None),
        ("word", role, ("properties", "principalType"), "Robot"),
        ("unknown", role, ("properties", "principal"), "x"),
    ):
        changed = copy.deepcopy(resource)
        inner = changed
        for step in path[:-1]:
            inner = inner[step]
        inner[path[-1]] = value
        if value is None:
            del inner[path[-1]]
        yield f"{what} {'.'.join(path)}", changed


@pytest.mark.parametrize(
    ("what", "resource"), list(broken()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_the_check_by_models_finds_mistakes(what: str, resource: dict[str, Any]) -> None:
    assert objections(resource), what


@pytest.mark.parametrize("name", TEMPLATES)
def test_every_dependency_and_reference_is_to_something_that_is_there(name: str) -> None:
    """`reference()` of a resource in the same template needs it made before: by a dependency, told or implied."""
    kept = {id_of(resource, scope()) for resource in TEMPLATES["syndic-results"]["resources"]}
    own = {id_of(resource, scope()): resource for resource in TEMPLATES[name]["resources"]}
    asked: list[str] = []
    looking = scope()
    looking.look_up = lambda resource_id, version: asked.append(resource_id) or properties_of(resource_id)  # type: ignore[func-returns-value]
    for resource_id, resource in own.items():
        needed = set(evaluate(resource.get("dependsOn", []), looking))
        assert needed <= set(own), resource_id
        asked.clear()
        shown = {key: value for key, value in resource.items() if key != "dependsOn"}
        if resource["type"] == "Microsoft.Resources/deployments":  # what is inside is evaluated there
            shown["properties"] = {key: value for key, value in resource["properties"].items() if key != "template"}
        evaluate(shown, looking)
        assert set(asked) <= set(own) | kept, resource_id
        assert {one for one in asked if one in own} <= reached(needed, own, looking), resource_id


def reached(needed: set[str], own: dict[str, dict[str, Any]], looking: Scope) -> set[str]:
    """Everything that comes before, through any number of dependencies."""
    found = set(needed)
    for one in needed:
        found |= reached(set(evaluate(own[one].get("dependsOn", []), looking)), own, looking)
    return found


@pytest.mark.parametrize("name", TEMPLATES)
def test_names_are_such_as_azure_takes(name: str) -> None:
    for resource in resources(name):
        pattern = NAMES.get(resource["type"])
        if pattern:
            assert re.fullmatch(pattern, resource["name"].rsplit("/", 1)[-1]), resource["name"]
    checked = {resource["type"] for resource in resources(name)} & set(NAMES)
    assert checked or name == "syndic-package"


def test_names_differ_between_groups_and_never_between_deployments() -> None:
    assert names_of(choices()) == names_of(choices(location="northeurope", memory_mb=512))
    others = {names_of(choices(resource_group=group)).app for group in ("one", "two", GROUP)}
    assert len(others) == 3
    assert templates(choices()) == templates(choices())


def test_settings_have_the_names_that_are_read_and_no_others() -> None:
    given = settings()
    fields = {variable(name): field for name, field in AzureSettings.model_fields.items()}
    required = {name for name, field in fields.items() if field.is_required()}
    ours = {name for name in given if name.startswith(PREFIX)}
    assert required <= ours
    assert ours - set(SCHEDULES) <= set(fields)
    assert variable("storage_connection") not in ours, "a connection string is a key"
    AzureSettings.model_validate({name.removeprefix(PREFIX).lower(): given[name] for name in ours - set(SCHEDULES)})


def test_every_setting_that_a_binding_names_is_there_and_every_schedule_can_be_read() -> None:
    code = "\n".join(path.read_text("utf-8") for path in (ROOT / "azure_functions").glob("*.py"))
    given = settings()
    schedules = set(re.findall(r"schedule=\"%(\w+)%\"", code))
    assert schedules == set(SCHEDULES)
    for name in schedules:
        parse_schedule(given[name], where=name)
    for connection in set(re.findall(r"connection=\"(\w+)\"", code)):
        assert {f"{connection}__queueServiceUri", f"{connection}__credential", f"{connection}__clientId"} <= set(given)
    queues = set(re.findall(r"queue_name=\"([\w-]+)\"", code))
    made = {
        one["name"].rsplit("/", 1)[-1]
        for one in of_type("syndic-results", "Microsoft.Storage/storageAccounts/queueServices/queues")
    }
    assert queues <= made == set(QUEUES)


def test_nothing_is_set_that_flex_consumption_refuses() -> None:
    assert not NOT_ON_FLEX & set(settings())
    config = the_app()["properties"]["functionAppConfig"]
    assert config["runtime"] == {"name": "python", "version": "3.13"}
    assert config["deployment"]["storage"]["value"].endswith(".blob.core.windows.net/app-package")
    (plan,) = of_type("syndic", "Microsoft.Web/serverfarms")
    assert plan["sku"]["name"] == "FC1"
    assert plan["properties"]["reserved"] is True
    assert len(of_type("syndic", "Microsoft.Web/sites")) == 1, "a Flex Consumption plan holds one app"


def test_no_key_opens_anything_and_nothing_is_public() -> None:
    accounts = [one for name in TEMPLATES for one in of_type(name, "Microsoft.Storage/storageAccounts")]
    assert len(accounts) == 2
    for account in accounts:
        given = account["properties"]
        assert given["allowSharedKeyAccess"] is False
        assert given["allowBlobPublicAccess"] is False
        assert given["supportsHttpsTrafficOnly"] is True
        assert given["minimumTlsVersion"] == "TLS1_2"
    for name in TEMPLATES:
        for container in of_type(name, "Microsoft.Storage/storageAccounts/blobServices/containers"):
            assert container["properties"]["publicAccess"] == "None"
    text = json.dumps(TEMPLATES)
    assert not re.search(r"listKeys|AccountKey|SharedAccessSignature|connectionString\b", text)
    assert TEMPLATES["syndic-package"]["parameters"]["packageUri"]["type"] == "securestring"
    assert the_app()["properties"]["httpsOnly"] is True


def test_each_identity_may_do_exactly_this() -> None:
    names, words = names_of(choices()), {value: key for key, value in ROLES.items()}
    principals = {
        properties_of(f"{scope().path}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}")[
            "principalId"
        ]: name
        for name in (names.app_identity, names.mirror_identity)
    } | {"p": names.app_identity}
    granted = {
        (
            principals[role["properties"]["principalId"]],
            words[role["properties"]["roleDefinitionId"].rsplit("/", 1)[-1]],
            role["scope"].split("/resourceGroups/")[1].split("/providers/")[0] + ":" + role["scope"].rsplit("/", 1)[-1],
        )
        for role in of_type("syndic", "Microsoft.Authorization/roleAssignments")
    }
    results, host = f"{GROUP}:{names.results}", f"{GROUP}:{names.host}"
    assert granted == {
        ("syndic-app", "Storage Blob Data Owner", host),
        ("syndic-app", "Monitoring Metrics Publisher", f"{GROUP}:syndic-insights"),
        ("syndic-app", "Storage Table Data Contributor", results),
        ("syndic-app", "Storage Blob Data Contributor", results),
        ("syndic-app", "Storage Queue Data Contributor", results),
        ("syndic-mirror", "Storage Table Data Contributor", results),
        ("syndic-mirror", "Storage Blob Data Contributor", results),
        ("syndic-mirror", "Storage Queue Data Message Sender", results),
        ("syndic-app", "Reader", "models:credit"),
        ("syndic-app", "Storage Blob Data Reader", "models:creditstore"),
        ("syndic-app", "Reader", "models:creditstore"),
        ("syndic-app", "Reader", "research:churn"),
        ("syndic-app", "Storage Blob Data Reader", "data:churnstore"),
        ("syndic-app", "Reader", "data:churnstore"),
    }


def test_versions_of_models_may_be_written_only_where_a_role_for_that_was_chosen() -> None:
    role, kind = "66666666-6666-4666-8666-666666666666", "Microsoft.Authorization/roleAssignments"
    plain, chosen = (
        [
            evaluate(one, Scope(nested["subscriptionId"], nested["resourceGroup"], {"principalId": "p"}))
            for nested in json.loads(templates(given)["syndic"])["resources"]
            if nested["type"] == "Microsoft.Resources/deployments"
            for one in nested["properties"]["template"]["resources"]
        ]
        for given in (choices(), choices(approval_role=role))
    )
    added = [one for one in chosen if one not in plain]
    assert [one for one in plain if one not in chosen] == []
    assert {one["properties"]["roleDefinitionId"].rsplit("/", 1)[-1] for one in added} == {role}
    assert {one["scope"].rsplit("/", 1)[-1] for one in added} == {"credit", "churn"}
    assert {one["properties"]["roleDefinitionId"].split("/")[2] for one in added} == {SUBSCRIPTION, OTHER}
    assert len({one["name"] for one in chosen if one["type"] == kind}) == len(chosen)
    assert [objection for one in added for objection in objections(one)] == []


def test_a_vault_may_be_read_and_its_address_is_set_only_where_predictions_were_chosen() -> None:
    chosen = {
        "api": "https://syndic.example.org/prod",
        "vault": f"{OTHER}/Secrets/Syndic-Vault",
        "hosts": ["models:5001"],
    }
    given = json.loads(templates(choices(gateway=chosen))["syndic"])["resources"]
    inner = [
        evaluate(one, Scope(nested["subscriptionId"], nested["resourceGroup"], {"principalId": "p"}))
        for nested in given
        if nested["type"] == "Microsoft.Resources/deployments"
        for one in nested["properties"]["template"]["resources"]
    ]
    (added,) = [one for one in inner if "/vaults/" in one["scope"]]
    assert added["scope"].endswith(f"/{OTHER}/resourceGroups/secrets/providers/Microsoft.KeyVault/vaults/Syndic-Vault")
    assert added["properties"]["roleDefinitionId"].endswith(ROLES["Key Vault Secrets User"])
    assert objections(added) == []
    (app,) = [evaluate(one, scope()) for one in given if one["type"] == "Microsoft.Web/sites"]
    told = {one["name"]: one["value"] for one in app["properties"]["siteConfig"]["appSettings"]}
    new = {name: value for name, value in told.items() if name not in settings()}
    assert new == {
        variable("governing_api"): "https://syndic.example.org/prod",
        variable("key_vault"): "https://syndic-vault.vault.azure.net",
        variable("backend_hosts"): "models:5001",
    }


def test_role_assignments_have_names_of_their_own_that_do_not_change() -> None:
    assigned = of_type("syndic", "Microsoft.Authorization/roleAssignments")
    assert len({role["name"] for role in assigned}) == len(assigned)
    assert all("reference(" not in str(one.get("name")) for one in TEMPLATES["syndic"]["resources"]), "known too late"


def test_the_app_comes_after_its_roles_and_the_container_of_its_code() -> None:
    """Made before its roles are, it starts without access to its own host storage and keeps failing for a while."""
    before = set(the_app()["dependsOn"])
    names = names_of(choices())
    own = f"{scope().path}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{names.app_identity}"
    roles = {
        f"{role['scope']}/providers/{role['type']}/{role['name']}"
        for role in (evaluate(one, scope()) for one in TEMPLATES["syndic"]["resources"] if "roleAssign" in one["type"])
        if role["properties"]["principalId"] == properties_of(own)["principalId"]
    }
    assert len(roles) == 5
    assert roles <= before
    assert [one for one in before if one.endswith("/containers/app-package")]


def test_reading_is_granted_in_the_group_where_the_workspace_is() -> None:
    nested = of_type("syndic", "Microsoft.Resources/deployments")
    assert {(one["subscriptionId"], one["resourceGroup"]) for one in nested} == {
        (SUBSCRIPTION, "models"), (OTHER, "research"), (OTHER, "data"),
    }  # fmt: skip


def test_only_the_mirrors_role_is_trusted_and_credentials_are_made_one_by_one() -> None:
    kind = "Microsoft.ManagedIdentity/userAssignedIdentities/federatedIdentityCredentials"
    (credential,) = of_type("syndic", kind)
    assert credential["properties"] == {
        "issuer": CHOICES["issuer"], "subject": ROLE_ARN, "audiences": ["api://AzureADTokenExchange"],
    }  # fmt: skip


def test_the_results_are_in_no_stack() -> None:
    results = names_of(choices()).results
    assert not [one for one in resources("syndic") if one["name"].split("/")[0] == results]
    assert {one["type"] for one in TEMPLATES["syndic-results"]["resources"]} < set(MODELS)


def test_the_files_for_az_are_what_the_deployment_takes(tmp_path: Path) -> None:
    given, out = tmp_path / "azure.json", tmp_path / "out" / "syndic.json"
    given.write_text(json.dumps(CHOICES), "utf-8")
    command = [sys.executable, "-m", "cdk.azure", "--choices", str(given), "--out", str(out)]
    for _ in range(2):
        done = subprocess.run(
            command, cwd=ROOT, env={"PYTHONPATH": "shared:."}, capture_output=True, text=True, check=True
        )
        assert str(out) in done.stdout
        for name, text in templates(choices()).items():
            assert (out.parent / f"{name}.json").read_text("utf-8") == text


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"tenant": "mine"}, r"azure\.json: tenant: String should match"),
        ({"subscripton": "x"}, r"azure\.json: subscripton: .* did you mean .subscription."),
        ({"workspaces": []}, r"azure\.json: workspaces: .*at least 1"),
        ({"workspaces": ["credit"]}, r"workspaces\.0: expected subscription/resource group/name, not 'credit'"),
        ({"workspaces": CHOICES["workspaces"] * 2}, r"azure\.json: workspaces: .* is listed twice"),
        ({"capture_accounts": [f"{SUBSCRIPTION}/models/Not-An-Account"]}, r"capture_accounts\.0\.name"),
        ({"memory_mb": 1024}, r"memory_mb: Flex Consumption offers 512, 2048 and 4096, not 1024"),
        ({"issuer": "https://example.com"}, r"azure\.json: issuer: String should match"),
        ({"resource_group": "ends.in.a.dot."}, r"azure\.json: resource_group"),
        ({"gateway": {"api": "http://x.org", "vault": f"{OTHER}/s/vault"}}, r"azure\.json: gateway\.api"),
        ({"gateway": {"api": "https://x.org", "vault": "vault"}}, r"gateway\.vault: expected subscription/resource"),
    ],
)  # fmt: skip
def test_a_wrong_choice_is_named(tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    path = tmp_path / "azure.json"
    path.write_text(json.dumps(CHOICES | changed), "utf-8")
    with pytest.raises(InvalidInputError, match=said):
        read_azure(path)


@pytest.mark.parametrize(("text", "said"), [(None, "could not be read: No such file"), ("{", "line 1.*no JSON")])
def test_a_file_that_is_none_is_said(tmp_path: Path, text: str | None, said: str) -> None:
    path = tmp_path / "azure.json"
    if text is not None:
        path.write_text(text, "utf-8")
    with pytest.raises(InvalidInputError, match=said):
        read_azure(path)
