"""The commands of the registry on a local folder. Against the API they are in tests/edges/commands/test_commands.py."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from syndic.adapters.folder import FolderStore
from syndic.audit.search import list_entries
from syndic.audit.verification.trail import verify
from syndic.cli.registry.places import EPILOG, open_registry
from syndic.cli.shell.frame import run
from syndic.cli.shell.settings import CliSettings, read_cli_settings
from syndic.errors import InvalidInputError
from tests.unit.cli.conftest import WHY, Syndic, ready

NOTHING = CliSettings(None, None, None, None)


def test_a_model_is_registered_once(syndic: Syndic) -> None:
    first = syndic("models", "register", "credit", "--owner", "olga@example.org")
    assert syndic("models", "register", "credit", "--owner", "olga@example.org") == first
    assert len(json.loads(syndic("models", "list", "--json"))["models"]) == 1
    assert (
        syndic("models", "register", "credit", code=2) == "syndic: --owner: name an owner: who answers for the model\n"
    )


def test_lists_filter_sort_and_page(syndic: Syndic) -> None:
    for name, owner in (("a", "x@example.org"), ("b", "y@example.org"), ("ab", "x@example.org")):
        syndic("models", "register", name, "--owner", owner)

    def names(*wanted: str) -> list[str]:
        return [one["name"] for one in json.loads(syndic("models", "list", "--json", *wanted))["models"]]

    assert names() == ["a", "ab", "b"]
    assert names("--descending") == ["b", "ab", "a"]
    assert names("--owner", "x@example.org") == ["a", "ab"]
    assert names("--name", "B") == ["ab", "b"]
    assert names("--status", "approved") == names("--cloud", "aws") == []
    assert names("--risk", "undecided", "--owner", "y@example.org") == ["b"]
    page = syndic("models", "list", "--limit", "2")
    assert "More follow: --token" in page
    assert "\nb" in syndic("models", "list", "--limit", "2", "--token", page.split("--token ")[1].strip())
    assert "leave --token out" in syndic("models", "list", "--all", "--token", "x", code=2)


def test_a_name_that_two_models_have_is_not_guessed(syndic: Syndic) -> None:
    ids = []
    for owner in ("x@example.org", "y@example.org"):
        said = syndic("models", "register", "credit", "--owner", owner)
        ids.append(said.removeprefix("registered ").strip())
    said = syndic("models", "show", "credit", code=2)
    assert all(one in said for one in ids)
    assert ids[1] in syndic("models", "show", ids[1])


def test_a_version_comes_from_a_file_and_options_go_over_it(syndic: Syndic, tmp_path: Path) -> None:
    syndic("models", "register", "credit", "--owner", "olga@example.org")
    file = tmp_path / "version.json"
    file.write_text(json.dumps({
        "metrics": {"auc": 0.8, "f1": 0.7}, "training": {"rows": 5, "features": 2},
        "artefacts": [{"name": "a", "location": "1"}, {"name": "b", "location": "2"}],
    }))  # fmt: skip
    options = ("--from", str(file), "--metric", "auc=0.9", "--rows", "6", "--artefact", "b=3", "--commit", "abc")
    made = json.loads(syndic("models", "versions", "add", "credit", "1", *options, "--json"))
    assert made["metrics"] == {"auc": 0.9, "f1": 0.7}
    assert (made["training"]["rows"], made["training"]["features"], made["commit"]) == (6, 2, "abc")
    assert {one["name"]: one["location"] for one in made["artefacts"]} == {"a": "1", "b": "3"}
    assert made["created_by"] == "ann"
    assert "auc 0.9, f1 0.7" in syndic("models", "versions", "list", "credit")


@pytest.mark.parametrize(
    ("content", "arguments", "sentence"),
    [
        ("{", (), "v.json, line 1: not JSON"),
        ("[1]", (), "v.json: expected names and values"),
        ('{"metrics": {"auc": "high"}}', (), "version.metrics.auc: "),
        ('{"training": {"dataset_sha256": "abc"}}', (), "version.training.dataset_sha256: "),
        ('{"made_up": 1}', (), "version.made_up: "),
        ('{"metrics": [1]}', ("--metric", "auc=1"), "metrics: has another shape"),
        ("{}", ("--metric", "auc"), "auc: expected NAME=VALUE"),
        ("{}", ("--dataset-sha256", "abc"), "--dataset-sha256: expected the 64 hexadecimal digits"),
        ("{}", ("--metric", "auc=nan"), "--metric auc: 'nan' is not a finite number"),
        ("{}", ("--metric", "auc=high"), "--metric auc: 'high' is not a number"),
    ],
)
def test_a_wrong_field_is_named(
    syndic: Syndic, tmp_path: Path, content: str, arguments: tuple[str, ...], sentence: str
) -> None:
    syndic("models", "register", "credit", "--owner", "olga@example.org")
    (tmp_path / "v.json").write_text(content)
    add = ("models", "versions", "add", "credit", "1", "--from", str(tmp_path / "v.json"))
    assert sentence in syndic(*add, *arguments, code=2)
    assert syndic("models", "versions", "list", "credit") == "no versions\n"


def test_a_description_keeps_what_is_left_out(syndic: Syndic, tmp_path: Path) -> None:
    syndic("models", "register", "credit", "--owner", "olga@example.org", "--domain", "credit")
    (tmp_path / "m.yaml").write_text("limitations: none known\ndomain: lending\n")
    changed = json.loads(
        syndic("models", "describe", "credit", "--from", str(tmp_path / "m.yaml"), "--domain", "x", "--json")
    )
    assert (changed["owner"], changed["limitations"], changed["domain"]) == ("olga@example.org", "none known", "x")
    assert "say what to change" in syndic("models", "describe", "credit", code=2)
    (tmp_path / "m.yaml").write_text("risk: {level: minimal}\n")
    assert "cannot be changed here: risk" in syndic(
        "models", "describe", "credit", "--from", str(tmp_path / "m.yaml"), code=2
    )
    (tmp_path / "m.yaml").write_text("a: [\n")
    assert "m.yaml, line 2: not valid YAML" in syndic(
        "models", "describe", "credit", "--from", str(tmp_path / "m.yaml"), code=2
    )


def test_four_eyes_hold_in_a_local_store(syndic: Syndic) -> None:
    ready(syndic, "1")
    approve = ("models", "approve", "credit", "--role", "ml_engineer", "--comment", "looked at it")
    assert "waits for votes" in syndic(*approve, by="mia", code=2)
    syndic("models", "request", "credit", "1")
    assert "nobody decides on their own request" in syndic(*approve, code=2)
    assert "is approved: approved by mia" in syndic(*approve, by="mia")
    syndic("models", "promote", "credit", "1", "--stage", "production", *WHY)


def test_a_rejection_ends_a_request_and_a_change_withdraws_it(syndic: Syndic) -> None:
    ready(syndic, "1", policy="moderate")
    syndic("models", "request", "credit", "1")
    reject = ("models", "reject", "credit", "--role", "product_owner", "--comment", "not yet")
    assert "is rejected: rejected by pia (product_owner): not yet" in syndic(*reject, by="pia")
    assert "request 000002" in syndic("models", "request", "credit", "1")
    assert "approvals given before are void" in syndic("models", "waive", "credit", "1", "evidence:bias.run", *WHY)
    states = [one["state"] for one in json.loads(syndic("models", "approvals", "credit", "--json"))["requests"]]
    assert states == ["withdrawn", "rejected"]
    assert "is never waived" in syndic("models", "waive", "credit", "1", "approvals", *WHY, code=2)


def test_two_waiting_requests_are_not_confused(syndic: Syndic) -> None:
    ready(syndic, "1", "2")
    for version in ("1", "2"):
        syndic("models", "request", "credit", version)
    approve = ("models", "approve", "credit", "--role", "ml_engineer", "--comment", "looked at it")
    said = syndic(*approve, by="mia", code=2)
    assert "000002 (version 2 to production), 000001 (version 1 to production)" in said
    assert "version 1 to production is approved" in syndic(*approve, "--request", "000001", by="mia")


def test_every_step_is_in_the_audit_trail_with_its_person(syndic: Syndic, folder: Path) -> None:
    ready(syndic, "1")
    syndic("models", "request", "credit", "1", by="rob")
    syndic("models", "approve", "credit", "--role", "ml_engineer", "--comment", "looked", by="mia")
    store = FolderStore(folder)
    assert verify(store).intact
    newest = list_entries(store).entries[:2]
    assert [(one.entry.action, one.entry.actor) for one in newest] == [
        ("approval.voted", "mia"),
        ("approval.requested", "rob"),
    ]


@pytest.mark.parametrize("reason", ["", "short", " " * 20, "x" * 2001])
def test_a_reason_is_given(syndic: Syndic, reason: str) -> None:
    ready(syndic)
    said = syndic("models", "status", "credit", "retired", "--reason", reason, code=2)
    assert "give the reason in 10 to 2000 characters" in said


def test_a_card_is_printed_or_written(syndic: Syndic, folder: Path) -> None:
    ready(syndic, "1")
    card = syndic_card(folder, "--format", "json")
    assert card["model_details"]["model_name"] == "credit"
    out = folder.parent / "card.md"
    assert run(["models", "card", "credit", "1", "--store", str(folder), "--as", "ann", "--out", str(out)]) == 0
    assert "# credit, version 1" in out.read_text("utf-8")


def test_a_card_is_a_page_that_loads_nothing(syndic: Syndic, folder: Path) -> None:
    ready(syndic, "1")
    out = folder.parent / "card.html"
    place = ["--store", str(folder), "--as", "ann", "--format", "html", "--out", str(out)]
    assert run(["models", "card", "credit", "1", *place]) == 0
    page = out.read_text("utf-8")
    assert page.lower().startswith("<!doctype html>")
    assert "credit" in page
    assert "<script" not in page


def syndic_card(folder: Path, *arguments: str) -> dict[str, Any]:
    from syndic.cli.registry.local import LocalRegistry
    from syndic.cli.registry.verbs import find

    registry = LocalRegistry(FolderStore(folder), actor="ann")
    card: dict[str, Any] = json.loads(registry.card(find(registry, "credit").id, "1", arguments[-1]))
    return card


# --- where the registry is -------------------------------------------------------------------------------


def test_the_place_is_said_once(folder: Path, tmp_path: Path) -> None:
    def opened(*place: Any, settings: CliSettings = NOTHING) -> str:
        return type(open_registry(*place, create=True, settings=settings)).__name__

    deployed, local = CliSettings("https://a", None, "t", None), CliSettings(None, str(folder), None, None)
    both = CliSettings("https://a", str(folder), None, None)
    assert opened("https://a", None, None, None) == opened(None, None, None, None, settings=deployed) == "ApiRegistry"
    assert opened(None, folder, None, "ann") == opened(None, None, None, "ann", settings=local) == "LocalRegistry"
    assert opened(None, folder, None, "ann", settings=deployed) == "LocalRegistry"  # an option goes first
    token = tmp_path / "token"
    token.write_text("abc\n")
    assert opened("https://a", None, token, None) == "ApiRegistry"
    token.write_bytes(b"\xff")
    for place, settings, sentence in (
        ((None, None, None, None), NOTHING, "where is the registry"),
        ((None, None, None, None), both, "not both"),
        (("https://a", folder, None, None), NOTHING, "not both"),
        (("https://a", None, None, "ann"), NOTHING, "--as: the API knows from the token"),
        ((None, folder, token, "ann"), NOTHING, "--token-file: goes with --api"),
        (("https://a", None, token, None), NOTHING, "must be one line of visible ASCII"),
    ):
        with pytest.raises(InvalidInputError, match=sentence):
            opened(*place, settings=settings)


def test_settings_come_from_the_environment_and_show_no_token() -> None:
    environ = {"SYNDIC_API": "https://a", "SYNDIC_STORE": "", "SYNDIC_TOKEN": "secret", "MLFLOW_TRACKING_TOKEN": "m"}
    settings = read_cli_settings(environ)
    assert (settings.api, settings.store, settings.token, settings.mlflow_token) == ("https://a", None, "secret", "m")
    assert "secret" not in repr(settings)


def test_only_a_server_is_told_where_versions_stand(syndic: Syndic, tmp_path: Path) -> None:
    (tmp_path / "mlruns").mkdir()
    assert "only a tracking server" in syndic("import", "mlflow", str(tmp_path / "mlruns"), "--write-back", code=2)


def test_reading_makes_no_store(syndic: Syndic, folder: Path) -> None:
    assert "there is no store in this folder yet" in syndic("models", "list", code=2)
    assert not folder.exists()


def test_help_says_what_a_local_store_trusts(capsys: pytest.CaptureFixture[str]) -> None:
    assert "A local store trusts who you say you are" in EPILOG
    for command in (["models", "approve"], ["gate"], ["import", "mlflow"], ["models"]):
        assert run([*command, "--help"]) == 0
        assert "A local store trusts who you say" in " ".join(capsys.readouterr().out.split())


def test_a_mistyped_command_is_answered_with_the_nearest(syndic: Syndic) -> None:
    assert "No such command 'shwo'. Did you mean 'show'? (see" in syndic("models", "shwo", "credit", code=2)
