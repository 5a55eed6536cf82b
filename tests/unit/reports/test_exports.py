"""Reports as files: the same bytes for the same evidence, JSON, CSV and HTML, and the evidence package."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from html import escape
from html.parser import HTMLParser

import pytest

from syndic.assessment import State
from syndic.audit.log import AuditLog
from syndic.audit.models import Head
from syndic.audit.tree.chain import verify_chain
from syndic.canonical import canonical_json
from syndic.reports.content.collect import collect
from syndic.reports.evidence.package import MANIFEST, deterministic_zip
from syndic.reports.formats.html import report_html
from syndic.reports.formats.json_csv import COLUMNS, report_csv, report_json
from syndic.reports.jobs import render
from syndic.reports.models import ReportFormat, ReportRequest


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
