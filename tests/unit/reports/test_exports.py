"""JSON, CSV, HTML, OSCAL, CycloneDX and the evidence package: valid by others' validators, the same every time."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from html import escape
from html.parser import HTMLParser

import pytest
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from trestle.oscal.assessment_plan import AssessmentPlan
from trestle.oscal.assessment_results import AssessmentResults

from syndic.adapters.memory import MemoryBus, MemoryStore
from syndic.assessment import State
from syndic.audit.chain import verify_chain
from syndic.audit.log import AuditLog
from syndic.audit.models import Head
from syndic.canonical import canonical_json
from syndic.errors import NotFoundError
from syndic.reports.content.collect import collect
from syndic.reports.documents.drafts import OPEN, form_html, form_of
from syndic.reports.evidence.package import MANIFEST, deterministic_zip
from syndic.reports.formats.cyclonedx import report_cyclonedx
from syndic.reports.formats.html import report_html
from syndic.reports.formats.json_csv import COLUMNS, report_csv, report_json
from syndic.reports.formats.oscal import PLAN_FILE, RESULTS_FILE, oscal_files
from syndic.reports.jobs import render
from syndic.reports.models import ReportFormat, ReportKind, ReportRequest


@pytest.fixture(scope="module")
def content(filled):
    return collect(ReportRequest(), store=filled)


def hostile(content, text):
    section = content.sections[0]
    model = section.model.model_copy(update={"name": text})
    status = next(one for one in section.statuses if one.requirements)
    item = status.requirements[0].model_copy(update={"reason": text, "title": text})
    others = [one for one in section.statuses if one is not status]
    status = status.model_copy(update={"requirements": (item, *status.requirements[1:])})
    section = section.model_copy(update={"model": model, "statuses": (status, *others)})
    return content.model_copy(update={"sections": (section,)})


# --- the same bytes ---


@pytest.mark.parametrize("form", ReportFormat)
def test_two_runs_on_the_same_evidence_are_the_same_bytes(filled, form):
    request = ReportRequest(format=form)
    assert render(collect(request, store=filled), store=filled) == render(collect(request, store=filled), store=filled)


def test_asking_for_a_report_does_not_change_the_next_one(filled, audit):
    before = report_json(collect(ReportRequest(), store=filled))
    from datetime import timedelta

    from syndic.models import AuditEntry

    at = collect(ReportRequest(), store=filled).as_of + timedelta(minutes=1)
    store = filled
    AuditLog(store).append(AuditEntry(action="report.requested", actor="ada", subject="report/x", at=at))
    assert report_json(collect(ReportRequest(), store=store)) == before


def test_new_evidence_is_another_report(filled, content):
    section = content.sections[0]
    less = content.model_copy(update={"sections": (section,)})
    assert less.id != content.id


# --- JSON and CSV ---


def test_json_is_canonical_and_complete(content):
    data = report_json(content)
    parsed = json.loads(data)
    assert canonical_json(parsed) == data
    assert {section["model"]["name"] for section in parsed["sections"]} == {"german-credit", "car-loan"}
    assert parsed["checkpoint"]["hash"]


def test_csv_has_a_line_for_every_requirement(content):
    rows = list(csv.DictReader(io.StringIO(report_csv(content).decode("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS
    statuses = [status for it in content.sections for status in it.statuses]
    assert len([row for row in rows if row["requirement"]]) == sum(len(status.requirements) for status in statuses)
    named = {row["framework"] for row in rows if not row["requirement"]}
    assert named == {status.framework_id for status in statuses if not status.requirements}


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\tx",
        "\rx",
        "  =cmd|' /C calc'!A0",
        "\u00a0=1",
        "\ufeff=1",
        "\n=1",
        "\r\n@a",
        "\u200b=1",
        "\v+1",
        "\x00=1",
        "\u3000-1",
        "\uff1d1",
        " \uff201",
    ],
)
def test_a_spreadsheet_runs_nothing(content, text):
    rows = list(csv.reader(io.StringIO(report_csv(hostile(content, text)).decode("utf-8-sig"), newline="")))
    assert rows[1][COLUMNS.index("reason")] == f"'{text}"
    assert rows[1][COLUMNS.index("model")] == f"'{text}"


def test_commas_quotes_and_lines_stay_in_their_cell(content):
    text = 'a, "b"\r\nc; d'
    rows = list(csv.reader(io.StringIO(report_csv(hostile(content, text)).decode("utf-8-sig"), newline="")))
    assert rows[1][COLUMNS.index("reason")] == text


# --- HTML ---


class Tags(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []
        self.attributes = []

    def handle_starttag(self, tag, attrs):
        self.found.append(tag)
        self.attributes += [name for name, _ in attrs]


def tags(data):
    reader = Tags()
    reader.feed(data.decode())
    return reader


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "<img src=x onerror=alert(1)>", '"><svg onload=alert(1)>', "&lt;b&gt;"]
)
def test_html_escapes_what_it_was_given(content, text):
    plain, odd = tags(report_html(content.model_copy(update={"sections": content.sections[:1]}))), None
    odd = tags(report_html(hostile(content, text)))
    assert odd.found == plain.found
    assert not [name for name in odd.attributes if name.startswith("on") or name == "src"]


def test_html_is_one_file_with_language_title_headings_and_described_charts(content):
    data = report_html(content).decode()
    assert data.startswith('<!doctype html>\n<html lang="en">')
    assert "default-src 'none'" in data
    assert "http://" not in data.replace("http://www.w3.org/2000/svg", "")
    assert data.count('role="img"') == data.count("<svg ")
    assert data.count('aria-label="') == data.count("<svg ")
    assert data.count("<h1>") == 1


def test_html_lists_what_is_not_met_with_what_to_do(content):
    page = report_html(content).decode()
    summary = page[page.index("<h2>Summary</h2>") : page.index("What the states mean")]
    contradicted = [
        item
        for section in content.sections
        for status in section.statuses
        for item in status.requirements
        if item.state is State.NOT_MET
    ]
    assert contradicted
    for item in contradicted:
        assert f"<td>{item.requirement_id}</td>" in summary
        assert escape(item.remedy) in summary


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


# --- the evidence package ---


@pytest.fixture(scope="module")
def package(filled):
    request = ReportRequest(format=ReportFormat.EVIDENCE)
    return zipfile.ZipFile(io.BytesIO(render(collect(request, store=filled), store=filled)))


def test_the_manifest_names_every_file_with_its_hash(package):
    manifest = json.loads(package.read(MANIFEST))["files"]
    assert set(manifest) == set(package.namelist()) - {MANIFEST}
    for name, told in manifest.items():
        data = package.read(name)
        assert (hashlib.sha256(data).hexdigest(), len(data)) == (told["sha256"], told["size"])


def test_the_package_holds_raw_evidence_statuses_and_signatures(package):
    names = package.namelist()
    for wanted in (
        "models/german-credit-1a2b3c/evidence/bias.run.json",
        "models/german-credit-1a2b3c/statuses/eu_ai_act.json",
        "models/german-credit-1a2b3c/model.json",
        "organisation/evidence/audit.verified.json",
        "oscal/assessment-results.json",
        "cyclonedx.json",
        "report.pdf",
    ):
        assert wanted in names
    assert any(name.startswith("models/german-credit-1a2b3c/attestations/human_oversight.") for name in names)


def test_the_audit_trail_in_the_package_verifies_up_to_the_checkpoint(package):
    lines = [json.loads(line) for line in package.read("audit/entries.jsonl").splitlines()]
    checkpoint = json.loads(package.read("audit/checkpoint.json"))
    assert lines[-1]["hash"] == checkpoint["hash"]
    head = Head(size=len(lines), hash=checkpoint["hash"])
    entries = [(line["index"], line) for line in lines]
    assert verify_chain(entries, head, after=lambda: head).intact
    edited = [*entries[:2], (entries[2][0], {**entries[2][1], "hash": "0" * 64}), *entries[3:]]
    assert not verify_chain(edited, head, after=lambda: head).intact


def test_a_zip_depends_on_its_files_and_on_nothing_else():
    first = deterministic_zip({"b.txt": b"2", "a.txt": b"1"})
    assert first == deterministic_zip({"a.txt": b"1", "b.txt": b"2"})
    assert {info.date_time for info in zipfile.ZipFile(io.BytesIO(first)).infolist()} == {(1980, 1, 1, 0, 0, 0)}


# --- drafts ---


@pytest.mark.parametrize(
    "kind", [kind for kind in ReportKind if kind not in {ReportKind.COMPLIANCE, ReportKind.MODEL_CARD}]
)
def test_a_draft_fills_what_is_on_record_names_its_source_and_leaves_the_rest_open(filled, kind):
    content = collect(ReportRequest(kind=kind, model_ids=("german-credit-1a2b3c",)), store=filled)
    fields = [field for section in form_of(content)["sections"] for field in section["fields"]]
    assert any(value == OPEN for _, value, _ in fields)
    assert any(value != OPEN for _, value, _ in fields)
    assert all(source for _, value, source in fields if value != OPEN)
    assert all(not source for _, value, source in fields if value == OPEN)
    assert OPEN in form_html(content).decode()


def test_the_annex_iv_draft_has_its_nine_sections(filled):
    content = collect(ReportRequest(kind=ReportKind.ANNEX_IV, model_ids=("german-credit-1a2b3c",)), store=filled)
    titles = [section["title"] for section in form_of(content)["sections"]]
    assert [title.split(".")[0] for title in titles] == [str(number) for number in range(1, 10)]


def test_the_fria_draft_has_its_six_elements_and_the_groups_at_risk(filled):
    content = collect(ReportRequest(kind=ReportKind.FRIA, model_ids=("german-credit-1a2b3c",)), store=filled)
    form = form_of(content)
    titles = [section["title"] for section in form["sections"]]
    assert [title[:3] for title in titles if title.startswith("(")] == ["(a)", "(b)", "(c)", "(d)", "(e)", "(f)"]
    assert "age <=25 against >25: ratio 0.795 (0.699 to 0.904)" in json.dumps(form)


def test_before_anything_is_known_a_draft_is_open_not_invented(audit):
    from importlib import util
    from pathlib import Path

    spec = util.spec_from_file_location("filled", Path(__file__).with_name("conftest.py"))
    world = util.module_from_spec(spec)
    spec.loader.exec_module(world)
    store = MemoryStore()
    world.add_model(store, "bare-000000", "bare")
    content = collect(ReportRequest(kind=ReportKind.DPIA, model_ids=("bare-000000",)), store=store)
    fields = {label: value for section in form_of(content)["sections"] for label, value, _ in section["fields"]}
    assert fields["Lawful basis"] == OPEN
    assert fields["Special categories"] == OPEN
    assert fields["Fairness by group"] == OPEN


def test_nothing_evaluated_is_said_and_not_an_empty_report():
    store = MemoryStore()
    with pytest.raises(NotFoundError, match="no model is registered"):
        collect(ReportRequest(), store=store)
    assert MemoryBus().published == []
