"""OSCAL and CycloneDX: valid by their own tools and schemas, and they say what the report says."""

from __future__ import annotations

import json

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from trestle.oscal.assessment_plan import AssessmentPlan
from trestle.oscal.assessment_results import AssessmentResults

from syndic.assessment import State
from syndic.reports.formats.cyclonedx import report_cyclonedx
from syndic.reports.formats.oscal import PLAN_FILE, RESULTS_FILE, oscal_files

# --- OSCAL ---


def test_oscal_files_are_read_by_trestle(content, tmp_path):
    files = oscal_files(content)
    for name, model in ((PLAN_FILE, AssessmentPlan), (RESULTS_FILE, AssessmentResults)):
        (tmp_path / name).write_bytes(files[name])
        assert model.oscal_read(tmp_path / name) is not None


def test_oscal_is_valid_in_a_trestle_workspace(content, tmp_path, monkeypatch):
    from trestle.cli import Trestle

    workspace = tmp_path / "workspace"
    workspace.mkdir()
    monkeypatch.chdir(workspace)

    def trestle(*arguments):
        monkeypatch.setattr("sys.argv", ["trestle", *arguments])
        return Trestle().run()

    assert trestle("init", "--local") == 0
    for name, data in oscal_files(content).items():
        kind = name.removesuffix(".json")
        (tmp_path / name).write_bytes(data)
        assert trestle("import", "-f", str(tmp_path / name), "-o", "report") == 0
        assert trestle("validate", "-t", kind, "-n", "report") == 0


def test_oscal_has_findings_only_for_met_and_not_met_and_the_state_of_every_requirement(content):
    results = json.loads(oscal_files(content)[RESULTS_FILE])["assessment-results"]["results"]
    for section, result in zip(content.sections, results, strict=True):
        items = [item for status in section.statuses for item in status.requirements]
        states = [
            next(prop["value"] for prop in observation["props"] if prop["name"] == "state")
            for observation in result["observations"]
        ]
        assert states == [item.state.value for item in items]
        found = [finding["target"]["status"]["state"] for finding in result.get("findings", [])]
        wanted = [
            "satisfied" if item.state is State.MET else "not-satisfied"
            for item in items
            if item.state in {State.MET, State.NOT_MET}
        ]
        assert found == wanted


def test_oscal_ids_are_version_5_and_unique(content):
    text = b"".join(oscal_files(content).values()).decode()
    parsed = [json.loads(data) for data in oscal_files(content).values()]
    for document in parsed:
        ids = list(uuids(document))
        assert len(ids) == len(set(ids))
        assert all(value[14] == "5" for value in ids)
    assert '"href":"assessment-plan.json"' in text


def uuids(node):
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "uuid":
                yield value
            else:
                yield from uuids(value)
    elif isinstance(node, list):
        for value in node:
            yield from uuids(value)


# --- CycloneDX ---


def test_cyclonedx_satisfies_the_strict_schema(content):
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(report_cyclonedx(content).decode()) is None


def test_cyclonedx_references_resolve_and_claims_have_their_evidence(content):
    document = json.loads(report_cyclonedx(content))
    declared = {
        item["bom-ref"] for key in ("assessors", "claims", "evidence") for item in document["declarations"][key]
    }
    declared |= {item["bom-ref"] for item in document["components"]}
    required = {it["bom-ref"] for standard in document["definitions"]["standards"] for it in standard["requirements"]}
    for claim in document["declarations"]["claims"]:
        assert claim["target"] in declared
        assert set(claim.get("evidence", ())) | set(claim.get("counterEvidence", ())) <= declared
    for attestation in document["declarations"]["attestations"]:
        for entry in attestation["map"]:
            assert entry["requirement"] in required
            assert set(entry.get("claims", ())) | set(entry.get("counterClaims", ())) <= declared
    assert "conformance" not in json.dumps(document)
    assert any(claim.get("counterEvidence") for claim in document["declarations"]["claims"])
